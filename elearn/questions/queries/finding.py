"""Finds questions: by beginnings of words without accents, and by what is said of them. A page of 100,000 is to cost as one of a hundred."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.pages import Page
from elearn.lib.vietnamese import fold
from elearn.library.models import Document
from elearn.questions.models import Question, QuestionFinding, QuestionTag, QuestionVersion
from elearn.questions.queries.banks import category_ids_below

PAGE = 25
MOST_COUNTED = 2_000
"""Counting stops here: who finds more has not narrowed the list yet."""
# Written out, not bound: only then does PostgreSQL know the expression of its index again.
FEW, MANY = 1_500, 6_000
_SIGNS: tuple[ColumnElement[str], ...] = tuple(literal_column(one) for one in ("'[^a-z0-9]+'", "' '", "'g'"))


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to, as the address says it; empty: not at all."""

    q: str = ""
    level: str = ""
    topic: str = ""
    status: str = ""
    type: str = ""
    category: str = ""
    """Path; what stands below is included, "-" stands for no category."""
    tag: str = ""
    author: str = ""
    document: str = ""
    """Key of a source."""
    lint: str = ""
    """Key of a rule; "any": some rule."""
    flag: str = ""
    """"expired": the source or the fact is out of date; "sent_back": waits for its author."""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        """Those of an address. PostgreSQL takes no NUL in a text."""
        return cls(**{one.name: asked.get(one.name, "").replace("\0", "")[:400].strip() for one in fields(cls)})

    def given(self) -> dict[str, str]:
        """Only what narrows."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name))}


def _parts(words: str) -> list[str]:
    return re.findall("[a-z0-9]+", fold(words))[:8]


def beginning_with(words: str) -> ColumnElement[bool]:
    """SQL for "every word begins a word of the code, stem, options or tags", by the database's index of words."""
    parts = _parts(words)
    if not parts:
        return starting_words(words)
    if db.engine.dialect.name == "sqlite":
        wanted = " ".join(f'"{part}"*' for part in parts)
        found: Select[int] = select(column("rowid", Integer)).select_from(text("questions_words"))
        return Question.id.in_(found.where(text("questions_words MATCH :wanted").bindparams(wanted=wanted)))
    vector = func.to_tsvector(literal_column("'simple'::regconfig"), func.regexp_replace(Question.search_key, *_SIGNS))
    return vector.op("@@")(func.to_tsquery(literal_column("'simple'::regconfig"), " & ".join(f"{part}:*" for part in parts)))


def starting_words(words: str) -> ColumnElement[bool]:
    """The same as a condition on each row: for walking an order until enough are found. Words of the key stand between spaces."""
    spaced = literal(" ") + Question.search_key
    return and_(*(spaced.contains(f" {part}", autoescape=True) for part in _parts(words) or [fold(words).strip()]))


def is_expired(today: date) -> ColumnElement[bool]:
    """SQL on a version: its source was replaced or ran out, or its fact did."""
    out = select(Document.id).where(or_(Document.superseded_by_id.is_not(None), Document.valid_to <= today))
    return or_(QuestionVersion.document_id.in_(out), QuestionVersion.valid_to <= today)


def _expired_ids(today: date) -> CompoundSelect[int]:
    """The same from the side of the versions, each half by its own index."""
    out = select(Document.id).where(or_(Document.superseded_by_id.is_not(None), Document.valid_to <= today))
    of_force = select(QuestionVersion.question_id).join(Question, _in_force())
    return of_force.where(QuestionVersion.document_id.in_(out)).union(of_force.where(QuestionVersion.valid_to <= today))


def _in_force() -> ColumnElement[bool]:
    return and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version_number)


@dataclass(frozen=True)
class _Start:
    """Few ids to begin with: then the index of the bank only stands in the way."""

    condition: ColumnElement[bool]


def _few_or(few: Select[int] | CompoundSelect[int], many: ColumnElement[bool]) -> ColumnElement[bool] | _Start:
    """The condition in the form that is quickest for its size: ids named one by one, a set of ids, or asked of each row in turn."""
    ids = db.session.scalars(few.limit(MANY + 1)).all()
    if len(ids) > MANY:
        return many
    return _Start(Question.id.in_(ids if len(ids) <= FEW else few))


