"""Appends to the log of an attempt, inside the caller's transaction, in Core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, and_, bindparam, func, insert, or_, select

from elearn.lib.errors import NotFound
from elearn.quizzes.models import Attempt, AttemptEvent, Quiz
from elearn.quizzes.rules.attempts import Event, event_digest
from elearn.quizzes.rules.saving import Sitting

# Run at every save: written once, on the tables themselves.
_attempt, _quiz, _event = Attempt.__table__.c, Quiz.__table__.c, AttemptEvent.__table__.c
_INSERT = insert(cast(Table, AttemptEvent.__table__))
_HEAD = (
    select(
        _attempt.id,
        _attempt.member_id,
        _attempt.unit_id,
        _attempt.quiz_id,
        _attempt.state,
        _attempt.number,
        _attempt.started_at,
        _attempt.deadline_at,
        _attempt.extra_seconds,
        _attempt.submitted_at,
        _attempt.holder,
        _attempt.position,
        _attempt.paper,
        _attempt.marks,
        _attempt.mark,
        _attempt.max_mark,
        _attempt.correct_count,
        _attempt.is_pending,
        _attempt.is_discarded,
        _attempt.marking,
        _quiz.grace_seconds,
        _quiz.late_policy,
        _quiz.navigation,
        _quiz.certainty,
        _quiz.wrong_penalty,
        _quiz.pass_percent,
        _quiz.prediction_prompt,
        _quiz.prediction_decimals,
        _quiz.review,
        _quiz.review_grid,
    )
    .select_from(Attempt.__table__.join(Quiz.__table__, _quiz.id == _attempt.quiz_id))
    .where(_attempt.id == bindparam("attempt"))
    .with_for_update(of=Attempt.__table__)
)
_LAST = select(func.max(_event.seq)).where(_event.attempt_id == bindparam("attempt")).scalar_subquery()
_TAIL = select(_event.seq, _event.at, _event.digest, _event.key).where(
    _event.attempt_id == bindparam("attempt"), or_(_event.seq == _LAST, _event.key == bindparam("key"))
)

_OPEN = (
    select(Attempt.id, Attempt.deadline_at, Quiz.grace_seconds)
    .join(Quiz, Quiz.id == Attempt.quiz_id)
    .where(Attempt.quiz_id == bindparam("quiz"), Attempt.member_id == bindparam("member"), Attempt.state == "open")
)


@dataclass(frozen=True)
class Written:
    """A line of the log as written."""

    seq: int
    at: datetime
    digest: str


def lock_attempt(connection: Connection, attempt_id: int, member_id: int | None) -> Row[Any]:
    """The attempt with what its quiz says of saving, locked; NotFound for one that is not the member's.

    `member_id` None is for those who have been let in before: markers, officers, the clock.
    """
    row: Row[Any] | None = connection.execute(_HEAD, {"attempt": attempt_id}).one_or_none()  # type: ignore[assignment]
    if row is None or (member_id is not None and row.member_id != member_id):
        raise NotFound()
    return row


def sitting_of(attempt: Row[Any], last: Written | None) -> Sitting:
    """The attempt as the policy on writing sees it."""
    return Sitting(
        attempt.state,
        attempt.deadline_at,
        attempt.grace_seconds,
        attempt.holder,
        attempt.navigation,
        attempt.position,
        len(attempt.paper),
        bool(attempt.prediction_prompt),
        last.seq if last else 0,
    )


def tail(connection: Connection, attempt_id: int, key: str | None) -> tuple[Written | None, Written | None]:
    """The last line of the log, and the line that was written under `key`; each None where there is none."""
    last = same = None
    for row in connection.execute(_TAIL, {"attempt": attempt_id, "key": key or ""}):
        written = Written(row.seq, row.at, row.digest)
        if last is None or written.seq > last.seq:
            last = written
        if key and row.key == key:
            same = written
    return last, same


def append(
    connection: Connection,
    attempt_id: int,
    last: Written | None,
    at: datetime,
    kind: str,
    slot: int | None = None,
    data: Any = None,
    client_seq: int | None = None,
    key: str | None = None,
) -> Written:
    """Write the next line after `last`."""
    event = Event((last.seq if last else 0) + 1, at, kind, slot, data, client_seq)
    digest = event_digest(last.digest if last else "", attempt_id, event, key)
    connection.execute(
        _INSERT,
        {
            "attempt_id": attempt_id, "seq": event.seq, "at": at, "kind": kind, "slot": slot, "data": data,
            "client_seq": client_seq, "key": key, "digest": digest,
        },
    )  # fmt: skip
    return Written(event.seq, at, digest)


def append_to_each(connection: Connection, attempt_ids: Sequence[int], at: datetime, kind: str, data: Sequence[Any]) -> None:
    """Write one line into each of several logs with a handful of statements; `data` stands in the order of the ids."""
    newest = (
        select(_event.attempt_id, func.max(_event.seq).label("seq"))
        .where(_event.attempt_id.in_(attempt_ids))
        .group_by(_event.attempt_id)
        .subquery()
    )
    query = select(_event.attempt_id, _event.seq, _event.digest).join(
        newest, and_(newest.c.attempt_id == _event.attempt_id, newest.c.seq == _event.seq)
    )
    tails = {row.attempt_id: row for row in connection.execute(query)}
    rows = []
    for attempt_id, told in zip(attempt_ids, data, strict=True):
        event = Event(tails[attempt_id].seq + 1, at, kind, None, told)
        rows.append(
            {
                "attempt_id": attempt_id, "seq": event.seq, "at": at, "kind": kind, "slot": None, "data": told, "client_seq": None,
                "key": None, "digest": event_digest(tails[attempt_id].digest, attempt_id, event, None),
            }
        )  # fmt: skip
    if rows:
        connection.execute(_INSERT, rows)


def is_open_for(connection: Connection, quiz_id: int, member_id: int) -> Row[int, datetime, int] | None:
    """The member's open attempt at the quiz with its deadline; None where there is none."""
    return connection.execute(_OPEN, {"quiz": quiz_id, "member": member_id}).one_or_none()
