"""What counts of each entry of a round, worked out by the database: the rows that the closing ranks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    MetaData,
    Select,
    Table,
    and_,
    case,
    cast,
    distinct,
    func,
    insert,
    literal,
    null,
    select,
    type_coerce,
)

from elearn.contests.models import Entry, Round, Settlement, Standing
from elearn.contests.queries.stage_marks import marks_on_stage
from elearn.contests.rules.candidates import BEHIND, Candidate, Criterion
from elearn.contests.rules.prediction import Totals
from elearn.contests.rules.settings import ContestSettings
from elearn.core.sql import epoch_ms
from elearn.quizzes.models import Attempt

COLUMNS = (
    "entry_id", "unit_id", "attempt_id", "score", "correct_count", "is_all_correct", "prediction", "working_ms", "submitted_ms",
    "attempts_used", "total_score", "best_score",
)  # fmt: skip
"""What every source of a round gives, in this order."""
NONE = cast(null(), BigInteger)
_collected = Table(
    "collected_entries", MetaData(),
    Column("entry_id", Integer, primary_key=True, autoincrement=False),
    *(Column(name, BigInteger) for name in COLUMNS if name != "entry_id"),
    prefixes=["TEMPORARY"],
)  # fmt: skip


def _counts(quiz_id: int) -> ColumnElement[bool]:
    """Attempts that count for anything: submitted in time, and marked."""
    return and_(
        Attempt.quiz_id == quiz_id, Attempt.state == "submitted", Attempt.is_discarded.is_(False), Attempt.is_pending.is_(False)
    )


def attempts_of_quiz(settled: Round, rules: ContestSettings) -> Select[Any]:
    """The counted attempt of each entry. Says in SQL what `rules.counted` says in Python."""
    score = type_coerce(Attempt.mark, BigInteger)
    orders: dict[str, tuple[Any, ...]] = {
        "best_correct": (Attempt.correct_count.desc(), Attempt.submitted_at, Attempt.id),
        "best_score": (score.desc(), Attempt.submitted_at, Attempt.id),
        "last": (Attempt.submitted_at.desc(), Attempt.id.desc()),
        "first": (Attempt.submitted_at, Attempt.id),
    }
    of_person = (
        select(
            Attempt.id,
            Attempt.member_id,
            func.row_number().over(partition_by=Attempt.member_id, order_by=orders[rules.counted]).label("nth"),
            func.count().over(partition_by=Attempt.member_id).label("attempts_used"),
        )
        .where(_counts(settled.quiz.id))
        .subquery()
    )
    is_all_correct = case(
        (and_(literal(settled.quiz.question_count) > 0, Attempt.correct_count == settled.quiz.question_count), 1), else_=0
    )
    return (
        select(
            Entry.id.label("entry_id"),
            Entry.competing_unit_id.label("unit_id"),
            Attempt.id.label("attempt_id"),
            score.label("score"),
            Attempt.correct_count.label("correct_count"),
            is_all_correct.label("is_all_correct"),
            Attempt.prediction.label("prediction"),
            Attempt.working_ms.label("working_ms"),
            epoch_ms(Attempt.submitted_at).label("submitted_ms"),
            of_person.c.attempts_used.label("attempts_used"),
            NONE.label("total_score"),
            NONE.label("best_score"),
        )
        .select_from(of_person)
        .join(Attempt, Attempt.id == of_person.c.id)
        .join(Entry, and_(Entry.member_id == of_person.c.member_id, Entry.round_id == settled.id))
        .where(of_person.c.nth == 1, Entry.is_counted)
    )


def sum_of_rounds(settled: Round, rules: ContestSettings) -> Select[Any]:
    """Each person's marks over the latest standings of the rounds that are added up: their sum, and the best of them."""
    wanted = settled.own_rules.sources or tuple(one.number for one in settled.contest.rounds if one.number < settled.number)
    latest = (
        select(func.max(Settlement.id))
        .join(Round, Round.id == Settlement.round_id)
        .where(Round.contest_id == settled.contest_id, Round.number.in_(wanted), Round.kind != "total")
        .group_by(Settlement.round_id)
    )
    own = Entry.__table__.alias("own")
    total, best = func.sum(Standing.score), func.max(Standing.score)
    return (
        select(
            own.c.id.label("entry_id"),
            own.c.competing_unit_id.label("unit_id"),
            NONE.label("attempt_id"),
            cast(total if settled.own_rules.combined == "sum" else best, BigInteger).label("score"),
            func.sum(Standing.correct_count).label("correct_count"),
            func.min(Standing.is_all_correct).label("is_all_correct"),
            NONE.label("prediction"),
            cast(func.sum(Standing.working_ms), BigInteger).label("working_ms"),
            func.max(Standing.submitted_ms).label("submitted_ms"),
            func.sum(Standing.attempts_used).label("attempts_used"),
            cast(total, BigInteger).label("total_score"),
            best.label("best_score"),
        )
        .select_from(Standing)
        .join(Entry, Entry.id == Standing.entry_id)
        .join(own, and_(own.c.member_id == Entry.member_id, own.c.round_id == settled.id))
        .where(Standing.settlement_id.in_(latest), own.c.is_counted)
        .group_by(own.c.id, own.c.competing_unit_id)
    )


