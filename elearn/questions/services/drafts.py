"""Drafts become questions and versions: the one way in, for the editor, for files and for copies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from elearn.lib.errors import InvalidInput
from elearn.lib.vietnamese import fold, normalise
from elearn.library.models import Document
from elearn.questions.models import Bank, Category, Question, QuestionVersion
from elearn.questions.queries import TYPES
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.levels import LEVELS
from elearn.questions.rules.shelves import tidy_path as tidy_path  # callers know it from here, too
from elearn.questions.rules.texts import words_of
from elearn.questions.rules.versions import Content, after_edit
from elearn.questions.services.media import keep_picture
from elearn.questions.services.writing import index_questions, search_key, tidy_tags, version_row

CODE = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
RESERVED = {
    "new", "all", "settings", "categories", "lint", "export", "exports", "import", "imports", "bulk", "undo", "preview", "edit", "media", "list.xlsx",
}  # fmt: skip
"""Last parts of addresses below a bank, and so no codes."""
LONGEST = {"name": 255, "topic": 200, "source": 400, "clause": 120, "category": 400}
LONGEST_TEXT = 100_000


@dataclass(frozen=True)
class Fault:
    """What makes a draft unfit to be kept: the part concerned ("text", "body" …) and a Vietnamese source message."""

    field: str
    message: str


def faults_of(draft: Draft) -> list[Fault]:
    """Everything against keeping the draft; none where it is sound. Pictures are judged when they are kept."""
    if draft.type not in TYPES:
        return [Fault("type", "Chưa có loại câu hỏi này.")]
    found = []
    if not words_of(draft.text).strip():
        found.append(Fault("text", "Hãy viết câu dẫn."))
    if max(len(words_of(draft.text)), len(words_of(draft.explanation))) > LONGEST_TEXT:
        found.append(Fault("text", "Văn bản dài quá 100.000 ký tự."))
    found += [Fault("body", message) for message in TYPES[draft.type].check(draft.body, draft.text)]
    if draft.level and draft.level not in LEVELS:
        found.append(Fault("level", "Chưa có mức độ này."))
    if draft.default_mark < 0 or draft.default_mark > 1000:
        found.append(Fault("default_mark", "Điểm phải từ 0 đến 1000."))
    found += [Fault(name, "Dài quá.") for name, most in LONGEST.items() if len(getattr(draft, name)) > most]
    return found


class _Shelves:
    """Categories of a bank by path, made with all above them when first asked for."""

    def __init__(self, session: Session, bank_id: int) -> None:
        self._session, self._bank_id = session, bank_id
        rows = session.execute(select(Category.path, Category.id).where(Category.bank_id == bank_id))
        self._ids = {row.path: row.id for row in rows}

    def id_of(self, path: str) -> int | None:
        """The id of the category; None for the empty path."""
        path = tidy_path(path)
        if not path:
            return None
        parts = path.split(" / ")
        for depth in range(1, len(parts) + 1):
            above = " / ".join(parts[:depth])
            if above not in self._ids:
                made = Category(bank_id=self._bank_id, path=above)
                self._session.add(made)
                self._session.flush()
                self._ids[above] = made.id
        return self._ids[path]


def category_id(session: Session, bank_id: int, path: str) -> int | None:
    """The id of the bank's category of that path, made where it is missing; None for the empty path."""
    return _Shelves(session, bank_id).id_of(path)


class _Documents:
    """Documents of the library by key, and by a number that stands in a source given in words."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(select(Document.id, Document.key, Document.number)).all()
        self._by_key = {key: number for number, key, _ in rows}
        self._by_number: dict[str, set[int]] = {}
        for document_id, _, number in rows:
            # A number such as "57-NQ/TW" says which document is meant; a bare "5" does not.
            if len(number) >= 5 and re.search(r"\d", number) and re.search(r"[^\W\d]", number):
                self._by_number.setdefault(fold(number), set()).add(document_id)

    def id_of(self, draft: Draft) -> int | None:
        """By the key that the draft names, otherwise by the one number that its source holds; None where neither says."""
        if draft.document:
            return self._by_key.get(draft.document)
        words = f" {fold(draft.source)} "
        found = [ids for number, ids in self._by_number.items() if re.search(rf"(?<![\w-]){re.escape(number)}(?![\w-])", words)]
        return next(iter(found[0])) if len(found) == 1 and len(found[0]) == 1 else None


class _Codes:
    """Codes for new questions of a bank: the wanted one where it is free, otherwise the next number after the bank's code."""

    def __init__(self, session: Session, bank: Bank, wanted: Sequence[str]) -> None:
        self._prefix = bank.code
        own = session.scalars(select(Question.code).where(Question.code.startswith(f"{bank.code}-", autoescape=True))).all()
        asked = [code for code in wanted if code]
        self._taken = set(own)
        for start in range(0, len(asked), 500):
            self._taken |= set(session.scalars(select(Question.code).where(Question.code.in_(asked[start : start + 500]))))
        numbers = [int(tail) for code in own if (tail := code[len(bank.code) + 1 :]).isdecimal() and len(tail) < 9]
        self._last = max(numbers, default=0)

    def give(self, wanted: str) -> str:
        """A code that nobody has."""
        if not (CODE.fullmatch(wanted) and wanted not in RESERVED and wanted not in self._taken):
            wanted = ""
            while not wanted or wanted in self._taken:
                self._last += 1
                wanted = f"{self._prefix}-{self._last:04}"
        self._taken.add(wanted)
        return wanted


