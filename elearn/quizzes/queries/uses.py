"""Where questions are used: quizzes that name them or may draw them, and attempts whose papers hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from elearn.core.db import db
from elearn.questions.models import Category, Question, QuestionTag, QuestionVersion
from elearn.quizzes.models import Attempt, Quiz


@dataclass
class _Counted:
    """Attempts by version of one quiz, up to an attempt: papers never change, so that only later ones need to be read again."""

    last_id: int = 0
    attempts: dict[int, int] = field(default_factory=dict)


SETTLED = timedelta(minutes=5)
"""An attempt with a smaller number may still be on its way into the database; after this long none is."""
_counted: WeakKeyDictionary[Engine, dict[int, _Counted]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Usage:
    """A quiz in which a question stands. `version` 0: it draws whichever is in force; otherwise attempts begun hold that version."""

    quiz: Quiz
    is_chosen: bool
    is_live: bool
    version: int = 0
    attempts: int = 0


def attempts_by_version(quiz_id: int, now: datetime) -> Mapping[int, int]:
    """Attempts begun at a quiz by the versions that their papers hold."""
    known = _counted.setdefault(db.engine, {}).setdefault(quiz_id, _Counted())
    settled, recent, is_settled = _Counted(known.last_id, dict(known.attempts)), dict[int, int](), True
    query = select(Attempt.id, Attempt.started_at, Attempt.paper).where(Attempt.quiz_id == quiz_id, Attempt.id > known.last_id)
    for number, started_at, paper in db.session.execute(query.order_by(Attempt.id).execution_options(yield_per=1000)):
        is_settled = is_settled and started_at < now - SETTLED
        if is_settled:
            settled.last_id = number
        counts = settled.attempts if is_settled else recent
        for version in {asked["version"] for asked in paper}:
            counts[version] = counts.get(version, 0) + 1
    _counted[db.engine][quiz_id] = settled
    return {
        version: settled.attempts.get(version, 0) + recent.get(version, 0) for version in settled.attempts.keys() | recent.keys()
    }


@dataclass(frozen=True)
class _Placed:
    id: int
    bank_id: int
    level: str
    category: str
    tags: frozenset[str]
    is_in_use: bool


def usages_of(question_ids: Sequence[int], now: datetime) -> dict[int, list[Usage]]:
    """For each question the quizzes whose blueprint names it or may draw it, drafts and archived ones without attempts left out.

    A blueprint does not change once a quiz has been sat, so that no other quiz can hold the question.
    """
    placed = _placed(question_ids)
    versions: dict[int, dict[int, int]] = {}
    rows = select(QuestionVersion.question_id, QuestionVersion.id, QuestionVersion.number)
    for question_id, version_id, number in db.session.execute(rows.where(QuestionVersion.question_id.in_(question_ids))):
        versions.setdefault(question_id, {})[version_id] = number
    shelves = {
        number: (bank, path) for number, bank, path in db.session.execute(select(Category.id, Category.bank_id, Category.path))
    }
    found: dict[int, list[Usage]] = {number: [] for number in question_ids}
    for quiz in db.session.scalars(select(Quiz).order_by(Quiz.id.desc())):
        banks = {part["bank"] for part in quiz.blueprint if "bank" in part}
        chosen = {part["question"] for part in quiz.blueprint if "question" in part}
        near = [one for one in placed if one.id in chosen or one.bank_id in banks]
        if not near:
            continue
        is_live = quiz.state == "published" and (quiz.closes_at is None or quiz.closes_at > now)
        sat = attempts_by_version(quiz.id, now)
        for one in near:
            is_chosen = one.id in chosen
            if is_live and (is_chosen or (one.is_in_use and any(_fits(part, one, shelves) for part in quiz.blueprint))):
                found[one.id].append(Usage(quiz, is_chosen, True))
            for version_id, number in versions.get(one.id, {}).items():
                if sat.get(version_id):
                    found[one.id].append(Usage(quiz, is_chosen, False, number, sat[version_id]))
    return found


def _placed(question_ids: Sequence[int]) -> list[_Placed]:
    tags: dict[int, set[str]] = {}
    query = select(QuestionTag.question_id, QuestionTag.tag_key).where(QuestionTag.question_id.in_(question_ids))
    for number, tag in db.session.execute(query):
        tags.setdefault(number, set()).add(tag)
    rows = select(Question.id, Question.bank_id, Question.level, Category.path, Question.status)
    rows = rows.outerjoin(Category, Category.id == Question.category_id).where(Question.id.in_(question_ids))
    return [
        _Placed(number, bank_id, level, path or "", frozenset(tags.get(number, ())), status == "in_use")
        for number, bank_id, level, path, status in db.session.execute(rows)
    ]


def _fits(part: Mapping[str, Any], one: _Placed, shelves: Mapping[int, tuple[int, str]]) -> bool:
    """Whether a part of a blueprint may draw the question."""
    if part.get("bank") != one.bank_id or (part.get("level") or one.level) != one.level:
        return False
    if not set(part.get("tags") or ()) <= one.tags:
        return False
    if part.get("category") is None:
        return True
    _, path = shelves.get(part["category"], (0, ""))
    return bool(path) and (one.category == path or one.category.startswith(f"{path} / "))
