"""beats of the server, and outages.

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('server_beats',
    sa.Column('id', sa.Integer(), nullable=False, comment='always 1'),
    sa.Column('beat_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_server_beats'))
    )
    op.create_table('server_outages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('began_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='last beat before it'),
    sa.Column('ended_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='first beat after it'),
    sa.Column('attempts', sa.Integer(), nullable=False, comment='attempts (lượt) that got time back'),
    sa.CheckConstraint('ended_at > began_at', name=op.f('ck_server_outages_period')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_server_outages'))
    )


def downgrade() -> None:
    op.drop_table('server_outages')
    op.drop_table('server_beats')
