"""Entrants without an account, proofs of work that are used up, and places in the queue before a start."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.core.db import Model
from elearn.core.types import BigKey, UtcDateTime

IS_FIRST = text("is_first")


class PublicEntrant(Model):
    """A person who registered for a contest without an account. Name, birth date, sex and phone stand in their member row.

    Registering again with the same phone, or the same name, birth date and unit, makes a row of its own that is not the first: its
    entries are not counted until an officer decides which one is.
    """

    __tablename__ = "public_entrants"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        UniqueConstraint("member_id"),
        Index("ix_public_entrants_phone", "contest_id", "phone_digest"),
        Index("ix_public_entrants_identity", "contest_id", "identity_digest"),
        Index(
            "uq_public_entrants_first_phone", "contest_id", "phone_digest", unique=True, sqlite_where=IS_FIRST, postgresql_where=IS_FIRST
        ),
        Index(
            "uq_public_entrants_first_identity", "contest_id", "identity_digest", unique=True, sqlite_where=IS_FIRST,
            postgresql_where=IS_FIRST,
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), comment="guest without a password")
    phone_digest: Mapped[str | None] = mapped_column(String(64), comment="keyed hash of the phone; empty where none was asked")
    identity_digest: Mapped[str] = mapped_column(String(64), comment="keyed hash of folded name, birth date and unit")
    unit_id: Mapped[int] = mapped_column(
        ForeignKey("units.id"), comment="unit chosen; that of all guests where it is none of the tree"
    )
    unit_name: Mapped[str] = mapped_column(String(200), comment="its name, or what was typed instead")
    address: Mapped[str] = mapped_column(String(300), default="")
    representative: Mapped[str] = mapped_column(
        String(120), default="", comment="who agreed for somebody under 16; empty: nobody had to"
    )
    code_hash: Mapped[str] = mapped_column(String(64), comment="keyed hash of the entry code with which they come back")
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_first: Mapped[bool] = mapped_column(comment="the claim that counts for its phone and identity")


class UsedChallenge(Model):
    """A proof of work that has been spent; forgotten once it could not be used anyway."""

    __tablename__ = "used_challenges"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True, comment="SHA-256 of the challenge's signature")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class StartTicket(Model):
    """A place in the queue before a start: the moment from which the person is let in, later for each who comes later."""

    __tablename__ = "start_tickets"
    __table_args__ = (
        Index(
            "uq_start_tickets_waiting", "round_id", "member_id", unique=True, sqlite_where=text("used_at IS NULL"),
            postgresql_where=text("used_at IS NULL"),
        ),
        Index("ix_start_tickets_due_at", "due_at"),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="from when on the start is admitted")
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when the attempt was begun with it, or it was given up")
