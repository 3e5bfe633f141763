"""Contests and their rounds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.contests.rules.settings import ContestSettings, RoundSettings, within
from elearn.core.db import Model
from elearn.core.types import Json, UtcDateTime
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
    organiser_name: Mapped[str] = mapped_column(String(400), comment="as printed on the page; several organisers in one line")
    decision_number: Mapped[str] = mapped_column(
        String(60), default="", comment="of the document that orders it, e.g. 128-KH/BTGDVTW"
    )
    decision_on: Mapped[date | None] = mapped_column(comment="date of that document")
    rules_extra: Mapped[str] = mapped_column(Text, default="", comment="what the organiser adds to the rules, Markdown")
    consent_text: Mapped[str] = mapped_column(
        Text, default="", comment="what entrants without an account agree to; empty: the usual"
    )
    poster: Mapped[str] = mapped_column(String(64), default="", comment="digest of the picture; empty: none")
    password_hash: Mapped[str] = mapped_column(String(200), default="", comment="Argon2; asked of entrants; empty: none")
    settings: Mapped[Any] = mapped_column(
        Json, default=dict, comment="the rules, see rules/settings.py; what is left out is the default"
    )
    rules_frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="from the opening of the first round")
    is_published: Mapped[bool] = mapped_column(default=False)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), comment="empty: made by a file or a command")
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unit: Mapped[Unit] = relationship()
    rounds: Mapped[list[Round]] = relationship(order_by="Round.number", back_populates="contest")

    @property
    def rules(self) -> ContestSettings:
        """The settings as a value."""
        return ContestSettings.read(self.settings)


class Round(Model):
    """One round. Open and closed follow from the clock; only what a person decides is stored."""

    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        CheckConstraint("closes_at > opens_at", name="window"),
        CheckConstraint("kind IN ('quiz', 'written', 'stage', 'total')", name="kind"),
        CheckConstraint("(kind IN ('quiz', 'written')) = (quiz_id IS NOT NULL)", name="quiz"),
        CheckConstraint("published_version IS NULL OR published_version >= 1", name="version"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    number: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    kind: Mapped[str] = mapped_column(String(10), default="quiz", comment="quiz, written, stage or total")
    title: Mapped[str] = mapped_column(String(120), comment="e.g. Tuần 3")
    title_en: Mapped[str] = mapped_column(String(120), default="")
    quiz_id: Mapped[int | None] = mapped_column(
        ForeignKey("quizzes.id"), unique=True, comment="the paper; stage and total have none"
    )
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="first moment to start")
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="first moment too late")
    settings: Mapped[Any] = mapped_column(Json, default=dict, comment="what this round decides for itself, see rules/settings.py")
    published_version: Mapped[int | None] = mapped_column(comment="version of the standings that the public sees")
    contest: Mapped[Contest] = relationship(back_populates="rounds")
    paper: Mapped[Quiz | None] = relationship()

    @property
    def quiz(self) -> Quiz:
        """The quiz of a round that has one; raises LookupError for a stage or a total."""
        if self.paper is None:
            raise LookupError(f"round {self.id} is no quiz")
        return self.paper

    @property
    def own_rules(self) -> RoundSettings:
        """What this round decides for itself."""
        return RoundSettings.read(self.settings)

    @property
    def rules(self) -> ContestSettings:
        """The rules of the contest as they hold in this round."""
        return within(self.contest.rules, self.own_rules, self.kind)
