"""Opening and closing classes, enrolling and withdrawing people, the list as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.classes.models import Cohort, Enrolment
from elearn.classes.rules.cohorts import check_cohort, check_open
from elearn.classes.rules.nomination import Act, carry_out
from elearn.classes.rules.progress import PROGRESS_NAMES, Learner, Tally, ten_point
from elearn.classes.services.moving import apply_plan, enrol_rows, lock_board
from elearn.classes.services.planning import edition_in_force
from elearn.core.db import transaction
from elearn.core.display import show_date, show_datetime, show_number
from elearn.core.exports.excel import Column, workbook
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.periods import local_day

ActorName = tuple[int | None, str]


def open_cohort(
    actor: ActorName, course_id: int, unit_id: int, title: str, code: str, starts_at: datetime, due_at: datetime, now: datetime
) -> int:
    """Open a class on the edition of the course in force, which it keeps; return its id. Raises InvalidInput naming the field."""
    check_cohort(code, starts_at, due_at)
    try:
        with transaction() as session:
            edition_id = edition_in_force(session, course_id)
            cohort = Cohort(
                code=code, title=title, edition_id=edition_id, unit_id=unit_id, starts_at=starts_at, due_at=due_at,
                created_by_id=actor[0], created_at=now,
            )  # fmt: skip
            session.add(cohort)
            session.flush()
            after = {"code": code, "edition_id": edition_id, "unit_id": unit_id, "due_at": due_at.isoformat()}
            record(session, now, actor, "open_cohort", ("cohort", cohort.id, title), after=after)
            return cohort.id
    except IntegrityError as error:
        raise InvalidInput("code_taken", "Đã có lớp mang mã %(taken)s. Hãy chọn mã khác.", field="code", taken=code) from error


def enrol_members(actor: ActorName, cohort_id: int, member_ids: Sequence[int], now: datetime) -> int:
    """Put members into a class, with name and unit as of now; return how many are new or back.

    Somebody already in the class stays as they are; somebody withdrawn comes back. Whom the actor may enrol is decided before.
    """
    with transaction() as session:
        cohort = session.get_one(Cohort, cohort_id)
        check_open(cohort.closed_at)
        if cohort.terms is not None:
            raise DomainError("by_nomination", "Lớp này nhận người qua đề cử của các đơn vị. Hãy dùng trang đề cử của lớp.")
        changed = enrol_rows(session, cohort_id, member_ids, actor, now)
        if changed:
            record(session, now, actor, "enrol_members", ("cohort", cohort_id, cohort.title), after={"people": changed})
        return changed


def withdraw(actor: ActorName, enrolment_id: int, reason: str, now: datetime) -> None:
    """Take a person off the list; the row and what they have learned stay. Withdrawing twice changes nothing."""
    with transaction() as session:
        enrolment = session.get_one(Enrolment, enrolment_id)
        cohort = session.get_one(Cohort, enrolment.cohort_id)
        check_open(cohort.closed_at)
        if enrolment.withdrawn_at is not None:
            return
        if cohort.terms is not None:
            _withdraw_nominee(session, actor, cohort.id, enrolment.member_id, reason, now)
            return
        enrolment.withdrawn_at, enrolment.withdrawn_reason = now, reason
        after = {"cohort": cohort.code, "enrolment_id": enrolment_id}
        subject = ("member", enrolment.member_id, enrolment.display_name)
        record(session, now, actor, "withdraw_member", subject, after=after, reason=reason)


def _withdraw_nominee(session: Session, actor: ActorName, cohort_id: int, member_id: int, reason: str, now: datetime) -> None:
    """In a class of a programme the place becomes free, and whoever waits longest is called."""
    board = lock_board(session, cohort_id)
    chosen = [number for number, row in board.rows.items() if row.member_id == member_id]
    plan = carry_out(Act.WITHDRAW, chosen, board.nominees, board.places, now)
    apply_plan(session, board, plan, actor, now, "nomination_withdraw", reason)


def restore(actor: ActorName, enrolment_id: int, now: datetime) -> None:
    """Put a withdrawn person back on the list."""
    with transaction() as session:
        enrolment = session.get_one(Enrolment, enrolment_id)
        cohort = session.get_one(Cohort, enrolment.cohort_id)
        check_open(cohort.closed_at)
        if enrolment.withdrawn_at is None:
            return
        if cohort.terms is not None:
            raise DomainError("by_nomination", "Lớp này nhận người qua đề cử của các đơn vị. Hãy dùng trang đề cử của lớp.")
        enrolment.withdrawn_at, enrolment.withdrawn_reason = None, ""
        subject = ("member", enrolment.member_id, enrolment.display_name)
        record(session, now, actor, "restore_member", subject, after={"cohort": cohort.code, "enrolment_id": enrolment_id})


def close_cohort(actor: ActorName, cohort_id: int, now: datetime) -> None:
    """End a class: its learners get no more reminders, its list stays as it is."""
    with transaction() as session:
        cohort = session.get_one(Cohort, cohort_id)
        if cohort.closed_at is None:
            cohort.closed_at = now
            record(session, now, actor, "close_cohort", ("cohort", cohort_id, cohort.title))


def reopen_cohort(actor: ActorName, cohort_id: int, now: datetime) -> None:
    """Take back the end of a class."""
    with transaction() as session:
        cohort = session.get_one(Cohort, cohort_id)
        if cohort.closed_at is not None:
            cohort.closed_at = None
            record(session, now, actor, "reopen_cohort", ("cohort", cohort_id, cohort.title))


def cohort_workbook(cohort: Cohort, rows: Sequence[Learner], lessons: int, tally: Tally, now: datetime) -> bytes:
    """The whole list of a class as an Excel file, in the order of `rows`; people withdrawn are not in it."""
    columns = [
        Column(gettext("STT"), 6),
        Column(gettext("Họ và tên"), 28),
        Column(gettext("Mã"), 14),
        Column(gettext("Đơn vị"), 36),
        Column(gettext("Số bài đã học"), 14),
        Column(gettext("Điểm cao nhất"), 14),
        Column(gettext("Kết quả"), 14),
        Column(gettext("Ngày hoàn thành"), 16),
    ]
    notes = [
        gettext("Mã lớp %(code)s. Khoá học: %(course)s, gồm %(n)s bài.", code=cohort.code, course=cohort.subject, n=lessons),
        gettext("Đơn vị tổ chức: %(unit)s. Hạn học xong: %(date)s.", unit=cohort.unit.name, date=show_date(cohort.due_at)),
        gettext(
            "Tính đến %(moment)s: ghi danh %(enrolled)s người, đã bắt đầu %(started)s, đã xong %(completed)s.",
            moment=show_datetime(now), enrolled=show_number(tally.enrolled), started=show_number(tally.started),
            completed=show_number(tally.completed),
        ),
    ]  # fmt: skip
    lines = (
        (
            number,
            one.name,
            one.code,
            one.unit_name,
            one.lessons_done,
            ten_point(one.best_mark, one.max_mark),
            gettext(PROGRESS_NAMES[one.progress]),
            local_day(one.completed_at) if one.completed_at else None,
        )
        for number, one in enumerate(rows, start=1)
    )
    return workbook(cohort.title, notes, columns, lines)
