"""Signals of unfair play, kept apart from everything else and only until results are final."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.contests.models.entries import Entry
from elearn.core.db import Model
from elearn.core.types import Json, UtcDateTime


class EntryDevice(Model):
    """On which device an entry was used: a random mark that the contest itself put there, as a keyed hash."""

    __tablename__ = "entry_devices"
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    device_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignalCase(Model):
    """What was seen of some entries; a person decides what it means, and it is deleted once the result is final."""

    __tablename__ = "signal_cases"
    __table_args__ = (
        UniqueConstraint("round_id", "key"),
        CheckConstraint("state IN ('open', 'dismissed', 'upheld')", name="state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    kind: Mapped[str] = mapped_column(String(20), comment="see rules/signals.py")
    key: Mapped[str] = mapped_column(String(64), comment="digest of kind and entries: the same again is no new signal")
    facts: Mapped[Any] = mapped_column(Json, comment="figures for the words that show it")
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10), default="open", comment="open, dismissed or upheld")
    note: Mapped[str] = mapped_column(String(400), default="", comment="what the officer found")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entries: Mapped[list[SignalEntry]] = relationship(order_by="SignalEntry.entry_id", cascade="all, delete-orphan")


class SignalEntry(Model):
    """An entry that a signal is about."""

    __tablename__ = "signal_entries"
    case_id: Mapped[int] = mapped_column(ForeignKey("signal_cases.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    entry: Mapped[Entry] = relationship()
