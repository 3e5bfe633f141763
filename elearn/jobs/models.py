"""The table of background work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.core.db import Model
from elearn.core.types import Json, UtcDateTime

LEASE = timedelta(seconds=30)
"""A worker that has been silent for longer has lost its job to the next one."""


class Job(Model):
    """One piece of background work. The row is queue, lease and progress at once, so that none of them can disagree."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
        Index("ix_jobs_state", "state"),
    )
    id: Mapped[str] = mapped_column(String(22), primary_key=True, comment="random, as it stands in addresses")
    kind: Mapped[str] = mapped_column(String(40), comment="key under which the work is registered")
    title: Mapped[str] = mapped_column(String(200), comment="what it does, in words")
    arguments: Mapped[Any] = mapped_column(Json, comment="what the work is given")
    owner_id: Mapped[int | None] = mapped_column(comment="member who started it; no key, members stand above jobs")
    state: Mapped[str] = mapped_column(String(10), default="queued", comment="queued → running → done, failed or cancelled")
    step: Mapped[str] = mapped_column(String(200), default="", comment="what is being done, a Vietnamese source message")
    done: Mapped[int] = mapped_column(default=0, comment="how much of the total is done")
    total: Mapped[int] = mapped_column(default=0, comment="0 while unknown")
    message: Mapped[str] = mapped_column(String(500), default="", comment="why it failed, for the owner")
    result: Mapped[Any] = mapped_column(Json, nullable=True, comment="what the work returned")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="a worker that is silent for 30 s has lost its lease"
    )
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    worker: Mapped[str] = mapped_column(String(40), default="", comment="token of the worker that holds the lease")
