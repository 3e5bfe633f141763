"""Writes the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from elearn.audit.models import AuditEntry, AuditHead
from elearn.audit.rules.chain import entry_digest


def record(
    session: Session,
    at: datetime,
    actor: tuple[int | None, str],
    action: str,
    subject: tuple[str, object, str],
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> None:
    """Append one entry inside the caller's transaction. `actor` is (id, name), `subject` is (kind, id, name)."""
    head = session.execute(select(AuditHead.seq, AuditHead.digest).where(AuditHead.id == 1).with_for_update()).one_or_none()
    seq, previous = (head.seq, head.digest) if head else (0, "")
    entry = {
        "seq": seq + 1,
        "at": at.isoformat(),
        "actor_id": actor[0],
        "actor_name": actor[1],
        "action": action,
        "subject_kind": subject[0],
        "subject_id": str(subject[1]),
        "subject_name": subject[2][:200],
        "before": before,
        "after": after,
        "reason": reason,
    }
    digest = entry_digest(previous, entry)
    session.execute(insert(AuditEntry).values({**entry, "at": at, "digest": digest}))
    if head:
        session.execute(update(AuditHead).where(AuditHead.id == 1).values(seq=seq + 1, digest=digest))
    else:
        session.execute(insert(AuditHead).values(id=1, seq=1, digest=digest))
