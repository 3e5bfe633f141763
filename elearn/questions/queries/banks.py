"""Banks that an officer may open or draw from, and the officers' lists of questions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.lib.vietnamese import fold
from elearn.library.models import Document
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, may, role_paths
from elearn.questions.models import Bank, Question, QuestionVersion
from elearn.units.models import Unit


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
