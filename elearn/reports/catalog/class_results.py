"""Classes of a period by programme, with grades and the share of the year's plan."""

from __future__ import annotations

from collections.abc import Sequence

from elearn.classes.queries.results import list_class_figures
from elearn.core.db import db
from elearn.reports.rules.asking import Choice, Context, Option, Report
from elearn.reports.rules.class_results import ClassLine, write
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
    planned = context.class_plans(unit_id, span[0].year)
    found = list_class_figures([unit.path], start, end)
    lines = [
        ClassLine(one.programme, one.cohorts, one.learners, one.passed, one.by_grade, planned.get(one.programme)) for one in found
    ]
    known = {one.programme for one in found}
    lines += [ClassLine(name, 0, 0, 0, {}, learners) for name, learners in planned.items() if name not in known]
    return write(lines, *span, unit.name, context.today) if lines else None


REPORT = Report(
    key="class_results",
    name="Kết quả các lớp",
    about="Số lớp, học viên, xếp loại theo từng loại lớp trong một khoảng thời gian, và phần trăm kế hoạch năm.",
    permission="cohort.view",
    empty="Khoảng thời gian này chưa có lớp nào theo chương trình. Mở lớp ở trang Lớp học, hoặc chọn khoảng thời gian khác.",
    build=_build,
    choices=(Choice("unit", "Đơn vị tổ chức"), Choice("span", "Thời gian")),
    options=_options,
)
