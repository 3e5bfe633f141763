"""Takes a file of questions in: a short one is read at once, a long one is kept until a worker has read it."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import db, transaction
from elearn.jobs.hooks import Tell
from elearn.lib.errors import DomainError, InvalidInput
from elearn.questions.models import QuestionImport, QuestionImportRow
from elearn.questions.rules.exchange import Format, Reading
from elearn.questions.rules.staging import Doubt, cleaned, doubt_of, in_order
from elearn.questions.services.importing.reading import doubts_of_refusal, format_of_file, read_questions
from elearn.questions.services.importing.staging import Judged, judge, keeper

READING, WRITING = "Đang đọc tệp", "Đang ghi bản xem trước"
CHUNK = 1_000
Person = tuple[int | None, str]
"""Id and name of who does it; (None, "Dòng lệnh") for the command line."""


def quietly(step: str, done: int = 0, total: int = 0) -> None:
    """Tells nobody."""


def path_of(folder: Path, import_id: str) -> Path:
    """Where the file of an import lies while it waits to be read."""
    return folder / "question-imports" / import_id


def about_file(reading: Reading) -> list[Doubt]:
    """Doubts about the file as a whole."""
    return in_order(doubt_of(problem) for problem in reading.problems if problem.question is None)


def take_file(bank_id: int, data: bytes, name: str, key: str, actor: Person, now: datetime, tell: Tell = quietly) -> str:
    """Read the file and lay its questions out for looking at; returns the id of the import.

    Raises InvalidInput, and nothing is kept, where not one question can be read.
    """
    form, reading = read_questions(data, name, key)
    return lay_out(bank_id, name, form, reading, judge(reading, bank_id, keeper(actor[0], now), tell), actor, now)


def lay_out(bank_id: int, name: str, form: Format, reading: Reading, judged: list[Judged], actor: Person, now: datetime) -> str:
    """Keep what was read for looking at, in one transaction; returns the id of the import."""
    import_id = secrets.token_urlsafe(16)
    with transaction() as session:
        one = _new_import(import_id, bank_id, name, form.key, actor, now)
        one.state, one.problems = "preview", [doubt.kept() for doubt in about_file(reading)]
        session.add(one)
        session.flush()
        for start in range(0, len(judged), CHUNK):
            _write(session, import_id, judged[start : start + CHUNK], start)
        _note(session, one, actor, len(judged), now)
    return import_id


def keep_for_later(bank_id: int, data: bytes, name: str, key: str, actor: Person, folder: Path, now: datetime) -> str:
    """Keep the file for a worker; returns the id of the import. Raises InvalidInput for a file that is in no format we know."""
    form = format_of_file(data, name, key)
    import_id = secrets.token_urlsafe(16)
    path = path_of(folder, import_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    with transaction() as session:
        session.add(_new_import(import_id, bank_id, name, form.key, actor, now))
    return import_id


def read_kept(import_id: str, folder: Path, now: datetime, actor: Person, tell: Tell) -> dict[str, int]:
    """Read a file that was kept; returns how many questions it holds. Safe to run again: what an earlier run wrote goes first.

    A file of which nothing can be read is no failure of the work: the import itself then says so.
    """
    one = db.session.get_one(QuestionImport, import_id)
    bank_id, name, key = one.bank_id, one.file_name, one.format
    path = path_of(folder, import_id)
    tell(READING)
    try:
        with transaction() as session:
            _still_reading(session, import_id)
        if not path.exists():
            raise InvalidInput("file_gone", "Máy chủ không còn giữ tệp này. Hãy tải lên lại.", "file")
        _, reading = read_questions(path.read_bytes(), name, key)
    except InvalidInput as refusal:
        with transaction() as session:
            failed = _still_reading(session, import_id)
            failed.state, failed.problems = "failed", [doubt.kept() for doubt in doubts_of_refusal(refusal)]
        path.unlink(missing_ok=True)
        return {"questions": 0}
    judged = judge(reading, bank_id, keeper(actor[0], now), tell)
    with transaction() as session:
        _still_reading(session, import_id)
        session.execute(delete(QuestionImportRow).where(QuestionImportRow.import_id == import_id))
    for start in range(0, len(judged), CHUNK):
        tell(WRITING, start, len(judged))
        with transaction() as session:
            _still_reading(session, import_id)
            _write(session, import_id, judged[start : start + CHUNK], start)
    with transaction() as session:
        done = _still_reading(session, import_id)
        written = select(func.count()).select_from(QuestionImportRow).where(QuestionImportRow.import_id == import_id)
        if session.scalar(written) != len(judged):
            raise DomainError("read_twice", "Tệp này đang được đọc ở hai nơi. Hãy đọc lại một lần nữa.")
        done.state, done.problems = "preview", [doubt.kept() for doubt in about_file(reading)]
        _note(session, done, actor, len(judged), now)
    path.unlink(missing_ok=True)
    return {"questions": len(judged)}


def _still_reading(session: Session, import_id: str) -> QuestionImport:
    """The import, held until the transaction ends. Raises DomainError where it was read to its end, or given up, meanwhile."""
    one = session.scalar(select(QuestionImport).where(QuestionImport.id == import_id).with_for_update())
    if one is None or one.state != "reading":
        raise DomainError("not_reading", "Tệp này đã được đọc xong hoặc đã bị bỏ.")
    return one


def _new_import(import_id: str, bank_id: int, name: str, key: str, actor: Person, now: datetime) -> QuestionImport:
    return QuestionImport(
        id=import_id,
        bank_id=bank_id,
        member_id=actor[0],
        file_name=cleaned(name)[:200],
        format=key,
        state="reading",
        problems=[],
        created_at=now,
    )


def _write(session: Session, import_id: str, judged: list[Judged], before: int) -> None:
    rows = [one.row(import_id, before + place) for place, one in enumerate(judged, start=1)]
    session.execute(insert(QuestionImportRow.__table__), rows)  # type: ignore[arg-type]


def _note(session: Session, one: QuestionImport, actor: Person, count: int, now: datetime) -> None:
    record(session, now, actor, "read_questions", ("question_import", one.id, one.file_name), after={"questions": count})
