"""An import is taken back: what somebody has worked on since then, or put into a paper, stays, and the reason is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import db, transaction
from elearn.jobs.hooks import Tell
from elearn.lib.errors import DomainError
from elearn.questions.hooks import uses_of
from elearn.questions.models import Question, QuestionImport, QuestionImportRow
from elearn.questions.rules.staging import Doubt, doubts_in
from elearn.questions.services.importing.uploading import Person, quietly
from elearn.questions.services.writing import remove_questions

Row = QuestionImportRow
CHUNK = 300
UNDOING = "Đang gỡ câu hỏi khỏi ngân hàng"

EDITED = "Đã có người sửa câu này sau khi nhập nên câu được giữ lại."
READ = "Câu này đã được thẩm định hoặc đưa vào dùng nên được giữ lại."
USED = "Câu này đã nằm trong một đề hoặc bài làm nên được giữ lại."


def undo_import(import_id: str, actor: Person, now: Callable[[], datetime], tell: Tell = quietly) -> dict[str, int]:
    """Take back what the import made; returns how many questions went ("removed") and how many stayed ("kept"). Safe to run again."""
    with transaction() as session:
        _held(session, import_id).state = "undoing"
    made = (Row.import_id == import_id, Row.question_id.is_not(None))
    total = db.session.scalar(select(func.count()).select_from(Row).where(*made)) or 0
    removed = kept = after = 0
    while True:
        tell(UNDOING, removed + kept, total)
        with transaction() as session:
            _held(session, import_id)
            query = select(Row).where(*made, Row.place > after).order_by(Row.place).limit(CHUNK)
            rows = session.scalars(query).all()
            if not rows:
                return _finish(session, import_id, actor, {"removed": removed, "kept": kept}, now())
            gone = _undo_chunk(session, rows)
            removed, kept, after = removed + gone, kept + len(rows) - gone, rows[-1].place


def _held(session: Session, import_id: str) -> QuestionImport:
    """The import, held until the transaction ends. Raises DomainError where nothing of it stands in the bank."""
    one = session.scalar(select(QuestionImport).where(QuestionImport.id == import_id).with_for_update())
    if one is None or one.state not in ("applied", "applying", "undoing"):
        raise DomainError("not_applied", "Chỉ hoàn tác được lần nhập đã ghi vào ngân hàng.")
    return one


def _finish(session: Session, import_id: str, actor: Person, counts: dict[str, int], now: datetime) -> dict[str, int]:
    one = session.get_one(QuestionImport, import_id)
    one.state, one.undone_at = "undone", now
    record(session, now, actor, "undo_question_import", ("question_import", one.id, one.file_name), after=counts)
    return counts


def _undo_chunk(session: Session, rows: Sequence[QuestionImportRow]) -> int:
    """How many of these questions went."""
    ids = [row.question_id for row in rows if row.question_id]
    questions = {one.id: one for one in session.scalars(select(Question).where(Question.id.in_(ids)))}
    applied_at = session.get_one(QuestionImport, rows[0].import_id).applied_at
    uses = uses_of(ids)
    reasons = {number: reason_to_keep(question, applied_at, bool(uses[number])) for number, question in questions.items()}
    free = [number for number, reason in reasons.items() if not reason]
    gone = set(free) if _remove(session, free) else {number for number in free if _remove(session, [number])}
    for row in rows:
        number = row.question_id
        doubts = [one for one in doubts_in(row.problems) if one.origin != "fate"]
        if number in gone:
            row.question_id = None
        elif number is not None:
            doubts.append(Doubt(row.line, "info", reasons[number] or USED, {}, "", "fate"))
            row.choice = "skip"
        row.problems = [one.kept() for one in doubts]
    return len(gone)


def reason_to_keep(question: Question, applied_at: datetime | None, is_used: bool) -> str:
    """Why a question of an import must stay, a Vietnamese source message; "" where it may go."""
    if is_used:
        return USED
    if question.status != "draft" or question.reviewed_by_id is not None or question.status_note:
        return READ
    return EDITED if question.version_number > 1 or question.updated_at != applied_at else ""


def _remove(session: Session, ids: Sequence[int]) -> bool:
    """Delete questions; False, and nothing deleted, where anything names one of them."""
    if not ids:
        return True
    try:
        with session.begin_nested():
            # Rows of files that were compared with them forget it.
            session.execute(update(Row).where(Row.double_of_id.in_(ids)).values(double_of_id=None, similarity=0))
            session.execute(update(Row).where(Row.question_id.in_(ids)).values(question_id=None))
            remove_questions(session, ids)
    except IntegrityError:
        return False
    return True
