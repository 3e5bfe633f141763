"""A corrected question of a course's quiz: completion comes and goes with the result."""

from __future__ import annotations

from sqlalchemy import select

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.courses.models import CourseEdition, Taking
from elearn.courses.services import start_course
from elearn.questions.models import QuestionVersion
from elearn.questions.queries import TYPES
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.services import Save, save_response, start_attempt, submit_attempt
from elearn.quizzes.services.correcting import apply_correction, preview_correction, propose_correction, revert_correction

MAI, KIEN = (6, "Hoàng Thị Mai"), (4, "Đặng Trung Kiên")


def test_completion_follows_the_result_both_ways(course, people):
    edition = db.session.scalar(select(CourseEdition))
    quiz_id, lessons = edition.quiz_id, len(edition.lessons)
    with transaction() as session:  # every answer counts: one wrong answer fails
        session.get_one(Quiz, quiz_id).pass_percent = 100
    start_course(people.hanh.member_id, edition.id, clock.now())
    with transaction() as session:
        session.scalar(select(Taking)).lessons_done = lessons
    attempt_id = start_attempt(quiz_id, people.hanh.member_id, people.hanh.unit_id, clock.now())
    paper = db.session.get_one(Attempt, attempt_id).paper
    for slot, asked in enumerate(paper, 1):
        version = db.session.get_one(QuestionVersion, asked["version"])
        right = TYPES[version.type].right(version.body, asked["order"])
        if slot < len(paper):
            save_response(attempt_id, people.hanh.member_id, Save(slot, right, slot, f"k{slot}"), clock.now())
    submit_attempt(attempt_id, people.hanh.member_id, "nop", clock.now())
    db.session.rollback()
    assert db.session.scalar(select(Taking)).completed_at is None
    number = propose_correction(quiz_id, paper[-1]["version"], "drop", {"how": "give"}, "exact", "Câu hỏi sai", MAI, clock.now())
    summary = preview_correction(number, clock.now())
    assert [(one["text"], one["values"], one["names"]) for one in summary["consequences"]] == [
        ("%(n)s người được công nhận hoàn thành khoá học.", {"n": 1}, ["Trần Thị Hạnh"])
    ]
    assert db.session.scalar(select(Taking)).completed_at is None
    apply_correction(number, KIEN, clock.now())
    db.session.rollback()
    taking = db.session.scalar(select(Taking))
    assert taking.completed_at is not None
    assert taking.best_attempt_id == attempt_id
    revert_correction(number, KIEN, "Câu hỏi đúng", clock.now())
    db.session.rollback()
    assert db.session.scalar(select(Taking)).completed_at is None
