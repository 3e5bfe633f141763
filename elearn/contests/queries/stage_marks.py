"""The marks of a stage worked out by the database; says in SQL what `rules.stage` says in Python, and a test compares both."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, func, literal, select, type_coerce

from elearn.contests.models import Entry, Round, StageCriterion, StagePart, StageScore
from elearn.contests.rules.settings import ContestSettings
from elearn.contests.rules.stage import LEAST_TO_LEAVE_OUT
from elearn.core.sql import epoch_ms

NONE = cast(literal(None), BigInteger)


def _whole(value: Any) -> ColumnElement[int]:
    return cast(value, BigInteger)


def marks_of_parts(found: Round, only_released: bool = False) -> Select[Any]:
    """(entry_id, part_id, score, given_at) of every entry that counts and has points in the part; `given_at` is the last of them."""
    points: Any = type_coerce(StageScore.points, BigInteger)
    total, count = _whole(func.sum(points)), _whole(func.count())
    if found.own_rules.leaves_out_extremes:
        is_many = func.count() >= LEAST_TO_LEAVE_OUT
        total = case((is_many, total - func.max(points) - func.min(points)), else_=total)
        count = case((is_many, count - 2), else_=count)
    by_criterion = (
        select(
            StageScore.entry_id,
            StageScore.criterion_id,
            ((2 * total + count) // (2 * count)).label("mean"),
            func.max(StageScore.given_at).label("given_at"),
        )
        .join(Entry, Entry.id == StageScore.entry_id)
        .where(Entry.round_id == found.id, Entry.is_counted)
        .group_by(StageScore.entry_id, StageScore.criterion_id)
        .subquery()
    )
    earned = _whole(func.sum(_whole(by_criterion.c.mean) * StageCriterion.weight))
    query = (
        select(
            by_criterion.c.entry_id,
            StagePart.id.label("part_id"),
            ((earned * StagePart.weight + 5000) // 10_000).label("score"),
            func.max(by_criterion.c.given_at).label("given_at"),
        )
        .join(StageCriterion, StageCriterion.id == by_criterion.c.criterion_id)
        .join(StagePart, StagePart.id == StageCriterion.part_id)
        .where(StagePart.round_id == found.id)
        .group_by(by_criterion.c.entry_id, StagePart.id, StagePart.weight)
    )
    return query.where(StagePart.released_at.is_not(None)) if only_released else query


def marks_on_stage(settled: Round, rules: ContestSettings) -> Select[Any]:
    """The sum of the parts of each entry; the time that counts is that of the last point given."""
    parts = marks_of_parts(settled).subquery()
    query: Any = (
        select(
            Entry.id.label("entry_id"),
            Entry.competing_unit_id.label("unit_id"),
            NONE.label("attempt_id"),
            _whole(func.sum(parts.c.score)).label("score"),
            literal(0).label("correct_count"),
            literal(0).label("is_all_correct"),
            NONE.label("prediction"),
            literal(0).label("working_ms"),
            epoch_ms(func.max(parts.c.given_at)).label("submitted_ms"),
            literal(1).label("attempts_used"),
            NONE.label("total_score"),
            NONE.label("best_score"),
        )
        .join(Entry, and_(Entry.id == parts.c.entry_id))
        .group_by(Entry.id, Entry.competing_unit_id)
    )
    return query
