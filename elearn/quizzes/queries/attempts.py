"""Attempts of a person and counts of a quiz, as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.lib.errors import NotFound
from elearn.lib.vietnamese import fold as folded
from elearn.members.rules.permissions import Actor, Subject, may
from elearn.quizzes import hooks
from elearn.quizzes.models import Attempt, AttemptEvent, AttemptFile, LateResponse, Quiz
from elearn.quizzes.queries.granting import last_end_of
from elearn.quizzes.rules.admission import fits_join_code
from elearn.quizzes.rules.attempts import Event, State, fold
from elearn.quizzes.rules.counting import Counted, counted
from elearn.quizzes.rules.review import moment_of, visible

_EVENTS = (
    select(
        AttemptEvent.seq,
        AttemptEvent.at,
        AttemptEvent.kind,
        AttemptEvent.slot,
        AttemptEvent.data,
        AttemptEvent.client_seq,
        AttemptEvent.key,
        AttemptEvent.digest,
    )
    .where(AttemptEvent.attempt_id == bindparam("attempt"))
    .order_by(AttemptEvent.seq)
)


@dataclass(frozen=True)
class AttemptRow:
    """An attempt as its taker's pages need it; marks are None until it is submitted.

    Marks stand here whatever the quiz says of showing them: `things_shown` tells what a page may show.
    """

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
    is_pending: bool
    is_discarded: bool


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


def access_quiz(actor: Actor, quiz_id: int, permission: str = "quiz.take") -> Quiz:
    """The quiz; NotFound where the actor may not know of it. To take one, it must be published and open to the actor's unit or to all."""
    quiz = db.session.scalar(select(Quiz).where(Quiz.id == quiz_id).options(joinedload(Quiz.unit)))
    is_taking = permission == "quiz.take"
    subject = Subject(quiz.unit.path, is_public=is_taking and quiz.is_for_all) if quiz else Subject()
    if quiz is None or not may(actor, permission, subject) or (is_taking and quiz.state != "published"):
        raise NotFound()
    return quiz


def find_quiz(quiz_id: int) -> Quiz | None:
    """The quiz; None where there is none."""
    return db.session.get(Quiz, quiz_id)


def find_by_join_code(code: str) -> int | None:
    """Id of the quiz with that join code, however it was typed; None where there is none. Whether the asker may take it is asked apart."""
    bare = "".join(sign for sign in folded(code) if sign.isalnum())
    if not bare:
        return None
    rows = db.session.execute(select(Quiz.id, Quiz.join_code).where(Quiz.join_code.is_not(None)))
    return next((number for number, known in rows if fits_join_code(known, bare)), None)


def attempts_at(member_id: int, quiz_id: int) -> list[AttemptRow]:
    """A member's attempts at a quiz, the first one first."""
    columns = [getattr(Attempt, name) for name in AttemptRow.__dataclass_fields__]
    query = select(*columns).where(Attempt.quiz_id == quiz_id, Attempt.member_id == member_id).order_by(Attempt.number)
    return [AttemptRow(*row) for row in db.session.execute(query)]


def counted_at(member_id: int, quiz: Quiz) -> Counted | None:
    """What counts of a member's attempts at a quiz; None where nothing does yet."""
    return counted(attempts_at(member_id, quiz.id), quiz.counted)


def moment_for(quiz: Quiz, attempt: Any, now: datetime) -> tuple[str, datetime | None]:
    """(the moment of review that it is for an attempt, the moment from which on nobody can be at the quiz any more)."""
    closes_at = last_end_of(db.session.connection(), quiz.id, quiz.closes_at)
    return moment_of(attempt.state, attempt.submitted_at, closes_at, now), closes_at


def things_shown(quiz: Quiz, attempt: Any, now: datetime) -> frozenset[str]:
    """What of an attempt (its row or object) may be shown to its taker now: marks, correctness, feedback, right_answer, explanation."""
    return visible(quiz.review, quiz.review_grid, moment_for(quiz, attempt, now)[0])


def counts(quiz_id: int) -> Counts:
    """How many people and how many attempts have been submitted."""
    query = select(func.count(func.distinct(Attempt.member_id)), func.count()).where(
        Attempt.quiz_id == quiz_id, Attempt.state == "submitted"
    )
    people, attempts = db.session.execute(query).one()
    return Counts(people, attempts)


def events_of(connection: Connection, attempt_id: int) -> list[Event]:
    """The whole log in the order of the server."""
    return [Event(*row) for row in connection.execute(_EVENTS, {"attempt": attempt_id})]


def state_of(attempt_id: int) -> State:
    """What the attempt is now: the fold over its log."""
    return fold(events_of(db.session.connection(), attempt_id))


def files_of(attempt_id: int) -> dict[int, list[AttemptFile]]:
    """The files handed in, by slot, in the order in which they came."""
    found: dict[int, list[AttemptFile]] = {}
    for one in db.session.scalars(select(AttemptFile).where(AttemptFile.attempt_id == attempt_id).order_by(AttemptFile.id)):
        found.setdefault(one.slot, []).append(one)
    return found


def access_file(actor: Actor, attempt_id: int, file_id: int) -> AttemptFile:
    """A file of an attempt that the actor may see; NotFound otherwise."""
    attempt = access_attempt(actor, attempt_id)
    found = db.session.scalar(select(AttemptFile).where(AttemptFile.id == file_id, AttemptFile.attempt_id == attempt.id))
    if found is None:
        raise NotFound()
    return found


def late_of(attempt_id: int) -> list[LateResponse]:
    """The answers that came too late, in the order in which they came."""
    return list(db.session.scalars(select(LateResponse).where(LateResponse.attempt_id == attempt_id).order_by(LateResponse.id)))


def late_waiting(quiz_id: int) -> dict[int, list[LateResponse]]:
    """Late answers of a quiz that wait for a decision, by attempt, the longest waiting first."""
    query = (
        select(LateResponse)
        .join(Attempt, Attempt.id == LateResponse.attempt_id)
        .where(Attempt.quiz_id == quiz_id, LateResponse.decision == "waiting")
    )
    found: dict[int, list[LateResponse]] = {}
    for one in db.session.scalars(query.order_by(LateResponse.received_at, LateResponse.id)):
        found.setdefault(one.attempt_id, []).append(one)
    return found


@dataclass(frozen=True)
class Clock:
    """What a page asks again and again."""

    state: str
    deadline_at: datetime
    holder: str


_CLOCK = select(Attempt.state, Attempt.deadline_at, Attempt.holder, Attempt.member_id).where(Attempt.id == bindparam("attempt"))


def clock_of(member_id: int, attempt_id: int) -> Clock:
    """State and deadline of a person's own attempt, by one small statement; NotFound for one that is not theirs."""
    row = db.session.execute(_CLOCK, {"attempt": attempt_id}).one_or_none()
    if row is None or row.member_id != member_id:
        raise NotFound()
    return Clock(row.state, row.deadline_at, row.holder)


def find_way_back(quiz_id: int, member_id: int) -> str | None:
    """Address of the page to which a sitting belongs; None where no feature knows it."""
    for find in hooks.way_back:
        url = find(quiz_id, member_id)
        if url:
            return url
    return None


def find_entrance(quiz_id: int) -> hooks.Entrance | None:
    """Where alone a quiz may be started; None for one that stands alone."""
    return next((found for find in hooks.entrances if (found := find(quiz_id))), None)
