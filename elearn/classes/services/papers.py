"""Lists of a class as Excel files."""

from __future__ import annotations

from datetime import datetime

from elearn.classes.rules.papers import ClassFacts, period_words
from elearn.core.display import show_datetime
from elearn.core.exports.excel import Column, workbook
from elearn.core.i18n import gettext


def people_workbook(facts: ClassFacts, now: datetime) -> bytes:
    """Danh sách trích ngang as Excel, with the columns of ethnicity and religion where the facts hold them."""
    columns = [
        Column(gettext("STT"), 6), Column(gettext("Họ và tên"), 28), Column(gettext("Nam"), 12), Column(gettext("Nữ"), 12),
        Column(gettext("Chức vụ"), 24), Column(gettext("Đơn vị"), 34), Column(gettext("Cấp uỷ cử đi"), 34),
        Column(gettext("Đối tượng"), 22), Column(gettext("Điện thoại"), 14),
    ]  # fmt: skip
    if facts.with_sensitive:
        columns += [Column(gettext("Dân tộc"), 14), Column(gettext("Tôn giáo"), 14)]
    columns.append(Column(gettext("Ghi chú"), 14))
    rows = []
    for place, one in enumerate(facts.people, start=1):
        row: list[object] = [
            place, one.name, one.born if one.sex != "female" else "", one.born if one.sex == "female" else "", one.position,
            one.unit_name, one.sender, one.kind, one.phone,
        ]  # fmt: skip
        row += [one.ethnicity, one.religion] if facts.with_sensitive else []
        rows.append((*row, one.note))
    notes = [
        gettext("%(programme)s. Đơn vị mở lớp: %(unit)s.", programme=facts.programme, unit=facts.organiser),
        gettext("Thời gian: %(days)s. Xuất lúc %(moment)s.", days=period_words(facts.first, facts.last), moment=show_datetime(now)),
    ]
    return workbook(facts.title, notes, columns, rows)
