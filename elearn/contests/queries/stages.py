"""A stage as judges, the chair, officers and the hall see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import selectinload

from elearn.contests.models import (
    Entry,
    Round,
    RoundJudge,
    StageContestant,
    StageCriterion,
    StageDraw,
    StagePart,
    StageResult,
    StageScore,
    StageScoreVersion,
)
from elearn.contests.queries.stage_marks import marks_of_parts
from elearn.contests.rules.stage import Criterion, Part, highest_of_part
from elearn.core.db import db
from elearn.core.types import MARK_SCALE
from elearn.lib.errors import NotFound
from elearn.members.models import Member


def list_parts(round_id: int) -> Sequence[StagePart]:
    """Parts with their criteria in the order of the programme."""
    query = select(StagePart).where(StagePart.round_id == round_id).options(selectinload(StagePart.criteria))
    return db.session.scalars(query.order_by(StagePart.number)).all()


def access_part(round_id: int, number: int) -> StagePart:
    """A part of a round that the caller has been allowed to see; NotFound where there is none."""
    found = next((one for one in list_parts(round_id) if one.number == number), None)
    if found is None:
        raise NotFound()
    return found


def list_contestants(round_id: int) -> Sequence[StageContestant]:
    """Who is on the stage, in the order of appearance; before the draw by group and name."""
    query = select(StageContestant).join(Entry, Entry.id == StageContestant.entry_id)
    order = (StageContestant.appears.is_(None), StageContestant.appears, StageContestant.group_title, Entry.search_key, Entry.id)
    return db.session.scalars(query.where(Entry.round_id == round_id, Entry.is_counted).order_by(*order)).all()


def find_draw(round_id: int) -> StageDraw | None:
    """The draw that holds; None before the first."""
    query = select(StageDraw).where(StageDraw.round_id == round_id).order_by(StageDraw.id.desc())
    return db.session.scalars(query.limit(1)).first()


def list_own_scores(judge_id: int, round_id: int) -> dict[tuple[int, int], StageScore]:
    """What a judge has given, by entry and criterion."""
    query = select(StageScore).join(Entry, Entry.id == StageScore.entry_id)
    rows = db.session.scalars(query.where(StageScore.judge_id == judge_id, Entry.round_id == round_id))
    return {(one.entry_id, one.criterion_id): one for one in rows}


def rule_of(part: StagePart) -> Part:
    """The part as the rules see it."""
    criteria = tuple(Criterion(one.id, int(one.points * MARK_SCALE), one.weight) for one in part.criteria)
    return Part(part.id, criteria, part.weight)


def highest_on_stage(round_id: int) -> int:
    """The mark of a contestant to whom every judge gives everything, in ten-millionths."""
    return sum(highest_of_part(rule_of(part)) for part in list_parts(round_id))


@dataclass(frozen=True)
class Missing:
    """Points of a part that have not been given yet, by judge."""

    total: int = 0
    by_judge: dict[str, int] = field(default_factory=dict)


def missing_in(part: StagePart) -> Missing:
    """What every judge still owes every contestant of a part."""
    entries = select(func.count()).select_from(StageContestant).join(Entry, Entry.id == StageContestant.entry_id)
    wanted = len(part.criteria) * (db.session.scalar(entries.where(Entry.round_id == part.round_id, Entry.is_counted)) or 0)
    given = (
        select(func.count())
        .select_from(StageScore)
        .join(Entry, and_(Entry.id == StageScore.entry_id, Entry.is_counted))
        .where(StageScore.judge_id == RoundJudge.member_id, StageScore.criterion_id.in_([one.id for one in part.criteria]))
        .scalar_subquery()
    )
    query = select(Member.display_name, given).select_from(RoundJudge).join(Member, Member.id == RoundJudge.member_id)
    rows = db.session.execute(query.where(RoundJudge.round_id == part.round_id).order_by(Member.name_key, Member.id)).all()
    owed = {name: wanted - count for name, count in rows if count < wanted}
    return Missing(sum(owed.values()), owed)


def count_open_parts(round_id: int) -> int:
    """Parts that are not locked."""
    query = select(func.count()).where(StagePart.round_id == round_id, StagePart.locked_at.is_(None))
    return db.session.scalar(query) or 0


def has_scores(round_id: int, part_id: int | None = None, entry_id: int | None = None) -> bool:
    """Whether any point has been given in a round, in one of its parts, or to one of its contestants."""
    query = select(StageScore.id).join(Entry, Entry.id == StageScore.entry_id).where(Entry.round_id == round_id)
    if part_id is not None:
        query = query.join(StageCriterion, StageCriterion.id == StageScore.criterion_id).where(StageCriterion.part_id == part_id)
    if entry_id is not None:
        query = query.where(StageScore.entry_id == entry_id)
    return db.session.scalar(query.limit(1)) is not None


@dataclass(frozen=True)
class Running:
    """A contestant in the running total: marks by part id and their sum, in ten-millionths; equals share a place."""

    place: int
    contestant: StageContestant
    parts: dict[int, int]
    total: int


def running_total(found: Round, only_released: bool = True) -> list[Running]:
    """Contestants by the sum of their parts, of the released ones or of all; those without points yet at the end."""
    marks: dict[int, dict[int, int]] = {}
    for row in db.session.execute(marks_of_parts(found, only_released)):
        marks.setdefault(row.entry_id, {})[row.part_id] = int(row.score)
    contestants = list_contestants(found.id)
    totals = {one.entry_id: sum(marks.get(one.entry_id, {}).values()) for one in contestants}
    ordered = sorted(contestants, key=lambda one: -totals[one.entry_id])
    return [
        Running(
            1 + sum(other > totals[one.entry_id] for other in totals.values()),
            one,
            marks.get(one.entry_id, {}),
            totals[one.entry_id],
        )
        for one in ordered
    ]


def list_scores_of(part: StagePart) -> dict[int, dict[int, dict[int, Decimal]]]:
    """Points by entry, criterion and judge: for the chair and the officers."""
    found: dict[int, dict[int, dict[int, Decimal]]] = {}
    query = select(StageScore).where(StageScore.criterion_id.in_([one.id for one in part.criteria]))
    for one in db.session.scalars(query):
        found.setdefault(one.entry_id, {}).setdefault(one.criterion_id, {})[one.judge_id] = one.points
    return found


def list_changes(part: StagePart) -> Sequence[Row[Any]]:
    """Corrected points of a part, the latest first: (version, score, criterion, entry name, judge name)."""
    query: Any = (
        select(StageScoreVersion, StageScore, StageCriterion.title, Entry.display_name, Member.display_name)
        .join(StageScore, StageScore.id == StageScoreVersion.score_id)
        .join(StageCriterion, StageCriterion.id == StageScore.criterion_id)
        .join(Entry, Entry.id == StageScore.entry_id)
        .join(Member, Member.id == StageScore.judge_id)
        .where(StageCriterion.part_id == part.id, StageScoreVersion.version > 1)
    )
    return db.session.execute(query.order_by(StageScoreVersion.given_at.desc(), StageScoreVersion.score_id).limit(100)).all()


def results_of_parts(settlement_id: int, entry_ids: Sequence[int] | None = None) -> dict[tuple[int, int], int]:
    """Marks of a settlement by entry and part, in ten-millionths: of these entries, or of all."""
    of = StageResult.__table__.c
    query = select(of.entry_id, of.part_id, of.score).where(of.settlement_id == settlement_id)
    if entry_ids is not None:
        query = query.where(of.entry_id.in_(entry_ids))
    return {(entry_id, part_id): score for entry_id, part_id, score in db.session.execute(query)}
