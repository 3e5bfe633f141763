"""Courses as their readers see them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from elearn.core.db import db
from elearn.courses import hooks
from elearn.courses.models import Course, CourseEdition, Lesson, LessonProgress, Taking
from elearn.courses.rules.completion import LessonState, Step, next_step
from elearn.lib.errors import NotFound
from elearn.library.models import Document
from elearn.library.queries import list_by_keys
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, demand, role_paths
from elearn.quizzes.models import Attempt
from elearn.quizzes.queries import AttemptRow, attempts_at
from elearn.units.models import Unit


@dataclass(frozen=True)
class CourseView:
    """A course with the edition and the progress of one reader."""

    course: Course
    edition: CourseEdition
    taking: Taking | None
    states: tuple[LessonState, ...]
    attempts: tuple[AttemptRow, ...]
    newer: CourseEdition | None

    @property
    def is_passed(self) -> bool:
        return self.taking is not None and self.taking.passed_at is not None

    @property
    def step(self) -> Step:
        return next_step(self.states, self.edition.quiz_id is not None, self.is_passed)

    @property
    def lessons_done(self) -> int:
        return sum(state.is_done for state in self.states)

    @property
    def best(self) -> AttemptRow | None:
        done = [attempt for attempt in self.attempts if attempt.mark is not None]
        return max(done, key=lambda attempt: attempt.mark or 0, default=None)

    @property
    def open_attempt(self) -> AttemptRow | None:
        return next((attempt for attempt in self.attempts if attempt.state == "open"), None)


@dataclass(frozen=True)
class CatalogueRow:
    """A course in the catalogue, with what the reader has done; the lessons are those of the edition that they take."""

    course: Course
    edition: CourseEdition
    lesson_count: int
    minutes: int
    taking: Taking | None


def list_catalogue(actor: Actor) -> list[CatalogueRow]:
    """The courses that the actor may read, in their order, in a constant number of statements."""
    query = (
        select(Course, CourseEdition, func.count(Lesson.id), func.sum(Lesson.minutes))
        .join(CourseEdition, (CourseEdition.course_id == Course.id) & (CourseEdition.number == Course.edition_number))
        .join(Lesson, Lesson.edition_id == CourseEdition.id, isouter=True)
        .join(Unit, Unit.id == Course.unit_id)
        .where(or_(Course.is_published, below(Unit.path, role_paths(actor, "course.read"))))
        .group_by(Course.id, CourseEdition.id)
        .order_by(Course.position, Course.id)
    )
    takings = {taking.edition.course_id: taking for taking in reversed(list_takings(actor.member_id))}
    taken = lesson_counts([taking.edition_id for taking in takings.values()])
    rows = []
    for course, edition, count, minutes in db.session.execute(query):
        taking = takings.get(course.id)
        rows.append(CatalogueRow(course, edition, taken[taking.edition_id] if taking else count, minutes or 0, taking))
    return rows


def list_takings(member_id: int) -> Sequence[Taking]:
    """What a member takes or has taken, the latest read first."""
    query = select(Taking).where(Taking.member_id == member_id).options(joinedload(Taking.edition).joinedload(CourseEdition.course))
    return db.session.scalars(query.order_by(Taking.last_read_at.desc(), Taking.id.desc())).all()


def lesson_counts(edition_ids: Sequence[int]) -> dict[int, int]:
    """Number of lessons by edition."""
    query = select(Lesson.edition_id, func.count()).where(Lesson.edition_id.in_(edition_ids)).group_by(Lesson.edition_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def access_course(actor: Actor, code: str) -> Course:
    """The course; NotFound where there is none, Forbidden where it is not open to the actor."""
    course = db.session.scalar(select(Course).where(Course.code == code).options(joinedload(Course.unit)))
    if course is None:
        raise NotFound()
    demand(actor, "course.read", Subject(course.unit.path, is_public=course.is_published))
    return course


def edition_for(member_id: int, course: Course) -> tuple[CourseEdition, CourseEdition | None]:
    """The edition that a member reads, and the newer one in force where it is another.

    A class decides first; then the edition last read; then the one in force. Nothing newer is offered to whom a class has bound, nor to
    whom has completed.
    """
    editions = select(CourseEdition).where(CourseEdition.course_id == course.id).options(selectinload(CourseEdition.lessons))
    in_force = db.session.scalars(editions.where(CourseEdition.number == course.edition_number)).one()
    for choose in hooks.edition_choosers:
        chosen = choose(member_id, course.id)
        if chosen is not None:
            return db.session.scalars(editions.where(CourseEdition.id == chosen)).one(), None
    query = select(Taking.edition_id, Taking.completed_at).join(CourseEdition, CourseEdition.id == Taking.edition_id)
    query = query.where(Taking.member_id == member_id, CourseEdition.course_id == course.id)
    last = db.session.execute(query.order_by(Taking.last_read_at.desc(), Taking.id.desc()).limit(1)).one_or_none()
    if last is None or last.edition_id == in_force.id:
        return in_force, None
    return db.session.scalars(editions.where(CourseEdition.id == last.edition_id)).one(), None if last.completed_at else in_force


def view_course(member_id: int, course: Course) -> CourseView:
    """The course as the member stands in it."""
    edition, newer = edition_for(member_id, course)
    taking = db.session.scalar(select(Taking).where(Taking.member_id == member_id, Taking.edition_id == edition.id))
    known: dict[int, LessonProgress] = {}
    if taking is not None:
        known = {p.lesson_id: p for p in db.session.scalars(select(LessonProgress).where(LessonProgress.taking_id == taking.id))}
    states = []
    for lesson in edition.lessons:
        progress = known.get(lesson.id)
        done = frozenset(progress.parts_done) if progress else frozenset()
        states.append(LessonState(lesson.position, len(lesson.parts), done, progress.part if progress else 1))
    attempts = tuple(attempts_at(member_id, edition.quiz_id)) if edition.quiz_id else ()
    return CourseView(course, edition, taking, tuple(states), attempts, newer)


def find_progress(taking: Taking | None, lesson: Lesson) -> LessonProgress | None:
    """How far a member has read a lesson; None where they have not begun."""
    return db.session.get(LessonProgress, (taking.id, lesson.id)) if taking else None


def cited_in(lesson: Lesson, part: int) -> list[tuple[int, Document]]:
    """The documents that a part cites, each with its number in the lesson's list of sources."""
    numbers = sorted({int(number) for number in re.findall(r'href="#source-(\d+)"', lesson.parts[part - 1]["html"])})
    known = {document.key: document for document in list_by_keys(lesson.sources)}
    named = ((number, lesson.sources[number - 1]) for number in numbers if number <= len(lesson.sources))
    return [(number, known[key]) for number, key in named if key in known]


