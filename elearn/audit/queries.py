"""Reads the audit log back and checks its chain."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.audit.models import AuditEntry, AuditHead
from elearn.audit.rules.chain import entry_digest


@dataclass(frozen=True)
class ChainCheck:
    """`length` entries were read; `broken_at` is the number of the first that does not fit, None where all do."""

    length: int
    broken_at: int | None


def check_chain(session: Session) -> ChainCheck:
    """Work every digest out anew, from the first entry to the head, without holding more than a batch in memory."""
    table = AuditEntry.__table__
    previous, expected = "", 0
    for row in session.execute(select(table).order_by(table.c.seq).execution_options(yield_per=1000)):
        expected += 1
        entry = {
            "seq": row.seq,
            "at": row.at.isoformat(),
            "actor_id": row.actor_id,
            "actor_name": row.actor_name,
            "action": row.action,
            "subject_kind": row.subject_kind,
            "subject_id": row.subject_id,
            "subject_name": row.subject_name,
            "before": row.before,
            "after": row.after,
            "reason": row.reason,
        }
        if row.seq != expected or entry_digest(previous, entry) != row.digest:
            return ChainCheck(expected, row.seq)
        previous = row.digest
    head = session.execute(select(AuditHead.seq, AuditHead.digest)).one_or_none()
    if (head.seq, head.digest) != (expected, previous) if head else bool(expected):
        return ChainCheck(expected, expected + 1)
    return ChainCheck(expected, None)
