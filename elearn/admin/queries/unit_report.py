"""People and attempts by unit over a period, as organised then and as organised now: both add up to the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from elearn.core.db import db
from elearn.lib.periods import VIETNAM
from elearn.lib.vietnamese import sort_key
from elearn.members.queries import below
from elearn.members.queries.organised import count_on, mapped_now
from elearn.members.rules.permissions import Actor, role_paths
from elearn.quizzes.models import Attempt
from elearn.units.models import Unit
from elearn.units.queries.history import snapshot_on
from elearn.units.rules.snapshots import Snapshot, roll_up


@dataclass(frozen=True)
class Line:
    """A unit with its figures, all below it counted."""

    unit_id: int
    name: str
    level: int
    people: int
    attempts: int


@dataclass(frozen=True)
class Side:
    """One way of counting: lines from the top down; `apart` holds figures of units that this way does not know."""

    day: date
    lines: tuple[Line, ...]
    apart: tuple[Line, ...]
    people: int
    attempts: int


@dataclass(frozen=True)
class UnitReport:
    """The same people and attempts, by the units of then and by those of now."""

    then: Side
    now: Side

    @property
    def agrees(self) -> bool:
        """Whether both ways come to the same totals."""
        return (self.then.people, self.then.attempts) == (self.now.people, self.now.attempts)


def unit_report(actor: Actor, since: date, until: date, today: date, deepest: int = 1) -> UnitReport:
    """Attempts submitted from `since` to `until` (both included), people as of `until`, within what the actor may see.

    `deepest` is how many levels below the tops are listed; figures of deeper units are in those above them.
    """
    visible = set(db.session.scalars(select(Unit.id).where(below(Unit.path, role_paths(actor, "unit.view")))))
    people = {unit_id: count for unit_id, count in count_on(until).items() if unit_id in visible}
    start = datetime.combine(since, time.min, VIETNAM)
    end = datetime.combine(until + timedelta(days=1), time.min, VIETNAM)
    query = (
        select(Attempt.unit_id, func.count())
        .where(
            Attempt.state == "submitted", Attempt.deadline_at >= start, Attempt.submitted_at >= start, Attempt.submitted_at < end
        )
        .group_by(Attempt.unit_id)
    )
    attempts = {unit_id: count for unit_id, count in db.session.execute(query) if unit_id in visible}
    people_now, people_lost = mapped_now(people)
    attempts_now, attempts_lost = mapped_now(attempts)
    return UnitReport(
        _side(snapshot_on(until), visible, people, attempts, {}, {}, deepest),
        _side(snapshot_on(today), visible, people_now, attempts_now, people_lost, attempts_lost, deepest),
    )


def _side(
    snapshot: Snapshot, visible: set[int], people: Mapping[int, int], attempts: Mapping[int, int], people_lost: Mapping[int, int],
    attempts_lost: Mapping[int, int], deepest: int,
) -> Side:  # fmt: skip
    by_people, by_attempts = roll_up(snapshot, people), roll_up(snapshot, attempts)
    lines: list[Line] = []

    def add(unit_id: int, level: int) -> None:
        unit = snapshot.units[unit_id]
        lines.append(Line(unit_id, unit.name, level, by_people.totals[unit_id], by_attempts.totals[unit_id]))
        if level < deepest:
            for child in snapshot.ordered(snapshot.children.get(unit_id, ())):
                if child.id in visible:
                    add(child.id, level + 1)

    tops = [
        unit.id
        for unit in snapshot.units.values()
        if unit.id in visible and (unit.parent_id is None or unit.parent_id not in visible)
    ]
    for top in snapshot.ordered(tops):
        add(top.id, 0)
    apart_people = {**by_people.unmapped, **people_lost}
    apart_attempts = {**by_attempts.unmapped, **attempts_lost}
    ids = sorted(apart_people.keys() | apart_attempts.keys())
    names: dict[int, str] = dict(db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids))).all()) if ids else {}  # type: ignore[arg-type]
    apart = [Line(unit_id, names[unit_id], 0, apart_people.get(unit_id, 0), apart_attempts.get(unit_id, 0)) for unit_id in ids]
    apart.sort(key=lambda line: sort_key(line.name))
    whole_people = sum(by_people.totals[top] for top in tops) + sum(line.people for line in apart)
    whole_attempts = sum(by_attempts.totals[top] for top in tops) + sum(line.attempts for line in apart)
    return Side(snapshot.day, tuple(lines), tuple(apart), whole_people, whole_attempts)
