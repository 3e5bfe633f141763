"""Finds documents by beginnings of words without accents, in their heads and in every page of text, by the database's index of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, Select, column, func, literal_column, select, text
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.pages import Page
from elearn.library.models import Document, DocumentPart
from elearn.library.queries import listed, readable
from elearn.library.rules.finding import excerpt, words_of
from elearn.members.rules.permissions import Actor

PAGE = 20
MOST_PARTS = 3_000
"""Pages of text looked at; who finds more has not said what is looked for."""
_SHOWN, _LOOKED_AT = 3, 30
# Written out, not bound: only then does PostgreSQL know the expression of its index again.
_SIGNS: tuple[ColumnElement[str], ...] = tuple(literal_column(one) for one in ("'[^a-z0-9]+'", "' '", "'g'"))


@dataclass(frozen=True)
class Passage:
    """A part in which words were found: where it stands, and pieces of it with whether they were looked for."""

    place: int
    label: str
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Found:
    """A document with up to three passages; without any where only its head says the words."""

    document: Document
    passages: tuple[Passage, ...]


def matching(words: Sequence[str]) -> ColumnElement[bool]:
    """SQL for "every word begins a word of the part, or of the head of its document"."""
    if db.engine.dialect.name == "sqlite":
        wanted = " ".join(f'"{word}"*' for word in words)
        found: Select[int] = select(column("rowid", Integer)).select_from(text("documents_words"))
        return DocumentPart.id.in_(found.where(text("documents_words MATCH :wanted").bindparams(wanted=wanted)))
    vector = func.to_tsvector(literal_column("'simple'::regconfig"), func.regexp_replace(DocumentPart.search_key, *_SIGNS))
    return vector.op("@@")(func.to_tsquery(literal_column("'simple'::regconfig"), " & ".join(f"{word}:*" for word in words)))


def page_of_found(actor: Actor, asked: str, number: int) -> Page[Found]:
    """Documents with every word, the newest first, each with the passages where they stand; a handful of statements whatever is found."""
    words = words_of(asked)
    if not words:
        return Page([], 1, 0, PAGE)
    query = (
        select(DocumentPart.document_id, DocumentPart.place)
        .join(Document, Document.id == DocumentPart.document_id)
        .where(matching(words), readable(actor), listed())
        .order_by(Document.issued_on.is_(None), Document.issued_on.desc(), Document.id, DocumentPart.place)
        .limit(MOST_PARTS)
    )
    places: dict[int, list[int]] = {}
    for document_id, place in db.session.execute(query):
        places.setdefault(document_id, []).append(place)
    ids = list(places)
    number = min(number, max(1, -(-len(ids) // PAGE)))
    shown = ids[(number - 1) * PAGE : number * PAGE]
    documents = {
        one.id: one
        for one in db.session.scalars(
            select(Document).where(Document.id.in_(shown)).options(joinedload(Document.superseded_by), joinedload(Document.unit))
        )
    }
    texts = _texts({document_id: places[document_id][:_LOOKED_AT] for document_id in shown})
    found = [Found(documents[document_id], _passages(texts.get(document_id, []), words)) for document_id in shown]
    return Page(found, number, len(ids), PAGE)


def _texts(places: dict[int, list[int]]) -> dict[int, list[tuple[int, str, str]]]:
    """(place, label, text) of parts, by document."""
    most = max((place for some in places.values() for place in some), default=0)
    if not most:
        return {}
    query = select(DocumentPart.document_id, DocumentPart.place, DocumentPart.label, DocumentPart.text)
    query = query.where(
        DocumentPart.document_id.in_(places), DocumentPart.place.in_({one for some in places.values() for one in some if one})
    )
    found: dict[int, list[tuple[int, str, str]]] = {}
    for document_id, place, label, words in db.session.execute(query.order_by(DocumentPart.place)):
        if place in places[document_id]:
            found.setdefault(document_id, []).append((place, label, words))
    return found


def _passages(texts: Sequence[tuple[int, str, str]], words: Sequence[str]) -> tuple[Passage, ...]:
    found = []
    for place, label, body in texts:
        pieces = excerpt(body, words)
        if pieces:
            found.append(Passage(place, label, tuple(pieces)))
    found.sort(key=lambda one: -len({piece for piece, is_hit in one.pieces if is_hit}))
    return tuple(sorted(found[:_SHOWN], key=lambda one: one.place))
