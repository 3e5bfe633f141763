"""Counts of a round while it is open, worked out at most every ten seconds."""

from __future__ import annotations

from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from elearn.core.db import db
from elearn.quizzes.queries import Counts, counts

FRESH = timedelta(seconds=10)
_known: WeakKeyDictionary[Engine, dict[int, tuple[datetime, Counts]]] = WeakKeyDictionary()


def live_counts(quiz_id: int, now: datetime) -> Counts:
    """People and attempts submitted, at most ten seconds old: the page is read by thousands while attempts are saved."""
    known = _known.setdefault(db.engine, {})
    found = known.get(quiz_id)
    if found is None or not timedelta(0) <= now - found[0] < FRESH:
        found = known[quiz_id] = (now, counts(quiz_id))
    return found[1]
