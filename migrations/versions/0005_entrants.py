"""entrants without an account, used proofs of work, places in the queue before a start.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def partial(name: str, table: str, columns: list[str], condition: str) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


def upgrade() -> None:
    op.create_table('public_entrants',
    sa.Column('id', BIG, nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False, comment='guest without a password'),
    sa.Column('phone_digest', sa.String(length=64), nullable=True, comment='keyed hash of the phone; empty where none was asked'),
    sa.Column('identity_digest', sa.String(length=64), nullable=False, comment='keyed hash of folded name, birth date and unit'),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='unit chosen; that of all guests where it is none of the tree'),
    sa.Column('unit_name', sa.String(length=200), nullable=False, comment='its name, or what was typed instead'),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('representative', sa.String(length=120), nullable=False, comment='who agreed for somebody under 16; empty: nobody had to'),
    sa.Column('code_hash', sa.String(length=64), nullable=False, comment='keyed hash of the entry code with which they come back'),
    sa.Column('registered_at', elearn.core.types.UtcDateTime(), nullable=False),
    sa.Column('is_first', sa.Boolean(), nullable=False, comment='the claim that counts for its phone and identity'),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_public_entrants_contest_id_contests')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_public_entrants_member_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_public_entrants_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_public_entrants')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_public_entrants_code_hash')),
    sa.UniqueConstraint('member_id', name=op.f('uq_public_entrants_member_id')),
    )
    op.create_index('ix_public_entrants_phone', 'public_entrants', ['contest_id', 'phone_digest'])
    op.create_index('ix_public_entrants_identity', 'public_entrants', ['contest_id', 'identity_digest'])
    partial('uq_public_entrants_first_phone', 'public_entrants', ['contest_id', 'phone_digest'], 'is_first')
    partial('uq_public_entrants_first_identity', 'public_entrants', ['contest_id', 'identity_digest'], 'is_first')
    op.create_table('used_challenges',
    sa.Column('digest', sa.String(length=64), nullable=False, comment="SHA-256 of the challenge's signature"),
    sa.Column('expires_at', elearn.core.types.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_used_challenges')),
    )
    op.create_index('ix_used_challenges_expires_at', 'used_challenges', ['expires_at'])
    op.create_table('start_tickets',
    sa.Column('id', BIG, nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', elearn.core.types.UtcDateTime(), nullable=False),
    sa.Column('due_at', elearn.core.types.UtcDateTime(), nullable=False, comment='from when on the start is admitted'),
    sa.Column('used_at', elearn.core.types.UtcDateTime(), nullable=True, comment='when the attempt was begun with it, or it was given up'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_start_tickets_member_id_members')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_start_tickets_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_start_tickets')),
    )
    op.create_index('ix_start_tickets_due_at', 'start_tickets', ['due_at'])
    partial('uq_start_tickets_waiting', 'start_tickets', ['round_id', 'member_id'], 'used_at IS NULL')


def downgrade() -> None:
    op.drop_table('start_tickets')
    op.drop_table('used_challenges')
    op.drop_table('public_entrants')
