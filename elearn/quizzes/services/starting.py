"""Starts an attempt: draws the paper, fixes the deadline."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select
from sqlalchemy.exc import IntegrityError

from elearn.core.db import read_connection, write_connection
from elearn.lib.errors import DomainError, NotFound
from elearn.questions.queries import TYPES, list_pools, render_versions
from elearn.questions.rules.drawing import Draw, Stream, draw
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.rules.attempts import deadline
from elearn.quizzes.services.finishing import finish
from elearn.quizzes.services.log import append, is_open_for


def start_attempt(quiz_id: int, member_id: int, unit_id: int, now: datetime, seed: str | None = None) -> int:
    """The id of the member's open attempt, a new one where none is open.

    Raises DomainError: quiz_not_open, quiz_closed, attempts_used_up, pool_too_small; NotFound for no such quiz. The limit and "one open
    attempt" are constraints of the database; two starts at once give the same attempt.
    """
    seed = seed or secrets.token_hex(32)
    with read_connection() as connection:
        quiz = connection.execute(select(Quiz.__table__).where(Quiz.id == quiz_id)).one_or_none()
        if quiz is None:
            raise NotFound()
        running = is_open_for(connection, quiz_id, member_id)
        if running is not None and now <= running.deadline_at + timedelta(seconds=running.grace_seconds):
            return int(running.id)
        check_window(quiz, now)
        paper = make_paper(connection, quiz, seed)
    for _ in range(3):
        try:
            with write_connection() as connection:
                return begin(connection, quiz, member_id, unit_id, seed, paper, now)
        except IntegrityError:
            continue  # another start of the same person was first: take what it made
    raise DomainError("attempts_used_up", "Bạn đã dùng hết %(limit)s lượt.", limit=quiz.attempt_limit)


def check_window(quiz: Row[Any], now: datetime) -> None:
    """Raise DomainError outside the hours of the quiz."""
    if quiz.opens_at and now < quiz.opens_at:
        raise DomainError("quiz_not_open", "Bài chưa mở. Hãy quay lại khi đến giờ.")
    if quiz.closes_at and now >= quiz.closes_at:
        raise DomainError("quiz_closed", "Bài đã đóng, không mở lượt mới được nữa. Các lượt đã nộp vẫn được tính.")


def make_paper(connection: Connection, quiz: Row[Any], seed: str) -> list[dict[str, object]]:
    """The questions drawn with the order of their options, wholly decided by the seed."""
    draws = [Draw(part["bank"], part["count"], part.get("level")) for part in quiz.blueprint]
    versions = draw(draws, list_pools(connection, draws), seed)
    mixing = Stream(seed, "options")
    return [
        {"version": shown.version_id, "order": TYPES[shown.type].arrange(shown.body, mixing)}
        for shown in render_versions(versions, connection)
    ]


def begin(
    connection: Connection,
    quiz: Row[Any],
    member_id: int,
    unit_id: int,
    seed: str,
    paper: list[dict[str, object]],
    now: datetime,
) -> int:
    """Write the attempt and the first line of its log, inside the caller's transaction."""
    running = is_open_for(connection, quiz.id, member_id)
    if running is not None:
        if now <= running.deadline_at + timedelta(seconds=running.grace_seconds):
            return int(running.id)
        finish(connection, running.id, member_id, running.deadline_at)
    query = select(func.max(Attempt.number)).where(Attempt.quiz_id == quiz.id, Attempt.member_id == member_id)
    used = connection.scalar(query) or 0
    if used >= quiz.attempt_limit:
        raise DomainError("attempts_used_up", "Bạn đã dùng hết %(limit)s lượt.", limit=quiz.attempt_limit)
    ends_at = deadline(now, quiz.time_limit_seconds, quiz.closes_at)
    attempt_id = connection.execute(
        insert(Attempt)
        .values(
            quiz_id=quiz.id,
            member_id=member_id,
            unit_id=unit_id,
            number=used + 1,
            attempt_limit=quiz.attempt_limit,
            seed=seed,
            paper=paper,
            started_at=now,
            deadline_at=ends_at,
            holder="",
            state="open",
            max_mark=Decimal(len(paper)),
        )
        .returning(Attempt.id)
    ).scalar_one()
    append(connection, attempt_id, None, now, "started", data={"seed": seed, "paper": paper})
    return attempt_id
