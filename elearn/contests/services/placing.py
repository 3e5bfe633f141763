"""The standings of a settlement as lines of ranking.csv."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from elearn.contests.models import Entry, Standing
from elearn.contests.rules.archives import RANKING, ranking_line
from elearn.quizzes.models import Attempt


def ranking_lines(connection: Connection, settlement_id: int) -> Iterator[str]:
    """The rows of the standings, those that share a place by pseudonym; what parts a place from the one above stands in each of its rows."""
    yield ",".join(RANKING)
    of = Standing.__table__.c
    query = (
        select(
            of.place, Entry.pseudonym, Attempt.number.label("attempt"), of.score, of.correct_count.label("correct"),
            of.is_all_correct.label("all_correct"), of.prediction, of.prediction_distance.label("distance"), of.working_ms,
            of.submitted_ms, of.attempts_used, of.lot, func.max(of.decided_by).over(partition_by=of.place).label("decided_by"),
        )
        .select_from(Standing.__table__)
        .join(Entry, Entry.id == of.entry_id)
        .outerjoin(Attempt, Attempt.id == of.attempt_id)
        .where(of.settlement_id == settlement_id)
        .order_by(of.place, Entry.pseudonym)
        .execution_options(yield_per=1000)
    )  # fmt: skip
    for row in connection.execute(query):
        yield ranking_line(dict(row._mapping))
