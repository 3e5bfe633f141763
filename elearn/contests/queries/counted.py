"""The counted attempts of a round, worked out by the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, and_, func, select

from elearn.contests.models import Entry
from elearn.contests.rules.candidates import Candidate
from elearn.quizzes.models import Attempt

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Counted:
    """A person's counted attempt, with name and unit on entering and the number of attempts submitted."""

    candidate: Candidate
    display_name: str
    unit_id: int
    unit_name: str
    submitted_at: datetime
    attempts: int


def list_counted(connection: Connection, round_id: int, quiz_id: int, question_count: int) -> list[Counted]:
    """One for each person who entered and submitted. Says in SQL what `rules.counted` says in Python."""
    order = (Attempt.correct_count.desc(), Attempt.submitted_at, Attempt.id)
    ranked = (
        select(
            Attempt.id,
            Attempt.member_id,
            Attempt.correct_count,
            Attempt.prediction,
            Attempt.working_ms,
            Attempt.submitted_at,
            Entry.display_name,
            Entry.unit_id,
            Entry.unit_name,
            func.row_number().over(partition_by=Attempt.member_id, order_by=order).label("nth"),
            func.count().over(partition_by=Attempt.member_id).label("attempts"),
        )
        .join(Entry, and_(Entry.member_id == Attempt.member_id, Entry.round_id == round_id))
        .where(Attempt.quiz_id == quiz_id, Attempt.state == "submitted")
        .subquery()
    )
    return [
        Counted(
            Candidate(
                row.id, row.member_id, row.correct_count, question_count, row.prediction, row.working_ms,
                (row.submitted_at - EPOCH) // timedelta(milliseconds=1),
            ),
            row.display_name, row.unit_id, row.unit_name, row.submitted_at, row.attempts,
        )
        for row in connection.execute(select(ranked).where(ranked.c.nth == 1))
    ]  # fmt: skip
