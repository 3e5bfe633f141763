"""Draws the paper of a quiz: reads what may be drawn, and lets the rules decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, or_, select

from elearn.questions.models import Category, Question, QuestionTag, QuestionVersion
from elearn.questions.queries import render_versions
from elearn.quizzes.rules.papers import Asked, Plan, Source, place_questions, read_plan, write_paper


def plan_of(quiz: Any) -> Plan:
    """What a quiz (its row or object) says of its papers."""
    return read_plan(quiz.blueprint, quiz.sections, quiz.shuffle_questions, quiz.shuffle_options, quiz.paper_seed)


def pools_of(connection: Connection, plan: Plan, day: date) -> list[list[int]]:
    """For each part of the plan the versions in force that it may take, in the order of their codes.

    Drawn are questions in use whose fact still holds on the day. A chosen question stands even after it was retired: the quiz named it.
    """
    known: dict[Source, list[int]] = {}
    for part in plan.parts:
        if part.source not in known:
            known[part.source] = pool_of(connection, part.source, day)
    return [known[part.source] for part in plan.parts]


def pool_of(connection: Connection, source: Source, day: date) -> list[int]:
    """The versions in force that a source gives on the day, in the order of their codes."""
    return list(connection.scalars(*_asked(connection, source, day)))


def pool_select(connection: Connection, source: Source, day: date) -> Select[int]:
    """The statement that reads what a source gives on the day, to be asked further questions."""
    statement, values = _asked(connection, source, day)
    return statement.params(values)


def _asked(connection: Connection, source: Source, day: date) -> tuple[Select[int], dict[str, Any]]:
    has_shelf = source.category_id is not None
    statement = _statement(source.question_id is not None, bool(source.level), has_shelf, len(source.tags))
    values: dict[str, Any] = {"question": source.question_id, "bank": source.bank_id, "level": source.level, "day": day}
    if has_shelf:
        values["shelves"] = _shelves(connection, source.category_id)
    return statement, values | {f"tag{place}": tag for place, tag in enumerate(source.tags)}


@lru_cache(maxsize=64)
def _statement(is_chosen: bool, has_level: bool, has_shelf: bool, tags: int) -> Select[int]:
    """The statement for sources of one shape: every start asks it, and putting it together costs more than asking."""
    query = (
        select(QuestionVersion.id)
        .join(Question, (Question.id == QuestionVersion.question_id) & (Question.version_number == QuestionVersion.number))
        .order_by(Question.code)
    )
    if is_chosen:
        return query.where(Question.id == bindparam("question"), Question.status.in_(("in_use", "retired")))
    query = query.where(
        Question.bank_id == bindparam("bank"),
        Question.status == "in_use",
        or_(QuestionVersion.valid_to.is_(None), QuestionVersion.valid_to > bindparam("day")),
    )
    if has_level:
        query = query.where(Question.level == bindparam("level"))
    if has_shelf:
        query = query.where(Question.category_id.in_(bindparam("shelves", expanding=True)))
    for place in range(tags):
        tagged = select(QuestionTag.tag_key).where(
            QuestionTag.question_id == Question.id, QuestionTag.tag_key == bindparam(f"tag{place}")
        )
        query = query.where(tagged.exists())
    return query


def _shelves(connection: Connection, category_id: int | None) -> list[int]:
    """The shelf itself and all shelves on it."""
    found = connection.execute(select(Category.bank_id, Category.path).where(Category.id == category_id)).one_or_none()
    if found is None:
        return []
    inside = Category.path.startswith(f"{found.path} / ", autoescape=True)
    query = select(Category.id).where(Category.bank_id == found.bank_id, or_(Category.id == category_id, inside))
    return list(connection.scalars(query))


def draw_paper(connection: Connection, plan: Plan, seed: str, day: date) -> list[dict[str, Any]]:
    """A paper as an attempt keeps it, decided wholly by the seed and by what may be drawn. Raises DomainError pool_too_small."""
    return compose(connection, plan, pools_of(connection, plan, day), seed)


def compose(connection: Connection, plan: Plan, pools: Sequence[Sequence[int]], seed: str) -> list[dict[str, Any]]:
    """The paper that the seed decides, from pools that were read before."""
    placed = place_questions(plan, pools, seed)
    shown = render_versions([one.version_id for one in placed], connection)
    asked = {version.version_id: Asked(version.type, version.body, version.default_mark) for version in shown}
    return write_paper(plan, placed, asked, seed)
