"""Lists of a class as Excel files."""

from __future__ import annotations

from datetime import datetime

from elearn.classes.rules.papers import ClassFacts, period_words
from elearn.classes.rules.result_papers import Results, counted
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


def results_workbook(results: Results, now: datetime) -> bytes:
    """The results of a class as Excel: marks as numbers, grades, what the council decided otherwise."""
    columns = [
        Column(gettext("STT"), 6), Column(gettext("Họ và tên"), 28), Column(gettext("Ngày sinh"), 12), Column(gettext("Đơn vị"), 36),
        Column(gettext("Dự học"), 20), Column(gettext("Điểm"), 8), Column(gettext("Xếp loại"), 14), Column(gettext("Kết quả"), 12),
        Column(gettext("Lý do kết luận khác"), 36),
    ]  # fmt: skip
    rows = [
        (
            place, one.name, one.born, one.unit_name, one.attendance, one.mark, one.grade,
            gettext("Đạt") if one.is_passed else gettext("Không đạt"), one.differs,
        )
        for place, one in enumerate(results.people, start=1)
    ]  # fmt: skip
    notes = [
        gettext(
            "Biên bản số %(minutes)s; quyết định công nhận số %(decision)s.",
            minutes=results.minutes_number or "…",
            decision=results.recognition_number or "…",
        ),
        gettext("%(counts)s. Xuất lúc %(moment)s.", counts=counted(results), moment=show_datetime(now)),
    ]
    return workbook(gettext("Kết quả %(title)s", title=results.facts.title), notes, columns, rows)
