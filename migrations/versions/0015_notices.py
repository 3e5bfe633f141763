"""notices.

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('notice_refusals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False, comment='mail'),
    sa.Column('since', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("channel IN ('mail')", name=op.f('ck_notice_refusals_channel')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_notice_refusals_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_refusals')),
    sa.UniqueConstraint('member_id', 'channel', name=op.f('uq_notice_refusals_member_id_channel'))
    )
    op.create_table('notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('origin', sa.String(length=40), nullable=False, comment='what kind of thing it is about, such as campaign'),
    sa.Column('origin_id', sa.Integer(), nullable=False, comment='which one; no key, what sends notices stands above them'),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.String(length=4000), nullable=False, comment='plain text; an empty line parts paragraphs'),
    sa.Column('url', sa.String(length=300), nullable=False, comment='path on this site where one acts; may be empty'),
    sa.Column('sent_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('sent_by_id', sa.Integer(), nullable=True, comment='empty: sent by the application itself'),
    sa.Column('sent_by_name', sa.String(length=120), nullable=False, comment='name then'),
    sa.ForeignKeyConstraint(['sent_by_id'], ['members.id'], name=op.f('fk_notices_sent_by_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices'))
    )
    op.create_index('ix_notices_origin_origin_id_sent_at', 'notices', ['origin', 'origin_id', 'sent_at'], unique=False)
    op.create_table('notice_copies',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('read_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='when the person first opened it'),
    sa.Column('mail_state', sa.String(length=8), nullable=False, comment='empty: none is sent; waiting → sent or failed'),
    sa.Column('mail_tries', sa.Integer(), nullable=False, comment='how often it was handed to the mail server'),
    sa.Column('mail_next_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='not to be tried before; while it is being tried, end of the lease'),
    sa.Column('mail_error', sa.String(length=200), nullable=False, comment='what the mail server said last'),
    sa.CheckConstraint("mail_state IN ('', 'waiting', 'sent', 'failed')", name=op.f('ck_notice_copies_mail_state')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_notice_copies_member_id_members')),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_notice_copies_notice_id_notices')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_copies')),
    sa.UniqueConstraint('notice_id', 'member_id', name=op.f('uq_notice_copies_notice_id_member_id'))
    )
    op.create_index('ix_notice_copies_member_id_id', 'notice_copies', ['member_id', 'id'], unique=False)
    op.create_index('ix_notice_copies_unread', 'notice_copies', ['member_id'], unique=False, sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))
    op.create_index('ix_notice_copies_waiting', 'notice_copies', ['mail_next_at'], unique=False, sqlite_where=sa.text("mail_state = 'waiting'"), postgresql_where=sa.text("mail_state = 'waiting'"))


def downgrade() -> None:
    op.drop_index('ix_notice_copies_waiting', table_name='notice_copies')
    op.drop_index('ix_notice_copies_unread', table_name='notice_copies')
    op.drop_index('ix_notice_copies_member_id_id', table_name='notice_copies')
    op.drop_table('notice_copies')
    op.drop_index('ix_notices_origin_origin_id_sent_at', table_name='notices')
    op.drop_table('notices')
    op.drop_table('notice_refusals')
