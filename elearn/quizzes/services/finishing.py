"""Submits attempts: by their taker, or at their deadline."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from elearn.core.db import read_connection, write_connection
from elearn.lib.errors import DomainError
from elearn.questions.queries import render_versions
from elearn.quizzes import hooks
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.rules.attempts import fold, receipt
from elearn.quizzes.rules.grading import Item, grade, is_passed
from elearn.quizzes.services.log import append, events_of, lock_attempt, tail

CHUNK = 200
"""Overdue attempts finished in one transaction: long enough to be quick, short enough to let others write."""


def submit_attempt(attempt_id: int, member_id: int, key: str, now: datetime) -> dict[str, Any]:
    """Submit and mark; return submitted_at and receipt. Submitting again changes nothing and answers the same.

    Raises NotFound, or DomainError deadline_passed where the time had run out: the attempt is then finished at its deadline all the same.
    """
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        is_late = attempt.state == "open" and now > attempt.deadline_at + timedelta(seconds=attempt.grace_seconds)
        if attempt.state == "open":
            submitted_at = min(now, attempt.deadline_at)
            digest = finish(connection, attempt_id, member_id, submitted_at, None if is_late else key)
        else:
            submitted_at = attempt.submitted_at
            last, _ = tail(connection, attempt_id, None)
            digest = last.digest if last else ""
    if is_late:
        raise DomainError("deadline_passed", "Đã hết giờ. Bài đã tự nộp với các câu đã lưu.")
    return {"submitted_at": submitted_at.isoformat(), "receipt": receipt(digest)}


def finish(connection: Connection, attempt_id: int, member_id: int, at: datetime, key: str | None = None) -> str:
    """Mark the attempt and close its log, inside the caller's transaction; return the digest of the last line."""
    attempt = lock_attempt(connection, attempt_id, member_id)
    state = fold(events_of(connection, attempt_id))
    shown = render_versions([asked["version"] for asked in attempt.paper], connection)
    items = [Item(version.type, version.body, asked["order"]) for version, asked in zip(shown, attempt.paper, strict=True)]
    marks = grade(items, state.responses)
    passed = is_passed(marks.total, attempt.max_mark, attempt.pass_percent)
    last, _ = tail(connection, attempt_id, None)
    told = {"marks": [str(mark.normalize()) for mark in marks.by_slot], "total": str(marks.total.normalize())}
    written = append(connection, attempt_id, last, at, "submitted", data=told, key=key)
    connection.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.state == "open")
        .values(
            state="submitted",
            submitted_at=at,
            working_ms=int((at - attempt.started_at) / timedelta(milliseconds=1)),
            mark=marks.total,
            correct_count=marks.correct_count,
            prediction=state.prediction,
            is_passed=passed,
        )
    )
    done = hooks.Submitted(attempt_id, attempt.quiz_id, member_id, marks.total, attempt.max_mark, passed, at)
    for consequence in hooks.after_submit:
        consequence(connection, done)
    return written.digest


def finish_when_overdue(attempt_id: int, member_id: int, now: datetime) -> bool:
    """Finish the attempt at its deadline where that has passed; return whether it was."""
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        is_overdue = attempt.state == "open" and now > attempt.deadline_at + timedelta(seconds=attempt.grace_seconds)
        if is_overdue:
            finish(connection, attempt_id, member_id, attempt.deadline_at)
    return bool(is_overdue)


def finish_overdue(quiz_id: int, now: datetime) -> int:
    """Finish every attempt at the quiz whose time has run out; return how many there were."""
    with read_connection() as connection:
        grace = connection.scalar(select(Quiz.grace_seconds).where(Quiz.id == quiz_id)) or 0
        before = now - timedelta(seconds=grace)
        query = select(Attempt.id, Attempt.member_id, Attempt.deadline_at)
        overdue = connection.execute(
            query.where(Attempt.quiz_id == quiz_id, Attempt.state == "open", Attempt.deadline_at < before)
        ).all()
    finished = 0
    for first in range(0, len(overdue), CHUNK):
        with write_connection() as connection:
            for attempt_id, member_id, deadline_at in overdue[first : first + CHUNK]:
                if lock_attempt(connection, attempt_id, member_id).state == "open":
                    finish(connection, attempt_id, member_id, deadline_at)
                    finished += 1
    return finished
