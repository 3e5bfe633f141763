"""Who a person is for a round: entry, attempts used, age and roles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.orm import aliased

from elearn.contests.models import Contest, Entry, Round
from elearn.contests.queries.advance import has_advanced
from elearn.contests.queries.judges import judges_round
from elearn.contests.rules.entry import Entrant, EntryTerms
from elearn.contests.rules.settings import ContestSettings, RoundSettings
from elearn.core.db import db
from elearn.lib.canonical import canonical
from elearn.lib.periods import local_day
from elearn.members.models import Member
from elearn.quizzes.models import Attempt, Quiz
from elearn.units.models import Unit


def terms_at(connection: Connection, round_id: int) -> EntryTerms | None:
    """The rules of entry of a round; None where there is no such round."""
    sibling = aliased(Round)
    first = select(func.min(sibling.opens_at)).where(sibling.contest_id == Contest.id).scalar_subquery()
    query = (
        select(
            Round.id, Contest.id.label("contest"), Round.quiz_id, Round.opens_at, Round.closes_at, Quiz.attempt_limit,
            first.label("first"), Contest.settings.label("settings"), Round.settings.label("own"),
        )
        .select_from(Round)
        .join(Contest, Contest.id == Round.contest_id)
        .outerjoin(Quiz, Quiz.id == Round.quiz_id)
        .where(Round.id == round_id)
    )  # fmt: skip
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return EntryTerms(
        row.id, row.contest, row.quiz_id, row.opens_at, row.closes_at, row.attempt_limit or 0, local_day(row.first),
        *_read_settings(canonical(row.settings), canonical(row.own)),
    )  # fmt: skip


@lru_cache(maxsize=256)
def _read_settings(settings: str, own: str) -> tuple[ContestSettings, RoundSettings]:
    """Settings from their JSON: they are the same for everybody who enters."""
    return ContestSettings.read(json.loads(settings)), RoundSettings.read(json.loads(own))


def entrant_at(connection: Connection, terms: EntryTerms, member_id: int, roles: frozenset[str], now: datetime) -> Entrant:
    """The person as the rules of entry of a round see them."""
    query = (
        select(
            Member.birth_date, Member.kind, Unit.path, Entry.is_counted, judges_round(terms.round_id, member_id).label("is_judge")
        )
        .join(Unit, Unit.id == Member.unit_id)
        .outerjoin(Entry, and_(Entry.member_id == Member.id, Entry.round_id == terms.round_id))
        .where(Member.id == member_id)
    )
    who = connection.execute(query).one()
    attempts = connection.execute(
        select(Attempt.state, Attempt.deadline_at).where(Attempt.quiz_id == terms.quiz_id, Attempt.member_id == member_id)
    ).all()
    return Entrant(
        who.birth_date, roles, len(attempts), any(state == "open" and deadline_at > now for state, deadline_at in attempts), who.kind,
        frozenset(int(part) for part in who.path.strip("/").split("/")), is_disqualified=who.is_counted is False,
        is_judge=bool(who.is_judge), has_advanced=has_advanced(connection, terms, member_id),
    )  # fmt: skip


def find_entrant(round_id: int, member_id: int, roles: frozenset[str], now: datetime) -> tuple[Entrant, EntryTerms]:
    """The person and the rules, for the page before the start."""
    connection = db.session.connection()
    terms = terms_at(connection, round_id)
    assert terms is not None, "the round has just been loaded"
    return entrant_at(connection, terms, member_id, roles, now), terms


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
