"""Attempts of a person and counts of a quiz, as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.lib.errors import NotFound
from elearn.members.rules.permissions import Actor, Subject, may
from elearn.quizzes import hooks
from elearn.quizzes.models import Attempt, AttemptEvent, Quiz
from elearn.quizzes.rules.attempts import Event, State, fold


@dataclass(frozen=True)
class AttemptRow:
    """An attempt as its taker's pages need it; marks are None until it is submitted."""

    id: int
    number: int
    state: str
    started_at: datetime
    deadline_at: datetime
    submitted_at: datetime | None
    working_ms: int | None
    mark: Decimal | None
    max_mark: Decimal
    correct_count: int | None
    is_passed: bool | None
    prediction: int | None


@dataclass(frozen=True)
class Counts:
    """People (người) and attempts (lượt) with a submitted attempt."""

    people: int
    attempts: int


def access_attempt(actor: Actor, attempt_id: int, permission: str = "attempt.view") -> Attempt:
    """The attempt with its quiz; NotFound where the actor may not know of it."""
    query = select(Attempt).where(Attempt.id == attempt_id).options(joinedload(Attempt.quiz), joinedload(Attempt.unit))
    attempt = db.session.scalar(query)
    if attempt is None or not may(actor, permission, Subject(attempt.unit.path, attempt.member_id)):
        raise NotFound()
    return attempt


def find_quiz(quiz_id: int) -> Quiz | None:
    """The quiz; None where there is none."""
    return db.session.get(Quiz, quiz_id)


def attempts_at(member_id: int, quiz_id: int) -> list[AttemptRow]:
    """A member's attempts at a quiz, the first one first."""
    columns = [getattr(Attempt, name) for name in AttemptRow.__dataclass_fields__]
    query = select(*columns).where(Attempt.quiz_id == quiz_id, Attempt.member_id == member_id).order_by(Attempt.number)
    return [AttemptRow(*row) for row in db.session.execute(query)]


def counts(quiz_id: int) -> Counts:
    """How many people and how many attempts have been submitted."""
    query = select(func.count(func.distinct(Attempt.member_id)), func.count()).where(
        Attempt.quiz_id == quiz_id, Attempt.state == "submitted"
    )
    people, attempts = db.session.execute(query).one()
    return Counts(people, attempts)


def state_of(attempt_id: int) -> State:
    """What the attempt is now: the fold over its log."""
    columns = (AttemptEvent.seq, AttemptEvent.at, AttemptEvent.kind, AttemptEvent.slot, AttemptEvent.data, AttemptEvent.client_seq)
    rows = db.session.execute(select(*columns).where(AttemptEvent.attempt_id == attempt_id))
    return fold(Event(*row) for row in rows)


def find_way_back(quiz_id: int, member_id: int) -> str | None:
    """Address of the page to which a sitting belongs; None where no feature knows it."""
    for find in hooks.way_back:
        url = find(quiz_id, member_id)
        if url:
            return url
    return None
