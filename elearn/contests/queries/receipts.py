"""Finds a receipt in the log of a round, with what shows that it stands there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from elearn.contests.models import Entry, LogCheckpoint, Round, Seal
from elearn.contests.queries.log_lines import amendments_in, events_in, unpack
from elearn.contests.rules.seals import amendment_line, first_head, line_of, merkle_path, next_head
from elearn.core.db import db
from elearn.quizzes.models import Attempt, AttemptEvent


@dataclass(frozen=True)
class Proof:
    """An event of one's own in the log: its line there, the heads of the chain before and after it, the way to the root of its checkpoint.

    `checkpoint` None: not in the log yet, and nothing after it is known.
    """

    pseudonym: str
    attempt: int
    seq: int
    kind: str
    at: datetime
    digest: str
    checkpoint: int | None = None
    checkpoint_at: datetime | None = None
    line: int = 0
    before: str = ""
    after: str = ""
    head: str = ""
    root: str = ""
    path: tuple[tuple[str, str], ...] = ()


def find_receipt(found: Round, member_id: int, receipt: str) -> Proof | None:
    """The event of the member's own attempts with this receipt (16 signs); None where there is none."""
    connection = db.session.connection()
    query = (
        select(
            Entry.pseudonym, Attempt.number, AttemptEvent.attempt_id, AttemptEvent.seq, AttemptEvent.kind, AttemptEvent.at,
            AttemptEvent.digest,
        )
        .join(Attempt, Attempt.id == AttemptEvent.attempt_id)
        .join(Entry, and_(Entry.member_id == Attempt.member_id, Entry.round_id == found.id))
        .where(Attempt.quiz_id == found.quiz_id, Attempt.member_id == member_id, AttemptEvent.digest.startswith(receipt))
    )  # fmt: skip
    event = connection.execute(query.limit(1)).one_or_none()
    if event is None:
        return None
    known = Proof(event.pseudonym, event.number, event.seq, event.kind, event.at, event.digest)
    query_of_marks = (
        select(LogCheckpoint.number, LogCheckpoint.lines)
        .where(LogCheckpoint.round_id == found.id)
        .order_by(LogCheckpoint.number)
        .execution_options(yield_per=50)
    )
    for number, lines in connection.execute(query_of_marks):
        taken = unpack(lines)
        if any(attempt_id == event.attempt_id and first <= event.seq <= last for attempt_id, first, last in taken):
            return _prove(found, known, event.attempt_id, number, taken)
    return known


def _prove(found: Round, known: Proof, attempt_id: int, number: int, taken: list[tuple[int, int, int]]) -> Proof:
    connection = db.session.connection()
    columns = (LogCheckpoint.number, LogCheckpoint.at, LogCheckpoint.count.label("events"), LogCheckpoint.head, LogCheckpoint.root)
    marks = {
        row.number: row
        for row in connection.execute(
            select(*columns).where(LogCheckpoint.round_id == found.id, LogCheckpoint.number.in_((number - 1, number)))
        )
    }
    count, head = (marks[number - 1].events, marks[number - 1].head) if number > 1 else (0, "")
    if not head:
        manifest = select(Seal.manifest).where(Seal.round_id == found.id).order_by(Seal.number.desc()).limit(1)
        head = first_head(connection.execute(manifest).scalar_one())
    ids = [one for one, _, _ in taken]
    whose = {}
    for first in range(0, len(ids), 2_000):
        people = (
            select(Attempt.id, Entry.pseudonym, Attempt.number)
            .join(Entry, and_(Entry.member_id == Attempt.member_id, Entry.round_id == found.id))
            .where(Attempt.id.in_(ids[first : first + 2_000]))
        )
        whose.update({one: (pseudonym, nth) for one, pseudonym, nth in connection.execute(people)})
    leaves = [amendment_line(one.number, one.digest) for one in amendments_in(connection, found.id, taken)]
    for leaf in leaves:
        head = next_head(head, leaf)
    place, before, after = 0, "", ""
    for one, seq, digest in events_in(connection, taken, AttemptEvent.attempt_id, AttemptEvent.seq, AttemptEvent.digest):
        leaf = line_of(*whose[one], seq, digest)
        following = next_head(head, leaf)
        if (one, seq) == (attempt_id, known.seq):
            place, before, after = len(leaves), head, following
        leaves.append(leaf)
        head = following
    mark = marks[number]
    return Proof(
        known.pseudonym, known.attempt, known.seq, known.kind, known.at, known.digest, number, mark.at, count + place + 1, before, after,
        mark.head, mark.root, tuple(merkle_path(leaves, place)),
    )  # fmt: skip
