"""Brings the tables of the tree from one organisation to the next: only what differs is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from elearn.lib.tree import paths
from elearn.lib.vietnamese import fold
from elearn.units.models import Unit, UnitKindSpan, UnitName, UnitParent, UnitSuccessor
from elearn.units.queries.history import kind_ids
from elearn.units.rules.edits import AddUnit, Edit
from elearn.units.rules.organisation import Organisation, Span, UnitHistory
from elearn.units.rules.tree_order import unit_sort_key

LONGEST_SEARCH_KEY = 200


def make_units(session: Session, edits: Iterable[Edit]) -> dict[int, int]:
    """Empty rows for units that are only planned; returns true ids by planned ones. `write` fills them."""
    made = [edit for edit in edits if isinstance(edit, AddUnit) and edit.unit_id < 0]
    if not made:
        return {}
    kind = min(kind_ids(session).values())
    rows = [
        {
            "code": edit.code, "name": edit.code, "short_name": edit.code, "kind_id": kind, "parent_id": None, "path": "/", "depth": 0,
            "valid_from": edit.valid_from, "valid_to": None, "sort_key": "", "search_key": "", "segment": "", "is_external": False,
        }
        for edit in made
    ]  # fmt: skip
    statement = insert(Unit.__table__).returning(Unit.__table__.c.id, sort_by_parameter_order=True)  # type: ignore[arg-type]
    ids = session.scalars(statement, rows).all()
    return dict(zip((edit.unit_id for edit in made), ids, strict=True))


def write(session: Session, before: Organisation, after: Organisation, touched: Collection[int]) -> None:
    """Write the dated facts of the touched units, then what they are now, with the paths of all below them."""
    kinds = kind_ids(session)
    _write_spans(session, UnitName, before, after, touched, "names", lambda name: {"name": name.full, "short_name": name.short})
    _write_spans(session, UnitKindSpan, before, after, touched, "kinds", lambda kind: {"kind_id": kinds[kind]})
    _write_spans(session, UnitParent, before, after, touched, "parents", lambda parent: {"parent_id": parent})
    _write_successors(session, before, after, touched)
    _write_present(session, after, touched, kinds)


def remove_units(session: Session, unit_ids: Collection[int]) -> None:
    """Take away units of which `write` left nothing but their row."""
    table: Any = Unit.__table__
    session.execute(delete(table).where(table.c.id.in_(unit_ids)))


def _write_spans(
    session: Session, model: Any, before: Organisation, after: Organisation, touched: Collection[int], field: str, columns: Any
) -> None:
    gone: list[dict[str, Any]] = []
    come: list[dict[str, Any]] = []
    for unit_id in sorted(touched):
        old = _by_day(getattr(before.units.get(unit_id), field, ()))
        new = _by_day(getattr(after.units.get(unit_id), field, ()))
        gone += [{"u": unit_id, "d": day} for day, span in old.items() if new.get(day) != span]
        come += [
            {
                "unit_id": unit_id, "valid_from": day, "valid_to": span.valid_to, "decision": span.decision.number,
                **columns(span.value),
            }
            for day, span in new.items()
            if old.get(day) != span
        ]  # fmt: skip
    table = model.__table__
    connection = session.connection()
    if gone:
        connection.execute(delete(table).where(table.c.unit_id == bindparam("u"), table.c.valid_from == bindparam("d")), gone)
    if come:
        connection.execute(insert(table), come)


def _by_day(spans: Iterable[Span[Any]]) -> dict[Any, Span[Any]]:
    return {span.valid_from: span for span in spans}


def _write_successors(session: Session, before: Organisation, after: Organisation, touched: Collection[int]) -> None:
    gone: list[dict[str, Any]] = []
    come: list[dict[str, Any]] = []
    for unit_id in sorted(touched):
        old, new = before.units.get(unit_id), after.units.get(unit_id)
        links, kept = set(old.successors) if old else set(), set(new.successors) if new else set()
        gone += [{"u": unit_id, "s": link.successor_id} for link in links - kept]
        come += [
            {
                "unit_id": unit_id, "successor_id": link.successor_id, "effective_on": link.effective_on, "is_main": link.is_main,
                "decision": link.decision.number,
            }
            for link in kept - links
        ]  # fmt: skip
    table: Any = UnitSuccessor.__table__
    connection = session.connection()
    if gone:
        connection.execute(delete(table).where(table.c.unit_id == bindparam("u"), table.c.successor_id == bindparam("s")), gone)
    if come:
        connection.execute(insert(table), come)


def _write_present(session: Session, after: Organisation, touched: Collection[int], kinds: Mapping[str, int]) -> None:
    table: Any = Unit.__table__
    stored: dict[int, str] = dict(session.execute(select(table.c.id, table.c.path)).all())  # type: ignore[arg-type]
    found = paths({unit.id: _last_parent(unit) for unit in after.units.values()})
    connection = session.connection()
    facts = [_present(after.units[unit_id], kinds) for unit_id in sorted(touched) if unit_id in after.units]
    if facts:
        names = [name for name in facts[0] if name != "u"]
        connection.execute(
            update(table).where(table.c.id == bindparam("u")).values({name: bindparam(name) for name in names}), facts
        )
    orphans = [{"u": unit_id} for unit_id in sorted(touched) if unit_id not in after.units]
    if orphans:
        connection.execute(update(table).where(table.c.id == bindparam("u")).values(parent_id=None, valid_to=None), orphans)
    moved = [{"u": unit_id, "p": path, "n": path.count("/") - 2} for unit_id, path in found.items() if stored.get(unit_id) != path]
    if moved:
        connection.execute(
            update(table).where(table.c.id == bindparam("u")).values(path=bindparam("p"), depth=bindparam("n")), moved
        )


def _last_parent(unit: UnitHistory) -> int | None:
    return unit.parents[-1].value if unit.parents else None


def _present(unit: UnitHistory, kinds: Mapping[str, int]) -> dict[str, Any]:
    name = unit.name
    return {
        "u": unit.id, "name": name.full, "short_name": name.short, "kind_id": kinds[unit.kinds[-1].value],
        "parent_id": _last_parent(unit), "valid_from": unit.valid_from, "valid_to": unit.valid_to, "sort_key": unit_sort_key(name.full)[:400],
        "search_key": fold(f"{name.full} {unit.code}")[:LONGEST_SEARCH_KEY],
    }  # fmt: skip
