"""Learners of a class and what they have done: a fixed number of statements whatever the size of the class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, select

from elearn.classes.models import Cohort, Enrolment
from elearn.classes.rules.progress import Learner, Progress, Tally, progress_of
from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.courses.models import Taking
from elearn.members.models import Member
from elearn.members.queries import matching
from elearn.quizzes.models import Attempt

_STARTED = Taking.id.is_not(None)
_COMPLETED = Taking.completed_at.is_not(None)
_FAILED = and_(Taking.completed_at.is_(None), Taking.best_attempt_id.is_not(None), Taking.passed_at.is_(None))
_STATES: dict[str, ColumnElement[bool]] = {
    Progress.NOT_STARTED: Taking.id.is_(None),
    Progress.STUDYING: and_(_STARTED, ~_COMPLETED, ~_FAILED),
    Progress.FAILED: _FAILED,
    Progress.COMPLETED: _COMPLETED,
}


def _with_taking(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join a query over enrolments and cohorts to what the learners have done."""
    return query.outerjoin(Taking, and_(Taking.member_id == Enrolment.member_id, Taking.edition_id == Cohort.edition_id)).outerjoin(
        Attempt, Attempt.id == Taking.best_attempt_id
    )


def _rows(cohort_id: int) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Enrolment.id,
            Enrolment.member_id,
            Enrolment.display_name,
            Member.code,
            Enrolment.unit_name,
            Taking.lessons_done,
            Attempt.mark,
            Attempt.max_mark,
            Attempt.submitted_at,
            Taking.last_read_at,
            Taking.best_attempt_id,
            Taking.passed_at,
            Taking.completed_at,
            Enrolment.withdrawn_at,
            Enrolment.withdrawn_reason,
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Member, Member.id == Enrolment.member_id)
        .where(Enrolment.cohort_id == cohort_id)
    )
    return _with_taking(query)


def _learner(row: Row[*tuple[Any, ...]]) -> Learner:
    moments = [moment for moment in (row.submitted_at, row.last_read_at) if moment]
    return Learner(
        enrolment_id=row.id,
        member_id=row.member_id,
        name=row.display_name,
        code=row.code,
        unit_name=row.unit_name,
        lessons_done=row.lessons_done or 0,
        best_mark=row.mark,
        max_mark=row.max_mark,
        progress=progress_of(
            row.last_read_at is not None,
            row.best_attempt_id is not None,
            row.passed_at is not None,
            row.completed_at is not None,
        ),
        last_active_at=max(moments, default=None),
        completed_at=row.completed_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
    )


def page_of_learners(cohort_id: int, words: str, state: str, number: int) -> Page[Learner]:
    """Learners in the order of their given names. `state` is a value of Progress, "withdrawn", or anything else for all enrolled."""
    query = _rows(cohort_id).where(
        Enrolment.withdrawn_at.is_not(None) if state == "withdrawn" else Enrolment.withdrawn_at.is_(None)
    )
    if state in _STATES:
        query = query.where(_STATES[state])
    if words.strip():
        query = query.where(matching(words))
    page = page_of(db.session(), query.order_by(Member.name_key, Member.id), number, scalars=False)
    return Page([_learner(row) for row in page.items], page.number, page.total, page.size)


def list_learners(cohort_id: int) -> list[Learner]:
    """All learners enrolled, in the order of their given names."""
    query = _rows(cohort_id).where(Enrolment.withdrawn_at.is_(None)).order_by(Member.name_key, Member.id)
    return [_learner(row) for row in db.session.execute(query)]


def list_names(cohort_id: int, state: Progress, most: int) -> Sequence[Row[str, str]]:
    """(name, unit) of the first `most` learners in a state, in the order of their given names."""
    query = _with_taking(
        select(Enrolment.display_name, Enrolment.unit_name)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Member, Member.id == Enrolment.member_id)
    )
    query = query.where(Enrolment.cohort_id == cohort_id, Enrolment.withdrawn_at.is_(None), _STATES[state])
    return db.session.execute(query.order_by(Member.name_key, Member.id).limit(most)).all()


def list_tallies(cohort_ids: Sequence[int]) -> dict[int, Tally]:
    """People by state of several classes, in one statement; a class without learners has the empty tally."""
    one = literal(1)
    query = _with_taking(
        select(
            Enrolment.cohort_id,
            func.count(),
            func.count(Taking.id),
            func.count(Taking.passed_at),
            func.count(Taking.completed_at),
            func.count(case((_FAILED, one))),
        )
        .select_from(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
    )
    query = query.where(Enrolment.cohort_id.in_(cohort_ids), Enrolment.withdrawn_at.is_(None)).group_by(Enrolment.cohort_id)
    found = {row[0]: Tally(*row[1:]) for row in db.session.execute(query)}
    return {cohort_id: found.get(cohort_id, Tally()) for cohort_id in cohort_ids}


def count_withdrawn(cohort_id: int) -> int:
    """People taken off the list."""
    query = select(func.count()).select_from(Enrolment)
    return db.session.scalar(query.where(Enrolment.cohort_id == cohort_id, Enrolment.withdrawn_at.is_not(None))) or 0


def list_enrolled_ids(cohort_id: int, among: Sequence[int] | None = None) -> set[int]:
    """Members in the class; `among`: only those of them who are among the given."""
    query = select(Enrolment.member_id).where(Enrolment.cohort_id == cohort_id, Enrolment.withdrawn_at.is_(None))
    return set(db.session.scalars(query if among is None else query.where(Enrolment.member_id.in_(among))))
