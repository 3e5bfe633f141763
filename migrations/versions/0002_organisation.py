"""the organisation as it is: dated units, records of people, imports, consent, jobs, a log that outlives an erasure.

Revision 0002, after 0001.
"""

import hashlib
import json
import secrets
import unicodedata

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

STATUS = "status IN ('active', 'disabled', 'left', 'deceased', 'merged', 'erased')"
STATUS_BEFORE = "status IN ('active', 'disabled')"


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def canonical(value) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def folded(text: str) -> str:
    text = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(sign for sign in text if not unicodedata.combining(sign))


def guard(table: str, may_blank: bool = False) -> None:
    """Let the database refuse to change or delete rows; `may_blank` allows salts and contents to be emptied, never rewritten."""
    columns = ("actor_salt", "actor_name", "detail_salt", "subject_name", "before", "after", "reason", "search_key")
    kept = {
        True: " OR ".join(f'(NEW."{name}" IS NOT NULL AND NEW."{name}" IS NOT OLD."{name}")' for name in columns) + " OR NEW.seq <> OLD.seq",
        False: " OR ".join(f'(NEW."{name}" IS NOT NULL AND NEW."{name}" IS DISTINCT FROM OLD."{name}")' for name in columns) + " OR NEW.seq <> OLD.seq",
    }[is_sqlite()]
    if is_sqlite():
        when = f"WHEN {kept} " if may_blank else ""
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when}BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()")
    when = f"WHEN ({kept}) " if may_blank else ""
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {when}EXECUTE FUNCTION {table}_refuse()")


def rows_of_log(query: str) -> list:
    return [dict(row) for row in op.get_bind().execute(sa.text(query)).mappings()]


def drop_log(*tables: str) -> None:
    """Take away tables of the log with their triggers."""
    for table in tables:
        op.drop_table(table)
        if not is_sqlite():
            op.execute(f"DROP FUNCTION IF EXISTS {table}_refuse()")


def moment(value) -> str:
    """A time of the log as its digest has it; SQLite gives it as text."""
    from datetime import UTC, datetime

    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()


def loaded(value):
    return None if value is None else json.loads(value)


def split_log() -> None:
    """Take names and contents out of the chain: entries keep salted digests of them, and every link is worked out anew."""
    old = rows_of_log("SELECT * FROM audit_entries ORDER BY seq")
    drop_log("audit_entries")
    op.create_table('audit_entries',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False, comment='1, 2, 3 … without gaps'),
    sa.Column('at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment="UTC, by the server's clock"),
    sa.Column('actor_id', sa.Integer(), nullable=True, comment='member who did it; empty for the system'),
    sa.Column('action', sa.String(length=60), nullable=False, comment='verb_object, e.g. publish_round'),
    sa.Column('subject_kind', sa.String(length=40), nullable=False, comment='e.g. round, member, cohort'),
    sa.Column('subject_id', sa.String(length=40), nullable=False, comment='id of the subject'),
    sa.Column('actor_digest', sa.String(length=64), nullable=False, comment='SHA-256 over salt and name of the actor'),
    sa.Column('detail_digest', sa.String(length=64), nullable=False, comment='SHA-256 over salt, name of the subject, before, after and reason'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SHA-256 over the digest before and this entry'),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_entries'))
    )
    op.create_index(op.f('ix_audit_entries_at'), 'audit_entries', ['at'], unique=False)
    op.create_index('ix_audit_entries_subject', 'audit_entries', ['subject_kind', 'subject_id'], unique=False)
    op.create_index('ix_audit_entries_actor_id', 'audit_entries', ['actor_id'], unique=False)
    op.create_table('audit_details',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('actor_salt', sa.String(length=32), nullable=True, comment='empty: blanked'),
    sa.Column('actor_name', sa.String(length=200), nullable=True, comment='name at that time'),
    sa.Column('detail_salt', sa.String(length=32), nullable=True, comment='empty: blanked'),
    sa.Column('subject_name', sa.String(length=200), nullable=True, comment='name of the subject at that time'),
    sa.Column('before', elearn.core.types.Json(), nullable=True, comment='what was changed, before'),
    sa.Column('after', elearn.core.types.Json(), nullable=True, comment='what was changed, after'),
    sa.Column('reason', sa.String(length=400), nullable=True, comment="why, in the actor's words"),
    sa.Column('search_key', sa.String(length=900), nullable=True, comment='folded names and reason, for search'),
    sa.ForeignKeyConstraint(['seq'], ['audit_entries.seq'], name=op.f('fk_audit_details_seq_audit_entries')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_details'))
    )
    op.create_table('audit_concerns',
    sa.Column('member_id', sa.Integer(), autoincrement=False, nullable=False, comment='member; no key, members stand above audit'),
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['seq'], ['audit_entries.seq'], name=op.f('fk_audit_concerns_seq_audit_entries')),
    sa.PrimaryKeyConstraint('member_id', 'seq', name=op.f('pk_audit_concerns'))
    )
    bind, previous = op.get_bind(), ""
    meta = sa.MetaData()
    entries, details = (sa.Table(name, meta, autoload_with=bind) for name in ("audit_entries", "audit_details"))
    for row in old:
        actor_salt, detail_salt = secrets.token_hex(16), secrets.token_hex(16)
        detail = {"subject_name": row["subject_name"], "before": loaded(row["before"]), "after": loaded(row["after"]), "reason": row["reason"]}
        entry = {
            "seq": row["seq"], "at": moment(row["at"]), "actor_id": row["actor_id"], "action": row["action"],
            "subject_kind": row["subject_kind"], "subject_id": row["subject_id"],
            "actor_digest": digest_of(f"{actor_salt}|{canonical(row['actor_name'])}"),
            "detail_digest": digest_of(f"{detail_salt}|{canonical(detail)}"),
        }
        previous = digest_of(f"{previous}|{canonical(entry)}")
        bind.execute(
            sa.text(
                "INSERT INTO audit_entries (seq, at, actor_id, action, subject_kind, subject_id, actor_digest, detail_digest, digest) "
                "VALUES (:seq, :at, :actor_id, :action, :subject_kind, :subject_id, :actor_digest, :detail_digest, :digest)"
            ),
            {**entry, "at": row["at"], "digest": previous},
        )
        bind.execute(
            details.insert().values(
                seq=row["seq"], actor_salt=actor_salt, actor_name=row["actor_name"], detail_salt=detail_salt,
                subject_name=row["subject_name"], before=row["before"], after=row["after"], reason=row["reason"],
                search_key=folded(f"{row['actor_name']} {row['subject_name']} {row['reason']}")[:900],
            )
        )
    bind.execute(sa.text("UPDATE audit_head SET digest = :digest WHERE id = 1"), {"digest": previous})
    guard("audit_entries")
    guard("audit_details", may_blank=True)


