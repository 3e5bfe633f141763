"""Who a person is for a round: entry, attempts used, age and roles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.orm import aliased

from elearn.contests.models import Contest, Disqualification, Entry, PublicEntrant, Round
from elearn.contests.queries.eligibility import has_advanced, has_written
from elearn.contests.rules.entry import Entrant, EntryTerms
from elearn.contests.rules.settings import ContestSettings, RoundSettings
from elearn.core.db import db
from elearn.lib.canonical import canonical
from elearn.lib.periods import local_day
from elearn.members.models import Member
from elearn.members.rules.people import GUEST_UNIT
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
    guest = and_(PublicEntrant.member_id == Member.id, PublicEntrant.contest_id == terms.contest_id)
    own = aliased(Unit)
    query = (
        select(
            Member.birth_date,
            Member.kind,
            Unit.path,
            own.code.label("unit_code"),
            Disqualification.id.label("disqualified"),
            PublicEntrant.is_first,
        )
        .join(own, own.id == Member.unit_id)
        .outerjoin(PublicEntrant, guest)
        .join(Unit, Unit.id == func.coalesce(PublicEntrant.unit_id, Member.unit_id))
        .outerjoin(Entry, and_(Entry.member_id == Member.id, Entry.round_id == terms.round_id))
        # Not `is_counted`: a later claim to the same phone is not counted and plays like everybody else, so that it shows nowhere.
        .outerjoin(Disqualification, and_(Disqualification.entry_id == Entry.id, Disqualification.state == "confirmed"))
        .where(Member.id == member_id)
    )
    who = connection.execute(query).one()
    wrote = terms.settings.excludes_writers and terms.quiz_id is not None and has_written(connection, terms.quiz_id, member_id)
    advance = terms.own.advance
    attempts = connection.execute(
        select(Attempt.state, Attempt.deadline_at).where(Attempt.quiz_id == terms.quiz_id, Attempt.member_id == member_id)
    ).all()
    return Entrant(
        who.birth_date, roles, len(attempts), any(state == "open" and deadline_at > now for state, deadline_at in attempts), who.kind,
        frozenset(int(part) for part in who.path.strip("/").split("/")), wrote,
        advance is None or has_advanced(connection, terms.contest_id, advance, member_id),
        is_registered=who.unit_code != GUEST_UNIT or who.is_first is not None,
        is_disqualified=who.disqualified is not None,
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


@dataclass(frozen=True)
class OwnAttempt:
    """An attempt of a person in a contest, for themselves."""

    id: int
    round_number: int
    round_title: str
    number: int
    is_open: bool
    submitted_at: datetime | None
    is_published: bool


def list_attempts(member_id: int, contest: Contest) -> list[OwnAttempt]:
    """All attempts of a person in a contest, the latest first."""
    query = (
        select(Attempt.id, Round.number, Round.title, Attempt.number, Attempt.state, Attempt.submitted_at, Round.published_version)
        .join(Round, Round.quiz_id == Attempt.quiz_id)
        .where(Attempt.member_id == member_id, Round.contest_id == contest.id)
    )
    return [
        OwnAttempt(row[0], row[1], row[2], row[3], row[4] == "open", row[5], row[6] is not None)
        for row in db.session.execute(query.order_by(Attempt.id.desc()))
    ]


def has_entered(contest_id: int, member_id: int) -> bool:
    """Whether the person has entered a round of the contest."""
    query = select(Entry.id).join(Round, Round.id == Entry.round_id)
    return db.session.scalar(query.where(Round.contest_id == contest_id, Entry.member_id == member_id).limit(1)) is not None


def is_under_way(quiz_id: int | None, member_id: int, now: datetime) -> bool:
    """Whether the person has an attempt of the quiz open."""
    running = (Attempt.quiz_id == quiz_id, Attempt.member_id == member_id, Attempt.state == "open", Attempt.deadline_at > now)
    return db.session.scalar(select(Attempt.id).where(*running).limit(1)) is not None
