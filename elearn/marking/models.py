"""Scripts that wait for examiners, and what each examiner gave."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import BigKey, Json, Mark, UtcDateTime
from elearn.members.models import Member
from elearn.units.models import Unit


class Script(Model):
    """A piece of written work under a blind number. Whose it is, only the feature that handed it in knows (`origin`, `origin_id`, `slot`)."""

    __tablename__ = "scripts"
    __table_args__ = (
        UniqueConstraint("origin", "origin_id", "slot"),
        UniqueConstraint("pile", "blind_number"),
        CheckConstraint("examiners BETWEEN 1 AND 5", name="examiners"),
        CheckConstraint("state IN ('waiting', 'marked')", name="state"),
        Index("ix_scripts_pile_state", "pile", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(String(20), comment="feature that handed it in, e.g. attempt")
    origin_id: Mapped[int] = mapped_column(BigKey, comment="its id there")
    slot: Mapped[int] = mapped_column(default=0, comment="question of the paper")
    pile: Mapped[str] = mapped_column(String(60), comment="what is marked together, e.g. quiz:12:3")
    title: Mapped[str] = mapped_column(String(300), comment="of the pile, in words")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="owner of the pile: its examiners mark")
    blind_number: Mapped[int] = mapped_column(comment="stands for the name; random within the pile")
    prompt: Mapped[str] = mapped_column(Text, comment="the question, as sanitised HTML")
    guide: Mapped[str] = mapped_column(Text, default="", comment="what examiners are told, as sanitised HTML")
    text: Mapped[str] = mapped_column(Text, comment="what was written, plain text")
    files: Mapped[Any] = mapped_column(Json, nullable=True, comment='[{"name", "digest", "mimetype", "size"}]')
    rubric: Mapped[Any] = mapped_column(Json, comment='[{"name", "points", "weight"?, "guide"?}]; empty list: one mark')
    max_mark: Mapped[Decimal] = mapped_column(Mark)
    examiners: Mapped[int] = mapped_column(default=1, comment="how many mark it without knowing of each other")
    difference: Mapped[Decimal | None] = mapped_column(Mark, comment="one more examiner marks where they are further apart")
    state: Mapped[str] = mapped_column(String(10), default="waiting", comment="waiting or marked")
    mark: Mapped[Decimal | None] = mapped_column(Mark, comment="final, once marked")
    handed_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    marked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    compared_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="with the others of its pile; empty: not yet")
    unit: Mapped[Unit] = relationship()
    opinions: Mapped[list[Opinion]] = relationship(order_by="Opinion.place")


class Opinion(Model):
    """What one examiner gave a script."""

    __tablename__ = "opinions"
    __table_args__ = (
        UniqueConstraint("script_id", "examiner_id"),
        UniqueConstraint("script_id", "place"),
        CheckConstraint("place BETWEEN 1 AND 6", name="place"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    script_id: Mapped[int] = mapped_column(ForeignKey("scripts.id"))
    examiner_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    examiner_name: Mapped[str] = mapped_column(String(200), comment="as then")
    place: Mapped[int] = mapped_column(comment="1, 2, 3 …; one beyond the examiners of the script for the one who decides")
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    points: Mapped[Any] = mapped_column(Json, nullable=True, comment="by criterion, decimal strings; empty until given")
    mark: Mapped[Decimal | None] = mapped_column(Mark, comment="sum of the points; empty until given")
    comment: Mapped[str] = mapped_column(Text, default="", comment="for the taker")
    given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    examiner: Mapped[Member] = relationship()


class ScriptLikeness(Model):
    """Two scripts of a pile that are alike, seen from one of them; it is shown to whoever marks and decides nothing."""

    __tablename__ = "script_likenesses"
    script_id: Mapped[int] = mapped_column(ForeignKey("scripts.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("scripts.id"), primary_key=True)
    likeness: Mapped[int] = mapped_column(comment="thousandths of the runs of words that both use, of all that either uses")
    passages: Mapped[Any] = mapped_column(Json, comment="passages of the script that stand in the other too, as strings")
    other: Mapped[Script] = relationship(foreign_keys=other_id)
