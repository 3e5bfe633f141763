"""Half-open periods of time and of days, and the clock of Viet Nam."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Period:
    """From `start` (included) to `end` (excluded); None is open on that side. Works for dates and for moments."""

    start: date | None
    end: date | None

    def __contains__(self, moment: date) -> bool:
        return (self.start is None or self.start <= moment) and (self.end is None or moment < self.end)

    def overlaps(self, other: Period) -> bool:
        """True where some moment lies in both."""
        return (self.end is None or other.start is None or other.start < self.end) and (
            other.end is None or self.start is None or self.start < other.end
        )


def as_json(moment: datetime) -> str:
    """A moment as answers in JSON write it, `2026-10-14T03:32:00.000+00:00`: a whole second is as long as any other, so that sizes tell nothing."""
    return moment.isoformat(timespec="milliseconds")


def local(moment: datetime) -> datetime:
    """A UTC moment on the clock of Viet Nam."""
    return moment.astimezone(VIETNAM)


def local_day(moment: datetime) -> date:
    """The day in Viet Nam at a UTC moment."""
    return local(moment).date()


def from_local(moment: datetime) -> datetime:
    """A moment read off a Vietnamese clock (naive) as UTC."""
    return moment.replace(tzinfo=VIETNAM).astimezone(UTC)
