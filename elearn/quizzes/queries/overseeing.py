"""Attempts of a quiz as its officers see them, late answers, and people to whom something is granted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.lib.vietnamese import fold
from elearn.members.models import Member
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, may, role_paths
from elearn.quizzes.models import Accommodation, Attempt, LateResponse, Quiz
from elearn.quizzes.queries.managing import visible_quizzes
from elearn.units.models import Unit

MOST_UNITS = 300
MOST_PICKED = 25


@dataclass(frozen=True)
class AttemptLine:
    """An attempt in an officer's list."""

    id: int
    member_id: int
    name: str
    code: str
    unit_name: str
    unit_path: str
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
    is_pending: bool
    is_discarded: bool
    extra_seconds: int
    late: int


@dataclass(frozen=True)
class Narrowed:
    """What a list of attempts is narrowed to; `paths`: only people of these subtrees, None for all who sat the quiz."""

    words: str = ""
    state: str = ""
    unit: Unit | None = None
    paths: tuple[str, ...] | None = None


def scope_of(actor: Actor, quiz: Quiz) -> tuple[str, ...] | None:
    """Whose attempts an officer sees: all where they manage the quiz, otherwise those of people in their own care.

    A quiz that is open to all brings people from everywhere.
    """
    return None if may(actor, "quiz.manage", Subject(quiz.unit.path)) else tuple(role_paths(actor, "quiz.view"))


def attempts_query(quiz_id: int, narrowed: Narrowed = Narrowed()) -> Any:
    """The attempts of a quiz that match, in the order of given names; columns as `AttemptLine`."""
    late = (
        select(func.count())
        .where(LateResponse.attempt_id == Attempt.id, LateResponse.decision == "waiting")
        .correlate(Attempt)
        .scalar_subquery()
    )
    query = (
        select(
            Attempt.id, Attempt.member_id, Member.display_name, Member.code, Unit.name, Unit.path, Attempt.number, Attempt.state,
            Attempt.started_at, Attempt.deadline_at, Attempt.submitted_at, Attempt.working_ms, Attempt.mark, Attempt.max_mark,
            Attempt.correct_count, Attempt.is_passed, Attempt.is_pending, Attempt.is_discarded, Attempt.extra_seconds, late,
        )
        .join(Member, Member.id == Attempt.member_id)
        .join(Unit, Unit.id == Attempt.unit_id)
        .where(Attempt.quiz_id == quiz_id)
    )  # fmt: skip
    for word in fold(narrowed.words).split()[:6]:
        query = query.where(Member.search_key.contains(word, autoescape=True))
    if narrowed.unit is not None:
        query = query.where(below(Unit.path, [narrowed.unit.path]))
    if narrowed.paths is not None:
        query = query.where(below(Unit.path, narrowed.paths))
    conditions: dict[str, Any] = {
        "open": Attempt.state == "open",
        "submitted": and_(Attempt.state == "submitted", Attempt.is_discarded.is_(False)),
        "pending": and_(Attempt.state == "submitted", Attempt.is_pending),
        "late": late > 0,
        "discarded": Attempt.is_discarded,
    }
    if narrowed.state in conditions:
        query = query.where(conditions[narrowed.state])
    return query.order_by(Member.name_key, Member.id, Attempt.number)


def page_of_attempts(quiz_id: int, narrowed: Narrowed, number: int) -> Page[AttemptLine]:
    """One page of those attempts."""
    page = page_of(db.session(), attempts_query(quiz_id, narrowed), number, scalars=False)
    return Page([AttemptLine(*row) for row in page.items], page.number, page.total, page.size)


def list_attempts(quiz_id: int, narrowed: Narrowed) -> list[AttemptLine]:
    """All of those attempts, for a file."""
    return [AttemptLine(*row) for row in db.session.execute(attempts_query(quiz_id, narrowed))]


def units_of_attempts(quiz_id: int, paths: Sequence[str] | None = None) -> list[tuple[int, str]]:
    """(id, name) of the units whose people have sat a quiz, of these subtrees only, at most MOST_UNITS, in Vietnamese order."""
    query = select(Unit.id, Unit.name).where(Unit.id.in_(select(Attempt.unit_id).where(Attempt.quiz_id == quiz_id)))
    if paths is not None:
        query = query.where(below(Unit.path, paths))
    rows = db.session.execute(query.order_by(Unit.depth, Unit.sort_key, Unit.id).limit(MOST_UNITS))
    return [(number, name) for number, name in rows]


def people_of_attempts(attempt_ids: Sequence[int]) -> dict[int, Attempt]:
    """Attempts by id with their people and units."""
    query = select(Attempt).where(Attempt.id.in_(attempt_ids)).options(joinedload(Attempt.member), joinedload(Attempt.unit))
    return {attempt.id: attempt for attempt in db.session.scalars(query)}


def quizzes_with_late(actor: Actor) -> list[tuple[Quiz, int, datetime]]:
    """(quiz, late answers that wait, when the first of them came) for quizzes that the actor manages."""
    waiting = (
        select(Attempt.quiz_id, func.count().label("count"), func.min(LateResponse.received_at).label("first"))
        .join(LateResponse, LateResponse.attempt_id == Attempt.id)
        .where(LateResponse.decision == "waiting")
        .group_by(Attempt.quiz_id)
        .subquery()
    )
    query = visible_quizzes(actor, "quiz.manage").join(waiting, waiting.c.quiz_id == Quiz.id)
    rows = db.session.execute(query.add_columns(waiting.c.count, waiting.c.first).order_by(waiting.c.first))
    return [(quiz, count, first) for quiz, count, first in rows]


def people_named(actor: Actor, permission: str, words: str) -> Sequence[Member]:
    """People in the actor's care for the permission whose name, login or code holds every word, at most MOST_PICKED, by given name."""
    wanted = fold(words).split()[:6]
    if not wanted:
        return []
    query = select(Member).join(Unit, Unit.id == Member.unit_id).options(joinedload(Member.unit))
    query = query.where(below(Unit.path, role_paths(actor, permission)), Member.status == "active")
    for word in wanted:
        query = query.where(Member.search_key.contains(word, autoescape=True))
    return db.session.scalars(query.order_by(Member.name_key, Member.id).limit(MOST_PICKED)).all()


def access_person(actor: Actor, permission: str, member_id: int) -> Member:
    """Somebody in the actor's care for the permission; raises NotFound."""
    member = db.session.get(Member, member_id)
    if member is None or not may(actor, permission, Subject(member.unit.path)):
        raise NotFound()
    return member


def list_own(quiz_id: int, member_id: int) -> list[AttemptLine]:
    """One person's attempts at a quiz, the first one first."""
    return [AttemptLine(*row) for row in db.session.execute(attempts_query(quiz_id).where(Attempt.member_id == member_id))]


def page_of_accommodations(actor: Actor, day: date, number: int) -> Page[Accommodation]:
    """What holds on the day or later for people in the actor's care, by given name."""
    query = (
        select(Accommodation)
        .join(Member, Member.id == Accommodation.member_id)
        .join(Unit, Unit.id == Member.unit_id)
        .options(joinedload(Accommodation.member).joinedload(Member.unit))
        .where(
            below(Unit.path, role_paths(actor, "accommodation.manage")),
            or_(Accommodation.valid_to.is_(None), Accommodation.valid_to > day),
        )
    )
    return page_of(db.session(), query.order_by(Member.name_key, Member.id, Accommodation.id), number)
