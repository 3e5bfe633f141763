"""Dated facts of the tree: the whole organisation, the tree on a day, changes made to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import Session, defer

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.units.models import (
    CatchmentUnit,
    Unit,
    UnitChange,
    UnitHeadcount,
    UnitKind,
    UnitKindSpan,
    UnitName,
    UnitParent,
    UnitSuccessor,
)
from elearn.units.rules import organisation as dated
from elearn.units.rules.organisation import Decision, Organisation, Span, Successor, UnitHistory
from elearn.units.rules.snapshots import Snapshot, UnitThen, arranged


def kinds_by_code(session: Session) -> dict[str, str]:
    """Names of the kinds of units by code."""
    return dict(session.execute(select(UnitKind.code, UnitKind.name).order_by(UnitKind.id)).all())


def kind_ids(session: Session) -> dict[str, int]:
    """Ids of the kinds of units by code."""
    return dict(session.execute(select(UnitKind.code, UnitKind.id)).all())


def load_organisation(session: Session) -> Organisation:
    """Every unit that ever was with all its dated facts: five statements whatever the number of units."""
    names: dict[int, list[Any]] = {}
    kinds: dict[int, list[Any]] = {}
    parents: dict[int, list[Any]] = {}
    links: dict[int, list[Successor]] = {}
    decisions: dict[str, Decision] = {}

    def decision(words: str) -> Decision:
        return decisions.setdefault(words, Decision(words))

    row: Any
    table: Any = UnitName.__table__
    columns = (table.c.unit_id, table.c.valid_from, table.c.valid_to, table.c.decision)
    for row in session.execute(select(*columns, table.c.name, table.c.short_name).order_by(table.c.unit_id, table.c.valid_from)):
        names.setdefault(row[0], []).append(Span(row[1], row[2], dated.UnitName(row[4], row[5]), decision(row[3])))
    table = UnitKindSpan.__table__
    columns = (table.c.unit_id, table.c.valid_from, table.c.valid_to, table.c.decision)
    codes = {number: code for code, number in kind_ids(session).items()}
    for row in session.execute(select(*columns, table.c.kind_id).order_by(table.c.unit_id, table.c.valid_from)):
        kinds.setdefault(row[0], []).append(Span(row[1], row[2], codes[row[4]], decision(row[3])))
    table = UnitParent.__table__
    columns = (table.c.unit_id, table.c.valid_from, table.c.valid_to, table.c.decision)
    for row in session.execute(select(*columns, table.c.parent_id).order_by(table.c.unit_id, table.c.valid_from)):
        parents.setdefault(row[0], []).append(Span(row[1], row[2], row[4], decision(row[3])))
    table = UnitSuccessor.__table__
    for row in session.execute(
        select(table.c.unit_id, table.c.successor_id, table.c.effective_on, table.c.is_main, table.c.decision)
    ):
        links.setdefault(row[0], []).append(Successor(row[0], row[1], row[2], row[3], decision(row[4])))
    for found in links.values():
        found.sort(key=lambda each: (each.effective_on, not each.is_main, each.successor_id))
    table = Unit.__table__
    query = select(table.c.id, table.c.code, table.c.valid_from, table.c.valid_to).order_by(table.c.id)
    return Organisation.of(
        UnitHistory(
            number, code, since, until, tuple(names.get(number, ())), tuple(kinds.get(number, ())), tuple(parents.get(number, ())),
            tuple(links.get(number, ())),
        )
        for number, code, since, until in session.execute(query)
    )  # fmt: skip


def _holds(table: Any, day: date) -> ColumnElement[bool]:
    return and_(table.valid_from <= day, or_(table.valid_to.is_(None), table.valid_to > day))


def snapshot_on(day: date) -> Snapshot:
    """The tree as it was on a day, in one statement."""
    query = (
        select(Unit.id, Unit.code, UnitName.name, UnitName.short_name, UnitKind.code, UnitParent.parent_id)
        .outerjoin(UnitName, and_(UnitName.unit_id == Unit.id, _holds(UnitName, day)))
        .outerjoin(UnitKindSpan, and_(UnitKindSpan.unit_id == Unit.id, _holds(UnitKindSpan, day)))
        .outerjoin(UnitKind, UnitKind.id == UnitKindSpan.kind_id)
        .outerjoin(UnitParent, and_(UnitParent.unit_id == Unit.id, _holds(UnitParent, day)))
        .where(_holds(Unit, day))
        .order_by(Unit.id)
    )
    found: dict[int, UnitThen] = {}
    parents: dict[int, int | None] = {}
    for number, code, name, short, kind, parent_id in db.session.execute(query):
        found[number] = UnitThen(number, code, name or code, short or code, kind or "", None, "", 0)
        parents[number] = parent_id
    return arranged(day, found, parents)


def successor_map() -> dict[int, int | None]:
    """For every unit that ended: the unit that stands for it now, None where its line ends; two statements."""
    living = set(db.session.scalars(select(Unit.id).where(Unit.valid_to.is_(None))))
    ended = set(db.session.scalars(select(Unit.id).where(Unit.valid_to.is_not(None))))
    query = select(UnitSuccessor.unit_id, UnitSuccessor.successor_id).where(UnitSuccessor.is_main)
    heirs: dict[int, int] = dict(db.session.execute(query).all())
    found: dict[int, int | None] = {}
    for unit_id in ended:
        seen: set[int] = set()
        current: int | None = unit_id
        while current is not None and current not in living and current not in seen:
            seen.add(current)
            current = heirs.get(current)
        found[unit_id] = current if current in living else None
    return found


def list_details() -> dict[int, tuple[date, date | None, str, bool]]:
    """First day, end, segment and external mark of every unit."""
    query = select(Unit.id, Unit.valid_from, Unit.valid_to, Unit.segment, Unit.is_external)
    return {number: (since, until, segment, external) for number, since, until, segment, external in db.session.execute(query)}


def list_unit_names(unit_id: int) -> Sequence[UnitName]:
    """What a unit was called, the latest first."""
    query = select(UnitName).where(UnitName.unit_id == unit_id).order_by(UnitName.valid_from.desc())
    return db.session.scalars(query).all()


def list_kind_spans(unit_id: int) -> Sequence[Row[UnitKindSpan, str]]:
    """What sort of unit a unit was, with the name of the kind, the latest first."""
    query = select(UnitKindSpan, UnitKind.name).join(UnitKind, UnitKind.id == UnitKindSpan.kind_id)
    return db.session.execute(query.where(UnitKindSpan.unit_id == unit_id).order_by(UnitKindSpan.valid_from.desc())).all()


def list_successors(unit_id: int) -> Sequence[Row[UnitSuccessor, Unit]]:
    """The units that carry on a unit, the main one first."""
    query = select(UnitSuccessor, Unit).join(Unit, Unit.id == UnitSuccessor.successor_id).where(UnitSuccessor.unit_id == unit_id)
    return db.session.execute(query.order_by(UnitSuccessor.is_main.desc(), Unit.sort_key)).all()


def list_predecessors(unit_id: int) -> Sequence[Row[UnitSuccessor, Unit]]:
    """The units that a unit carries on, the latest first."""
    query = select(UnitSuccessor, Unit).join(Unit, Unit.id == UnitSuccessor.unit_id).where(UnitSuccessor.successor_id == unit_id)
    return db.session.execute(query.order_by(UnitSuccessor.effective_on.desc(), Unit.sort_key)).all()


def list_headcounts(unit_id: int) -> Sequence[UnitHeadcount]:
    """Reported numbers of people, the latest first."""
    query = select(UnitHeadcount).where(UnitHeadcount.unit_id == unit_id).order_by(UnitHeadcount.counted_on.desc())
    return db.session.scalars(query).all()


def list_catchment(centre_id: int, day: date) -> Sequence[Unit]:
    """Units that a training centre serves on a day."""
    query = select(Unit).join(CatchmentUnit, CatchmentUnit.unit_id == Unit.id)
    query = query.where(CatchmentUnit.centre_id == centre_id, _holds(CatchmentUnit, day))
    return db.session.scalars(query.order_by(Unit.sort_key, Unit.id)).all()


def list_served_paths(centre_ids: Collection[int], day: date) -> dict[int, list[str]]:
    """Paths of the units that each training centre serves on a day."""
    query = select(CatchmentUnit.centre_id, Unit.path).join(Unit, Unit.id == CatchmentUnit.unit_id)
    found: dict[int, list[str]] = {}
    for centre_id, path in db.session.execute(query.where(CatchmentUnit.centre_id.in_(centre_ids), _holds(CatchmentUnit, day))):
        found.setdefault(centre_id, []).append(path)
    return found


LIGHT = (defer(UnitChange.edits), defer(UnitChange.moves), defer(UnitChange.kept))
"""Lists of changes leave out what only undoing needs: that of a mapping file is large."""


def find_change(change_id: int) -> UnitChange | None:
    """The change, or None."""
    return db.session.get(UnitChange, change_id)


def page_of_changes(number: int, only: Collection[int] | None = None) -> Page[UnitChange]:
    """Changes of the tree, the latest first; `only` are the ids to choose from."""
    query = select(UnitChange).options(*LIGHT)
    if only is not None:
        query = query.where(UnitChange.id.in_(only))
    return page_of(db.session(), query.order_by(UnitChange.id.desc()), number)


def find_by_codes(codes: Collection[str]) -> dict[str, Unit]:
    """Units by code."""
    return {unit.code: unit for unit in db.session.scalars(select(Unit).where(Unit.code.in_(codes)))}
