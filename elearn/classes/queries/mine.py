"""A person's own classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from elearn.classes.models import Cohort, Enrolment, Nomination
from elearn.classes.queries.nominations import find_own
from elearn.classes.rules.nomination import State
from elearn.core.db import db
from elearn.courses.models import Course, CourseEdition
from elearn.lib.errors import NotFound


@dataclass(frozen=True)
class OwnClass:
    """A class with what joins the person to it; `state` is that of the nomination, enrolled or withdrawn without one."""

    cohort: Cohort
    state: str


def list_classes(member_id: int) -> list[OwnClass]:
    """Classes in which a person studies or to which their unit sends them, the latest first; drafts are not theirs to see yet."""
    options = [joinedload(Cohort.unit), joinedload(Cohort.edition)]
    sent = dict(
        db.session.execute(
            select(Nomination.cohort_id, Nomination.state).where(Nomination.member_id == member_id, Nomination.state != State.DRAFT)
        ).all()
    )
    rows = db.session.execute(select(Enrolment.cohort_id, Enrolment.withdrawn_at).where(Enrolment.member_id == member_id))
    states = {cohort_id: (State.WITHDRAWN if withdrawn_at else State.ENROLLED).value for cohort_id, withdrawn_at in rows} | sent
    query = select(Cohort).where(Cohort.id.in_(states)).options(*options).order_by(Cohort.starts_at.desc(), Cohort.id.desc())
    return [OwnClass(cohort, states[cohort.id]) for cohort in db.session.scalars(query)]


def list_to_attend(member_id: int, now: datetime, until: datetime) -> Sequence[Cohort]:
    """Classes of programmes in which a person is enrolled and that run, or begin before a moment; the first to begin first."""
    query = (
        select(Cohort)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(
            Enrolment.member_id == member_id, Enrolment.withdrawn_at.is_(None), Cohort.terms.is_not(None), Cohort.closed_at.is_(None),
            Cohort.due_at > now, Cohort.starts_at < until,
        )
        .order_by(Cohort.starts_at, Cohort.id)
    )  # fmt: skip
    return db.session.scalars(query).all()


def access_class(member_id: int, cohort_id: int) -> tuple[Cohort, Nomination | None, Enrolment | None]:
    """A class of one's own, with nomination and enrolment. Raises NotFound for everybody else."""
    nomination = find_own(member_id, cohort_id)
    enrolment = db.session.scalar(select(Enrolment).where(Enrolment.cohort_id == cohort_id, Enrolment.member_id == member_id))
    if nomination is None and enrolment is None:
        raise NotFound()
    cohort = db.session.get(Cohort, cohort_id, options=[joinedload(Cohort.unit), joinedload(Cohort.edition)])
    if cohort is None:
        raise NotFound()
    return cohort, nomination, enrolment


def course_code(cohort: Cohort) -> str:
    """Code of the course that the class studies on line."""
    query = (
        select(Course.code).join(CourseEdition, CourseEdition.course_id == Course.id).where(CourseEdition.id == cohort.edition_id)
    )
    return db.session.scalar(query) or ""
