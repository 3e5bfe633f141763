"""Who attended how many sessions of which class: what allowances for part-time cadres are reckoned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from elearn.lib.numbers import format_number
from elearn.reports.rules.sentences import counted, sentence, span_words
from elearn.reports.rules.written import Column, Sheet, Written, percent


@dataclass(frozen=True)
class Attended:
    """A learner of a class, with name and unit as at enrolment; sessions (or periods) attended of those held."""

    name: str
    unit: str
    class_title: str
    starts_on: date
    attended: Decimal
    total: Decimal
    counted_in: str
    """buổi or tiết."""


def write(rows: Sequence[Attended], first: date, last: date, unit: str, today: date) -> Written:
    """One row a learner and class; sessions and periods are never added together."""
    columns = (
        Column("STT", "count", 1), Column("Họ và tên", share=4), Column("Đơn vị", share=4), Column("Lớp", share=4), Column("Khai giảng", "day"),
        Column("Số dự", "mark"), Column("Tổng số", "mark"), Column("Tính theo"), Column("Tỷ lệ (%)", "percent"),
    )  # fmt: skip
    table = tuple(
        (
            number, one.name, one.unit, one.class_title, one.starts_on, one.attended, one.total, one.counted_in,
            percent(one.attended, one.total),
        )
        for number, one in enumerate(rows, start=1)
    )  # fmt: skip
    sums: dict[str, Decimal] = {}
    for one in rows:
        sums[one.counted_in] = sums.get(one.counted_in, Decimal(0)) + one.attended
    people = f"{counted(len(rows))} lượt học viên của {counted(len({one.class_title for one in rows}))} lớp"
    held = " và ".join(f"{format_number(count)} {word}" for word, count in sums.items())
    opening = sentence(f"{span_words(first, min(last, today))}, {unit} có {people}, cộng {held} dự học")
    note = "Lớp đã có kết quả; tên và đơn vị như khi ghi danh."
    return Written(
        "Số buổi dự học để tính hỗ trợ",
        min(last, today),
        unit,
        (opening,),
        (Sheet("Danh sách dự học", columns, table, None, note),),
    )
