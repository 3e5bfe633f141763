"""A course of three lessons with a quiz, and a class on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from flask import Flask

from elearn.classes import services
from elearn.classes.models import Nomination
from elearn.classes.rules.nomination import Act
from elearn.classes.rules.programmes import Lesson as Taught
from elearn.classes.rules.programmes import Part, Terms
from elearn.core.db import db, transaction
from elearn.courses.models import Course, CourseEdition, Lesson, Taking
from elearn.quizzes.models import Attempt, Quiz

DUNG = (5, "Phan Đức Dũng")
NOW = datetime(2026, 10, 14, 3, 32, tzinfo=UTC)  # 10:32 in Viet Nam


@pytest.fixture
def at_the_hour():
    """The clock stands at NOW."""
    with time_machine.travel(NOW, tick=False):
        yield


def text_of(answer: Any) -> str:
    """The page that was answered."""
    return str(answer.get_data(as_text=True))


class School:
    """Makes courses, classes and what people did in them."""

    def course(self, code: str = "nhan-thuc", title: str = "Bồi dưỡng nhận thức về Đảng", lessons: int = 3) -> int:
        with transaction() as session:
            quiz = Quiz(
                code=f"quiz-{code}", title="Kiểm tra cuối khoá", unit_id=1, blueprint=[], question_count=10,
                time_limit_seconds=600, attempt_limit=5, pass_percent=50,
            )  # fmt: skip
            course = Course(code=code, unit_id=1, edition_number=1)
            session.add_all([quiz, course])
            session.flush()
            edition = CourseEdition(course_id=course.id, number=1, digest="d" * 64, title=title, quiz_id=quiz.id, created_at=NOW)
            session.add(edition)
            session.flush()
            for position in range(1, lessons + 1):
                session.add(
                    Lesson(
                        edition_id=edition.id,
                        position=position,
                        code=f"bai-{position}",
                        title=f"Bài {position}",
                        minutes=5,
                        parts=[],
                        sources=[],
                    )
                )
            return course.id

    def edition(self, course_id: int) -> int:
        return db.session.query(CourseEdition.id).filter_by(course_id=course_id).scalar()

    def cohort(
        self,
        course_id: int,
        unit_id: int = 2,
        code: str = "BDNT-2026-10",
        title: str = "Lớp nhận thức tháng 10",
        due: datetime | None = None,
    ) -> int:
        start = NOW - timedelta(days=10)
        return services.open_cohort(
            (5, "Phan Đức Dũng"), course_id, unit_id, title, code, start, due or NOW + timedelta(days=3), NOW
        )

    def enrol(self, cohort_id: int, *member_ids: int) -> int:
        return services.enrol_members((5, "Phan Đức Dũng"), cohort_id, member_ids, NOW)

    def study(
        self,
        course_id: int,
        member_id: int,
        lessons: int = 1,
        mark: int | None = None,
        is_passed: bool = False,
        is_done: bool = False,
    ) -> None:
        with transaction() as session:
            edition = session.query(CourseEdition).filter_by(course_id=course_id).one()
            attempt_id: Any = None
            if mark is not None:
                attempt = Attempt(
                    quiz_id=edition.quiz_id, member_id=member_id, unit_id=3, number=1, attempt_limit=5, seed="a", paper=[],
                    started_at=NOW, deadline_at=NOW + timedelta(minutes=10), state="submitted", submitted_at=NOW, mark=Decimal(mark),
                    max_mark=Decimal(10), correct_count=mark, is_passed=is_passed,
                )  # fmt: skip
                session.add(attempt)
                session.flush()
                attempt_id = attempt.id
            session.add(
                Taking(
                    member_id=member_id, edition_id=edition.id, started_at=NOW, last_read_at=NOW, lessons_done=lessons,
                    passed_at=NOW if is_passed else None, best_attempt_id=attempt_id, completed_at=NOW if is_done else None,
                )
            )  # fmt: skip


@pytest.fixture
def school(app: Flask) -> School:
    return School()


@pytest.fixture
def cohort(school: School) -> int:
    """A class of Bình Minh with Hạnh (done), Bình (failed) and Bảo (not begun)."""
    course_id = school.course()
    cohort_id = school.cohort(course_id)
    school.enrol(cohort_id, 1, 2, 12)
    school.study(course_id, 1, lessons=3, mark=9, is_passed=True, is_done=True)
    school.study(course_id, 2, lessons=3, mark=4)
    return cohort_id


class Desk:
    def __init__(self) -> None:
        terms = Terms("Bồi dưỡng nhận thức về Đảng", (Taught("Điều lệ Đảng", 5),), parts=(Part("test", Decimal(100)),))
        self.programme = services.save_programme(DUNG, None, 1, "NTVD", terms, NOW)
        self.cohort = self.plan("NTVD-2026-10")

    def plan(self, code, **more):
        plan = services.Plan(
            f"Lớp {code}", code, NOW + timedelta(days=5), NOW + timedelta(days=9), {2: 2, 5: 2}, capacity=2,
            nominate_until=NOW + timedelta(days=2),
        )  # fmt: skip
        return services.plan_cohort(DUNG, self.programme, 1, replace(plan, **more), NOW)

    def essay_cohort(self):
        """A class whose mark is half test, half essay, with places enough."""
        terms = Terms(
            "Bồi dưỡng đảng viên mới", (Taught("Bài một", 5),), parts=(Part("test", Decimal(50)), Part("essay", Decimal(50))),
            certificate_kind="DVM", validity_months=60,
        )  # fmt: skip
        self.programme = services.save_programme(DUNG, None, 1, "DVM", terms, NOW)
        return self.plan("DVM-2026-10", capacity=10)

    def add(self, unit, *members, cohort=None):
        return services.add_nominees(DUNG, cohort or self.cohort, unit, members, NOW)

    def act(self, what, *logins, cohort=None, reason="", now=NOW):
        return services.act(DUNG, cohort or self.cohort, self.ids(cohort, *logins), what, reason, now)

    def ids(self, cohort=None, *members):
        query = db.session.query(Nomination.id).filter_by(cohort_id=cohort or self.cohort)
        return [row[0] for row in (query.filter(Nomination.member_id.in_(members)) if members else query).order_by(Nomination.id)]

    def states(self, cohort=None):
        db.session.expire_all()
        return {one.member_id: one.state for one in db.session.query(Nomination).filter_by(cohort_id=cohort or self.cohort)}

    def all_in(self, *members, cohort=None):
        for what in (Act.SUBMIT, Act.CONFIRM, Act.APPROVE):
            outcome = self.act(what, *members, cohort=cohort)
        return outcome


@pytest.fixture
def desk(school):
    """A programme for everybody, and a class of two places: two from Bình Minh, two from Đông Hoà."""
    return Desk()
