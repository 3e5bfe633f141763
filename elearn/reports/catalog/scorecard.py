"""Units right below one scored over a year, by criteria and weights that the unit has set; figures come from what the platform holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import Integer, Row, and_, cast, false, func, or_, select

from elearn.campaigns.models import Campaign, Requirement
from elearn.campaigns.queries.board import tallies_of
from elearn.classes.models import Cohort, Enrolment, Result
from elearn.contests.models import Round, Settlement, UnitStanding
from elearn.core.db import db
from elearn.lib.periods import from_local
from elearn.lib.tree import is_within
from elearn.members.queries import below
from elearn.members.rules.permissions import role_paths
from elearn.reports.rules import scorecard
from elearn.reports.rules.asking import Choice, Context, Option, Report
from elearn.reports.rules.scoring import Fact, score_units
from elearn.reports.rules.spans import days_of
from elearn.reports.rules.written import Written
from elearn.submissions.models import Assignment, AssignmentTarget
from elearn.submissions.rules.states import HANDED_IN
from elearn.units.models import Unit

Year = tuple[datetime, datetime]
Raw = Mapping[int, tuple[int, int]]
"""(done, total) by the unit where it happened."""
MOST_UNITS = 200
YEARS = 4


@dataclass(frozen=True)
class Source:
    """Where figures of a criterion come from: its name, a source message, and the figures of a year."""

    name: str
    count: Callable[[Year], Raw]


def _written(year: Year, in_time: bool) -> Raw:
    T = AssignmentTarget
    done = and_(T.state.in_(HANDED_IN), T.late_days == 0) if in_time else T.state.in_(HANDED_IN)
    query = (
        select(T.unit_id, func.sum(cast(or_(done, T.exempted_at.is_not(None)), Integer)), func.count())
        .join(Assignment, Assignment.id == T.assignment_id)
        .where(T.removed_at.is_(None), Assignment.due_at >= year[0], Assignment.due_at < year[1])
        .group_by(T.unit_id)
    )
    return {unit_id: (int(done or 0), total) for unit_id, done, total in db.session.execute(query)}


def _entered(year: Year) -> Raw:
    query = (
        select(UnitStanding.unit_id, func.sum(UnitStanding.people_count), func.sum(UnitStanding.headcount))
        .join(Settlement, Settlement.id == UnitStanding.settlement_id)
        .join(Round, and_(Round.id == Settlement.round_id, Round.published_version == Settlement.version))
        .where(Round.closes_at >= year[0], Round.closes_at < year[1], UnitStanding.headcount > 0)
        .group_by(UnitStanding.unit_id)
    )
    return {unit_id: (int(people or 0), int(heads or 0)) for unit_id, people, heads in db.session.execute(query)}


def _learned(year: Year) -> Raw:
    passed = cast(func.coalesce(Result.is_passed, false()), Integer)
    query = (
        select(Enrolment.unit_id, func.sum(passed), func.count())
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(Result, Result.enrolment_id == Enrolment.id)
        .where(
            Cohort.recognised_on.is_not(None),
            Enrolment.withdrawn_at.is_(None),
            Cohort.starts_at >= year[0],
            Cohort.starts_at < year[1],
        )
        .group_by(Enrolment.unit_id)
    )
    return {unit_id: (int(done or 0), total) for unit_id, done, total in db.session.execute(query)}


def _campaigned(year: Year) -> Raw:
    """Everything that campaigns ask but written work, which has criteria of its own."""
    query = (
        select(Requirement)
        .join(Campaign)
        .where(Requirement.due_at >= year[0], Requirement.due_at < year[1], Campaign.announced_at.is_not(None))
    )
    sums: dict[int, tuple[int, int]] = {}
    for one in db.session.scalars(query.where(Requirement.kind != "submission")):
        for unit_id, tally in tallies_of(one).items():
            done, total = sums.get(unit_id, (0, 0))
            sums[unit_id] = (done + tally.done, total + tally.total)
    return sums


SOURCES: Mapping[str, Source] = {
    "written_done": Source("Nộp kế hoạch, bài thu hoạch", lambda year: _written(year, in_time=False)),
    "written_in_time": Source("Nộp kế hoạch, bài thu hoạch đúng hạn", lambda year: _written(year, in_time=True)),
    "campaign_done": Source("Học xong khoá trong các đợt học tập", _campaigned),
    "class_passed": Source("Học viên đạt ở các lớp", _learned),
    "contest_people": Source("Tỷ lệ người dự thi", _entered),
}


def _options(context: Context, name: str) -> Sequence[Option]:
    if name == "year":
        return [(str(context.today.year - ago), str(context.today.year - ago)) for ago in range(YEARS)]
    parents = select(Unit.parent_id).where(Unit.valid_to.is_(None), Unit.parent_id.is_not(None))
    query = select(Unit.id, Unit.name).where(
        below(Unit.path, role_paths(context.actor, "score.view")), Unit.valid_to.is_(None), Unit.id.in_(parents)
    )
    return [
        (str(number), title)
        for number, title in db.session.execute(query.order_by(Unit.depth, Unit.sort_key, Unit.id).limit(MOST_UNITS))
    ]


def _build(context: Context) -> Written | None:
    unit_id, year = context.number("unit"), context.number("year")
    span = days_of(str(year)) if year else None
    if unit_id is None or year is None or span is None:
        return None
    criteria = context.criteria(unit_id, year)
    unit = db.session.get_one(Unit, unit_id)
    if not criteria:
        return None
    days = from_local(datetime.combine(span[0], time.min)), from_local(datetime.combine(span[1] + timedelta(days=1), time.min))
    query = (
        select(Unit.id, Unit.name, Unit.path)
        .where(Unit.parent_id == unit_id, Unit.valid_to.is_(None))
        .order_by(Unit.sort_key, Unit.id)
    )
    heads = db.session.execute(query).all()
    below_it = select(Unit.id, Unit.path).where(Unit.path.startswith(unit.path, autoescape=True))
    paths: dict[int, str] = dict(db.session.execute(below_it).all())  # type: ignore[arg-type]
    facts = {one.source: _rolled(SOURCES[one.source].count(days), heads, paths) for one in criteria if one.source in SOURCES}
    scored = score_units(criteria, [(row.id, row.name) for row in heads], facts)
    return scorecard.write(criteria, scored, year, min(context.today, span[1]), unit.name)


def _rolled(raw: Raw, heads: Sequence[Row[int, str, str]], paths: Mapping[int, str]) -> dict[int, Fact]:
    """Figures of units added up to those that are scored."""
    by_path = {row.path: row.id for row in heads}
    sums: dict[int, list[int]] = {}
    depth = len(heads[0].path.strip("/").split("/")) if heads else 0
    for unit_id, (done, total) in raw.items():
        path = paths.get(unit_id, "")
        above = "/" + "/".join(path.strip("/").split("/")[:depth]) + "/"
        head = by_path.get(above)
        if head is not None and is_within(path, above):
            figures = sums.setdefault(head, [0, 0])
            figures[0] += done
            figures[1] += total
    return {head: Fact(done, total) for head, (done, total) in sums.items()}


REPORT = Report(
    key="scorecard",
    name="Chấm điểm đơn vị",
    about="Điểm cả năm của các đơn vị trực thuộc theo tiêu chí và trọng số, số liệu lấy từ lớp học, cuộc thi, kế hoạch.",
    permission="score.view",
    empty="Đơn vị này chưa đặt tiêu chí chấm điểm. Cán bộ đào tạo đặt tiêu chí và điểm ở nút “Tiêu chí chấm điểm”.",
    build=_build,
    choices=(Choice("unit", "Đơn vị chấm"), Choice("year", "Năm")),
    options=_options,
)
