"""The report on written work: x/y handed in by unit, how late, and the names of those missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from elearn.reports.rules.sentences import as_of, counted, done_of, left, sentence, short_day
from elearn.reports.rules.written import Column, Missing, Sheet, Value, Written, percent


@dataclass(frozen=True)
class UnitWork:
    """A unit with all below it: of how many it was asked, how many are done (exempted ones count), how many of these came late."""

    name: str
    total: int
    done: int
    late: int
    exempted: int


@dataclass(frozen=True)
class Work:
    """What was asked in writing. `of_units`: of collectives (tập thể), otherwise of individuals (cá nhân)."""

    title: str
    of_units: bool
    due_on: date
    units: tuple[UnitWork, ...]
    whole: UnitWork
    missing: tuple[str, ...]


def who(work: Work) -> str:
    """How those asked are called."""
    return "tập thể" if work.of_units else "cá nhân"


def work_sentence(work: Work) -> str:
    """ "62/121 tập thể đã nộp (51,24%), còn 59 tập thể chưa nộp; trong đó 03 nộp chậm, 02 được miễn"."""
    whole = work.whole
    said = f"{done_of(whole.done, whole.total, who(work), 'đã nộp')}, {left(whole.done, whole.total, who(work), 'chưa nộp')}"
    apart = [f"{counted(count)} {words}" for count, words in ((whole.late, "nộp chậm"), (whole.exempted, "được miễn")) if count]
    return sentence(f"{work.title}: {said}{'; trong đó ' + ', '.join(apart) if apart else ''}")


def work_sheet(work: Work) -> Sheet:
    """A row a unit."""
    columns = (
        Column("STT", "count", 1), Column("Đơn vị", share=6), Column("Được giao", "count"), Column("Đã nộp", "count"), Column("Tỷ lệ (%)", "percent"),
        Column("Nộp chậm", "count"), Column("Được miễn", "count"), Column("Chưa nộp", "count"),
    )  # fmt: skip
    rows = tuple((number, *_figures(one)) for number, one in enumerate(work.units, start=1))
    return Sheet(work.title, columns, rows, (None, *_figures(work.whole)), f"Hạn nộp: {short_day(work.due_on)}.")


def _figures(one: UnitWork) -> tuple[Value, ...]:
    return one.name, one.total, one.done, percent(one.done, one.total), one.late, one.exempted, one.total - one.done


def missing_of(work: Work) -> Missing | None:
    """Names of those who have not handed in; None where all have."""
    if not work.missing:
        return None
    return Missing(sentence(f"{left(work.whole.done, work.whole.total, who(work), 'chưa nộp')}").removesuffix("."), work.missing)


def write(works: Sequence[Work], title: str, day: date, unit: str) -> Written:
    """The report of one or several pieces of written work."""
    lists = [one for work in works if (one := missing_of(work))]
    return Written(
        title, day, unit, (f"{as_of(day)}, {unit} tổng hợp kết quả như sau.", *(work_sentence(work) for work in works)),
        tuple(work_sheet(work) for work in works), tuple(lists),
    )  # fmt: skip
