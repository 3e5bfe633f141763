"""Counts of a round while it is open, worked out at most every ten seconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from elearn.contests.models import Entry, LiveBoard, LiveRow
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


def find_board(round_id: int) -> LiveBoard | None:
    """When the live standings of a round were made; None before the first time."""
    return db.session.get(LiveBoard, round_id)


def list_live(round_id: int, count: int) -> Sequence[LiveRow]:
    """The first rows of the live standings."""
    query = select(LiveRow).where(LiveRow.round_id == round_id, LiveRow.position <= count)
    return db.session.scalars(query.order_by(LiveRow.position)).all()


def find_own_live(round_id: int, member_id: int) -> LiveRow | None:
    """The row of a member in them."""
    own = select(Entry.id).where(Entry.round_id == round_id, Entry.member_id == member_id).scalar_subquery()
    return db.session.scalar(select(LiveRow).where(LiveRow.round_id == round_id, LiveRow.entry_id == own))
