"""Small reversible changes of the dated facts: what a plan comes to, what is written to tables, and how it is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from elearn.units.rules.organisation import NO_DECISION, Decision, Organisation, Successor, UnitHistory, UnitName

Fact = Literal["name", "kind", "parent"]
Value = UnitName | str | int | None
SPANS: Mapping[Fact, str] = {"name": "names", "kind": "kinds", "parent": "parents"}


@dataclass(frozen=True, slots=True)
class AddUnit:
    """A new unit; its name, kind and parent follow as spans."""

    unit_id: int
    code: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class RemoveUnit:
    """Takes back `AddUnit`: the unit has no facts left and nothing points to it."""

    unit_id: int
    code: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """A fact that holds from a day on; the one before it is closed. Reversed by `RemoveSpan`."""

    unit_id: int
    fact: Fact
    valid_from: date
    value: Value
    decision: Decision = NO_DECISION


@dataclass(frozen=True, slots=True)
class RemoveSpan:
    """Takes away the last, open span of a fact, as if it had never been."""

    unit_id: int
    fact: Fact
    valid_from: date
    value: Value
    decision: Decision = NO_DECISION


@dataclass(frozen=True, slots=True)
class CloseSpan:
    """The last span of a fact gets an end. Reversed by `ReopenSpan`."""

    unit_id: int
    fact: Fact
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class ReopenSpan:
    """The last span of a fact, which had this end, holds on."""

    unit_id: int
    fact: Fact
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class EndUnit:
    """The unit does not exist from the day on; its spans have been closed. Reversed by `ReviveUnit`."""

    unit_id: int
    valid_to: date


@dataclass(frozen=True, slots=True)
class ReviveUnit:
    """The unit did not end on that day after all."""

    unit_id: int
    valid_to: date


@dataclass(frozen=True, slots=True)
class AddSuccessor:
    """A link to a unit that carries on, or (not main) took over a part. Reversed by `RemoveSuccessor`."""

    link: Successor


@dataclass(frozen=True, slots=True)
class RemoveSuccessor:
    """Takes the link away."""

    link: Successor


Edit = AddUnit | RemoveUnit | OpenSpan | RemoveSpan | CloseSpan | ReopenSpan | EndUnit | ReviveUnit | AddSuccessor | RemoveSuccessor


@dataclass(frozen=True)
class Conflict:
    """An edit that cannot be undone, and why: a Vietnamese source message with places for `values`."""

    edit: Edit
    code: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)


class CannotApply(Exception):
    """The facts are not what an edit expects; carries the conflict."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(conflict.message % conflict.values)
        self.conflict = conflict


@dataclass(frozen=True)
class Undoing:
    """`edits` take back all that nothing later was built on; `conflicts` are the edits that stay, as they were made."""

    edits: tuple[Edit, ...]
    conflicts: tuple[Conflict, ...]
    organisation: Organisation


def inverse(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits that take these back, in the order in which they are to be applied."""
    return tuple(opposite(edit) for edit in reversed(edits))


def opposite(edit: Edit) -> Edit:
    """The edit that takes this one back."""
    match edit:
        case AddUnit(unit_id, code, valid_from):
            return RemoveUnit(unit_id, code, valid_from)
        case RemoveUnit(unit_id, code, valid_from):
            return AddUnit(unit_id, code, valid_from)
        case OpenSpan(unit_id, fact, valid_from, value, decision):
            return RemoveSpan(unit_id, fact, valid_from, value, decision)
        case RemoveSpan(unit_id, fact, valid_from, value, decision):
            return OpenSpan(unit_id, fact, valid_from, value, decision)
        case CloseSpan(unit_id, fact, valid_from, valid_to):
            return ReopenSpan(unit_id, fact, valid_from, valid_to)
        case ReopenSpan(unit_id, fact, valid_from, valid_to):
            return CloseSpan(unit_id, fact, valid_from, valid_to)
        case EndUnit(unit_id, valid_to):
            return ReviveUnit(unit_id, valid_to)
        case ReviveUnit(unit_id, valid_to):
            return EndUnit(unit_id, valid_to)
        case AddSuccessor(link):
            return RemoveSuccessor(link)
        case RemoveSuccessor(link):
            return AddSuccessor(link)


def apply(organisation: Organisation, edits: Iterable[Edit]) -> Organisation:
    """The organisation after the edits; raises CannotApply where the facts are not what an edit expects."""
    draft = Draft(organisation)
    for edit in edits:
        draft.apply(edit)
    return draft.organisation()


def conflicts(organisation: Organisation, edits: Sequence[Edit]) -> tuple[Conflict, ...]:
    """Which of the edits, made earlier, can no longer be undone, because something later built on them."""
    return undo(organisation, edits).conflicts


def undo(organisation: Organisation, edits: Sequence[Edit]) -> Undoing:
    """What takes back edits made earlier, as far as that leaves no gap, no circle and no unit without its parent."""
    raise NotImplementedError


class Draft:
    """An organisation while edits are applied to it one after the other."""

    def __init__(self, organisation: Organisation) -> None:
        self.units: dict[int, UnitHistory] = dict(organisation.units)

    def organisation(self) -> Organisation:
        """The organisation as it stands now."""
        return Organisation(dict(self.units))

    def apply(self, edit: Edit) -> None:
        """Makes one edit; raises CannotApply and changes nothing where the facts are not what it expects."""
        raise NotImplementedError
