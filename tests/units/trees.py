"""Organisations and operations for tests: short to write, and a naive tree to compare with."""

from __future__ import annotations

from datetime import date, timedelta

from elearn.units.rules.operations import Close, Create, Merge, Move, Operation, Rename, Split
from elearn.units.rules.organisation import Organisation, Span, UnitHistory, UnitName

KINDS = ("province", "district", "commune", "cell")
FIRST = date(2020, 1, 1)
REFORM = date(2025, 7, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def unit(unit_id: int, code: str, parent: int | None, name: str = "", kind: str = "commune", since: date = FIRST) -> UnitHistory:
    name = name or f"Đơn vị {code}"
    spans = (Span(since, None, UnitName(name, name)),), (Span(since, None, kind),), (Span(since, None, parent),)
    return UnitHistory(unit_id, code, since, None, *spans)


def small() -> Organisation:
    """T above D1 (A, B) and D2 (E); A above A1, A2."""
    rows = [("T", None), ("D1", 1), ("D2", 1), ("A", 2), ("B", 2), ("E", 3), ("A1", 4), ("A2", 4)]
    return Organisation.of(unit(number, code, parent) for number, (code, parent) in enumerate(rows, start=1))


Naive = dict[str, dict[str, str]]


def naive(organisation: Organisation, on: date) -> Naive:
    """The tree by codes as a snapshot has it."""
    snapshot = organisation.as_of(on)
    assert not snapshot.faults
    return {
        then.code: {
            "name": then.name,
            "kind": then.kind,
            "parent": snapshot.units[then.parent_id].code if then.parent_id is not None else "",
        }
        for then in snapshot.units.values()
    }


def replay(tree: Naive, operations: list[Operation], until: date) -> Naive:
    """The operations done one after the other, by their day, to a tree of dicts, up to a day."""
    tree = {code: dict(facts) for code, facts in tree.items()}

    def carry(old: str, heir: str, children: object) -> None:
        for code, facts in tree.items():
            if facts["parent"] == old:
                facts["parent"] = dict(children).get(code, heir)  # type: ignore[call-overload]
        del tree[old]

    for operation in sorted(operations, key=lambda each: each.effective_on):
        if operation.effective_on > until:
            break
        match operation:
            case Create():
                tree[operation.code] = {"name": operation.name, "kind": operation.kind, "parent": operation.parent}
            case Rename():
                tree[operation.unit]["name"] = operation.name
                tree[operation.unit]["kind"] = operation.kind or tree[operation.unit]["kind"]
            case Move():
                tree[operation.unit]["parent"] = operation.parent
            case Merge():
                units = [code for code in operation.units if code != operation.into]
                heir = tree.setdefault(operation.into, dict(tree[units[0]]))
                for key in ("name", "kind"):
                    heir[key] = getattr(operation, key) or heir[key]
                heir["parent"] = heir["parent"] if operation.parent is None else operation.parent
                for code in units:
                    carry(code, operation.into, operation.children)
            case Split():
                for part in operation.parts:
                    old = tree[operation.unit]
                    facts = tree.setdefault(part.code, dict(old))
                    for key in ("name", "kind"):
                        facts[key] = getattr(part, key) or facts[key]
                    facts["parent"] = facts["parent"] if part.parent is None else part.parent
                if operation.carries_on:
                    for code, parent in operation.children.items():
                        tree[code]["parent"] = parent
                else:
                    carry(operation.unit, next(part.code for part in operation.parts if part.is_main), operation.children)
            case Close():
                carry(operation.unit, operation.successor, operation.children)
    return tree
