"""Loading content: again changes nothing; what changed gets a version; what was begun stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from elearn.audit.models import AuditEntry
from elearn.content.services import sync_content
from elearn.content.services.syncing import ContentFaulty
from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.courses import queries, services
from elearn.courses.models import Course, CourseEdition
from elearn.questions.models import Question, QuestionVersion
from elearn.questions.services import remove_questions
from elearn.quizzes.models import Attempt
from tests.content.conftest import spoil

DOCS = "documents/thu.yaml"
COURSE, BANK, LESSON = "courses/khoa-thu/course.yaml", "banks/thu.yaml", "courses/khoa-thu/01-mot.md"


def sync(root):
    db.session.rollback()
    outcomes = sync_content(root, 1, clock.now()).outcomes
    db.session.rollback()
    return {name: count for name, count in outcomes.items() if count and not name.startswith("document_")}


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_it_loads_and_loads_again_without_a_change(app, root):
    assert sync(root) == {"course_created": 1, "question_created": 6}
    before = (count(QuestionVersion), count(CourseEdition))
    assert sync(root) == {"course_same": 1, "question_same": 6}
    assert (count(QuestionVersion), count(CourseEdition)) == before


def test_it_knows_at_once_that_nothing_changed_unless_the_database_is_another(app, root):
    runner = app.test_cli_runner()
    (Path(app.config["ELEARN"].data_dir) / "content.stamp").unlink(missing_ok=True)
    db.session.rollback()
    assert "1 mới" in runner.invoke(args=["content", "sync", str(root)]).output
    again = runner.invoke(args=["content", "sync", str(root)])
    assert (again.exit_code, again.output.strip()) == (0, "Nội dung không đổi, không có gì để nạp.")
    with transaction() as session:  # as after a restore of an older copy
        remove_questions(session, [6])
    assert "Câu hỏi: 1 mới, 0 sửa, 5 giữ nguyên" in runner.invoke(args=["content", "sync", str(root)]).output


def test_it_says_on_the_command_line_why_it_loads_nothing(app, root):
    spoil(root, BANK, "level: nhan_biet", "level: kho")
    refused = app.test_cli_runner().invoke(args=["content", "sync", str(root)])
    assert refused.exit_code == 1
    assert "banks/thu.yaml:9:" in refused.output
    assert app.test_cli_runner().invoke(args=["content", "sync", "--sai"]).exit_code == 2


def test_it_leaves_a_line_in_the_log_only_when_it_changed_something(app, root):
    sync(root)
    sync(root)
    assert db.session.scalars(sa.select(AuditEntry.action)).all() == ["sync_content"]


def test_it_brings_documents_up_to_date(app, root):
    sync(root)
    spoil(root, DOCS, "superseded_by: chi-thi-hai", "superseded_by:")
    db.session.rollback()
    outcomes = sync_content(root, 1, clock.now()).outcomes
    assert (outcomes["document_changed"], outcomes["document_same"], outcomes["course_same"]) == (1, 1, 1)


def test_it_loads_nothing_where_anything_is_wrong(app, root):
    spoil(root, BANK, "level: nhan_biet", "level: kho")
    with pytest.raises(ContentFaulty):
        sync(root)
    assert count(Course) == count(Question) == 0


def test_it_makes_a_version_of_a_changed_question_and_keeps_the_old_one(app, root):
    sync(root)
    spoil(root, BANK, "Câu thử số 2?", "Câu thử số hai?")
    assert sync(root) == {"course_same": 1, "question_same": 5, "question_versioned": 1}
    texts = db.session.scalars(
        sa.select(QuestionVersion.text).join(Question).where(Question.code == "q2").order_by(QuestionVersion.number)
    )
    assert texts.all() == ["Câu thử số 2?", "Câu thử số hai?"]


def test_it_retires_a_question_that_is_gone(app, root):
    sync(root)
    text = (root / BANK).read_text(encoding="utf-8")
    (root / BANK).write_text(text[: text.index("  - code: q6")], encoding="utf-8")
    assert sync(root)["question_retired"] == 1
    assert db.session.scalar(sa.select(Question.status).where(Question.code == "q6")) == "retired"


def test_it_leaves_a_paper_that_was_drawn_as_it_was(app, root):
    sync(root)
    edition = db.session.scalars(sa.select(CourseEdition)).one()
    number = services.start_quiz(1, 3, edition, clock.now())
    db.session.rollback()
    paper = db.session.get(Attempt, number).paper
    spoil(root, BANK, "Câu thử số", "Câu đã sửa số")
    sync(root)
    assert db.session.get(Attempt, number).paper == paper


def test_it_keeps_a_reader_on_the_edition_begun_and_offers_the_newer_one(app, root, as_):
    sync(root)
    first = db.session.scalars(sa.select(CourseEdition)).one()
    services.finish_part(1, first.lessons[1].id, 1, clock.now())
    services.finish_part(1, first.lessons[1].id, 2, clock.now())
    spoil(root, LESSON, "Câu đầu", "Câu mới")
    assert sync(root)["course_versioned"] == 1
    course = db.session.scalars(sa.select(Course)).one()
    view = queries.view_course(1, course)
    assert (view.edition.number, view.newer.number) == (1, 2)
    assert queries.view_course(2, course).edition.number == 2
    client = as_("hanh")
    assert "bản mới" in client.get("/courses/khoa-thu").get_data(as_text=True)
    client.post("/courses/khoa-thu/edition")
    db.session.rollback()
    view = queries.view_course(1, course)
    assert (view.edition.number, view.newer) == (2, None)
    assert [state.is_done for state in view.states] == [False, True]  # the lesson that did not change stays read


def test_it_keeps_the_quiz_where_only_the_text_changed(app, root):
    sync(root)
    spoil(root, LESSON, "Câu đầu", "Câu mới")
    sync(root)
    spoil(root, COURSE, "title: Khoá thử", "title: Khoá thử đổi tên")
    sync(root)
    spoil(root, COURSE, "minutes: 10", "minutes: 12")
    sync(root)
    quizzes = db.session.scalars(sa.select(CourseEdition.quiz_id).order_by(CourseEdition.number)).all()
    assert quizzes[0] == quizzes[1] == quizzes[2] != quizzes[3]
