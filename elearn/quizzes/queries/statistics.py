"""What the statistics of a quiz are worked out from, and what was worked out last."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BigInteger, Connection, Text, bindparam, func, or_, select, type_coerce
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.lib.errors import NotFound
from elearn.members.rules.permissions import Actor, Subject, may
from elearn.questions.models import Category, Question, QuestionTag, QuestionVersion
from elearn.quizzes.models import Attempt, AttemptEvent, Correction, Quiz, QuizStatistics

WHICH = ("best", "first", "last", "all")
LARGEST_ID = 2**31


@dataclass(frozen=True)
class Chosen:
    """The attempts taken, by id, with their totals in ten-millionths, and how many people they are of."""

    ids: array[int]
    totals: array[int]
    people: int


@dataclass(frozen=True)
class Standing:
    """Attempts submitted to a quiz, and those of them that statistics leave out: not complete, or not counted by the quiz."""

    submitted: int
    pending: int
    discarded: int


@dataclass(frozen=True)
class Since:
    """What has changed: attempts submitted, whether corrections were made, whether attempts were marked, taken in or left out."""

    attempts: int
    has_corrections: bool
    has_marks: bool

    @property
    def is_old(self) -> bool:
        """Whether working them out again would give other figures."""
        return self.attempts != 0 or self.has_corrections or self.has_marks


@dataclass(frozen=True)
class VersionRow:
    """A version with what its question is filed under."""

    id: int
    question_id: int
    code: str
    type: str
    name: str
    text: str
    text_format: str
    bank_id: int
    level: str
    category: str
    tags: frozenset[str] = frozenset()


def access_analysed(actor: Actor, code: str) -> Quiz:
    """The quiz for its statistics; NotFound where the actor may not know of them."""
    quiz = db.session.scalar(select(Quiz).where(Quiz.code == code).options(joinedload(Quiz.unit)))
    if quiz is None or not may(actor, "quiz.analyse", Subject(quiz.unit.path)):
        raise NotFound()
    return quiz


def find_named(name: str) -> Quiz | None:
    """The quiz of that code, else of that id; None where there is none."""
    quiz = db.session.scalar(select(Quiz).where(Quiz.code == name))
    if quiz is None and name.isascii() and name.isdigit() and int(name) < LARGEST_ID:
        return db.session.get(Quiz, int(name))
    return quiz


def find_statistics(quiz_id: int, which: str) -> QuizStatistics | None:
    """What was worked out last for these attempts; None where nothing was."""
    return db.session.get(QuizStatistics, (quiz_id, which))


def standing(connection: Connection, quiz_id: int) -> Standing:
    """How many attempts there are at this moment."""
    query = select(
        func.count(),
        func.count().filter(Attempt.is_pending, Attempt.is_discarded.is_(False)),
        func.count().filter(Attempt.is_discarded),
    ).where(Attempt.quiz_id == quiz_id, Attempt.state == "submitted")
    return Standing(*connection.execute(query).one())


def changed_since(quiz_id: int, found: QuizStatistics) -> Since:
    """What has happened since the statistics were worked out."""
    now = standing(db.session.connection(), quiz_id)
    corrected = or_(Correction.applied_at > found.worked_out_at, Correction.reverted_at > found.worked_out_at)
    has_corrections = db.session.scalar(select(Correction.id).where(Correction.quiz_id == quiz_id, corrected).limit(1)) is not None
    return Since(
        now.submitted - found.data["submitted"],
        has_corrections,
        (now.pending, now.discarded) != (found.data["pending"], found.data["discarded"]),
    )


def choose_attempts(connection: Connection, quiz_id: int, which: str) -> Chosen:
    """The complete attempts that count: all, or one a person. Of equally good ones the one submitted first is the best."""
    mine = (Attempt.quiz_id == quiz_id, Attempt.state == "submitted", Attempt.is_discarded.is_(False))
    query: Any = select(
        Attempt.id, Attempt.member_id, Attempt.is_pending, type_coerce(Attempt.mark, BigInteger).label("mark")
    ).where(*mine)
    # Where nobody has a second attempt, a million of them need not be put in order.
    is_choice = which != "all" and (connection.scalar(select(func.max(Attempt.number)).where(*mine)) or 0) > 1
    if is_choice:
        order: dict[str, tuple[Any, ...]] = {
            "first": (Attempt.number,),
            "last": (Attempt.number.desc(),),
            "best": (Attempt.mark.desc(), Attempt.submitted_at, Attempt.number),
        }
        query = query.add_columns(func.row_number().over(partition_by=Attempt.member_id, order_by=order[which]).label("place"))
    inner = query.subquery()
    rows = select(inner.c.id, inner.c.mark).where(inner.c.is_pending.is_(False), inner.c.mark.is_not(None)).order_by(inner.c.id)
    if is_choice:
        rows = rows.where(inner.c.place == 1)
    ids, totals = array("q"), array("q")
    for attempt_id, total in connection.execute(rows, execution_options={"yield_per": 10_000}):
        ids.append(attempt_id)
        totals.append(total)
    people = len(ids)
    if which == "all":
        people = connection.scalar(rows.order_by(None).with_only_columns(func.count(func.distinct(inner.c.member_id)))) or 0
    return Chosen(ids, totals, people)


_SHEETS = (
    select(Attempt.id, type_coerce(Attempt.paper, Text), type_coerce(Attempt.marks, Text))
    .where(Attempt.id.in_(bindparam("ids", expanding=True)))
    .order_by(Attempt.id)
)
_SAVES = (
    select(AttemptEvent.attempt_id, AttemptEvent.slot, type_coerce(AttemptEvent.data, Text), AttemptEvent.client_seq)
    .where(AttemptEvent.attempt_id.in_(bindparam("ids", expanding=True)), AttemptEvent.kind.in_(("answered", "late_taken")))
    .order_by(AttemptEvent.attempt_id, AttemptEvent.seq)
)


def list_sheets(connection: Connection, ids: Sequence[int]) -> Sequence[Any]:
    """(id, paper, marks) of the attempts in the order of their ids, both as the JSON in which they are kept."""
    return connection.execute(_SHEETS, {"ids": ids}).all()


def list_saves(connection: Connection, ids: Sequence[int]) -> Sequence[Any]:
    """(attempt, slot, data, client_seq) of all saved answers in the order of the logs, the data as JSON."""
    return connection.execute(_SAVES, {"ids": ids}).all() if ids else ()


def list_versions(connection: Connection, ids: Iterable[int]) -> list[VersionRow]:
    """The versions with their questions."""
    wanted = sorted(set(ids))
    tags: dict[int, set[str]] = {}
    found: list[VersionRow] = []
    for first in range(0, len(wanted), 500):
        part = wanted[first : first + 500]
        tagged = select(QuestionTag.question_id, QuestionTag.tag_key).join(
            QuestionVersion, QuestionVersion.question_id == QuestionTag.question_id
        )
        for question_id, tag in connection.execute(tagged.where(QuestionVersion.id.in_(part))):
            tags.setdefault(question_id, set()).add(tag)
        query = (
            select(
                QuestionVersion.id, Question.id, Question.code, QuestionVersion.type, QuestionVersion.name, QuestionVersion.text,
                QuestionVersion.text_format, Question.bank_id, Question.level, func.coalesce(Category.path, ""),
            )
            .join(Question, Question.id == QuestionVersion.question_id)
            .outerjoin(Category, Category.id == Question.category_id)
            .where(QuestionVersion.id.in_(part))
        )  # fmt: skip
        for row in connection.execute(query):
            version = VersionRow(*row)
            found.append(replace(version, tags=frozenset(tags.get(version.question_id, ()))))
    return found


def list_category_paths(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Paths of categories by id."""
    query = select(Category.id, Category.path).where(Category.id.in_(set(ids)))
    return {row.id: row.path for row in connection.execute(query)}
