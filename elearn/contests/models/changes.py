"""Changes of rules that were in force already: proposed by one officer, agreed by another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.contests.models.contest import Contest, Round
from elearn.core.db import Model
from elearn.core.types import Json, UtcDateTime


class RulesChange(Model):
    """What one officer wants to change in a contest or in a round of it that is running, and what a second one decided."""

    __tablename__ = "round_changes"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'agreed', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state <> 'agreed' OR decided_by_id <> proposed_by_id", name="two_officers"),
        Index("ix_round_changes_contest_id", "contest_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"), comment="empty: the rules of the whole contest")
    before: Mapped[Any] = mapped_column(Json, comment="what stood there when it was proposed, as plain values")
    after: Mapped[Any] = mapped_column(Json, comment="what shall stand there")
    told: Mapped[Any] = mapped_column(Json, comment="the difference in words: [{label, before, after}, …]")
    entrants_count: Mapped[int] = mapped_column(comment="people who had entered when it was proposed")
    attempts_count: Mapped[int] = mapped_column(comment="attempts begun by then")
    reason: Mapped[str] = mapped_column(String(400), comment="everybody may read it once it is agreed")
    state: Mapped[str] = mapped_column(String(10), default="proposed", comment="proposed → agreed, refused or withdrawn")
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    proposed_by_name: Mapped[str] = mapped_column(String(120), comment="name at that time")
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    decided_by_name: Mapped[str] = mapped_column(String(120), default="", comment="name at that time")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(String(400), default="", comment="why it was refused")
    contest: Mapped[Contest] = relationship()
    round: Mapped[Round | None] = relationship()
