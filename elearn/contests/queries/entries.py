"""Who a person is for a round: entry, attempts used, age and roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.orm import aliased

from elearn.contests.models import Contest, Round
from elearn.contests.rules.entry import Entrant, EntryTerms
from elearn.core.db import db
from elearn.lib.periods import local_day
from elearn.members.models import Member
from elearn.quizzes.models import Attempt, Quiz


def terms_at(connection: Connection, round_id: int) -> EntryTerms | None:
    """The rules of entry of a round; None where there is no such round."""
    sibling = aliased(Round)
    first = select(func.min(sibling.opens_at)).where(sibling.contest_id == Contest.id).scalar_subquery()
    query = (
        select(Round.opens_at, Round.closes_at, Quiz.attempt_limit, Contest.minimum_age, Contest.excluded_roles, first)
        .select_from(Round)
        .join(Contest, Contest.id == Round.contest_id)
        .join(Quiz, Quiz.id == Round.quiz_id)
        .where(Round.id == round_id)
    )
    row = connection.execute(query).one_or_none()
    return EntryTerms(row[0], row[1], row[2], row[3], row[4], local_day(row[5])) if row else None


def entrant_at(connection: Connection, round_id: int, member_id: int, roles: frozenset[str], now: datetime) -> Entrant:
    """The person as the rules of entry of a round see them."""
    born = connection.scalar(select(Member.birth_date).where(Member.id == member_id))
    query = (
        select(Attempt.state, Attempt.deadline_at)
        .join(Round, Round.quiz_id == Attempt.quiz_id)
        .where(Round.id == round_id, Attempt.member_id == member_id)
    )
    attempts = connection.execute(query).all()
    is_running = any(state == "open" and deadline_at > now for state, deadline_at in attempts)
    return Entrant(born, roles, len(attempts), is_running)


def find_entrant(round_id: int, member_id: int, roles: frozenset[str], now: datetime) -> tuple[Entrant, EntryTerms]:
    """The person and the rules, for the page before the start."""
    connection = db.session.connection()
    terms = terms_at(connection, round_id)
    assert terms is not None, "the round has just been loaded"
    return entrant_at(connection, round_id, member_id, roles, now), terms


@dataclass(frozen=True)
class Used:
    """How a person stands in a round: attempts used, best so far, and the one under way."""

    attempts: int = 0
    submitted: int = 0
    best_correct: int | None = None
    open_id: int | None = None


def list_used(member_id: int, rounds: Sequence[Round], now: datetime) -> dict[int, Used]:
    """By round id; a round without an attempt is missing."""
    running = and_(Attempt.state == "open", Attempt.deadline_at > now)
    query = (
        select(
            Attempt.quiz_id,
            func.count(),
            func.count(Attempt.submitted_at),
            func.max(Attempt.correct_count),
            func.max(Attempt.id).filter(running),
        )
        .where(Attempt.member_id == member_id, Attempt.quiz_id.in_([one.quiz_id for one in rounds]))
        .group_by(Attempt.quiz_id)
    )
    found = {row[0]: Used(row[1], row[2], row[3], row[4]) for row in db.session.execute(query)}
    return {one.id: found[one.quiz_id] for one in rounds if one.quiz_id in found}
