"""Turns what a form says into an operation on the tree, and its problems back into fields of the form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from elearn.admin.queries.units import TOP_SIGN, find_code, find_codes
from elearn.lib.errors import InvalidInput
from elearn.lib.vietnamese import normalise
from elearn.members.rules.permissions import Actor
from elearn.units.rules.operations import Close, Create, Merge, Move, Operation, Part, Problem, Rename, Split
from elearn.units.rules.organisation import Decision

MOST_PARTS = 4


def operation_of(action: str, data: Mapping[str, Any], unit_code: str, actor: Actor) -> Operation:
    """The operation that a form describes; raises InvalidInput naming the field where a unit is not found."""
    dated: dict[str, Any] = {
        "effective_on": _day(data["effective_on"]),
        "decision": Decision(data.get("decision_number") or "", data.get("decision_date")),
    }
    text = {name: value or "" for name, value in data.items() if value is None or isinstance(value, str)}
    parent = text.get("parent", "")
    if parent and parent != TOP_SIGN:
        parent = find_code(actor, parent, "parent")
    above = "" if parent == TOP_SIGN else parent
    match action:
        case "create":
            names: dict[str, Any] = {name: text[name] for name in ("code", "name", "short_name", "kind")}
            return Create(parent=above, **names, **dated)
        case "rename":
            return Rename(unit=unit_code, name=text["name"], short_name=text["short_name"], kind=text["kind"], **dated)
        case "move":
            return Move(unit=unit_code, parent=above, **dated)
        case "merge":
            others = find_codes(actor, text["units"], "units")
            codes = tuple(dict.fromkeys([unit_code, *data.get("siblings", ()), *others]))
            named: dict[str, Any] = {name: text[name] for name in ("into", "name", "short_name", "kind")}
            return Merge(units=codes, parent=above if parent else None, **named, **dated)
        case "split":
            return _split(text, unit_code, dated)
    successor = find_code(actor, text["successor"], "successor") if text.get("successor") else ""
    return Close(unit=unit_code, successor=successor, **dated)


def field_of(action: str, problem: Problem) -> str:
    """The field of the form at which a problem belongs; empty for the whole form."""
    path = problem.field.split(".")
    if len(path) == 3:
        return f"{path[2] if path[2] in ('code', 'name') else 'code'}_{int(path[1]) + 1}"
    return {"parts": "main", "children": "", "unit": ""}.get(path[0], path[0])


def _split(text: Mapping[str, str], unit_code: str, dated: Mapping[str, Any]) -> Split:
    parts: list[Part] = []
    for number in range(1, MOST_PARTS + 1):
        code, name = normalise(text.get(f"code_{number}", "")), text.get(f"name_{number}", "")
        if name and not code:
            raise InvalidInput("no_code", "Hãy ghi mã của phần này.", f"code_{number}")
        if code and len(parts) < number - 1:
            raise InvalidInput("gap", "Hãy điền các phần theo thứ tự.", f"code_{number - 1}")
        if code:
            parts.append(Part(code=code, name=name, is_main=text["main"] == str(number)))
    if text["main"] != "0" and not any(part.is_main for part in parts):
        raise InvalidInput("no_main", "Phần được chọn làm nơi kế thừa chính chưa có mã.", "main")
    return Split(unit=unit_code, parts=tuple(parts), carries_on=text["main"] == "0", **dated)


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value
