"""Contests, rounds, entries and published standings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import BigKey, Json, UtcDateTime
from elearn.quizzes.models import Quiz
from elearn.units.models import Unit


class Contest(Model):
    """A contest: who holds it, who may enter, how places are decided."""

    __tablename__ = "contests"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True, comment="in the address")
    join_code: Mapped[str] = mapped_column(String(6), unique=True, comment="six digits that can be typed or said aloud")
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    lead: Mapped[str] = mapped_column(Text, default="", comment="one or two sentences on the theme")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="organiser")
    organiser_name: Mapped[str] = mapped_column(String(200), comment="as printed on the page")
    minimum_age: Mapped[int | None] = mapped_column(comment="full years on the first day; empty: none")
    excluded_roles: Mapped[Any] = mapped_column(Json, comment="roles whose holders may not enter")
    criteria: Mapped[Any] = mapped_column(Json, comment="keys of ranking criteria in their order")
    prizes: Mapped[Any] = mapped_column(Json, comment='[{"title": …, "title_en": …, "count": n}, …] for each round')
    rules_frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="from the opening of the first round")
    is_published: Mapped[bool] = mapped_column(default=False)
    unit: Mapped[Unit] = relationship()
    rounds: Mapped[list[Round]] = relationship(order_by="Round.number", back_populates="contest")


class Round(Model):
    """One round. Open and closed follow from the clock; only what a person decides is stored."""

    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        CheckConstraint("closes_at > opens_at", name="window"),
        CheckConstraint("published_version IS NULL OR published_version >= 1", name="version"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    number: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    title: Mapped[str] = mapped_column(String(120), comment="e.g. Tuần 3")
    title_en: Mapped[str] = mapped_column(String(120), default="")
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), unique=True)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="first moment to start")
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="first moment too late")
    published_version: Mapped[int | None] = mapped_column(comment="version of the standings that the public sees")
    contest: Mapped[Contest] = relationship(back_populates="rounds")
    quiz: Mapped[Quiz] = relationship()


class Entry(Model):
    """A person in a round, with name and unit as they were on entering."""

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("round_id", "member_id"), Index("ix_entries_member_id", "member_id"))
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    display_name: Mapped[str] = mapped_column(String(120), comment="name on entering")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="unit on entering")
    unit_name: Mapped[str] = mapped_column(String(200), comment="name of that unit on entering")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Settlement(Model):
    """One closing of a round: the figures and the rules that led to its standings; a correction adds the next version."""

    __tablename__ = "settlements"
    __table_args__ = (UniqueConstraint("round_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    version: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    settled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    reason: Mapped[str] = mapped_column(String(400), default="", comment="why there is another version")
    criteria: Mapped[Any] = mapped_column(Json, comment="keys of the ranking criteria used")
    people_count: Mapped[int] = mapped_column(comment="people (người) with a submitted attempt")
    attempts_count: Mapped[int] = mapped_column(comment="submitted attempts (lượt)")
    all_correct_count: Mapped[int] = mapped_column(comment="people whose counted attempt is wholly right")
    prediction_actual: Mapped[int | None] = mapped_column(BigInteger, comment="true value of the prediction question")
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class Standing(Model):
    """A place in one version of a round's standings."""

    __tablename__ = "standings"
    __table_args__ = (
        UniqueConstraint("settlement_id", "member_id"),
        Index("ix_standings_settlement_id_position", "settlement_id", "position"),
        Index("ix_standings_member_id", "member_id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"))
    position: Mapped[int] = mapped_column(comment="order of the rows, 1, 2, 3 … without gaps")
    place: Mapped[int] = mapped_column(comment="place; equals share one: 1, 2, 2, 4")
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), comment="the counted attempt")
    display_name: Mapped[str] = mapped_column(String(120))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    unit_name: Mapped[str] = mapped_column(String(200))
    correct_count: Mapped[int] = mapped_column()
    prediction: Mapped[int | None] = mapped_column(BigInteger)
    prediction_distance: Mapped[int | None] = mapped_column(BigInteger, comment="distance from the true value")
    working_ms: Mapped[int] = mapped_column(comment="milliseconds")
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(
        String(30), default="", comment="criterion that parts it from the row above; empty: none"
    )
    prize: Mapped[str] = mapped_column(String(60), default="", comment="title of the prize; empty: none")
    search_key: Mapped[str] = mapped_column(String(340), default="", comment="folded name and unit")


class UnitStanding(Model):
    """People and attempts of a unit in one version of a round's standings."""

    __tablename__ = "unit_standings"
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    unit_name: Mapped[str] = mapped_column(String(200))
    people_count: Mapped[int] = mapped_column()
    attempts_count: Mapped[int] = mapped_column()
