"""When the invented rounds are: one past, one under way that closes in four days at nine, one to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from elearn.lib.periods import from_local, local

WEEK = timedelta(days=7)
PAUSE = timedelta(hours=1)
"""Between the close of a round and the opening of the next."""


@dataclass(frozen=True)
class Window:
    """First moment of a round, and first moment too late."""

    opens_at: datetime
    closes_at: datetime


def rounds_around(now: datetime) -> list[Window]:
    """The past, the present and the coming round, a week each, from ten to nine o'clock."""
    day = local(now).date() + timedelta(days=4)
    close = from_local(datetime(day.year, day.month, day.day, 9))
    ends = [close - WEEK, close, close + WEEK]
    return [Window(end - WEEK + PAUSE, end) for end in ends]
