"""Quizzes as their takers find them: what is open to a person, and what they have done of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.lib.errors import DomainError, NotFound
from elearn.lib.periods import local_day
from elearn.members.rules.permissions import Actor
from elearn.quizzes.models import Accommodation, Attempt, Quiz
from elearn.quizzes.queries.attempts import AttemptRow, access_quiz, things_shown
from elearn.quizzes.queries.granting import grants_of, list_accommodations, needs_of
from elearn.quizzes.rules.admission import Past, Terms, limit_of, next_start, refusal
from elearn.quizzes.rules.counting import Counted, counted
from elearn.quizzes.rules.timing import USUAL, Granted, granted_to, is_over, more_by_need, start_close


@dataclass(frozen=True)
class Standing:
    """How somebody stands with a quiz at a moment. `refusal` says why no new attempt may begin, None where one may."""

    quiz: Quiz
    attempts: tuple[AttemptRow, ...]
    granted: Granted
    refusal: DomainError | None
    limit: int
    closes_at: datetime | None
    """The close for this person, with what was granted."""
    next_at: datetime | None
    """First moment after the waiting time; None where there is none to wait for."""
    own_seconds: int
    """Working time of an attempt for this person."""
    shown: frozenset[int] = frozenset()
    """Ids of the attempts whose marks this person may see now."""
    is_helped: bool = False
    open_attempt: AttemptRow | None = None
    """The attempt under way."""
    overdue: AttemptRow | None = None
    """An attempt that time has ended and nobody has submitted yet; opening it does that."""

    @property
    def done(self) -> list[AttemptRow]:
        return [one for one in self.attempts if one.state == "submitted"]

    @property
    def left(self) -> int:
        return max(0, self.limit - len(self.attempts))

    @property
    def counted(self) -> Counted | None:
        """What counts so far, where all of it may be seen; None otherwise."""
        if not self.done or any(one.id not in self.shown for one in self.done):
            return None
        return counted(self.attempts, self.quiz.counted)

    def phase(self, now: datetime) -> str:
        """Whether the quiz is still to open for the person, can be sat, or is over: "ahead", "current" or "over"."""
        if self.open_attempt is None and self.quiz.opens_at is not None and self.quiz.opens_at > now:
            return "ahead"
        is_over = self.closes_at is not None and self.closes_at <= now
        return "over" if is_over and self.open_attempt is None else "current"

    @property
    def is_asked(self) -> bool:
        """Whether the person still has something to do: no attempt that counts, or one that is seen to have failed and may be repeated."""
        if self.open_attempt is not None:
            return True
        kept = [one for one in self.done if not one.is_discarded]
        if self.overdue is not None and self.quiz.late_policy != "discard":
            return False
        if not kept:
            return self.refusal is None or self.refusal.code == "too_soon"
        best = self.counted
        has_failed = best is not None and best.is_passed(self.quiz.pass_percent) is False
        return has_failed and (self.refusal is None or self.refusal.code == "too_soon")


def _open_to(actor: Actor) -> ColumnElement[bool]:
    """SQL for "owned by the person's unit or one above it, or open to all"; published and standing alone."""
    above = [int(part) for part in actor.unit_path.strip("/").split("/")]
    return and_(Quiz.state == "published", Quiz.made_by_id.is_not(None), or_(Quiz.unit_id.in_(above), Quiz.is_for_all))


def _begun(actor: Actor) -> ColumnElement[bool]:
    return Quiz.id.in_(select(Attempt.quiz_id).where(Attempt.member_id == actor.member_id))


def list_open_to(actor: Actor) -> Sequence[Quiz]:
    """Quizzes that stand in a person's catalogue: those open to them, but of those that need a code only the ones they have joined."""
    query = select(Quiz).options(joinedload(Quiz.unit)).where(_open_to(actor), or_(Quiz.join_code.is_(None), _begun(actor)))
    return db.session.scalars(query.order_by(Quiz.closes_at.is_(None), Quiz.closes_at, Quiz.id.desc())).all()


def list_begun(actor: Actor) -> Sequence[Quiz]:
    """Standing-alone quizzes that a person has begun and that are put away since, or not open to them any more."""
    query = select(Quiz).options(joinedload(Quiz.unit)).where(_begun(actor), Quiz.made_by_id.is_not(None))
    return db.session.scalars(query.order_by(Quiz.id.desc())).all()


def standings_of(actor: Actor, quizzes: Sequence[Quiz], now: datetime) -> list[Standing]:
    """How the person stands with each of the quizzes, in their order."""
    ids = [quiz.id for quiz in quizzes]
    columns = [getattr(Attempt, name) for name in AttemptRow.__dataclass_fields__]
    query = select(Attempt.quiz_id, *columns).where(Attempt.quiz_id.in_(ids), Attempt.member_id == actor.member_id)
    own: dict[int, list[AttemptRow]] = {}
    for row in db.session.execute(query.order_by(Attempt.number)):
        own.setdefault(row[0], []).append(AttemptRow(*row[1:]))
    permille = needs_of(db.session.connection(), actor.member_id, local_day(now)).time_permille
    return [_standing(actor, quiz, tuple(own.get(quiz.id, ())), permille, now) for quiz in quizzes]


def _standing(actor: Actor, quiz: Quiz, attempts: tuple[AttemptRow, ...], permille: int, now: datetime) -> Standing:
    granted = granted_to(grants_of(db.session.connection(), quiz.id), actor.member_id, actor.unit_path)
    terms = Terms(quiz.state, quiz.opens_at, quiz.closes_at, quiz.attempt_limit, quiz.wait_seconds)
    ended: list[Any] = [one.submitted_at for one in attempts if one.submitted_at is not None]
    past = Past(len(attempts), max(ended, default=None))
    first = next_start(terms, past)
    open_one = next((one for one in attempts if one.state == "open"), None)
    has_ended = open_one is not None and is_over(open_one.deadline_at, quiz.grace_seconds, now)
    return Standing(
        quiz,
        attempts,
        granted,
        refusal(terms, past, granted, now),
        limit_of(terms, granted),
        start_close(quiz.closes_at, granted.seconds),
        first if first is not None and first > now else None,
        quiz.time_limit_seconds + granted.seconds + more_by_need(quiz.time_limit_seconds, permille),
        frozenset(one.id for one in attempts if one.state == "submitted" and "marks" in things_shown(quiz, one, now)),
        permille > USUAL,
        None if has_ended else open_one,
        open_one if has_ended else None,
    )


def find_quiz_id(code: str) -> int:
    """Id of the quiz with a code; 0 where there is none. Says nothing of who may take it."""
    return db.session.scalar(select(Quiz.id).where(Quiz.code == code)) or 0


def access_front(actor: Actor, code: str) -> Quiz:
    """A quiz for its own page: one that stands alone, published and open to the person, or one that they have begun. NotFound otherwise."""
    quiz = db.session.scalar(select(Quiz).where(Quiz.code == code).options(joinedload(Quiz.unit)))
    if quiz is None or quiz.made_by_id is None:
        raise NotFound()
    begun = db.session.scalar(select(Attempt.id).where(Attempt.quiz_id == quiz.id, Attempt.member_id == actor.member_id).limit(1))
    return quiz if begun is not None and quiz.state != "draft" else access_quiz(actor, quiz.id, "quiz.take")


def own_needs(actor: Actor, now: datetime) -> list[Accommodation]:
    """What somebody is given at every quiz today or later, for themselves to see."""
    today = local_day(now)
    return [one for one in list_accommodations(actor.member_id) if one.valid_to is None or one.valid_to > today]
