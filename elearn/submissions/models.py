"""What is asked in writing, of whom, and what they handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import BigKey, ByteString, Json, UtcDateTime
from elearn.members.models import Member
from elearn.units.models import Unit

_OF_UNIT = text("member_id IS NULL")
_OF_MEMBER = text("member_id IS NOT NULL")


class Assignment(Model):
    """A piece of writing asked of units or of people: a plan, an essay, a programme of action."""

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("kind IN ('plan', 'essay', 'action_programme')", name="kind"),
        CheckConstraint("asked_of IN ('unit', 'member')", name="asked_of"),
        CheckConstraint("closes_at IS NULL OR closes_at >= due_at", name="window"),
        Index("ix_assignments_origin_origin_id", "origin", "origin_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(String(20), comment="feature that asks, such as campaign or cohort")
    origin_id: Mapped[int] = mapped_column(comment="which one there; no key, what asks stands above")
    kind: Mapped[str] = mapped_column(String(20), comment="plan, essay or action_programme")
    asked_of: Mapped[str] = mapped_column(String(6), comment="unit: one a unit, for the collective; member: one a person")
    title: Mapped[str] = mapped_column(String(200))
    prompt: Mapped[str] = mapped_column(Text, default="", comment="what is to be written, as plain text")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="unit that asks")
    fields: Mapped[Any] = mapped_column(Json, comment='[{"key", "label", "hint"}, …] to be typed; empty: a file only')
    takes_file: Mapped[bool] = mapped_column(comment="whether a Word or PDF file may be handed in")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="deadline; what comes later is marked late")
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="nothing is taken after; empty: always")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    unit: Mapped[Unit] = relationship()


class AssignmentTarget(Model):
    """One unit or person of whom it is asked, named as on that day: the stored denominator, and how far each of them is."""

    __tablename__ = "assignment_targets"
    __table_args__ = (
        CheckConstraint("state IN ('missing', 'draft', 'submitted', 'returned', 'accepted')", name="state"),
        CheckConstraint("late_days >= 0", name="late_days"),
        CheckConstraint("(exempted_at IS NULL) = (exempt_reason = '')", name="exemption"),
        Index(
            "ux_assignment_targets_unit", "assignment_id", "unit_id", unique=True, sqlite_where=_OF_UNIT, postgresql_where=_OF_UNIT
        ),
        Index(
            "ux_assignment_targets_member", "assignment_id", "member_id", unique=True,
            sqlite_where=_OF_MEMBER, postgresql_where=_OF_MEMBER,
        ),
        Index("ix_assignment_targets_counts", "assignment_id", "unit_id", "state", "exempted_at", "removed_at", "late_days"),
        Index("ix_assignment_targets_names", "assignment_id", "name_key"),
        Index("ix_assignment_targets_member_id", "member_id"),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="the unit itself, or that of the person")
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), comment="empty where a unit is asked")
    name: Mapped[str] = mapped_column(String(200), comment="name when put on the list")
    unit_name: Mapped[str] = mapped_column(String(200), comment="name of the unit when put on the list")
    name_key: Mapped[str] = mapped_column(ByteString, comment="order of lists: people by given name, units by name")
    search_key: Mapped[str] = mapped_column(String(440), comment="folded name and code, for search")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="no longer on the list since; what was written stays")
    exempted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="need not hand in since; counts as done")
    exempt_reason: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(10), default="missing", comment="missing → draft → submitted → returned or accepted")
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="last handing in that stands")
    late_days: Mapped[int] = mapped_column(default=0, comment="days after the deadline of the first handing in; 0 in time")
    assignment: Mapped[Assignment] = relationship()
    unit: Mapped[Unit] = relationship()


class Submission(Model):
    """What is being written for a target; handing in copies it into a version."""

    __tablename__ = "submissions"
    target_id: Mapped[int] = mapped_column(ForeignKey("assignment_targets.id"), primary_key=True)
    answers: Mapped[Any] = mapped_column(Json, comment="{key of field: text}")
    file_name: Mapped[str] = mapped_column(String(120), default="", comment="empty: no file")
    file_digest: Mapped[str] = mapped_column(String(64), default="", comment="SHA-256 of the file, see core.blobs")
    file_size: Mapped[int] = mapped_column(default=0, comment="bytes")
    revision: Mapped[int] = mapped_column(default=1, comment="grows with every save: two who write at once notice it")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    saved_by_name: Mapped[str] = mapped_column(String(120), default="")


class SubmissionVersion(Model):
    """What was handed in, as it was; never changed."""

    __tablename__ = "submission_versions"
    __table_args__ = (UniqueConstraint("target_id", "number"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("assignment_targets.id"))
    number: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    answers: Mapped[Any] = mapped_column(Json, comment="{key of field: text}")
    file_name: Mapped[str] = mapped_column(String(120), default="")
    file_digest: Mapped[str] = mapped_column(String(64), default="", comment="SHA-256 of the file, see core.blobs")
    file_size: Mapped[int] = mapped_column(default=0, comment="bytes")
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    submitted_by_name: Mapped[str] = mapped_column(String(120), default="")


class SubmissionStep(Model):
    """What happened to a target, by whom and why: shown to both sides, and the source of figures of days gone by."""

    __tablename__ = "submission_steps"
    __table_args__ = (
        CheckConstraint("step IN ('submitted', 'withdrawn', 'returned', 'accepted', 'exempted', 'unexempted')", name="step"),
        Index("ix_submission_steps_target_id", "target_id", "at"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("assignment_targets.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    step: Mapped[str] = mapped_column(String(12), comment="submitted, withdrawn, returned, accepted, exempted or unexempted")
    reason: Mapped[str] = mapped_column(String(1000), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    by_name: Mapped[str] = mapped_column(String(120), default="")


class UnitDeadline(Model):
    """An earlier deadline that a unit set for itself and all below it."""

    __tablename__ = "unit_deadlines"
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="never later than that of the units above")
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    unit: Mapped[Unit] = relationship()


class UnitWriter(Model):
    """A member who writes for a unit without holding a role, such as the secretary of a cell."""

    __tablename__ = "unit_writers"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
