"""initial tables.

Revision 0001, after .
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = ("attempt_events", "audit_entries")


def refuse_changes(table: str) -> None:
    """Let the database itself refuse to change or delete rows of a log."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    else:
        op.execute(
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        )


def upgrade() -> None:
    op.create_table('audit_entries',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False, comment='1, 2, 3 … without gaps'),
    sa.Column('at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment="UTC, by the server's clock"),
    sa.Column('actor_id', sa.Integer(), nullable=True, comment='member who did it; empty for the system'),
    sa.Column('actor_name', sa.String(length=200), nullable=False, comment='name at that time'),
    sa.Column('action', sa.String(length=60), nullable=False, comment='verb_object, e.g. publish_round'),
    sa.Column('subject_kind', sa.String(length=40), nullable=False, comment='e.g. round, member, cohort'),
    sa.Column('subject_id', sa.String(length=40), nullable=False, comment='id of the subject'),
    sa.Column('subject_name', sa.String(length=200), nullable=False, comment='name of the subject at that time'),
    sa.Column('before', elearn.core.types.Json(), nullable=True, comment='what was changed, before'),
    sa.Column('after', elearn.core.types.Json(), nullable=True, comment='what was changed, after'),
    sa.Column('reason', sa.String(length=400), nullable=False, comment="why, in the actor's words"),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SHA-256 over the digest before and this entry'),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_entries'))
    )
    op.create_index(op.f('ix_audit_entries_at'), 'audit_entries', ['at'], unique=False)
    op.create_index('ix_audit_entries_subject', 'audit_entries', ['subject_kind', 'subject_id'], unique=False)
    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False, comment='always 1'),
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='number of the last entry'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='digest of the last entry'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('documents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False, comment='how content files name it'),
    sa.Column('number', sa.String(length=60), nullable=False, comment='number as printed, e.g. 05-CT/TW'),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='Chỉ thị, Nghị quyết, Sách …'),
    sa.Column('title', sa.String(length=400), nullable=False),
    sa.Column('issuer', sa.String(length=200), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('url', sa.String(length=500), nullable=False, comment='where it was read'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='day from which it no longer applies; empty while it does'),
    sa.Column('superseded_by_id', sa.Integer(), nullable=True, comment='the document that replaces it'),
    sa.Column('checked_on', sa.Date(), nullable=True, comment='day on which the facts were last compared'),
    sa.ForeignKeyConstraint(['superseded_by_id'], ['documents.id'], name=op.f('fk_documents_superseded_by_id_documents')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('key', name=op.f('uq_documents_key'))
    )
    op.create_table('sign_in_failures',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('login_hash', sa.String(length=64), nullable=False, comment='keyed hash of the login tried'),
    sa.Column('address_hash', sa.String(length=64), nullable=False, comment='keyed hash of the network address'),
    sa.Column('at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_failures'))
    )
    op.create_index('ix_sign_in_failures_address', 'sign_in_failures', ['address_hash', 'at'], unique=False)
    op.create_index('ix_sign_in_failures_login', 'sign_in_failures', ['login_hash', 'at'], unique=False)
    op.create_table('unit_kinds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False, comment='stable ASCII code, e.g. province'),
    sa.Column('name', sa.String(length=120), nullable=False, comment='Vietnamese name, e.g. Đảng bộ tỉnh'),
    sa.Column('name_en', sa.String(length=120), nullable=False, comment='English name'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_kinds')),
    sa.UniqueConstraint('code', name=op.f('uq_unit_kinds_code'))
    )
    op.create_table('units',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False, comment='code of the organisation, e.g. AS-03-012'),
    sa.Column('name', sa.String(length=200), nullable=False, comment='full name as written in documents'),
    sa.Column('short_name', sa.String(length=120), nullable=False, comment='name without its parent, for tables'),
    sa.Column('kind_id', sa.Integer(), nullable=False, comment='sort of unit'),
    sa.Column('parent_id', sa.Integer(), nullable=True, comment='unit above as of now; empty at the top'),
    sa.Column('path', sa.String(length=400).with_variant(sa.String(length=400, collation='C'), 'postgresql'), nullable=False, comment='ids from the top down, /1/5/23/; kept by the services'),
    sa.Column('depth', sa.Integer(), nullable=False, comment='0 at the top'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='first day'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='day on which it no longer exists; empty while it does'),
    sa.Column('sort_key', sa.String(length=400).with_variant(sa.String(length=400, collation='C'), 'postgresql'), nullable=False, comment='Vietnamese order of the name'),
    sa.Column('search_key', sa.String(length=200), nullable=False, comment='folded name and code, for search'),
    sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name=op.f('ck_units_validity')),
    sa.ForeignKeyConstraint(['kind_id'], ['unit_kinds.id'], name=op.f('fk_units_kind_id_unit_kinds')),
    sa.ForeignKeyConstraint(['parent_id'], ['units.id'], name=op.f('fk_units_parent_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_units')),
    sa.UniqueConstraint('code', name=op.f('uq_units_code'))
    )
    op.create_index(op.f('ix_units_parent_id'), 'units', ['parent_id'], unique=False)
    op.create_index('ix_units_path', 'units', ['path'], unique=False)
    op.create_table('banks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='owner'),
    sa.Column('as_of', sa.Date(), nullable=True, comment='day on which the facts held'),
    sa.Column('reviewed_on', sa.Date(), nullable=True, comment='day of the second reading'),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_banks_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_banks')),
    sa.UniqueConstraint('code', name=op.f('uq_banks_code'))
    )
    op.create_table('contests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=80), nullable=False, comment='in the address'),
    sa.Column('join_code', sa.String(length=6), nullable=False, comment='six digits that can be typed or said aloud'),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('lead', sa.Text(), nullable=False, comment='one or two sentences on the theme'),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='organiser'),
    sa.Column('organiser_name', sa.String(length=200), nullable=False, comment='as printed on the page'),
    sa.Column('minimum_age', sa.Integer(), nullable=True, comment='full years on the first day; empty: none'),
    sa.Column('excluded_roles', elearn.core.types.Json(), nullable=False, comment='roles whose holders may not enter'),
    sa.Column('criteria', elearn.core.types.Json(), nullable=False, comment='keys of ranking criteria in their order'),
    sa.Column('prizes', elearn.core.types.Json(), nullable=False, comment='[{"title": …, "title_en": …, "count": n}, …] for each round'),
    sa.Column('rules_frozen_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='from the opening of the first round'),
    sa.Column('is_published', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_contests_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contests')),
    sa.UniqueConstraint('code', name=op.f('uq_contests_code')),
    sa.UniqueConstraint('join_code', name=op.f('uq_contests_join_code'))
    )
    op.create_table('courses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=80), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='owner'),
    sa.Column('position', sa.Integer(), nullable=False, comment='order in the catalogue'),
    sa.Column('is_published', sa.Boolean(), nullable=False, comment='shown to learners'),
    sa.Column('edition_number', sa.Integer(), nullable=False, comment='number of the edition in force'),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_courses_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_courses')),
    sa.UniqueConstraint('code', name=op.f('uq_courses_code'))
    )
    op.create_table('members',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False, comment="code in the organisation's lists"),
    sa.Column('login', sa.String(length=80), nullable=False, comment='name for signing in, as written'),
    sa.Column('login_key', sa.String(length=80), nullable=False, comment='login in its one normal form; look-alikes collide'),
    sa.Column('display_name', sa.String(length=120), nullable=False, comment='full name as written: family, middle, given'),
    sa.Column('name_key', sa.String(length=400).with_variant(sa.String(length=400, collation='C'), 'postgresql'), nullable=False, comment='order of lists: given name first, Vietnamese order'),
    sa.Column('search_key', sa.String(length=240), nullable=False, comment='folded name, login and code'),
    sa.Column('birth_date', sa.Date(), nullable=True, comment='first day of the month or year where the day is unknown'),
    sa.Column('birth_precision', sa.String(length=5), nullable=False, comment='year, month or day; empty where unknown'),
    sa.Column('sex', sa.String(length=6), nullable=False, comment='female, male or empty'),
    sa.Column('phone', sa.String(length=20), nullable=False, comment='digits with the leading zero'),
    sa.Column('email', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False, comment='official, probationary, outstanding, cadre, guest'),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='main unit now; history in memberships'),
    sa.Column('status', sa.String(length=10), nullable=False, comment='disabled people cannot sign in'),
    sa.Column('password_hash', sa.String(length=200), nullable=False, comment='Argon2id, encoded; empty: cannot sign in'),
    sa.Column('must_change_password', sa.Boolean(), nullable=False, comment='set until the first own password'),
    sa.Column('created_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("birth_precision IN ('', 'year', 'month', 'day')", name=op.f('ck_members_birth_precision')),
    sa.CheckConstraint("status IN ('active', 'disabled')", name=op.f('ck_members_status')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_members_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_members')),
    sa.UniqueConstraint('code', name=op.f('uq_members_code')),
    sa.UniqueConstraint('login_key', name=op.f('uq_members_login_key'))
    )
    op.create_index('ix_members_name_key', 'members', ['name_key'], unique=False)
    op.create_index('ix_members_unit_id_name_key', 'members', ['unit_id', 'name_key'], unique=False)
    op.create_table('quizzes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False, comment='e.g. Kiểm tra cuối khoá, Tuần 3'),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False, comment='of what it is part: name of the course or contest'),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='owner'),
    sa.Column('blueprint', elearn.core.types.Json(), nullable=False, comment='[{"bank": id, "level": key or null, "count": n}, …]'),
    sa.Column('question_count', sa.Integer(), nullable=False, comment='sum of the counts of the blueprint'),
    sa.Column('time_limit_seconds', sa.Integer(), nullable=False, comment='working time of an attempt'),
    sa.Column('attempt_limit', sa.Integer(), nullable=False, comment='attempts a person may make'),
    sa.Column('pass_percent', sa.Integer(), nullable=True, comment='share of the marks that passes; empty: not passed or failed'),
    sa.Column('opens_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='first moment to start; empty: at once'),
    sa.Column('closes_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='first moment too late; attempts under way end then'),
    sa.Column('grace_seconds', sa.Integer(), nullable=False, comment='how late a save may arrive, the same everywhere'),
    sa.Column('prediction_prompt', sa.Text(), nullable=False, comment='question without a mark, answered by a number; empty: none'),
    sa.Column('prediction_unit', sa.String(length=30), nullable=False, comment='what the number counts, e.g. người'),
    sa.Column('review', sa.String(length=20), nullable=False, comment='when answers and explanations are shown'),
    sa.CheckConstraint("review IN ('after_submit', 'after_close')", name=op.f('ck_quizzes_review')),
    sa.CheckConstraint('attempt_limit >= 1', name=op.f('ck_quizzes_attempt_limit')),
    sa.CheckConstraint('time_limit_seconds > 0', name=op.f('ck_quizzes_time_limit')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_quizzes_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quizzes')),
    sa.UniqueConstraint('code', name=op.f('uq_quizzes_code'))
    )
    op.create_table('unit_parents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='the unit below'),
    sa.Column('parent_id', sa.Integer(), nullable=True, comment='the unit above; empty at the top'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='first day'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='day from which it no longer holds'),
    sa.Column('decision', sa.String(length=120), nullable=False, comment='number and date of the decision'),
    sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name=op.f('ck_unit_parents_validity')),
    sa.ForeignKeyConstraint(['parent_id'], ['units.id'], name=op.f('fk_unit_parents_parent_id_units')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_unit_parents_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_parents')),
    sa.UniqueConstraint('unit_id', 'valid_from', name=op.f('uq_unit_parents_unit_id_valid_from'))
    )
    op.create_table('unit_successors',
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='the unit that ended'),
    sa.Column('successor_id', sa.Integer(), nullable=False, comment='the unit that carries on'),
    sa.Column('effective_on', sa.Date(), nullable=False, comment='first day of the successor'),
    sa.Column('decision', sa.String(length=120), nullable=False, comment='number and date of the decision'),
    sa.CheckConstraint('unit_id <> successor_id', name=op.f('ck_unit_successors_other')),
    sa.ForeignKeyConstraint(['successor_id'], ['units.id'], name=op.f('fk_unit_successors_successor_id_units')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_unit_successors_unit_id_units')),
    sa.PrimaryKeyConstraint('unit_id', 'successor_id', name=op.f('pk_unit_successors'))
    )
    op.create_table('attempts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quiz_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='unit of the member at the start'),
    sa.Column('number', sa.Integer(), nullable=False, comment='1 for the first attempt of this member at this quiz'),
    sa.Column('attempt_limit', sa.Integer(), nullable=False, comment='limit of the quiz at the start'),
    sa.Column('seed', sa.String(length=64), nullable=False, comment='from which the paper was drawn; hexadecimal'),
    sa.Column('paper', elearn.core.types.Json(), nullable=False, comment='[{"version": id, "order": [canonical option positions]}, …] by slot from 1'),
    sa.Column('started_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('deadline_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='min(start + working time, close of the quiz)'),
    sa.Column('holder', sa.String(length=40), nullable=False, comment='page that may save now; another page must take over first'),
    sa.Column('state', sa.String(length=10), nullable=False, comment='open or submitted'),
    sa.Column('submitted_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='when the submission arrived, or the deadline'),
    sa.Column('working_ms', sa.Integer(), nullable=True, comment='from start to submission, milliseconds'),
    sa.Column('mark', elearn.core.types.Mark(), nullable=True, comment='sum of the marks of the questions'),
    sa.Column('max_mark', elearn.core.types.Mark(), nullable=False),
    sa.Column('correct_count', sa.Integer(), nullable=True, comment='questions answered wholly right'),
    sa.Column('prediction', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='answer to the question without a mark'),
    sa.Column('is_passed', sa.Boolean(), nullable=True, comment='empty where the quiz has no pass mark'),
    sa.CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name=op.f('ck_attempts_submitted')),
    sa.CheckConstraint("state IN ('open', 'submitted')", name=op.f('ck_attempts_state')),
    sa.CheckConstraint('number >= 1 AND number <= attempt_limit', name=op.f('ck_attempts_attempt_limit')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_attempts_member_id_members')),
    sa.ForeignKeyConstraint(['quiz_id'], ['quizzes.id'], name=op.f('fk_attempts_quiz_id_quizzes')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_attempts_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempts')),
    sa.UniqueConstraint('quiz_id', 'member_id', 'number', name=op.f('uq_attempts_quiz_id_member_id_number'))
    )
    op.create_index('ix_attempts_member_id', 'attempts', ['member_id'], unique=False)
    op.create_index('ix_attempts_overdue', 'attempts', ['state', 'deadline_at'], unique=False)
    op.create_index('uq_attempts_open', 'attempts', ['quiz_id', 'member_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.create_table('course_editions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False, comment='1, 2, 3 …'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SHA-256 of all that the edition says'),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('summary_en', sa.Text(), nullable=False),
    sa.Column('audience', sa.String(length=200), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=True, comment='day on which the text was true'),
    sa.Column('reviewed_on', sa.Date(), nullable=True, comment='day of the second reading'),
    sa.Column('quiz_id', sa.Integer(), nullable=True, comment='end-of-course quiz'),
    sa.Column('created_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['courses.id'], name=op.f('fk_course_editions_course_id_courses')),
    sa.ForeignKeyConstraint(['quiz_id'], ['quizzes.id'], name=op.f('fk_course_editions_quiz_id_quizzes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_editions')),
    sa.UniqueConstraint('course_id', 'number', name=op.f('uq_course_editions_course_id_number'))
    )
    op.create_table('memberships',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='first day'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='day from which it no longer holds'),
    sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name=op.f('ck_memberships_validity')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_memberships_member_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_memberships_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_memberships')),
    sa.UniqueConstraint('member_id', 'unit_id', 'valid_from', name=op.f('uq_memberships_member_id_unit_id_valid_from'))
    )
    op.create_index(op.f('ix_memberships_unit_id'), 'memberships', ['unit_id'], unique=False)
    op.create_table('questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bank_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=80), nullable=False),
    sa.Column('topic', sa.String(length=200), nullable=False),
    sa.Column('level', sa.String(length=20), nullable=False, comment='nhan_biet, thong_hieu or van_dung'),
    sa.Column('status', sa.String(length=10), nullable=False, comment='only questions in use are drawn'),
    sa.Column('version_number', sa.Integer(), nullable=False, comment='number of the version in force'),
    sa.Column('search_key', sa.Text(), nullable=False, comment='folded text and options'),
    sa.CheckConstraint("level IN ('nhan_biet', 'thong_hieu', 'van_dung')", name=op.f('ck_questions_level')),
    sa.CheckConstraint("status IN ('in_use', 'retired')", name=op.f('ck_questions_status')),
    sa.ForeignKeyConstraint(['bank_id'], ['banks.id'], name=op.f('fk_questions_bank_id_banks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questions')),
    sa.UniqueConstraint('code', name=op.f('uq_questions_code'))
    )
    op.create_index('ix_questions_bank_id_status_level', 'questions', ['bank_id', 'status', 'level'], unique=False)
    op.create_table('role_grants',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=30), nullable=False, comment='a value of members.rules.permissions.Role'),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='top of the subtree'),
    sa.Column('valid_from', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('valid_to', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('granted_by_id', sa.Integer(), nullable=True, comment='empty: set up by the system'),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name=op.f('ck_role_grants_validity')),
    sa.ForeignKeyConstraint(['granted_by_id'], ['members.id'], name=op.f('fk_role_grants_granted_by_id_members')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_role_grants_member_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_role_grants_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grants'))
    )
    op.create_index(op.f('ix_role_grants_member_id'), 'role_grants', ['member_id'], unique=False)
    op.create_index(op.f('ix_role_grants_unit_id'), 'role_grants', ['unit_id'], unique=False)
    op.create_table('rounds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False, comment='1, 2, 3 …'),
    sa.Column('title', sa.String(length=120), nullable=False, comment='e.g. Tuần 3'),
    sa.Column('title_en', sa.String(length=120), nullable=False),
    sa.Column('quiz_id', sa.Integer(), nullable=False),
    sa.Column('opens_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='first moment to start'),
    sa.Column('closes_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='first moment too late'),
    sa.Column('published_version', sa.Integer(), nullable=True, comment='version of the standings that the public sees'),
    sa.CheckConstraint('closes_at > opens_at', name=op.f('ck_rounds_window')),
    sa.CheckConstraint('published_version IS NULL OR published_version >= 1', name=op.f('ck_rounds_version')),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_rounds_contest_id_contests')),
    sa.ForeignKeyConstraint(['quiz_id'], ['quizzes.id'], name=op.f('fk_rounds_quiz_id_quizzes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rounds')),
    sa.UniqueConstraint('contest_id', 'number', name=op.f('uq_rounds_contest_id_number')),
    sa.UniqueConstraint('quiz_id', name=op.f('uq_rounds_quiz_id'))
    )
    op.create_table('sign_in_sessions',
    sa.Column('token_hash', sa.String(length=64), nullable=False, comment='SHA-256 of the token in the cookie'),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('created_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='refreshed every ten minutes of use'),
    sa.Column('expires_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='moves on with use'),
    sa.Column('ended_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='set when it was ended early'),
    sa.Column('agent', sa.String(length=200), nullable=False, comment='browser, as it names itself'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_sign_in_sessions_member_id_members')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_sign_in_sessions'))
    )
    op.create_index(op.f('ix_sign_in_sessions_member_id'), 'sign_in_sessions', ['member_id'], unique=False)
    op.create_table('attempt_events',
    sa.Column('attempt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False, comment='1, 2, 3 … without gaps'),
    sa.Column('at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment="server's clock"),
    sa.Column('kind', sa.String(length=12), nullable=False, comment='started, held, answered, flagged, predicted, submitted'),
    sa.Column('slot', sa.Integer(), nullable=True, comment='place in the paper from 1'),
    sa.Column('data', elearn.core.types.Json(), nullable=True, comment='the response, flag, number or marks'),
    sa.Column('client_seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='order in which the page made its saves'),
    sa.Column('key', sa.String(length=64), nullable=True, comment='names a request, so that repeating it changes nothing'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SHA-256 over the digest before and this event'),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_attempt_events_attempt_id_attempts')),
    sa.PrimaryKeyConstraint('attempt_id', 'seq', name=op.f('pk_attempt_events')),
    sa.UniqueConstraint('attempt_id', 'key', name=op.f('uq_attempt_events_attempt_id_key'))
    )
    op.create_table('cohorts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False, comment='e.g. NTVD-2026-04'),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='organiser'),
    sa.Column('starts_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('due_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False, comment='deadline to complete the course'),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('closed_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='set when the class is over'),
    sa.ForeignKeyConstraint(['created_by_id'], ['members.id'], name=op.f('fk_cohorts_created_by_id_members')),
    sa.ForeignKeyConstraint(['edition_id'], ['course_editions.id'], name=op.f('fk_cohorts_edition_id_course_editions')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_cohorts_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohorts')),
    sa.UniqueConstraint('code', name=op.f('uq_cohorts_code'))
    )
    op.create_index(op.f('ix_cohorts_unit_id'), 'cohorts', ['unit_id'], unique=False)
    op.create_table('entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('display_name', sa.String(length=120), nullable=False, comment='name on entering'),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='unit on entering'),
    sa.Column('unit_name', sa.String(length=200), nullable=False, comment='name of that unit on entering'),
    sa.Column('entered_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_entries_member_id_members')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_entries_round_id_rounds')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_entries_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entries')),
    sa.UniqueConstraint('round_id', 'member_id', name=op.f('uq_entries_round_id_member_id'))
    )
    op.create_index('ix_entries_member_id', 'entries', ['member_id'], unique=False)
    op.create_table('lessons',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False, comment='1, 2, 3 …'),
    sa.Column('code', sa.String(length=80), nullable=False, comment='file name without its ending'),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('summary_en', sa.Text(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False, comment='reading time'),
    sa.Column('as_of', sa.Date(), nullable=True),
    sa.Column('parts', elearn.core.types.Json(), nullable=False, comment='[{"title": …, "html": …, "words": n}, …]; HTML is sanitised at sync'),
    sa.Column('sources', elearn.core.types.Json(), nullable=False, comment='keys of documents, in the order of the footnote numbers'),
    sa.ForeignKeyConstraint(['edition_id'], ['course_editions.id'], name=op.f('fk_lessons_edition_id_course_editions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lessons')),
    sa.UniqueConstraint('edition_id', 'position', name=op.f('uq_lessons_edition_id_position'))
    )
    op.create_table('question_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False, comment='1, 2, 3 …'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SHA-256 of type, text, body, explanation and source'),
    sa.Column('type', sa.String(length=30), nullable=False, comment='key of a question type'),
    sa.Column('text', sa.Text(), nullable=False, comment='stem, Markdown'),
    sa.Column('body', elearn.core.types.Json(), nullable=False, comment='options and key, as the question type defines them'),
    sa.Column('explanation', sa.Text(), nullable=False, comment='shown with the result, Markdown'),
    sa.Column('document_id', sa.Integer(), nullable=True, comment='source'),
    sa.Column('clause', sa.String(length=120), nullable=False, comment='place in the source, e.g. Điều 3'),
    sa.Column('created_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_question_versions_document_id_documents')),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_versions_question_id_questions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_versions')),
    sa.UniqueConstraint('question_id', 'number', name=op.f('uq_question_versions_question_id_number'))
    )
    op.create_table('settlements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False, comment='1, 2, 3 …'),
    sa.Column('settled_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('settled_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=400), nullable=False, comment='why there is another version'),
    sa.Column('criteria', elearn.core.types.Json(), nullable=False, comment='keys of the ranking criteria used'),
    sa.Column('people_count', sa.Integer(), nullable=False, comment='people (người) with a submitted attempt'),
    sa.Column('attempts_count', sa.Integer(), nullable=False, comment='submitted attempts (lượt)'),
    sa.Column('all_correct_count', sa.Integer(), nullable=False, comment='people whose counted attempt is wholly right'),
    sa.Column('prediction_actual', sa.BigInteger(), nullable=True, comment='true value of the prediction question'),
    sa.Column('published_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['published_by_id'], ['members.id'], name=op.f('fk_settlements_published_by_id_members')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_settlements_round_id_rounds')),
    sa.ForeignKeyConstraint(['settled_by_id'], ['members.id'], name=op.f('fk_settlements_settled_by_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settlements')),
    sa.UniqueConstraint('round_id', 'version', name=op.f('uq_settlements_round_id_version'))
    )
    op.create_table('takings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('started_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_read_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('lessons_done', sa.Integer(), nullable=False, comment='lessons read to the end'),
    sa.Column('passed_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='first passed quiz of the edition'),
    sa.Column('best_attempt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='attempt with the most marks'),
    sa.Column('completed_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='all lessons read and the quiz passed'),
    sa.ForeignKeyConstraint(['best_attempt_id'], ['attempts.id'], name=op.f('fk_takings_best_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['edition_id'], ['course_editions.id'], name=op.f('fk_takings_edition_id_course_editions')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_takings_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_takings')),
    sa.UniqueConstraint('member_id', 'edition_id', name=op.f('uq_takings_member_id_edition_id'))
    )
    op.create_index('ix_takings_edition_id', 'takings', ['edition_id'], unique=False)
    op.create_table('enrolments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('display_name', sa.String(length=120), nullable=False, comment='name at enrolment'),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='unit at enrolment'),
    sa.Column('unit_name', sa.String(length=200), nullable=False, comment='name of that unit at enrolment'),
    sa.Column('enrolled_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('enrolled_by_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='set when taken off the list; the row stays'),
    sa.Column('withdrawn_reason', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_enrolments_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['enrolled_by_id'], ['members.id'], name=op.f('fk_enrolments_enrolled_by_id_members')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_enrolments_member_id_members')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_enrolments_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolments')),
    sa.UniqueConstraint('cohort_id', 'member_id', name=op.f('uq_enrolments_cohort_id_member_id'))
    )
    op.create_index('ix_enrolments_member_id', 'enrolments', ['member_id'], unique=False)
    op.create_table('lesson_progress',
    sa.Column('taking_id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.Integer(), nullable=False, comment='part open last, from 1'),
    sa.Column('offset_permille', sa.Integer(), nullable=False, comment='how far down that part, 0 to 1000'),
    sa.Column('parts_done', elearn.core.types.Json(), nullable=False, comment='numbers of the parts read to their end'),
    sa.Column('updated_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('completed_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='all parts read to their end'),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_lesson_progress_lesson_id_lessons')),
    sa.ForeignKeyConstraint(['taking_id'], ['takings.id'], name=op.f('fk_lesson_progress_taking_id_takings')),
    sa.PrimaryKeyConstraint('taking_id', 'lesson_id', name=op.f('pk_lesson_progress'))
    )
    op.create_table('standings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('settlement_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False, comment='order of the rows, 1, 2, 3 … without gaps'),
    sa.Column('place', sa.Integer(), nullable=False, comment='place; equals share one: 1, 2, 2, 4'),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='the counted attempt'),
    sa.Column('display_name', sa.String(length=120), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('unit_name', sa.String(length=200), nullable=False),
    sa.Column('correct_count', sa.Integer(), nullable=False),
    sa.Column('prediction', sa.BigInteger(), nullable=True),
    sa.Column('prediction_distance', sa.BigInteger(), nullable=True, comment='distance from the true value'),
    sa.Column('working_ms', sa.Integer(), nullable=False, comment='milliseconds'),
    sa.Column('submitted_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.String(length=30), nullable=False, comment='criterion that parts it from the row above; empty: none'),
    sa.Column('prize', sa.String(length=60), nullable=False, comment='title of the prize; empty: none'),
    sa.Column('search_key', sa.String(length=340), nullable=False, comment='folded name and unit'),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_standings_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_standings_member_id_members')),
    sa.ForeignKeyConstraint(['settlement_id'], ['settlements.id'], name=op.f('fk_standings_settlement_id_settlements')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_standings_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standings')),
    sa.UniqueConstraint('settlement_id', 'member_id', name=op.f('uq_standings_settlement_id_member_id'))
    )
    op.create_index('ix_standings_member_id', 'standings', ['member_id'], unique=False)
    op.create_index('ix_standings_settlement_id_position', 'standings', ['settlement_id', 'position'], unique=False)
    op.create_table('unit_standings',
    sa.Column('settlement_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('unit_name', sa.String(length=200), nullable=False),
    sa.Column('people_count', sa.Integer(), nullable=False),
    sa.Column('attempts_count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['settlement_id'], ['settlements.id'], name=op.f('fk_unit_standings_settlement_id_settlements')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_unit_standings_unit_id_units')),
    sa.PrimaryKeyConstraint('settlement_id', 'unit_id', name=op.f('pk_unit_standings'))
    )
    for table in APPEND_ONLY:
        refuse_changes(table)


def downgrade() -> None:
    op.drop_table('unit_standings')
    op.drop_index('ix_standings_settlement_id_position', table_name='standings')
    op.drop_index('ix_standings_member_id', table_name='standings')
    op.drop_table('standings')
    op.drop_table('lesson_progress')
    op.drop_index('ix_enrolments_member_id', table_name='enrolments')
    op.drop_table('enrolments')
    op.drop_index('ix_takings_edition_id', table_name='takings')
    op.drop_table('takings')
    op.drop_table('settlements')
    op.drop_table('question_versions')
    op.drop_table('lessons')
    op.drop_index('ix_entries_member_id', table_name='entries')
    op.drop_table('entries')
    op.drop_index(op.f('ix_cohorts_unit_id'), table_name='cohorts')
    op.drop_table('cohorts')
    op.drop_table('attempt_events')
    op.drop_index(op.f('ix_sign_in_sessions_member_id'), table_name='sign_in_sessions')
    op.drop_table('sign_in_sessions')
    op.drop_table('rounds')
    op.drop_index(op.f('ix_role_grants_unit_id'), table_name='role_grants')
    op.drop_index(op.f('ix_role_grants_member_id'), table_name='role_grants')
    op.drop_table('role_grants')
    op.drop_index('ix_questions_bank_id_status_level', table_name='questions')
    op.drop_table('questions')
    op.drop_index(op.f('ix_memberships_unit_id'), table_name='memberships')
    op.drop_table('memberships')
    op.drop_table('course_editions')
    op.drop_index('uq_attempts_open', table_name='attempts', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.drop_index('ix_attempts_overdue', table_name='attempts')
    op.drop_index('ix_attempts_member_id', table_name='attempts')
    op.drop_table('attempts')
    op.drop_table('unit_successors')
    op.drop_table('unit_parents')
    op.drop_table('quizzes')
    op.drop_index('ix_members_unit_id_name_key', table_name='members')
    op.drop_index('ix_members_name_key', table_name='members')
    op.drop_table('members')
    op.drop_table('courses')
    op.drop_table('contests')
    op.drop_table('banks')
    op.drop_index('ix_units_path', table_name='units')
    op.drop_index(op.f('ix_units_parent_id'), table_name='units')
    op.drop_table('units')
    op.drop_table('unit_kinds')
    op.drop_index('ix_sign_in_failures_login', table_name='sign_in_failures')
    op.drop_index('ix_sign_in_failures_address', table_name='sign_in_failures')
    op.drop_table('sign_in_failures')
    op.drop_table('documents')
    op.drop_table('audit_head')
    op.drop_index('ix_audit_entries_subject', table_name='audit_entries')
    op.drop_index(op.f('ix_audit_entries_at'), table_name='audit_entries')
    op.drop_table('audit_entries')
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_refuse()")
