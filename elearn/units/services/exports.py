"""The units as files: a flat list for Excel, orgs.csv of OneRoster, and the empty mapping file."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from elearn.core.db import db
from elearn.core.display import show_date, show_number
from elearn.core.exports.excel import Column, workbook
from elearn.core.i18n import gettext
from elearn.units.queries.history import kinds_by_code, list_details, snapshot_on
from elearn.units.rules.oneroster import orgs_of, write_orgs
from elearn.units.rules.snapshots import Snapshot
from elearn.units.services.mapping_files import ONEROSTER_TYPES

HEADINGS = (
    ("Mã cũ", 16), ("Tên cũ", 36), ("Thao tác", 14), ("Mã mới", 16), ("Tên mới", 36), ("Tên ngắn", 20), ("Loại", 22), ("Trực thuộc (mã)", 18),
    ("Là nơi kế thừa chính", 12), ("Số quyết định", 18), ("Ngày quyết định", 14), ("Ngày hiệu lực", 14), ("Ghi chú", 24),
)  # fmt: skip


def units_workbook(day: date, only: Collection[int] | None = None) -> bytes:
    """Every unit of a day from the top down: code, names, kind, the unit above, first day, segment. `only`: ids to keep."""
    snapshot, kinds, details = snapshot_on(day), kinds_by_code(db.session()), list_details()
    columns = [
        Column(gettext("STT"), 7), Column(gettext("Mã"), 18), Column(gettext("Tên đầy đủ"), 44), Column(gettext("Tên ngắn"), 26), Column(gettext("Loại"), 24),
        Column(gettext("Mã cấp trên"), 18), Column(gettext("Đơn vị cấp trên"), 36), Column(gettext("Cấp"), 7), Column(gettext("Có từ ngày"), 14),
        Column(gettext("Kết thúc ngày"), 14), Column(gettext("Khối"), 16), Column(gettext("Ngoài tổ chức"), 10),
    ]  # fmt: skip
    ordered = [number for number in _from_the_top(snapshot) if only is None or number in only]
    rows = []
    for place, number in enumerate(ordered, start=1):
        unit = snapshot.units[number]
        above = snapshot.units[unit.parent_id] if unit.parent_id is not None else None
        since, until, segment, is_external = details[number]
        rows.append((
            place, unit.code, unit.name, unit.short_name, kinds.get(unit.kind, unit.kind), above.code if above else "", above.name if above else "",
            unit.depth + 1, since, until, segment, is_external,
        ))  # fmt: skip
    note = gettext("Như tổ chức ngày %(day)s: %(n)s đơn vị.", day=show_date(day), n=show_number(len(rows)))
    return workbook(gettext("Danh sách đơn vị"), [note], columns, rows)


def orgs_csv(day: date, only: Collection[int] | None = None) -> bytes:
    """The units of a day as orgs.csv of OneRoster."""
    snapshot = snapshot_on(day)
    orgs = orgs_of(snapshot, ONEROSTER_TYPES)
    if only is not None:
        codes = {unit.code for unit in snapshot.units.values() if unit.id in only}
        orgs = [org for org in orgs if org.sourced_id in codes]
    return write_orgs(orgs)


def mapping_template() -> bytes:
    """The empty mapping file with its headings and a line of explanation for each kind of row."""
    notes = [
        "Mỗi dòng một đơn vị cũ. Nhiều dòng cùng “Mã mới”: sáp nhập. Nhiều dòng cùng “Mã cũ”: chia tách, đánh dấu “x” đúng một nơi kế thừa chính.",
        "Thao tác: sáp nhập, đổi tên, chuyển, chia tách, giải thể, thành lập; để trống thì suy ra từ các cột khác.",
        "Trực thuộc: mã đơn vị cấp trên; dấu “-” là cấp cao nhất. Ngày: 01/07/2025.",
    ]
    return workbook("Bảng ánh xạ đơn vị cũ và mới", notes, [Column(name, width) for name, width in HEADINGS], [])


def _from_the_top(snapshot: Snapshot) -> list[int]:
    found: list[int] = []
    waiting = [unit.id for unit in reversed(snapshot.ordered(snapshot.tops))]
    while waiting:
        current = waiting.pop()
        found.append(current)
        waiting += [unit.id for unit in reversed(snapshot.ordered(snapshot.children.get(current, ())))]
    return found
