"""Pools to draw from, versions ready to show, and the officers' lists."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from markupsafe import Markup, escape
from sqlalchemy import Connection, Engine, Select, func, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.markdown import render, render_inline, sanitise
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.lib.registry import Registry
from elearn.lib.vietnamese import fold
from elearn.library.models import Document
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, may, role_paths
from elearn.questions.models import Bank, Question, QuestionVersion
from elearn.questions.rules.choices import InOrder
from elearn.questions.rules.drawing import Draw
from elearn.questions.rules.texts import Rich, format_of, words_of
from elearn.questions.types import Line, QuestionType
from elearn.units.models import Unit

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
            QuestionVersion.body,
            QuestionVersion.explanation,
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
                render_inline(row.text),
                kind.instruction,
                row.type == "multiple_choice",
                Markup(render(row.explanation)),  # noqa: S704 - sanitised by render
                row.document_id,
                row.clause,
                row.text if len(row.text) <= 80 else row.text[:78].rsplit(" ", 1)[0] + "…",
            )
        while len(cache) > LARGEST_CACHE:
            cache.popitem(last=False)
    return [cache[number] for number in version_ids]


def html_of(text: Rich) -> str:
    """A text of a question as sanitised HTML on one line."""
    form, words = format_of(text), words_of(text)
    if form == "markdown":
        return render_inline(words)
    return sanitise(words) if form in ("html", "moodle") else str(escape(words))


def key_of(version: QuestionVersion) -> list[Line]:
    """What a version asks, with its key: options, pairs or accepted answers in the order of their author."""
    kind = TYPES[version.type]
    return kind.review(version.body, kind.arrange(version.body, InOrder()), None, html_of)


def documents_by_id(numbers: Iterable[int | None]) -> dict[int, Document]:
    """The documents of those ids with what replaced them, in one statement."""
    wanted = {number for number in numbers if number}
    query = select(Document).where(Document.id.in_(wanted)).options(joinedload(Document.superseded_by))
    return {document.id: document for document in db.session.scalars(query)}


def visible_banks(actor: Actor) -> Select[Bank]:
    """Exactly the banks for which `may(actor, "question.view", …)` holds."""
    return select(Bank).join(Unit, Unit.id == Bank.unit_id).where(below(Unit.path, role_paths(actor, "question.view")))


def list_banks(actor: Actor) -> Sequence[tuple[Bank, int, int]]:
    """Visible banks with the number of their questions in use and retired."""
    counts = (
        select(
            Question.bank_id,
            func.sum((Question.status == "in_use").cast(db.Integer)).label("in_use"),
            func.sum((Question.status == "retired").cast(db.Integer)).label("retired"),
        )
        .group_by(Question.bank_id)
        .subquery()
    )
    query = visible_banks(actor).join(counts, counts.c.bank_id == Bank.id, isouter=True)
    rows = db.session.execute(query.add_columns(counts.c.in_use, counts.c.retired).order_by(Bank.title))
    return [(bank, in_use or 0, retired or 0) for bank, in_use, retired in rows]


def access_bank(actor: Actor, code: str) -> Bank:
    """The bank, or NotFound where the actor may not know of it."""
    bank = db.session.scalar(select(Bank).where(Bank.code == code))
    if bank is None or not may(actor, "question.view", Subject(bank.unit.path)):
        raise NotFound()
    return bank


def list_topics(bank: Bank) -> Sequence[str]:
    """Topics of the bank's questions, by first code, so in the order of the bank's file."""
    query = select(Question.topic).where(Question.bank_id == bank.id, Question.topic != "")
    return db.session.scalars(query.group_by(Question.topic).order_by(func.min(Question.code))).all()


def page_of_questions(bank: Bank, words: str, level: str, status: str, number: int, topic: str = "") -> Page[Question]:
    """Questions of a bank whose text or options hold every word, accents aside."""
    query = select(Question).where(Question.bank_id == bank.id)
    for word in fold(words).split()[:8]:
        query = query.where(Question.search_key.contains(word, autoescape=True))
    if level:
        query = query.where(Question.level == level)
    if topic:
        query = query.where(Question.topic == topic)
    if status:
        query = query.where(Question.status == status)
    return page_of(db.session(), query.order_by(Question.code), number, size=25)


def current_versions(questions: Sequence[Question]) -> dict[int, QuestionVersion]:
    """Version in force by question id, with its document, in one statement."""
    query = (
        select(QuestionVersion)
        .join(Question, (Question.id == QuestionVersion.question_id) & (Question.version_number == QuestionVersion.number))
        .where(Question.id.in_([question.id for question in questions]))
        .options(joinedload(QuestionVersion.document).joinedload(Document.superseded_by))
    )
    return {version.question_id: version for version in db.session.scalars(query)}


def access_question(actor: Actor, code: str) -> tuple[Question, Sequence[QuestionVersion]]:
    """The question with all its versions, newest first; NotFound where the actor may not know of it."""
    question = db.session.scalar(select(Question).where(Question.code == code))
    if question is None or not may(actor, "question.view", Subject(question.bank.unit.path)):
        raise NotFound()
    query = select(QuestionVersion).where(QuestionVersion.question_id == question.id)
    query = query.options(joinedload(QuestionVersion.document).joinedload(Document.superseded_by))
    return question, db.session.scalars(query.order_by(QuestionVersion.number.desc())).all()
