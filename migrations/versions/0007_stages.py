"""stages with parts, criteria and points; judges of a round; who leaves their place; up to five examiners; likeness of scripts.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def replace_check(table: str, name: str, condition: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f'ck_{table}_{name}'), type_='check')
        batch.create_check_constraint(op.f(f'ck_{table}_{name}'), condition)


def upgrade() -> None:
    replace_check('scripts', 'examiners', 'examiners BETWEEN 1 AND 5')
    replace_check('opinions', 'place', 'place BETWEEN 1 AND 6')
    with op.batch_alter_table('scripts') as batch:
        batch.add_column(sa.Column('compared_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='with the others of its pile; empty: not yet'))
    op.create_table('script_likenesses',
    sa.Column('script_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('likeness', sa.Integer(), nullable=False, comment='thousandths of the runs of words that both use, of all that either uses'),
    sa.Column('passages', elearn.core.types.Json(), nullable=False, comment='passages of the script that stand in the other too, as strings'),
    sa.ForeignKeyConstraint(['other_id'], ['scripts.id'], name=op.f('fk_script_likenesses_other_id_scripts')),
    sa.ForeignKeyConstraint(['script_id'], ['scripts.id'], name=op.f('fk_script_likenesses_script_id_scripts')),
    sa.PrimaryKeyConstraint('script_id', 'other_id', name=op.f('pk_script_likenesses'))
    )
    op.create_table('round_judges',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('is_chair', sa.Boolean(), nullable=False, comment='locks, reopens and releases parts of a stage'),
    sa.Column('named_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('named_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_round_judges_member_id_members')),
    sa.ForeignKeyConstraint(['named_by_id'], ['members.id'], name=op.f('fk_round_judges_named_by_id_members')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_round_judges_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round_judges')),
    sa.UniqueConstraint('round_id', 'member_id', name=op.f('uq_round_judges_round_id_member_id'))
    )
    op.create_index('ix_round_judges_member_id', 'round_judges', ['member_id'], unique=False)
    op.create_table('stage_draws',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('seed', sa.String(length=64), nullable=False, comment='from which the order follows, for whoever wants to check it'),
    sa.Column('drawn_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('drawn_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['drawn_by_id'], ['members.id'], name=op.f('fk_stage_draws_drawn_by_id_members')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_stage_draws_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_draws'))
    )
    op.create_index(op.f('ix_stage_draws_round_id'), 'stage_draws', ['round_id'], unique=False)
    op.create_table('stage_parts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False, comment='1, 2, 3 … in the order of the programme'),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False, comment='percent; multiplies all that is earned in the part'),
    sa.Column('locked_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='no points can be given or changed from then on'),
    sa.Column('locked_by_id', sa.Integer(), nullable=True),
    sa.Column('reopened', sa.Integer(), nullable=False, comment='how often it was opened again; from the first time on, changes want a reason'),
    sa.Column('released_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='its marks count in the running total that the hall sees'),
    sa.CheckConstraint('weight BETWEEN 1 AND 1000', name=op.f('ck_stage_parts_weight')),
    sa.ForeignKeyConstraint(['locked_by_id'], ['members.id'], name=op.f('fk_stage_parts_locked_by_id_members')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_stage_parts_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_parts')),
    sa.UniqueConstraint('round_id', 'number', name=op.f('uq_stage_parts_round_id_number'))
    )
    op.create_table('advance_declines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False, comment='the later round'),
    sa.Column('entry_id', BIG, nullable=False, comment='in the earlier round'),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('recorded_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_advance_declines_entry_id_entries')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['members.id'], name=op.f('fk_advance_declines_recorded_by_id_members')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_advance_declines_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advance_declines')),
    sa.UniqueConstraint('round_id', 'entry_id', name=op.f('uq_advance_declines_round_id_entry_id'))
    )
    op.create_table('stage_contestants',
    sa.Column('entry_id', BIG, nullable=False),
    sa.Column('group_title', sa.String(length=80), nullable=False, comment='e.g. Khu dân cư; empty: none'),
    sa.Column('appears', sa.Integer(), nullable=True, comment='1, 2, 3 …; empty before the draw'),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_stage_contestants_entry_id_entries')),
    sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_stage_contestants'))
    )
    op.create_table('stage_criteria',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('part_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False, comment='1, 2, 3 … within the part'),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('points', elearn.core.types.Mark(), nullable=False, comment='the most that can be given'),
    sa.Column('weight', sa.Integer(), nullable=False, comment='percent'),
    sa.CheckConstraint('points > 0', name=op.f('ck_stage_criteria_points')),
    sa.CheckConstraint('weight BETWEEN 1 AND 1000', name=op.f('ck_stage_criteria_weight')),
    sa.ForeignKeyConstraint(['part_id'], ['stage_parts.id'], name=op.f('fk_stage_criteria_part_id_stage_parts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_criteria')),
    sa.UniqueConstraint('part_id', 'number', name=op.f('uq_stage_criteria_part_id_number'))
    )
    op.create_table('stage_results',
    sa.Column('settlement_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', BIG, nullable=False),
    sa.Column('part_id', sa.Integer(), nullable=False),
    sa.Column('score', sa.BigInteger(), nullable=False, comment='ten-millionths of a mark'),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_stage_results_entry_id_entries')),
    sa.ForeignKeyConstraint(['part_id'], ['stage_parts.id'], name=op.f('fk_stage_results_part_id_stage_parts')),
    sa.ForeignKeyConstraint(['settlement_id'], ['settlements.id'], name=op.f('fk_stage_results_settlement_id_settlements')),
    sa.PrimaryKeyConstraint('settlement_id', 'entry_id', 'part_id', name=op.f('pk_stage_results'))
    )
    op.create_table('stage_scores',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', BIG, nullable=False),
    sa.Column('criterion_id', sa.Integer(), nullable=False),
    sa.Column('judge_id', sa.Integer(), nullable=False),
    sa.Column('points', elearn.core.types.Mark(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False, comment='1, 2, 3 …; the earlier ones stand in stage_score_versions'),
    sa.Column('given_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('points >= 0', name=op.f('ck_stage_scores_points')),
    sa.ForeignKeyConstraint(['criterion_id'], ['stage_criteria.id'], name=op.f('fk_stage_scores_criterion_id_stage_criteria')),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_stage_scores_entry_id_entries')),
    sa.ForeignKeyConstraint(['judge_id'], ['members.id'], name=op.f('fk_stage_scores_judge_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_scores')),
    sa.UniqueConstraint('entry_id', 'criterion_id', 'judge_id', name=op.f('uq_stage_scores_entry_id_criterion_id_judge_id'))
    )
    op.create_index(op.f('ix_stage_scores_criterion_id'), 'stage_scores', ['criterion_id'], unique=False)
    op.create_index('ix_stage_scores_judge', 'stage_scores', ['judge_id', 'entry_id'], unique=False)
    op.create_table('stage_score_versions',
    sa.Column('score_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('points', elearn.core.types.Mark(), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False, comment='wanted once the part has been opened again'),
    sa.Column('request_key', sa.String(length=40), nullable=False, comment='of the sending: the same one sent twice is kept once'),
    sa.Column('given_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['score_id'], ['stage_scores.id'], name=op.f('fk_stage_score_versions_score_id_stage_scores')),
    sa.PrimaryKeyConstraint('score_id', 'version', name=op.f('pk_stage_score_versions')),
    sa.UniqueConstraint('score_id', 'request_key', name=op.f('uq_stage_score_versions_score_id_request_key'))
    )


def downgrade() -> None:
    for name in (
        'stage_score_versions', 'stage_scores', 'stage_results', 'stage_criteria', 'stage_parts', 'stage_contestants', 'stage_draws',
        'advance_declines', 'round_judges', 'script_likenesses',
    ):
        op.drop_table(name)
    # Two examiners and a third were the most before; what more of them gave is in the mark already.
    op.execute('DELETE FROM opinions WHERE place > 3')
    op.execute('UPDATE scripts SET examiners = 2 WHERE examiners > 2')
    with op.batch_alter_table('scripts') as batch:
        batch.drop_column('compared_at')
    replace_check('scripts', 'examiners', 'examiners IN (1, 2)')
    replace_check('opinions', 'place', 'place IN (1, 2, 3)')
