"""What lists and pages say of questions besides their words: who wrote them, what is out of date, rows for Excel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from elearn.core.db import db
from elearn.lib.errors import InvalidInput
from elearn.lib.vietnamese import fold
from elearn.library.models import Document
from elearn.questions.models import Question, QuestionVersion
from elearn.questions.queries.rendering import TYPES
from elearn.questions.rules.choices import InOrder
from elearn.questions.rules.texts import in_a_list

AT_ONCE = 500


def is_out_of_date(version: QuestionVersion, today: date) -> bool:
    """Whether the version's source was replaced or ran out, or its fact did."""
    document = version.document
    is_source_out = document is not None and (
        document.superseded_by_id is not None or (document.valid_to is not None and document.valid_to <= today)
    )
    return is_source_out or (version.valid_to is not None and version.valid_to <= today)


def key_words(version: QuestionVersion) -> str:
    """The key in words; "" where a person marks the question or there is nothing to answer."""
    kind = TYPES[version.type]
    order = kind.arrange(version.body, InOrder())
    return kind.words(version.body, order, kind.right(version.body, order))


def rows_of(question_ids: Sequence[int]) -> Iterator[tuple[Question, QuestionVersion]]:
    """Questions with their versions in force, in the order of the ids given, a few hundred in memory at a time."""
    for start in range(0, len(question_ids), AT_ONCE):
        some = question_ids[start : start + AT_ONCE]
        query = (
            select(QuestionVersion)
            .join(Question, (Question.id == QuestionVersion.question_id) & (Question.version_number == QuestionVersion.number))
            .where(Question.id.in_(some))
            .options(
                joinedload(QuestionVersion.document),
                joinedload(QuestionVersion.question).joinedload(Question.category),
                joinedload(QuestionVersion.question).joinedload(Question.author),
                joinedload(QuestionVersion.question).joinedload(Question.reviewer),
                joinedload(QuestionVersion.question).options(selectinload(Question.tags)),
            )
        )
        found = {version.question_id: version for version in db.session.scalars(query)}
        for number in some:
            if number in found:
                yield found[number].question, found[number]
        db.session.expunge_all()


def title_of(version: QuestionVersion) -> str:
    """The short name, or the stem on one line."""
    return version.name or in_a_list(version.stem)


def list_documents() -> list[str]:
    """The library's documents as the editor names them: number and title, by number."""
    query = select(Document).where(Document.number != "").order_by(Document.number, Document.id)
    return list(dict.fromkeys(document_words(document) for document in db.session.scalars(query)))


def document_words(document: Document) -> str:
    """One document as the editor names it."""
    return f"{document.name}: {document.title}"[:300] if document.number else document.title


def find_document(words: str) -> Document | None:
    """The document that these words mean: its key, its number, its name as the editor gives it, or words that only it holds.

    None for no words. Raises InvalidInput (field "document") where there is none, or several; then their names are told.
    """
    if not words.strip():
        return None
    wanted = fold(words)
    documents = db.session.scalars(select(Document).order_by(Document.id)).all()
    exact = [one for one in documents if wanted in (fold(one.key), fold(one.number), fold(one.name), fold(document_words(one)))]
    found = exact or [one for one in documents if all(word in fold(document_words(one)) for word in wanted.split())]
    names = list(dict.fromkeys(document_words(one) for one in found))
    if not found:
        raise InvalidInput("no_document", "Không có văn bản này trong thư viện. Hãy ghi nguồn bằng lời ở ô bên dưới.", "document")
    if len(names) > 1:
        raise InvalidInput("several", "Có nhiều văn bản khớp: %(names)s. Hãy chọn một.", "document", names="; ".join(names[:5]))
    return found[0]
