"""A study campaign on any day since it began: figures, sentences and names of those missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import selectinload

from elearn.campaigns.models import Campaign, Requirement
from elearn.campaigns.queries.board import list_places, tallies_of
from elearn.campaigns.queries.campaigns import list_documents, list_takings, parts_of, visible_campaigns
from elearn.campaigns.queries.figures import missing_names
from elearn.campaigns.rules.progress import Place, Tally, roll_up
from elearn.core.db import db
from elearn.lib.periods import from_local, local_day
from elearn.reports.rules import campaign as words
from elearn.reports.rules.asking import Choice, Context, Option, Report
from elearn.reports.rules.campaign import Asked, CampaignFacts, Part
from elearn.reports.rules.sentences import short_day
from elearn.reports.rules.written import Written
from elearn.units.models import Unit

MOST = 100


def _campaigns(context: Context) -> Sequence[Campaign]:
    query = visible_campaigns(context.actor).options(selectinload(Campaign.requirements))
    return db.session.scalars(query.order_by(Campaign.due_at.desc(), Campaign.id.desc()).limit(MOST)).all()


def _chosen(context: Context) -> Campaign | None:
    return next((one for one in _campaigns(context) if one.id == context.number("campaign")), None)


def _options(context: Context, name: str) -> Sequence[Option]:
    if name == "campaign":
        return [(str(one.id), one.title) for one in _campaigns(context)]
    found = _chosen(context)
    if name == "unit":
        return [(str(unit.id), unit.name) for unit in parts_of(context.actor, found)] if found else []
    return _days(found, context.today) if found else []


def _days(found: Campaign, today: date) -> list[Option]:
    """Today, deadlines that are over, and ends of months since the beginning, the latest first."""
    first = local_day(found.starts_at)
    days = {local_day(one.due_at) for one in found.requirements} | {local_day(found.due_at)}
    end = first.replace(day=1)
    while (end := (end.replace(day=28) + timedelta(days=4)).replace(day=1)) <= today:
        days.add(end - timedelta(days=1))
    days = {day for day in days if first <= day < today}
    return [(day.isoformat(), short_day(day)) for day in sorted({*days, today}, reverse=True)]


def _build(context: Context) -> Written | None:
    found, unit_id = _chosen(context), context.number("unit")
    if found is None or unit_id is None:
        return None
    unit, day = db.session.get_one(Unit, unit_id), date.fromisoformat(context.asked["day"])
    as_of = (
        context.now
        if day == context.today
        else from_local(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)
    )
    places = list_places(unit.path)
    taken = next((one for one in list_takings(found.id) if one.at <= as_of), None)
    facts = CampaignFacts(
        found.title, unit.name, day, f"Kế hoạch {found.decision}" if found.decision else "",
        tuple(one.document.name for one in list_documents(found.id)), local_day(taken.at) if taken else None,
        tuple(_asked(one, unit, places, as_of) for one in found.requirements),
    )  # fmt: skip
    return words.write(facts)


def _asked(requirement: Requirement, unit: Unit, places: Sequence[Place], as_of: datetime) -> Asked:
    """Figures of one thing asked, by the units right below; what stands at the unit itself is a row of its own."""
    tallies = tallies_of(requirement, as_of)
    sums = roll_up(places, {place.unit_id: tallies[place.unit_id] for place in places if place.unit_id in tallies})
    own = tallies.get(unit.id, Tally())
    parts = [Part(unit.name, own.done, own.total)] if own.total else []
    depth = unit.depth + 1
    parts += [
        Part(place.name, sums[place.unit_id].done, sums[place.unit_id].total)
        for place in places
        if place.depth == depth and place.unit_id in sums
    ]
    whole = sums.get(unit.id, Tally())
    return Asked(
        requirement.title, requirement.kind, requirement.asked_of, local_day(requirement.due_at), tuple(parts), whole.done, whole.total,
        tuple(missing_names(requirement, unit.path, as_of)),
    )  # fmt: skip


REPORT = Report(
    key="campaign",
    name="Đợt học tập",
    about="Đã nộp, đã học xong theo từng đơn vị tính đến một ngày, và danh sách còn thiếu.",
    permission="campaign.view",
    empty="Chưa có đợt học tập nào trong phạm vi của bạn. Lập đợt học tập ở trang Đợt học tập.",
    build=_build,
    choices=(Choice("campaign", "Đợt học tập"), Choice("unit", "Đơn vị"), Choice("day", "Tính đến ngày")),
    options=_options,
)
