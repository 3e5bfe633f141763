"""Which figures the standings of each kind of round show: in the table, on the projector and in the Excel file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from elearn.contests.models import Round, Settlement, Standing
from elearn.contests.queries.stages import list_parts, results_of_parts
from elearn.contests.rules.prediction import METRICS
from elearn.core.display import show_clock, show_duration, show_number, show_scaled, show_short_date
from elearn.core.i18n import gettext
from elearn.core.types import MARK_SCALE


@dataclass(frozen=True)
class Cell:
    """A figure with a smaller one below; on a phone, where there is no head, `before` and `after` say what it is."""

    main: str
    small: str = ""
    before: str = ""
    after: str = ""
    is_missing: bool = False
    is_gold: bool = False


@dataclass(frozen=True)
class Shown:
    """What cells need besides their row: `parts` holds the marks of a stage by entry and part."""

    settlement: Settlement
    prize_names: dict[str, str] = field(default_factory=dict)
    parts: dict[tuple[int, int], int] = field(default_factory=dict)

    @property
    def decimals(self) -> int:
        """Digits after the comma of predictions."""
        metric = METRICS.get(self.settlement.prediction_metric)
        return metric.decimals if metric else 0


@dataclass(frozen=True)
class InFile:
    """A column of the Excel file: its head, width and value."""

    title: str
    width: int
    value: Callable[[Standing, Shown], Any]


@dataclass(frozen=True)
class Column:
    """A column of the table, and those of the file that say the same; titles are source messages, or names as they stand."""

    title: str
    cell: Callable[[Standing, Shown], Cell]
    in_file: tuple[InFile, ...]
    is_number: bool = True


def _mark(value: int | None) -> Decimal | None:
    return None if value is None else (Decimal(value) / MARK_SCALE).normalize() + Decimal(0)


def _right(row: Standing, shown: Shown) -> Cell:
    count = shown.settlement.question_count
    right = f"{row.correct_count}/{count}" if count else show_number(row.correct_count)
    return Cell(right, show_duration(row.working_ms), after=gettext("câu"))


def _prediction(row: Standing, shown: Shown) -> Cell:
    if row.prediction is None:
        return Cell("–", gettext("không đoán"), is_missing=True)
    off = row.prediction_distance
    told = gettext("lệch %(n)s", n=show_scaled(off, shown.decimals)) if off else gettext("đúng")
    return Cell(show_scaled(row.prediction, shown.decimals), told, before=gettext("đoán"))


def _submitted(row: Standing, shown: Shown) -> Cell:
    return Cell(show_clock(row.submitted_at), show_short_date(row.submitted_at))


def _prize(row: Standing, shown: Shown) -> Cell:
    return Cell(shown.prize_names.get(row.prize, row.prize), is_gold=True)


def _shown(value: int | None) -> str:
    """To the hundredth: people read no further. The Excel file holds the whole mark, and what parts two neighbours is said in words."""
    return show_number(_mark(value), 2)


def _score(row: Standing, shown: Shown) -> Cell:
    most = shown.settlement.max_score
    return Cell(_shown(row.score), gettext("trên %(n)s", n=show_number(_mark(most))) if most else "", after=gettext("điểm"))


def _best(row: Standing, shown: Shown) -> Cell:
    if row.best_score is None:
        return Cell("–", is_missing=True)
    return Cell(_shown(row.best_score), before=gettext("vòng cao nhất"))


def _predicted(value: int | None, shown: Shown) -> Decimal | int | None:
    return value if value is None or not shown.decimals else Decimal(value).scaleb(-shown.decimals)


RIGHT = Column(
    "Số câu đúng",
    _right,
    (
        InFile("Số câu đúng", 12, lambda row, _: row.correct_count),
        InFile("Thời gian làm bài", 14, lambda row, _: show_duration(row.working_ms)),
    ),
)
PREDICTION = Column(
    "Dự đoán",
    _prediction,
    (
        InFile("Dự đoán", 12, lambda row, shown: _predicted(row.prediction, shown)),
        InFile("Lệch", 10, lambda row, shown: _predicted(row.prediction_distance, shown)),
    ),
)
SUBMITTED = Column("Nộp lúc", _submitted, (InFile("Nộp lúc", 20, lambda row, _: row.submitted_at),))
SCORE = Column("Điểm", _score, (InFile("Điểm", 12, lambda row, _: _mark(row.score)),))
BEST = Column("Vòng cao nhất", _best, (InFile("Vòng cao nhất", 14, lambda row, _: _mark(row.best_score)),))
PRIZE = Column("Giải", _prize, (InFile("Giải", 16, lambda row, _: row.prize),), is_number=False)


def _part(part_id: int, title: str) -> Column:
    def cell(row: Standing, shown: Shown) -> Cell:
        mark = shown.parts.get((row.entry_id, part_id))
        return Cell("–", before=title, is_missing=True) if mark is None else Cell(_shown(mark), before=title)

    return Column(title, cell, (InFile(title, 14, lambda row, shown: _mark(shown.parts.get((row.entry_id, part_id)))),))


@dataclass(frozen=True)
class Kind:
    """What the standings of a kind of round show; `has_parts`: the parts of the stage come first. `counts`: figures of the round in words."""

    columns: tuple[Column, ...]
    counts: tuple[tuple[str, str], ...]
    has_parts: bool = False


PEOPLE, ATTEMPTS, ALL_CORRECT = ("người", "people_count"), ("lượt", "attempts_count"), ("đúng hết", "all_correct_count")
KINDS: dict[str, Kind] = {
    "quiz": Kind((RIGHT, PREDICTION, SUBMITTED, PRIZE), (PEOPLE, ATTEMPTS, ALL_CORRECT)),
    "written": Kind((SCORE, SUBMITTED, PRIZE), (PEOPLE, ("bài", "attempts_count"))),
    "stage": Kind((SCORE, PRIZE), (("thí sinh, đội", "people_count"),), has_parts=True),
    "total": Kind((SCORE, BEST, RIGHT, PRIZE), (PEOPLE, ATTEMPTS)),
}


@dataclass(frozen=True)
class Columns:
    """The columns of one settlement with all that their cells need."""

    columns: tuple[Column, ...]
    shown: Shown
    kind: str

    @property
    def heads(self) -> list[dict[str, str]]:
        """As the table macro takes them."""
        return [{"label": gettext(one.title), **({"kind": "num"} if one.is_number else {})} for one in self.columns]

    def cells(self, row: Standing) -> list[tuple[Column, Cell]]:
        """The cells of a row."""
        return [(one, one.cell(row, self.shown)) for one in self.columns]

    def in_file(self) -> list[InFile]:
        """Columns of the Excel file."""
        return [told for one in self.columns for told in one.in_file]

    def headline(self, row: Standing) -> Cell:
        """The one figure for the projector: the prediction where there is one, else the first that ranks."""
        if row.prediction is not None:
            return _prediction(row, self.shown)
        return _right(row, self.shown) if self.kind == "quiz" else _score(row, self.shown)

    def counts(self) -> list[tuple[str, int]]:
        """(word, number) of who took part."""
        return [(gettext(word), getattr(self.shown.settlement, name)) for word, name in KINDS[self.kind].counts]


def columns_of(
    found: Round, settlement: Settlement, prize_names: dict[str, str], entry_ids: Sequence[int] | None = None
) -> Columns:
    """The columns for the rows of these entries, or of all."""
    kind = KINDS[found.kind]
    parts = [_part(one.id, one.title) for one in list_parts(found.id)] if kind.has_parts else []
    marks = results_of_parts(settlement.id, entry_ids) if parts else {}
    return Columns((*parts, *kind.columns), Shown(settlement, prize_names, marks), found.kind)
