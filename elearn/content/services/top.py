"""The unit that owns content."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from elearn.core.db import db, transaction
from elearn.lib.vietnamese import fold, sort_key
from elearn.units.models import Unit, UnitKind, UnitKindSpan, UnitName, UnitParent


def find_or_make_top(name: str, today: date) -> int:
    """Id of the top unit; made under `name` where there is no unit yet."""
    found = db.session.scalar(select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1))
    if found is not None:
        return found
    with transaction() as session:
        kind = session.scalar(select(UnitKind).where(UnitKind.code == "province"))
        if kind is None:
            kind = UnitKind(code="province", name="Đảng bộ tỉnh", name_en="Provincial organisation")
            session.add(kind)
            session.flush()
        top = Unit(
            code="root", name=name, short_name=name, kind_id=kind.id, path="", depth=0, valid_from=today,
            sort_key=sort_key(name), search_key=fold(name),
        )  # fmt: skip
        session.add(top)
        session.flush()
        top.path = f"/{top.id}/"
        session.add(UnitParent(unit_id=top.id, parent_id=None, valid_from=today))
        session.add(UnitName(unit_id=top.id, name=name, short_name=name, valid_from=today))
        session.add(UnitKindSpan(unit_id=top.id, kind_id=kind.id, valid_from=today))
        return top.id
