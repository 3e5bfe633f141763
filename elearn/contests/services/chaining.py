"""The append-only log of a round: cut into checkpoints beside the saves, closed with its roots when the round is over.

No row is written for an event when it is saved. A checkpoint takes what is new since the last one: the events of each attempt that are not
in the log yet, by attempt id and place. What commits late falls into the next checkpoint; the closing looks at every attempt.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Table, and_, bindparam, func, insert, select, union, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from elearn.contests.models import Amendment, Contest, Entry, LogCheckpoint, LogClosing, LoggedAttempt, Round, Seal
from elearn.contests.queries.log_lines import ROWS
from elearn.contests.rules.seals import (
    AMENDED,
    Checkpoint,
    Closing,
    amendment_line,
    brief,
    first_head,
    line_of,
    merkle_root,
    next_head,
    prediction_leaf,
)
from elearn.core.db import db, read_connection, write_connection
from elearn.core.signing import sign
from elearn.lib.canonical import canonical
from elearn.quizzes.models import Attempt, AttemptEvent

EVERY = timedelta(minutes=1)
MOST_LINES = 100_000
"""Events of one checkpoint; what is more goes into the next."""
MARGIN = 1_000
"""So far below the newest attempt known a start may have had its id and not yet been seen."""
MOST_SHOWN = 1_000

_entry, _attempt, _event, _logged = (
    Entry.__table__.c, Attempt.__table__.c, AttemptEvent.__table__.c, LoggedAttempt.__table__.c,
)  # fmt: skip
_NEW = (
    select(_event.attempt_id, _event.seq, _event.digest, _entry.pseudonym, _attempt.number, _attempt.state)
    .select_from(Attempt.__table__)
    .join(Entry.__table__, and_(_entry.round_id == bindparam("round"), _entry.member_id == _attempt.member_id))
    .join(LoggedAttempt.__table__, _logged.attempt_id == _attempt.id, isouter=True)
    .join(AttemptEvent.__table__, and_(_event.attempt_id == _attempt.id, _event.seq > func.coalesce(_logged.seq, 0)))
    .where(_attempt.quiz_id == bindparam("quiz"))
    .order_by(_event.attempt_id, _event.seq)
    .limit(MOST_LINES)
)
_RECENT = _NEW.where(
    _attempt.id.in_(
        union(
            select(_attempt.id).where(_attempt.id > bindparam("newest")),
            select(_logged.attempt_id).where(_logged.round_id == bindparam("round"), _logged.is_done.is_(False)),
        ).subquery().select()
    )
)  # fmt: skip
_AMENDED = (
    select(Amendment.number, Amendment.digest)
    .where(Amendment.round_id == bindparam("round"), Amendment.is_logged.is_(False))
    .order_by(Amendment.number)
)
_LAST_AMENDED = select(func.max(Amendment.number)).where(Amendment.round_id == bindparam("round"))
_LAST = (
    select(LogCheckpoint.number, LogCheckpoint.count.label("events"), LogCheckpoint.head)
    .where(LogCheckpoint.round_id == bindparam("round"))
    .order_by(LogCheckpoint.number.desc())
    .limit(1)
)


def cut_due(now: datetime) -> int:
    """Cut a checkpoint in every sealed round under way whose last one is a minute old; return how many were cut.

    Rounds stay due for an hour after their close, while the last attempts come in.
    """
    recently = now - timedelta(hours=1)
    newest = select(func.max(LogCheckpoint.at)).where(LogCheckpoint.round_id == Round.id).scalar_subquery()
    query = (
        select(Round.id, newest)
        .join(Contest, Contest.id == Round.contest_id)
        .where(Contest.is_published, Round.opens_at <= now, Round.closes_at > recently, Round.quiz_id.is_not(None))
    )
    with read_connection() as connection:
        due = [number for number, at in connection.execute(query) if at is None or now - at >= EVERY]
    return sum(cut_checkpoint(round_id, now) for round_id in due)


def cut_checkpoint(round_id: int, now: datetime, looks_at_all: bool = False) -> bool:
    """Take what is new into the log of a round; False where there is nothing, no seal, or another process was quicker.

    `looks_at_all`: ask every attempt, not only those under way and those just begun.
    """
    with read_connection() as connection:
        found = _basis(connection, round_id)
        if found is None:
            return False
        name, quiz_id, number, count, head = found
        asked = {"round": round_id, "quiz": quiz_id}
        if not looks_at_all:
            newest = connection.scalar(select(func.max(_logged.attempt_id)).where(_logged.round_id == round_id))
            asked["newest"] = max(0, (newest or 0) - MARGIN)
        taken: list[tuple[int, int, int]] = []
        logged: list[dict[str, Any]] = []
        lines = [amendment_line(one.number, one.digest) for one in connection.execute(_AMENDED, {"round": round_id})]
        amended = len(lines)
        if amended:
            last_number = connection.scalar(_LAST_AMENDED, {"round": round_id}) or 0
            taken.append((AMENDED, last_number - amended + 1, last_number))
        for line in lines:
            head = next_head(head, line)
        rows = connection.execute(_NEW if looks_at_all else _RECENT, asked)
        for attempt_id, group in itertools.groupby(rows, key=lambda row: row[0]):
            first = last = 0
            for _, last, digest, pseudonym, nth, state in group:  # noqa: B007 — the last one is needed below
                first = first or last
                line = line_of(pseudonym, nth, last, digest)
                head = next_head(head, line)
                lines.append(line)
            taken.append((attempt_id, first, last))
            is_done = state == "submitted" and len(lines) < MOST_LINES
            logged.append({"attempt_id": attempt_id, "round_id": round_id, "seq": last, "is_done": is_done})
    if not lines:
        return False
    made = Checkpoint(name, number + 1, now, count + len(lines), head, merkle_root(lines))
    packed = zlib.compress(canonical(taken).encode(), 6)
    try:
        with write_connection() as connection:
            # The key is the claim: whoever cuts the same number at the same time is refused here.
            connection.execute(
                insert(LogCheckpoint).values(
                    round_id=round_id, number=made.number, at=made.at, count=made.count, head=made.head, root=made.root, lines=packed,
                    signature=sign(made.says()),
                )
            )  # fmt: skip
            _remember(connection, logged)
            if amended:
                of_them = and_(Amendment.round_id == round_id, Amendment.number <= last_number)
                connection.execute(update(Amendment).where(of_them).values(is_logged=True))
    except IntegrityError:
        return False
    return True


def _basis(connection: Connection, round_id: int) -> tuple[str, int, int, int, str] | None:
    """(name of the round, quiz id, number of the last checkpoint, its count, its head); None for a round without a seal."""
    query = (
        select(Seal.name, Seal.manifest, Round.quiz_id)
        .join(Round, Round.id == Seal.round_id)
        .where(Seal.round_id == round_id)
        .order_by(Seal.number.desc())
        .limit(1)
    )
    seal = connection.execute(query).one_or_none()
    if seal is None or seal.quiz_id is None:
        return None
    last = connection.execute(_LAST, {"round": round_id}).one_or_none()
    return (
        (seal.name, seal.quiz_id, last.number, last.events, last.head)
        if last
        else (seal.name, seal.quiz_id, 0, 0, first_head(seal.manifest))
    )


def _remember(connection: Connection, logged: Sequence[dict[str, Any]]) -> None:
    if not logged:
        return
    table = cast(Table, LoggedAttempt.__table__)
    statement: Any = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=["attempt_id"], set_={"seq": statement.excluded.seq, "is_done": statement.excluded.is_done}
    )
    for first in range(0, len(logged), ROWS):
        connection.execute(statement, logged[first : first + ROWS])


def close_log(round_id: int, now: datetime) -> None:
    """Take the rest of the events into the log and, at the first closing, publish the roots of entrants, log and predictions.

    Events of corrections after it lead to further checkpoints; the roots, and with them the seed of lots, stay as they were.
    """
    while cut_checkpoint(round_id, now, looks_at_all=True):
        pass
    with read_connection() as connection:
        found = _basis(connection, round_id)
        if found is None or connection.scalar(select(LogClosing.round_id).where(LogClosing.round_id == round_id)):
            return
        name, quiz_id, _, count, head = found
        names = sorted(connection.scalars(select(Entry.pseudonym).where(Entry.round_id == round_id)))
        predicted = connection.execute(
            select(_entry.pseudonym, _attempt.number, _attempt.prediction)
            .join(Attempt.__table__, and_(_attempt.member_id == _entry.member_id, _attempt.quiz_id == quiz_id))
            .where(_entry.round_id == round_id, _attempt.state == "submitted", _attempt.prediction.is_not(None))
        )
        leaves = [prediction_leaf(*row) for row in sorted(tuple(row) for row in predicted)]
    closing = Closing(name, now, len(names), merkle_root(names), count, head, len(leaves), merkle_root(leaves))
    said = closing.says()
    row = {key: said[key] for key in ("entrants", "entrants_root", "events", "log_head", "predictions", "predictions_root")}
    try:
        with write_connection() as connection:
            connection.execute(insert(LogClosing).values(round_id=round_id, at=now, signature=sign(said), **row))
    except IntegrityError:
        pass  # another closing was quicker, and said the same


WINDOW_SECONDS = 10
"""Receipts of one such window carry the same checkpoint: the last one cut before the window before it began, which all processes know by then."""
_shown: WeakKeyDictionary[Engine, dict[int, tuple[int, dict[str, str]]]] = WeakKeyDictionary()


def checkpoint_beside(quiz_id: int, at: datetime) -> Mapping[str, str]:
    """The checkpoint that a receipt of this moment carries; nothing for a quiz that is no sealed round, or before the first checkpoint.

    Asked of the database once a window and quiz in each process.
    """
    window = int(at.timestamp()) // WINDOW_SECONDS
    known = _shown.setdefault(db.engine, {})
    found = known.get(quiz_id)
    if found is None or found[0] != window:
        before = datetime.fromtimestamp((window - 1) * WINDOW_SECONDS, UTC)
        query = (
            select(LogCheckpoint.count.label("events"), LogCheckpoint.head)
            .join(Round, Round.id == LogCheckpoint.round_id)
            .where(Round.quiz_id == quiz_id, LogCheckpoint.at < before)
            .order_by(LogCheckpoint.number.desc())
            .limit(1)
        )
        with read_connection() as connection:
            row = connection.execute(query).one_or_none()
        if len(known) >= MOST_SHOWN:
            known.clear()
        told = (window, {"checkpoint": brief(row.events, row.head)} if row else {})
        if found is None or found[0] < window:  # a request that is repeated later asks for its own time
            known[quiz_id] = told
        found = told
    return found[1]
