"""People who judge a round, and people who leave their place in the next round to others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.contests.models.entries import Entry
from elearn.core.db import Model
from elearn.core.types import UtcDateTime
from elearn.members.models import Member


class RoundJudge(Model):
    """Somebody named to judge a round, written or on a stage; they cannot enter it."""

    __tablename__ = "round_judges"
    __table_args__ = (UniqueConstraint("round_id", "member_id"), Index("ix_round_judges_member_id", "member_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    is_chair: Mapped[bool] = mapped_column(default=False, comment="locks, reopens and releases parts of a stage")
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    member: Mapped[Member] = relationship(foreign_keys=member_id)


class AdvanceDecline(Model):
    """An entry of an earlier round that could go on to a later one and does not; the next in rank moves up."""

    __tablename__ = "advance_declines"
    __table_args__ = (UniqueConstraint("round_id", "entry_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), comment="the later round")
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), comment="in the earlier round")
    reason: Mapped[str] = mapped_column(String(400))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    entry: Mapped[Entry] = relationship()
