"""Documents and volumes that an officer enters."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.library.models import Document, DocumentLink, DocumentPart, Volume
from elearn.library.queries.finding import matching
from elearn.library.rules.finding import words_of
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, role_paths
from elearn.units.models import Unit

MOST_UNITS = 300
MOST_SUCCESSORS = 500


def page_of_managed(actor: Actor, words: str, shelf: str, number: int) -> Page[Document]:
    """Documents of units for which the actor enters them, drafts first, then the latest entered."""
    query = select(Document).join(Unit, Unit.id == Document.unit_id).where(below(Unit.path, role_paths(actor, "document.manage")))
    if shelf:
        query = query.where(Document.shelf == shelf)
    if wanted := words_of(words):
        query = query.where(Document.id.in_(select(DocumentPart.document_id).where(matching(wanted))))
    query = query.options(joinedload(Document.superseded_by), joinedload(Document.unit), joinedload(Document.volume))
    return page_of(db.session(), query.order_by(Document.published_at.is_not(None), Document.id.desc()), number)


def list_owners(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of units for which the actor may enter documents, from the top down; at most MOST_UNITS."""
    query = select(Unit.id, Unit.name).where(below(Unit.path, role_paths(actor, "document.manage")), Unit.valid_to.is_(None))
    return [
        (number, name) for number, name in db.session.execute(query.order_by(Unit.depth, Unit.sort_key, Unit.id).limit(MOST_UNITS))
    ]


def list_successors(actor: Actor, document_id: int | None) -> list[tuple[int, str]]:
    """(id, name) of documents in force that may have replaced another one, the newest first."""
    own = select(Unit.id).where(below(Unit.path, role_paths(actor, "document.manage")))
    query = select(Document).where(
        or_(Document.unit_id.is_(None), Document.unit_id.in_(own)), Document.number != "", Document.superseded_by_id.is_(None),
        Document.id != (document_id or 0),
    )  # fmt: skip
    found = db.session.scalars(query.order_by(Document.issued_on.desc(), Document.id).limit(MOST_SUCCESSORS))
    return list({one.name: (one.id, f"{one.name}: {one.title}"[:120]) for one in found}.values())


def list_managed_volumes(actor: Actor) -> Sequence[Volume]:
    """Volumes of units for which the actor enters documents."""
    query = select(Volume).join(Unit, Unit.id == Volume.unit_id).where(below(Unit.path, role_paths(actor, "document.manage")))
    return db.session.scalars(query.options(joinedload(Volume.unit)).order_by(Volume.id)).all()


def count_uses(document_id: int) -> int:
    """To how many things a document is attached."""
    return db.session.scalar(select(func.count()).where(DocumentLink.document_id == document_id)) or 0
