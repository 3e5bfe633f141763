"""Reads the audit log back and checks its chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.audit.models import AuditDetail, AuditEntry, AuditHead
from elearn.audit.rules.chain import entry_digest, salted_digest


@dataclass(frozen=True)
class ChainCheck:
    """`length` entries were read; `broken_at` is the number of the first that does not fit, None where all do.

    `blanked` of them have lost their contents to an erasure, which the chain allows for.
    """

    length: int
    broken_at: int | None
    blanked: int = 0


def check_chain(session: Session) -> ChainCheck:
    """Work every digest out anew, from the first entry to the head, without holding more than a batch in memory."""
    entries, details = AuditEntry.__table__, AuditDetail.__table__
    query = (
        select(
            entries, details.c.actor_salt, details.c.actor_name, details.c.detail_salt, details.c.subject_name, details.c.before,
            details.c.after, details.c.reason,
        )
        .outerjoin(details, details.c.seq == entries.c.seq)
        .order_by(entries.c.seq)
        .execution_options(yield_per=1000)
    )  # fmt: skip
    previous, expected, blanked = "", 0, 0
    for row in session.execute(query):
        expected += 1
        entry = {
            "seq": row.seq,
            "at": row.at.isoformat(),
            "actor_id": row.actor_id,
            "action": row.action,
            "subject_kind": row.subject_kind,
            "subject_id": row.subject_id,
            "actor_digest": row.actor_digest,
            "detail_digest": row.detail_digest,
        }
        detail = {"subject_name": row.subject_name, "before": row.before, "after": row.after, "reason": row.reason}
        fits = (
            row.seq == expected
            and entry_digest(previous, entry) == row.digest
            and (row.actor_salt is None or salted_digest(row.actor_salt, row.actor_name) == row.actor_digest)
            and (row.detail_salt is None or salted_digest(row.detail_salt, detail) == row.detail_digest)
        )
        if not fits:
            return ChainCheck(expected, row.seq, blanked)
        blanked += row.detail_salt is None or row.actor_salt is None
        previous = row.digest
    head = session.execute(select(AuditHead.seq, AuditHead.digest)).one_or_none()
    if (head.seq, head.digest) != (expected, previous) if head else bool(expected):
        return ChainCheck(expected, expected + 1, blanked)
    return ChainCheck(expected, None, blanked)


@dataclass(frozen=True)
class Checkpoint:
    """Number, digest and time of one entry. Kept outside, it shows later whether anything up to that entry was rewritten."""

    seq: int
    digest: str
    at: datetime


def last_time_of(session: Session, kind: str) -> datetime | None:
    """When something was last done to a subject of this kind; None for never."""
    return session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.subject_kind == kind))


def find_checkpoint(session: Session) -> Checkpoint | None:
    """That of the last entry; None for an empty log."""
    query = select(AuditEntry.seq, AuditEntry.digest, AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1)
    row = session.execute(query).one_or_none()
    return Checkpoint(*row) if row is not None else None


def fits_checkpoint(session: Session, seq: int, digest: str) -> bool:
    """Whether the entry of this number still has the digest that was noted. With a whole chain nothing before it was changed."""
    return session.scalar(select(AuditEntry.digest).where(AuditEntry.seq == seq)) == digest.strip().lower()
