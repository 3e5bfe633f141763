"""Documents and volumes that an officer enters."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.i18n import gettext
from elearn.core.pages import Page, page_of
from elearn.library.hooks import Use, places
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


def list_links(document_id: int) -> list[tuple[DocumentLink, Use]]:
    """What a document is attached to, as far as the features know it still."""
    links = db.session.scalars(select(DocumentLink).where(DocumentLink.document_id == document_id).order_by(DocumentLink.id))
    found = [(link, places[link.origin].describe(link.origin_id)) for link in links if link.origin in places]
    return [(link, use) for link, use in found if use is not None]


def list_places(actor: Actor, document_id: int) -> list[tuple[str, str]]:
    """(value of a choice, words) of everything the actor may attach the document to and has not yet."""
    taken = {(link.origin, link.origin_id) for link, _ in list_links(document_id)}
    return [
        (f"{origin}:{number}", f"{gettext(place.label)}: {title}")
        for origin, place in places.items()
        for number, title in place.options(actor)
        if (origin, number) not in taken
    ]