def _content(
    session: Session, draft: Draft, documents: _Documents, kept: Mapping[str, str], author: int | None, now: datetime
) -> Content:
    faults = faults_of(draft)
    if faults:
        raise InvalidInput("unsound", faults[0].message, faults[0].field)
    files = {name: digest for name, digest in kept.items() if name not in draft.files}
    for name, data in draft.files.items():
        files[name] = keep_picture(session, data, author, now)
    return Content(
        type=draft.type, text=draft.text, body=draft.body, explanation=draft.explanation, document_id=documents.id_of(draft),
        clause=draft.clause, name=draft.name, default_mark=draft.default_mark, files=files, source=draft.source, as_of=draft.as_of,
        valid_to=draft.valid_to, extra=draft.extra,
    )  # fmt: skip


def put_drafts(
    session: Session,
    bank: Bank,
    drafts: Sequence[Draft],
    author: int | None,
    now: datetime,
    status: str = "draft",
    import_id: str | None = None,
    kept: Mapping[str, str] | None = None,
) -> list[int]:
    """New questions of the bank inside the caller's transaction; returns their ids, in the order of the drafts.

    A draft's own code is taken where it is free. `kept` names pictures that lie there already, by their names in the texts. Raises
    InvalidInput, with the field, for a draft that is not sound; nothing is then to be committed.
    """
    if not drafts:
        return []
    shelves, documents = _Shelves(session, bank.id), _Documents(session)
    codes = _Codes(session, bank, [draft.code for draft in drafts])
    contents = [_content(session, draft, documents, kept or {}, author, now) for draft in drafts]
    rows = []
    for draft, content in zip(drafts, contents, strict=True):
        code = codes.give(draft.code)
        rows.append(
            {
                "bank_id": bank.id, "code": code, "category_id": shelves.id_of(draft.category), "topic": normalise(draft.topic),
                "level": draft.level, "status": status, "version_number": 1, "type": draft.type, "author_id": author,
                "status_note": "", "import_id": import_id, "updated_at": now, "search_key": search_key(code, content, draft.tags),
            }
        )  # fmt: skip
    ids = list(session.scalars(insert(Question).returning(Question.id, sort_by_parameter_order=True), rows))
    versions = [version_row(number, 1, content, author, "", now) for number, content in zip(ids, contents, strict=True)]
    session.execute(insert(QuestionVersion.__table__), versions)  # type: ignore[arg-type]
    written = zip(ids, contents, drafts, strict=True)
    index_questions(session, [(number, content, draft.tags) for number, content, draft in written], are_new=True)
    return ids


def put_draft(
    session: Session,
    bank: Bank,
    draft: Draft,
    author: int | None,
    now: datetime,
    status: str = "draft",
    import_id: str | None = None,
    code: str | None = None,
    kept: Mapping[str, str] | None = None,
) -> Question:
    """A new question of the bank; see `put_drafts`. With `code` exactly that one: InvalidInput (field "code") where it is taken or unfit."""
    if code is not None:
        if not CODE.fullmatch(code) or code in RESERVED:
            raise InvalidInput("bad_code", "Mã chỉ gồm chữ không dấu, số, dấu chấm, gạch ngang, gạch dưới.", "code")
        if session.scalar(select(Question.id).where(Question.code == code)):
            raise InvalidInput("code_taken", "Mã này đã có câu khác dùng.", "code")
        draft.code = code
    return session.get_one(Question, put_drafts(session, bank, [draft], author, now, status, import_id, kept)[0])


def set_place(session: Session, question: Question, draft: Draft) -> None:
    """Topic, level, category and tags of the draft go to the question; they make no version."""
    question.topic, question.level = normalise(draft.topic), draft.level
    question.category_id = category_id(session, question.bank_id, draft.category)


def add_version(
    session: Session,
    question: Question,
    draft: Draft,
    author: int | None,
    now: datetime,
    note: str = "",
    kept: Mapping[str, str] | None = None,
) -> QuestionVersion | None:
    """The question as the draft has it now: the next version, a draft to be read by a second person; None where only its place changed.

    Papers keep the version that they name. Raises InvalidInput, with the field, for a draft that is not sound.
    """
    content = _content(session, draft, _Documents(session), kept or {}, author, now)
    set_place(session, question, draft)
    question.updated_at = now
    question.search_key = search_key(question.code, content, draft.tags)
    known = session.scalar(
        select(QuestionVersion.digest).where(
            QuestionVersion.question_id == question.id, QuestionVersion.number == question.version_number
        )
    )
    version = None
    if known != content.digest():
        standing = after_edit(author)
        question.version_number += 1
        question.type = draft.type
        question.status, question.author_id, question.status_note = standing.status, standing.author_id, ""
        question.reviewed_by_id = question.reviewed_at = None
        version = QuestionVersion(**version_row(question.id, question.version_number, content, author, note.strip()[:400], now))
        session.add(version)
    session.flush()
    index_questions(session, [(question.id, content, draft.tags)])
    session.expire(question, ["tags"])
    return version


def retag(session: Session, question: Question, tags: Sequence[str], content: Content) -> None:
    """Exactly these tags, and the words for search that go with them."""
    question.search_key = search_key(question.code, content, list(tidy_tags(tags).values()))
    index_questions(session, [(question.id, content, tags)])
    session.expire(question, ["tags"])