def join_log() -> None:
    """The way back: names and contents in the entries, as before; what was blanked stays empty."""
    old = rows_of_log("SELECT e.*, d.actor_name, d.subject_name, d.before, d.after, d.reason FROM audit_entries e JOIN audit_details d ON d.seq = e.seq ORDER BY e.seq")
    drop_log("audit_concerns", "audit_details", "audit_entries")
    op.create_table('audit_entries',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_name', sa.String(length=200), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.String(length=40), nullable=False),
    sa.Column('subject_name', sa.String(length=200), nullable=False),
    sa.Column('before', elearn.core.types.Json(), nullable=True),
    sa.Column('after', elearn.core.types.Json(), nullable=True),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_entries'))
    )
    op.create_index(op.f('ix_audit_entries_at'), 'audit_entries', ['at'], unique=False)
    op.create_index('ix_audit_entries_subject', 'audit_entries', ['subject_kind', 'subject_id'], unique=False)
    bind, previous = op.get_bind(), ""
    for row in old:
        entry = {
            "seq": row["seq"], "at": moment(row["at"]), "actor_id": row["actor_id"], "actor_name": row["actor_name"] or "", "action": row["action"],
            "subject_kind": row["subject_kind"], "subject_id": row["subject_id"], "subject_name": row["subject_name"] or "",
            "before": loaded(row["before"]), "after": loaded(row["after"]), "reason": row["reason"] or "",
        }
        previous = digest_of(f"{previous}|{canonical(entry)}")
        bind.execute(
            sa.text(
                'INSERT INTO audit_entries (seq, at, actor_id, actor_name, action, subject_kind, subject_id, subject_name, "before", "after", reason, digest) '
                "VALUES (:seq, :at, :actor_id, :actor_name, :action, :subject_kind, :subject_id, :subject_name, :before, :after, :reason, :digest)"
            ),
            {**entry, "at": row["at"], "before": row["before"], "after": row["after"], "digest": previous},
        )
    bind.execute(sa.text("UPDATE audit_head SET digest = :digest WHERE id = 1"), {"digest": previous})
    guard("audit_entries")


