"""Changes of what is said of questions, one or many at once, and the way back from the latest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.audit.models import AuditEntry
from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.vietnamese import fold, normalise
from elearn.questions.models import Bank, Question, QuestionVersion
from elearn.questions.queries.drafts import content_of
from elearn.questions.rules.levels import LEVELS
from elearn.questions.rules.versions import STEPS, Standing, problem_of, take_step
from elearn.questions.services.banks import Named
from elearn.questions.services.drafts import category_id, retag
from elearn.questions.services.writing import tidy_tags

MOST = 1000
UNDO_WITHIN = timedelta(hours=24)
DONE = "change_questions"


@dataclass(frozen=True)
class Change:
    """What is to become of the chosen questions: a step between states, or a value for one field.

    `what` is "step", "category" (path), "level", "topic", "tag" (added) or "untag" (taken away).
    """

    what: str
    value: str
    reason: str = ""


@dataclass(frozen=True)
class Changed:
    """`count` questions were changed; the others stayed, with the reason in words by how often. `undo` names the way back."""

    count: int
    refused: Mapping[str, int]
    undo: int | None


def standing_of(question: Question) -> Standing:
    """Where the question stands, as a plain value."""
    return Standing(question.status, question.author_id, question.reviewed_by_id)


def _state(question: Question) -> dict[str, Any]:
    at = question.reviewed_at
    return {
        "status": question.status, "reviewed_by_id": question.reviewed_by_id, "reviewed_at": at.isoformat() if at else None,
        "status_note": question.status_note,
    }  # fmt: skip


def _step(question: Question, change: Change, member_id: int, now: datetime) -> None:
    before = standing_of(question)
    after = take_step(change.value, before, member_id, change.reason)
    question.status, question.reviewed_by_id = after.status, after.reviewer_id
    if change.value == "review":
        question.reviewed_at = now
    elif after.reviewer_id is None:
        question.reviewed_at = None
    question.status_note = normalise(change.reason)[:400] if STEPS[change.value].needs_reason else ""


def change_status(by: Named, question_id: int, step: str, reason: str, now: datetime) -> None:
    """Take one question a step on. Raises InvalidInput (field "reason") or DomainError, in words."""
    with transaction() as session:
        question = session.get_one(Question, question_id)
        before = _state(question)
        _step(question, Change("step", step, reason), by[0], now)
        question.updated_at = now
        subject = ("question", question.id, question.code)
        record(session, now, by, f"{step}_question", subject, before=before, after=_state(question), reason=normalise(reason))


def _value(question: Question, what: str) -> Any:
    if what == "step":
        return _state(question)
    if what in ("tag", "untag"):
        return [tag.tag for tag in question.tags]
    return getattr(question, {"category": "category_id"}.get(what, what))


def _apply(session: Session, question: Question, change: Change, target: object, by: Named, now: datetime) -> None:
    if change.what == "step":
        _step(question, change, by[0], now)
    elif change.what in ("tag", "untag"):
        own = [tag.tag for tag in question.tags]
        gone = fold(change.value)
        tags = [*own, change.value] if change.what == "tag" else [tag for tag in own if fold(tag) != gone]
        if list(tidy_tags(tags).values()) != own:
            retag(session, question, tags, content_of(_version(session, question)))
    else:
        setattr(question, {"category": "category_id"}.get(change.what, change.what), target)
    question.updated_at = now


def _version(session: Session, question: Question) -> QuestionVersion:
    found = select(QuestionVersion).where(
        QuestionVersion.question_id == question.id, QuestionVersion.number == question.version_number
    )
    return session.scalars(found).one()


def change_many(by: Named, bank_id: int, question_ids: Sequence[int], change: Change, now: datetime) -> Changed:
    """Change the chosen questions of a bank, at most MOST; those that the rules refuse stay as they are. Raises InvalidInput."""
    if not 1 <= len(question_ids) <= MOST:
        raise InvalidInput("none_chosen", "Hãy chọn từ 1 đến %(most)s câu.", "ids", most=MOST)
    if change.what == "level" and change.value and change.value not in LEVELS:
        raise InvalidInput("level", "Chưa có mức độ này.", "value")
    if change.what in ("tag", "untag") and not fold(change.value):
        raise InvalidInput("tag", "Hãy ghi nhãn.", "value")
    if change.what == "step" and STEPS[change.value].needs_reason and not change.reason.strip():
        raise InvalidInput("no_reason", "Hãy ghi lý do.", "reason")
    if change.what not in ("step", "category", "level", "topic", "tag", "untag"):
        raise InvalidInput("what", "Chưa chọn việc cần làm.", "what")
    refused: dict[str, int] = {}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    with transaction() as session:
        bank = session.get_one(Bank, bank_id)
        target: object = normalise(change.value)
        if change.what == "category":
            target = category_id(session, bank_id, change.value)
        questions = session.scalars(select(Question).where(Question.bank_id == bank_id, Question.id.in_(question_ids))).all()
        for question in questions:
            problem = problem_of(change.value, standing_of(question), by[0], change.reason) if change.what == "step" else ""
            if problem:
                refused[problem] = refused.get(problem, 0) + 1
                continue
            was = _value(question, change.what)
            _apply(session, question, change, target, by, now)
            session.flush()
            if _value(question, change.what) != was:
                before[str(question.id)], after[str(question.id)] = was, _value(question, change.what)
        seq = None
        if before:
            subject = ("bank", bank.id, bank.title)
            told = {"what": change.what, "questions": before}, {"what": change.what, "value": change.value, "questions": after}
            seq = record(session, now, by, DONE, subject, before=told[0], after=told[1], reason=normalise(change.reason))
    return Changed(len(before), refused, seq)


def undo_change(by: Named, bank_id: int, seq: int, now: datetime) -> int:
    """Give the questions of one's own latest change back what they had, where nobody has changed them since; returns how many.

    Raises DomainError where it is not one's own, not of this bank, or older than a day.
    """
    with transaction() as session:
        entry = session.get(AuditEntry, seq)
        is_own = entry is not None and entry.actor_id == by[0] and entry.action == DONE and entry.subject_id == str(bank_id)
        if entry is None or not is_own or now - entry.at > UNDO_WITHIN or not entry.detail.before:
            raise DomainError("no_undo", "Không hoàn tác được nữa: chỉ trong 24 giờ, và chỉ việc của chính mình.")
        what, former, latter = entry.detail.before["what"], entry.detail.before["questions"], entry.detail.after["questions"]
        ids = [int(number) for number in former]
        count = 0
        for question in session.scalars(select(Question).where(Question.bank_id == bank_id, Question.id.in_(ids))):
            if _value(question, what) != latter[str(question.id)]:
                continue
            _restore(session, question, what, former[str(question.id)])
            question.updated_at = now
            count += 1
        record(
            session,
            now,
            by,
            "undo_questions",
            (entry.subject_kind, entry.subject_id, entry.detail.subject_name or ""),
            after={"entry": seq, "questions": count},
        )
    return count


def _restore(session: Session, question: Question, what: str, value: Any) -> None:
    if what == "step":
        at = value["reviewed_at"]
        question.status, question.status_note = value["status"], value["status_note"]
        question.reviewed_by_id = value["reviewed_by_id"]
        question.reviewed_at = datetime.fromisoformat(at) if at else None
    elif what in ("tag", "untag"):
        retag(session, question, value, content_of(_version(session, question)))
    else:
        setattr(question, {"category": "category_id"}.get(what, what), value)
