"""The tree on one day, and figures added up along it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from elearn.lib.tree import child_path
from elearn.units.rules.tree_order import unit_sort_key


@dataclass(frozen=True)
class Fault:
    """Something that records of a unit contradict; `message` is a Vietnamese source message with places for `values`."""

    unit_id: int
    code: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitThen:
    """A unit as it was on a day. `path` and `depth` are as of that day; `kind` is the code of the kind."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    parent_id: int | None
    path: str
    depth: int


@dataclass(frozen=True)
class Snapshot:
    """The tree on a day; `units` holds those above before those below. A unit with a fault above it stands at the top."""

    day: date
    units: Mapping[int, UnitThen]
    children: Mapping[int | None, tuple[int, ...]]
    faults: tuple[Fault, ...] = ()

    @property
    def tops(self) -> tuple[int, ...]:
        """Units with nothing above them."""
        return self.children.get(None, ())

    def ordered(self, unit_ids: Iterable[int]) -> list[UnitThen]:
        """Units in the natural Vietnamese order of their names."""
        return sorted((self.units[number] for number in unit_ids), key=lambda unit: (unit_sort_key(unit.name), unit.id))

    def within(self, unit_id: int) -> Iterator[UnitThen]:
        """The unit and all below it, those above before those below."""
        waiting = [unit_id]
        while waiting:
            current = waiting.pop()
            yield self.units[current]
            waiting.extend(reversed(self.children.get(current, ())))


@dataclass(frozen=True)
class RollUp:
    """Figures of each unit with all below it; `unmapped` holds figures of units that are not in the snapshot."""

    totals: dict[int, int]
    whole: int
    unmapped: dict[int, int]


def arranged(day: date, units: Mapping[int, UnitThen], parents: Mapping[int, int | None], faults: Iterable[Fault] = ()) -> Snapshot:
    """A snapshot of units by their parents; parents that are missing or go round in a circle are faults."""
    below: dict[int | None, list[int]] = {}
    found = list(faults)
    for unit_id, parent_id in parents.items():
        if parent_id is not None and parent_id not in units:
            message = "Đơn vị cấp trên của “%(unit)s” không tồn tại vào ngày này."
            found.append(Fault(unit_id, "no_parent", message, {"unit": units[unit_id].name}))
            parent_id = None
        below.setdefault(parent_id, []).append(unit_id)
    placed: dict[int, UnitThen] = {}

    def place(tops: Iterable[tuple[int, int | None]]) -> None:
        waiting = list(tops)
        for unit_id, parent_id in waiting:
            unit, above = units[unit_id], placed[parent_id] if parent_id is not None else None
            path, depth = child_path(above.path if above else None, unit_id), above.depth + 1 if above else 0
            placed[unit_id] = UnitThen(unit_id, unit.code, unit.name, unit.short_name, unit.kind, parent_id, path, depth)
            waiting.extend((child, unit_id) for child in below.get(unit_id, ()))

    place((unit_id, None) for unit_id in below.get(None, ()))
    if len(placed) < len(units):
        for unit_id in sorted(units):
            if unit_id not in placed and parents[unit_id] is not None:
                message = "Đơn vị “%(unit)s” trực thuộc chính nó hoặc cấp dưới của nó."
                cut = _first_on_circle(unit_id, parents)
                found.append(Fault(cut, "circle", message, {"unit": units[cut].name}))
                below[parents[cut]].remove(cut)
                below.setdefault(None, []).append(cut)
                place([(cut, None)])
    return Snapshot(day, placed, {parent: tuple(children) for parent, children in below.items()}, tuple(found))


def _first_on_circle(unit_id: int, parents: Mapping[int, int | None]) -> int:
    """A unit that lies on the circle above `unit_id`, not merely below it."""
    seen: set[int] = set()
    current = unit_id
    while current not in seen:
        seen.add(current)
        above = parents[current]
        assert above is not None
        current = above
    return current


def roll_up(snapshot: Snapshot, figures: Mapping[int, int]) -> RollUp:
    """Totals of every unit of the snapshot, and the whole; what lies outside the snapshot is returned apart."""
    totals = dict.fromkeys(snapshot.units, 0)
    unmapped: dict[int, int] = {}
    for unit_id, count in figures.items():
        if unit_id in totals:
            totals[unit_id] += count
        else:
            unmapped[unit_id] = count
    for unit_id in reversed(list(snapshot.units)):
        parent_id = snapshot.units[unit_id].parent_id
        if parent_id is not None:
            totals[parent_id] += totals[unit_id]
    return RollUp(totals, sum(totals[unit_id] for unit_id in snapshot.tops), unmapped)
