"""The organisation tree as dated facts: what it is on a day, and what became of a unit that ended.

Days are half-open: a fact holds from `valid_from` (included) to `valid_to` (excluded, None while it lasts).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

from elearn.units.rules.snapshots import Fault, Snapshot, UnitThen, arranged

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision on which a change rests: its number, or its number and date in one string, and its date where known."""

    number: str = ""
    signed_on: date | None = None


NO_DECISION = Decision()


@dataclass(frozen=True, slots=True)
class UnitName:
    """Full name as in documents, and the short one for tables."""

    full: str
    short: str


@dataclass(frozen=True, slots=True)
class Span(Generic[V]):
    """A value that held from a day to a day."""

    valid_from: date
    valid_to: date | None
    value: V
    decision: Decision = NO_DECISION

    def holds_on(self, day: date) -> bool:
        """True where the day lies in the span."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Successor:
    """Which unit carries on; one that is not main took over a part. A unit that carries on itself has no main one."""

    unit_id: int
    successor_id: int
    effective_on: date
    is_main: bool
    decision: Decision = NO_DECISION


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """All dated facts of one unit; spans by first day. The value of `kinds` is the code of a kind, of `parents` an id or None."""

    id: int
    code: str
    valid_from: date
    valid_to: date | None = None
    names: tuple[Span[UnitName], ...] = ()
    kinds: tuple[Span[str], ...] = ()
    parents: tuple[Span[int | None], ...] = ()
    successors: tuple[Successor, ...] = ()

    def exists_on(self, day: date) -> bool:
        """True from the first day until the last."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def name(self) -> UnitName:
        """The latest name; empty where it never had one."""
        return self.names[-1].value if self.names else UnitName("", "")

    @property
    def main_successor(self) -> int | None:
        """The unit that carries on, None where the line ends or the unit still exists."""
        return next((link.successor_id for link in self.successors if link.is_main), None)


def value_on(spans: Sequence[Span[V]], day: date) -> V | None:
    """The value on a day, None outside all spans (or where the value itself is None)."""
    for span in reversed(spans):
        if span.valid_from <= day:
            return span.value if span.valid_to is None or day < span.valid_to else None
    return None


@dataclass(frozen=True, slots=True)
class Mapped:
    """Figures carried to the units of a day; `unmapped` holds, by their own unit, those whose line had ended by then."""

    figures: dict[int, int]
    unmapped: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Organisation:
    """Every unit that ever was, by id. Ids below zero belong to units that are only planned."""

    units: Mapping[int, UnitHistory] = field(default_factory=dict)

    @classmethod
    def of(cls, histories: Iterable[UnitHistory]) -> Organisation:
        """The organisation made of these units."""
        return cls({history.id: history for history in histories})

    @cached_property
    def ids_by_code(self) -> dict[str, int]:
        """Ids by code, of closed units too: a code is never given twice."""
        return {unit.code: unit.id for unit in self.units.values()}

    def as_of(self, day: date) -> Snapshot:
        """The units that exist on the day, with name, kind, parent, children, path and depth as they were then."""
        found: dict[int, UnitThen] = {}
        parents: dict[int, int | None] = {}
        faults: list[Fault] = []
        for unit in self.units.values():
            if unit.valid_from > day or (unit.valid_to is not None and unit.valid_to <= day):
                continue
            name, kind = value_on(unit.names, day), value_on(unit.kinds, day)
            if name is None or kind is None:
                faults.append(
                    Fault(unit.id, "unnamed", "Đơn vị “%(unit)s” không có tên hoặc loại vào ngày này.", {"unit": unit.code})
                )
            name = name or UnitName(unit.code, unit.code)
            parents[unit.id] = value_on(unit.parents, day)
            found[unit.id] = UnitThen(unit.id, unit.code, name.full, name.short, kind or "", None, "", 0)
        return arranged(day, found, parents, faults)

    def current_of(self, unit_id: int, day: date | None = None) -> int | None:
        """The unit that stands for this one on a day (None: after all that is recorded); None where the line ends or not yet began."""
        seen: set[int] = set()
        current: int | None = unit_id
        while current is not None and current not in seen:
            unit = self.units.get(current)
            if unit is None or (day is not None and unit.valid_from > day):
                return None
            if unit.valid_to is None or (day is not None and day < unit.valid_to):
                return current
            seen.add(current)
            current = unit.main_successor
        return None

    def successor_map(self, day: date | None = None) -> dict[int, int | None]:
        """`current_of` every unit."""
        return {unit_id: self.current_of(unit_id, day) for unit_id in self.units}

    def mapped(self, figures: Mapping[int, int], day: date | None = None) -> Mapped:
        """Figures "as organised now": each counted for the unit that stands for its own on the day."""
        result = Mapped({}, {})
        for unit_id, count in figures.items():
            current = self.current_of(unit_id, day)
            if current is None:
                result.unmapped[unit_id] = result.unmapped.get(unit_id, 0) + count
            else:
                result.figures[current] = result.figures.get(current, 0) + count
        return result
