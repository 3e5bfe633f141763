"""Documents by key and by words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.pages import PAGE_SIZE, Page
from elearn.lib.errors import NotFound
from elearn.lib.vietnamese import fold
from elearn.library.models import Document


def list_by_keys(keys: Sequence[str]) -> list[Document]:
    """The documents of those keys in that order, with what replaced them, in one statement; unknown keys are left out."""
    query = select(Document).where(Document.key.in_(keys)).options(joinedload(Document.superseded_by))
    found = {document.key: document for document in db.session.scalars(query)}
    return [found[key] for key in keys if key in found]


def get_document(key: str) -> Document:
    """The document; raises NotFound."""
    document = db.session.scalar(select(Document).where(Document.key == key).options(joinedload(Document.superseded_by)))
    if document is None:
        raise NotFound()
    return document


def list_replaced(document: Document) -> Sequence[Document]:
    """What the document replaced."""
    return db.session.scalars(select(Document).where(Document.superseded_by_id == document.id).order_by(Document.issued_on)).all()


def page_of_documents(words: str, number: int) -> Page[Document]:
    """Numbered documents whose number, title or issuer holds every word, accents aside, the newest first.

    Several files may describe one document: it is listed once. There are hundreds of documents, so they are sifted here.
    """
    query = select(Document).where(Document.number != "").options(joinedload(Document.superseded_by))
    wanted, seen, found = fold(words).split()[:6], set(), []
    for document in db.session.scalars(query.order_by(Document.issued_on.desc(), Document.id)):
        identity = (document.kind, document.number)
        text = fold(f"{document.name} {document.title} {document.issuer}")
        if identity not in seen and all(word in text for word in wanted):
            seen.add(identity)
            found.append(document)
    number = min(number, max(1, -(-len(found) // PAGE_SIZE)))
    return Page(found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, len(found))


def is_in_force(document: Document, today: date) -> bool:
    """True where the document still applies on that day."""
    return document.superseded_by_id is None and (document.valid_to is None or today < document.valid_to)
