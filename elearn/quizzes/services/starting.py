"""Starts an attempt: asks who may, draws the paper, fixes the deadline."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from elearn.core.db import db, read_connection, write_connection
from elearn.lib.errors import Busy, DomainError, InvalidInput, NotFound
from elearn.lib.periods import local_day
from elearn.members.rules.permissions import Actor
from elearn.members.services.passwords import verify_password
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.queries.attempts import access_quiz, find_entrance
from elearn.quizzes.queries.drawing import compose, draw_paper, plan_of
from elearn.quizzes.queries.granting import grants_of, needs_of
from elearn.quizzes.queries.keys import items_of, scheme_of
from elearn.quizzes.rules.admission import Past, Terms, fits_join_code, limit_of, refusal
from elearn.quizzes.rules.grading import maximum
from elearn.quizzes.rules.timing import Granted, deadline_of, granted_to, is_over, more_by_need
from elearn.quizzes.services.finishing import finish
from elearn.quizzes.services.log import append, is_open_for
from elearn.units.models import Unit

_QUIZ = select(Quiz.__table__).where(Quiz.__table__.c.id == bindparam("quiz"))
_PAST = select(func.coalesce(func.max(Attempt.number), 0), func.max(Attempt.submitted_at)).where(
    Attempt.quiz_id == bindparam("quiz"), Attempt.member_id == bindparam("member")
)
_BEGIN = insert(Attempt).returning(Attempt.id)


@dataclass(frozen=True)
class Drawing:
    """How papers come about where somebody has committed to them before: the seed of the attempt with a number, from which pools it draws.

    `pools` holds for each part of the plan what it may take, `paper_seed` draws the questions that everybody gets ("" where each gets own ones).
    """

    seed_of: Callable[[int], str]
    pools: Sequence[Sequence[int]]
    paper_seed: str = ""


class _Outrun(Exception):
    """Another start of the same person was first: the number, and with it the paper, is another one."""


def open_attempt(actor: Actor, unit_id: int, quiz_id: int, now: datetime, password: str = "", join_code: str = "") -> int:
    """Start the quiz as its own page does: for those to whom it is open, with its password and its code where it has them.

    The id of the open attempt; who has one goes on without being asked again. Raises NotFound, started_elsewhere where the quiz belongs to
    a page with rules of its own, InvalidInput wrong_password and wrong_join_code, Busy, and what `start_attempt` raises.
    """
    quiz = access_quiz(actor, quiz_id, "quiz.take")
    if find_entrance(quiz_id) is not None:
        raise DomainError("started_elsewhere", "Bài này chỉ mở từ trang của cuộc thi. Hãy vào từ trang ấy.")
    wanted, encoded = quiz.join_code, quiz.password_hash
    running = is_open_for(db.session.connection(), quiz_id, actor.member_id)
    if running is None or is_over(running.deadline_at, running.grace_seconds, now):
        if not fits_join_code(wanted, join_code):
            raise InvalidInput("wrong_join_code", "Mã tham gia không đúng. Hãy xem lại mã được thông báo.", field="join_code")
        if encoded and not verify_password(encoded, password):
            raise InvalidInput("wrong_password", "Mật khẩu của bài không đúng. Hãy hỏi người phụ trách bài.", field="password")
    return start_attempt(quiz_id, actor.member_id, unit_id, now)


def start_attempt(
    quiz_id: int,
    member_id: int,
    unit_id: int,
    now: datetime,
    drawing: Drawing | None = None,
    also: Callable[[Connection, int], None] | None = None,
) -> int:
    """The id of the member's open attempt, a new one where none is open. Who may call this has been asked before.

    Without a `drawing` the seed is random and the paper drawn from what is in use. `also` is called with the id of a new attempt, inside the transaction that writes it; what it raises, the attempt does not survive.

    Raises DomainError: what `rules.admission.refusal` says, pool_too_small; NotFound for no such quiz. The limit and "one open attempt"
    are constraints of the database; two starts at once give the same attempt.
    """
    for _ in range(3):
        with read_connection() as connection:
            quiz = connection.execute(_QUIZ, {"quiz": quiz_id}).one_or_none()
            if quiz is None:
                raise NotFound()
            running = is_open_for(connection, quiz_id, member_id)
            if running is not None and not is_over(running.deadline_at, running.grace_seconds, now):
                return int(running.id)
            granted = granted_at(connection, quiz_id, member_id, unit_id)
            _check(quiz, Past(), granted, now)
            number = past_of(connection, quiz_id, member_id).used + 1
            values = _new_attempt(connection, quiz, number, drawing, granted, member_id, now)
        try:
            with write_connection() as connection:
                return begin(connection, quiz, granted, {**values, "member_id": member_id, "unit_id": unit_id}, now, also)
        except (IntegrityError, _Outrun):
            continue  # take what the other start made, or draw the paper of the next number
    with read_connection() as connection:
        _check(connection.execute(_QUIZ, {"quiz": quiz_id}).one(), past_of(connection, quiz_id, member_id), granted, now)
    raise Busy("Máy chủ đang bận. Hãy thử lại sau ít giây.")


def _new_attempt(
    connection: Connection, quiz: Row[Any], number: int, drawing: Drawing | None, granted: Granted, member_id: int, now: datetime
) -> dict[str, Any]:
    """What the row of the attempt with this number says, but for whose it is."""
    permille = needs_of(connection, member_id, local_day(now)).time_permille
    plan = plan_of(quiz)
    if drawing is None:
        seed = secrets.token_hex(32)
        paper = draw_paper(connection, plan, seed, local_day(now))
    else:
        seed = drawing.seed_of(number)
        paper = compose(connection, replace(plan, paper_seed=drawing.paper_seed), drawing.pools, seed)
    # Corrections change the maximum only when the attempt is marked.
    max_mark = maximum(items_of(connection, quiz.id, paper, corrections=()), scheme_of(quiz))
    return {
        "quiz_id": quiz.id, "number": number, "attempt_limit": limit_of(_terms(quiz), granted), "seed": seed, "paper": paper,
        "started_at": now, "deadline_at": deadline_of(now, quiz.time_limit_seconds, quiz.closes_at, granted.seconds, permille),
        "holder": "", "state": "open", "max_mark": max_mark,
        "extra_seconds": granted.seconds + more_by_need(quiz.time_limit_seconds, permille),
    }  # fmt: skip


def granted_at(connection: Connection, quiz_id: int, member_id: int, unit_id: int) -> Granted:
    """What a member of the unit has been granted at the quiz."""
    grants = grants_of(connection, quiz_id)
    if not grants:
        return Granted()
    path = connection.scalar(select(Unit.path).where(Unit.id == unit_id)) or ""
    return granted_to(grants, member_id, path)


def past_of(connection: Connection, quiz_id: int, member_id: int) -> Past:
    """What the member has done at the quiz."""
    return Past(*connection.execute(_PAST, {"quiz": quiz_id, "member": member_id}).one())


def _terms(quiz: Row[Any]) -> Terms:
    return Terms(quiz.state, quiz.opens_at, quiz.closes_at, quiz.attempt_limit, quiz.wait_seconds)


def _check(quiz: Row[Any], past: Past, granted: Granted, now: datetime) -> None:
    reason = refusal(_terms(quiz), past, granted, now)
    if reason is not None:
        raise reason


def begin(
    connection: Connection,
    quiz: Row[Any],
    granted: Granted,
    values: dict[str, Any],
    now: datetime,
    also: Callable[[Connection, int], None] | None = None,
) -> int:
    """Write the attempt and the first line of its log, inside the caller's transaction. Raises _Outrun where its number is taken."""
    member_id = values["member_id"]
    # In this order: what another request commits meanwhile on PostgreSQL is then found open, not only counted against the limit.
    past = past_of(connection, quiz.id, member_id)
    running = is_open_for(connection, quiz.id, member_id)
    if running is not None:
        if not is_over(running.deadline_at, running.grace_seconds, now):
            return int(running.id)
        finish(connection, running.id, member_id, now)
        past = past_of(connection, quiz.id, member_id)
    _check(quiz, past, granted, now)
    if past.used + 1 != values["number"]:
        raise _Outrun
    attempt_id = connection.execute(_BEGIN, values).scalar_one()
    append(connection, attempt_id, None, now, "started", data={"seed": values["seed"], "paper": values["paper"]})
    if also is not None:
        also(connection, attempt_id)
    return attempt_id


def preview_paper(quiz: Any, seed: str, now: datetime) -> Sequence[dict[str, Any]]:
    """A paper as somebody who starts now would get it, written nowhere. Raises DomainError pool_too_small."""
    with read_connection() as connection:
        return draw_paper(connection, plan_of(quiz), seed, local_day(now))
