"""Tables of access: roles, requests for them, sign-ins, first codes and second factors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import BigKey, UtcDateTime
from elearn.members.models.people import Member
from elearn.units.models import Unit


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
    with_catchment: Mapped[bool] = mapped_column(
        default=False, comment="also holds for the units that the unit's training centre serves"
    )
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="taken back early; valid_to is then the same moment")
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    revoked_reason: Mapped[str] = mapped_column(String(200), default="")
    unit: Mapped[Unit] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    granted_by: Mapped[Member | None] = relationship(foreign_keys=[granted_by_id])


class GrantRequest(Model):
    """A grant of one of the highest roles: in force only once a second person has approved it."""

    __tablename__ = "grant_requests"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="four_eyes"),
        CheckConstraint("state IN ('open', 'approved', 'refused', 'withdrawn')", name="state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    role: Mapped[str] = mapped_column(String(30), comment="a value of members.rules.permissions.Role")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True, comment="top of the subtree")
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    with_catchment: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200), default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10), default="open", comment="open, approved, refused or withdrawn")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str] = mapped_column(String(200), default="")
    unit: Mapped[Unit] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    asked_by: Mapped[Member] = relationship(foreign_keys=[asked_by_id])


class InitialCode(Model):
    """The code of a printed slip: random, good for one sign-in, replaced when another slip is printed."""

    __tablename__ = "initial_codes"
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), comment="keyed hash; the code itself stands on the slip alone")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Totp(Model):
    """A second factor: time-based codes of RFC 6238 from an application on the person's phone."""

    __tablename__ = "totp"
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(64), comment="base 32; shown once, at set-up")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="empty until the first code was right")
    last_step: Mapped[int] = mapped_column(BigKey, default=0, comment="time step of the last accepted code: none is taken twice")


class RecoveryCode(Model):
    """A code that stands in for the second factor once."""

    __tablename__ = "recovery_codes"
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), comment="keyed hash")
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


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
