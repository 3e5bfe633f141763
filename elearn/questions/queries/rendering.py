"""Versions ready to show."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary

from markupsafe import Markup
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.markdown import render_rich
from elearn.lib.registry import Registry
from elearn.library.models import Document
from elearn.questions.models import QuestionVersion
from elearn.questions.rules.choices import InOrder
from elearn.questions.rules.texts import Rich, format_of, in_a_list, rich, words_of
from elearn.questions.types import Line, QuestionType

TYPES: Registry[QuestionType] = Registry("elearn.questions.types", "TYPE")
LARGEST_CACHE = 20_000


@dataclass(frozen=True)
class Rendered:
    """A version of a question with its texts turned into HTML once. Holds the key: only parts of it may leave."""

    version_id: int
    type: str
    text: Rich
    body: Mapping[str, Any]
    stem: Markup
    hint: str
    is_multiple: bool
    explanation: Markup
    document_id: int | None
    clause: str
    source: str
    summary: str
    default_mark: Decimal
    files: Mapping[str, str]
    known: dict[tuple[str, str], Markup] = field(default_factory=dict, compare=False, repr=False)

    def html(self, text: Rich) -> Markup:
        """One of its texts as sanitised HTML, with its own pictures: what types of question are given as `html`. Each is rendered once."""
        key = (words_of(text), format_of(text))
        if key not in self.known:
            self.known[key] = render_rich(text, self.files)
        return self.known[key]


_caches: WeakKeyDictionary[Engine, OrderedDict[int, Rendered]] = WeakKeyDictionary()


def render_versions(version_ids: Sequence[int], connection: Connection | None = None) -> list[Rendered]:
    """The versions ready to show, in the order asked for. A version never changes, so each is rendered once a process.

    A caller that holds a connection passes it: asking the pool for a second one could wait for ever.
    """
    cache = _caches.setdefault(db.engine, OrderedDict())
    missing = [number for number in version_ids if number not in cache]
    if missing:
        query = select(
            QuestionVersion.id,
            QuestionVersion.type,
            QuestionVersion.text,
            QuestionVersion.text_format,
            QuestionVersion.body,
            QuestionVersion.explanation,
            QuestionVersion.explanation_format,
            QuestionVersion.files,
            QuestionVersion.document_id,
            QuestionVersion.clause,
            QuestionVersion.source,
            QuestionVersion.default_mark,
        ).where(QuestionVersion.id.in_(missing))
        rows = (connection or db.session).execute(query).all()
        for row in rows:
            cache[row.id] = Rendered(
                row.id,
                row.type,
                rich(row.text, row.text_format),
                row.body,
                render_rich(rich(row.text, row.text_format), row.files),
                TYPES[row.type].instruction,
                row.type == "multiple_choice",
                render_rich(rich(row.explanation, row.explanation_format), row.files),
                row.document_id,
                row.clause,
                row.source,
                shorten(in_a_list(rich(row.text, row.text_format))),
                row.default_mark,
                row.files or {},
            )
        while len(cache) > LARGEST_CACHE:
            cache.popitem(last=False)
    return [cache[number] for number in version_ids]


def html_of(text: Rich) -> str:
    """A text without pictures of its own as sanitised HTML."""
    return render_rich(text)


def key_of(version: QuestionVersion) -> list[Line]:
    """What a version asks, with its key: options, pairs or accepted answers in the order of their author."""
    kind = TYPES[version.type]
    order = kind.arrange(version.body, InOrder())
    return kind.review(version.body, order, None, lambda text: render_rich(text, version.files))


def shorten(words: str, longest: int = 80) -> str:
    """The words, cut at a space with an ellipsis where they are too long for a list."""
    return words if len(words) <= longest else words[: longest - 2].rsplit(" ", 1)[0] + "…"


def documents_by_id(numbers: Iterable[int | None]) -> dict[int, Document]:
    """The documents of those ids with what replaced them, in one statement."""
    wanted = {number for number in numbers if number}
    query = select(Document).where(Document.id.in_(wanted)).options(joinedload(Document.superseded_by))
    return {document.id: document for document in db.session.scalars(query)}
