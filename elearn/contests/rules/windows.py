"""Windows of rounds that return every week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from elearn.lib.errors import InvalidInput
from elearn.lib.periods import from_local

MOST_ROUNDS = 60
WEEK = timedelta(days=7)
Window = tuple[datetime, datetime]
"""First moment to start and first moment too late, in UTC."""


@dataclass(frozen=True)
class Weekly:
    """So many rounds, one a week. `days` lie between the day of opening and the day of closing; hours are those of Viet Nam."""

    count: int
    first_day: date
    opens: time
    days: int
    closes: time


def weekly_windows(plan: Weekly) -> list[Window]:
    """The windows in UTC, in order. Raises InvalidInput where a round would close before it opens or run into the next."""
    if not 1 <= plan.count <= MOST_ROUNDS:
        raise InvalidInput("bad_count", "Số vòng phải từ 1 đến %(most)s.", field="count", most=MOST_ROUNDS)
    opens = datetime.combine(plan.first_day, plan.opens)
    closes = datetime.combine(plan.first_day, plan.closes) + timedelta(days=plan.days)
    if closes <= opens:
        raise InvalidInput("closes_before_opens", "Giờ đóng phải sau giờ mở.", field="closes")
    if plan.count > 1 and closes - opens > WEEK:
        raise InvalidInput(
            "longer_than_a_week", "Mỗi vòng dài hơn một tuần nên vòng sau mở khi vòng trước chưa đóng.", field="days"
        )
    return [(from_local(opens + WEEK * n), from_local(closes + WEEK * n)) for n in range(plan.count)]


def overlapping(windows: Sequence[Window]) -> list[tuple[int, int]]:
    """Places (from 0) of windows that have a moment in common, each pair once."""
    return [
        (one, other)
        for one, (opens, closes) in enumerate(windows)
        for other, (opens_too, closes_too) in enumerate(windows[one + 1 :], start=one + 1)
        if opens < closes_too and opens_too < closes
    ]


def numbered(pattern: str, number: int) -> str:
    """The title of a round: "{n}" stands for its number, which otherwise follows the words."""
    return pattern.replace("{n}", str(number)) if "{n}" in pattern else f"{pattern} {number}"
