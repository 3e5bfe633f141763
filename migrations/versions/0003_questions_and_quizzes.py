"""questions and quizzes: banks with a life of their own, files of questions, delivery, marking by people, repair.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


SEARCH = "to_tsvector('simple'::regconfig, regexp_replace(search_key, '[^a-z0-9]+', ' ', 'g'))"


def index_words() -> None:
    """An index of the words of `questions.search_key`, kept by the database itself, for search by beginnings of words."""
    if not is_sqlite():
        op.execute(f"CREATE INDEX ix_questions_words ON questions USING gin ({SEARCH})")
        return
    op.execute(
        "CREATE VIRTUAL TABLE questions_words USING fts5("
        "search_key, content='questions', content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='2 3')"
    )
    out = "INSERT INTO questions_words(questions_words, rowid, search_key) VALUES ('delete', OLD.id, OLD.search_key);"
    into = "INSERT INTO questions_words(rowid, search_key) VALUES (NEW.id, NEW.search_key);"
    op.execute(f"CREATE TRIGGER questions_words_insert AFTER INSERT ON questions BEGIN {into} END")
    op.execute(f"CREATE TRIGGER questions_words_delete AFTER DELETE ON questions BEGIN {out} END")
    op.execute(f"CREATE TRIGGER questions_words_update AFTER UPDATE OF search_key ON questions BEGIN {out} {into} END")
    op.execute("INSERT INTO questions_words(rowid, search_key) SELECT id, search_key FROM questions")


def drop_words() -> None:
    if not is_sqlite():
        op.execute("DROP INDEX ix_questions_words")
        return
    for deed in ("insert", "delete", "update"):
        op.execute(f"DROP TRIGGER questions_words_{deed}")
    op.execute("DROP TABLE questions_words")


def keep_marks_by_question() -> None:
    """Marks of submitted attempts stood only in the last line of their logs."""
    marks = "json_extract(data, '$.marks')" if is_sqlite() else "(data::json->'marks')::text"
    op.execute(
        f"UPDATE attempts SET marking = '1', marks = (SELECT {marks} FROM attempt_events "
        "WHERE attempt_events.attempt_id = attempts.id AND attempt_events.kind = 'submitted') WHERE state = 'submitted'"
    )


def upgrade() -> None:
    op.create_table('scripts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('origin', sa.String(length=20), nullable=False, comment='feature that handed it in, e.g. attempt'),
    sa.Column('origin_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='its id there'),
    sa.Column('slot', sa.Integer(), nullable=False, comment='question of the paper'),
    sa.Column('pile', sa.String(length=60), nullable=False, comment='what is marked together, e.g. quiz:12:3'),
    sa.Column('title', sa.String(length=300), nullable=False, comment='of the pile, in words'),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='owner of the pile: its examiners mark'),
    sa.Column('blind_number', sa.Integer(), nullable=False, comment='stands for the name; random within the pile'),
    sa.Column('prompt', sa.Text(), nullable=False, comment='the question, as sanitised HTML'),
    sa.Column('guide', sa.Text(), nullable=False, comment='what examiners are told, as sanitised HTML'),
    sa.Column('text', sa.Text(), nullable=False, comment='what was written, plain text'),
    sa.Column('files', elearn.core.types.Json(), nullable=True, comment='[{"name", "digest", "mimetype", "size"}]'),
    sa.Column('rubric', elearn.core.types.Json(), nullable=False, comment='[{"name", "points", "guide"?}]; empty list: one mark'),
    sa.Column('max_mark', elearn.core.types.Mark(), nullable=False),
    sa.Column('examiners', sa.Integer(), nullable=False, comment='how many mark it without knowing of each other'),
    sa.Column('difference', elearn.core.types.Mark(), nullable=True, comment='a third examiner marks where two are further apart'),
    sa.Column('state', sa.String(length=10), nullable=False, comment='waiting or marked'),
    sa.Column('mark', elearn.core.types.Mark(), nullable=True, comment='final, once marked'),
    sa.Column('handed_in_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('marked_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'marked')", name=op.f('ck_scripts_state')),
    sa.CheckConstraint('examiners IN (1, 2)', name=op.f('ck_scripts_examiners')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_scripts_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scripts')),
    sa.UniqueConstraint('origin', 'origin_id', 'slot', name=op.f('uq_scripts_origin_origin_id_slot')),
    sa.UniqueConstraint('pile', 'blind_number', name=op.f('uq_scripts_pile_blind_number'))
    )
    op.create_index('ix_scripts_pile_state', 'scripts', ['pile', 'state'], unique=False)
    op.create_table('accommodations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('time_permille', sa.Integer(), nullable=False, comment='working time in thousandths of the usual: 1250 is a quarter more'),
    sa.Column('is_large_print', sa.Boolean(), nullable=False, comment='large type from the first page on'),
    sa.Column('is_screen_reader', sa.Boolean(), nullable=False, comment='all questions on one page, no palette'),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='first day without it; empty: until it is ended'),
    sa.Column('granted_by_id', sa.Integer(), nullable=False),
    sa.Column('granted_by_name', sa.String(length=200), nullable=False, comment='as then'),
    sa.Column('granted_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('time_permille >= 1000 AND time_permille <= 5000', name=op.f('ck_accommodations_time')),
    sa.ForeignKeyConstraint(['granted_by_id'], ['members.id'], name=op.f('fk_accommodations_granted_by_id_members')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_accommodations_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accommodations'))
    )
    op.create_index('ix_accommodations_member_id', 'accommodations', ['member_id'], unique=False)
    op.create_table('media',
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SHA-256 of the bytes as kept'),
    sa.Column('mimetype', sa.String(length=60), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False, comment='bytes'),
    sa.Column('width', sa.Integer(), nullable=False, comment='pixels; 0 where it is no picture'),
    sa.Column('height', sa.Integer(), nullable=False, comment='pixels; 0 where it is no picture'),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['members.id'], name=op.f('fk_media_uploaded_by_id_members')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_media'))
    )
    op.create_table('opinions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('script_id', sa.Integer(), nullable=False),
    sa.Column('examiner_id', sa.Integer(), nullable=False),
    sa.Column('examiner_name', sa.String(length=200), nullable=False, comment='as then'),
    sa.Column('place', sa.Integer(), nullable=False, comment='1, 2, or 3 for the one who decides'),
    sa.Column('taken_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('points', elearn.core.types.Json(), nullable=True, comment='by criterion, decimal strings; empty until given'),
    sa.Column('mark', elearn.core.types.Mark(), nullable=True, comment='sum of the points; empty until given'),
    sa.Column('comment', sa.Text(), nullable=False, comment='for the taker'),
    sa.Column('given_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('place IN (1, 2, 3)', name=op.f('ck_opinions_place')),
    sa.ForeignKeyConstraint(['examiner_id'], ['members.id'], name=op.f('fk_opinions_examiner_id_members')),
    sa.ForeignKeyConstraint(['script_id'], ['scripts.id'], name=op.f('fk_opinions_script_id_scripts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opinions')),
    sa.UniqueConstraint('script_id', 'examiner_id', name=op.f('uq_opinions_script_id_examiner_id')),
    sa.UniqueConstraint('script_id', 'place', name=op.f('uq_opinions_script_id_place'))
    )
    op.create_table('question_categories',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bank_id', sa.Integer(), nullable=False),
    sa.Column('path', sa.String(length=400), nullable=False, comment='names from the outermost in, joined by " / "'),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['bank_id'], ['banks.id'], name=op.f('fk_question_categories_bank_id_banks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_categories')),
    sa.UniqueConstraint('bank_id', 'path', name=op.f('uq_question_categories_bank_id_path'))
    )
    op.create_table('question_imports',
    sa.Column('id', sa.String(length=22), nullable=False, comment='random, as it stands in addresses'),
    sa.Column('bank_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True, comment='who brought it; empty: the command line'),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('format', sa.String(length=20), nullable=False, comment='key of a file format'),
    sa.Column('state', sa.String(length=10), nullable=False, comment='(reading → failed or) preview → applying → applied → undoing → undone, or dropped'),
    sa.Column('problems', elearn.core.types.Json(), nullable=False, comment='doubts about the file as a whole'),
    sa.Column('created_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('applied_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('undone_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('reading', 'failed', 'preview', 'applying', 'applied', 'undoing', 'undone', 'dropped')", name=op.f('ck_question_imports_state')),
    sa.ForeignKeyConstraint(['bank_id'], ['banks.id'], name=op.f('fk_question_imports_bank_id_banks')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_question_imports_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_imports'))
    )
    op.create_index('ix_question_imports_bank_id', 'question_imports', ['bank_id'], unique=False)
    op.create_table('allowances',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quiz_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('extra_seconds', sa.Integer(), nullable=False, comment='added to the working time and to the close'),
    sa.Column('extra_attempts', sa.Integer(), nullable=False, comment='added to the limit'),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('granted_by_id', sa.Integer(), nullable=False),
    sa.Column('granted_by_name', sa.String(length=200), nullable=False, comment='as then'),
    sa.Column('granted_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True, comment='taken back; attempts that had begun keep it'),
    sa.CheckConstraint('extra_seconds >= 0 AND extra_attempts >= 0', name=op.f('ck_allowances_more')),
    sa.CheckConstraint('member_id IS NULL OR unit_id IS NULL', name=op.f('ck_allowances_for_whom')),
    sa.ForeignKeyConstraint(['granted_by_id'], ['members.id'], name=op.f('fk_allowances_granted_by_id_members')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_allowances_member_id_members')),
    sa.ForeignKeyConstraint(['quiz_id'], ['quizzes.id'], name=op.f('fk_allowances_quiz_id_quizzes')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_allowances_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allowances'))
    )
    op.create_index('ix_allowances_quiz_id', 'allowances', ['quiz_id'], unique=False)
    op.create_table('quiz_statistics',
    sa.Column('quiz_id', sa.Integer(), nullable=False),
    sa.Column('which', sa.String(length=5), nullable=False, comment='attempts taken: first, best, last or all'),
    sa.Column('people', sa.Integer(), nullable=False, comment='persons, người'),
    sa.Column('attempts', sa.Integer(), nullable=False, comment='attempts, lượt'),
    sa.Column('data', elearn.core.types.Json(), nullable=False, comment='whole quiz, items, options and curves'),
    sa.Column('worked_out_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("which IN ('first', 'best', 'last', 'all')", name=op.f('ck_quiz_statistics_which')),
    sa.ForeignKeyConstraint(['quiz_id'], ['quizzes.id'], name=op.f('fk_quiz_statistics_quiz_id_quizzes')),
    sa.PrimaryKeyConstraint('quiz_id', 'which', name=op.f('pk_quiz_statistics'))
    )
    op.create_table('attempt_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=False, comment='place in the paper from 1'),
    sa.Column('name', sa.String(length=100), nullable=False, comment='as its owner named it'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SHA-256 of the bytes as kept'),
    sa.Column('mimetype', sa.String(length=80), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False, comment='bytes'),
    sa.Column('uploaded_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_attempt_files_attempt_id_attempts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt_files')),
    sa.UniqueConstraint('attempt_id', 'slot', 'name', name=op.f('uq_attempt_files_attempt_id_slot_name'))
    )
    op.create_table('late_responses',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('attempt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=False, comment='place in the paper from 1'),
    sa.Column('response', elearn.core.types.Json(), nullable=True),
    sa.Column('client_seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='order in which the page made its saves'),
    sa.Column('key', sa.String(length=64), nullable=False, comment='names the request'),
    sa.Column('waited_seconds', sa.Integer(), nullable=True, comment='how long the page says that it had kept the answer'),
    sa.Column('received_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decision', sa.String(length=10), nullable=False, comment='waiting, accepted or refused'),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_by_name', sa.String(length=200), nullable=False),
    sa.Column('decided_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.CheckConstraint("decision IN ('waiting', 'accepted', 'refused')", name=op.f('ck_late_responses_decision')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_late_responses_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['members.id'], name=op.f('fk_late_responses_decided_by_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_late_responses')),
    sa.UniqueConstraint('attempt_id', 'key', name=op.f('uq_late_responses_attempt_id_key'))
    )
    op.create_table('question_import_rows',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.String(length=22), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False, comment='1, 2, 3 … in the file'),
    sa.Column('line', sa.Integer(), nullable=False, comment='where it begins in the file; 0: not known'),
    sa.Column('draft', elearn.core.types.Json(), nullable=False, comment='the question as it would be taken'),
    sa.Column('problems', elearn.core.types.Json(), nullable=False, comment='its doubts'),
    sa.Column('worst', sa.String(length=10), nullable=False, comment='gravest doubt: error, warning, info or empty'),
    sa.Column('choice', sa.String(length=5), nullable=False, comment='take or skip'),
    sa.Column('is_mended', sa.Boolean(), nullable=False, comment='changed in the preview'),
    sa.Column('double_of_id', sa.Integer(), nullable=True, comment='question of the bank that it resembles most'),
    sa.Column('similarity', sa.Integer(), nullable=False, comment='how much, in thousandths'),
    sa.Column('search_key', sa.Text(), nullable=False, comment='folded words of stem and options'),
    sa.Column('question_id', sa.Integer(), nullable=True, comment='what it became'),
    sa.CheckConstraint("choice IN ('take', 'skip')", name=op.f('ck_question_import_rows_choice')),
    sa.ForeignKeyConstraint(['double_of_id'], ['questions.id'], name=op.f('fk_question_import_rows_double_of_id_questions')),
    sa.ForeignKeyConstraint(['import_id'], ['question_imports.id'], name=op.f('fk_question_import_rows_import_id_question_imports')),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_import_rows_question_id_questions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_import_rows')),
    sa.UniqueConstraint('import_id', 'place', name=op.f('uq_question_import_rows_import_id_place'))
    )
    op.create_index('ix_question_import_rows_double_of_id', 'question_import_rows', ['double_of_id'], unique=False)
    op.create_index('ix_question_import_rows_question_id', 'question_import_rows', ['question_id'], unique=False)
    op.create_table('question_sketches',
    sa.Column('hash', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_sketches_question_id_questions')),
    sa.PrimaryKeyConstraint('hash', 'question_id', name=op.f('pk_question_sketches'))
    )
    op.create_index('ix_question_sketches_question_id', 'question_sketches', ['question_id'], unique=False)
    op.create_table('question_findings',
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=40), nullable=False, comment='key of a linter rule'),
    sa.Column('details', elearn.core.types.Json(), nullable=False, comment='what fills the places of its words'),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_findings_question_id_questions')),
    sa.PrimaryKeyConstraint('question_id', 'rule', name=op.f('pk_question_findings'))
    )
    op.create_index('ix_question_findings_rule', 'question_findings', ['rule'], unique=False)
    op.create_table('question_tags',
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('tag_key', sa.String(length=80), nullable=False, comment='folded'),
    sa.Column('tag', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_tags_question_id_questions')),
    sa.PrimaryKeyConstraint('question_id', 'tag_key', name=op.f('pk_question_tags'))
    )
    op.create_index('ix_question_tags_tag_key', 'question_tags', ['tag_key'], unique=False)
    op.create_table('corrections',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quiz_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False, comment='key, accept (a further answer), drop or weight'),
    sa.Column('detail', elearn.core.types.Json(), nullable=False, comment='{"body": …} for key and accept, {"how": "remove" or "give"} for drop, {"mark": "2"} for weight'),
    sa.Column('policy', sa.String(length=12), nullable=False, comment='never_lower or exact'),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False, comment='previewed → applied → reverted, or dropped'),
    sa.Column('summary', elearn.core.types.Json(), nullable=True, comment='what the preview found: counts and consequences in words'),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('made_by_name', sa.String(length=200), nullable=False, comment='as then'),
    sa.Column('made_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('applied_by_id', sa.Integer(), nullable=True),
    sa.Column('applied_by_name', sa.String(length=200), nullable=False),
    sa.Column('applied_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reverted_by_id', sa.Integer(), nullable=True),
    sa.Column('reverted_by_name', sa.String(length=200), nullable=False),
    sa.Column('reverted_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('revert_reason', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('key', 'accept', 'drop', 'weight')", name=op.f('ck_corrections_kind')),
    sa.CheckConstraint("policy IN ('never_lower', 'exact')", name=op.f('ck_corrections_policy')),
    sa.CheckConstraint("state IN ('previewed', 'applied', 'reverted', 'dropped')", name=op.f('ck_corrections_state')),
    sa.ForeignKeyConstraint(['applied_by_id'], ['members.id'], name=op.f('fk_corrections_applied_by_id_members')),
    sa.ForeignKeyConstraint(['made_by_id'], ['members.id'], name=op.f('fk_corrections_made_by_id_members')),
    sa.ForeignKeyConstraint(['quiz_id'], ['quizzes.id'], name=op.f('fk_corrections_quiz_id_quizzes')),
    sa.ForeignKeyConstraint(['reverted_by_id'], ['members.id'], name=op.f('fk_corrections_reverted_by_id_members')),
    sa.ForeignKeyConstraint(['version_id'], ['question_versions.id'], name=op.f('fk_corrections_version_id_question_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_corrections'))
    )
    op.create_index('ix_corrections_quiz_id_state', 'corrections', ['quiz_id', 'state'], unique=False)
    op.create_index('ix_corrections_version_id', 'corrections', ['version_id'], unique=False)
    op.create_table('correction_changes',
    sa.Column('correction_id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('before', elearn.core.types.Json(), nullable=False, comment='{"mark", "max_mark", "correct_count", "is_passed", "marks", "marking"}'),
    sa.Column('after', elearn.core.types.Json(), nullable=False, comment='the same, afterwards'),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_correction_changes_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['correction_id'], ['corrections.id'], name=op.f('fk_correction_changes_correction_id_corrections')),
    sa.PrimaryKeyConstraint('correction_id', 'attempt_id', name=op.f('pk_correction_changes'))
    )
    op.create_table('report_cases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quiz_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False, comment='open or decided'),
    sa.Column('decision', sa.String(length=10), nullable=False, comment='kept, corrected or dropped'),
    sa.Column('answer', sa.Text(), nullable=False, comment='what everybody who reported is told'),
    sa.Column('correction_id', sa.Integer(), nullable=True, comment='what was done about it'),
    sa.Column('opened_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_by_name', sa.String(length=200), nullable=False),
    sa.Column('decided_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("decision IN ('', 'kept', 'corrected', 'dropped')", name=op.f('ck_report_cases_decision')),
    sa.CheckConstraint("state IN ('open', 'decided')", name=op.f('ck_report_cases_state')),
    sa.ForeignKeyConstraint(['correction_id'], ['corrections.id'], name=op.f('fk_report_cases_correction_id_corrections')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['members.id'], name=op.f('fk_report_cases_decided_by_id_members')),
    sa.ForeignKeyConstraint(['quiz_id'], ['quizzes.id'], name=op.f('fk_report_cases_quiz_id_quizzes')),
    sa.ForeignKeyConstraint(['version_id'], ['question_versions.id'], name=op.f('fk_report_cases_version_id_question_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_cases')),
    sa.UniqueConstraint('quiz_id', 'version_id', name=op.f('uq_report_cases_quiz_id_version_id'))
    )
    op.create_table('question_reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=False, comment='place in the paper from 1'),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('reported_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_question_reports_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['case_id'], ['report_cases.id'], name=op.f('fk_question_reports_case_id_report_cases')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_question_reports_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_reports')),
    sa.UniqueConstraint('attempt_id', 'slot', name=op.f('uq_question_reports_attempt_id_slot'))
    )
    with op.batch_alter_table('attempts') as batch:
        batch.add_column(sa.Column('extra_seconds', sa.Integer(), nullable=False, server_default='0', comment='granted to this attempt, before or during it'))
        batch.add_column(sa.Column('position', sa.Integer(), nullable=False, server_default='1', comment='slot reached; the only one that takes answers where one goes forward only'))
        batch.add_column(sa.Column('is_discarded', sa.Boolean(), nullable=False, server_default=sa.false(), comment='not submitted in time where the quiz then counts nothing'))
        batch.add_column(sa.Column('marks', elearn.core.types.Json(), nullable=True, comment='marks by slot, decimal strings; null where a person has still to mark'))
        batch.add_column(sa.Column('marking', sa.String(length=20), nullable=False, server_default='', comment='version of the marking rules, and of the last correction: 2, 2+7'))
        batch.add_column(sa.Column('is_pending', sa.Boolean(), nullable=False, server_default=sa.false(), comment='some question waits for an examiner; the mark is what is known'))
    with op.batch_alter_table('banks') as batch:
        batch.add_column(sa.Column('summary', sa.Text(), nullable=False, server_default=''))
        batch.add_column(sa.Column('is_lent', sa.Boolean(), nullable=False, server_default=sa.true(), comment='officers of units below the owner may draw papers from it'))
        batch.add_column(sa.Column('is_from_files', sa.Boolean(), nullable=False, server_default=sa.false(), comment='kept by content files, not edited on pages'))
    with op.batch_alter_table('question_versions') as batch:
        batch.add_column(sa.Column('name', sa.String(length=255), nullable=False, server_default='', comment='short name for lists; empty: the stem'))
        batch.add_column(sa.Column('text_format', sa.String(length=10), nullable=False, server_default='markdown', comment='markdown, html, plain or moodle'))
        batch.add_column(sa.Column('explanation_format', sa.String(length=10), nullable=False, server_default='markdown', comment='as text_format'))
        batch.add_column(sa.Column('default_mark', elearn.core.types.Mark(), nullable=False, server_default='10000000', comment='mark where a paper does not say another'))
        batch.add_column(sa.Column('files', elearn.core.types.Json(), nullable=True, comment='pictures: {"name in texts": digest of the medium}'))
        batch.add_column(sa.Column('source', sa.String(length=400), nullable=False, server_default='', comment='source in words where it is no document of the library'))
        batch.add_column(sa.Column('as_of', sa.Date(), nullable=True, comment='day on which its fact held'))
        batch.add_column(sa.Column('valid_to', sa.Date(), nullable=True, comment='day from which its fact does not hold any more'))
        batch.add_column(sa.Column('extra', elearn.core.types.Json(), nullable=True, comment='what a file format keeps for its own round trip'))
        batch.add_column(sa.Column('author_id', sa.Integer(), nullable=True, comment='who wrote it; empty: from files'))
        batch.add_column(sa.Column('change_note', sa.String(length=400), nullable=False, server_default='', comment='what was changed and why'))
        batch.create_foreign_key(op.f('fk_question_versions_author_id_members'), 'members', ['author_id'], ['id'])
    with op.batch_alter_table('questions') as batch:
        batch.drop_constraint(op.f('ck_questions_level'), type_='check')
        batch.drop_constraint(op.f('ck_questions_status'), type_='check')
        batch.add_column(sa.Column('category_id', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('type', sa.String(length=30), nullable=False, server_default='', comment='key of the question type of the version in force'))
        batch.add_column(sa.Column('author_id', sa.Integer(), nullable=True, comment='who wrote the version in force; empty: from files'))
        batch.add_column(sa.Column('reviewed_by_id', sa.Integer(), nullable=True, comment='second reader of the version in force, never its author'))
        batch.add_column(sa.Column('reviewed_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('status_note', sa.String(length=400), nullable=False, server_default='', comment='why it was sent back or retired'))
        batch.add_column(sa.Column('import_id', sa.String(length=22), nullable=True, comment='file by which it came'))
        batch.add_column(sa.Column('updated_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f('fk_questions_category_id_question_categories'), 'question_categories', ['category_id'], ['id'])
        batch.create_foreign_key(op.f('fk_questions_import_id_question_imports'), 'question_imports', ['import_id'], ['id'])
        batch.create_foreign_key(op.f('fk_questions_reviewed_by_id_members'), 'members', ['reviewed_by_id'], ['id'])
        batch.create_foreign_key(op.f('fk_questions_author_id_members'), 'members', ['author_id'], ['id'])
        batch.create_check_constraint(op.f('ck_questions_status'), "status IN ('draft', 'reviewed', 'in_use', 'retired')")
        batch.create_check_constraint(op.f('ck_questions_level'), "level IN ('', 'nhan_biet', 'thong_hieu', 'van_dung')")
        batch.create_check_constraint(op.f('ck_questions_second_person'), "reviewed_by_id IS NULL OR author_id IS NULL OR reviewed_by_id <> author_id")
    with op.batch_alter_table('quizzes') as batch:
        batch.drop_constraint(op.f('ck_quizzes_review'), type_='check')
        batch.add_column(sa.Column('intro', sa.Text(), nullable=False, server_default='', comment='what takers read before they start, Markdown'))
        batch.add_column(sa.Column('state', sa.String(length=10), nullable=False, server_default='published', comment='draft, published or archived'))
        batch.add_column(sa.Column('sections', elearn.core.types.Json(), nullable=True, comment='[{"title", "intro"?, "shuffle"?: true}, …]; empty: one without a title'))
        batch.add_column(sa.Column('shuffle_questions', sa.Boolean(), nullable=False, server_default=sa.true(), comment='within each section'))
        batch.add_column(sa.Column('shuffle_options', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch.add_column(sa.Column('paper_seed', sa.String(length=64), nullable=False, server_default='', comment='everybody gets the questions that it draws; empty: each attempt its own'))
        batch.add_column(sa.Column('wait_seconds', sa.Integer(), nullable=False, server_default='0', comment='between the end of an attempt and the next start'))
        batch.add_column(sa.Column('counted', sa.String(length=10), nullable=False, server_default='best', comment='which attempt counts: best, last, first or average'))
        batch.add_column(sa.Column('navigation', sa.String(length=10), nullable=False, server_default='free', comment='free, or forward only'))
        batch.add_column(sa.Column('is_for_all', sa.Boolean(), nullable=False, server_default=sa.false(), comment="open to every member, not only to the owner's units"))
        batch.add_column(sa.Column('join_code', sa.String(length=12), nullable=True, comment='by which takers find it'))
        batch.add_column(sa.Column('password_hash', sa.String(length=200), nullable=False, server_default='', comment='Argon2; empty: no password'))
        batch.add_column(sa.Column('late_policy', sa.String(length=10), nullable=False, server_default='submit', comment='submit: at the deadline by itself; grace: saves count for grace_seconds more; discard: unsubmitted work is not counted'))
        batch.add_column(sa.Column('wrong_penalty', elearn.core.types.Mark(), nullable=True, comment="share of a question's mark taken off for a wrong answer; empty: none"))
        batch.add_column(sa.Column('certainty', sa.Boolean(), nullable=False, server_default=sa.false(), comment='takers say how sure they are: 1, 2, 3 or 0, −2, −6'))
        batch.add_column(sa.Column('review_grid', elearn.core.types.Json(), nullable=True, comment='for custom: {"during"|"right_after"|"while_open"|"after_close": [what is shown]}'))
        batch.add_column(sa.Column('made_by_id', sa.Integer(), nullable=True, comment='empty: made by a course or contest'))
        batch.add_column(sa.Column('made_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True))
        batch.create_unique_constraint(op.f('uq_quizzes_join_code'), ['join_code'])
        batch.create_foreign_key(op.f('fk_quizzes_made_by_id_members'), 'members', ['made_by_id'], ['id'])
        batch.create_check_constraint(op.f('ck_quizzes_review'), "review IN ('after_submit', 'marks_only', 'after_close', 'nothing', 'custom')")
        batch.create_check_constraint(op.f('ck_quizzes_state'), "state IN ('draft', 'published', 'archived')")
        batch.create_check_constraint(op.f('ck_quizzes_counted'), "counted IN ('best', 'last', 'first', 'average')")
        batch.create_check_constraint(op.f('ck_quizzes_navigation'), "navigation IN ('free', 'forward')")
        batch.create_check_constraint(op.f('ck_quizzes_late_policy'), "late_policy IN ('submit', 'grace', 'discard')")
    op.create_index('ix_question_versions_document_id', 'question_versions', ['document_id'], unique=False)
    op.create_index('ix_question_versions_valid_to', 'question_versions', ['valid_to'], unique=False)
    op.create_index('ix_questions_listed', 'questions', ['bank_id', 'code', 'status', 'level', 'type', 'category_id', 'author_id'], unique=False)
    op.create_index('ix_questions_bank_id_topic_code', 'questions', ['bank_id', 'topic', 'code'], unique=False)
    op.create_index('ix_questions_category_id', 'questions', ['category_id'], unique=False)
    op.create_index('ix_questions_import_id', 'questions', ['import_id'], unique=False)
    op.create_index('ix_quizzes_unit_id', 'quizzes', ['unit_id'], unique=False)
    # Until now marks were shown at once and the key after the close; "after_close" says from now on that nothing is shown before it.
    op.execute("UPDATE quizzes SET review = 'marks_only' WHERE review = 'after_close'")
    op.execute(
        "UPDATE questions SET type = (SELECT type FROM question_versions AS version "
        "WHERE version.question_id = questions.id AND version.number = questions.version_number)"
    )
    index_words()
    keep_marks_by_question()


def downgrade() -> None:
    drop_words()
    op.execute("UPDATE quizzes SET review = 'after_close' WHERE review NOT IN ('after_submit', 'after_close')")
    op.execute("UPDATE questions SET status = 'retired' WHERE status NOT IN ('in_use', 'retired')")
    op.execute("UPDATE questions SET level = 'nhan_biet' WHERE level = ''")
    op.drop_index('ix_question_versions_document_id', table_name='question_versions')
    op.drop_index('ix_questions_category_id', table_name='questions')
    op.drop_index('ix_questions_bank_id_topic_code', table_name='questions')
    op.drop_index('ix_questions_listed', table_name='questions')
    op.drop_index('ix_question_versions_valid_to', table_name='question_versions')
    op.drop_index('ix_questions_import_id', table_name='questions')
    op.drop_index('ix_quizzes_unit_id', table_name='quizzes')
    with op.batch_alter_table('quizzes') as batch:
        batch.drop_constraint(op.f('ck_quizzes_review'), type_='check')
        batch.drop_constraint(op.f('ck_quizzes_state'), type_='check')
        batch.drop_constraint(op.f('ck_quizzes_counted'), type_='check')
        batch.drop_constraint(op.f('ck_quizzes_navigation'), type_='check')
        batch.drop_constraint(op.f('ck_quizzes_late_policy'), type_='check')
        batch.drop_constraint(op.f('uq_quizzes_join_code'), type_='unique')
        batch.drop_constraint(op.f('fk_quizzes_made_by_id_members'), type_='foreignkey')
        batch.drop_column('intro')
        batch.drop_column('state')
        batch.drop_column('sections')
        batch.drop_column('shuffle_questions')
        batch.drop_column('shuffle_options')
        batch.drop_column('paper_seed')
        batch.drop_column('wait_seconds')
        batch.drop_column('counted')
        batch.drop_column('navigation')
        batch.drop_column('is_for_all')
        batch.drop_column('join_code')
        batch.drop_column('password_hash')
        batch.drop_column('late_policy')
        batch.drop_column('wrong_penalty')
        batch.drop_column('certainty')
        batch.drop_column('review_grid')
        batch.drop_column('made_by_id')
        batch.drop_column('made_at')
        batch.create_check_constraint(op.f('ck_quizzes_review'), "review IN ('after_submit', 'after_close')")
    with op.batch_alter_table('questions') as batch:
        batch.drop_constraint(op.f('ck_questions_status'), type_='check')
        batch.drop_constraint(op.f('ck_questions_level'), type_='check')
        batch.drop_constraint(op.f('ck_questions_second_person'), type_='check')
        batch.drop_constraint(op.f('fk_questions_category_id_question_categories'), type_='foreignkey')
        batch.drop_constraint(op.f('fk_questions_import_id_question_imports'), type_='foreignkey')
        batch.drop_constraint(op.f('fk_questions_reviewed_by_id_members'), type_='foreignkey')
        batch.drop_constraint(op.f('fk_questions_author_id_members'), type_='foreignkey')
        batch.drop_column('category_id')
        batch.drop_column('type')
        batch.drop_column('author_id')
        batch.drop_column('reviewed_by_id')
        batch.drop_column('reviewed_at')
        batch.drop_column('status_note')
        batch.drop_column('import_id')
        batch.drop_column('updated_at')
        batch.create_check_constraint(op.f('ck_questions_status'), "status IN ('in_use', 'retired')")
        batch.create_check_constraint(op.f('ck_questions_level'), "level IN ('nhan_biet', 'thong_hieu', 'van_dung')")
    with op.batch_alter_table('question_versions') as batch:
        batch.drop_constraint(op.f('fk_question_versions_author_id_members'), type_='foreignkey')
        batch.drop_column('name')
        batch.drop_column('text_format')
        batch.drop_column('explanation_format')
        batch.drop_column('default_mark')
        batch.drop_column('files')
        batch.drop_column('source')
        batch.drop_column('as_of')
        batch.drop_column('valid_to')
        batch.drop_column('extra')
        batch.drop_column('author_id')
        batch.drop_column('change_note')
    with op.batch_alter_table('banks') as batch:
        batch.drop_column('summary')
        batch.drop_column('is_lent')
        batch.drop_column('is_from_files')
    with op.batch_alter_table('attempts') as batch:
        batch.drop_column('extra_seconds')
        batch.drop_column('position')
        batch.drop_column('is_discarded')
        batch.drop_column('marks')
        batch.drop_column('marking')
        batch.drop_column('is_pending')
    op.drop_table('question_reports')
    op.drop_table('report_cases')
    op.drop_table('correction_changes')
    op.drop_index('ix_corrections_version_id', table_name='corrections')
    op.drop_index('ix_corrections_quiz_id_state', table_name='corrections')
    op.drop_table('corrections')
    op.drop_index('ix_question_tags_tag_key', table_name='question_tags')
    op.drop_table('question_tags')
    op.drop_index('ix_question_findings_rule', table_name='question_findings')
    op.drop_table('question_findings')
    op.drop_index('ix_question_sketches_question_id', table_name='question_sketches')
    op.drop_table('question_sketches')
    op.drop_table('question_import_rows')
    op.drop_table('late_responses')
    op.drop_table('attempt_files')
    op.drop_table('quiz_statistics')
    op.drop_index('ix_allowances_quiz_id', table_name='allowances')
    op.drop_table('allowances')
    op.drop_table('question_imports')
    op.drop_table('question_categories')
    op.drop_table('opinions')
    op.drop_table('media')
    op.drop_index('ix_accommodations_member_id', table_name='accommodations')
    op.drop_table('accommodations')
    op.drop_index('ix_scripts_pile_state', table_name='scripts')
    op.drop_table('scripts')
