"""What may be done to the organisation: each operation names units by code, its day, and the decision behind it.

A unit that an earlier operation of the same batch makes is named by its new code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as field_of
from datetime import date

from elearn.units.rules.edits import Edit
from elearn.units.rules.organisation import NO_DECISION, Decision, Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dated:
    effective_on: date
    decision: Decision = NO_DECISION


@dataclass(frozen=True, slots=True, kw_only=True)
class Create(_Dated):
    """A unit that comes from none. An empty `parent` is the top; an empty short name repeats the full one."""

    code: str
    name: str
    short_name: str = ""
    kind: str
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename(_Dated):
    """The same unit under another name; `kind` where that changes with it (a commune that becomes a ward)."""

    unit: str
    name: str
    short_name: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(_Dated):
    """The same unit, with all below it, under another parent (empty: at the top)."""

    unit: str
    parent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(_Dated):
    """Units that end and go into `into`: a new unit (name and kind needed), or one that exists (these change it where given).

    `parent` None: for a new unit the parent that all those merged share, for another no change. `children` says for units below
    those merged (code → code of the new parent) where they go; the others follow into `into`.
    """

    units: tuple[str, ...]
    into: str
    name: str = ""
    short_name: str = ""
    kind: str = ""
    parent: str | None = None
    children: Mapping[str, str] = field_of(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a split: a new unit, or one that exists. Kind and parent are those of the split unit unless given."""

    code: str
    name: str = ""
    short_name: str = ""
    kind: str = ""
    parent: str | None = None
    is_main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(_Dated):
    """A unit that falls into parts. It ends, and the main part carries on, unless `carries_on`: then it stays itself the main one.

    Units below go to whatever carries on, unless `children` (code → code of the new parent) says otherwise.
    """

    unit: str
    parts: tuple[Part, ...]
    carries_on: bool = False
    children: Mapping[str, str] = field_of(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(_Dated):
    """A unit that ends. Units below go to the successor unless `children` says otherwise; without successor none may be left."""

    unit: str
    successor: str = ""
    children: Mapping[str, str] = field_of(default_factory=dict)


Operation = Create | Rename | Move | Merge | Split | Close


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an operation (by its place in the batch) cannot be done, or what to look at before doing it.

    `field` is that of the operation, parts as "parts.1.code"; `message` is a Vietnamese source message with places for `values`.
    """

    operation: int
    field: str
    code: str
    message: str
    values: Mapping[str, object] = field_of(default_factory=dict)
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Succession:
    """People of a unit that ends on a day, and the unit that carries on; None where the line ends."""

    unit_id: int
    successor_id: int | None
    effective_on: date


@dataclass(frozen=True)
class Plan:
    """What operations come to. `steps` holds the edits of each operation, none where it has a problem.

    `organisation` is what they lead to (without the operations that have problems); `moves` has one entry per unit that ends.
    Ids below zero are units to be made: whoever writes an `AddUnit` puts the true id in their place.
    """

    steps: tuple[tuple[Edit, ...], ...]
    problems: tuple[Problem, ...]
    organisation: Organisation
    moves: tuple[Succession, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits in the order in which they are to be written."""
        return tuple(edit for step in self.steps for edit in step)

    @property
    def is_sound(self) -> bool:
        """True where nothing but warnings was found."""
        return all(problem.is_warning for problem in self.problems)
