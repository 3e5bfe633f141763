"""What officers decide about reports: criteria of the yearly score and their weights, and how many learners a year is to have."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.classes.models import Programme
from elearn.core.db import Model
from elearn.core.types import Mark, UtcDateTime


class ScoreCriterion(Model):
    """A criterion by which a unit scores those right below it in a year; a year without any is scored as the latest before it."""

    __tablename__ = "score_criteria"
    __table_args__ = (UniqueConstraint("unit_id", "year", "source"), CheckConstraint("weight > 0", name="weight"))
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="who scores")
    year: Mapped[int] = mapped_column()
    source: Mapped[str] = mapped_column(String(40), comment="where its figures come from")
    title: Mapped[str] = mapped_column(String(200), comment="as the scorecard names it")
    weight: Mapped[Decimal] = mapped_column(Mark, comment="points, ten-millionths; those of a year add up to 100")
    place: Mapped[int] = mapped_column(comment="order in the scorecard")
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class ClassPlan(Model):
    """How many learners the classes of a programme are to have in a year, as planned by a unit."""

    __tablename__ = "class_plans"
    __table_args__ = (UniqueConstraint("unit_id", "year", "programme_id"), CheckConstraint("learners > 0", name="learners"))
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="who plans")
    year: Mapped[int] = mapped_column()
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    learners: Mapped[int] = mapped_column(comment="people")
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    programme: Mapped[Programme] = relationship()
