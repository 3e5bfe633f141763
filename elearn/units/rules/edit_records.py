"""Edits as plain data, as they are kept with the change that made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from elearn.units.rules.edits import (
    AddSuccessor,
    AddUnit,
    CloseSpan,
    Edit,
    EndUnit,
    OpenSpan,
    RemoveSpan,
    RemoveSuccessor,
    RemoveUnit,
    ReopenSpan,
    ReviveUnit,
)
from elearn.units.rules.organisation import Decision, Successor, UnitName

_CLASSES: Mapping[str, type[Any]] = {
    cls.__name__: cls
    for cls in (
        AddUnit,
        RemoveUnit,
        OpenSpan,
        RemoveSpan,
        CloseSpan,
        ReopenSpan,
        EndUnit,
        ReviveUnit,
        AddSuccessor,
        RemoveSuccessor,
    )
}


def with_ids(edit: Edit, ids: Mapping[int, int]) -> Edit:
    """The edit with true ids in place of those of units that were only planned."""
    match edit:
        case AddSuccessor(link) | RemoveSuccessor(link):
            unit_id, heir_id = ids.get(link.unit_id, link.unit_id), ids.get(link.successor_id, link.successor_id)
            return type(edit)(replace(link, unit_id=unit_id, successor_id=heir_id))
        case OpenSpan(fact="parent") | RemoveSpan(fact="parent") if isinstance(edit.value, int):
            return replace(edit, unit_id=ids.get(edit.unit_id, edit.unit_id), value=ids.get(edit.value, edit.value))
    return replace(edit, unit_id=ids.get(edit.unit_id, edit.unit_id))


def touched_by(edits: Sequence[Edit]) -> set[int]:
    """Ids of units that the edits change, refer to as a unit above, or make successors."""
    found: set[int] = set()
    for edit in edits:
        match edit:
            case AddSuccessor(link) | RemoveSuccessor(link):
                found |= {link.unit_id, link.successor_id}
            case OpenSpan(fact="parent") | RemoveSpan(fact="parent") if isinstance(edit.value, int):
                found |= {edit.unit_id, edit.value}
            case _:
                found.add(edit.unit_id)
    return found


def as_data(steps: Sequence[Sequence[Edit]]) -> list[list[list[Any]]]:
    """The edits of each operation as lists of plain values."""
    return [[_as_data(edit) for edit in step] for step in steps]


def from_data(data: Sequence[Sequence[Sequence[Any]]]) -> list[tuple[Edit, ...]]:
    """What `as_data` made, read back."""
    return [tuple(_from_data(name, *values) for name, *values in step) for step in data]


def _as_data(edit: Edit) -> list[Any]:
    name = type(edit).__name__
    match edit:
        case AddUnit() | RemoveUnit():
            return [name, edit.unit_id, edit.code, edit.valid_from.isoformat()]
        case OpenSpan() | RemoveSpan():
            value = [edit.value.full, edit.value.short] if isinstance(edit.value, UnitName) else edit.value
            return [name, edit.unit_id, edit.fact, edit.valid_from.isoformat(), value, edit.decision.number]
        case CloseSpan() | ReopenSpan():
            return [name, edit.unit_id, edit.fact, edit.valid_from.isoformat(), edit.valid_to.isoformat()]
        case EndUnit() | ReviveUnit():
            return [name, edit.unit_id, edit.valid_to.isoformat()]
        case AddSuccessor(link) | RemoveSuccessor(link):
            day = link.effective_on.isoformat()
            return [name, link.unit_id, link.successor_id, day, link.is_main, link.decision.number]


def _from_data(name: str, *values: Any) -> Edit:
    made: Edit
    if name in ("AddUnit", "RemoveUnit"):
        made = _CLASSES[name](values[0], values[1], date.fromisoformat(values[2]))
    elif name in ("OpenSpan", "RemoveSpan"):
        unit_id, fact, day, value, decision = values
        value = UnitName(*value) if fact == "name" else value
        made = _CLASSES[name](unit_id, fact, date.fromisoformat(day), value, Decision(decision))
    elif name in ("CloseSpan", "ReopenSpan"):
        made = _CLASSES[name](values[0], values[1], date.fromisoformat(values[2]), date.fromisoformat(values[3]))
    elif name in ("EndUnit", "ReviveUnit"):
        made = _CLASSES[name](values[0], date.fromisoformat(values[1]))
    else:
        unit_id, heir_id, day, is_main, decision = values
        made = _CLASSES[name](Successor(unit_id, heir_id, date.fromisoformat(day), is_main, Decision(decision)))
    return made


def decision_words(decision: Decision) -> str:
    """Number and date in one line, as kept with each fact; empty where there is neither."""
    number = decision.number.strip()
    if decision.signed_on is None:
        return number
    return f"{number} ngày {decision.signed_on:%d/%m/%Y}".strip()
