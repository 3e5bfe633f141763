"""The scorecard in words and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from elearn.lib.numbers import format_number
from elearn.reports.rules.scoring import Criterion, Scored
from elearn.reports.rules.sentences import as_of, counted, listed, sentence
from elearn.reports.rules.written import Column, Sheet, Written

BEST = 3


def write(criteria: Sequence[Criterion], scored: Sequence[Scored], year: int, day: date, unit: str) -> Written:
    """Units with the points of each criterion, the best first; a nought stands only where something was asked and nothing done."""
    columns = (
        Column("Xếp thứ", "count", 1), Column("Đơn vị", share=6),
        *(Column(f"{one.title} ({format_number(one.weight)} điểm)", "percent") for one in criteria), Column("Tổng điểm", "percent"),
    )  # fmt: skip
    rows = tuple((one.place or None, one.name, *one.points, one.score) for one in scored)
    note = "Tiêu chí không giao cho đơn vị thì không tính; tổng điểm quy về thang 100."
    return Written(
        f"Chấm điểm các đơn vị năm {year}",
        day,
        unit,
        tuple(_sentences(scored, day)),
        (Sheet("Bảng điểm", columns, rows, None, note),),
    )


def _sentences(scored: Sequence[Scored], day: date) -> list[str]:
    placed = [one for one in scored if one.score is not None]
    if not placed:
        return [sentence(f"{as_of(day)}, chưa đơn vị nào có số liệu để chấm điểm")]
    told = [sentence(f"{as_of(day)}, đã chấm điểm {counted(len(placed))} đơn vị")]
    best = [f"{one.name} ({format_number(one.score, 2)} điểm)" for one in placed if one.place <= BEST and one.score]
    if best:
        told.append(sentence(f"Dẫn đầu là {listed(best[:BEST])}"))
    low = [one for one in placed if one.score is not None and one.score < Decimal(50)]
    if low:
        told.append(sentence(f"{counted(len(low))} đơn vị dưới 50 điểm"))
    without = len(scored) - len(placed)
    if without:
        told.append(sentence(f"{counted(without)} đơn vị chưa được giao việc nào trong các tiêu chí nên chưa chấm"))
    return told
