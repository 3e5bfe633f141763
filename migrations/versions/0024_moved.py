"""People who moved between units, told with each taking of a campaign's list.

Revision 0024, after 0023.
"""

import sqlalchemy as sa
from alembic import op


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('campaign_takings') as batch:
        batch.add_column(sa.Column('moved_count', sa.Integer(), nullable=False, server_default='0', comment='people who had gone to another unit and now count there'))
    with op.batch_alter_table('campaign_takings') as batch:
        batch.alter_column('moved_count', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('campaign_takings') as batch:
        batch.drop_column('moved_count')
