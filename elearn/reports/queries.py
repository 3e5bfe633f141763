"""The reports that an officer may see, the criteria of the yearly score, and plans of classes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache, partial

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from elearn.classes.models import Programme
from elearn.core.db import db
from elearn.lib.errors import NotFound
from elearn.lib.registry import Registry
from elearn.members.rules.permissions import Actor, Subject, demand, may, may_anywhere, role_paths
from elearn.reports.catalog.scorecard import SOURCES
from elearn.reports.models import ClassPlan, ScoreCriterion
from elearn.reports.rules.asking import Context, Option, Report
from elearn.reports.rules.scoring import Criterion
from elearn.units.models import Unit

REPORTS: Registry[Report] = Registry("elearn.reports.catalog", "REPORT")


def list_reports(actor: Actor) -> list[Report]:
    """Reports that the actor may see for some unit, in the order of their files."""
    return [report for report in REPORTS if may_anywhere(actor, report.permission)]


def access_report(actor: Actor, key: str) -> Report:
    """The report, or NotFound where the actor may see it for no unit."""
    if key not in REPORTS or not may_anywhere(actor, REPORTS[key].permission):
        raise NotFound()
    return REPORTS[key]


def list_sources() -> dict[str, str]:
    """What a criterion of the yearly score may rest on: keys with their names, source messages."""
    return {key: source.name for key, source in SOURCES.items()}


def context_of(actor: Actor, asked: dict[str, str], now: datetime) -> Context:
    """What a report is made from; criteria are read once for each unit and year."""
    return Context(actor, now, asked, cache(list_criteria), cache(list_class_plans), partial(list_own_units, actor))


def list_own_units(actor: Actor, permission: str) -> list[Option]:
    """Units for which the actor holds a permission, from the top down, to choose from."""
    query = select(Unit.id, Unit.name).where(Unit.path.in_(role_paths(actor, permission)))
    return [(str(number), title) for number, title in db.session.execute(query.order_by(Unit.depth, Unit.sort_key, Unit.id))]


def list_criteria(unit_id: int, year: int) -> Sequence[Criterion]:
    """Criteria of the unit for the year, or of the latest year before that has some; empty where there are none."""
    latest = select(func.max(ScoreCriterion.year)).where(ScoreCriterion.unit_id == unit_id, ScoreCriterion.year <= year)
    query = select(ScoreCriterion).where(ScoreCriterion.unit_id == unit_id, ScoreCriterion.year == latest.scalar_subquery())
    return [Criterion(one.source, one.title, one.weight) for one in db.session.scalars(query.order_by(ScoreCriterion.place))]


def list_class_plans(unit_id: int, year: int) -> dict[str, int]:
    """Learners planned by a unit for a year, by the name of the programme."""
    query = select(ClassPlan).options(joinedload(ClassPlan.programme)).where(ClassPlan.unit_id == unit_id, ClassPlan.year == year)
    return {one.programme.name: one.learners for one in db.session.scalars(query.order_by(ClassPlan.id))}


def list_planned(unit: Unit, year: int) -> list[tuple[int, str, int | None]]:
    """(id, name, learners planned) of programmes that the unit may open classes on: its own and those lent to it from above."""
    own = [int(part) for part in unit.path.strip("/").split("/")]
    plans = select(ClassPlan).where(ClassPlan.unit_id == unit.id, ClassPlan.year == year)
    planned = {one.programme_id: one.learners for one in db.session.scalars(plans)}
    query = (
        select(Programme.id, Programme.name).where(Programme.unit_id.in_(own) | Programme.id.in_(planned)).order_by(Programme.name)
    )
    return [(number, name, planned.get(number)) for number, name in db.session.execute(query)]


def access_scoring_unit(actor: Actor, unit_id: int) -> Unit:
    """The unit whose criteria the actor may set. NotFound where they may not know of it, Forbidden where they may only look."""
    unit = db.session.get(Unit, unit_id)
    if unit is None or not may(actor, "report.view", Subject(unit.path)):
        raise NotFound()
    demand(actor, "score.manage", Subject(unit.path))
    return unit
