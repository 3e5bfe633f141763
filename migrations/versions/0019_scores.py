"""criteria of the yearly score.

Revision 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('score_criteria',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='who scores'),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False, comment='where its figures come from'),
    sa.Column('title', sa.String(length=200), nullable=False, comment='as the scorecard names it'),
    sa.Column('weight', elearn.core.types.Mark(), nullable=False, comment='points, ten-millionths; those of a year add up to 100'),
    sa.Column('place', sa.Integer(), nullable=False, comment='order in the scorecard'),
    sa.Column('set_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('set_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('weight > 0', name=op.f('ck_score_criteria_weight')),
    sa.ForeignKeyConstraint(['set_by_id'], ['members.id'], name=op.f('fk_score_criteria_set_by_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_score_criteria_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score_criteria')),
    sa.UniqueConstraint('unit_id', 'year', 'source', name=op.f('uq_score_criteria_unit_id_year_source'))
    )


def downgrade() -> None:
    op.drop_table('score_criteria')
