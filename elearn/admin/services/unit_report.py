"""The report of units as then and as now as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from elearn.admin.queries.unit_report import Side, UnitReport
from elearn.core.display import show_date
from elearn.core.exports.excel import Column, workbook
from elearn.core.i18n import gettext


def report_workbook(report: UnitReport, since: date, until: date) -> bytes:
    """Both ways below each other, each closed by its total; the level of a unit stands beside its name."""
    columns = [
        Column(gettext("Cách tính"), 30), Column(gettext("Cấp"), 7), Column(gettext("Đơn vị"), 48), Column(gettext("Người"), 10),
        Column(gettext("Lượt làm bài"), 12), Column(gettext("Ghi chú"), 36),
    ]  # fmt: skip
    then = gettext("Như tổ chức ngày %(day)s", day=show_date(report.then.day))
    now = gettext("Như tổ chức hiện nay (%(day)s)", day=show_date(report.now.day))
    note = gettext("Người tính vào ngày %(until)s, lượt làm bài từ %(since)s đến %(until)s; mỗi dòng gồm cả các đơn vị bên dưới.",
                   since=show_date(since), until=show_date(until))  # fmt: skip
    rows = [
        *_rows(then, report.then, gettext("không tồn tại vào ngày đó")),
        *_rows(now, report.now, gettext("đã kết thúc, không có nơi kế thừa")),
    ]
    return workbook(gettext("Như khi đó, như bây giờ"), [note], columns, rows)


def _rows(way: str, side: Side, apart: str) -> Iterator[tuple[object, ...]]:
    for line in side.lines:
        yield way, line.level + 1, line.name, line.people, line.attempts, ""
    for line in side.apart:
        yield way, "", line.name, line.people, line.attempts, apart
    yield way, "", gettext("Tổng"), side.people, side.attempts, ""
