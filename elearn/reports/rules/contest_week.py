"""The weekly report of a contest: people and attempts by unit, wholly right, prizes."""

from __future__ import annotations

from datetime import date

from elearn.contests.rules.bulletin import Figures, main_sentences, unit_sentence, winner_sentence, winners_by_unit
from elearn.lib.periods import local_day
from elearn.reports.rules.written import Column, Sheet, Written, percent


def write(of: Figures, unit: str) -> Written:
    """The report of one round; people (người) and attempts (lượt) stand in columns of their own and are never added."""
    prizes = dict(winners_by_unit(of.winners))
    columns = [
        Column("STT", "count", 1), Column("Đơn vị", share=6), Column("Số người", "count"), Column("Số lượt", "count"),
    ]  # fmt: skip
    if of.has_questions:
        columns += [Column("Đúng hết (người)", "count"), Column("Tỷ lệ đúng hết (%)", "percent")]
    columns.append(Column("Giải", "count"))
    rows = []
    for number, one in enumerate(of.units, start=1):
        right = (one.all_correct, percent(one.all_correct, one.people)) if of.has_questions else ()
        rows.append((number, one.name, one.people, one.attempts, *right, prizes.get(one.name, 0)))
    this = of.this
    right = (this.all_correct, percent(this.all_correct, this.people)) if of.has_questions else ()
    total = (None, "Cộng", this.people, this.attempts, *right, sum(not one.is_unit for one in of.winners))
    day: date = local_day(of.closes_at)
    return Written(
        title=f"Kết quả {this.title}, {of.contest}",
        day=day,
        unit=unit,
        sentences=tuple(one for one in (*main_sentences(of), unit_sentence(of), winner_sentence(of)) if one),
        sheets=(
            Sheet("Kết quả theo đơn vị", tuple(columns), tuple(rows), total, "" if of.is_published else "Kết quả chưa công bố."),
        ),
    )
