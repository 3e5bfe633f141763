"""What a closing leads to: figures, standings of people and of units, in versions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.contests.models.entries import Entry
from elearn.core.db import Model
from elearn.core.types import Json, UtcDateTime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Settlement(Model):
    """One closing of a round: the figures and the rules that led to its standings; a correction adds the next version."""

    __tablename__ = "settlements"
    __table_args__ = (
        UniqueConstraint("round_id", "version"),
        CheckConstraint("status IN ('settled', 'provisional', 'final')", name="status"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    version: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    status: Mapped[str] = mapped_column(
        String(12), default="settled", comment="settled → provisional (published, objections taken) → final"
    )
    settled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    reason: Mapped[str] = mapped_column(String(400), default="", comment="why there is another version")
    criteria: Mapped[Any] = mapped_column(Json, comment="keys of the ranking criteria used")
    rules: Mapped[Any] = mapped_column(Json, default=dict, comment="settings of the contest as they held in this round")
    question_count: Mapped[int] = mapped_column(default=0, comment="questions of a paper; 0 where there is none")
    max_score: Mapped[int] = mapped_column(BigInteger, default=0, comment="highest mark that could be reached, ten-millionths")
    people_count: Mapped[int] = mapped_column(comment="people (người) with a submitted attempt")
    attempts_count: Mapped[int] = mapped_column(comment="submitted attempts (lượt)")
    all_correct_count: Mapped[int] = mapped_column(comment="people whose counted attempt is wholly right")
    prediction_metric: Mapped[str] = mapped_column(
        String(20), default="", comment="what the prediction was about; empty: none was asked"
    )
    prediction_actual: Mapped[int | None] = mapped_column(BigInteger, comment="its true value; percentages in hundred-thousandths")
    lot_seed: Mapped[str] = mapped_column(String(64), default="", comment="public seed of drawn lots; empty: none were drawn")
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    final_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    final_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class Standing(Model):
    """A place in one version of a round's standings; whose it is, the entry says."""

    __tablename__ = "standings"
    __table_args__ = (
        UniqueConstraint("settlement_id", "entry_id"),
        Index("ix_standings_unit", "settlement_id", "unit_id", "position"),
    )
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"), primary_key=True)
    position: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="order of the rows, 1, 2, 3 … without gaps"
    )
    place: Mapped[int] = mapped_column(comment="place; equals share one: 1, 2, 2, 4")
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="unit for which they stand")
    attempt_id: Mapped[int | None] = mapped_column(
        ForeignKey("attempts.id"), comment="the counted attempt; empty on a stage or in a total"
    )
    score: Mapped[int] = mapped_column(BigInteger, comment="ten-millionths of a mark")
    correct_count: Mapped[int] = mapped_column()
    is_all_correct: Mapped[int] = mapped_column(comment="1 or 0")
    prediction: Mapped[int | None] = mapped_column(BigInteger)
    prediction_distance: Mapped[int | None] = mapped_column(BigInteger, comment="distance from the true value")
    working_ms: Mapped[int] = mapped_column(BigInteger, comment="milliseconds")
    submitted_ms: Mapped[int] = mapped_column(BigInteger, comment="milliseconds since 1970")
    attempts_used: Mapped[int] = mapped_column(comment="attempts submitted in the round")
    total_score: Mapped[int | None] = mapped_column(BigInteger, comment="over several rounds, ten-millionths; a total only")
    best_score: Mapped[int | None] = mapped_column(BigInteger, comment="best of several rounds, ten-millionths; a total only")
    lot: Mapped[int | None] = mapped_column(BigInteger, comment="drawn lot, only where lots decide")
    decided_by: Mapped[str] = mapped_column(
        String(30), default="", comment="criterion that parts it from the row above; empty: none"
    )
    prize: Mapped[str] = mapped_column(String(60), default="", comment="title of the prize; empty: none")
    reserve: Mapped[int | None] = mapped_column(comment="place in the list of those who stand by; empty: not in it")
    entry: Mapped[Entry] = relationship(lazy="joined")

    @property
    def submitted_at(self) -> datetime:
        """Moment of the submission, to the millisecond."""
        return EPOCH + timedelta(milliseconds=self.submitted_ms)

    @property
    def display_name(self) -> str:
        """Name on entering."""
        return self.entry.display_name

    @property
    def unit_name(self) -> str:
        """Name, on entering, of the unit for which the person stands."""
        return self.entry.competing_unit_name


class UnitStanding(Model):
    """People and attempts of a unit in one version of a round's standings, and what its score is made of."""

    __tablename__ = "unit_standings"
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    unit_name: Mapped[str] = mapped_column(String(200))
    people_count: Mapped[int] = mapped_column()
    attempts_count: Mapped[int] = mapped_column()
    all_correct_count: Mapped[int] = mapped_column(default=0, comment="people wholly right")
    score_sum: Mapped[int] = mapped_column(BigInteger, default=0, comment="sum of the counted marks, ten-millionths")
    passed_count: Mapped[int] = mapped_column(default=0, comment="people whose counted mark passes, by the formula for units")
    headcount: Mapped[int | None] = mapped_column(comment="people on record on the day of the formula; empty: not recorded")
    position: Mapped[int] = mapped_column(default=0, comment="order of the rows, 1, 2, 3 … without gaps")
    place: Mapped[int] = mapped_column(default=0, comment="place; equals share one")
    score: Mapped[int] = mapped_column(
        BigInteger, default=0, comment="by the formula, millionths, rounded half up for show; places rest on exact values"
    )
    prize_count: Mapped[int] = mapped_column(default=0, comment="prizes of its people")
    prize: Mapped[str] = mapped_column(String(60), default="", comment="collective prize; empty: none")
