"""Writes the audit log."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from elearn.audit.models import AuditConcern, AuditDetail, AuditEntry, AuditHead
from elearn.audit.rules.chain import entry_digest, salted_digest
from elearn.core.db import transaction
from elearn.lib.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done to one subject (kind, id, name); `concerns` are ids of members whom a deed on many is about."""

    action: str
    subject: tuple[str, object, str]
    before: Any = None
    after: Any = None
    reason: str = ""
    concerns: tuple[int, ...] = ()


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
    """Append one entry inside the caller's transaction and return its number. `actor` is (id, name)."""
    return record_many(session, at, actor, [Deed(action, subject, before, after, reason, tuple(concerns))])


def record_many(session: Session, at: datetime, actor: tuple[int | None, str], deeds: Sequence[Deed]) -> int:
    """Append one entry for each deed, in order, with a handful of statements; returns the number of the last."""
    head = session.execute(select(AuditHead.seq, AuditHead.digest).where(AuditHead.id == 1).with_for_update()).one_or_none()
    seq, digest = (head.seq, head.digest) if head else (0, "")
    entries, details, concerns = [], [], []
    for deed in deeds:
        seq += 1
        name, reason = deed.subject[2][:200], deed.reason[:400]
        actor_salt, detail_salt = secrets.token_hex(16), secrets.token_hex(16)
        detail = {"subject_name": name, "before": deed.before, "after": deed.after, "reason": reason}
        entry = {
            "seq": seq,
            "at": at.isoformat(),
            "actor_id": actor[0],
            "action": deed.action,
            "subject_kind": deed.subject[0],
            "subject_id": str(deed.subject[1]),
            "actor_digest": salted_digest(actor_salt, actor[1]),
            "detail_digest": salted_digest(detail_salt, detail),
        }
        digest = entry_digest(digest, entry)
        entries.append({**entry, "at": at, "digest": digest})
        salts = {"actor_salt": actor_salt, "actor_name": actor[1], "detail_salt": detail_salt}
        details.append({"seq": seq, **salts, **detail, "search_key": fold(f"{actor[1]} {name} {reason}")[:900]})
        concerns += [{"member_id": number, "seq": seq} for number in sorted(set(deed.concerns))]
    if not entries:
        return seq
    session.execute(insert(AuditEntry.__table__), entries)  # type: ignore[arg-type]
    session.execute(insert(AuditDetail.__table__), details)  # type: ignore[arg-type]
    if concerns:
        session.execute(insert(AuditConcern.__table__), concerns)  # type: ignore[arg-type]
    if head:
        session.execute(update(AuditHead).where(AuditHead.id == 1).values(seq=seq, digest=digest))
    else:
        session.execute(insert(AuditHead).values(id=1, seq=seq, digest=digest))
    return seq


def note_export(
    actor: tuple[int, str], what: tuple[str, object, str], rows: int, filters: Mapping[str, object], now: datetime
) -> None:
    """Record that a list went out as a file: what it is of, how many rows, and what it was narrowed to."""
    with transaction() as session:
        record(
            session,
            now,
            actor,
            "export_list",
            what,
            after={"rows": rows, **{key: value for key, value in filters.items() if value}},
        )


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
