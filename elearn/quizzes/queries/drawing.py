"""Draws the paper of a quiz: reads what may be drawn, and lets the rules decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

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
            known[part.source] = list(connection.scalars(pool_select(connection, part.source, day)))
    return [known[part.source] for part in plan.parts]


def pool_select(connection: Connection, source: Source, day: date) -> Any:
    """The statement that reads what a source offers on the day."""
    query = (
        select(QuestionVersion.id)
        .join(Question, (Question.id == QuestionVersion.question_id) & (Question.version_number == QuestionVersion.number))
        .order_by(Question.code)
    )
    if source.question_id is not None:
        return query.where(Question.id == source.question_id, Question.status.in_(("in_use", "retired")))
    query = query.where(
        Question.bank_id == source.bank_id,
        Question.status == "in_use",
        or_(QuestionVersion.valid_to.is_(None), QuestionVersion.valid_to > day),
    )
    if source.level:
        query = query.where(Question.level == source.level)
    if source.category_id is not None:
        query = query.where(Question.category_id.in_(select(Category.id).where(_on_shelf(connection, source.category_id))))
    for tag in source.tags:
        query = query.where(
            select(QuestionTag.tag_key).where(QuestionTag.question_id == Question.id, QuestionTag.tag_key == tag).exists()
        )
    return query


def _on_shelf(connection: Connection, category_id: int) -> ColumnElement[bool]:
    """The shelf itself and all shelves on it."""
    found = connection.execute(select(Category.bank_id, Category.path).where(Category.id == category_id)).one_or_none()
    if found is None:
        return Category.id == category_id
    inside = Category.path.startswith(f"{found.path} / ", autoescape=True)
    return (Category.bank_id == found.bank_id) & or_(Category.id == category_id, inside)


def draw_paper(connection: Connection, plan: Plan, seed: str, day: date) -> list[dict[str, Any]]:
    """A paper as an attempt keeps it, decided wholly by the seed and by what may be drawn. Raises DomainError pool_too_small."""
    return compose(connection, plan, pools_of(connection, plan, day), seed)


def compose(connection: Connection, plan: Plan, pools: Sequence[Sequence[int]], seed: str) -> list[dict[str, Any]]:
    """The paper that the seed decides, from pools that were read before."""
    placed = place_questions(plan, pools, seed)
    shown = render_versions([one.version_id for one in placed], connection)
    asked = {version.version_id: Asked(version.type, version.body, version.default_mark) for version in shown}
    return write_paper(plan, placed, asked, seed)
