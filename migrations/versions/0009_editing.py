"""changes of rules that are in force, agreed by two officers.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'round_changes',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=True, comment='empty: the rules of the whole contest'),
        sa.Column('before', elearn.core.types.Json(), nullable=False, comment='what stood there when it was proposed, as plain values'),
        sa.Column('after', elearn.core.types.Json(), nullable=False, comment='what shall stand there'),
        sa.Column('told', elearn.core.types.Json(), nullable=False, comment='the difference in words: [{label, before, after}, …]'),
        sa.Column('entrants_count', sa.Integer(), nullable=False, comment='people who had entered when it was proposed'),
        sa.Column('attempts_count', sa.Integer(), nullable=False, comment='attempts begun by then'),
        sa.Column('reason', sa.String(length=400), nullable=False, comment='everybody may read it once it is agreed'),
        sa.Column('state', sa.String(length=10), nullable=False, comment='proposed → agreed, refused or withdrawn'),
        sa.Column('proposed_by_id', sa.Integer(), nullable=False),
        sa.Column('proposed_by_name', sa.String(length=120), nullable=False, comment='name at that time'),
        sa.Column('proposed_at', elearn.core.types.UtcDateTime(), nullable=False),
        sa.Column('decided_by_id', sa.Integer(), nullable=True),
        sa.Column('decided_by_name', sa.String(length=120), nullable=False, comment='name at that time'),
        sa.Column('decided_at', elearn.core.types.UtcDateTime(), nullable=True),
        sa.Column('answer', sa.String(length=400), nullable=False, comment='why it was refused'),
        sa.CheckConstraint("state IN ('proposed', 'agreed', 'refused', 'withdrawn')", name=op.f('ck_round_changes_state')),
        sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name=op.f('ck_round_changes_decided')),
        sa.CheckConstraint("state <> 'agreed' OR decided_by_id <> proposed_by_id", name=op.f('ck_round_changes_two_officers')),
        sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_round_changes_contest_id_contests')),
        sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_round_changes_round_id_rounds')),
        sa.ForeignKeyConstraint(['proposed_by_id'], ['members.id'], name=op.f('fk_round_changes_proposed_by_id_members')),
        sa.ForeignKeyConstraint(['decided_by_id'], ['members.id'], name=op.f('fk_round_changes_decided_by_id_members')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_round_changes')),
    )
    op.create_index('ix_round_changes_contest_id', 'round_changes', ['contest_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_round_changes_contest_id', table_name='round_changes')
    op.drop_table('round_changes')
