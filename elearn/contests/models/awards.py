"""What becomes of prizes: winners verified or refused, prizes given by hand, prizes handed over.

Prizes by ranking and by units stand in the standings, version by version; what stands here outlives a new version.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.contests.models.entries import Entry
from elearn.core.db import Model
from elearn.core.types import UtcDateTime

IN_FORCE = text("undone_at IS NULL")


class WinnerCheck(Model):
    """One thing that was checked of a winner before publication; checking it again replaces it, the audit log keeps both."""

    __tablename__ = "winner_checks"
    __table_args__ = (CheckConstraint("kind IN ('identity', 'phone', 'data')", name="kind"),)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(
        String(10), primary_key=True, comment="identity, phone (reached) or data (true), see rules/awards.py"
    )
    is_good: Mapped[bool] = mapped_column(comment="false: found wrong, or not reached")
    note: Mapped[str] = mapped_column(String(400), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PrizeRefusal(Model):
    """Somebody who is passed over when the prizes of the round are given; taken away again when it is taken back."""

    __tablename__ = "prize_refusals"
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), comment="false_data, unreachable …, see rules/awards.py")
    reason: Mapped[str] = mapped_column(String(400))
    by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    entry: Mapped[Entry] = relationship(lazy="joined", innerjoin=True)


class HandAward(Model):
    """A prize that the organiser gives to whom they name: somebody who took part, a unit, or somebody else by name."""

    __tablename__ = "hand_awards"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN unit_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="one_recipient",
        ),
        CheckConstraint("entry_id IS NOT NULL OR name <> ''", name="named"),
        Index("ix_hand_awards_round_id", "round_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    prize: Mapped[str] = mapped_column(String(60), comment="title of the prize")
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"), comment="who took part; name and unit are the entry's")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), comment="a collective prize")
    name: Mapped[str] = mapped_column(String(200), default="", comment="of the unit then, or of somebody who did not take part")
    unit_name: Mapped[str] = mapped_column(String(200), default="", comment="unit of somebody who did not take part")
    reason: Mapped[str] = mapped_column(String(400))
    by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    entry: Mapped[Entry | None] = relationship(lazy="joined")

    @property
    def display_name(self) -> str:
        """Who gets it."""
        return self.entry.display_name if self.entry else self.name

    @property
    def shown_unit(self) -> str:
        """Their unit; empty for a unit itself."""
        return self.entry.competing_unit_name if self.entry else self.unit_name


class PrizeDelivery(Model):
    """A prize handed over. Undone ones stay with the reason; of those in force there is one for each prize of a recipient."""

    __tablename__ = "prize_deliveries"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN unit_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN hand_award_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_recipient",
        ),
        CheckConstraint("how IN ('cash', 'transfer', 'sent')", name="how"),
        Index("ux_prize_deliveries_entry", "entry_id", "prize", unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE),
        Index(
            "ux_prize_deliveries_unit",
            "round_id",
            "unit_id",
            "prize",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
        Index("ux_prize_deliveries_hand_award", "hand_award_id", unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    prize: Mapped[str] = mapped_column(String(60), comment="title of the prize")
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"), comment="a prize by ranking")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), comment="a prize that units get by their ranking")
    hand_award_id: Mapped[int | None] = mapped_column(ForeignKey("hand_awards.id"), comment="a prize given by hand")
    handed_on: Mapped[date] = mapped_column(comment="day on which it was handed over or sent")
    handed_by: Mapped[str] = mapped_column(String(120), comment="who handed it over, as written down")
    how: Mapped[str] = mapped_column(String(10), comment="cash, transfer or sent")
    note: Mapped[str] = mapped_column(String(400), default="", comment="e.g. number of the receipt")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="empty: in force")
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    undone_reason: Mapped[str] = mapped_column(String(400), default="")
