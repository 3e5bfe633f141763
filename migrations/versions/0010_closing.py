"""disqualifications and objections.

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('disqualifications',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', BIG, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False, comment='proposed → confirmed → revoked, or refused'),
    sa.Column('reason', sa.String(length=400), nullable=False, comment='the entrant reads it'),
    sa.Column('proposed_by_id', sa.Integer(), nullable=False),
    sa.Column('proposed_by_name', sa.String(length=200), nullable=False, comment='as then'),
    sa.Column('proposed_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_by_name', sa.String(length=200), nullable=False),
    sa.Column('decided_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('revoked_by_id', sa.Integer(), nullable=True),
    sa.Column('revoked_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('revoke_reason', sa.String(length=400), nullable=False),
    sa.CheckConstraint("state IN ('proposed', 'confirmed', 'refused', 'revoked')", name=op.f('ck_disqualifications_state')),
    sa.CheckConstraint("state <> 'confirmed' OR decided_by_id <> proposed_by_id", name=op.f('ck_disqualifications_two_people')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['members.id'], name=op.f('fk_disqualifications_decided_by_id_members')),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_disqualifications_entry_id_entries')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['members.id'], name=op.f('fk_disqualifications_proposed_by_id_members')),
    sa.ForeignKeyConstraint(['revoked_by_id'], ['members.id'], name=op.f('fk_disqualifications_revoked_by_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disqualifications'))
    )
    stands = sa.text("state IN ('proposed', 'confirmed')")
    op.create_index('uq_disqualifications_entry', 'disqualifications', ['entry_id'], unique=True, sqlite_where=stands, postgresql_where=stands)
    op.create_table('objections',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False, comment='who objects'),
    sa.Column('member_name', sa.String(length=120), nullable=False, comment='as then'),
    sa.Column('version', sa.Integer(), nullable=False, comment='version of the standings that it is about'),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('made_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False, comment='open, accepted or refused'),
    sa.Column('answer', sa.Text(), nullable=False, comment='the objector reads it'),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_by_name', sa.String(length=200), nullable=False),
    sa.Column('decided_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('open', 'accepted', 'refused')", name=op.f('ck_objections_state')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['members.id'], name=op.f('fk_objections_decided_by_id_members')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_objections_member_id_members')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_objections_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objections'))
    )
    op.create_index('ix_objections_member_id', 'objections', ['member_id'], unique=False)
    op.create_index('ix_objections_round_id_state', 'objections', ['round_id', 'state'], unique=False)


def downgrade() -> None:
    op.drop_table('objections')
    op.drop_table('disqualifications')
