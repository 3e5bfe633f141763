"""What parts each row of the standings from those above and below it, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from elearn.contests.models import Settlement, Standing
from elearn.contests.models.settlements import EPOCH
from elearn.contests.queries.contests import RANKINGS
from elearn.contests.rules.candidates import Criterion
from elearn.contests.rules.prediction import METRICS
from elearn.core.display import show_clock, show_duration, show_number, show_scaled, show_short_date
from elearn.core.i18n import gettext
from elearn.core.types import MARK_SCALE


@dataclass(frozen=True)
class Why:
    """`brief` for the row itself, `whole` with the figures of both neighbours; sentences."""

    brief: str
    whole: str


def _mark(value: int, _: int) -> str:
    return gettext("%(mark)s điểm", mark=show_number((Decimal(value) / MARK_SCALE).normalize() + Decimal(0)))


def _moment(value: int, _: int) -> str:
    at = EPOCH + timedelta(milliseconds=value)
    return f"{show_clock(at)},{value % 1000:03} {show_short_date(at)}"


_TEXTS: Mapping[str, Callable[[int, int], str]] = {
    "score": _mark,
    "total_score": _mark,
    "best_score": _mark,
    "correct_count": lambda value, _: gettext("%(n)s câu đúng", n=show_number(value)),
    "is_all_correct": lambda value, _: gettext("đúng hết") if value else gettext("chưa đúng hết"),
    "prediction_distance": lambda value, decimals: gettext("lệch %(n)s", n=show_scaled(value, decimals)),
    "working_ms": lambda value, _: f"{show_duration(value)},{value % 1000:03}",
    "submitted_ms": _moment,
    "attempts_used": lambda value, _: gettext("%(n)s lượt", n=show_number(value)),
    "lot": lambda value, _: gettext("thăm số %(n)s", n=value),
}


def _text(row: Standing, criterion: Criterion, decimals: int) -> str:
    value = getattr(row, criterion.column)
    return gettext("không có") if value is None else _TEXTS[criterion.column](int(value), decimals)


def why(above: Standing | None, row: Standing, below: Standing | None, settlement: Settlement) -> Why:
    """Why a row stands between its neighbours; None for a neighbour where the table ends."""
    metric = METRICS.get(settlement.prediction_metric)
    decimals = metric.decimals if metric else 0
    if above is None:
        brief, whole = gettext("Đứng đầu bảng"), gettext("Không ai xếp trên.")
    elif row.decided_by not in RANKINGS:
        brief, whole = gettext("Đồng hạng"), gettext("Bằng người xếp trên ở mọi tiêu chí nên đồng hạng.")
    else:
        criterion = RANKINGS[row.decided_by]
        brief = gettext("Xếp theo: %(criterion)s", criterion=gettext(criterion.name).lower())
        whole = gettext(
            "Sau người xếp trên vì: %(criterion)s. Dòng này %(own)s, dòng trên %(other)s.", criterion=gettext(criterion.name).lower(),
            own=_text(row, criterion, decimals), other=_text(above, criterion, decimals),
        )  # fmt: skip
    if below is not None and below.decided_by in RANKINGS:
        criterion = RANKINGS[below.decided_by]
        whole += " " + gettext(
            "Trước người xếp dưới vì: %(criterion)s. Dòng này %(own)s, dòng dưới %(other)s.", criterion=gettext(criterion.name).lower(),
            own=_text(row, criterion, decimals), other=_text(below, criterion, decimals),
        )  # fmt: skip
    elif below is not None:
        whole += " " + gettext("Người xếp dưới bằng ở mọi tiêu chí nên đồng hạng.")
    return Why(brief, whole)


def why_of(rows: Iterable[Standing], beside: Mapping[int, Standing], settlement: Settlement) -> dict[int, Why]:
    """By entry id; `beside` holds rows by position, the neighbours among them."""
    return {row.entry_id: why(beside.get(row.position - 1), row, beside.get(row.position + 1), settlement) for row in rows}


def in_order(rows: Iterable[Standing], settlement: Settlement) -> Iterator[tuple[Standing, str]]:
    """(row, sentence) for all rows in their order, one held back at a time."""
    above: Standing | None = None
    held: Standing | None = None
    for row in rows:
        if held is not None:
            yield held, why(above, held, row, settlement).whole
            above = held
        held = row
    if held is not None:
        yield held, why(above, held, None, settlement).whole
