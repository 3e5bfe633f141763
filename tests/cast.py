"""A small organisation known by name, in every test's database.

    An Sơn (province)
    ├── Bình Minh (ward) ── Khu phố 5, Trường THCS (cells)
    └── Đông Hoà (commune) ── Thôn Thượng (cell)

Learners: hanh (Khu phố 5), binh (Trường THCS), lan (Thôn Thượng). Officers: kien (administrator of the province), dung (training,
Bình Minh), mai (contests, province), yen (editor, province), phuoc (reviewer, province), thanh (examiner, province), quang (viewer,
Bình Minh), thuan (training, Đông Hoà: the outsider), nga (personnel, province). Everybody's password is PASSWORD; `moi` must change it first, `nghi` is disabled.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from elearn.core import clock
from elearn.lib.vietnamese import fold, name_sort_key
from elearn.members.models import Member, Membership, RoleGrant, SignInSession
from elearn.members.rules.logins import login_key
from elearn.members.services.passwords import hash_password
from elearn.members.services.sign_in import token_hash
from elearn.members.views import TOKEN
from elearn.units.models import Unit, UnitKind, UnitKindSpan, UnitName, UnitParent
from elearn.units.rules.tree_order import unit_sort_key

PASSWORD = "lua-nuoc-tre-xanh"
LONG_AGO = datetime(2025, 7, 1, tzinfo=UTC)
FIRST_DAY = date(2025, 7, 1)

UNITS = {  # key: (id, name, short name, kind, parent)
    "an_son": (1, "Đảng bộ tỉnh An Sơn", "An Sơn", "province", None),
    "binh_minh": (2, "Đảng bộ phường Bình Minh", "Bình Minh", "commune", "an_son"),
    "khu_pho_5": (3, "Chi bộ Khu phố 5", "Khu phố 5", "cell", "binh_minh"),
    "truong": (4, "Chi bộ Trường THCS", "Trường THCS", "cell", "binh_minh"),
    "dong_hoa": (5, "Đảng bộ xã Đông Hoà", "Đông Hoà", "commune", "an_son"),
    "thuong": (6, "Chi bộ Thôn Thượng", "Thôn Thượng", "cell", "dong_hoa"),
}

PEOPLE = {  # login: (id, name, unit, role and its unit)
    "hanh": (1, "Trần Thị Hạnh", "khu_pho_5", None),
    "binh": (2, "Nguyễn Văn Bình", "truong", None),
    "lan": (3, "Phạm Thị Lan Anh", "thuong", None),
    "kien": (4, "Đặng Trung Kiên", "an_son", ("system_administrator", "an_son")),
    "dung": (5, "Phan Đức Dũng", "binh_minh", ("training_officer", "binh_minh")),
    "mai": (6, "Hoàng Thị Mai", "an_son", ("contest_officer", "an_son")),
    "yen": (7, "Bùi Ngọc Yến", "an_son", ("content_editor", "an_son")),
    "phuoc": (8, "Nguyễn Hữu Phước", "an_son", ("reviewer", "an_son")),
    "thanh": (9, "Đỗ Văn Thành", "an_son", ("examiner", "an_son")),
    "quang": (10, "Vũ Đình Quang", "binh_minh", ("unit_viewer", "binh_minh")),
    "thuan": (11, "Lò Văn Thuận", "dong_hoa", ("training_officer", "dong_hoa")),
    "moi": (12, "Lê Quốc Bảo", "khu_pho_5", None),
    "nghi": (13, "Hà Văn Tuấn", "khu_pho_5", None),
    "nga": (14, "Ngô Thị Nga", "an_son", ("personnel_officer", "an_son")),
}


@dataclass(frozen=True)
class Person:
    member_id: int
    name: str
    unit_id: int


class People:
    """`people.hanh` and so on."""

    def __getattr__(self, login: str) -> Person:
        number, name, unit, _ = PEOPLE[login]
        return Person(number, name, UNITS[unit][0])


@cache
def _hash() -> str:
    return hash_password(PASSWORD)


def unit_path(key: str) -> str:
    number, _, _, _, parent = UNITS[key]
    return f"{unit_path(parent) if parent else '/'}{number}/"


def enter(db: Any) -> None:
    """Write the cast into an empty database."""
    connection = db.session.connection(execution_options={"is_write": True})
    kinds = {"province": (1, "Đảng bộ tỉnh"), "commune": (2, "Đảng bộ xã, phường"), "cell": (3, "Chi bộ")}
    connection.execute(insert(UnitKind), [{"id": i, "code": code, "name": name} for code, (i, name) in kinds.items()])
    for key, (number, name, short, kind, parent) in UNITS.items():
        parent_id = UNITS[parent][0] if parent else None
        path = unit_path(key)
        connection.execute(
            insert(Unit).values(
                id=number,
                code=key.replace("_", "-"),
                name=name,
                short_name=short,
                kind_id=kinds[kind][0],
                parent_id=parent_id,
                path=path,
                depth=path.count("/") - 2,
                valid_from=FIRST_DAY,
                sort_key=unit_sort_key(name),
                search_key=fold(f"{name} {key.replace('_', '-')}"),
            )
        )
        connection.execute(insert(UnitParent).values(unit_id=number, parent_id=parent_id, valid_from=FIRST_DAY))
        connection.execute(insert(UnitName).values(unit_id=number, name=name, short_name=short, valid_from=FIRST_DAY))
        connection.execute(insert(UnitKindSpan).values(unit_id=number, kind_id=kinds[kind][0], valid_from=FIRST_DAY))
    for login, (number, name, unit, role) in PEOPLE.items():
        unit_id = UNITS[unit][0]
        connection.execute(
            insert(Member).values(
                id=number,
                code=f"DV{number:05}",
                login=login,
                login_key=login_key(login),
                display_name=name,
                name_key=name_sort_key(name),
                search_key=fold(f"{name} {login} DV{number:05}"),
                birth_date=date(1980, 1, number),
                birth_precision="day",
                unit_id=unit_id,
                status="disabled" if login == "nghi" else "active",
                password_hash=_hash(),
                must_change_password=login == "moi",
                created_at=LONG_AGO,
            )
        )
        connection.execute(insert(Membership).values(member_id=number, unit_id=unit_id, valid_from=FIRST_DAY))
        if role:
            connection.execute(
                insert(RoleGrant).values(member_id=number, role=role[0], unit_id=UNITS[role[1]][0], valid_from=LONG_AGO)
            )
    if connection.dialect.name == "postgresql":
        for table in (UnitKind, Unit, Member):
            name = table.__tablename__
            connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
    db.session.commit()


def sign_in(app: Flask, client: FlaskClient, login: str) -> None:
    """Give the client a session without the cost of hashing; the sign-in page has tests of its own."""
    from elearn.core.db import db

    token = secrets.token_urlsafe(16)
    now = clock.now()
    member_id = db.session.scalar(select(Member.id).where(Member.login_key == login))
    db.session.rollback()
    connection = db.session.connection(execution_options={"is_write": True})
    connection.execute(
        insert(SignInSession).values(
            token_hash=token_hash(token), member_id=member_id, created_at=now, last_seen_at=now, expires_at=now + timedelta(days=1)
        )
    )
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
