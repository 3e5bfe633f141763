"""Banks kept by content files: the files say what a question is, a change in them makes the next version."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from elearn.questions.models import Bank, Question, QuestionVersion
from elearn.questions.rules.texts import Rich
from elearn.questions.rules.versions import Content
from elearn.questions.services.writing import index_questions, search_key, version_row


@dataclass(frozen=True)
class BankSpec:
    """What a bank is."""

    code: str
    title: str
    title_en: str
    unit_id: int
    as_of: date | None = None
    reviewed_on: date | None = None
    is_from_files: bool = False


@dataclass(frozen=True)
class QuestionSpec:
    """What a question says, and its key. `body` is as its type defines it."""

    code: str
    type: str
    topic: str
    level: str
    text: Rich
    body: Mapping[str, Any]
    explanation: Rich
    document_id: int | None
    clause: str = ""
    name: str = ""
    default_mark: Decimal = Decimal(1)
    source: str = ""
    as_of: date | None = None
    valid_to: date | None = None
    tags: Sequence[str] = field(default=())

    def content(self) -> Content:
        """What makes a version: topic, level and tags may change without a new one."""
        return Content(
            type=self.type, text=self.text, body=self.body, explanation=self.explanation, document_id=self.document_id, clause=self.clause,
            name=self.name, default_mark=self.default_mark, source=self.source, as_of=self.as_of, valid_to=self.valid_to,
        )  # fmt: skip

    def digest(self) -> str:
        """SHA-256 over all that makes a version."""
        return self.content().digest()


def put_bank(session: Session, spec: BankSpec) -> Bank:
    """The bank of that code, made or brought up to date."""
    bank = session.scalar(select(Bank).where(Bank.code == spec.code))
    if bank is None:
        bank = Bank(**asdict(spec))
        session.add(bank)
        session.flush()
    else:
        for name, value in asdict(spec).items():
            setattr(bank, name, value)
    return bank


def put_question(session: Session, bank_id: int, spec: QuestionSpec, now: datetime) -> Literal["created", "versioned", "same"]:
    """Make the question, add a version where its words or key changed, or leave it."""
    question = session.scalar(select(Question).where(Question.code == spec.code))
    content = spec.content()
    told = {
        "bank_id": bank_id,
        "topic": spec.topic,
        "level": spec.level,
        "status": "in_use",
        "type": spec.type,
        "search_key": search_key(spec.code, content, spec.tags),
    }
    outcome: Literal["created", "versioned", "same"] = "same"
    if question is None:
        question = Question(code=spec.code, version_number=0, **told)
        session.add(question)
        session.flush()
        outcome = "created"
    else:
        for name, value in told.items():
            if getattr(question, name) != value:
                setattr(question, name, value)
        known = session.scalar(
            select(QuestionVersion.digest).where(
                QuestionVersion.question_id == question.id, QuestionVersion.number == question.version_number
            )
        )
        if known == content.digest():
            return "same"
        outcome = "versioned"
    question.version_number += 1
    question.updated_at = now
    session.add(QuestionVersion(**version_row(question.id, question.version_number, content, None, "", now)))
    session.flush()
    index_questions(session, [(question.id, content, spec.tags)])
    return outcome


def retire_missing(session: Session, bank_id: int, codes: Collection[str]) -> int:
    """Retire the bank's questions that are not among `codes`; return how many were in use. Papers keep them."""
    in_use = session.execute(select(Question.id, Question.code).where(Question.bank_id == bank_id, Question.status == "in_use"))
    gone = [number for number, code in in_use if code not in codes]
    if gone:
        session.execute(update(Question).where(Question.id.in_(gone)).values(status="retired"))
    return len(gone)
