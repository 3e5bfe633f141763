"""What state a round is in: the clock opens and closes it, people settle and publish it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from elearn.lib.errors import DomainError


class RoundState(StrEnum):
    """In the order in which a round passes through them."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"
    PROVISIONAL = "provisional"
    PUBLISHED = "published"


STATE_NAMES = {
    RoundState.UPCOMING: "Chưa mở",
    RoundState.OPEN: "Đang mở",
    RoundState.CLOSED: "Đã đóng, chưa chốt",
    RoundState.PROVISIONAL: "Đã chốt, chưa công bố",
    RoundState.PUBLISHED: "Đã công bố",
}


def state_at(
    opens_at: datetime, closes_at: datetime, latest_version: int | None, published_version: int | None, now: datetime
) -> RoundState:
    """The state at `now`. The window is half-open: the first millisecond is in it, the closing one is not."""
    if now < opens_at:
        return RoundState.UPCOMING
    if now < closes_at:
        return RoundState.OPEN
    if published_version is not None:
        return RoundState.PUBLISHED
    return RoundState.CLOSED if latest_version is None else RoundState.PROVISIONAL


def check_may_settle(closes_at: datetime, grace_seconds: int, now: datetime, closing_words: str = "") -> None:
    """Raise DomainError while answers may still arrive: before the close, and for the few seconds of grace after it."""
    if now < closes_at:
        raise DomainError(
            "round_open",
            "Vòng này còn mở đến %(time)s nên chưa chốt được. Hãy quay lại sau giờ đóng; chỉ đồng hồ của máy chủ đóng được vòng.",
            time=closing_words or closes_at.isoformat(),
        )
    if now <= closes_at + timedelta(seconds=grace_seconds):
        raise DomainError(
            "round_settling", "Vòng vừa đóng, máy chủ đang nhận nốt bài gửi sát giờ. Hãy thử lại sau %(n)s giây.", n=grace_seconds + 1
        )