SOURCES: dict[str, Callable[[Round, ContestSettings], Select[Any]]] = {
    "quiz": attempts_of_quiz,
    "written": attempts_of_quiz,
    "stage": marks_on_stage,
    "total": sum_of_rounds,
}
"""By kind of round: a statement that gives `COLUMNS`, one row an entry."""


def counted_select(settled: Round, rules: ContestSettings) -> Select[Any]:
    """What counts of each entry of a round."""
    return SOURCES[settled.kind](settled, rules)


@contextmanager
def collected(connection: Connection, settled: Round, rules: ContestSettings) -> Iterator[Table]:
    """What counts of each entry as a table of the transaction, for those who look at it more than once."""
    _collected.create(connection)
    connection.execute(insert(_collected).from_select(COLUMNS, counted_select(settled, rules)))
    yield _collected
    _collected.drop(connection)


def totals_of(connection: Connection, settled: Round, rules: ContestSettings, rows: FromClause | None = None) -> Totals:
    """People, attempts and people wholly right of a round, and of the contest up to it; from the `rows` of `counted_select` where they are known."""
    rows = counted_select(settled, rules).subquery() if rows is None else rows
    counts = select(
        func.count(), func.coalesce(func.sum(rows.c.attempts_used), 0), func.coalesce(func.sum(rows.c.is_all_correct), 0)
    ).select_from(rows)
    people, attempts, right = connection.execute(counts).one()
    of_contest = (
        select(func.count(distinct(Attempt.member_id)), func.count())
        .select_from(Attempt)
        .join(Round, and_(Round.quiz_id == Attempt.quiz_id, Round.contest_id == settled.contest_id, Round.number <= settled.number))
        .join(Entry, and_(Entry.round_id == Round.id, Entry.member_id == Attempt.member_id))
        .where(Attempt.state == "submitted", Attempt.is_discarded.is_(False), Attempt.is_pending.is_(False), Entry.is_counted)
    )
    all_people, all_attempts = (people, attempts)
    if rules_need_contest(settled):
        all_people, all_attempts = connection.execute(of_contest).one()
    return Totals(int(people), int(attempts), int(right), int(all_people), int(all_attempts))


def rules_need_contest(settled: Round) -> bool:
    """Whether the prediction asks about the whole contest: counting it costs a look at every attempt."""
    return settled.own_rules.metric.startswith("contest_")


def order_of(criterion: Criterion, rows: Mapping[str, Any] | Any) -> ColumnElement[int]:
    """The key of a criterion in SQL, the smaller the better; says what `rules.candidates.key_of` says in Python."""
    column = rows[criterion.column]
    key = -column if criterion.is_largest_first else column
    return func.coalesce(key, BEHIND)


def list_candidates(connection: Connection, settled: Round, rules: ContestSettings) -> list[Candidate]:
    """The rows of `counted_select` as the rules in Python see them; for rounds small enough to be looked at one by one, and for tests."""
    count = settled.quiz.question_count if settled.quiz_id else 0
    return [
        Candidate(
            row.entry_id, row.correct_count, count, row.score, row.prediction, None, row.working_ms, row.submitted_ms, row.attempts_used,
            row.total_score, row.best_score, None, row.attempt_id,
        )
        for row in connection.execute(counted_select(settled, rules))
    ]  # fmt: skip
