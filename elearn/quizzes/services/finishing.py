"""Submits attempts: by their taker, or when their time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, bindparam, select, update

from elearn.core.db import read_connection, write_connection
from elearn.lib.errors import DomainError
from elearn.lib.periods import as_json
from elearn.quizzes import hooks
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.queries.attempts import events_of
from elearn.quizzes.queries.keys import corrections_of, items_of, scheme_of
from elearn.quizzes.rules.attempts import State, fold, receipt, working_ms
from elearn.quizzes.rules.corrections import marking_name
from elearn.quizzes.rules.grading import ZERO, Marks, grade, is_passed, plain, told
from elearn.quizzes.rules.timing import end_of, is_over
from elearn.quizzes.services.log import append, lock_attempt, tail
from elearn.quizzes.services.scripts import hand_in_scripts

CHUNK = 200
"""Overdue attempts finished in one transaction: long enough to be quick, short enough to let others write."""
_ATTEMPT = cast(Table, Attempt.__table__)
_MARKED = ("mark", "max_mark", "marks", "marking", "correct_count", "is_passed", "is_pending", "is_discarded")
_WRITE_MARKS = update(_ATTEMPT).where(_ATTEMPT.c.id == bindparam("attempt")).values({name: bindparam(name) for name in _MARKED})
_CLOSE = (
    update(_ATTEMPT)
    .where(_ATTEMPT.c.id == bindparam("attempt"), _ATTEMPT.c.state == "open")
    .values({"state": "submitted", **{name: bindparam(name) for name in (*_MARKED, "submitted_at", "working_ms", "prediction")}})
)


def submit_attempt(attempt_id: int, member_id: int, key: str, now: datetime) -> dict[str, Any]:
    """Submit and mark; return submitted_at and receipt, and what features put beside it. Submitting again changes nothing and answers the same.

    Raises NotFound, or DomainError deadline_passed where the time had run out: the attempt is then finished at its deadline all the same.
    """
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        is_late = attempt.state == "open" and is_over(attempt.deadline_at, attempt.grace_seconds, now)
        if attempt.state == "open":
            submitted_at, digest = finish(connection, attempt_id, member_id, now, None if is_late else key)
        else:
            submitted_at, digest = attempt.submitted_at, submission_digest(connection, attempt_id)
    if is_late:
        if attempt.late_policy == "discard":
            raise DomainError("deadline_passed", "Đã hết giờ mà bài chưa nộp. Theo quy định của bài này, lượt này không được tính.")
        raise DomainError("deadline_passed", "Đã hết giờ. Bài đã tự nộp với các câu đã lưu.")
    beside = hooks.told_beside(attempt.quiz_id, submitted_at)
    return {"submitted_at": as_json(submitted_at), "receipt": receipt(digest), **beside}


def submission_digest(connection: Connection, attempt_id: int) -> str:
    """Digest of the line of the submission, whatever was written after it; empty where there is none."""
    return next((event.digest for event in events_of(connection, attempt_id) if event.kind == "submitted"), "")


def finish(
    connection: Connection, attempt_id: int, member_id: int | None, now: datetime, key: str | None = None
) -> tuple[datetime, str]:
    """Mark the attempt and close it, inside the caller's transaction; (moment at which it counts as submitted, digest of that line).

    `key` None: nobody submitted it, its time is over; where the quiz then counts nothing, the attempt is discarded.
    """
    attempt = lock_attempt(connection, attempt_id, member_id)
    at = end_of(attempt.deadline_at, attempt.grace_seconds, attempt.late_policy, now)
    state = fold(events_of(connection, attempt_id))
    is_discarded = key is None and attempt.late_policy == "discard"
    marks, marking = nothing(len(attempt.paper), attempt.max_mark), ""
    if not is_discarded:
        marks, marking = mark_state(connection, attempt, state)
    last, _ = tail(connection, attempt_id, None)
    data: dict[str, Any] = {"marks": told(marks.by_slot), "total": plain(marks.total)}
    if is_discarded:
        data["discarded"] = True
    written = append(connection, attempt_id, last, at, "submitted", data=data, key=key)
    connection.execute(
        _CLOSE,
        {
            "attempt": attempt_id, "submitted_at": at, "working_ms": working_ms(attempt.started_at, at, state.returned_seconds),
            "prediction": state.prediction, **row_of(attempt, marks, marking, is_discarded),
        },
    )  # fmt: skip
    if marks.is_pending:
        hand_in_scripts(connection, attempt, state, marks, at)
    tell(connection, attempt, marks, is_discarded, at)
    return at, written.digest


def nothing(count: int, max_mark: Decimal) -> Marks:
    """Marks of work that is not counted."""
    return Marks((ZERO,) * count, ZERO, max_mark, 0, False)


def mark_state(connection: Connection, attempt: Row[Any], state: State) -> tuple[Marks, str]:
    """Marks of a whole state, with the corrections in force, and the name of the rules by which they were worked out."""
    corrections = corrections_of(connection, attempt.quiz_id)
    items = items_of(connection, attempt.quiz_id, attempt.paper, corrections)
    marks = grade(items, state.responses, scheme_of(attempt), state.given, state.certainties)
    return marks, marking_name(corrections)


def row_of(attempt: Row[Any], marks: Marks, marking: str, is_discarded: bool) -> dict[str, Any]:
    """What the row of an attempt says of its marks; passed or not is open while a person has still to mark."""
    passed = None if marks.is_pending else is_passed(marks.total, marks.max_total, attempt.pass_percent)
    return {
        "mark": marks.total, "max_mark": marks.max_total, "marks": told(marks.by_slot), "marking": marking,
        "correct_count": marks.correct_count, "is_passed": passed, "is_pending": marks.is_pending, "is_discarded": is_discarded,
    }  # fmt: skip


def write_marks(connection: Connection, attempt: Row[Any], marks: Marks, marking: str) -> None:
    """Put other marks into the row of a submitted attempt, which counts from then on, and tell their consequences."""
    connection.execute(_WRITE_MARKS, {"attempt": attempt.id, **row_of(attempt, marks, marking, False)})
    tell(connection, attempt, marks, False, attempt.submitted_at)


def tell(connection: Connection, attempt: Row[Any], marks: Marks, is_discarded: bool, at: datetime) -> None:
    """Call those who wait for complete marks; nothing happens while a person has still to mark, or where nothing is counted."""
    if marks.is_pending or is_discarded:
        return
    passed = is_passed(marks.total, marks.max_total, attempt.pass_percent)
    done = hooks.Submitted(attempt.id, attempt.quiz_id, attempt.member_id, marks.total, marks.max_total, passed, at)
    for consequence in hooks.after_submit:
        consequence(connection, done)


def finish_when_overdue(attempt_id: int, member_id: int, now: datetime) -> bool:
    """Finish the attempt at its deadline where that has passed; return whether it was."""
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        is_overdue = attempt.state == "open" and is_over(attempt.deadline_at, attempt.grace_seconds, now)
        if is_overdue:
            finish(connection, attempt_id, member_id, now)
    return bool(is_overdue)


def finish_overdue(quiz_id: int, now: datetime, tell: Callable[[int, int], None] | None = None) -> int:
    """Finish every attempt at the quiz whose time has run out; return how many there were.

    `tell` is called with (done, all) between two transactions; what it raises ends the work, and what is finished stays finished.
    """
    with read_connection() as connection:
        grace = connection.scalar(select(Quiz.grace_seconds).where(Quiz.id == quiz_id)) or 0
        overdue = connection.scalars(
            select(Attempt.id).where(
                Attempt.quiz_id == quiz_id, Attempt.state == "open", Attempt.deadline_at < now - timedelta(seconds=grace)
            )
        ).all()
    finished = 0
    for first in range(0, len(overdue), CHUNK):
        if tell is not None:
            tell(first, len(overdue))
        with write_connection() as connection:
            for attempt_id in overdue[first : first + CHUNK]:
                attempt = lock_attempt(connection, attempt_id, None)
                if attempt.state == "open" and is_over(attempt.deadline_at, attempt.grace_seconds, now):
                    finish(connection, attempt_id, None, now)
                    finished += 1
    return finished


def count_open(quiz_id: int) -> int:
    """Attempts at the quiz that are still being sat."""
    with read_connection() as connection:
        return len(connection.scalars(select(Attempt.id).where(Attempt.quiz_id == quiz_id, Attempt.state == "open")).all())
