"""Standings of a round that is open, made anew now and then."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.contests.models.entries import Entry
from elearn.core.db import Model
from elearn.core.types import UtcDateTime


class LiveBoard(Model):
    """When the live standings of a round were made last."""

    __tablename__ = "live_boards"
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True, autoincrement=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="state of the attempts that it shows")
    took_ms: Mapped[int] = mapped_column(comment="how long it took to make; the next one waits for long enough")
    people_count: Mapped[int] = mapped_column(comment="people (người) with a submitted attempt")


class LiveRow(Model):
    """A place in them: by the criteria that are known while the round is open."""

    __tablename__ = "live_rows"
    __table_args__ = (Index("ix_live_rows_entry", "round_id", "entry_id"),)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column()
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    score: Mapped[int] = mapped_column(BigInteger, comment="ten-millionths of a mark")
    correct_count: Mapped[int] = mapped_column(comment="questions wholly right")
    working_ms: Mapped[int] = mapped_column(BigInteger, comment="milliseconds")
    entry: Mapped[Entry] = relationship(lazy="joined")
