"""Reads of the organisation tree. Whom a caller may see comes in as a condition on `Unit.path`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import aliased, joinedload

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.vietnamese import fold
from elearn.units.models import Unit, UnitParent
from elearn.units.rules.pasted import cells_of

MOST_CHOICES = 200


def find_unit(unit_id: int) -> Unit | None:
    """The unit, or None."""
    return db.session.get(Unit, unit_id)


def find_by_code(code: str) -> Unit | None:
    """The unit with a code, or None."""
    return db.session.scalar(select(Unit).where(Unit.code == code))


def find_top() -> Unit | None:
    """The unit at the top of the tree, or None where there is none yet."""
    return db.session.scalar(select(Unit).where(Unit.parent_id.is_(None), Unit.valid_to.is_(None)).order_by(Unit.id).limit(1))


def list_tops(paths: Sequence[str]) -> Sequence[Unit]:
    """The units at the tops of subtrees."""
    query = select(Unit).options(joinedload(Unit.kind)).where(Unit.path.in_(paths))
    return db.session.scalars(query.order_by(Unit.sort_key, Unit.id)).all()


def list_ancestors(unit: Unit) -> Sequence[Unit]:
    """Units above, from the top down, without the unit itself."""
    above = [int(part) for part in unit.path.strip("/").split("/")[:-1]]
    return db.session.scalars(select(Unit).where(Unit.id.in_(above)).order_by(Unit.depth)).all()


def list_children(unit_ids: Sequence[int]) -> Sequence[Unit]:
    """Units directly below any of those given that exist today, in Vietnamese order."""
    query = select(Unit).options(joinedload(Unit.kind)).where(Unit.parent_id.in_(unit_ids), Unit.valid_to.is_(None))
    return db.session.scalars(query.order_by(Unit.sort_key, Unit.id)).all()


def count_children(unit_ids: Sequence[int]) -> dict[int, int]:
    """How many units that exist today lie directly below each; those with none are missing."""
    query = (
        select(Unit.parent_id, func.count()).where(Unit.parent_id.in_(unit_ids), Unit.valid_to.is_(None)).group_by(Unit.parent_id)
    )
    return {parent_id: count for parent_id, count in db.session.execute(query) if parent_id is not None}


def list_names(unit_ids: Sequence[int]) -> dict[int, str]:
    """Names of units by id."""
    return dict(db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids))).all())


def list_parents(unit_id: int) -> Sequence[Row[UnitParent, str]]:
    """To which unit a unit belonged, with that unit's name, the latest first."""
    above = aliased(Unit)
    query = select(UnitParent, above.name).outerjoin(above, above.id == UnitParent.parent_id).where(UnitParent.unit_id == unit_id)
    return db.session.execute(query.order_by(UnitParent.valid_from.desc())).all()


def matching_units(words: str) -> ColumnElement[bool]:
    """SQL for "every word is part of the name or code", accents aside."""
    return and_(*(Unit.search_key.contains(word, autoescape=True) for word in fold(words).split()[:6]))


def page_of_units(scope: ColumnElement[bool], words: str, number: int) -> Page[Unit]:
    """Units of a scope that match, from the top down."""
    query: Select[Any] = select(Unit).options(joinedload(Unit.kind)).where(scope, matching_units(words))
    return page_of(db.session(), query.order_by(Unit.depth, Unit.sort_key, Unit.id), number)


def list_choices(scope: ColumnElement[bool], chosen: Unit | None) -> list[tuple[int, str]]:
    """(id, name) for a list to choose from: the upper levels of a scope, at most MOST_CHOICES, and the one chosen already."""
    query = select(Unit.id, Unit.name).where(scope, Unit.valid_to.is_(None))
    rows = db.session.execute(query.order_by(Unit.depth, Unit.sort_key, Unit.id).limit(MOST_CHOICES))
    choices = [(number, name) for number, name in rows]
    if chosen is not None and chosen.id not in dict(choices):
        choices.append((chosen.id, chosen.name))
    return choices


def list_codes(scope: ColumnElement[bool]) -> list[tuple[str, str]]:
    """(code, name) of the upper levels of a scope, at most MOST_CHOICES: suggestions for a box in which a code is typed."""
    query = select(Unit.code, Unit.name).where(scope, Unit.valid_to.is_(None))
    rows = db.session.execute(query.order_by(Unit.depth, Unit.sort_key, Unit.id).limit(MOST_CHOICES))
    return [(code, name) for code, name in rows]


def list_siblings(unit: Unit) -> list[tuple[str, str]]:
    """(code, name) of the units beside a unit that exist today, in Vietnamese order, at most MOST_CHOICES."""
    query = select(Unit.code, Unit.name).where(Unit.parent_id == unit.parent_id, Unit.id != unit.id, Unit.valid_to.is_(None))
    return [(code, name) for code, name in db.session.execute(query.order_by(Unit.sort_key, Unit.id).limit(MOST_CHOICES))]


def units_by_words(text: str) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Ids of existing units by code and by folded name, among those that cells of the text name: what `rules.pasted.read_counts` looks up."""
    cells = cells_of(text)
    names = {fold(cell) for cell in cells}
    by_code: dict[str, int] = {}
    by_name: dict[str, list[int]] = {}
    for number, code, name in db.session.execute(select(Unit.id, Unit.code, Unit.name).where(Unit.valid_to.is_(None))):
        if code in cells:
            by_code[code] = number
        if fold(name) in names:
            by_name.setdefault(fold(name), []).append(number)
    return by_code, by_name
