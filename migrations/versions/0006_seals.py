"""seals of rounds, and the append-only log of their events in checkpoints.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
APPEND_ONLY = ("log_checkpoints", "log_closings")


def refuse_changes(table: str) -> None:
    """Let the database itself refuse to change or delete rows."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()")


def upgrade() -> None:
    op.create_table('seals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False, comment='1, 2, 3 … of the round'),
    sa.Column('made_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False, comment='of the round in hashes: code of the contest/number'),
    sa.Column('secret', sa.String(length=64), nullable=False, comment='S, 32 random bytes, hexadecimal; in no answer before the reveal'),
    sa.Column('salt', sa.String(length=64), nullable=False, comment='32 random bytes, hexadecimal; in no answer before the reveal'),
    sa.Column('rules', elearn.core.types.Json(), nullable=False, comment='what the hash of the rules is over, with the versions that may be asked'),
    sa.Column('manifest', elearn.core.types.Json(), nullable=False, comment='what is published and signed'),
    sa.Column('signature', sa.String(length=128), nullable=False, comment='Ed25519 over the manifest, hexadecimal'),
    sa.Column('public_key', sa.String(length=64), nullable=False, comment='of the pair that signed, hexadecimal'),
    sa.Column('public_value', sa.String(length=400), nullable=False, comment='result of the public draw that the rules name; empty: none, or not held yet'),
    sa.Column('revealed_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='from then on seed, salt and keys are open to all'),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_seals_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seals')),
    sa.UniqueConstraint('round_id', 'number', name=op.f('uq_seals_round_id_number'))
    )
    op.create_table('log_checkpoints',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False, comment='1, 2, 3 … without gaps'),
    sa.Column('at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False, comment='events in the log up to here'),
    sa.Column('head', sa.String(length=64), nullable=False, comment='head of the chain, hexadecimal'),
    sa.Column('root', sa.String(length=64), nullable=False, comment='root of the tree over the lines that are new here, hexadecimal'),
    sa.Column('lines', sa.LargeBinary(), nullable=False, comment='zlib of JSON: [[attempt id, first seq, last seq], …] that are new here, by attempt id'),
    sa.Column('signature', sa.String(length=128), nullable=False, comment='Ed25519, hexadecimal'),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_log_checkpoints_round_id_rounds')),
    sa.PrimaryKeyConstraint('round_id', 'number', name=op.f('pk_log_checkpoints'))
    )
    op.create_table('logged_attempts',
    sa.Column('attempt_id', BIG, nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False, comment='last event that stands in the log'),
    sa.Column('is_done', sa.Boolean(), nullable=False, comment='submitted, and all of it in the log'),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_logged_attempts_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_logged_attempts_round_id_rounds')),
    sa.PrimaryKeyConstraint('attempt_id', name=op.f('pk_logged_attempts'))
    )
    op.create_index('ix_logged_attempts_newest', 'logged_attempts', ['round_id', 'attempt_id'])
    op.create_index('ix_logged_attempts_open', 'logged_attempts', ['round_id'], sqlite_where=sa.text('NOT is_done'), postgresql_where=sa.text('NOT is_done'))
    op.create_table('log_closings',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('entrants', sa.Integer(), nullable=False, comment='people and teams that had entered'),
    sa.Column('entrants_root', sa.String(length=64), nullable=False, comment='R_ent, over their pseudonyms in alphabetical order'),
    sa.Column('events', sa.BigInteger(), nullable=False, comment='events in the log'),
    sa.Column('log_head', sa.String(length=64), nullable=False, comment='R_log, head of the chain'),
    sa.Column('predictions', sa.Integer(), nullable=False, comment='submitted attempts with a prediction'),
    sa.Column('predictions_root', sa.String(length=64), nullable=False, comment='R_pred, over them by pseudonym and number'),
    sa.Column('signature', sa.String(length=128), nullable=False, comment='Ed25519, hexadecimal'),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_log_closings_round_id_rounds')),
    sa.PrimaryKeyConstraint('round_id', name=op.f('pk_log_closings'))
    )
    for table in APPEND_ONLY:
        refuse_changes(table)


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in ('log_closings', 'logged_attempts', 'log_checkpoints', 'seals'):
        op.drop_table(table)
        if is_postgresql and table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_refuse()")
