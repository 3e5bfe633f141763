"""Who takes part in a round, and how often they may."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.core.db import Model
from elearn.core.types import BigKey, UtcDateTime


class Entry(Model):
    """A person or a team in a round, with name and unit as they were on entering."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("round_id", "member_id"),
        UniqueConstraint("pseudonym"),
        Index("ix_entries_member_id", "member_id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), comment="empty: a team")
    pseudonym: Mapped[str] = mapped_column(
        String(16), comment="random, hexadecimal; stands for the person in everything that is published"
    )
    display_name: Mapped[str] = mapped_column(String(120), comment="name on entering")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="unit on entering")
    unit_name: Mapped[str] = mapped_column(String(200), comment="name of that unit on entering")
    competing_unit_id: Mapped[int] = mapped_column(
        ForeignKey("units.id"), comment="unit for which they stand: the branch below the organiser"
    )
    competing_unit_name: Mapped[str] = mapped_column(String(200), comment="its name on entering")
    search_key: Mapped[str] = mapped_column(String(600), default="", comment="folded name and units")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_counted: Mapped[bool] = mapped_column(default=True, comment="false once disqualified")


class AttemptPermit(Model):
    """An attempt counted against a limit of a day or of the whole contest; the database itself refuses one too many."""

    __tablename__ = "attempt_permits"
    __table_args__ = (CheckConstraint("number >= 1 AND number <= attempt_limit", name="attempt_limit"),)
    scope: Mapped[str] = mapped_column(String(40), primary_key=True, comment="contest:7, or day:7:2026-10-14")
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="1, 2, 3 … of this member in the scope")
    attempt_limit: Mapped[int] = mapped_column(comment="limit of the scope at the start")
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
