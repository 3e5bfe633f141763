"""Files of a campaign: the tree with its figures, and the names of those missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from elearn.campaigns.models import Campaign, Requirement
from elearn.campaigns.rules.progress import Missing, Row, overdue_days
from elearn.core.display import show_date, show_datetime, show_number, show_percent
from elearn.core.exports.excel import Column, workbook
from elearn.core.i18n import gettext
from elearn.lib.periods import local_day
from elearn.units.models import Unit


def _notes(campaign: Campaign, chosen: Requirement, unit: Unit, now: datetime) -> list[str]:
    return [
        gettext("%(campaign)s. %(unit)s.", campaign=campaign.title, unit=unit.name),
        gettext("Hạn %(due)s. Tính đến %(moment)s.", due=show_date(chosen.due_at), moment=show_datetime(now)),
    ]


def tree_workbook(campaign: Campaign, chosen: Requirement, unit: Unit, rows: Sequence[Row], now: datetime) -> bytes:
    """Every unit with done, asked and share, indented by its level."""
    columns = [
        Column(gettext("Đơn vị"), 52), Column(gettext("Được giao"), 12), Column(gettext("Đã xong"), 12), Column(gettext("Còn thiếu"), 12),
        Column(gettext("Tỷ lệ"), 12), Column(gettext("Nộp chậm"), 12), Column(gettext("Được miễn"), 12),
    ]  # fmt: skip
    lines = (
        (
            "    " * row.level + row.place.name, row.tally.total, row.tally.done, row.tally.missing,
            show_percent(row.tally.done, row.tally.total), row.tally.late, row.tally.exempt,
        )
        for row in rows
    )  # fmt: skip
    return workbook(chosen.title, _notes(campaign, chosen, unit, now), columns, lines)


def missing_workbook(campaign: Campaign, chosen: Requirement, unit: Unit, rows: Sequence[Missing], now: datetime) -> bytes:
    """Everybody, or every unit, that is missing, with how far they are and how late."""
    columns = [
        Column(gettext("STT"), 6), Column(gettext("Tên"), 34), Column(gettext("Đơn vị"), 40), Column(gettext("Tình trạng"), 22),
        Column(gettext("Hạn"), 12), Column(gettext("Quá hạn (ngày)"), 14),
    ]  # fmt: skip
    notes = [*_notes(campaign, chosen, unit, now), gettext("Còn thiếu %(n)s.", n=show_number(len(rows)))]
    words = {detail: gettext(detail) for detail in {one.detail for one in rows}}
    lines = (
        (number, one.name, one.unit_name, words[one.detail], local_day(one.due_at), overdue_days(one.due_at, now) or None)
        for number, one in enumerate(rows, start=1)
    )
    return workbook(gettext("Còn thiếu: %(title)s", title=chosen.title), notes, columns, lines)