def add_key(table: str, column: str, target: str) -> None:
    """Add an empty column that points to a table."""
    name = f"fk_{table}_{column}_{target}"
    if is_sqlite():
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {target} (id)")
    else:
        op.add_column(table, sa.Column(column, sa.Integer(), nullable=True))
        op.create_foreign_key(name, table, target, [column], ["id"])


SEARCH = "to_tsvector('simple'::regconfig, regexp_replace(search_key, '[^a-z0-9]+', ' ', 'g'))"


def index_words() -> None:
    """An index of the words of `members.search_key`, kept by the database itself, for search by beginnings of words."""
    if not is_sqlite():
        op.execute(f"CREATE INDEX ix_members_words ON members USING gin ({SEARCH})")
        return
    op.execute(
        "CREATE VIRTUAL TABLE members_words USING fts5("
        "search_key, content='members', content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='2 3')"
    )
    out = "INSERT INTO members_words(members_words, rowid, search_key) VALUES ('delete', OLD.id, OLD.search_key);"
    into = "INSERT INTO members_words(rowid, search_key) VALUES (NEW.id, NEW.search_key);"
    op.execute(f"CREATE TRIGGER members_words_insert AFTER INSERT ON members BEGIN {into} END")
    op.execute(f"CREATE TRIGGER members_words_delete AFTER DELETE ON members BEGIN {out} END")
    op.execute(f"CREATE TRIGGER members_words_update AFTER UPDATE OF search_key ON members BEGIN {out} {into} END")
    op.execute("INSERT INTO members_words(rowid, search_key) SELECT id, search_key FROM members")


def drop_words() -> None:
    if not is_sqlite():
        op.execute("DROP INDEX ix_members_words")
        return
    for deed in ("insert", "delete", "update"):
        op.execute(f"DROP TRIGGER members_words_{deed}")
    op.execute("DROP TABLE members_words")


