"""Documents: by key, by words, by shelf; who may read which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.library.models import Document, DocumentFile, DocumentLink, DocumentPart, Volume
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, may, role_paths
from elearn.units.models import Unit


def list_by_keys(keys: Sequence[str]) -> list[Document]:
    """The documents of those keys in that order, with what replaced them, in one statement; unknown keys are left out."""
    query = select(Document).where(Document.key.in_(keys)).options(joinedload(Document.superseded_by))
    found = {document.key: document for document in db.session.scalars(query)}
    return [found[key] for key in keys if key in found]


def get_document(key: str) -> Document:
    """The document, whoever asks; raises NotFound."""
    document = db.session.scalar(select(Document).where(Document.key == key).options(joinedload(Document.superseded_by)))
    if document is None:
        raise NotFound()
    return document


def access_document(actor: Actor, key: str) -> Document:
    """The document for reading; NotFound where it is another branch's, or not published and the actor does not manage it."""
    document = get_document(key)
    if document.unit is None:
        return document
    subject = Subject(document.unit.path)
    if not may(actor, "document.read" if document.published_at else "document.manage", subject):
        raise NotFound()
    return document


def access_managed(actor: Actor, document_id: int) -> Document:
    """The document for editing; NotFound for one of another's unit, and for those of content files, which are edited there."""
    document = db.session.get(Document, document_id)
    if document is None or document.unit is None or not may(actor, "document.manage", Subject(document.unit.path)):
        raise NotFound()
    return document


def access_file(actor: Actor, key: str, file_id: int) -> DocumentFile:
    """A file of a document that the actor may read."""
    document = access_document(actor, key)
    file = db.session.get(DocumentFile, file_id)
    if file is None or file.document_id != document.id:
        raise NotFound()
    return file


def access_volume(actor: Actor, volume_id: int, permission: str = "document.read") -> Volume:
    """The volume, or NotFound."""
    volume = db.session.get(Volume, volume_id)
    if volume is None or not may(actor, permission, Subject(volume.unit.path)):
        raise NotFound()
    return volume


def branch_ids(unit_path: str) -> list[int]:
    """Ids of the unit with that path and of those above it."""
    return [int(part) for part in unit_path.strip("/").split("/") if part]


def readable(actor: Actor) -> ColumnElement[bool]:
    """SQL for exactly the documents that `access_document` gives to the actor."""
    managed = select(Unit.id).where(below(Unit.path, role_paths(actor, "document.manage")))
    held = select(Unit.id).where(below(Unit.path, role_paths(actor, "document.read")))
    seen = or_(Document.unit_id.in_(branch_ids(actor.unit_path)), Document.unit_id.in_(held))
    return or_(Document.unit_id.is_(None), and_(Document.published_at.is_not(None), seen), Document.unit_id.in_(managed))


def listed() -> ColumnElement[bool]:
    """SQL for what the catalogue shows: of content files only what has a number, once where several describe it."""
    other = aliased(Document)
    earlier = (
        select(other.id)
        .where(other.unit_id.is_(None), other.kind == Document.kind, other.number == Document.number, other.id < Document.id)
        .exists()
    )
    return or_(Document.unit_id.is_not(None), and_(Document.number != "", ~earlier))


def page_of_shelf(actor: Actor, shelf: str, number: int) -> Page[Document]:
    """Documents of a shelf that the actor may read, the newest first."""
    query = select(Document).where(readable(actor), listed(), Document.shelf == shelf)
    query = query.options(joinedload(Document.superseded_by), joinedload(Document.unit))
    return page_of(db.session(), query.order_by(Document.issued_on.is_(None), Document.issued_on.desc(), Document.id), number)


def list_volumes(actor: Actor) -> Sequence[Volume]:
    """Volumes that the actor may read or manage."""
    held = select(Unit.id).where(below(Unit.path, role_paths(actor, "document.read")))
    seen = or_(Volume.unit_id.in_(branch_ids(actor.unit_path)), Volume.unit_id.in_(held))
    return db.session.scalars(select(Volume).where(seen).options(joinedload(Volume.unit)).order_by(Volume.id)).all()


def list_chapters(actor: Actor, volume_id: int) -> Sequence[Document]:
    """Documents of a volume that the actor may read, in their order."""
    query = select(Document).where(Document.volume_id == volume_id, readable(actor))
    return db.session.scalars(query.order_by(Document.place, Document.id)).all()


def list_replaced(document: Document) -> Sequence[Document]:
    """What the document replaced."""
    return db.session.scalars(select(Document).where(Document.superseded_by_id == document.id).order_by(Document.issued_on)).all()


def list_files(document_id: int) -> Sequence[DocumentFile]:
    """Files of a document in the order in which they came."""
    return db.session.scalars(select(DocumentFile).where(DocumentFile.document_id == document_id).order_by(DocumentFile.id)).all()


def list_labels(document_id: int) -> Sequence[tuple[int, str, int]]:
    """(place, label, letters) of the parts of a document that hold text."""
    query = select(DocumentPart.place, DocumentPart.label, func.length(DocumentPart.text))
    rows = db.session.execute(
        query.where(DocumentPart.document_id == document_id, DocumentPart.place > 0).order_by(DocumentPart.place)
    )
    return [tuple(row) for row in rows]  # type: ignore[misc]


def list_parts(document_id: int, first: int, last: int) -> Sequence[DocumentPart]:
    """The parts from one place to another, both included."""
    query = select(DocumentPart).where(DocumentPart.document_id == document_id, DocumentPart.place.between(first, last))
    return db.session.scalars(query.order_by(DocumentPart.place)).all()


def list_attached(actor: Actor, origin: str, origin_id: int) -> Sequence[Document]:
    """Documents attached to a thing that the actor may read, in the order in which they were."""
    query = select(Document).join(DocumentLink, DocumentLink.document_id == Document.id)
    query = query.where(DocumentLink.origin == origin, DocumentLink.origin_id == origin_id, readable(actor)).options(
        joinedload(Document.superseded_by)
    )
    return db.session.scalars(query.order_by(DocumentLink.id)).all()


def is_in_force(document: Document, today: date) -> bool:
    """True where the document still applies on that day."""
    return document.superseded_by_id is None and (document.valid_to is None or today < document.valid_to)
