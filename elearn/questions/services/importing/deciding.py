"""What becomes of the questions of a file: which are taken, what is said of all at once, whether the file is given up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.vietnamese import normalise
from elearn.library.models import Document
from elearn.questions.models import QuestionImport, QuestionImportRow
from elearn.questions.queries.imports import Narrowed, meant
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.levels import LEVELS
from elearn.questions.rules.staging import CHOICES, Doubt, doubts_in, draft_in, kept_draft, with_faults, worst_of
from elearn.questions.services.drafts import LONGEST, faults_of, tidy_path
from elearn.questions.services.importing.uploading import Person, path_of
from elearn.questions.services.writing import tidy_tags

Row = QuestionImportRow
_TABLE: Any = QuestionImportRow.__table__
AT_ONCE = 1_000


def open_for_change(session: Session, import_id: str) -> QuestionImport:
    """The import, inside a write transaction. Raises DomainError where nothing of it can be changed any more."""
    one = session.scalar(select(QuestionImport).where(QuestionImport.id == import_id).with_for_update())
    if one is None or one.state != "preview":
        raise DomainError("not_open", "Lần nhập này không còn ở bước xem trước nên không sửa được nữa. Hãy tải lại trang.")
    return one


def choose_rows(import_id: str, choice: str, narrowed: Narrowed, place: int | None = None) -> tuple[int, int]:
    """Take or skip one row, or all that are meant; returns how many now stand so, and how many could not because they must be mended."""
    if choice not in CHOICES:
        raise InvalidInput("bad_choice", "Hãy chọn nhập hoặc bỏ qua.", "choice")
    conditions = [*meant(import_id, narrowed), Row.question_id.is_(None)]
    if place is not None:
        conditions.append(Row.place == place)
    with transaction() as session:
        open_for_change(session, import_id)
        left = 0
        if choice == "take":
            wrong = select(func.count()).select_from(Row).where(*conditions, Row.worst == "error")
            left = session.scalar(wrong) or 0
            conditions.append(Row.worst != "error")
        changed = session.execute(update(Row).where(*conditions).values(choice=choice)).rowcount  # type: ignore[attr-defined]
    return int(changed), left


def confirm_row(import_id: str, place: int) -> None:
    """Somebody has looked: the question is to be taken as it stands. Raises DomainError where its type refuses it."""
    with transaction() as session:
        open_for_change(session, import_id)
        row = session.scalars(select(Row).where(Row.import_id == import_id, Row.place == place, Row.question_id.is_(None))).one()
        faults = faults_of(draft_in(row.draft)[0])
        if faults:
            raise DomainError("unsound", faults[0].message)
        doubts = [one for one in doubts_in(row.problems) if one.severity != "error"]
        row.problems, row.worst = [one.kept() for one in doubts], worst_of(doubts)
        row.choice, row.is_mended = "take", True


@dataclass(frozen=True)
class ForAll:
    """What is said of many questions at once; "" leaves theirs as it is. `tags` are added, `document` is the key of one of the library."""

    category: str = ""
    topic: str = ""
    level: str = ""
    tags: str = ""
    document: str = ""
    clause: str = ""
    source: str = ""

    def tidied(self) -> ForAll:
        """In the form in which it is kept. Raises InvalidInput, with the field, for what cannot be."""
        found = replace(
            self,
            category=tidy_path(self.category),
            topic=normalise(self.topic),
            clause=normalise(self.clause),
            source=normalise(self.source),
        )
        for name, most in LONGEST.items():
            if len(getattr(found, name, "")) > most:
                raise InvalidInput("too_long", "Dài quá %(most)s ký tự.", name, most=most)
        if found.level and found.level not in LEVELS:
            raise InvalidInput("bad_level", "Chưa có mức độ này.", "level")
        if not any(vars(found).values()):
            raise InvalidInput("nothing_said", "Hãy điền ít nhất một ô để đặt cho các câu.", "category")
        return found

    def put_into(self, draft: Draft) -> None:
        """Say it of a question."""
        for name in ("category", "topic", "level", "document", "clause", "source"):
            if getattr(self, name):
                setattr(draft, name, getattr(self, name))
        if self.tags:
            draft.tags = list(tidy_tags([*draft.tags, *self.tags.split(",")]).values())


def set_for_all(import_id: str, narrowed: Narrowed, said: ForAll) -> int:
    """Say the same of every row that is meant; returns of how many. Raises InvalidInput, with the field."""
    said, count = said.tidied(), 0
    with transaction() as session:
        open_for_change(session, import_id)
        if said.document and session.scalar(select(Document.id).where(Document.key == said.document)) is None:
            raise InvalidInput("no_document", "Không có tài liệu này trong thư viện.", "document")
    conditions = [*meant(import_id, narrowed), Row.question_id.is_(None)]
    places = db.session.scalars(select(Row.place).where(*conditions).order_by(Row.place)).all()
    for start in range(0, len(places), AT_ONCE):
        some = places[start : start + AT_ONCE]
        with transaction() as session:
            open_for_change(session, import_id)
            count += _say(session, some[0], some[-1], conditions, said)
    return count


def _say(session: Session, first: int, last: int, conditions: list[ColumnElement[bool]], said: ForAll) -> int:
    """Say it of the rows between two places; how many there are."""
    query = select(Row.id, Row.draft, Row.problems, Row.choice, Row.worst).where(*conditions, Row.place.between(first, last))
    changed = []
    for row in session.execute(query):
        draft, files = draft_in(row.draft)
        said.put_into(draft)
        doubts = judged_again(draft, doubts_in(row.problems))
        worst = worst_of(doubts)
        choice = "take" if row.worst == "error" != worst else row.choice
        values = {"draft": kept_draft(draft, files), "problems": [one.kept() for one in doubts], "worst": worst, "choice": choice}
        changed.append({"row": row.id, **values})
    if changed:
        names: dict[str, Any] = {name: bindparam(name) for name in ("draft", "problems", "worst", "choice")}
        session.connection().execute(update(_TABLE).where(_TABLE.c.id == bindparam("row")).values(names), changed)
    return len(changed)


def judged_again(draft: Draft, doubts: list[Doubt]) -> list[Doubt]:
    """The doubts with the faults of the draft as it is now."""
    return with_faults(doubts, [(one.field, one.message) for one in faults_of(draft)], draft.line)


def drop_import(import_id: str, actor: Person, folder: Path, now: datetime) -> None:
    """Give a file up of which nothing stands in the bank; its rows go."""
    with transaction() as session:
        one = session.scalar(select(QuestionImport).where(QuestionImport.id == import_id).with_for_update())
        if one is None or one.state not in ("reading", "failed", "preview", "undone"):
            raise DomainError("not_open", "Lần nhập này đã ghi vào ngân hàng nên không bỏ được. Hãy hoàn tác trước.")
        session.execute(delete(Row).where(Row.import_id == import_id))
        one.state, one.problems = "dropped", []
        record(session, now, actor, "drop_question_import", ("question_import", one.id, one.file_name))
    path_of(folder, import_id).unlink(missing_ok=True)


def reopen_import(import_id: str, actor: Person, now: datetime) -> None:
    """Lay the questions of an undone import out again; those that stayed in the bank are not taken twice."""
    with transaction() as session:
        one = session.scalar(select(QuestionImport).where(QuestionImport.id == import_id).with_for_update())
        if one is None or one.state != "undone":
            raise DomainError("not_undone", "Chỉ mở lại được lần nhập đã hoàn tác.")
        one.state, one.applied_at, one.undone_at = "preview", None, None
        record(session, now, actor, "reopen_question_import", ("question_import", one.id, one.file_name))
