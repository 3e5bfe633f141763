"""Writes editions of courses; an edition once written never changes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.courses.models import Course, CourseEdition, Lesson
from elearn.lib.canonical import canonical
from elearn.quizzes.models import Quiz
from elearn.quizzes.services import QuizSpec, create_quiz


@dataclass(frozen=True)
class LessonSpec:
    """What a lesson says; `parts` are {"title", "html", "words"}, `sources` keys of documents."""

    code: str
    title: str
    title_en: str
    summary: str
    summary_en: str
    minutes: int
    as_of: date | None
    parts: Sequence[dict[str, Any]]
    sources: Sequence[str]


@dataclass(frozen=True)
class EditionSpec:
    """What a course says now; `quiz` is {"title", "blueprint", "minutes", "attempts", "pass_percent"} or None."""

    code: str
    title: str
    title_en: str
    summary: str
    summary_en: str
    audience: str
    as_of: date | None
    reviewed_on: date | None
    lessons: Sequence[LessonSpec]
    quiz: dict[str, Any] | None

    def digest(self) -> str:
        """SHA-256 over everything the edition says."""
        return hashlib.sha256(canonical(_plain(asdict(self))).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def put_course(
    session: Session, unit_id: int, position: int, spec: EditionSpec, now: datetime
) -> Literal["created", "versioned", "same"]:
    """Make the course, or add an edition where anything changed. Who has begun stays on the edition on which they began."""
    course = session.scalar(select(Course).where(Course.code == spec.code))
    outcome: Literal["created", "versioned"] = "versioned"
    former = None
    if course is None:
        course = Course(code=spec.code, unit_id=unit_id, position=position, is_published=True, edition_number=0)
        session.add(course)
        session.flush()
        outcome = "created"
    else:
        if course.position != position:
            course.position = position
        former = session.scalars(
            select(CourseEdition).where(CourseEdition.course_id == course.id, CourseEdition.number == course.edition_number)
        ).one()
        if former.digest == spec.digest():
            return "same"
    course.edition_number += 1
    quiz = _quiz(session, course, spec, former.quiz if former else None)
    edition = CourseEdition(
        course_id=course.id,
        number=course.edition_number,
        digest=spec.digest(),
        title=spec.title,
        title_en=spec.title_en,
        summary=spec.summary,
        summary_en=spec.summary_en,
        audience=spec.audience,
        as_of=spec.as_of,
        reviewed_on=spec.reviewed_on,
        quiz_id=quiz.id if quiz else None,
        created_at=now,
    )
    session.add(edition)
    session.flush()
    for number, lesson in enumerate(spec.lessons, start=1):
        values = {**lesson.__dict__, "parts": list(lesson.parts), "sources": list(lesson.sources)}
        session.add(Lesson(edition_id=edition.id, position=number, **values))
    session.flush()
    return outcome


def _quiz(session: Session, course: Course, spec: EditionSpec, former: Quiz | None) -> Quiz | None:
    """The former edition's quiz where nothing about it changed, so that attempts go on counting; else a new one."""
    if spec.quiz is None:
        return None
    wanted = QuizSpec(
        code=f"course:{course.code}:{course.edition_number}",
        title=spec.quiz["title"],
        place=spec.title,
        unit_id=course.unit_id,
        blueprint=spec.quiz["blueprint"],
        time_limit_seconds=spec.quiz["minutes"] * 60,
        attempt_limit=spec.quiz["attempts"],
        pass_percent=spec.quiz["pass_percent"],
    )
    same = ("title", "blueprint", "time_limit_seconds", "attempt_limit", "pass_percent")
    if former is not None and all(getattr(former, name) == getattr(wanted, name) for name in same):
        former.place = wanted.place  # the caption above the paper, no part of the rules
        return former
    return create_quiz(session, wanted)
