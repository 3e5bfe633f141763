"""Sessions attended by each learner of the classes of a period."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select

from elearn.classes.models import Cohort, Enrolment, Result
from elearn.classes.rules.programmes import ATTENDANCE_UNITS
from elearn.core.db import db
from elearn.lib.periods import local_day
from elearn.members.models import Member
from elearn.members.queries import below
from elearn.reports.rules.asking import Choice, Context, Option, Report
from elearn.reports.rules.attendance import Attended, write
from elearn.reports.rules.spans import days_of, moments_of, options_until
from elearn.reports.rules.written import Written
from elearn.units.models import Unit


def _options(context: Context, name: str) -> Sequence[Option]:
    return options_until(context.today) if name == "span" else context.own_units("cohort.view")


def _build(context: Context) -> Written | None:
    unit_id, span = context.number("unit"), days_of(context.asked.get("span", ""))
    if unit_id is None or span is None:
        return None
    unit = db.session.get_one(Unit, unit_id)
    start, end = moments_of(span)
    query = (
        select(
            Enrolment.display_name, Enrolment.unit_name, Cohort.title, Cohort.starts_at, Cohort.terms, Result.attended, Result.total
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Unit, Unit.id == Cohort.unit_id)
        .join(Result, Result.enrolment_id == Enrolment.id)
        .join(Member, Member.id == Enrolment.member_id)
        .where(below(Unit.path, [unit.path]), Cohort.starts_at >= start, Cohort.starts_at < end)
        .where(Enrolment.withdrawn_at.is_(None), Result.attended.is_not(None))
        .order_by(Cohort.starts_at, Cohort.id, Member.name_key, Enrolment.id)
    )
    rows = [
        Attended(
            name,
            at,
            title,
            local_day(starts_at),
            attended,
            total or Decimal(0),
            ATTENDANCE_UNITS[(terms or {}).get("attendance_by", "session")],
        )
        for name, at, title, starts_at, terms, attended, total in db.session.execute(query)
    ]
    return write(rows, *span, unit.name, context.today) if rows else None


REPORT = Report(
    key="attendance",
    name="Dự học để tính hỗ trợ",
    about="Số buổi hoặc số tiết từng học viên đã dự ở từng lớp trong một khoảng thời gian, để tính chế độ cho cán bộ không chuyên trách.",
    permission="cohort.view",
    empty="Khoảng thời gian này chưa có lớp nào có kết quả kèm số buổi dự. Số buổi dự được ghi ở bảng điểm của lớp.",
    build=_build,
    choices=(Choice("unit", "Đơn vị tổ chức"), Choice("span", "Thời gian")),
    options=_options,
)
