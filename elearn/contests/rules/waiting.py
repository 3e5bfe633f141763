"""The queue before a start: who is let in when. Everybody gets a moment of their own, later than that of whoever came before."""

from __future__ import annotations

from datetime import datetime, timedelta

AT_ONCE = timedelta(seconds=1)
"""Whose moment is as near as this need not see a queue."""
LAPSES_AFTER = timedelta(minutes=5)
"""How long after their moment somebody may come before the place is lost."""
SLOWEST, FASTEST = 10, 1


def due_after(last: datetime | None, now: datetime, per_second: int) -> datetime:
    """The moment from which a newcomer is admitted, where `last` is that of whoever came before; whole milliseconds.

    Moments lie at least 1/per_second apart and never before those of earlier comers, so that nobody overtakes.
    """
    if last is None:
        return now
    return max(now, last + timedelta(milliseconds=-(-1000 // per_second)))


def is_admitted(due_at: datetime, now: datetime) -> bool:
    """Whether somebody with this moment may begin."""
    return due_at <= now + AT_ONCE


def has_lapsed(due_at: datetime, now: datetime) -> bool:
    """Whether a place was not taken for so long that it is given up."""
    return now >= due_at + LAPSES_AFTER


def seconds_left(due_at: datetime, now: datetime) -> int:
    """Whole seconds until admission, rounded up; 0 once admitted."""
    left = due_at - AT_ONCE - now
    return max(0, -(-left // timedelta(seconds=1)))


def place_of(due_at: datetime, now: datetime, per_second: int) -> int:
    """Place in the queue, 1 for who is next: as many stand before as are admitted until then. Never too small."""
    left = due_at - AT_ONCE - now
    return max(1, -(-left * per_second // timedelta(seconds=1)))


def ask_again_after(seconds: int) -> int:
    """After how many seconds a page asks again: seldom while far away, at the moment itself when near."""
    return max(FASTEST, min(SLOWEST, seconds))
