"""When an e-mail that did not go out is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8), timedelta(hours=24))
"""After the first failure, the second …; after the last the e-mail is given up."""


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to try again after `tries` failures, at least one; None where it is given up."""
    return now + WAITS[tries - 1] if tries <= len(WAITS) else None