def upgrade() -> None:
    split_log()
    op.create_table('jobs',
    sa.Column('id', sa.String(length=22), nullable=False, comment='random, as it stands in addresses'),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='key under which the work is registered'),
    sa.Column('title', sa.String(length=200), nullable=False, comment='what it does, in words'),
    sa.Column('arguments', elearn.core.types.Json(), nullable=False, comment='what the work is given'),
    sa.Column('owner_id', sa.Integer(), nullable=True, comment='member who started it; no key, members stand above jobs'),
    sa.Column('state', sa.String(length=10), nullable=False, comment='queued → running → done, failed or cancelled'),
    sa.Column('step', sa.String(length=200), nullable=False, comment='what is being done, a Vietnamese source message'),
    sa.Column('done', sa.Integer(), nullable=False, comment='how much of the total is done'),
    sa.Column('total', sa.Integer(), nullable=False, comment='0 while unknown'),
    sa.Column('message', sa.String(length=500), nullable=False, comment='why it failed, for the owner'),
    sa.Column('result', elearn.core.types.Json(), nullable=True, comment='what the work returned'),
    sa.Column('created_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('started_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('heartbeat_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='a worker that is silent for 30 s has lost its lease'),
    sa.Column('finished_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('cancel_asked_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('worker', sa.String(length=40), nullable=False, comment='token of the worker that holds the lease'),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f('ck_jobs_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs'))
    )
    op.create_index('ix_jobs_state', 'jobs', ['state'], unique=False)
    op.create_table('unit_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False, comment='what was done, in words'),
    sa.Column('decision', sa.String(length=120), nullable=False, comment='number and date of the decision'),
    sa.Column('decided_on', sa.Date(), nullable=True, comment='date of the decision'),
    sa.Column('effective_on', sa.Date(), nullable=False, comment='first day on which it holds'),
    sa.Column('file_name', sa.String(length=200), nullable=False, comment='mapping file; empty for a single operation'),
    sa.Column('operations', elearn.core.types.Json(), nullable=False, comment='the operations, in words'),
    sa.Column('edits', elearn.core.types.Json(), nullable=False, comment='the edits that were written, by operation; undone in reverse'),
    sa.Column('moves', elearn.core.types.Json(), nullable=False, comment='[ended unit, unit that carries on, day]: where its people went'),
    sa.Column('kept', elearn.core.types.Json(), nullable=False, comment='feature → what it needs to take back what followed the change'),
    sa.Column('made_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True, comment='member; no key, members stand above units'),
    sa.Column('made_by_name', sa.String(length=120), nullable=False),
    sa.Column('undone_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('undone_by_name', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_changes'))
    )
    op.create_table('catchment_units',
    sa.Column('centre_id', sa.Integer(), nullable=False, comment='unit of the training centre'),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='unit that is served, with all below it'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='first day'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='day from which it no longer holds'),
    sa.Column('decision', sa.String(length=120), nullable=False, comment='number and date of the decision'),
    sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name=op.f('ck_catchment_units_validity')),
    sa.ForeignKeyConstraint(['centre_id'], ['units.id'], name=op.f('fk_catchment_units_centre_id_units')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_catchment_units_unit_id_units')),
    sa.PrimaryKeyConstraint('centre_id', 'unit_id', 'valid_from', name=op.f('pk_catchment_units'))
    )
    op.create_table('import_mappings',
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='hash of the folded headings'),
    sa.Column('mapping', elearn.core.types.Json(), nullable=False, comment='column → field'),
    sa.Column('used_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_import_mappings_unit_id_units')),
    sa.PrimaryKeyConstraint('unit_id', 'fingerprint', name=op.f('pk_import_mappings'))
    )
    op.create_table('unit_headcounts',
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('counted_on', sa.Date(), nullable=False, comment='day for which the figure holds'),
    sa.Column('people_count', sa.Integer(), nullable=False, comment='people (người), without the units below'),
    sa.Column('source', sa.String(length=200), nullable=False, comment='document or person that reported it'),
    sa.CheckConstraint('people_count >= 0', name=op.f('ck_unit_headcounts_people_count')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_unit_headcounts_unit_id_units')),
    sa.PrimaryKeyConstraint('unit_id', 'counted_on', name=op.f('pk_unit_headcounts'))
    )
    op.create_table('unit_kind_spans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('kind_id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='first day'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='day from which it no longer holds'),
    sa.Column('decision', sa.String(length=120), nullable=False, comment='number and date of the decision'),
    sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name=op.f('ck_unit_kind_spans_validity')),
    sa.ForeignKeyConstraint(['kind_id'], ['unit_kinds.id'], name=op.f('fk_unit_kind_spans_kind_id_unit_kinds')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_unit_kind_spans_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_kind_spans')),
    sa.UniqueConstraint('unit_id', 'valid_from', name=op.f('uq_unit_kind_spans_unit_id_valid_from'))
    )
    op.create_table('unit_names',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False, comment='full name as written in documents'),
    sa.Column('short_name', sa.String(length=120), nullable=False, comment='name without its parent'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='first day'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='day from which it no longer holds'),
    sa.Column('decision', sa.String(length=120), nullable=False, comment='number and date of the decision'),
    sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name=op.f('ck_unit_names_validity')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_unit_names_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_names')),
    sa.UniqueConstraint('unit_id', 'valid_from', name=op.f('uq_unit_names_unit_id_valid_from'))
    )
    op.create_table('consent_texts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False, comment='code of the purpose, e.g. publish_results'),
    sa.Column('version', sa.Integer(), nullable=False, comment='1, 2, 3 …'),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False, comment='what data, what for, by whom, how long, which rights'),
    sa.Column('body_en', sa.Text(), nullable=False),
    sa.Column('published_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='no longer asked'),
    sa.ForeignKeyConstraint(['published_by_id'], ['members.id'], name=op.f('fk_consent_texts_published_by_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_texts')),
    sa.UniqueConstraint('purpose', 'version', name=op.f('uq_consent_texts_purpose_version'))
    )
    op.create_table('duplicate_verdicts',
    sa.Column('first_id', sa.Integer(), nullable=False, comment='the smaller id'),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('decided_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['members.id'], name=op.f('fk_duplicate_verdicts_decided_by_id_members')),
    sa.ForeignKeyConstraint(['first_id'], ['members.id'], name=op.f('fk_duplicate_verdicts_first_id_members')),
    sa.ForeignKeyConstraint(['second_id'], ['members.id'], name=op.f('fk_duplicate_verdicts_second_id_members')),
    sa.PrimaryKeyConstraint('first_id', 'second_id', name=op.f('pk_duplicate_verdicts'))
    )
    op.create_table('grant_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=30), nullable=False, comment='a value of members.rules.permissions.Role'),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='top of the subtree'),
    sa.Column('valid_from', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('valid_to', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('with_catchment', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False, comment='open, approved, refused or withdrawn'),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.String(length=200), nullable=False),
    sa.CheckConstraint("state IN ('open', 'approved', 'refused', 'withdrawn')", name=op.f('ck_grant_requests_state')),
    sa.CheckConstraint('decided_by_id IS NULL OR decided_by_id <> asked_by_id', name=op.f('ck_grant_requests_four_eyes')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['members.id'], name=op.f('fk_grant_requests_asked_by_id_members')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['members.id'], name=op.f('fk_grant_requests_decided_by_id_members')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_grant_requests_member_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_grant_requests_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grant_requests'))
    )
    op.create_index(op.f('ix_grant_requests_member_id'), 'grant_requests', ['member_id'], unique=False)
    op.create_index(op.f('ix_grant_requests_unit_id'), 'grant_requests', ['unit_id'], unique=False)
    op.create_table('imports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='top of the subtree that the file is about'),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('file_digest', sa.String(length=64), nullable=False, comment='SHA-256 of the file, kept under the data folder until the import ends'),
    sa.Column('state', sa.String(length=10), nullable=False, comment='mapping → staging → ready → applying → applied → undoing → undone; cancelled, failed'),
    sa.Column('layout', elearn.core.types.Json(), nullable=False, comment='what was recognised of each sheet, and the mapping chosen'),
    sa.Column('counts', elearn.core.types.Json(), nullable=False, comment='rows by action'),
    sa.Column('decision', sa.String(length=120), nullable=False, comment='number and date of the decision behind the list'),
    sa.Column('made_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('applied_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='undo is open for a number of days from here'),
    sa.Column('undone_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('mapping', 'staging', 'ready', 'applying', 'applied', 'undoing', 'undone', 'cancelled', 'failed')", name=op.f('ck_imports_state')),
    sa.ForeignKeyConstraint(['made_by_id'], ['members.id'], name=op.f('fk_imports_made_by_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_imports_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports'))
    )
    op.create_index(op.f('ix_imports_unit_id'), 'imports', ['unit_id'], unique=False)
    op.create_table('initial_codes',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False, comment='keyed hash; the code itself stands on the slip alone'),
    sa.Column('made_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('expires_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('used_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by_id'], ['members.id'], name=op.f('fk_initial_codes_made_by_id_members')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_initial_codes_member_id_members')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_initial_codes'))
    )
    op.create_table('member_cards',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=50), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='first day'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='day from which it no longer holds'),
    sa.Column('reason', sa.String(length=200), nullable=False, comment='why it changed'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_member_cards_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_cards'))
    )
    op.create_index(op.f('ix_member_cards_member_id'), 'member_cards', ['member_id'], unique=False)
    op.create_table('member_merges',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False, comment='the record that goes on'),
    sa.Column('gone_id', sa.Integer(), nullable=False, comment='the duplicate'),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('carried', elearn.core.types.Json(), nullable=False, comment='table → ids of rows that changed hands'),
    sa.Column('left', elearn.core.types.Json(), nullable=False, comment='table → ids of rows that stay with the duplicate, and are shown with the kept record'),
    sa.Column('before', elearn.core.types.Json(), nullable=False, comment='both records before'),
    sa.Column('made_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('undone_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('kept_id <> gone_id', name=op.f('ck_member_merges_other')),
    sa.ForeignKeyConstraint(['gone_id'], ['members.id'], name=op.f('fk_member_merges_gone_id_members')),
    sa.ForeignKeyConstraint(['kept_id'], ['members.id'], name=op.f('fk_member_merges_kept_id_members')),
    sa.ForeignKeyConstraint(['made_by_id'], ['members.id'], name=op.f('fk_member_merges_made_by_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_merges'))
    )
    op.create_index(op.f('ix_member_merges_gone_id'), 'member_merges', ['gone_id'], unique=False)
    op.create_index(op.f('ix_member_merges_kept_id'), 'member_merges', ['kept_id'], unique=False)
    op.create_table('member_sensitive',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('national_id', sa.String(length=12), nullable=True, comment='twelve digits as text; NULL where unknown'),
    sa.Column('card_number', sa.String(length=50), nullable=True, comment='present card; history in member_cards'),
    sa.Column('ethnicity', sa.String(length=60), nullable=False),
    sa.Column('religion', sa.String(length=60), nullable=False),
    sa.CheckConstraint('national_id IS NULL OR length(national_id) = 12', name=op.f('ck_member_sensitive_national_id')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_member_sensitive_member_id_members')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_member_sensitive')),
    sa.UniqueConstraint('card_number', name=op.f('uq_member_sensitive_card_number')),
    sa.UniqueConstraint('national_id', name=op.f('uq_member_sensitive_national_id'))
    )
    op.create_table('personnel_decisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False, comment='transfer, leave, return or death'),
    sa.Column('number', sa.String(length=60), nullable=False, comment='number of the decision, e.g. 12-QĐ/ĐU'),
    sa.Column('decided_on', sa.Date(), nullable=True, comment='date of the decision'),
    sa.Column('effective_on', sa.Date(), nullable=False, comment='first day on which it holds'),
    sa.Column('unit_id', sa.Integer(), nullable=True, comment='unit to which people go; transfer and return only'),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('made_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('undone_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('transfer', 'leave', 'return', 'death')", name=op.f('ck_personnel_decisions_kind')),
    sa.ForeignKeyConstraint(['made_by_id'], ['members.id'], name=op.f('fk_personnel_decisions_made_by_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_personnel_decisions_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personnel_decisions'))
    )
    op.create_table('positions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False, comment='as written, e.g. Bí thư chi bộ'),
    sa.Column('valid_from', sa.Date(), nullable=True, comment='first day; empty where unknown'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='day from which it no longer holds'),
    sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name=op.f('ck_positions_validity')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_positions_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_positions'))
    )
    op.create_index(op.f('ix_positions_member_id'), 'positions', ['member_id'], unique=False)
    op.create_table('recovery_codes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False, comment='keyed hash'),
    sa.Column('used_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_recovery_codes_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes'))
    )
    op.create_index(op.f('ix_recovery_codes_member_id'), 'recovery_codes', ['member_id'], unique=False)
    op.create_table('retention_periods',
    sa.Column('kind', sa.String(length=40), nullable=False, comment='key of a kind of data'),
    sa.Column('days', sa.Integer(), nullable=True, comment='days; NULL keeps it for ever'),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('set_on', sa.Date(), nullable=False),
    sa.Column('set_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('days IS NULL OR days > 0', name=op.f('ck_retention_periods_days')),
    sa.ForeignKeyConstraint(['set_by_id'], ['members.id'], name=op.f('fk_retention_periods_set_by_id_members')),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_retention_periods'))
    )
    op.create_table('rights_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False, comment='see, correct, erase, restrict, object, withdraw or complain'),
    sa.Column('body', sa.Text(), nullable=False, comment="in the person's words"),
    sa.Column('asked_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('answer_due_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='working days from the question, as configured then'),
    sa.Column('done_due_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='days from the question, as configured then; moved once by an extension'),
    sa.Column('state', sa.String(length=10), nullable=False, comment='open, answered, done, refused or withdrawn'),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('extended_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='one extension, with its reason'),
    sa.Column('extension_reason', sa.String(length=300), nullable=False),
    sa.Column('done_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('done_by_id', sa.Integer(), nullable=True, comment='for an erasure somebody else than who answered'),
    sa.CheckConstraint("kind IN ('see', 'correct', 'erase', 'restrict', 'object', 'withdraw', 'complain')", name=op.f('ck_rights_requests_kind')),
    sa.CheckConstraint("state IN ('open', 'answered', 'done', 'refused', 'withdrawn')", name=op.f('ck_rights_requests_state')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['members.id'], name=op.f('fk_rights_requests_answered_by_id_members')),
    sa.ForeignKeyConstraint(['done_by_id'], ['members.id'], name=op.f('fk_rights_requests_done_by_id_members')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_rights_requests_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rights_requests'))
    )
    op.create_index(op.f('ix_rights_requests_member_id'), 'rights_requests', ['member_id'], unique=False)
    op.create_index('ix_rights_requests_state', 'rights_requests', ['state'], unique=False)
    op.create_table('totp',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('secret', sa.String(length=64), nullable=False, comment='base 32; shown once, at set-up'),
    sa.Column('confirmed_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='empty until the first code was right'),
    sa.Column('last_step', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='time step of the last accepted code: none is taken twice'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_totp_member_id_members')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_totp'))
    )
    op.create_table('consents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('text_id', sa.Integer(), nullable=False),
    sa.Column('is_given', sa.Boolean(), nullable=False, comment='agreed or refused/withdrawn'),
    sa.Column('answered_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('text_digest', sa.String(length=64), nullable=False, comment='SHA-256 of the text as it was shown'),
    sa.Column('language', sa.String(length=2), nullable=False, comment='language in which it was shown'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_consents_member_id_members')),
    sa.ForeignKeyConstraint(['text_id'], ['consent_texts.id'], name=op.f('fk_consents_text_id_consent_texts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents'))
    )
    op.create_index('ix_consents_member_id_text_id', 'consents', ['member_id', 'text_id'], unique=False)
    op.create_table('decision_members',
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('before', elearn.core.types.Json(), nullable=False, comment='status, unit and open membership before'),
    sa.ForeignKeyConstraint(['decision_id'], ['personnel_decisions.id'], name=op.f('fk_decision_members_decision_id_personnel_decisions')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_decision_members_member_id_members')),
    sa.PrimaryKeyConstraint('decision_id', 'member_id', name=op.f('pk_decision_members'))
    )
    op.create_index(op.f('ix_decision_members_member_id'), 'decision_members', ['member_id'], unique=False)
    op.create_table('import_rows',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False, comment='1, 2, 3 … over all sheets'),
    sa.Column('sheet', sa.String(length=60), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False, comment='row number in the sheet, from 1'),
    sa.Column('name', sa.String(length=120), nullable=False, comment='name as read, for lists'),
    sa.Column('values', elearn.core.types.Json(), nullable=False, comment='field → normalised value'),
    sa.Column('raw', elearn.core.types.Json(), nullable=False, comment='field → text as written in the file'),
    sa.Column('problems', elearn.core.types.Json(), nullable=False, comment='[field, code, message, values, severity] each'),
    sa.Column('action', sa.String(length=10), nullable=False, comment='create, update, move, same, doubtful or faulty'),
    sa.Column('unit_id', sa.Integer(), nullable=True, comment='unit that the row names'),
    sa.Column('member_id', sa.Integer(), nullable=True, comment='the person matched, or made'),
    sa.Column('matched_by', sa.String(length=20), nullable=False, comment='national_id, phone, name or person'),
    sa.Column('candidates', elearn.core.types.Json(), nullable=True, comment='[member id, score, reasons] of each person it may be'),
    sa.Column('changes', elearn.core.types.Json(), nullable=True, comment='field → [old, new]'),
    sa.Column('decision', sa.String(length=6), nullable=False, comment='what a person decided on a doubtful row'),
    sa.Column('state', sa.String(length=8), nullable=False, comment='staged, applied, skipped, failed, undone or kept (could not be undone)'),
    sa.Column('outcome', sa.String(length=300), nullable=False, comment='why it failed, was skipped or could not be undone'),
    sa.Column('before', elearn.core.types.Json(), nullable=True, comment='the person before, for undo'),
    sa.CheckConstraint("action IN ('create', 'update', 'move', 'same', 'doubtful', 'faulty')", name=op.f('ck_import_rows_action')),
    sa.CheckConstraint("decision IN ('', 'create', 'match', 'skip')", name=op.f('ck_import_rows_decision')),
    sa.CheckConstraint("state IN ('staged', 'applied', 'skipped', 'failed', 'undone', 'kept')", name=op.f('ck_import_rows_state')),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_import_rows_import_id_imports')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_rows')),
    sa.UniqueConstraint('import_id', 'place', name=op.f('uq_import_rows_import_id_place'))
    )
    op.create_index('ix_import_rows_import_id_action', 'import_rows', ['import_id', 'action'], unique=False)
    if is_sqlite():
        with op.batch_alter_table('members') as batch:
            batch.drop_constraint(op.f('ck_members_status'), type_='check')
            batch.create_check_constraint(op.f('ck_members_status'), STATUS)
            batch.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
            batch.create_foreign_key('fk_members_merged_into_id_members', 'members', ['merged_into_id'], ['id'])
    else:
        op.drop_constraint(op.f('ck_members_status'), 'members', type_='check')
        op.create_check_constraint(op.f('ck_members_status'), 'members', STATUS)
        add_key('members', 'merged_into_id', 'members')
    op.create_index(op.f('ix_members_merged_into_id'), 'members', ['merged_into_id'], unique=False)
    op.add_column('memberships', sa.Column('decision', sa.String(length=120), nullable=False, server_default='', comment='number and date of the decision'))
    op.add_column('memberships', sa.Column('origin', sa.String(length=40), nullable=False, server_default='', comment='what opened it: unit_change:7, import:3, decision:5; empty: entered by hand'))
    op.add_column('role_grants', sa.Column('with_catchment', sa.Boolean(), nullable=False, server_default=sa.false(), comment="also holds for the units that the unit's training centre serves"))
    op.add_column('role_grants', sa.Column('revoked_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='taken back early; valid_to is then the same moment'))
    add_key('role_grants', 'revoked_by_id', 'members')
    op.add_column('role_grants', sa.Column('revoked_reason', sa.String(length=200), nullable=False, server_default=''))
    op.add_column('unit_successors', sa.Column('is_main', sa.Boolean(), nullable=False, server_default=sa.true(), comment='the one successor to which figures of the ended unit are counted; exactly one a unit'))
    op.add_column('units', sa.Column('segment', sa.String(length=60), nullable=False, server_default='', comment='grouping for reports, e.g. Khối xã; data of the organisation'))
    op.add_column('units', sa.Column('is_external', sa.Boolean(), nullable=False, server_default=sa.false(), comment='not of the organisation: learners from elsewhere'))
    op.execute(
        "UPDATE unit_successors SET is_main = (successor_id = (SELECT min(other.successor_id) FROM unit_successors other "
        "WHERE other.unit_id = unit_successors.unit_id))"
    )
    op.execute(
        "INSERT INTO unit_names (unit_id, name, short_name, valid_from, valid_to, decision) "
        "SELECT id, name, short_name, valid_from, valid_to, '' FROM units"
    )
    op.execute(
        "INSERT INTO unit_kind_spans (unit_id, kind_id, valid_from, valid_to, decision) SELECT id, kind_id, valid_from, valid_to, '' FROM units"
    )
    index_words()


def downgrade() -> None:
    drop_words()
    join_log()
    op.drop_column('units', 'is_external')
    op.drop_column('units', 'segment')
    op.drop_column('unit_successors', 'is_main')
    op.drop_column('memberships', 'origin')
    op.drop_column('memberships', 'decision')
    op.drop_index(op.f('ix_members_merged_into_id'), table_name='members')
    op.execute("UPDATE members SET status = 'disabled' WHERE status NOT IN ('active', 'disabled')")
    if is_sqlite():
        with op.batch_alter_table(
            'role_grants', table_args=(sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name='ck_role_grants_validity'),)
        ) as batch:
            for column in ('revoked_reason', 'revoked_by_id', 'revoked_at', 'with_catchment'):
                batch.drop_column(column)
        with op.batch_alter_table('members') as batch:
            batch.drop_constraint(op.f('ck_members_status'), type_='check')
            batch.create_check_constraint(op.f('ck_members_status'), STATUS_BEFORE)
            batch.drop_column('merged_into_id')
    else:
        for column in ('revoked_reason', 'revoked_by_id', 'revoked_at', 'with_catchment'):
            op.drop_column('role_grants', column)
        op.drop_column('members', 'merged_into_id')
        op.drop_constraint(op.f('ck_members_status'), 'members', type_='check')
        op.create_check_constraint(op.f('ck_members_status'), 'members', STATUS_BEFORE)
    op.drop_index('ix_import_rows_import_id_action', table_name='import_rows')
    op.drop_table('import_rows')
    op.drop_index(op.f('ix_decision_members_member_id'), table_name='decision_members')
    op.drop_table('decision_members')
    op.drop_index('ix_consents_member_id_text_id', table_name='consents')
    op.drop_table('consents')
    op.drop_table('totp')
    op.drop_index('ix_rights_requests_state', table_name='rights_requests')
    op.drop_index(op.f('ix_rights_requests_member_id'), table_name='rights_requests')
    op.drop_table('rights_requests')
    op.drop_table('retention_periods')
    op.drop_index(op.f('ix_recovery_codes_member_id'), table_name='recovery_codes')
    op.drop_table('recovery_codes')
    op.drop_index(op.f('ix_positions_member_id'), table_name='positions')
    op.drop_table('positions')
    op.drop_table('personnel_decisions')
    op.drop_table('member_sensitive')
    op.drop_index(op.f('ix_member_merges_kept_id'), table_name='member_merges')
    op.drop_index(op.f('ix_member_merges_gone_id'), table_name='member_merges')
    op.drop_table('member_merges')
    op.drop_index(op.f('ix_member_cards_member_id'), table_name='member_cards')
    op.drop_table('member_cards')
    op.drop_table('initial_codes')
    op.drop_index(op.f('ix_imports_unit_id'), table_name='imports')
    op.drop_table('imports')
    op.drop_index(op.f('ix_grant_requests_unit_id'), table_name='grant_requests')
    op.drop_index(op.f('ix_grant_requests_member_id'), table_name='grant_requests')
    op.drop_table('grant_requests')
    op.drop_table('duplicate_verdicts')
    op.drop_table('consent_texts')
    op.drop_table('unit_names')
    op.drop_table('unit_kind_spans')
    op.drop_table('unit_headcounts')
    op.drop_table('import_mappings')
    op.drop_table('catchment_units')
    op.drop_table('unit_changes')
    op.drop_index('ix_jobs_state', table_name='jobs')
    op.drop_table('jobs')