def find_course_code(quiz_id: int) -> str | None:
    """Code of the course whose quiz it is; None where it is not a course's."""
    query = select(Course.code).join(CourseEdition, CourseEdition.course_id == Course.id).where(CourseEdition.quiz_id == quiz_id)
    return db.session.scalar(query.limit(1))


def best_marks(takings: Sequence[Taking]) -> dict[int, tuple[Attempt, datetime | None]]:
    """The best attempt of each taking that has one, by the taking's id."""
    query = select(Taking.id, Attempt, Taking.completed_at).join(Attempt, Attempt.id == Taking.best_attempt_id)
    query = query.where(Taking.id.in_([taking.id for taking in takings]))
    return {number: (attempt, at) for number, attempt, at in db.session.execute(query)}


def list_owned(paths: Sequence[str]) -> list[tuple[int, str]]:
    """(id, title of the edition in force) of courses of units within subtrees, in the order of the catalogue."""
    query = select(Course.id, CourseEdition.title).join(CourseEdition, _in_force()).join(Unit, Unit.id == Course.unit_id)
    rows = db.session.execute(query.where(below(Unit.path, paths)).order_by(Course.position, Course.id))
    return [(number, title) for number, title in rows]


def find_title(course_id: int) -> tuple[str, str] | None:
    """(code, title of the edition in force) of a course."""
    query = select(Course.code, CourseEdition.title).join(CourseEdition, _in_force()).where(Course.id == course_id)
    row = db.session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def list_citing(key: str) -> list[tuple[str, str, int]]:
    """(code, title, number of the lesson) of lessons in force that cite a document."""
    query = select(Course.code, CourseEdition.title, Lesson.position, Lesson.sources).join(CourseEdition, _in_force())
    query = query.join(Lesson, Lesson.edition_id == CourseEdition.id).where(
        cast(Lesson.sources, Text).contains(f'"{key}"', autoescape=True)
    )
    rows = db.session.execute(query.order_by(Course.position, Course.id, Lesson.position))
    return [(code, title, position) for code, title, position, sources in rows if key in sources]


def _in_force() -> ColumnElement[bool]:
    return and_(CourseEdition.course_id == Course.id, CourseEdition.number == Course.edition_number)
