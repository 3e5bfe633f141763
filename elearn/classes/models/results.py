"""Marks of learners, results as the council decided them, requests to look again; and what each was before."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.classes.models.cohorts import Enrolment
from elearn.core.db import Model
from elearn.core.types import Mark, UtcDateTime


class LearnerMark(Model):
    """What stands for a learner in one column of the mark sheet where somebody, or the marking of essays, has entered it."""

    __tablename__ = "learner_marks"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "part"),
        CheckConstraint("part IN ('test', 'essay', 'participation', 'attended')", name="part"),
        CheckConstraint("mark >= 0", name="mark"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    part: Mapped[str] = mapped_column(String(14), comment="test, essay, participation: marks of 10; attended: sessions or periods")
    mark: Mapped[Decimal] = mapped_column(Mark)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    set_by_name: Mapped[str] = mapped_column(String(120), comment="as then")


class MarkChange(Model):
    """One change of a cell of the mark sheet. Rows are only added."""

    __tablename__ = "mark_changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    part: Mapped[str] = mapped_column(String(14))
    before: Mapped[Decimal | None] = mapped_column(Mark, comment="empty: nothing was entered")
    after: Mapped[Decimal | None] = mapped_column(Mark, comment="empty: taken out again")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    by_name: Mapped[str] = mapped_column(String(120), comment="as then")


class Result(Model):
    """What a learner of a class got, as the council decided it."""

    __tablename__ = "results"
    __table_args__ = (
        CheckConstraint("grade = proposed_grade OR reason <> ''", name="reason"),
        CheckConstraint("attended IS NULL OR total IS NOT NULL", name="attendance"),
    )
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    attended: Mapped[Decimal | None] = mapped_column(Mark, comment="sessions or periods; empty: not counted")
    total: Mapped[Decimal | None] = mapped_column(Mark, comment="sessions or periods of the class")
    mark: Mapped[Decimal | None] = mapped_column(Mark, comment="of 10, rounded to hundredths; empty: a part was missing")
    proposed_grade: Mapped[str] = mapped_column(String(60), comment="what the rules give")
    grade: Mapped[str] = mapped_column(String(60), comment="what was decided")
    is_passed: Mapped[bool]
    why: Mapped[str] = mapped_column(String(600), comment="the rule that gave the proposal, in words")
    reason: Mapped[str] = mapped_column(String(400), default="", comment="why it differs from the proposal")
    version: Mapped[int] = mapped_column(default=1, comment="1; one more with each correction")
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    decided_by_name: Mapped[str] = mapped_column(String(120), comment="as then")
    enrolment: Mapped[Enrolment] = relationship()


class ResultChange(Model):
    """A result that was decided and then changed: what it was, what it became, who and why. Rows are only added."""

    __tablename__ = "result_changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    by_name: Mapped[str] = mapped_column(String(120), comment="as then")
    grade_before: Mapped[str] = mapped_column(String(60))
    grade_after: Mapped[str] = mapped_column(String(60))
    mark_before: Mapped[Decimal | None] = mapped_column(Mark)
    mark_after: Mapped[Decimal | None] = mapped_column(Mark)
    reason: Mapped[str] = mapped_column(String(400))


_IS_OPEN = text("answered_at IS NULL")


class ResultAppeal(Model):
    """A learner's request to look at a result again, and the answer; one at a time."""

    __tablename__ = "result_appeals"
    __table_args__ = (
        CheckConstraint("outcome IN ('', 'kept', 'changed')", name="outcome"),
        CheckConstraint("(answered_at IS NULL) = (outcome = '')", name="answered"),
        Index("uq_result_appeals_open", "enrolment_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("ix_result_appeals_enrolment_id", "enrolment_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    text: Mapped[str] = mapped_column(Text, comment="what the learner asks")
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(10), default="", comment="kept or changed; empty: not answered yet")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    answered_by_name: Mapped[str] = mapped_column(String(120), default="", comment="as then")
    enrolment: Mapped[Enrolment] = relationship()
