"""signals of unfair play.

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('entry_devices',
    sa.Column('entry_id', BIG, nullable=False),
    sa.Column('device_hash', sa.String(length=64), nullable=False),
    sa.Column('first_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_entry_devices_entry_id_entries')),
    sa.PrimaryKeyConstraint('entry_id', 'device_hash', name=op.f('pk_entry_devices'))
    )
    op.create_table('signal_cases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False, comment='see rules/signals.py'),
    sa.Column('key', sa.String(length=64), nullable=False, comment='digest of kind and entries: the same again is no new signal'),
    sa.Column('facts', elearn.core.types.Json(), nullable=False, comment='figures for the words that show it'),
    sa.Column('found_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False, comment='open, dismissed or upheld'),
    sa.Column('note', sa.String(length=400), nullable=False, comment='what the officer found'),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_by_name', sa.String(length=200), nullable=False),
    sa.Column('decided_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('open', 'dismissed', 'upheld')", name=op.f('ck_signal_cases_state')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['members.id'], name=op.f('fk_signal_cases_decided_by_id_members')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_signal_cases_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signal_cases')),
    sa.UniqueConstraint('round_id', 'key', name=op.f('uq_signal_cases_round_id_key'))
    )
    op.create_table('signal_entries',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', BIG, nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['signal_cases.id'], name=op.f('fk_signal_entries_case_id_signal_cases')),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_signal_entries_entry_id_entries')),
    sa.PrimaryKeyConstraint('case_id', 'entry_id', name=op.f('pk_signal_entries'))
    )


def downgrade() -> None:
    op.drop_table('signal_entries')
    op.drop_table('signal_cases')
    op.drop_table('entry_devices')
