"""Writes versions and everything by which they are found: words, tags, sketches, findings of the linter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, joinedload

from elearn.core.db import db, transaction
from elearn.lib.vietnamese import fold, normalise
from elearn.questions.models import Question, QuestionFinding, QuestionSketch, QuestionTag, QuestionVersion
from elearn.questions.queries.doubles import parts_of as parts_of  # callers know it from here, too
from elearn.questions.queries.drafts import content_of
from elearn.questions.rules.duplicates import sketch, triples
from elearn.questions.rules.linting import Item, lint
from elearn.questions.rules.texts import format_of, words_of
from elearn.questions.rules.versions import Content

LONGEST_KEY = 20_000
_SIGN = re.compile(r"[\W_]+")
AT_ONCE = 500


def search_key(code: str, content: Content, tags: Iterable[str] = ()) -> str:
    """Folded code, name, stem, options and tags."""
    return _key(code, content, parts_of(content.type, content.text, content.body), tags)


def _key(code: str, content: Content, parts: Sequence[str], tags: Iterable[str]) -> str:
    """Signs become spaces, so that a word begins wherever a space stands before it."""
    return " ".join(_SIGN.sub(" ", fold(" ".join([code, content.name, *parts, *tags]))).split())[:LONGEST_KEY]


def version_row(question_id: int, number: int, content: Content, author_id: int | None, note: str, now: datetime) -> dict[str, Any]:
    """The columns of a version that is not yet written."""
    return {
        "question_id": question_id,
        "number": number,
        "digest": content.digest(),
        "type": content.type,
        "name": content.name,
        "text": words_of(content.text),
        "text_format": format_of(content.text),
        "body": dict(content.body),
        "explanation": words_of(content.explanation),
        "explanation_format": format_of(content.explanation),
        "default_mark": content.default_mark,
        "files": dict(content.files) or None,
        "document_id": content.document_id,
        "clause": content.clause,
        "source": content.source,
        "as_of": content.as_of,
        "valid_to": content.valid_to,
        "extra": dict(content.extra) or None,
        "author_id": author_id,
        "change_note": note,
        "created_at": now,
    }


def item_of(content: Content) -> Item:
    """The version as the linter sees it."""
    return Item(content.type, content.text, content.body, content.explanation, bool(content.document_id or content.source))


def tidy_tags(tags: Iterable[str]) -> dict[str, str]:
    """Tags by their folded form, each once, at most 80 characters, in the order given."""
    found: dict[str, str] = {}
    for tag in tags:
        words = normalise(tag)[:80].strip()
        if fold(words):
            found.setdefault(fold(words)[:80], words)
    return found


def index_questions(session: Session, written: Sequence[tuple[int, Content, Iterable[str]]], are_new: bool = False) -> None:
    """Bring tags, sketches and findings of questions up to their versions just written. Call inside a write transaction, after a flush."""
    ids = [number for number, _, _ in written]
    if not are_new:
        for table in (QuestionTag, QuestionSketch, QuestionFinding):
            for start in range(0, len(ids), AT_ONCE):
                session.execute(delete(table).where(table.question_id.in_(ids[start : start + AT_ONCE])))
    tags, sketches, findings = [], [], []
    for number, content, words in written:
        tags += [{"question_id": number, "tag_key": key, "tag": tag} for key, tag in tidy_tags(words).items()]
        hashes = sketch(triples(parts_of(content.type, content.text, content.body)))
        sketches += [{"hash": value, "question_id": number} for value in hashes]
        findings += [
            {"question_id": number, "rule": key, "details": dict(values)} for key, values in lint(item_of(content)).items()
        ]
    for model, rows in ((QuestionTag, tags), (QuestionSketch, sketches), (QuestionFinding, findings)):
        if rows:
            session.execute(insert(model.__table__), rows)  # type: ignore[arg-type]


def remove_questions(session: Session, question_ids: Sequence[int]) -> None:
    """Take questions out with all their versions: for undoing an import. The database refuses where a paper names one of them."""
    for start in range(0, len(question_ids), AT_ONCE):
        some = question_ids[start : start + AT_ONCE]
        for table in (QuestionTag, QuestionSketch, QuestionFinding, QuestionVersion):
            session.execute(delete(table).where(table.question_id.in_(some)))
        session.execute(delete(Question).where(Question.id.in_(some)))


def reindex_questions(bank_id: int | None = None) -> int:
    """Work out anew by what the versions in force are found, of one bank or of all; returns how many questions."""
    query = select(Question.id).order_by(Question.id)
    ids = list(db.session.scalars(query.where(Question.bank_id == bank_id) if bank_id is not None else query))
    for start in range(0, len(ids), AT_ONCE):
        with transaction() as session:
            versions = session.scalars(
                select(QuestionVersion)
                .join(Question, (Question.id == QuestionVersion.question_id) & (Question.version_number == QuestionVersion.number))
                .where(Question.id.in_(ids[start : start + AT_ONCE]))
                .options(joinedload(QuestionVersion.question).selectinload(Question.tags))
            ).all()
            written = [(one.question_id, content_of(one), [tag.tag for tag in one.question.tags]) for one in versions]
            for one, (_, content, tags) in zip(versions, written, strict=True):
                one.question.search_key, one.question.type = search_key(one.question.code, content, tags), content.type
            session.flush()
            session.expunge_all()
            index_questions(session, written)
    return len(ids)
