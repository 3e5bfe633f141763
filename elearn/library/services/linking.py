"""Attaching documents to things of features above, and taking them off again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.library.models import Document, DocumentLink


def attach(session: Session, document_id: int, origin: str, origin_id: int, by_id: int | None, now: datetime) -> bool:
    """Attach a document inside the caller's transaction; False where it was attached before."""
    same = (DocumentLink.document_id == document_id, DocumentLink.origin == origin, DocumentLink.origin_id == origin_id)
    if session.scalar(select(DocumentLink.id).where(*same)) is not None:
        return False
    session.add(DocumentLink(document_id=document_id, origin=origin, origin_id=origin_id, added_by_id=by_id, added_at=now))
    session.flush()
    return True


def detach(session: Session, document_id: int, origin: str, origin_id: int) -> bool:
    """Take a document off inside the caller's transaction; False where it was not attached."""
    same = (DocumentLink.document_id == document_id, DocumentLink.origin == origin, DocumentLink.origin_id == origin_id)
    return bool(session.execute(delete(DocumentLink).where(*same)).rowcount)  # type: ignore[attr-defined]


def attach_to(actor: tuple[int, str], document_id: int, origin: str, origin_id: int, now: datetime) -> None:
    """An officer attaches a document; whether they may is decided before."""
    with transaction() as session:
        if attach(session, document_id, origin, origin_id, actor[0], now):
            name = session.get_one(Document, document_id).name
            after = {"origin": origin, "origin_id": origin_id}
            record(session, now, actor, "attach_document", ("document", document_id, name), after=after)


def detach_from(actor: tuple[int, str], document_id: int, origin: str, origin_id: int, now: datetime) -> None:
    """An officer takes it off again."""
    with transaction() as session:
        if detach(session, document_id, origin, origin_id):
            name = session.get_one(Document, document_id).name
            before = {"origin": origin, "origin_id": origin_id}
            record(session, now, actor, "detach_document", ("document", document_id, name), before=before)
