"""Programmes, the classes opened on them, and who attends."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import Json, UtcDateTime
from elearn.courses.models import CourseEdition
from elearn.members.models import Member
from elearn.units.models import Unit


class Programme(Model):
    """What is taught to whom under which rules; classes keep a copy of its terms, so that changing it changes no class."""

    __tablename__ = "programmes"
    __table_args__ = (CheckConstraint("version >= 1", name="version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True, comment="e.g. NTVD")
    name: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True, comment="owner; lent to all units below")
    terms: Mapped[Any] = mapped_column(
        Json, comment="lessons, conditions, attendance, parts of the mark, grades: rules.programmes.Terms"
    )
    version: Mapped[int] = mapped_column(default=1, comment="counts saves of the terms")
    is_open: Mapped[bool] = mapped_column(default=True, comment="offered when a class is opened")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    unit: Mapped[Unit] = relationship()


class Cohort(Model):
    """A class: on a programme, on the edition of a course, or on both; it keeps what both were when it was opened."""

    __tablename__ = "cohorts"
    __table_args__ = (
        CheckConstraint("edition_id IS NOT NULL OR programme_id IS NOT NULL", name="subject"),
        CheckConstraint("(programme_id IS NULL) = (terms IS NULL)", name="terms"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        CheckConstraint("mode IN ('place', 'online', 'both')", name="mode"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True, comment="e.g. NTVD-2026-04")
    title: Mapped[str] = mapped_column(String(200))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("course_editions.id"), comment="the part studied on line, if any")
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programmes.id"), index=True)
    terms: Mapped[Any] = mapped_column(Json, nullable=True, comment="copy of the programme's terms on the day")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True, comment="organiser")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="end of the last day; deadline to complete the course")
    capacity: Mapped[int | None] = mapped_column(comment="people; empty: no limit")
    mode: Mapped[str] = mapped_column(String(10), default="online", comment="place, online or both")
    place: Mapped[str] = mapped_column(String(200), default="")
    nominate_until: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="later nominations are marked late")
    confirm_hours: Mapped[int] = mapped_column(default=48, comment="how long an offered place is kept")
    decision_number: Mapped[str] = mapped_column(String(60), default="", comment="of the decision that opens the class")
    decided_on: Mapped[date | None] = mapped_column(comment="day of that decision; set: approved people are enrolled")
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes.id"), comment="the test; empty: that of the course edition")
    test_choice: Mapped[str] = mapped_column(String(10), default="best", comment="best or last attempt counts")
    sessions_total: Mapped[int | None] = mapped_column(comment="sessions or periods, where attendance is counted on paper")
    minutes_number: Mapped[str] = mapped_column(String(60), default="", comment="of the council's minutes")
    minutes_on: Mapped[date | None] = mapped_column(comment="day of the minutes")
    results_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="set when the council has decided")
    recognition_number: Mapped[str] = mapped_column(String(60), default="", comment="of the decision that recognises the results")
    recognised_on: Mapped[date | None] = mapped_column(comment="day of that decision; set: learners see their results")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="set when the class is over")
    edition: Mapped[CourseEdition | None] = relationship()
    programme: Mapped[Programme | None] = relationship()
    unit: Mapped[Unit] = relationship()
    quotas: Mapped[list[CohortQuota]] = relationship(order_by="CohortQuota.unit_name", cascade="all, delete-orphan")
    staff: Mapped[list[CohortStaff]] = relationship(order_by="CohortStaff.position", cascade="all, delete-orphan")

    @property
    def subject(self) -> str:
        """Name of the programme as it was, or of the course."""
        if self.terms is not None:
            return str(self.terms["programme"])
        return self.edition.title if self.edition else ""


class CohortQuota(Model):
    """A unit that may send people to a class, and how many; it need not lie below the organiser."""

    __tablename__ = "cohort_quotas"
    __table_args__ = (CheckConstraint("quota > 0", name="quota"),)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)
    unit_name: Mapped[str] = mapped_column(String(200), comment="as on the day")
    quota: Mapped[int] = mapped_column(comment="people")
    unit: Mapped[Unit] = relationship()


class CohortStaff(Model):
    """A lecturer, or a member of the class committee (ban cán sự)."""

    __tablename__ = "cohort_staff"
    __table_args__ = (CheckConstraint("role IN ('lecturer', 'committee')", name="role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    role: Mapped[str] = mapped_column(String(10), comment="lecturer or committee")
    position: Mapped[int] = mapped_column(default=0, comment="order of the list")
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True, comment="empty: somebody from outside")
    display_name: Mapped[str] = mapped_column(String(120), comment="name on the day")
    duty: Mapped[str] = mapped_column(
        String(200), default="", comment="post of a lecturer, e.g. Giảng viên; of the committee, e.g. Lớp trưởng"
    )


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
