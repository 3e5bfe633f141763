"""A province of 12 districts and 150 communes becomes 60 communes without districts from one workbook, and is undone again."""

from __future__ import annotations

import random
import time
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, select

from elearn.core.db import transaction
from elearn.core.exports.excel import Column, workbook
from elearn.lib.tree import child_path
from elearn.lib.vietnamese import fold
from elearn.members.models import Member, Membership
from elearn.members.queries.organised import count_now, count_on
from elearn.units.models import Unit, UnitKind, UnitKindSpan, UnitName, UnitParent
from elearn.units.queries import history
from elearn.units.rules.snapshots import roll_up
from elearn.units.rules.tree_order import unit_sort_key
from elearn.units.services.exports import HEADINGS
from elearn.units.services.mapping_files import apply_file, preview_mapping
from elearn.units.services.undoing import undo_change
from tests.units.test_changes import KIEN, state

SINCE, REFORM = date(2020, 1, 1), date(2026, 7, 1)
THEN = REFORM - timedelta(days=1)
NOW = datetime(2026, 11, 2, 3, tzinfo=UTC)
MOST = 20_000_000


def invented_province(cells: int = 5, people: int = 2000) -> None:
    """A second province beside the cast, with people in communes and cells (and none in the districts)."""
    chance = random.Random(5)
    units: list[tuple[int, str, int | None, str, int]] = [(100, "T", None, "Đảng bộ tỉnh Sơn Hà", 1)]
    units += [(200 + number, f"H{number:02}", 100, f"Đảng bộ huyện {number}", 4) for number in range(12)]
    units += [(300 + number, f"X{number:03}", 200 + number % 12, f"Đảng bộ xã cũ {number}", 2) for number in range(150)]
    units += [
        (1000 + cells * commune + cell, f"X{commune:03}-{cell}", 300 + commune, f"Chi bộ {cell} xã {commune}", 3)
        for commune in range(150)
        for cell in range(cells)
    ]
    paths: dict[int, str] = {}
    rows = []
    for number, code, parent, name, kind in units:
        paths[number] = child_path(paths[parent] if parent else None, number)
        rows.append({
            "id": number, "code": code, "name": name, "short_name": name, "kind_id": kind, "parent_id": parent, "path": paths[number],
            "depth": paths[number].count("/") - 2, "valid_from": SINCE, "sort_key": unit_sort_key(name), "search_key": fold(f"{name} {code}"),
        })  # fmt: skip
    homes = [number for number, _, _, _, kind in units if kind in (2, 3)]
    members = [
        {
            "id": 1000 + number, "code": f"M{number:06}", "login": f"m{number}", "login_key": f"m{number}", "display_name": f"Người {number}",
            "name_key": f"{number:06}", "search_key": f"nguoi {number}", "unit_id": chance.choice(homes), "password_hash": "",
            "created_at": NOW, "status": "active",
        }
        for number in range(people)
    ]  # fmt: skip
    with transaction() as session:
        session.execute(insert(UnitKind), [{"id": 4, "code": "district", "name": "Đảng bộ huyện"}])
        session.execute(insert(Unit), rows)
        span = [{"unit_id": row["id"], "valid_from": SINCE} for row in rows]
        session.execute(insert(UnitParent), [{**one, "parent_id": row["parent_id"]} for one, row in zip(span, rows, strict=True)])
        session.execute(
            insert(UnitName), [{**one, "name": row["name"], "short_name": row["name"]} for one, row in zip(span, rows, strict=True)]
        )
        session.execute(insert(UnitKindSpan), [{**one, "kind_id": row["kind_id"]} for one, row in zip(span, rows, strict=True)])
        session.execute(insert(Member), members)
        session.execute(
            insert(Membership), [{"member_id": one["id"], "unit_id": one["unit_id"], "valid_from": SINCE} for one in members]
        )
        if session.connection().dialect.name == "postgresql":
            for table in ("units", "members", "unit_kinds"):
                session.connection().exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
                )


def mapping_file() -> bytes:
    """140 communes become 50 new ones, ten stay and move up, twelve districts close; in no order."""
    decided = {"Số quyết định": "12-NQ/TU", "Ngày quyết định": "01/06/2026", "Ngày hiệu lực": "01/07/2026"}
    rows: list[dict[str, str]] = [{"Mã cũ": f"H{number:02}", "Thao tác": "Giải thể"} for number in range(12)]
    for number in range(150):
        new = {"Mã mới": f"P{number % 50:02}", "Tên mới": f"Đảng bộ xã mới {number % 50}", "Loại": "Đảng bộ xã, phường"}
        rows.append({"Mã cũ": f"X{number:03}", "Trực thuộc (mã)": "T", **({} if number >= 140 else new)})
    random.Random(3).shuffle(rows)
    names = [name for name, _ in HEADINGS]
    lines = [[{**decided, **row}.get(name) for name in names] for row in rows]
    return workbook("Bảng ánh xạ", ["tỉnh Sơn Hà"], [Column(name) for name in names], lines)


def homes_of(session):
    session.rollback()
    columns = (Membership.member_id, Membership.unit_id, Membership.valid_from, Membership.valid_to, Membership.origin)
    return set(session.execute(select(*columns)).all()), dict(session.execute(select(Member.id, Member.unit_id)).all())


def test_a_province_is_reorganised_and_everything_is_as_before_once_undone(app, session):
    invented_province()
    before, people_before = state(session), homes_of(session)
    people_then = count_on(THEN)
    seen = preview_mapping(mapping_file(), "bang.xlsx", None, NOW, max_bytes=MOST)
    assert not seen.errors and len(seen.operations) == 50 + 10 + 12 and seen.outlook.counts["people"] > 0
    started = time.perf_counter()
    number = apply_file(KIEN, seen, "Sắp xếp tỉnh Sơn Hà", "bang.xlsx", NOW)
    assert time.perf_counter() - started < 5
    session.rollback()
    now, then = history.snapshot_on(REFORM), history.snapshot_on(THEN)
    kinds = [unit.kind for unit in now.within(100)]
    assert kinds.count("commune") == 60 and kinds.count("district") == 0 and kinds.count("cell") == 750
    assert [unit.kind for unit in then.within(100)].count("commune") == 150
    assert now == history.load_organisation(session).as_of(REFORM) and not now.faults
    # The same people, counted by the units of then and by those of now.
    assert count_on(THEN) == people_then
    as_then = roll_up(then, count_on(THEN))
    found, lost = count_now(THEN)
    as_now = roll_up(now, found)
    assert as_then.whole == as_now.whole == 2000 + 14 and not lost and not as_then.unmapped and not as_now.unmapped
    assert as_then.totals[100] == as_now.totals[100] == roll_up(now, count_on(REFORM)).totals[100] == 2000
    people = homes_of(session)[1]
    assert all(session.get(Unit, unit_id).valid_to is None for unit_id in set(people.values()))
    assert undo_change(KIEN, number, "nạp nhầm tệp", NOW)["back"] == seen.outlook.counts["people"]
    assert state(session) == before and homes_of(session) == people_before
