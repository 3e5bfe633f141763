"""Planning a class on a programme: units with their quotas, places, days, lecturers, class committee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.classes.models import Cohort, CohortQuota, CohortStaff, Programme
from elearn.classes.rules import nomination
from elearn.classes.rules.cohorts import Helper, check_cohort, check_open, check_plan
from elearn.classes.services.moving import SYSTEM, apply_plan, lock_board
from elearn.core.db import transaction
from elearn.courses.models import Course, CourseEdition
from elearn.lib.errors import InvalidInput
from elearn.units.models import Unit

ActorName = tuple[int | None, str]


@dataclass(frozen=True)
class Plan:
    """What an officer decides about a class. `quotas` are people by unit id; `due_at` is the end of the last day."""

    title: str
    code: str
    starts_at: datetime
    due_at: datetime
    quotas: Mapping[int, int]
    capacity: int | None = None
    mode: str = "place"
    place: str = ""
    nominate_until: datetime | None = None
    confirm_hours: int = 48
    course_id: int | None = None
    quiz_id: int | None = None
    test_choice: str = "best"
    lecturers: tuple[Helper, ...] = ()
    committee: tuple[Helper, ...] = ()


def edition_in_force(session: Session, course_id: int) -> int:
    """Id of the edition of a course that is in force. Raises InvalidInput."""
    found = session.scalar(
        select(CourseEdition.id)
        .join(Course, Course.id == CourseEdition.course_id)
        .where(Course.id == course_id, CourseEdition.number == Course.edition_number)
    )
    if found is None:
        raise InvalidInput("no_course", "Khoá học này không còn nữa. Hãy chọn khoá khác.", field="course")
    return found


def plan_cohort(actor: ActorName, programme_id: int, unit_id: int, plan: Plan, now: datetime) -> int:
    """Open a class of a programme for nominations; it keeps the terms of today. Returns its id. Raises InvalidInput."""
    check_cohort(plan.code, plan.starts_at, plan.due_at)
    check_plan(plan.quotas, plan.capacity, plan.mode, plan.confirm_hours)
    try:
        with transaction() as session:
            programme = session.get_one(Programme, programme_id)
            cohort = Cohort(
                code=plan.code, title=plan.title, programme_id=programme_id, terms=programme.terms, unit_id=unit_id,
                edition_id=edition_in_force(session, plan.course_id) if plan.course_id else None, created_by_id=actor[0], created_at=now,
                starts_at=plan.starts_at, due_at=plan.due_at,
            )  # fmt: skip
            _fill(session, cohort, plan)
            session.add(cohort)
            session.flush()
            after = {**_summary(plan), "programme": programme.code, "version": programme.version, "unit_id": unit_id}
            record(session, now, actor, "open_cohort", ("cohort", cohort.id, plan.title), after=after)
            return cohort.id
    except IntegrityError as error:
        raise InvalidInput("code_taken", "Đã có lớp mang mã %(taken)s. Hãy chọn mã khác.", field="code", taken=plan.code) from error


def change_cohort(actor: ActorName, cohort_id: int, plan: Plan, now: datetime) -> None:
    """Change the plan of a class; limits never fall below what is taken. A larger class calls people from its waiting list."""
    check_cohort(plan.code, plan.starts_at, plan.due_at)
    check_plan(plan.quotas, plan.capacity, plan.mode, plan.confirm_hours)
    try:
        with transaction() as session:
            board = lock_board(session, cohort_id)
            cohort = board.cohort
            check_open(cohort.closed_at)
            names = dict(
                session.execute(select(CohortQuota.unit_id, CohortQuota.unit_name).where(CohortQuota.cohort_id == cohort_id)).all()
            )
            nomination.check_limits(board.nominees, plan.capacity, plan.quotas, names)
            before = {
                "title": cohort.title,
                "code": cohort.code,
                "capacity": cohort.capacity,
                "quotas": {str(k): v for k, v in board.places.quotas.items()},
            }
            if cohort.edition_id is None and plan.course_id:
                cohort.edition_id = edition_in_force(session, plan.course_id)
            _fill(session, cohort, plan)
            session.flush()
            record(session, now, actor, "change_cohort", ("cohort", cohort_id, plan.title), before=before, after=_summary(plan))
            board = lock_board(session, cohort_id)
            apply_plan(
                session, board, nomination.let_lapse(board.nominees, board.places, now), SYSTEM, now, "call_from_waiting_list"
            )
    except IntegrityError as error:
        raise InvalidInput("code_taken", "Đã có lớp mang mã %(taken)s. Hãy chọn mã khác.", field="code", taken=plan.code) from error


def _fill(session: Session, cohort: Cohort, plan: Plan) -> None:
    for name in (
        "title",
        "code",
        "starts_at",
        "due_at",
        "capacity",
        "mode",
        "place",
        "nominate_until",
        "confirm_hours",
        "quiz_id",
        "test_choice",
    ):
        setattr(cohort, name, getattr(plan, name))
    units = dict(session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(plan.quotas))).all())
    if set(units) != set(plan.quotas):
        raise InvalidInput("no_unit", "Có đơn vị không còn trong danh sách. Hãy xem lại chỉ tiêu.", field="quotas")
    had = {row.unit_id: row for row in cohort.quotas}
    for unit_id, quota in plan.quotas.items():
        if unit_id in had:
            had[unit_id].quota = quota
        else:
            cohort.quotas.append(CohortQuota(unit_id=unit_id, unit_name=units[unit_id], quota=quota))
    for unit_id, row in had.items():
        if unit_id not in plan.quotas:
            cohort.quotas.remove(row)
    wanted = [("lecturer", one) for one in plan.lecturers] + [("committee", one) for one in plan.committee]
    if [(row.role, row.member_id, row.display_name, row.duty) for row in cohort.staff] != [
        (role, one.member_id, one.name, one.duty) for role, one in wanted
    ]:
        cohort.staff[:] = [
            CohortStaff(role=role, position=place, member_id=one.member_id, display_name=one.name, duty=one.duty)
            for place, (role, one) in enumerate(wanted)
        ]


def _summary(plan: Plan) -> dict[str, Any]:
    return {
        "title": plan.title, "code": plan.code, "starts_at": plan.starts_at.isoformat(), "due_at": plan.due_at.isoformat(),
        "capacity": plan.capacity, "quotas": {str(unit_id): quota for unit_id, quota in plan.quotas.items()}, "place": plan.place,
        "lecturers": [one.name for one in plan.lecturers], "committee": [one.name for one in plan.committee],
    }  # fmt: skip


def staff_of(rows: Sequence[CohortStaff], role: str) -> tuple[Helper, ...]:
    """The lecturers, or the committee, as a plan holds them."""
    return tuple(Helper(row.display_name, row.duty, row.member_id) for row in rows if row.role == role)
