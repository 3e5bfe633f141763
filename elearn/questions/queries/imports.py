"""Reads imports of questions: their rows, counts and filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, true

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.lib.vietnamese import fold
from elearn.library.models import Document
from elearn.members.models import Member
from elearn.members.rules.permissions import Actor
from elearn.questions.models import Bank, Question, QuestionImport, QuestionImportRow, QuestionVersion
from elearn.questions.queries.banks import access_editable_bank
from elearn.questions.rules.texts import Rich, rich

Row = QuestionImportRow
FILTERS = ("all", "take", "fix", "look", "double", "skip", "done")
PAGE = 25
AT_ONCE = 900


@dataclass(frozen=True)
class Narrowed:
    """Which rows of an import are meant: a filter and words."""

    show: str = "all"
    words: str = ""


@dataclass(frozen=True)
class Counts:
    """How many rows of an import are what; `done` are questions of the bank now."""

    total: int = 0
    take: int = 0
    fix: int = 0
    look: int = 0
    double: int = 0
    skip: int = 0
    done: int = 0

    def of(self, show: str) -> int:
        """The count that belongs to a filter."""
        return self.total if show == "all" else int(getattr(self, show))


def access_import(actor: Actor, code: str, import_id: str) -> QuestionImport:
    """The import of that bank; NotFound where there is none or the actor may not know of the bank, Forbidden where they may only look."""
    bank = access_editable_bank(actor, code)
    one = db.session.get(QuestionImport, import_id)
    if one is None or one.bank_id != bank.id:
        raise NotFound()
    return one


def bank_by_code(code: str) -> Bank | None:
    """The bank of that code, whoever asks; None where there is none. For the command line."""
    return db.session.scalar(select(Bank).where(Bank.code == code))


def page_of_imports(bank: Bank, number: int) -> Page[Any]:
    """Imports into the bank with the name of who brought each, the latest first."""
    query: Any = select(QuestionImport, Member.display_name).outerjoin(Member, Member.id == QuestionImport.member_id)
    query = query.where(QuestionImport.bank_id == bank.id, QuestionImport.state != "dropped")
    return page_of(db.session(), query.order_by(QuestionImport.created_at.desc(), QuestionImport.id), number, 20, scalars=False)


def _meant(show: str) -> ColumnElement[bool]:
    """The condition behind a filter; true for every row where it is none of them."""
    meanings: dict[str, ColumnElement[bool]] = {
        "take": and_(Row.choice == "take", Row.question_id.is_(None)),
        "fix": and_(Row.worst == "error", Row.question_id.is_(None)),
        "look": Row.worst == "warning",
        "double": Row.double_of_id.is_not(None),
        "skip": and_(Row.choice == "skip", Row.worst != "error", Row.question_id.is_(None)),
        "done": Row.question_id.is_not(None),
    }
    return meanings.get(show, true())


def meant(import_id: str, narrowed: Narrowed) -> Iterator[ColumnElement[bool]]:
    """Conditions for the rows that are meant."""
    yield Row.import_id == import_id
    yield _meant(narrowed.show)
    for word in fold(narrowed.words).split()[:8]:
        yield Row.search_key.contains(word, autoescape=True)


def count_rows(import_id: str) -> Counts:
    """All counts in one statement."""
    names = ("take", "fix", "look", "double", "skip", "done")
    sums = [func.coalesce(func.sum(case((_meant(name), 1), else_=0)), 0) for name in names]
    row = db.session.execute(select(func.count(), *sums).where(Row.import_id == import_id)).one()
    return Counts(*(int(value) for value in row))


def page_of_rows(import_id: str, narrowed: Narrowed, number: int) -> Page[QuestionImportRow]:
    """Rows in the order of the file, 25 a page; the last page where the number is too high."""
    query = select(Row).where(*meant(import_id, narrowed)).order_by(Row.place)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return page_of(db.session(), query, min(number, max(1, -(-total // PAGE))), PAGE)


def list_rows(import_id: str, narrowed: Narrowed) -> Sequence[QuestionImportRow]:
    """All rows that are meant, in the order of the file."""
    return db.session.scalars(select(Row).where(*meant(import_id, narrowed)).order_by(Row.place)).all()


def get_row(import_id: str, place: int) -> QuestionImportRow:
    """The row at that place; raises NotFound."""
    found = db.session.scalar(select(Row).where(Row.import_id == import_id, Row.place == place))
    if found is None:
        raise NotFound()
    return found


def next_to_mend(import_id: str, after: int) -> int | None:
    """The place of the next row that has to be mended, from the beginning again after the last; None where there is none."""
    query = select(Row.place).where(Row.import_id == import_id, Row.worst == "error", Row.question_id.is_(None), Row.place != after)
    later = db.session.scalar(query.where(Row.place > after).order_by(Row.place).limit(1))
    return later if later is not None else db.session.scalar(query.order_by(Row.place).limit(1))


def list_documents() -> Sequence[Document]:
    """Documents of the library that may be named as a source, those in force first."""
    return db.session.scalars(
        select(Document).order_by(Document.superseded_by_id.is_not(None), Document.number, Document.key)
    ).all()


def document_by_key(key: str) -> Document | None:
    """The document of the library; None where there is none of that key."""
    return db.session.scalar(select(Document).where(Document.key == key)) if key else None


def questions_by_id(numbers: Iterable[int | None]) -> dict[int, Question]:
    """The questions of those ids."""
    wanted = {number for number in numbers if number}
    return {one.id: one for one in db.session.scalars(select(Question).where(Question.id.in_(wanted)))} if wanted else {}


def bodies_of(question_ids: Iterable[int]) -> dict[int, tuple[str, Rich, Any]]:
    """Type, stem and body of the versions in force, by question."""
    wanted, found = sorted(set(question_ids)), {}
    for start in range(0, len(wanted), AT_ONCE):
        query = (
            select(Question.id, QuestionVersion.type, QuestionVersion.text, QuestionVersion.text_format, QuestionVersion.body)
            .join(
                QuestionVersion, (QuestionVersion.question_id == Question.id) & (QuestionVersion.number == Question.version_number)
            )
            .where(Question.id.in_(wanted[start : start + AT_ONCE]))
        )
        for number, kind, words, form, body in db.session.execute(query):
            found[number] = (kind, rich(words, form), body)
    return found
