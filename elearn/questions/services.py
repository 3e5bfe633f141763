"""Writes banks and questions; a version once written never changes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from elearn.lib.canonical import canonical
from elearn.lib.vietnamese import fold
from elearn.questions.models import Bank, Question, QuestionVersion


@dataclass(frozen=True)
class BankSpec:
    """What a bank is."""

    code: str
    title: str
    title_en: str
    unit_id: int
    as_of: date | None = None
    reviewed_on: date | None = None


@dataclass(frozen=True)
class QuestionSpec:
    """What a question says, and its key. `body` is as its type defines it."""

    code: str
    type: str
    topic: str
    level: str
    text: str
    body: Mapping[str, Any]
    explanation: str
    document_id: int | None
    clause: str = ""

    def digest(self) -> str:
        """SHA-256 over all that makes a version: topic and level may change without a new one."""
        says = {"type": self.type, "text": self.text, "body": self.body, "explanation": self.explanation}
        return hashlib.sha256(canonical({**says, "document": self.document_id, "clause": self.clause}).encode()).hexdigest()


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
    options = " ".join(str(option.get("text", "")) for option in spec.body.get("options", ()))
    told = {
        "bank_id": bank_id,
        "topic": spec.topic,
        "level": spec.level,
        "status": "in_use",
        "search_key": fold(f"{spec.code} {spec.text} {options}"),
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
        if known == spec.digest():
            return "same"
        outcome = "versioned"
    question.version_number += 1
    session.add(
        QuestionVersion(
            question_id=question.id,
            number=question.version_number,
            digest=spec.digest(),
            type=spec.type,
            text=spec.text,
            body=dict(spec.body),
            explanation=spec.explanation,
            document_id=spec.document_id,
            clause=spec.clause,
            created_at=now,
        )
    )
    session.flush()
    return outcome


def retire_missing(session: Session, bank_id: int, codes: Collection[str]) -> int:
    """Retire the bank's questions that are not among `codes`; return how many were in use. Papers keep them."""
    in_use = session.execute(select(Question.id, Question.code).where(Question.bank_id == bank_id, Question.status == "in_use"))
    gone = [number for number, code in in_use if code not in codes]
    if gone:
        session.execute(update(Question).where(Question.id.in_(gone)).values(status="retired"))
    return len(gone)
