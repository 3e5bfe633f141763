"""Writes the audit log."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from elearn.audit.models import AuditConcern, AuditDetail, AuditEntry, AuditHead
from elearn.audit.rules.chain import entry_digest, salted_digest
from elearn.lib.vietnamese import fold


def record(
    session: Session,
    at: datetime,
    actor: tuple[int | None, str],
    action: str,
    subject: tuple[str, object, str],
    before: Any = None,
    after: Any = None,
    reason: str = "",
    concerns: Iterable[int] = (),
) -> int:
    """Append one entry inside the caller's transaction and return its number.

    `actor` is (id, name), `subject` is (kind, id, name), `concerns` are ids of members whom an entry about many is about.
    """
    head = session.execute(select(AuditHead.seq, AuditHead.digest).where(AuditHead.id == 1).with_for_update()).one_or_none()
    seq, previous = (head.seq + 1, head.digest) if head else (1, "")
    name, reason = subject[2][:200], reason[:400]
    actor_salt, detail_salt = secrets.token_hex(16), secrets.token_hex(16)
    detail = {"subject_name": name, "before": before, "after": after, "reason": reason}
    entry = {
        "seq": seq,
        "at": at.isoformat(),
        "actor_id": actor[0],
        "action": action,
        "subject_kind": subject[0],
        "subject_id": str(subject[1]),
        "actor_digest": salted_digest(actor_salt, actor[1]),
        "detail_digest": salted_digest(detail_salt, detail),
    }
    digest = entry_digest(previous, entry)
    session.execute(insert(AuditEntry).values({**entry, "at": at, "digest": digest}))
    session.execute(
        insert(AuditDetail).values(
            seq=seq, actor_salt=actor_salt, actor_name=actor[1], detail_salt=detail_salt,
            search_key=fold(f"{actor[1]} {name} {reason}")[:900], **detail,
        )
    )  # fmt: skip
    rows = [{"member_id": number, "seq": seq} for number in sorted(set(concerns))]
    if rows:
        session.execute(insert(AuditConcern), rows)
    if head:
        session.execute(update(AuditHead).where(AuditHead.id == 1).values(seq=seq, digest=digest))
    else:
        session.execute(insert(AuditHead).values(id=1, seq=seq, digest=digest))
    return seq


def blank_person(session: Session, member_id: int) -> int:
    """Take away what the log says of a person: their name as actor, names and contents where they are the subject.

    The chain still fits afterwards. Returns how many entries were blanked.
    """
    own = select(AuditEntry.seq).where(AuditEntry.subject_kind == "member", AuditEntry.subject_id == str(member_id))
    by_them = select(AuditEntry.seq).where(AuditEntry.actor_id == member_id)
    nothing = {"detail_salt": None, "subject_name": None, "before": None, "after": None, "reason": None, "search_key": None}
    about = session.execute(update(AuditDetail).where(AuditDetail.seq.in_(own)).values(nothing)).rowcount  # type: ignore[attr-defined]
    session.execute(
        update(AuditDetail).where(AuditDetail.seq.in_(by_them)).values(actor_salt=None, actor_name=None, search_key=None)
    )
    return int(about)
