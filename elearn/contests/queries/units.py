"""Units in a contest: what their people did in a settlement, how many people they have, which took no part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, and_, case, cast, func, select
from sqlalchemy.orm import Session

from elearn.contests.models import Contest, Round, Settlement, Standing, UnitStanding
from elearn.contests.rules.settings import UnitFormula
from elearn.contests.rules.unit_scores import Reached, UnitFigures, reached
from elearn.contests.rules.units import competing_unit
from elearn.core.db import db
from elearn.lib.periods import local_day
from elearn.units.models import Unit, UnitHeadcount


def figures_of_units(
    session: Session, settled: Round, settlement: Settlement, formula: UnitFormula
) -> tuple[list[UnitFigures], dict[int, int]]:
    """The sums of each unit that took part, with its headcount as of the day of the formula, and by unit the prizes of its people.

    One statement over the standings.
    """
    passes = Standing.score * 100 >= settlement.max_score * formula.pass_percent
    sums = (
        select(
            Standing.unit_id,
            func.count().label("people"),
            func.sum(Standing.attempts_used).label("attempts"),
            func.sum(Standing.is_all_correct).label("right"),
            func.sum(case((passes, 1), else_=0)).label("passed"),
            cast(func.sum(Standing.score), BigInteger).label("score"),
            func.sum(case((Standing.prize != "", 1), else_=0)).label("prizes"),
        )
        .where(Standing.settlement_id == settlement.id)
        .group_by(Standing.unit_id)
        .subquery()
    )
    rows = session.execute(select(sums, Unit.name).join(Unit, Unit.id == sums.c.unit_id)).all()
    counts = headcounts_of(session, settled.contest, formula.headcount_on or local_day(settled.closes_at))
    figures = [
        UnitFigures(
            row.unit_id, row.name, row.people, int(row.attempts), int(row.right), int(row.passed), row.score, settlement.max_score,
            counts.get(row.unit_id),
        )
        for row in rows
    ]  # fmt: skip
    return figures, {row.unit_id: int(row.prizes) for row in rows}


def headcounts_of(session: Session, contest: Contest, day: date) -> dict[int, int]:
    """People of each competing unit and all below it: the latest figure of each unit up to the day; units without any are missing."""
    top = session.scalar(select(Unit.path).where(Unit.id == contest.unit_id)) or ""
    newest = (
        select(UnitHeadcount.unit_id, func.max(UnitHeadcount.counted_on).label("day"))
        .where(UnitHeadcount.counted_on <= day)
        .group_by(UnitHeadcount.unit_id)
        .subquery()
    )
    rows = session.execute(
        select(Unit.path, UnitHeadcount.people_count)
        .join(UnitHeadcount, UnitHeadcount.unit_id == Unit.id)
        .join(newest, and_(newest.c.unit_id == UnitHeadcount.unit_id, newest.c.day == UnitHeadcount.counted_on))
    )
    found: dict[int, int] = {}
    for path, people in rows:
        unit_id = competing_unit(top, path)
        found[unit_id] = found.get(unit_id, 0) + people
    return found


@dataclass(frozen=True)
class CompetingUnit:
    """A unit that may take part, with its row where it did, and how it stands to what is asked of it."""

    unit_id: int
    name: str
    row: UnitStanding | None
    reached: Reached | None


def list_competing(found: Round, settlement: Settlement | None) -> list[CompetingUnit]:
    """Every unit directly below the organiser, and others that took part: those that took part by place, then the rest by name."""
    rows = {}
    if settlement is not None:
        query = select(UnitStanding).where(UnitStanding.settlement_id == settlement.id)
        rows = {one.unit_id: one for one in db.session.scalars(query)}
    units = select(Unit.id, Unit.name).where(Unit.parent_id == found.contest.unit_id, Unit.valid_to.is_(None))
    names = dict(db.session.execute(units.order_by(Unit.sort_key)).all())
    names.update({one.unit_id: one.unit_name for one in rows.values() if one.unit_id not in names})
    targets = found.rules.unit_targets
    every = [
        CompetingUnit(
            unit_id, name, rows.get(unit_id),
            reached(targets, unit_id, rows[unit_id].people_count if unit_id in rows else 0, rows[unit_id].attempts_count if unit_id in rows else 0),
        )
        for unit_id, name in names.items()
    ]  # fmt: skip
    return sorted(every, key=lambda one: one.row.position if one.row else len(rows) + 1)


def list_figures(settlement: Settlement) -> list[UnitFigures]:
    """The figures of a settlement again, from its own rows, to try other formulas on."""
    rows: Sequence[UnitStanding] = db.session.scalars(
        select(UnitStanding).where(UnitStanding.settlement_id == settlement.id).order_by(UnitStanding.position)
    ).all()
    return [
        UnitFigures(
            one.unit_id, one.unit_name, one.people_count, one.attempts_count, one.all_correct_count, one.passed_count, one.score_sum,
            settlement.max_score, one.headcount,
        )
        for one in rows
    ]  # fmt: skip
