"""comments of columns whose meaning has grown; only PostgreSQL keeps them.

Revision 0014, after 0013.
"""

from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

COMMENTS = (
    ('attempt_events', 'kind', 'started, held, shown, answered, flagged, lost, regained, extended, submitted, late_taken, marked, regraded'),
    ('attempts', 'attempt_limit', 'limit of the quiz at the start, with what was granted'),
    ('attempts', 'paper', '[{"version": id, "order": what was mixed, "max"?: "2", "section"?: 0}, …] by slot from 1'),
    ('attempts', 'deadline_at', 'min(start + working time, close of the quiz), with what was granted'),
    ('attempts', 'is_passed', 'empty where the quiz has no pass mark, or marking is not complete'),
    ('members', 'status', 'only active people sign in; left, deceased, merged into another record, erased at their wish'),
    ('members', 'merged_into_id', 'the record that goes on, where this one was a duplicate'),
    ('opinions', 'place', '1, 2, 3 …; one beyond the examiners of the script for the one who decides'),
    ('question_versions', 'digest', 'SHA-256 of all that makes the version'),
    ('question_versions', 'text', 'stem'),
    ('question_versions', 'explanation', 'shown with the result'),
    ('questions', 'level', 'nhan_biet, thong_hieu or van_dung; empty: not said'),
    ('questions', 'status', 'draft → reviewed → in_use → retired; only those in use are drawn'),
    ('questions', 'search_key', 'folded words of code, stem, options and tags, a space between two'),
    ('quizzes', 'place', 'of what it is part: name of the course or contest; empty: it stands alone'),
    ('quizzes', 'blueprint', '[{"bank": id, "count": n, "level"?, "category"?: id, "tags"?: [key], "mark"?: "2", "section"?: 0} or {"question": id, "mark"?, "section"?}, …]'),
    ('quizzes', 'question_count', 'questions that a paper holds'),
    ('quizzes', 'review', 'what is shown when: a named preset, or custom'),
    ('scripts', 'rubric', '[{"name", "points", "weight"?, "guide"?}]; empty list: one mark'),
    ('scripts', 'difference', 'one more examiner marks where they are further apart'),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, column, comment in COMMENTS:
            op.execute(f"""COMMENT ON COLUMN {table}.{column} IS '{comment.replace("'", "''")}'""".replace(":", r"\:"))


def downgrade() -> None:
    """What a column means is not taken back."""
