"""Opening and closing classes, enrolling and withdrawing people, the list as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from elearn.audit.services import record
from elearn.classes.models import Cohort, Enrolment
from elearn.classes.rules.cohorts import check_cohort, check_open
from elearn.classes.rules.progress import PROGRESS_NAMES, Learner, Tally, ten_point
from elearn.core.db import transaction
from elearn.core.display import show_date, show_datetime, show_number
from elearn.core.exports.excel import Column, workbook
from elearn.core.i18n import gettext
from elearn.courses.models import Course, CourseEdition
from elearn.lib.errors import InvalidInput
from elearn.lib.periods import local_day
from elearn.members.models import Member
from elearn.units.models import Unit

ActorName = tuple[int | None, str]
_CHUNK = 500


def open_cohort(
    actor: ActorName, course_id: int, unit_id: int, title: str, code: str, starts_at: datetime, due_at: datetime, now: datetime
) -> int:
    """Open a class on the edition of the course in force, which it keeps; return its id. Raises InvalidInput naming the field."""
    check_cohort(code, starts_at, due_at)
    try:
        with transaction() as session:
            edition_id = session.scalar(
                select(CourseEdition.id)
                .join(Course, Course.id == CourseEdition.course_id)
                .where(Course.id == course_id, CourseEdition.number == Course.edition_number)
            )
            if edition_id is None:
                raise InvalidInput("no_course", "Khoá học này không còn nữa. Hãy chọn khoá khác.", field="course")
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
    wanted = list(dict.fromkeys(member_ids))
    with transaction() as session:
        cohort = session.get_one(Cohort, cohort_id)
        check_open(cohort.closed_at)
        changed = 0
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            known = select(Enrolment.member_id, Enrolment.id, Enrolment.withdrawn_at).where(
                Enrolment.cohort_id == cohort_id, Enrolment.member_id.in_(chunk)
            )
            rows = {member_id: (number, withdrawn_at) for member_id, number, withdrawn_at in session.execute(known)}
            back = [number for number, withdrawn_at in rows.values() if withdrawn_at]
            if back:
                session.execute(update(Enrolment).where(Enrolment.id.in_(back)).values(withdrawn_at=None, withdrawn_reason=""))
            people = (
                select(Member.id, Member.display_name, Unit.id, Unit.name)
                .join(Unit, Unit.id == Member.unit_id)
                .where(Member.id.in_([one for one in chunk if one not in rows]))
            )
            fresh = [
                {
                    "cohort_id": cohort_id, "member_id": member_id, "display_name": name, "unit_id": unit_id, "unit_name": unit_name,
                    "enrolled_at": now, "enrolled_by_id": actor[0], "withdrawn_reason": "",
                }
                for member_id, name, unit_id, unit_name in session.execute(people)
            ]  # fmt: skip
            if fresh:
                session.execute(insert(Enrolment), fresh)
            changed += len(fresh) + len(back)
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
        enrolment.withdrawn_at, enrolment.withdrawn_reason = now, reason
        after = {"cohort": cohort.code, "enrolment_id": enrolment_id}
        subject = ("member", enrolment.member_id, enrolment.display_name)
        record(session, now, actor, "withdraw_member", subject, after=after, reason=reason)


def restore(actor: ActorName, enrolment_id: int, now: datetime) -> None:
    """Put a withdrawn person back on the list."""
    with transaction() as session:
        enrolment = session.get_one(Enrolment, enrolment_id)
        cohort = session.get_one(Cohort, enrolment.cohort_id)
        check_open(cohort.closed_at)
        if enrolment.withdrawn_at is None:
            return
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
        gettext("Mã lớp %(code)s. Khoá học: %(course)s, gồm %(n)s bài.", code=cohort.code, course=cohort.edition.title, n=lessons),
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
