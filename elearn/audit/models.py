"""The audit log. Actor and subject are kept as id and name of then, without foreign keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.core.db import Model
from elearn.core.types import BigKey, Json, UtcDateTime


class AuditEntry(Model):
    """One deed; triggers of the database refuse to change or delete it."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_subject", "subject_kind", "subject_id"),)
    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False, comment="1, 2, 3 … without gaps")
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="UTC, by the server's clock")
    actor_id: Mapped[int | None] = mapped_column(comment="member who did it; empty for the system")
    actor_name: Mapped[str] = mapped_column(String(200), comment="name at that time")
    action: Mapped[str] = mapped_column(String(60), comment="verb_object, e.g. publish_round")
    subject_kind: Mapped[str] = mapped_column(String(40), comment="e.g. round, member, cohort")
    subject_id: Mapped[str] = mapped_column(String(40), comment="id of the subject")
    subject_name: Mapped[str] = mapped_column(String(200), comment="name of the subject at that time")
    before: Mapped[Any] = mapped_column(Json, nullable=True, comment="what was changed, before")
    after: Mapped[Any] = mapped_column(Json, nullable=True, comment="what was changed, after")
    reason: Mapped[str] = mapped_column(String(400), default="", comment="why, in the actor's words")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 over the digest before and this entry")


class AuditHead(Model):
    """One row: the last entry's number and digest, locked while the next one is written."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="always 1")
    seq: Mapped[int] = mapped_column(BigKey, comment="number of the last entry")
    digest: Mapped[str] = mapped_column(String(64), comment="digest of the last entry")
