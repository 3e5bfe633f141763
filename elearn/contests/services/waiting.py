"""Places in the queue before a start: taken, kept through reloads and returns, used once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from elearn.contests.models import Round, StartTicket
from elearn.contests.rules.waiting import due_after, has_lapsed, is_admitted
from elearn.core.db import read_connection, write_connection

KEPT = timedelta(days=1)
_OWN = select(StartTicket.id, StartTicket.due_at).where(StartTicket.used_at.is_(None))


def find_due(round_id: int, member_id: int, now: datetime) -> datetime | None:
    """From when on somebody who waits is admitted; None for somebody who does not wait."""
    with read_connection() as connection:
        row = connection.execute(_OWN.where(StartTicket.round_id == round_id, StartTicket.member_id == member_id)).one_or_none()
    return None if row is None or has_lapsed(row.due_at, now) else row.due_at


def take_turn(round_id: int, member_id: int, per_second: int, now: datetime) -> bool:
    """Whether the person may begin now; otherwise they have a place in the queue. `per_second` 0 lets everybody in."""
    if not per_second:
        return True
    for _ in range(3):
        try:
            with write_connection() as connection:
                return _take(connection, round_id, member_id, per_second, now)
        except IntegrityError:
            continue  # another request of the same person took the place: use that
    return False


def _take(connection: Connection, round_id: int, member_id: int, per_second: int, now: datetime) -> bool:
    # PostgreSQL would let two newcomers read the same last moment; the row of the round makes them take turns.
    connection.execute(select(Round.id).where(Round.id == round_id).with_for_update(key_share=True))
    own = connection.execute(_OWN.where(StartTicket.round_id == round_id, StartTicket.member_id == member_id)).one_or_none()
    if own is not None and (has_lapsed(own.due_at, now) or is_admitted(own.due_at, now)):
        connection.execute(update(StartTicket).where(StartTicket.id == own.id).values(used_at=now))
        if not has_lapsed(own.due_at, now):
            return True
        own = None
    if own is not None:
        return False
    connection.execute(delete(StartTicket).where(StartTicket.due_at < now - KEPT))
    due_at = due_after(connection.scalar(select(func.max(StartTicket.due_at))), now, per_second)
    may_begin = is_admitted(due_at, now)
    values = {
        "round_id": round_id,
        "member_id": member_id,
        "asked_at": now,
        "due_at": due_at,
        "used_at": now if may_begin else None,
    }
    connection.execute(insert(StartTicket).values(**values))
    return may_begin


def leave_queue(round_id: int, member_id: int, now: datetime) -> None:
    """Give up a place: the round has closed, or the person does not want to wait."""
    mine = (StartTicket.round_id == round_id, StartTicket.member_id == member_id, StartTicket.used_at.is_(None))
    with write_connection() as connection:
        connection.execute(update(StartTicket).where(*mine).values(used_at=now))
