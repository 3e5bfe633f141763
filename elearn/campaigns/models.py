"""Study campaigns: what is asked, of whom it is asked on which day, and until when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import BigKey, ByteString, Json, UtcDateTime
from elearn.courses.models import Course
from elearn.library.models import Document
from elearn.submissions.models import Assignment
from elearn.units.models import Unit

_OF_UNIT = text("member_id IS NULL")
_OF_MEMBER = text("member_id IS NOT NULL")


class Campaign(Model):
    """One campaign of an organiser, for its subtree."""

    __tablename__ = "campaigns"
    __table_args__ = (CheckConstraint("due_at > starts_at", name="window"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    goal: Mapped[str] = mapped_column(Text, default="", comment="what it is for, as plain text")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True, comment="organiser")
    decision: Mapped[str] = mapped_column(String(120), default="", comment="number of the plan, e.g. 15-KH/TU")
    decided_on: Mapped[date | None] = mapped_column(comment="date of the plan")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="everything is to be done by then")
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"), comment="course to read for it")
    audience: Mapped[Any] = mapped_column(Json, comment="rules.audience.Audience: of whom the list is taken")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    announced_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="shown to those it is asked of, and to their officers, since"
    )
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="over: nobody is asked or reminded any more")
    unit: Mapped[Unit] = relationship()
    course: Mapped[Course | None] = relationship()
    documents: Mapped[list[CampaignDocument]] = relationship(order_by="CampaignDocument.position", cascade="all, delete-orphan")
    requirements: Mapped[list[Requirement]] = relationship(order_by="Requirement.position")


class CampaignDocument(Model):
    """A document that is studied."""

    __tablename__ = "campaign_documents"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0, comment="order on the page")
    document: Mapped[Document] = relationship()


class Requirement(Model):
    """One thing that a campaign asks of units or of people."""

    __tablename__ = "campaign_requirements"
    __table_args__ = (
        CheckConstraint("kind IN ('course', 'submission')", name="kind"),
        CheckConstraint("asked_of IN ('unit', 'member')", name="asked_of"),
        CheckConstraint("(kind = 'submission') = (assignment_id IS NOT NULL)", name="assignment"),
        CheckConstraint("kind <> 'course' OR asked_of = 'member'", name="course"),
        UniqueConstraint("campaign_id", "position"),
        Index("ix_campaign_requirements_assignment_id", "assignment_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    position: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    kind: Mapped[str] = mapped_column(String(10), comment="course: complete it; submission: hand it in")
    asked_of: Mapped[str] = mapped_column(String(6), comment="unit or member")
    title: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kinds: Mapped[Any] = mapped_column(Json, comment="sorts of units or of people on the list of whom it is asked; empty: all")
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"), comment="what is handed in")
    campaign: Mapped[Campaign] = relationship(back_populates="requirements")
    assignment: Mapped[Assignment | None] = relationship()


class CampaignTarget(Model):
    """One unit or person on the list of a campaign, named as on the day of the taking: the denominator."""

    __tablename__ = "campaign_targets"
    __table_args__ = (
        Index("ux_campaign_targets_unit", "campaign_id", "unit_id", unique=True, sqlite_where=_OF_UNIT, postgresql_where=_OF_UNIT),
        Index(
            "ux_campaign_targets_member", "campaign_id", "member_id", unique=True,
            sqlite_where=_OF_MEMBER, postgresql_where=_OF_MEMBER,
        ),
        Index("ix_campaign_targets_counts", "campaign_id", "unit_id", "kind", "removed_at", "member_id"),
        Index("ix_campaign_targets_names", "campaign_id", "name_key"),
        Index("ix_campaign_targets_member_id", "member_id"),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="the unit itself, or that of the person on that day")
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), comment="empty where it is a unit")
    kind: Mapped[str] = mapped_column(String(40), comment="sort of unit or of person on that day")
    name: Mapped[str] = mapped_column(String(200), comment="name on that day")
    unit_name: Mapped[str] = mapped_column(String(200), comment="name of the unit on that day")
    name_key: Mapped[str] = mapped_column(ByteString, comment="order of lists: people by given name, units by name")
    search_key: Mapped[str] = mapped_column(String(440), comment="folded name and code, for search")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="taking that put it on the list")
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="taking that took it off")
    unit: Mapped[Unit] = relationship()


class Taking(Model):
    """When the list of a campaign was taken, by whom, and what changed."""

    __tablename__ = "campaign_takings"
    __table_args__ = (Index("ix_campaign_takings_campaign_id", "campaign_id", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    audience: Mapped[Any] = mapped_column(Json, comment="of whom it was taken")
    added_count: Mapped[int] = mapped_column(comment="units and people that came onto the list, or back")
    removed_count: Mapped[int] = mapped_column(comment="units and people that went off it")
    moved_count: Mapped[int] = mapped_column(comment="people who had gone to another unit and now count there")
    units_count: Mapped[int] = mapped_column(comment="units on it afterwards")
    people_count: Mapped[int] = mapped_column(comment="people (người) on it afterwards")


class RequirementDeadline(Model):
    """An earlier deadline that a unit set for itself and all below it; for what is handed in see `submissions.UnitDeadline`."""

    __tablename__ = "campaign_deadlines"
    requirement_id: Mapped[int] = mapped_column(ForeignKey("campaign_requirements.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="never later than that of the units above")
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    unit: Mapped[Unit] = relationship()
