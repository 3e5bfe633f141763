"""Who is missing: figures of every requirement by unit, rolled up the tree, and the names.

Each requirement is counted by one grouped statement over an index; units are added up in memory. So 5,000 units and 300,000 people
need no counters that could go wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, null, or_, select

from elearn.campaigns.models import Campaign, CampaignTarget, Requirement
from elearn.campaigns.queries.campaigns import deadlines_of
from elearn.campaigns.rules.progress import Missing, Place, Row, Tally, roll_up, rows_below, tree_rows
from elearn.core.db import db
from elearn.core.pages import PAGE_SIZE, Page
from elearn.courses.models import CourseEdition, LessonProgress
from elearn.courses.models import Taking as Study
from elearn.lib.vietnamese import fold
from elearn.members.queries import below
from elearn.submissions.queries import targets
from elearn.submissions.rules.states import STATE_NAMES, Deadlines, State
from elearn.units.models import Unit

T = CampaignTarget


def list_places(path: str) -> list[Place]:
    """Units of a subtree as the tree shows them, ended ones too, in Vietnamese order from the top down."""
    unit = Unit.__table__.c
    query = select(unit.id, unit.short_name, unit.path, unit.depth).where(below(unit.path, [path]))
    return [Place(*row) for row in db.session.execute(query.order_by(unit.depth, unit.sort_key, unit.id))]


def on_list(requirement: Requirement, as_of: datetime | None = None) -> list[ColumnElement[bool]]:
    """SQL for the units or people on the list of whom this is asked, now or on a day gone by."""
    of = T.member_id.is_not(None) if requirement.asked_of == "member" else T.member_id.is_(None)
    then = [T.removed_at.is_(None)] if as_of is None else [T.added_at <= as_of, or_(T.removed_at.is_(None), T.removed_at > as_of)]
    return [T.campaign_id == requirement.campaign_id, of, *then, *([T.kind.in_(requirement.kinds)] if requirement.kinds else [])]


def _finished(requirement: Requirement, as_of: datetime | None = None) -> list[ColumnElement[bool]]:
    """SQL for "this taking is of the campaign's course, in any edition, and completed"."""
    editions = select(CourseEdition.id).where(CourseEdition.course_id == requirement.campaign.course_id)
    return [Study.edition_id.in_(editions), Study.completed_at.is_not(None) if as_of is None else Study.completed_at <= as_of]


def _has_finished(requirement: Requirement) -> ColumnElement[bool]:
    """SQL for "this person on the list has completed the course": one look into an index a person, right for few of them."""
    return exists().where(Study.member_id == T.member_id, *_finished(requirement))


def undone_at(requirement: Requirement, as_of: datetime) -> ColumnElement[bool]:
    """SQL for people on the list who had not completed the course at a moment; what is handed in has its own, see `not_done_at`."""
    return T.member_id.not_in(select(Study.member_id).where(*_finished(requirement, as_of)))


def tallies_of(requirement: Requirement, as_of: datetime | None = None, path: str = "") -> dict[int, Tally]:
    """Done and asked by the unit on the list, without those below it; at a moment gone by where `as_of` is given, in a subtree where `path` is."""
    if requirement.assignment_id is not None:
        if as_of is not None:
            return {unit_id: Tally(*both) for unit_id, both in targets.done_by_unit(requirement.assignment_id, as_of).items()}
        counted = targets.count_by_unit(requirement.assignment_id, [path] if path else None)
        return {unit_id: Tally(one.done, one.total, one.exempt, one.late) for unit_id, one in counted.items()}
    asked = [*on_list(requirement, as_of), *([T.unit_id.in_(select(Unit.id).where(below(Unit.path, [path])))] if path else [])]
    total = dict(db.session.execute(select(T.unit_id, func.count()).where(*asked).group_by(T.unit_id)).all())
    have = select(T.unit_id, func.count()).where(*asked).group_by(T.unit_id)
    few = bool(path) and as_of is None
    finished = select(Study.member_id).where(*_finished(requirement, as_of))
    have = have.where(_has_finished(requirement) if few else T.member_id.in_(finished))
    done_by: dict[int, int] = dict(db.session.execute(have).all())  # type: ignore[arg-type]
    return {unit_id: Tally(done_by.get(unit_id, 0), count) for unit_id, count in total.items()}


@dataclass(frozen=True)
class Board:
    """The screen of an officer: each requirement summed up for the unit looked at, and the tree of the one chosen."""

    sums: Mapping[int, Tally]
    rows: Sequence[Row]
    deadlines: Mapping[int, Deadlines]


def board_of(campaign: Campaign, chosen: Requirement | None, unit: Unit) -> Board:
    """All figures of a campaign for one unit; the rows are those of the requirement chosen."""
    places = list_places(unit.path)
    top = Place(unit.id, unit.short_name, unit.path, unit.depth)
    sums: dict[int, Tally] = {}
    rows: list[Row] = []
    narrowed = "" if unit.id == campaign.unit_id else unit.path
    for requirement in campaign.requirements:
        tallies = tallies_of(requirement, path=narrowed)
        sums[requirement.id] = sum(tallies.values(), Tally())
        if chosen is not None and requirement.id == chosen.id:
            rows = rows_below(places, roll_up(places, tallies), top)
    return Board(sums, rows, deadlines_of(campaign.requirements))


def sum_of(requirement: Requirement, unit: Unit) -> Tally:
    """A requirement summed up for one unit with all below it."""
    narrowed = "" if unit.id == requirement.campaign.unit_id else unit.path
    return sum(tallies_of(requirement, path=narrowed).values(), Tally())


def sums_of(campaign: Campaign, unit: Unit) -> dict[int, Tally]:
    """Each requirement of a campaign summed up for one unit with all below it."""
    return {one.id: sum_of(one, unit) for one in campaign.requirements}


def tree_of(campaign: Campaign, chosen: Requirement, unit: Unit) -> list[Row]:
    """Every unit of whom something is asked, there or below, from the top down: parents before their children."""
    places = list_places(unit.path)
    sums = roll_up(places, tallies_of(chosen, path="" if unit.id == campaign.unit_id else unit.path))
    return tree_rows(places, sums, unit.depth)


def page_of_missing(requirement: Requirement, unit: Unit, words: str, number: int, size: int = PAGE_SIZE) -> Page[Missing]:
    """One page of those who have not done it within a subtree, people by given name, units by name."""
    rows = _missing(requirement, unit, words)
    if words.strip():
        total = db.session.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
    else:
        total = sum_of(requirement, unit).missing
    number = min(number, max(1, -(-total // size)))
    return Page(_shown(requirement, rows.limit(size).offset((number - 1) * size)), number, total, size)


def list_missing(requirement: Requirement, unit: Unit, most: int | None = None) -> list[Missing]:
    """The first of them, or all: for files and reminders."""
    return _shown(requirement, _missing(requirement, unit, "").limit(most))


def _missing(requirement: Requirement, unit: Unit, words: str) -> Select[*tuple[Any, ...]]:
    """(name, unit name, path, member, unit, target, state) of those who have not done it."""
    query: Select[*tuple[Any, ...]]
    if requirement.assignment_id is not None:
        A = targets.T
        query = targets.filtered(requirement.assignment_id, "not_done", words, [unit.path]).join(Unit, Unit.id == A.unit_id)
        return query.with_only_columns(A.name, A.unit_name, Unit.path, A.member_id, A.unit_id, A.id, A.state)
    query = select(T.name, T.unit_name, Unit.path, T.member_id, T.unit_id, null(), null()).join(Unit, Unit.id == T.unit_id)
    query = query.where(*on_list(requirement), below(Unit.path, [unit.path]), ~_has_finished(requirement))
    for word in fold(words).split()[:6]:
        query = query.where(T.search_key.contains(word, autoescape=True))
    return query.order_by(T.name_key, T.id)


def _shown(requirement: Requirement, rows: Select[*tuple[Any, ...]]) -> list[Missing]:
    deadlines = deadlines_of([requirement])[requirement.id]
    found = db.session.execute(rows).all()
    read = _lessons_read(requirement, [row[3] for row in found]) if requirement.kind == "course" else {}
    return [
        Missing(
            name,
            unit_name,
            path,
            _detail(requirement, state, read.get(member_id or 0, 0)),
            deadlines.of(path),
            member_id,
            unit_id,
            target_id,
        )
        for name, unit_name, path, member_id, unit_id, target_id, state in found
    ]


def _detail(requirement: Requirement, state: str | None, lessons: int) -> str:
    """How far somebody is who has not done it yet, as a source message."""
    if state is not None:
        return STATE_NAMES[State(state)]
    return "Đang học" if lessons else "Chưa mở bài"


def _lessons_read(requirement: Requirement, member_ids: Sequence[int]) -> dict[int, int]:
    """Lessons opened by those members in any edition of the course."""
    editions = select(CourseEdition.id).where(CourseEdition.course_id == requirement.campaign.course_id)
    query = select(Study.member_id, func.count(LessonProgress.lesson_id)).join(LessonProgress, LessonProgress.taking_id == Study.id)
    found: dict[int, int] = {}
    for start in range(0, len(member_ids), 500):
        some = query.where(and_(Study.member_id.in_(member_ids[start : start + 500]), Study.edition_id.in_(editions)))
        found.update(db.session.execute(some.group_by(Study.member_id)).all())  # type: ignore[arg-type]
    return found
