"""Cohorts and enrolments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import UtcDateTime
from elearn.courses.models import CourseEdition
from elearn.members.models import Member
from elearn.units.models import Unit


class Cohort(Model):
    """A class: it keeps the edition on which it was opened."""

    __tablename__ = "cohorts"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True, comment="e.g. NTVD-2026-04")
    title: Mapped[str] = mapped_column(String(200))
    edition_id: Mapped[int] = mapped_column(ForeignKey("course_editions.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True, comment="organiser")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="deadline to complete the course")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="set when the class is over")
    edition: Mapped[CourseEdition] = relationship()
    unit: Mapped[Unit] = relationship()


class Enrolment(Model):
    """A person in a class, with name and unit as they were on the day."""

    __tablename__ = "enrolments"
    __table_args__ = (UniqueConstraint("cohort_id", "member_id"), Index("ix_enrolments_member_id", "member_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    display_name: Mapped[str] = mapped_column(String(120), comment="name at enrolment")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="unit at enrolment")
    unit_name: Mapped[str] = mapped_column(String(200), comment="name of that unit at enrolment")
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    enrolled_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="set when taken off the list; the row stays")
    withdrawn_reason: Mapped[str] = mapped_column(String(200), default="")
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
