"""Classes that an officer may see, and what concerns a learner of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import joinedload

from elearn.classes.models import Cohort, CohortQuota, Enrolment, Programme
from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.courses.models import Course, CourseEdition, Lesson, Taking
from elearn.lib.errors import NotFound
from elearn.lib.vietnamese import fold
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, demand, may, role_paths
from elearn.units.models import Unit

MOST_UNITS = 300


def visible_cohorts(actor: Actor) -> Select[Cohort]:
    """Exactly the classes for which `may(actor, "cohort.view", …)` holds."""
    within = below(Unit.path, role_paths(actor, "cohort.view"))
    return select(Cohort).join(Unit, Unit.id == Cohort.unit_id).where(within)


def access_cohort(actor: Actor, cohort_id: int, permission: str = "cohort.view") -> Cohort:
    """The class. NotFound where the actor may not know of it, Forbidden where they may see it but not do this."""
    cohort = db.session.get(Cohort, cohort_id, options=[joinedload(Cohort.edition), joinedload(Cohort.unit)])
    if cohort is None or not may(actor, "cohort.view", Subject(cohort.unit.path)):
        raise NotFound()
    demand(actor, permission, Subject(cohort.unit.path))
    return cohort


def access_planned(actor: Actor, cohort_id: int, permission: str = "cohort.view") -> Cohort:
    """The same for a class of a programme; one on a course alone has no such pages: NotFound."""
    cohort = access_cohort(actor, cohort_id, permission)
    if cohort.terms is None:
        raise NotFound()
    return cohort


def access_enrolment(actor: Actor, enrolment_id: int, permission: str = "cohort.manage") -> tuple[Enrolment, Cohort]:
    """A learner's row and its class, under the same rules as the class."""
    enrolment = db.session.get(Enrolment, enrolment_id)
    if enrolment is None:
        raise NotFound()
    return enrolment, access_cohort(actor, enrolment.cohort_id, permission)


def may_manage(actor: Actor, cohort: Cohort) -> bool:
    """Whether to offer what changes the class."""
    return may(actor, "cohort.manage", Subject(cohort.unit.path))


def may_see(actor: Actor, cohort: Cohort) -> bool:
    """Whether to lead to the class's own page."""
    return may(actor, "cohort.view", Subject(cohort.unit.path))


def may_do(actor: Actor, cohort: Cohort, permission: str) -> bool:
    """Whether the actor holds a permission for the class's organiser."""
    return may(actor, permission, Subject(cohort.unit.path))


def page_of_cohorts(actor: Actor, words: str, state: str, number: int) -> Page[Cohort]:
    """Visible classes, those due soonest first; `state` is open, closed or anything else for all."""
    query = visible_cohorts(actor)
    if words.strip():
        query = query.where(Cohort.id.in_(_named(query, words)))
    if state in ("open", "closed"):
        query = query.where(Cohort.closed_at.is_(None) if state == "open" else Cohort.closed_at.is_not(None))
    query = query.options(joinedload(Cohort.edition), joinedload(Cohort.unit))
    return page_of(db.session(), query.order_by(Cohort.closed_at.is_not(None), Cohort.due_at, Cohort.id), number)


def _named(query: Select[Cohort], words: str) -> list[int]:
    """Ids among a query's classes in whose title, code, course or unit every word occurs, accents aside; classes are few enough."""
    texts = (
        query.outerjoin(CourseEdition, CourseEdition.id == Cohort.edition_id)
        .outerjoin(Programme, Programme.id == Cohort.programme_id)
        .with_only_columns(
            Cohort.id,
            Cohort.title,
            Cohort.code,
            func.coalesce(CourseEdition.title, ""),
            func.coalesce(Programme.name, ""),
            Unit.name,
        )
    )
    wanted = fold(words).split()
    return [number for number, *parts in db.session.execute(texts) if all(word in fold(" ".join(parts)) for word in wanted)]


def list_open_courses() -> Sequence[Row[int, str]]:
    """(course id, title of the edition in force) of published courses, in the order of the catalogue."""
    query = (
        select(Course.id, CourseEdition.title)
        .join(CourseEdition, and_(CourseEdition.course_id == Course.id, CourseEdition.number == Course.edition_number))
        .where(Course.is_published)
    )
    return db.session.execute(query.order_by(Course.position, Course.id)).all()


def list_organisers(actor: Actor, permission: str = "cohort.manage") -> Sequence[Row[int, str]]:
    """(id, name) of units for which the actor may open a class, from the top down; at most MOST_UNITS."""
    within = below(Unit.path, role_paths(actor, permission))
    query = select(Unit.id, Unit.name).where(within, Unit.valid_to.is_(None))
    return db.session.execute(query.order_by(Unit.depth, Unit.sort_key, Unit.id).limit(MOST_UNITS)).all()


