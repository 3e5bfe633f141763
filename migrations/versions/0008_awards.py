"""winners verified and refused, prizes given by hand, prizes handed over.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
IN_FORCE = sa.text("undone_at IS NULL")


def upgrade():
    op.create_table('winner_checks',
        sa.Column('entry_id', BIG, sa.ForeignKey('entries.id'), primary_key=True),
        sa.Column('kind', sa.String(length=10), primary_key=True, comment='identity, phone (reached) or data (true), see rules/awards.py'),
        sa.Column('is_good', sa.Boolean(), nullable=False, comment='false: found wrong, or not reached'),
        sa.Column('note', sa.String(length=400), nullable=False),
        sa.Column('by_id', sa.Integer(), sa.ForeignKey('members.id'), nullable=False),
        sa.Column('at', elearn.core.types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('identity', 'phone', 'data')", name=op.f('ck_winner_checks_kind')),
    )
    op.create_table('prize_refusals',
        sa.Column('entry_id', BIG, sa.ForeignKey('entries.id'), primary_key=True),
        sa.Column('kind', sa.String(length=20), nullable=False, comment='false_data, unreachable …, see rules/awards.py'),
        sa.Column('reason', sa.String(length=400), nullable=False),
        sa.Column('by_id', sa.Integer(), sa.ForeignKey('members.id'), nullable=False),
        sa.Column('at', elearn.core.types.UtcDateTime(), nullable=False),
    )
    op.create_table('hand_awards',
        sa.Column('id', sa.Integer(), primary_key=True),
        sa.Column('round_id', sa.Integer(), sa.ForeignKey('rounds.id'), nullable=False),
        sa.Column('prize', sa.String(length=60), nullable=False, comment='title of the prize'),
        sa.Column('entry_id', BIG, sa.ForeignKey('entries.id'), nullable=True, comment="who took part; name and unit are the entry's"),
        sa.Column('unit_id', sa.Integer(), sa.ForeignKey('units.id'), nullable=True, comment='a collective prize'),
        sa.Column('name', sa.String(length=200), nullable=False, comment='of the unit then, or of somebody who did not take part'),
        sa.Column('unit_name', sa.String(length=200), nullable=False, comment='unit of somebody who did not take part'),
        sa.Column('reason', sa.String(length=400), nullable=False),
        sa.Column('by_id', sa.Integer(), sa.ForeignKey('members.id'), nullable=False),
        sa.Column('at', elearn.core.types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN unit_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name=op.f('ck_hand_awards_one_recipient')),
        sa.CheckConstraint("entry_id IS NOT NULL OR name <> ''", name=op.f('ck_hand_awards_named')),
    )
    op.create_index('ix_hand_awards_round_id', 'hand_awards', ['round_id'])
    op.create_table('prize_deliveries',
        sa.Column('id', sa.Integer(), primary_key=True),
        sa.Column('round_id', sa.Integer(), sa.ForeignKey('rounds.id'), nullable=False),
        sa.Column('prize', sa.String(length=60), nullable=False, comment='title of the prize'),
        sa.Column('entry_id', BIG, sa.ForeignKey('entries.id'), nullable=True, comment='a prize by ranking'),
        sa.Column('unit_id', sa.Integer(), sa.ForeignKey('units.id'), nullable=True, comment='a prize that units get by their ranking'),
        sa.Column('hand_award_id', sa.Integer(), sa.ForeignKey('hand_awards.id'), nullable=True, comment='a prize given by hand'),
        sa.Column('handed_on', sa.Date(), nullable=False, comment='day on which it was handed over or sent'),
        sa.Column('handed_by', sa.String(length=120), nullable=False, comment='who handed it over, as written down'),
        sa.Column('how', sa.String(length=10), nullable=False, comment='cash, transfer or sent'),
        sa.Column('note', sa.String(length=400), nullable=False, comment='e.g. number of the receipt'),
        sa.Column('recorded_by_id', sa.Integer(), sa.ForeignKey('members.id'), nullable=False),
        sa.Column('recorded_at', elearn.core.types.UtcDateTime(), nullable=False),
        sa.Column('undone_at', elearn.core.types.UtcDateTime(), nullable=True, comment='empty: in force'),
        sa.Column('undone_by_id', sa.Integer(), sa.ForeignKey('members.id'), nullable=True),
        sa.Column('undone_reason', sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN unit_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN hand_award_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f('ck_prize_deliveries_one_recipient')),
        sa.CheckConstraint("how IN ('cash', 'transfer', 'sent')", name=op.f('ck_prize_deliveries_how')),
    )
    for name, columns in (('entry', ['entry_id', 'prize']), ('unit', ['round_id', 'unit_id', 'prize']), ('hand_award', ['hand_award_id'])):
        op.create_index(f'ux_prize_deliveries_{name}', 'prize_deliveries', columns, unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE)


def downgrade():
    for table in ('prize_deliveries', 'hand_awards', 'prize_refusals', 'winner_checks'):
        op.drop_table(table)
