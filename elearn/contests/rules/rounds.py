"""The state of a round, from the clock and from what people have decided."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class RoundState(StrEnum):
    """Where a round stands."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"
    SETTLED = "settled"
    PUBLISHED = "published"


ROUND_STATE_NAMES = {
    RoundState.UPCOMING: "Sắp mở",
    RoundState.OPEN: "Đang mở",
    RoundState.CLOSED: "Đã đóng, chờ chốt",
    RoundState.SETTLED: "Đã chốt, chờ công bố",
    RoundState.PUBLISHED: "Đã công bố",
}


def state_at(
    opens_at: datetime, closes_at: datetime, now: datetime, is_settled: bool = False, is_published: bool = False
) -> RoundState:
    """The state at `now`: open from `opens_at` on, and no longer at `closes_at`."""
    if now < opens_at:
        return RoundState.UPCOMING
    if now < closes_at:
        return RoundState.OPEN
    if is_published:
        return RoundState.PUBLISHED
    return RoundState.SETTLED if is_settled else RoundState.CLOSED
