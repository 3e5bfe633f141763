"""Units within what the reader's roles cover: now, on a day, and the changes made to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Text, or_, select, type_coerce

from elearn.core.db import db
from elearn.core.pages import Page
from elearn.lib.errors import InvalidInput, NotFound
from elearn.lib.tree import is_within
from elearn.lib.vietnamese import fold, normalise
from elearn.members.queries import below
from elearn.members.queries.organised import count_on
from elearn.members.rules.permissions import Actor, Subject, demand, may, role_paths
from elearn.units.models import Unit, UnitChange
from elearn.units.queries import history, matching_units
from elearn.units.rules.mapping import read_day
from elearn.units.rules.snapshots import Snapshot, UnitThen, roll_up
from elearn.units.services.undoing import touched_paths

TOP_SIGN = "-"


def access_managed_unit(actor: Actor, unit_id: int) -> Unit:
    """A unit that the actor may change. NotFound where they may not know of it, Forbidden where they may only see it."""
    unit = db.session.get(Unit, unit_id)
    if unit is None or not may(actor, "unit.view", Subject(unit.path)):
        raise NotFound()
    demand(actor, "unit.manage", Subject(unit.path))
    return unit


def scope_of(actor: Actor) -> list[str]:
    """Paths below which the actor may change the tree."""
    return role_paths(actor, "unit.manage")


def visible_ids(actor: Actor) -> set[int]:
    """Ids of the units, past ones too, that the actor may see."""
    return set(db.session.scalars(select(Unit.id).where(below(Unit.path, role_paths(actor, "unit.view")))))


def asked_day(words: str) -> date | None:
    """A day as it stands in an address or was typed; None where it is none."""
    return read_day(words) if words else None


def find_code(actor: Actor, words: str, field: str) -> str:
    """Code of the unit of the actor's scope that the words name, by code or name; raises InvalidInput where none or several do."""
    words = normalise(words)
    scope = below(Unit.path, role_paths(actor, "unit.view"))
    query = select(Unit).where(scope, matching_units(words)).order_by(Unit.depth, Unit.id)
    found = db.session.scalars(query).all()
    exact = [unit for unit in found if unit.code.casefold() == words.casefold()]
    named = [unit for unit in found if fold(unit.name) == fold(words) and unit.valid_to is None]
    chosen = exact or named
    if not chosen:
        raise InvalidInput("unknown_unit", "Không có đơn vị nào mang mã hoặc tên “%(unit)s”.", field, unit=words)
    if len(chosen) > 1:
        codes = ", ".join(unit.code for unit in chosen[:5])
        message = "Có %(count)s đơn vị tên “%(unit)s”: hãy ghi mã (%(codes)s)."
        raise InvalidInput("not_unique", message, field, unit=words, count=len(chosen), codes=codes)
    return chosen[0].code


def find_codes(actor: Actor, lines: str, field: str) -> list[str]:
    """Codes of the units that the lines name."""
    return [find_code(actor, line, field) for line in lines.splitlines() if line.strip()]


@dataclass(frozen=True)
class TreeThen:
    """The tree of a day within the reader's scope; `people` are those of each unit with all below it."""

    snapshot: Snapshot
    tops: tuple[UnitThen, ...]
    children: Mapping[int, Sequence[UnitThen]]
    people: Mapping[int, int]

    def opened(self, wanted: Collection[int]) -> set[int]:
        """The units to unfold: the tops, those wanted, and all above these."""
        found = {top.id for top in self.tops}
        for unit_id in wanted:
            current = self.snapshot.units.get(unit_id)
            while current is not None and current.id not in found and current.id in self.children:
                found.add(current.id)
                current = self.snapshot.units.get(current.parent_id) if current.parent_id is not None else None
        return found


def tree_on(actor: Actor, day: date) -> TreeThen:
    """The tree as it was on a day, as far as the actor may see its units today."""
    snapshot = history.snapshot_on(day)
    visible = visible_ids(actor)
    shown = {unit_id: unit for unit_id, unit in snapshot.units.items() if unit_id in visible}
    tops = [unit.id for unit in shown.values() if unit.parent_id not in shown]
    figures = {unit_id: count for unit_id, count in count_on(day).items() if unit_id in shown}
    children = {
        unit_id: snapshot.ordered(child for child in snapshot.children.get(unit_id, ()) if child in shown) for unit_id in shown
    }
    return TreeThen(snapshot, tuple(snapshot.ordered(tops)), children, roll_up(snapshot, figures).totals)


def access_change(actor: Actor, change_id: int) -> UnitChange:
    """A change of units that the actor manages, at least in part; else NotFound."""
    change = history.find_change(change_id)
    if change is None or not _concerns(actor, change):
        raise NotFound()
    return change


def _concerns(actor: Actor, change: UnitChange) -> bool:
    scope = scope_of(actor)
    paths = touched_paths(change)
    if not paths:
        return any(path.count("/") == 2 for path in scope)
    return any(is_within(path, top) for path in paths for top in scope)


def page_of_changes(actor: Actor, number: int) -> Page[UnitChange]:
    """Changes that concern units that the actor manages, the latest first."""
    if any(path.count("/") == 2 for path in scope_of(actor)):
        return history.page_of_changes(number)
    every = db.session.scalars(select(UnitChange)).all()
    return history.page_of_changes(number, [change.id for change in every if _concerns(actor, change)])


def list_changes_of(unit_id: int) -> Sequence[UnitChange]:
    """Changes that touched a unit, the latest first; found in the text of their edits."""
    text = type_coerce(UnitChange.edits, Text)
    query = select(UnitChange).options(*history.LIGHT).where(or_(text.contains(f'",{unit_id},'), text.contains(f',{unit_id},"2')))
    return db.session.scalars(query.order_by(UnitChange.id.desc()).limit(50)).all()
