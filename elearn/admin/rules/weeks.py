"""Weeks and spans of days on the Vietnamese calendar, as moments."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from elearn.lib.periods import from_local, local_day


def _start_of_day(now: datetime, days: int) -> datetime:
    return from_local(datetime.combine(local_day(now) + timedelta(days=days), time(0)))


def week_starts(now: datetime, count: int) -> list[datetime]:
    """The Mondays, 0:00 in Viet Nam, that begin the last `count` weeks, this week's last."""
    monday = -local_day(now).weekday()
    return [_start_of_day(now, monday - 7 * back) for back in range(count - 1, -1, -1)]


def week_end(now: datetime) -> datetime:
    """The first moment of next week."""
    return _start_of_day(now, 7 - local_day(now).weekday())


def last_days(now: datetime, count: int) -> list[datetime]:
    """The starts of the last `count` spans of 24 hours, the latest ending now."""
    return [now - timedelta(days=back) for back in range(count, 0, -1)]


def change_percent(present: int, before: int) -> float | None:
    """Change in percent; None where there was nothing before to compare with."""
    return None if not before else (present - before) * 100 / before
