"""Time during which the server itself did not answer is given back to every running clock, by one declared rule.

A beat is a real write to the database every few seconds. Where beats are missing for `THRESHOLD` or longer, the server did not answer: whoever was
sitting an attempt then gets the whole time back from the moment it began, or from their start where that came later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

EVERY = timedelta(seconds=5)
THRESHOLD = timedelta(seconds=15)
LONGEST = timedelta(hours=6)
"""What lasts longer is for people to decide: nobody waits for it in front of a paper."""


@dataclass(frozen=True)
class Outage:
    """From the last beat before it to the first one after it."""

    began_at: datetime
    ended_at: datetime

    @property
    def duration(self) -> timedelta:
        """How long the server did not answer."""
        return self.ended_at - self.began_at


def outage_between(last_beat: datetime | None, now: datetime, own_silence: timedelta | None) -> Outage | None:
    """The outage that a beat ends; None where there was none.

    `last_beat` is the last one of any process, by the wall clock; `own_silence` how long this process has not beaten, by its own steady clock, None
    for its first beat. A process that has been beating all the time knows that a gap on the wall is the clock being set, not an outage.
    """
    if last_beat is None:
        return None
    gap = now - last_beat
    if own_silence is not None:
        gap = min(gap, own_silence)
    return Outage(now - gap, now) if THRESHOLD <= gap <= LONGEST else None


def credit(outage: Outage, started_at: datetime, deadline_at: datetime) -> int:
    """Whole seconds, rounded up, given back to an attempt; 0 where it was over before the outage or began after it."""
    if deadline_at <= outage.began_at or started_at >= outage.ended_at:
        return 0
    lost = outage.ended_at - max(outage.began_at, started_at)
    return -(-lost // timedelta(seconds=1))