def list_quota_units(actor: Actor) -> list[str]:
    """Names of the units directly below those for which the actor opens classes: what usually gets a quota; at most MOST_UNITS."""
    tops = select(Unit.id).where(Unit.path.in_(role_paths(actor, "cohort.manage")))
    query = select(Unit.name).where(Unit.parent_id.in_(tops), Unit.valid_to.is_(None))
    return list(db.session.scalars(query.order_by(Unit.sort_key, Unit.id).limit(MOST_UNITS)))


def written_quotas(cohort_id: int) -> str:
    """The quotas of a class as lines "code | name | number"."""
    query = select(Unit.code, CohortQuota.unit_name, CohortQuota.quota).join(Unit, Unit.id == CohortQuota.unit_id)
    rows = db.session.execute(query.where(CohortQuota.cohort_id == cohort_id).order_by(Unit.sort_key, Unit.id))
    return "\n".join(f"{code} | {name} | {quota}" for code, name, quota in rows)


def list_codes(stem: str) -> set[str]:
    """Codes of classes that begin with `stem`."""
    return set(db.session.scalars(select(Cohort.code).where(Cohort.code.startswith(stem, autoescape=True))))


def count_lessons(cohort: Cohort) -> int:
    """Number of lessons of the course that the class studies on line; 0 where there is none."""
    if cohort.edition_id is None:
        return 0
    return db.session.scalar(select(func.count()).select_from(Lesson).where(Lesson.edition_id == cohort.edition_id)) or 0


@dataclass(frozen=True)
class Assignment:
    """A class that asks something of a learner."""

    cohort_title: str
    course_code: str
    course_title: str
    course_title_en: str
    due_at: datetime
    lessons_done: int
    lessons_total: int
    has_passed: bool


def list_assignments(member_id: int, now: datetime) -> list[Assignment]:
    """Classes under way of a member whose course they have not completed."""
    total = select(func.count()).select_from(Lesson).where(Lesson.edition_id == Cohort.edition_id).scalar_subquery()
    query = (
        select(
            Cohort.title,
            Course.code,
            CourseEdition.title,
            CourseEdition.title_en,
            Cohort.due_at,
            Taking.lessons_done,
            total,
            Taking.passed_at,
        )
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .join(CourseEdition, CourseEdition.id == Cohort.edition_id)
        .join(Course, Course.id == CourseEdition.course_id)
        .outerjoin(Taking, and_(Taking.member_id == Enrolment.member_id, Taking.edition_id == Cohort.edition_id))
        .where(
            Enrolment.member_id == member_id,
            Enrolment.withdrawn_at.is_(None),
            Cohort.closed_at.is_(None),
            Cohort.starts_at <= now,
            Taking.completed_at.is_(None),
        )
        .order_by(Cohort.due_at)
    )
    return [
        Assignment(title, code, course, course_en, due_at, done or 0, lessons or 0, passed_at is not None)
        for title, code, course, course_en, due_at, done, lessons, passed_at in db.session.execute(query)
    ]


def find_edition_for(member_id: int, course_id: int) -> int | None:
    """The edition that the member's class keeps, the latest enrolment counting; None for somebody in no class of this course."""
    query = (
        select(Cohort.edition_id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .join(CourseEdition, CourseEdition.id == Cohort.edition_id)
        .where(CourseEdition.course_id == course_id, Enrolment.member_id == member_id, Enrolment.withdrawn_at.is_(None))
        .order_by(Cohort.closed_at.is_not(None), Enrolment.enrolled_at.desc(), Enrolment.id.desc())
    )
    return db.session.scalar(query.limit(1))


def list_cohorts_of(actor: Actor, member_id: int) -> Sequence[Row[Cohort, Enrolment]]:
    """Classes of a member among those that the actor may see, the latest first."""
    query = visible_cohorts(actor).add_columns(Enrolment).join(Enrolment, Enrolment.cohort_id == Cohort.id)
    query = query.where(Enrolment.member_id == member_id).options(joinedload(Cohort.edition))
    return db.session.execute(query.order_by(Cohort.due_at.desc(), Cohort.id)).all()


def list_deadlines(actor: Actor, start: datetime, end: datetime) -> Sequence[Row[int, str, datetime]]:
    """(id, title, deadline) of visible open classes due in a half-open period."""
    query = visible_cohorts(actor).with_only_columns(Cohort.id, Cohort.title, Cohort.due_at)
    return db.session.execute(
        query.where(Cohort.closed_at.is_(None), Cohort.due_at >= start, Cohort.due_at < end).order_by(Cohort.due_at)
    ).all()


def list_due(actor: Actor, before: datetime) -> Sequence[Cohort]:
    """Open classes that the actor manages and that are due before a moment, or already past it."""
    within = below(Unit.path, role_paths(actor, "cohort.manage"))
    query = select(Cohort).join(Unit, Unit.id == Cohort.unit_id).where(within, Cohort.closed_at.is_(None), Cohort.due_at < before)
    return db.session.scalars(query.order_by(Cohort.due_at).limit(20)).all()
