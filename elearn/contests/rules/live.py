"""When live standings are made anew, and from when they stand still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

EVERY = timedelta(seconds=60)
"""Live standings are at most about so old."""
REST = 20
"""Times as long as the last making took, nothing is made: standings never take more than a twentieth of the server."""
UNKNOWN_YET = ("nearest_prediction", "drawn_lots", "highest_total", "best_of_rounds")
"""Criteria that are known only after the close."""


@dataclass(frozen=True)
class LiveTerms:
    """What decides: the window of the round and the minutes before its close in which nothing moves any more."""

    opens_at: datetime
    closes_at: datetime
    freeze_minutes: int

    @property
    def freezes_at(self) -> datetime:
        """From then on the standings stand still until the result is published."""
        return max(self.opens_at, self.closes_at - timedelta(minutes=self.freeze_minutes))


def is_frozen(terms: LiveTerms, now: datetime) -> bool:
    """Whether nothing moves any more."""
    return now >= terms.freezes_at


def is_due(terms: LiveTerms, made_at: datetime | None, took_ms: int, now: datetime) -> bool:
    """Whether the standings are to be made anew: never before the opening, never once frozen."""
    if now < terms.opens_at or is_frozen(terms, now):
        return False
    if made_at is None:
        return True
    return now - made_at >= max(EVERY, timedelta(milliseconds=took_ms) * REST)


def live_chain(criteria: Sequence[str]) -> list[str]:
    """The criteria that are known while a round is open, in their order."""
    return [key for key in criteria if key not in UNKNOWN_YET]
