"""Nominations and every change of their state."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.classes.models.cohorts import Cohort
from elearn.classes.rules.nomination import State
from elearn.core.db import Model
from elearn.core.types import UtcDateTime
from elearn.members.models import Member
from elearn.units.models import Unit

_STATES = ", ".join(f"'{state.value}'" for state in State)


class Nomination(Model):
    """A person whom a unit sends to a class; one row a person and class, whatever becomes of it."""

    __tablename__ = "nominations"
    __table_args__ = (
        UniqueConstraint("cohort_id", "member_id"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("(state = 'offered') = (offered_until IS NOT NULL)", name="offer"),
        Index("ix_nominations_cohort_id_state", "cohort_id", "state"),
        Index("ix_nominations_state_offered_until", "state", "offered_until"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True, comment="unit whose quota it uses")
    unit_name: Mapped[str] = mapped_column(String(200), comment="its name on the day")
    display_name: Mapped[str] = mapped_column(String(120), comment="name on the day")
    home_unit_name: Mapped[str] = mapped_column(String(200), comment="the person's own unit on the day")
    state: Mapped[str] = mapped_column(String(10), comment="see rules.nomination.State")
    queued_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="since when it waits; order of the waiting list")
    offered_until: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="until when an offered place is kept")
    is_late: Mapped[bool] = mapped_column(default=False, comment="submitted after the day set, or after the class was opened")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cohort: Mapped[Cohort] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    unit: Mapped[Unit] = relationship()


class NominationStep(Model):
    """One change of a nomination: from what to what, who, when and why. Rows are only added."""

    __tablename__ = "nomination_steps"
    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nominations.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), comment="empty: the system, e.g. when time ran out")
    by_name: Mapped[str] = mapped_column(String(120), comment="as then")
    before: Mapped[str] = mapped_column(String(10), comment="empty: entered on the list")
    after: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(400), default="")
