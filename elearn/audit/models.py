"""The audit log. Actor and subject are kept as id and name of then, without foreign keys.

The chain holds ids, times, deeds and salted hashes; names and contents stand beside it. So a person's data can be taken away while every
digest of the log still fits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import BigKey, Json, UtcDateTime


class AuditEntry(Model):
    """One deed; triggers of the database refuse to change or delete it."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entries_actor_id", "actor_id"),
    )
    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False, comment="1, 2, 3 … without gaps")
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="UTC, by the server's clock")
    actor_id: Mapped[int | None] = mapped_column(comment="member who did it; empty for the system")
    action: Mapped[str] = mapped_column(String(60), comment="verb_object, e.g. publish_round")
    subject_kind: Mapped[str] = mapped_column(String(40), comment="e.g. round, member, cohort")
    subject_id: Mapped[str] = mapped_column(String(40), comment="id of the subject")
    actor_digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 over salt and name of the actor")
    detail_digest: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 over salt, name of the subject, before, after and reason"
    )
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 over the digest before and this entry")
    detail: Mapped[AuditDetail] = relationship(viewonly=True, lazy="joined", innerjoin=True)


class AuditDetail(Model):
    """Names and contents of an entry; triggers let them only be blanked, at a person's erasure, with their salt."""

    __tablename__ = "audit_details"
    seq: Mapped[int] = mapped_column(ForeignKey("audit_entries.seq"), primary_key=True, autoincrement=False)
    actor_salt: Mapped[str | None] = mapped_column(String(32), comment="empty: blanked")
    actor_name: Mapped[str | None] = mapped_column(String(200), comment="name at that time")
    detail_salt: Mapped[str | None] = mapped_column(String(32), comment="empty: blanked")
    subject_name: Mapped[str | None] = mapped_column(String(200), comment="name of the subject at that time")
    before: Mapped[Any] = mapped_column(Json, nullable=True, comment="what was changed, before")
    after: Mapped[Any] = mapped_column(Json, nullable=True, comment="what was changed, after")
    reason: Mapped[str | None] = mapped_column(String(400), comment="why, in the actor's words")
    search_key: Mapped[str | None] = mapped_column(String(900), comment="folded names and reason, for search")


class AuditConcern(Model):
    """A person whom an entry about many people concerns, such as an export with sensitive columns."""

    __tablename__ = "audit_concerns"
    member_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="member; no key, members stand above audit"
    )
    seq: Mapped[int] = mapped_column(BigKey, ForeignKey("audit_entries.seq"), primary_key=True, autoincrement=False)


class AuditHead(Model):
    """One row: the last entry's number and digest, locked while the next one is written."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="always 1")
    seq: Mapped[int] = mapped_column(BigKey, comment="number of the last entry")
    digest: Mapped[str] = mapped_column(String(64), comment="digest of the last entry")
