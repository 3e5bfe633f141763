"""Tables of people, their units, roles and sign-ins."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import BigKey, ByteString, UtcDateTime
from elearn.units.models import Unit


class Member(Model):
    """A person with an account."""

    __tablename__ = "members"
    __table_args__ = (
        CheckConstraint("birth_precision IN ('', 'year', 'month', 'day')", name="birth_precision"),
        CheckConstraint("status IN ('active', 'disabled')", name="status"),
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
    status: Mapped[str] = mapped_column(String(10), default="active", comment="disabled people cannot sign in")
    password_hash: Mapped[str] = mapped_column(String(200), comment="Argon2id, encoded; empty: cannot sign in")
    must_change_password: Mapped[bool] = mapped_column(default=False, comment="set until the first own password")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    unit: Mapped[Unit] = relationship()


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


class RoleGrant(Model):
    """A role that a person holds for a unit and all that lies below it."""

    __tablename__ = "role_grants"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    role: Mapped[str] = mapped_column(String(30), comment="a value of members.rules.permissions.Role")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True, comment="top of the subtree")
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), comment="empty: set up by the system")
    reason: Mapped[str] = mapped_column(String(200), default="")
    unit: Mapped[Unit] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=[member_id])


class SignInSession(Model):
    """A sign-in on one device; ends at once on sign-out, change of password or disabling."""

    __tablename__ = "sign_in_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True, comment="SHA-256 of the token in the cookie")
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="refreshed every ten minutes of use")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="moves on with use")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="set when it was ended early")
    agent: Mapped[str] = mapped_column(String(200), default="", comment="browser, as it names itself")


class SignInFailure(Model):
    """A failed sign-in, kept an hour for throttling; neither login nor address is readable."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_login", "login_hash", "at"),
        Index("ix_sign_in_failures_address", "address_hash", "at"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    login_hash: Mapped[str] = mapped_column(String(64), comment="keyed hash of the login tried")
    address_hash: Mapped[str] = mapped_column(String(64), comment="keyed hash of the network address")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
