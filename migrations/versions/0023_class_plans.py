"""plans of classes.

Revision 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('class_plans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='who plans'),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('learners', sa.Integer(), nullable=False, comment='people'),
    sa.Column('set_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('set_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('learners > 0', name=op.f('ck_class_plans_learners')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_class_plans_programme_id_programmes')),
    sa.ForeignKeyConstraint(['set_by_id'], ['members.id'], name=op.f('fk_class_plans_set_by_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_class_plans_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_class_plans')),
    sa.UniqueConstraint('unit_id', 'year', 'programme_id', name=op.f('uq_class_plans_unit_id_year_programme_id'))
    )


def downgrade() -> None:
    op.drop_table('class_plans')
