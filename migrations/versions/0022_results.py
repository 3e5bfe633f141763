"""marks, results, requests to look again.

Revision 0022, after 0021.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

NEW = ('sessions_total', 'minutes_number', 'minutes_on', 'results_at', 'recognition_number', 'recognised_on')


def upgrade() -> None:
    with op.batch_alter_table('cohorts') as batch:
        batch.add_column(sa.Column('sessions_total', sa.Integer(), nullable=True, comment='sessions or periods, where attendance is counted on paper'))
        batch.add_column(sa.Column('minutes_number', sa.String(length=60), nullable=False, server_default='', comment="of the council's minutes"))
        batch.add_column(sa.Column('minutes_on', sa.Date(), nullable=True, comment='day of the minutes'))
        batch.add_column(sa.Column('results_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='set when the council has decided'))
        batch.add_column(sa.Column('recognition_number', sa.String(length=60), nullable=False, server_default='', comment='of the decision that recognises the results'))
        batch.add_column(sa.Column('recognised_on', sa.Date(), nullable=True, comment='day of that decision; set: learners see their results'))
    with op.batch_alter_table('cohorts') as batch:
        batch.alter_column('minutes_number', server_default=None)
        batch.alter_column('recognition_number', server_default=None)
    op.create_table('learner_marks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=14), nullable=False, comment='test, essay, participation: marks of 10; attended: sessions or periods'),
    sa.Column('mark', elearn.core.types.Mark(), nullable=False),
    sa.Column('set_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('set_by_id', sa.Integer(), nullable=True),
    sa.Column('set_by_name', sa.String(length=120), nullable=False, comment='as then'),
    sa.CheckConstraint("part IN ('test', 'essay', 'participation', 'attended')", name=op.f('ck_learner_marks_part')),
    sa.CheckConstraint('mark >= 0', name=op.f('ck_learner_marks_mark')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_learner_marks_enrolment_id_enrolments')),
    sa.ForeignKeyConstraint(['set_by_id'], ['members.id'], name=op.f('fk_learner_marks_set_by_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learner_marks')),
    sa.UniqueConstraint('enrolment_id', 'part', name=op.f('uq_learner_marks_enrolment_id_part'))
    )
    op.create_table('mark_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=14), nullable=False),
    sa.Column('before', elearn.core.types.Mark(), nullable=True, comment='empty: nothing was entered'),
    sa.Column('after', elearn.core.types.Mark(), nullable=True, comment='empty: taken out again'),
    sa.Column('at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by_name', sa.String(length=120), nullable=False, comment='as then'),
    sa.ForeignKeyConstraint(['by_id'], ['members.id'], name=op.f('fk_mark_changes_by_id_members')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_mark_changes_enrolment_id_enrolments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mark_changes'))
    )
    op.create_index(op.f('ix_mark_changes_enrolment_id'), 'mark_changes', ['enrolment_id'], unique=False)
    op.create_table('result_appeals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False, comment='what the learner asks'),
    sa.Column('filed_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False, comment='kept or changed; empty: not answered yet'),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_by_name', sa.String(length=120), nullable=False, comment='as then'),
    sa.CheckConstraint("(answered_at IS NULL) = (outcome = '')", name=op.f('ck_result_appeals_answered')),
    sa.CheckConstraint("outcome IN ('', 'kept', 'changed')", name=op.f('ck_result_appeals_outcome')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['members.id'], name=op.f('fk_result_appeals_answered_by_id_members')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_result_appeals_enrolment_id_enrolments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_result_appeals'))
    )
    op.create_index('ix_result_appeals_enrolment_id', 'result_appeals', ['enrolment_id'], unique=False)
    op.create_index('uq_result_appeals_open', 'result_appeals', ['enrolment_id'], unique=True, sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))
    op.create_table('result_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by_name', sa.String(length=120), nullable=False, comment='as then'),
    sa.Column('grade_before', sa.String(length=60), nullable=False),
    sa.Column('grade_after', sa.String(length=60), nullable=False),
    sa.Column('mark_before', elearn.core.types.Mark(), nullable=True),
    sa.Column('mark_after', elearn.core.types.Mark(), nullable=True),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['members.id'], name=op.f('fk_result_changes_by_id_members')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_result_changes_enrolment_id_enrolments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_result_changes'))
    )
    op.create_index(op.f('ix_result_changes_enrolment_id'), 'result_changes', ['enrolment_id'], unique=False)
    op.create_table('results',
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('attended', elearn.core.types.Mark(), nullable=True, comment='sessions or periods; empty: not counted'),
    sa.Column('total', elearn.core.types.Mark(), nullable=True, comment='sessions or periods of the class'),
    sa.Column('mark', elearn.core.types.Mark(), nullable=True, comment='of 10, rounded to hundredths; empty: a part was missing'),
    sa.Column('proposed_grade', sa.String(length=60), nullable=False, comment='what the rules give'),
    sa.Column('grade', sa.String(length=60), nullable=False, comment='what was decided'),
    sa.Column('is_passed', sa.Boolean(), nullable=False),
    sa.Column('why', sa.String(length=600), nullable=False, comment='the rule that gave the proposal, in words'),
    sa.Column('reason', sa.String(length=400), nullable=False, comment='why it differs from the proposal'),
    sa.Column('version', sa.Integer(), nullable=False, comment='1; one more with each correction'),
    sa.Column('decided_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_by_name', sa.String(length=120), nullable=False, comment='as then'),
    sa.CheckConstraint("grade = proposed_grade OR reason <> ''", name=op.f('ck_results_reason')),
    sa.CheckConstraint('attended IS NULL OR total IS NOT NULL', name=op.f('ck_results_attendance')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['members.id'], name=op.f('fk_results_decided_by_id_members')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_results_enrolment_id_enrolments')),
    sa.PrimaryKeyConstraint('enrolment_id', name=op.f('pk_results'))
    )


def downgrade() -> None:
    for name in ('result_appeals', 'result_changes', 'results', 'mark_changes', 'learner_marks'):
        op.drop_table(name)
    with op.batch_alter_table('cohorts') as batch:
        for name in NEW:
            batch.drop_column(name)
