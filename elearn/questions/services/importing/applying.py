"""Questions that were chosen become drafts of the bank: a short file in one transaction, a long one piece by piece, safe to run again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core import blobs
from elearn.core.db import db, transaction
from elearn.jobs.hooks import Tell
from elearn.lib.collector import without_collector
from elearn.lib.errors import DomainError
from elearn.questions.models import Bank, QuestionImport, QuestionImportRow
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.staging import doubts_in, draft_in
from elearn.questions.services.drafts import put_drafts
from elearn.questions.services.importing.uploading import Person, quietly

Row = QuestionImportRow
CHUNK = 300
"""Questions written in one transaction: others wait for their turn as long as one takes."""
WRITING = "Đang ghi câu hỏi vào ngân hàng"


def waiting(import_id: str) -> tuple[object, ...]:
    """Conditions for the rows that are still to be written."""
    return (Row.import_id == import_id, Row.choice == "take", Row.worst != "error", Row.question_id.is_(None))


@without_collector()
def apply_import(import_id: str, actor: Person, now: Callable[[], datetime], tell: Tell = quietly) -> int:
    """Write every question that is to be taken, as a draft; returns how many of the import stand in the bank.

    Raises DomainError where nothing is chosen, or the import is not open.
    """
    todo = db.session.scalar(select(func.count()).select_from(Row).where(*waiting(import_id))) or 0  # type: ignore[arg-type]
    if todo <= CHUNK:
        with transaction() as session:
            one = _begin(session, import_id, todo, now())
            _apply_chunk(session, one, _next_rows(session, import_id, 0), actor)
            return _finish(session, one, actor, now())
    with transaction() as session:
        _begin(session, import_id, todo, now())
    done = after = 0
    while True:
        tell(WRITING, done, todo)
        with transaction() as session:
            one = _begin(session, import_id, 1, now())
            rows = _next_rows(session, import_id, after)
            if not rows:
                return _finish(session, one, actor, now())
            _apply_chunk(session, one, rows, actor)
            done, after = done + len(rows), rows[-1].place


def _begin(session: Session, import_id: str, todo: int, now: datetime) -> QuestionImport:
    """The import, held until the transaction ends, so that two workers never write the same rows."""
    one = session.scalar(select(QuestionImport).where(QuestionImport.id == import_id).with_for_update())
    if one is None or one.state not in ("preview", "applying"):
        raise DomainError("not_open", "Lần nhập này không còn mở để ghi. Hãy tải lại trang.")
    if not todo and one.state == "preview":
        raise DomainError("nothing_chosen", "Chưa có câu nào được chọn để nhập.")
    one.state, one.applied_at = "applying", one.applied_at or now
    return one


def _next_rows(session: Session, import_id: str, after: int) -> Sequence[QuestionImportRow]:
    query = select(Row).where(*waiting(import_id), Row.place > after)  # type: ignore[arg-type]
    return session.scalars(query.order_by(Row.place).limit(CHUNK)).all()


def draft_with_pictures(row: QuestionImportRow) -> Draft:
    """The draft of a row with the bytes of its pictures, which lie there since the file was read."""
    draft, files = draft_in(row.draft)
    draft.files = {name: blobs.fetch(digest) for name, digest in files.items()}
    return draft


def _apply_chunk(session: Session, one: QuestionImport, rows: Sequence[QuestionImportRow], actor: Person) -> None:
    """All of one import are written at one moment: whatever is later was changed by somebody."""
    assert one.applied_at is not None
    bank = session.get_one(Bank, one.bank_id)
    made = put_drafts(session, bank, [draft_with_pictures(row) for row in rows], actor[0], one.applied_at, "draft", one.id)
    for row, number in zip(rows, made, strict=True):
        row.question_id = number
        row.problems = [doubt.kept() for doubt in doubts_in(row.problems) if doubt.origin != "fate"]
    session.flush()
    session.expunge_all()
    session.add(one)


def _finish(session: Session, one: QuestionImport, actor: Person, now: datetime) -> int:
    one.state = "applied"
    made = session.scalar(select(func.count()).select_from(Row).where(Row.import_id == one.id, Row.question_id.is_not(None))) or 0
    subject = ("question_import", one.id, one.file_name)
    record(
        session, now, actor, "import_questions", subject, after={"questions": made, "bank": session.get_one(Bank, one.bank_id).code}
    )
    return made
