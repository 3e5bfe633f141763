"""People without an account: rows of members that sign in by no password and belong to no unit of the tree."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.lib.periods import local_day
from elearn.lib.vietnamese import fold
from elearn.members.models import Member
from elearn.members.rules.logins import login_key
from elearn.members.rules.people import GUEST_UNIT, person_keys
from elearn.units.models import Unit, UnitKind, UnitKindSpan, UnitName, UnitParent
from elearn.units.rules.tree_order import unit_sort_key

NAME, SHORT_NAME = "Người dự thi không có tài khoản", "Không có tài khoản"
KIND, KIND_NAME = "outside", "Ngoài tổ chức"


def guest_unit_id(session: Session, now: datetime) -> int:
    """Id of the unit outside the tree to which guests belong; made, inside the caller's transaction, when it is first needed."""
    find = select(Unit.id).where(Unit.code == GUEST_UNIT)
    known = session.scalar(find)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            return _make_unit(session, local_day(now))
    except IntegrityError:  # somebody else has made it meanwhile
        return session.execute(find).scalar_one()


def _make_unit(session: Session, today: date) -> int:
    kind = session.scalar(select(UnitKind).where(UnitKind.code == KIND))
    if kind is None:
        kind = UnitKind(code=KIND, name=KIND_NAME)
        session.add(kind)
        session.flush()
    unit = Unit(
        code=GUEST_UNIT, name=NAME, short_name=SHORT_NAME, kind_id=kind.id, parent_id=None, path="/", depth=0, valid_from=today,
        sort_key=unit_sort_key(NAME), search_key=fold(f"{NAME} {GUEST_UNIT}"), is_external=True,
    )  # fmt: skip
    session.add(unit)
    session.flush()
    session.execute(update(Unit).where(Unit.id == unit.id).values(path=f"/{unit.id}/"))
    session.add_all(
        (
            UnitParent(unit_id=unit.id, parent_id=None, valid_from=today),
            UnitName(unit_id=unit.id, name=NAME, short_name=SHORT_NAME, valid_from=today),
            UnitKindSpan(unit_id=unit.id, kind_id=kind.id, valid_from=today),
        )
    )
    session.flush()
    return unit.id


def add_guest(session: Session, columns: Mapping[str, Any], now: datetime) -> int:
    """A person without an account, inside the caller's transaction; `columns` as `rules.people.check_person` gives them. Returns the id."""
    token = f"DT{secrets.token_hex(8)}"
    name_key, search_key = person_keys(columns["display_name"], token, token)
    member = Member(
        **{**columns, "kind": "guest"}, login=token, login_key=login_key(token), code=token, name_key=name_key, search_key=search_key,
        unit_id=guest_unit_id(session, now), status="active", password_hash="", created_at=now,
    )  # fmt: skip
    session.add(member)
    session.flush()
    return member.id
