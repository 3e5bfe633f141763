"""Pools to draw from, and versions ready to show."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from markupsafe import Markup
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.markdown import render_rich
from elearn.lib.registry import Registry
from elearn.library.models import Document
from elearn.questions.models import Question, QuestionVersion
from elearn.questions.rules.choices import InOrder
from elearn.questions.rules.drawing import Draw
from elearn.questions.rules.texts import Rich, plain, rich
from elearn.questions.types import Line, QuestionType

TYPES: Registry[QuestionType] = Registry("elearn.questions.types", "TYPE")
LARGEST_CACHE = 20_000


@dataclass(frozen=True)
class Rendered:
    """A version of a question with its texts turned into HTML once. Holds the key: only parts of it may leave."""

    version_id: int
    type: str
    body: Mapping[str, Any]
    stem: Markup
    hint: str
    is_multiple: bool
    explanation: Markup
    document_id: int | None
    clause: str
    summary: str
    files: Mapping[str, str]

    def html(self, text: Rich) -> str:
        """One of its texts as sanitised HTML, with its own pictures: what types of question are given as `html`."""
        return render_rich(text, self.files)


_caches: WeakKeyDictionary[Engine, OrderedDict[int, Rendered]] = WeakKeyDictionary()


def list_pools(connection: Connection, draws: Iterable[Draw]) -> dict[Draw, list[int]]:
    """For each draw the versions in force that it may take, in the order of their codes."""
    pools = {}
    for part in draws:
        query = (
            select(QuestionVersion.id)
            .join(Question, (Question.id == QuestionVersion.question_id) & (Question.version_number == QuestionVersion.number))
            .where(Question.bank_id == part.bank_id, Question.status == "in_use")
            .order_by(Question.code)
        )
        if part.level:
            query = query.where(Question.level == part.level)
        pools[part] = list(connection.scalars(query))
    return pools


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
        ).where(QuestionVersion.id.in_(missing))
        rows = (connection or db.session).execute(query).all()
        for row in rows:
            kind = TYPES[row.type]
            cache[row.id] = Rendered(
                row.id,
                row.type,
                row.body,
                render_rich(rich(row.text, row.text_format), row.files),
                kind.instruction,
                row.type == "multiple_choice",
                render_rich(rich(row.explanation, row.explanation_format), row.files),
                row.document_id,
                row.clause,
                shorten(plain(rich(row.text, row.text_format))),
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