def _conditions(bank_ids: Sequence[int], filters: Filters, today: date, member_id: int) -> Iterator[ColumnElement[bool] | _Start]:
    for name in ("level", "topic", "status", "type"):
        value = getattr(filters, name)
        if value:
            yield getattr(Question, name) == ("" if value == "-" else value)
    if filters.category:
        is_none = filters.category == "-"
        yield (
            Question.category_id.is_(None) if is_none else Question.category_id.in_(category_ids_below(bank_ids, filters.category))
        )
    if filters.author:
        own = member_id if filters.author == "me" else int(filters.author) if filters.author.isdecimal() else 0
        yield Question.author_id == own
    if filters.flag == "sent_back":
        yield and_(Question.status == "draft", Question.status_note != "")
    if filters.tag:
        tagged = QuestionTag.tag_key == fold(filters.tag)
        yield _few_or(
            select(QuestionTag.question_id).where(tagged),
            select(QuestionTag.question_id).where(tagged, QuestionTag.question_id == Question.id).exists(),
        )
    if filters.document:
        cites = QuestionVersion.document_id.in_(select(Document.id).where(Document.key == filters.document))
        yield _few_or(
            select(QuestionVersion.question_id).join(Question, _in_force()).where(cites),
            select(QuestionVersion.id).where(_in_force(), cites).correlate(Question).exists(),
        )
    if filters.flag == "expired" or filters.lint == "expired_source":
        yield Question.status != "retired"
        yield _few_or(
            _expired_ids(today), select(QuestionVersion.id).where(_in_force(), is_expired(today)).correlate(Question).exists()
        )
    elif filters.lint:
        by_rule = true() if filters.lint == "any" else QuestionFinding.rule == filters.lint
        yield _few_or(
            select(QuestionFinding.question_id).where(by_rule).distinct(),
            select(QuestionFinding.rule).where(by_rule, QuestionFinding.question_id == Question.id).exists(),
        )
    if filters.q:
        yield _few_or(select(Question.id).where(beginning_with(filters.q)), starting_words(filters.q))


def narrowed(bank_ids: Sequence[int], filters: Filters, today: date, member_id: int) -> Select[Question]:
    """The questions of these banks that the filters leave, without an order."""
    found = list(_conditions(bank_ids, filters, today, member_id))
    has_start = any(isinstance(one, _Start) for one in found)
    owner = Question.bank_id + 0 if has_start else Question.bank_id  # an expression keeps SQLite from walking the bank's index
    return select(Question).where(owner.in_(bank_ids), *(one.condition if isinstance(one, _Start) else one for one in found))


def page_of_questions(bank_ids: Sequence[int], filters: Filters, number: int, today: date, member_id: int = 0) -> Page[Question]:
    """Questions of these banks in the order of their codes; the total stops at MOST_COUNTED."""
    ids = list_ids(bank_ids, filters, today, member_id, MOST_COUNTED)
    number = min(number, max(1, -(-len(ids) // PAGE)))
    shown = ids[(number - 1) * PAGE : number * PAGE]
    query = select(Question).where(Question.id.in_(shown)).order_by(Question.code)
    rows = db.session.scalars(query.options(joinedload(Question.bank), joinedload(Question.category))).all()
    return Page(rows, number, len(ids), PAGE)


def list_ids(bank_ids: Sequence[int], filters: Filters, today: date, member_id: int, most: int) -> list[int]:
    """Ids of all that the filters leave, in the order of codes, at most so many: found in an index alone, where no row is read."""
    query = narrowed(bank_ids, filters, today, member_id).with_only_columns(Question.id).order_by(Question.code)
    return list(db.session.scalars(query.limit(most)))


def findings_of(question_ids: Sequence[int]) -> dict[int, dict[str, dict[str, object]]]:
    """What the linter's rules say of each question: values by rule."""
    found: dict[int, dict[str, dict[str, object]]] = {number: {} for number in question_ids}
    query = select(QuestionFinding).where(QuestionFinding.question_id.in_(question_ids)).order_by(QuestionFinding.rule)
    for one in db.session.scalars(query):
        found[one.question_id][one.rule] = one.details
    return found


def count_waiting(bank_ids: Sequence[int], member_id: int) -> int:
    """Drafts that wait for a second reader other than this person; those sent back wait for their author."""
    query = select(func.count()).select_from(Question).where(Question.bank_id.in_(bank_ids), Question.status == "draft")
    not_own = or_(Question.author_id.is_(None), Question.author_id != member_id)
    return db.session.scalar(query.where(Question.status_note == "", not_own)) or 0


def count_sent_back(bank_ids: Sequence[int], member_id: int) -> int:
    """Drafts of this person that a reader sent back."""
    query = select(func.count()).select_from(Question).where(Question.bank_id.in_(bank_ids), Question.status == "draft")
    return db.session.scalar(query.where(Question.status_note != "", Question.author_id == member_id)) or 0


def count_expired(bank_ids: Sequence[int], today: date) -> int:
    """Questions in use or reviewed whose source or fact is out of date."""
    query = select(func.count()).select_from(Question).where(Question.id.in_(_expired_ids(today)), Question.bank_id.in_(bank_ids))
    return db.session.scalar(query.where(Question.status.in_(("in_use", "reviewed")))) or 0
