"""Working time, close and lateness of an attempt, with what is granted to people.

Grants add up: what everybody gets, what a unit gets and what a person gets are summed. An accommodation multiplies the working time of the
quiz, not what is granted; who has one may also work on after the close for as long as the factor gives, but starts before it like everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

USUAL = 1000
"""Working time in thousandths of the usual."""
LATE_LIMIT = 500
"""Late answers kept of one attempt: many times what a page could hold back, few enough to read."""


@dataclass(frozen=True)
class Granted:
    """More time or attempts, for a person, a unit and all below it, or (neither named) for everybody."""

    seconds: int = 0
    attempts: int = 0
    member_id: int | None = None
    unit_path: str | None = None


@dataclass(frozen=True)
class Need:
    """What a person needs at every quiz, from a day on and until (but without) another."""

    time_permille: int
    valid_from: date
    valid_to: date | None
    is_large_print: bool = False
    is_screen_reader: bool = False


@dataclass(frozen=True)
class Needs:
    """What holds for a person on a day."""

    time_permille: int = USUAL
    is_large_print: bool = False
    is_screen_reader: bool = False


def needs_on(needs: Iterable[Need], day: date) -> Needs:
    """What holds on the day: of several the longest time, and each kind of presentation that any of them names."""
    held = [need for need in needs if need.valid_from <= day and (need.valid_to is None or day < need.valid_to)]
    return Needs(
        max((need.time_permille for need in held), default=USUAL),
        any(need.is_large_print for need in held),
        any(need.is_screen_reader for need in held),
    )


def granted_to(grants: Iterable[Granted], member_id: int, unit_path: str) -> Granted:
    """The sum of the grants that concern a member of the unit."""
    mine = [grant for grant in grants if concerns(grant, member_id, unit_path)]
    return Granted(sum(grant.seconds for grant in mine), sum(grant.attempts for grant in mine), member_id, unit_path)


def concerns(grant: Granted, member_id: int, unit_path: str) -> bool:
    """Whether a grant is for this person."""
    if grant.member_id is not None:
        return grant.member_id == member_id
    return grant.unit_path is None or unit_path.startswith(grant.unit_path)


def more_by_need(time_limit_seconds: int, time_permille: int) -> int:
    """Seconds that an accommodation adds to the working time, rounded up to a whole one."""
    return -(-time_limit_seconds * (time_permille - USUAL) // USUAL)


def start_close(closes_at: datetime | None, extra_seconds: int) -> datetime | None:
    """First moment too late to start, for somebody to whom that much was granted."""
    return None if closes_at is None else closes_at + timedelta(seconds=extra_seconds)


def deadline_of(
    started_at: datetime, time_limit_seconds: int, closes_at: datetime | None, extra_seconds: int = 0, time_permille: int = USUAL
) -> datetime:
    """End of an attempt: its working time, or the close where that comes first, both moved by what the person has been given."""
    more = extra_seconds + more_by_need(time_limit_seconds, time_permille)
    own = started_at + timedelta(seconds=time_limit_seconds + more)
    return own if closes_at is None else min(own, closes_at + timedelta(seconds=more))


def last_end(closes_at: datetime | None, grants: Iterable[Granted], open_deadlines: Iterable[datetime]) -> datetime | None:
    """A moment from which on nobody can be at the quiz any more: nothing that is shown after the close may be shown earlier.

    Deadlines of open attempts count as they are; who has not begun may still begin until the close with all that can be granted to one person.
    """
    if closes_at is None:
        return None
    shared, own = 0, {0: 0}
    for grant in grants:
        if grant.member_id is None:
            shared += grant.seconds
        else:
            own[grant.member_id] = own.get(grant.member_id, 0) + grant.seconds
    return max([closes_at + timedelta(seconds=shared + max(own.values())), *open_deadlines])


def is_over(deadline_at: datetime, grace_seconds: int, now: datetime) -> bool:
    """Whether nothing counts any more that arrives now."""
    return now > deadline_at + timedelta(seconds=grace_seconds)


def end_of(deadline_at: datetime, grace_seconds: int, late_policy: str, now: datetime) -> datetime:
    """The moment at which an attempt counts as submitted: now, at the latest the deadline, or the end of a stated grace."""
    last = deadline_at + timedelta(seconds=grace_seconds) if late_policy == "grace" else deadline_at
    return min(now, last)


def is_worth_keeping(
    is_submitted: bool, submitted_at: datetime | None, deadline_at: datetime, waited_seconds: int | None, now: datetime
) -> bool:
    """Whether a late answer is kept for a decision: always where time ended the attempt; where the taker had submitted it before, only what
    the page says it had held back since before that."""
    if not is_submitted or submitted_at is None or submitted_at >= deadline_at:
        return True
    return waited_seconds is not None and now - timedelta(seconds=waited_seconds) <= submitted_at
