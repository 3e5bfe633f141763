"""Quizzes, attempts and their event log."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import BigKey, Json, Mark, UtcDateTime
from elearn.members.models import Member
from elearn.units.models import Unit


class Quiz(Model):
    """What is drawn and under which rules it is sat; never changed once somebody has sat it, except its hours."""

    __tablename__ = "quizzes"
    __table_args__ = (
        CheckConstraint("attempt_limit >= 1", name="attempt_limit"),
        CheckConstraint("time_limit_seconds > 0", name="time_limit"),
        CheckConstraint("review IN ('after_submit', 'after_close')", name="review"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(200), comment="e.g. Kiểm tra cuối khoá, Tuần 3")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(200), default="", comment="of what it is part: name of the course or contest")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="owner")
    blueprint: Mapped[Any] = mapped_column(Json, comment='[{"bank": id, "level": key or null, "count": n}, …]')
    question_count: Mapped[int] = mapped_column(comment="sum of the counts of the blueprint")
    time_limit_seconds: Mapped[int] = mapped_column(comment="working time of an attempt")
    attempt_limit: Mapped[int] = mapped_column(comment="attempts a person may make")
    pass_percent: Mapped[int | None] = mapped_column(comment="share of the marks that passes; empty: not passed or failed")
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="first moment to start; empty: at once")
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="first moment too late; attempts under way end then")
    grace_seconds: Mapped[int] = mapped_column(default=5, comment="how late a save may arrive, the same everywhere")
    prediction_prompt: Mapped[str] = mapped_column(
        Text, default="", comment="question without a mark, answered by a number; empty: none"
    )
    prediction_unit: Mapped[str] = mapped_column(String(30), default="", comment="what the number counts, e.g. người")
    review: Mapped[str] = mapped_column(String(20), default="after_submit", comment="when answers and explanations are shown")


class Attempt(Model):
    """One sitting. `paper` and `deadline_at` are fixed at the start; marks are written once, at submission."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("quiz_id", "member_id", "number"),
        # The limit is copied from the quiz, so that the database itself refuses one attempt too many.
        CheckConstraint("number >= 1 AND number <= attempt_limit", name="attempt_limit"),
        CheckConstraint("state IN ('open', 'submitted')", name="state"),
        CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name="submitted"),
        Index(
            "uq_attempts_open",
            "quiz_id",
            "member_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_attempts_member_id", "member_id"),
        Index("ix_attempts_overdue", "state", "deadline_at"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="unit of the member at the start")
    number: Mapped[int] = mapped_column(comment="1 for the first attempt of this member at this quiz")
    attempt_limit: Mapped[int] = mapped_column(comment="limit of the quiz at the start")
    seed: Mapped[str] = mapped_column(String(64), comment="from which the paper was drawn; hexadecimal")
    paper: Mapped[Any] = mapped_column(Json, comment='[{"version": id, "order": [canonical option positions]}, …] by slot from 1')
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="min(start + working time, close of the quiz)")
    holder: Mapped[str] = mapped_column(String(40), default="", comment="page that may save now; another page must take over first")
    state: Mapped[str] = mapped_column(String(10), default="open", comment="open or submitted")
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when the submission arrived, or the deadline")
    working_ms: Mapped[int | None] = mapped_column(comment="from start to submission, milliseconds")
    mark: Mapped[Decimal | None] = mapped_column(Mark, comment="sum of the marks of the questions")
    max_mark: Mapped[Decimal] = mapped_column(Mark)
    correct_count: Mapped[int | None] = mapped_column(comment="questions answered wholly right")
    prediction: Mapped[int | None] = mapped_column(BigKey, comment="answer to the question without a mark")
    is_passed: Mapped[bool | None] = mapped_column(comment="empty where the quiz has no pass mark")
    quiz: Mapped[Quiz] = relationship()
    member: Mapped[Member] = relationship()
    unit: Mapped[Unit] = relationship()


class AttemptEvent(Model):
    """One thing that happened in an attempt; triggers of the database refuse to change or delete it."""

    __tablename__ = "attempt_events"
    __table_args__ = (UniqueConstraint("attempt_id", "key"),)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="1, 2, 3 … without gaps")
    at: Mapped[datetime] = mapped_column(UtcDateTime, comment="server's clock")
    kind: Mapped[str] = mapped_column(String(12), comment="started, held, answered, flagged, predicted, submitted")
    slot: Mapped[int | None] = mapped_column(comment="place in the paper from 1")
    data: Mapped[Any] = mapped_column(Json, nullable=True, comment="the response, flag, number or marks")
    client_seq: Mapped[int | None] = mapped_column(BigKey, comment="order in which the page made its saves")
    key: Mapped[str | None] = mapped_column(String(64), comment="names a request, so that repeating it changes nothing")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 over the digest before and this event")
