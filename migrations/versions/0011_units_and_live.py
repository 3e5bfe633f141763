"""ranked units; live standings.

Revision 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    with op.batch_alter_table('unit_standings') as batch:
        for column in (
            sa.Column('passed_count', sa.Integer(), nullable=False, server_default='0', comment='people whose counted mark passes, by the formula for units'),
            sa.Column('position', sa.Integer(), nullable=False, server_default='0', comment='order of the rows, 1, 2, 3 … without gaps'),
            sa.Column('place', sa.Integer(), nullable=False, server_default='0', comment='place; equals share one'),
            sa.Column('score', sa.BigInteger(), nullable=False, server_default='0', comment='by the formula, millionths, rounded half up for show; places rest on exact values'),
        ):
            batch.add_column(column)
        batch.add_column(sa.Column('headcount', sa.Integer(), nullable=True, comment='people on record on the day of the formula; empty: not recorded'))
    # Until now units stood by people, then attempts, then name.
    op.execute(
        "UPDATE unit_standings SET score = people_count * 1000000, position = (SELECT count(*) + 1 FROM unit_standings other "
        "WHERE other.settlement_id = unit_standings.settlement_id AND (other.people_count > unit_standings.people_count "
        "OR (other.people_count = unit_standings.people_count AND other.attempts_count > unit_standings.attempts_count) "
        "OR (other.people_count = unit_standings.people_count AND other.attempts_count = unit_standings.attempts_count "
        "AND (other.unit_name < unit_standings.unit_name OR (other.unit_name = unit_standings.unit_name AND other.unit_id < unit_standings.unit_id)))))"
    )
    op.execute(
        "UPDATE unit_standings SET place = (SELECT count(*) + 1 FROM unit_standings other WHERE other.settlement_id = unit_standings.settlement_id "
        "AND (other.people_count > unit_standings.people_count OR (other.people_count = unit_standings.people_count "
        "AND other.attempts_count > unit_standings.attempts_count)))"
    )
    with op.batch_alter_table('unit_standings') as batch:
        for name in ('passed_count', 'position', 'place', 'score'):
            batch.alter_column(name, server_default=None)
    op.create_table('live_boards',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('made_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='state of the attempts that it shows'),
    sa.Column('took_ms', sa.Integer(), nullable=False, comment='how long it took to make; the next one waits for long enough'),
    sa.Column('people_count', sa.Integer(), nullable=False, comment='people (người) with a submitted attempt'),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_live_boards_round_id_rounds')),
    sa.PrimaryKeyConstraint('round_id', name=op.f('pk_live_boards'))
    )
    op.create_table('live_rows',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('entry_id', BIG, nullable=False),
    sa.Column('score', sa.BigInteger(), nullable=False, comment='ten-millionths of a mark'),
    sa.Column('correct_count', sa.Integer(), nullable=False, comment='questions wholly right'),
    sa.Column('working_ms', sa.BigInteger(), nullable=False, comment='milliseconds'),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_live_rows_entry_id_entries')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_live_rows_round_id_rounds')),
    sa.PrimaryKeyConstraint('round_id', 'position', name=op.f('pk_live_rows'))
    )
    op.create_index('ix_live_rows_entry', 'live_rows', ['round_id', 'entry_id'], unique=False)


def downgrade() -> None:
    op.drop_table('live_rows')
    op.drop_table('live_boards')
    with op.batch_alter_table('unit_standings') as batch:
        for name in ('passed_count', 'position', 'place', 'score', 'headcount'):
            batch.drop_column(name)
