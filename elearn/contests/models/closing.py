"""What may still change a result after the close: disqualifications and objections."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.contests.models.contest import Round
from elearn.contests.models.entries import Entry
from elearn.core.db import Model
from elearn.core.types import UtcDateTime

_STANDS = text("state IN ('proposed', 'confirmed')")


class Disqualification(Model):
    """One officer proposes that a result does not count, another confirms it; it can be revoked, and nothing is deleted."""

    __tablename__ = "disqualifications"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'confirmed', 'refused', 'revoked')", name="state"),
        CheckConstraint("state <> 'confirmed' OR decided_by_id <> proposed_by_id", name="two_people"),
        Index("uq_disqualifications_entry", "entry_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    state: Mapped[str] = mapped_column(String(10), default="proposed", comment="proposed → confirmed → revoked, or refused")
    reason: Mapped[str] = mapped_column(String(400), comment="the entrant reads it")
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    proposed_by_name: Mapped[str] = mapped_column(String(200), comment="as then")
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoke_reason: Mapped[str] = mapped_column(String(400), default="")
    entry: Mapped[Entry] = relationship()


class Objection(Model):
    """What an entrant objects to a provisional result, and the answer."""

    __tablename__ = "objections"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'accepted', 'refused')", name="state"),
        Index("ix_objections_round_id_state", "round_id", "state"),
        Index("ix_objections_member_id", "member_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), comment="who objects")
    member_name: Mapped[str] = mapped_column(String(120), comment="as then")
    version: Mapped[int] = mapped_column(comment="version of the standings that it is about")
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10), default="open", comment="open, accepted or refused")
    answer: Mapped[str] = mapped_column(Text, default="", comment="the objector reads it")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    round: Mapped[Round] = relationship()
