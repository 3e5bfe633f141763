"""Tables of people: who they are, where they belong, what happened to their records."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import ByteString, Json, UtcDateTime
from elearn.units.models import Unit


class Member(Model):
    """A person with an account."""

    __tablename__ = "members"
    __table_args__ = (
        CheckConstraint("birth_precision IN ('', 'year', 'month', 'day')", name="birth_precision"),
        CheckConstraint("status IN ('active', 'disabled', 'left', 'deceased', 'merged', 'erased')", name="status"),
        Index("ix_members_unit_id_name_key", "unit_id", "name_key"),
        Index("ix_members_name_key", "name_key"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True, comment="code in the organisation's lists")
    login: Mapped[str] = mapped_column(String(80), comment="name for signing in, as written")
    login_key: Mapped[str] = mapped_column(String(80), unique=True, comment="login in its one normal form; look-alikes collide")
    display_name: Mapped[str] = mapped_column(String(120), comment="full name as written: family, middle, given")
    name_key: Mapped[str] = mapped_column(ByteString, comment="order of lists: given name first, Vietnamese order")
    search_key: Mapped[str] = mapped_column(String(240), comment="folded name, login and code")
    birth_date: Mapped[date | None] = mapped_column(comment="first day of the month or year where the day is unknown")
    birth_precision: Mapped[str] = mapped_column(String(5), default="", comment="year, month or day; empty where unknown")
    sex: Mapped[str] = mapped_column(String(6), default="", comment="female, male or empty")
    phone: Mapped[str] = mapped_column(String(20), default="", comment="digits with the leading zero")
    email: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[str] = mapped_column(String(20), default="official", comment="official, probationary, outstanding, cadre, guest")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="main unit now; history in memberships")
    status: Mapped[str] = mapped_column(
        String(10),
        default="active",
        comment="only active people sign in; left, deceased, merged into another record, erased at their wish",
    )
    password_hash: Mapped[str] = mapped_column(String(200), comment="Argon2id, encoded; empty: cannot sign in")
    must_change_password: Mapped[bool] = mapped_column(default=False, comment="set until the first own password")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("members.id"), index=True, comment="the record that goes on, where this one was a duplicate"
    )
    unit: Mapped[Unit] = relationship()


class MemberSensitive(Model):
    """What only roles that name it may read, each look recorded. Apart from `members`, so that no list loads it by accident."""

    __tablename__ = "member_sensitive"
    __table_args__ = (
        CheckConstraint("national_id IS NULL OR length(national_id) = 12", name="national_id"),
        UniqueConstraint("national_id"),
        UniqueConstraint("card_number"),
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    national_id: Mapped[str | None] = mapped_column(String(12), comment="twelve digits as text; NULL where unknown")
    card_number: Mapped[str | None] = mapped_column(String(50), comment="present card; history in member_cards")
    ethnicity: Mapped[str] = mapped_column(String(60), default="")
    religion: Mapped[str] = mapped_column(String(60), default="")


class MemberCard(Model):
    """A card number that a person had, from when to when."""

    __tablename__ = "member_cards"
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    number: Mapped[str] = mapped_column(String(50))
    valid_from: Mapped[date] = mapped_column(comment="first day")
    valid_to: Mapped[date | None] = mapped_column(comment="day from which it no longer holds")
    reason: Mapped[str] = mapped_column(String(200), default="", comment="why it changed")


class Position(Model):
    """An office that a person holds, from when to when."""

    __tablename__ = "positions"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    title: Mapped[str] = mapped_column(String(200), comment="as written, e.g. Bí thư chi bộ")
    valid_from: Mapped[date | None] = mapped_column(comment="first day; empty where unknown")
    valid_to: Mapped[date | None] = mapped_column(comment="day from which it no longer holds")


class Membership(Model):
    """To which unit a person belonged, from when to when."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("member_id", "unit_id", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    valid_from: Mapped[date] = mapped_column(comment="first day")
    valid_to: Mapped[date | None] = mapped_column(comment="day from which it no longer holds")
    decision: Mapped[str] = mapped_column(String(120), default="", comment="number and date of the decision")
    origin: Mapped[str] = mapped_column(
        String(40), default="", comment="what opened it: unit_change:7, import:3, decision:5; empty: entered by hand"
    )


class PersonnelDecision(Model):
    """A decision on people: transfer, leaving, return or death, of one person or of many."""

    __tablename__ = "personnel_decisions"
    __table_args__ = (CheckConstraint("kind IN ('transfer', 'leave', 'return', 'death')", name="kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), comment="transfer, leave, return or death")
    number: Mapped[str] = mapped_column(String(60), default="", comment="number of the decision, e.g. 12-QĐ/ĐU")
    decided_on: Mapped[date | None] = mapped_column(comment="date of the decision")
    effective_on: Mapped[date] = mapped_column(comment="first day on which it holds")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), comment="unit to which people go; transfer and return only")
    note: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DecisionMember(Model):
    """A person whom a decision concerns, and what was before, so that it can be undone."""

    __tablename__ = "decision_members"
    decision_id: Mapped[int] = mapped_column(ForeignKey("personnel_decisions.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    before: Mapped[Any] = mapped_column(Json, comment="status, unit and open membership before")


class MemberMerge(Model):
    """Two records of one person made one; everything carried over is listed, so that it can be carried back."""

    __tablename__ = "member_merges"
    __table_args__ = (CheckConstraint("kept_id <> gone_id", name="other"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True, comment="the record that goes on")
    gone_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True, comment="the duplicate")
    reason: Mapped[str] = mapped_column(String(300), default="")
    carried: Mapped[Any] = mapped_column(Json, comment="table → ids of rows that changed hands")
    left: Mapped[Any] = mapped_column(
        Json, comment="table → ids of rows that stay with the duplicate, and are shown with the kept record"
    )
    before: Mapped[Any] = mapped_column(Json, comment="both records before")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DuplicateVerdict(Model):
    """Two records that somebody looked at and found to be two people: not offered again."""

    __tablename__ = "duplicate_verdicts"
    first_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, comment="the smaller id")
    second_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
