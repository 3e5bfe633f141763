"""Writes units, people, memberships and roles."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from elearn.demo.rules.guided import GUIDED, Guided, commune_of, home_of
from elearn.demo.rules.people import Person
from elearn.demo.rules.places import KINDS, REFORM, Place
from elearn.demo.services.writing import advance_sequences, insert_all, next_id
from elearn.lib.errors import DomainError
from elearn.lib.tree import child_path
from elearn.lib.vietnamese import fold, name_sort_key
from elearn.members.models import Member, Membership, RoleGrant
from elearn.members.rules.logins import login_key
from elearn.units.models import Unit, UnitKind, UnitKindSpan, UnitName, UnitParent, UnitSuccessor
from elearn.units.rules.tree_order import unit_sort_key

DECISION = "Quyết định số 07-QĐ/TU ngày 01/7/2025"


@dataclass(frozen=True, slots=True)
class Known:
    """A member as later steps need them."""

    id: int
    name: str
    unit_id: int
    unit_name: str
    milieu: str
    birth_year: int


def check_empty(connection: Connection) -> None:
    """Raise DomainError where the database holds members, or units besides the one at the top."""
    if connection.scalar(select(Member.id).limit(1)) is not None:
        raise DomainError("not_empty", "Cơ sở dữ liệu đã có thành viên nên không nạp dữ liệu mẫu vào nữa.")
    if (connection.scalar(select(func.count()).select_from(Unit)) or 0) > 1:
        raise DomainError("not_empty", "Cơ sở dữ liệu đã có cây đơn vị nên không nạp dữ liệu mẫu vào nữa.")


def write_units(connection: Connection, places: Sequence[Place]) -> list[int]:
    """Write the tree; a top unit that is there already becomes the province. Returns the id of each place."""
    kinds = _kinds(connection)
    top = connection.scalar(select(Unit.id).where(Unit.parent_id.is_(None)).limit(1))
    first = next_id(connection, Unit)
    ids = [top if top is not None and place.number == 0 else first + place.number for place in places]
    paths: list[str] = []
    rows = []
    for place in places:
        paths.append(child_path(paths[place.parent] if place.parent is not None else None, ids[place.number]))
        rows.append(
            {
                "id": ids[place.number], "code": _code(place), "name": place.name, "short_name": place.short_name,
                "kind_id": kinds[place.kind], "parent_id": ids[place.parent] if place.parent is not None else None,
                "path": paths[-1], "depth": paths[-1].count("/") - 2, "valid_from": place.valid_from, "valid_to": place.valid_to,
                "sort_key": unit_sort_key(place.name), "search_key": fold(f"{place.name} {_code(place)}")[:200],
            }
        )  # fmt: skip
    if top is not None:
        connection.execute(update(Unit).where(Unit.id == top).values(rows.pop(0)))
        connection.execute(update(UnitParent).where(UnitParent.unit_id == top).values(valid_from=places[0].valid_from))
    insert_all(connection, Unit, rows)
    insert_all(connection, UnitParent, (row for place in places for row in _parents(place, ids, has_top=top is not None)))
    spans = [
        {"unit_id": row_id, "valid_from": place.valid_from, "valid_to": place.valid_to}
        for row_id, place in zip(ids, places, strict=True)
    ]
    if top is not None:
        connection.execute(delete(UnitName).where(UnitName.unit_id == top))
        connection.execute(delete(UnitKindSpan).where(UnitKindSpan.unit_id == top))
    insert_all(
        connection, UnitName,
        ({**span, "name": place.name, "short_name": place.short_name} for span, place in zip(spans, places, strict=True)),
    )  # fmt: skip
    insert_all(
        connection, UnitKindSpan, ({**span, "kind_id": kinds[place.kind]} for span, place in zip(spans, places, strict=True))
    )
    insert_all(
        connection,
        UnitSuccessor,
        (
            {
                "unit_id": ids[place.number], "successor_id": ids[successor], "effective_on": REFORM, "decision": DECISION,
                "is_main": turn == 0,
            }
            for place in places
            for turn, successor in enumerate(place.successors)
        ),
    )  # fmt: skip
    advance_sequences(connection, Unit)
    return ids


def _kinds(connection: Connection) -> dict[str, int]:
    """Id of each sort of unit by its code; those missing are made."""
    known = dict(connection.execute(select(UnitKind.code, UnitKind.id)).all())
    for code, name, name_en in KINDS:
        if code not in known:
            inserted = connection.execute(insert(UnitKind).values(code=code, name=name, name_en=name_en).returning(UnitKind.id))
            known[code] = inserted.scalar_one()
    return known


def _code(place: Place) -> str:
    return "AS" if place.parent is None else f"AS-{place.number:04}"


def _parents(place: Place, ids: Sequence[int], has_top: bool) -> Iterator[dict[str, Any]]:
    """To which unit a place belonged, and from when to when."""
    own = ids[place.number]
    if place.parent is None:
        if not has_top:
            yield {"unit_id": own, "parent_id": None, "valid_from": place.valid_from, "valid_to": None, "decision": ""}
        return
    parent = ids[place.parent]
    if place.earlier_parent is not None and place.valid_from < REFORM:
        earlier = ids[place.earlier_parent]
        yield {"unit_id": own, "parent_id": earlier, "valid_from": place.valid_from, "valid_to": REFORM, "decision": ""}
        yield {"unit_id": own, "parent_id": parent, "valid_from": REFORM, "valid_to": None, "decision": DECISION}
    else:
        decision = DECISION if place.valid_from == REFORM else ""
        yield {
            "unit_id": own, "parent_id": parent, "valid_from": place.valid_from, "valid_to": place.valid_to, "decision": decision,
        }  # fmt: skip


def write_people(
    connection: Connection,
    people: Iterable[Person],
    places: Sequence[Place],
    unit_ids: Sequence[int],
    password_hash: str,
    now: datetime,
    tell: Callable[[int], None],
) -> list[Known]:
    """Write people with their memberships; all sign in with the one demo password, hashed once."""
    known: list[Known] = []
    stays: list[dict[str, Any]] = []

    def rows() -> Iterator[dict[str, Any]]:
        for person in people:
            place = places[person.place]
            year = person.birth_date.year if person.birth_date else 1975
            known.append(Known(person.number, person.name, unit_ids[person.place], place.name, place.milieu, year))
            stays.extend(
                {"member_id": person.number, "unit_id": unit_ids[number], "valid_from": start, "valid_to": end}
                for number, start, end in person.stays
            )
            yield _member(person, unit_ids[person.place], password_hash, now)

    insert_all(connection, Member, rows(), tell)
    insert_all(connection, Membership, stays)
    return known


def _member(person: Person, unit_id: int, password_hash: str, now: datetime) -> dict[str, Any]:
    since = max(stay[1] for stay in person.stays)
    created = max(datetime.combine(since, time(2), UTC), datetime(2025, 8, 1, 2, tzinfo=UTC))
    return {
        "id": person.number, "code": person.code, "login": person.login, "login_key": login_key(person.login),
        "display_name": person.name, "name_key": name_sort_key(person.name),
        "search_key": fold(f"{person.name} {person.login} {person.code}"), "birth_date": person.birth_date,
        "birth_precision": person.birth_precision, "sex": person.sex, "phone": person.phone, "email": "", "kind": person.kind,
        "unit_id": unit_id, "status": "active", "password_hash": password_hash, "must_change_password": False,
        "created_at": min(created, now),
    }  # fmt: skip


def write_guided(
    connection: Connection, places: Sequence[Place], unit_ids: Sequence[int], password_hash: str, now: datetime, luck: random.Random
) -> list[Known]:
    """Write the guided accounts, the first members of all, with their roles."""
    first = next_id(connection, Member)
    people, grants, stays = [], [], []
    known = []
    for number, account in enumerate(GUIDED, start=first):
        place = home_of(account, places)
        since = max(place.valid_from, date(2016, 5, 19))
        born = date(account.birth_year, luck.randint(1, 12), luck.randint(1, 28))
        person = Person(
            number, account.name, account.login, account.sex, born, "day", f"09000{number:05}", "official", place.number,
            ((place.number, since, None),),
        )  # fmt: skip
        row = _member(person, unit_ids[place.number], password_hash, now)
        people.append(row | {"must_change_password": account.must_change_password})
        known.append(Known(number, account.name, unit_ids[place.number], place.name, place.milieu, account.birth_year))
        if account.scope:
            grants.append(_grant(account, number, places, unit_ids, now))
        stays.append({"member_id": number, "unit_id": row["unit_id"], "valid_from": since, "valid_to": None})
    insert_all(connection, Member, people)
    insert_all(connection, Membership, stays)
    insert_all(connection, RoleGrant, grants)
    return known


def _grant(account: Guided, number: int, places: Sequence[Place], unit_ids: Sequence[int], now: datetime) -> dict[str, Any]:
    scope = 0 if account.scope == "province" else commune_of(places).number
    return {
        "member_id": number, "role": account.role, "unit_id": unit_ids[scope], "valid_from": now - timedelta(days=60),
        "valid_to": None, "granted_by_id": None, "reason": "Tài khoản mẫu",
    }  # fmt: skip
