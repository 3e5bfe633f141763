"""A list goes in and comes out again: matched, previewed, applied in chunks, run twice, undone after later edits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from elearn.audit.models import AuditEntry
from elearn.audit.queries import check_chain
from elearn.core.db import db, transaction
from elearn.core.exports.excel import Column, workbook
from elearn.jobs.hooks import Cancelled
from elearn.lib.errors import DomainError, InvalidInput
from elearn.members.models import Import, ImportMapping, ImportRow, Member, MemberCard, MemberSensitive, Membership, Position
from elearn.members.services import importing
from elearn.members.services.importing import applying

NOW = datetime(2026, 10, 1, 3, tzinfo=UTC)
TODAY = date(2026, 10, 1)
NGA = (14, "Ngô Thị Nga")
HEAD = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Điện thoại", "Đơn vị", "Chức vụ")
SPARE = ("", "", "", "", "")


def quiet(_step, _done=0, _total=0):
    """Nobody watches."""


def book(*rows, head=HEAD):
    return workbook("Danh sách", [], [Column(one) for one in head], [(number, *row) for number, row in enumerate(rows, start=1)])


def bring(tmp_path, *rows, unit_id=1, head=HEAD, decision="12-QĐ/ĐU"):
    """Upload and preview; returns the import's id."""
    import_id = importing.open_import(NGA, unit_id, book(*rows, head=head), "ds.xlsx", decision, tmp_path, 1 << 26, NOW)
    importing.stage_import(import_id, tmp_path, 1 << 26, TODAY, quiet)
    return import_id


def apply(import_id, tell=quiet):
    return importing.apply_import(import_id, NGA, lambda: NOW, tell)


def rows_of(import_id):
    db.session.expire_all()
    return db.session.scalars(select(ImportRow).where(ImportRow.import_id == import_id).order_by(ImportRow.place)).all()


def named(name):
    db.session.expire_all()
    return db.session.scalars(select(Member).where(Member.display_name == name)).all()


LIST = (
    ("Đặng Thị Hoà", "02/03/1985", "Nữ", "001185000123", "0912345678", "Chi bộ Khu phố 5", "Bí thư"),
    ("Trần Thị Hạnh", "01/01/1980", "Nữ", "", "0987654321", "Chi bộ Khu phố 5", ""),
    ("Nguyễn Văn Bình", "02/01/1980", "Nam", "", "", "Chi bộ Thôn Thượng", ""),
    ("Phạm Thị Lan Anh", "03/01/1980", "", "", "", "Chi bộ Thôn Thượng", ""),
    ("Lê Văn Lạ", "31/02/1980", "", "", "", "Chi bộ Không Có", ""),
)


def test_it_gives_each_row_its_fate(app, tmp_path):
    rows = rows_of(bring(tmp_path, *LIST))
    assert [row.action for row in rows] == ["create", "update", "doubtful", "same", "faulty"]
    assert rows[1].changes == {"phone": ["", "0987654321"], "sex": ["", "female"]}
    assert rows[2].candidates[0][0] == 2
    assert {problem[1] for problem in rows[4].problems} == {"date_impossible", "unit_unknown"}


def test_it_writes_nothing_of_anybody_before_it_is_applied(app, tmp_path):
    before = db.session.scalar(select(func.count()).select_from(Member))
    bring(tmp_path, *LIST)
    assert db.session.scalar(select(func.count()).select_from(Member)) == before
    assert db.session.get(Member, 1).phone == ""


def test_it_applies_each_row_once(app, tmp_path):
    import_id = bring(tmp_path, *LIST)
    importing.decide_row(import_id, 3, "match", 2)
    assert apply(import_id) == {"applied": 4, "skipped": 1}
    assert apply(import_id) == {"applied": 4, "skipped": 1}
    (new,) = named("Đặng Thị Hoà")
    assert (new.unit_id, new.sex, new.birth_date, new.birth_precision, new.phone) == (
        3,
        "female",
        date(1985, 3, 2),
        "day",
        "0912345678",
    )
    assert (new.password_hash, new.status) == ("", "active")
    assert db.session.get(MemberSensitive, new.id).national_id == "001185000123"
    assert db.session.scalars(select(Position.title).where(Position.member_id == new.id)).all() == ["Bí thư"]
    assert db.session.get(Member, 1).phone == "0987654321"
    assert db.session.get(Member, 2).unit_id == 6
    stays = db.session.scalars(select(Membership).where(Membership.member_id == 2).order_by(Membership.id)).all()
    assert [(one.unit_id, one.valid_from, one.valid_to) for one in stays] == [(4, date(2025, 7, 1), TODAY), (6, TODAY, None)]
    assert stays[1].decision == "12-QĐ/ĐU"
    assert check_chain(db.session()).broken_at is None
    assert "create_member" in db.session.scalars(select(AuditEntry.action)).all()


def test_it_finds_people_anew_by_number_and_makes_nobody_twice(app, tmp_path):
    apply(bring(tmp_path, *LIST))
    again = rows_of(bring(tmp_path, ("Đặng Thị Hòa", "1985", "Nữ", "001185000123", "0912345678", "Chi bộ Khu phố 5", "Bí thư")))
    assert [(row.action, row.matched_by) for row in again] == [("update", "national_id")]
    assert again[0].changes == {"full_name": ["Đặng Thị Hoà", "Đặng Thị Hòa"]}


def test_it_goes_on_where_it_was_broken_off(app, tmp_path, monkeypatch):
    monkeypatch.setattr(applying, "CHUNK", 3)
    people = [
        (f"Người Thứ {chr(64 + number)}", f"{number:02}/05/1990", "Nam", "", "", "Chi bộ Khu phố 5", "") for number in range(1, 11)
    ]
    import_id = bring(tmp_path, *people)
    asked = []

    def stop_after_two(_step, _done=0, _total=0):
        asked.append(_done)
        if len(asked) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        apply(import_id, stop_after_two)
    assert db.session.scalar(select(func.count()).select_from(Member).where(Member.display_name.startswith("Người Thứ"))) == 6
    assert db.session.get(Import, import_id).state == "applying"
    assert apply(import_id) == {"applied": 10}
    assert db.session.scalar(select(func.count()).select_from(Member).where(Member.display_name.startswith("Người Thứ"))) == 10


def test_it_takes_the_same_person_four_times_once(app, tmp_path):
    row = ("Đặng Thị Hoà", "02/03/1985", "Nữ", "001185000123", "", "Chi bộ Khu phố 5", "")
    rows = rows_of(bring(tmp_path, row, row, row, row))
    assert [one.action for one in rows] == ["create", "faulty", "faulty", "faulty"]
    assert rows[3].problems[-1][1] == "repeated"


def test_it_never_writes_a_number_that_is_somebody_elses(app, tmp_path):
    apply(bring(tmp_path, LIST[0]))
    import_id = bring(tmp_path, ("Cao Văn Khác", "05/06/1970", "Nam", "", "", "Chi bộ Khu phố 5", ""))
    with transaction() as session:
        row = session.scalar(select(ImportRow).where(ImportRow.import_id == import_id))
        row.values = {**row.values, "national_id": "001185000123"}
    assert apply(import_id) == {"failed": 1}
    assert named("Cao Văn Khác") == []


def test_it_undoes_everything(app, tmp_path):
    counts = [
        db.session.scalar(select(func.count()).select_from(model)) for model in (Member, Membership, MemberSensitive, MemberCard)
    ]
    import_id = bring(tmp_path, *LIST)
    importing.decide_row(import_id, 3, "match", 2)
    apply(import_id)
    assert importing.undo_import(import_id, NGA, 30, lambda: NOW, quiet) == {"undone": 4, "skipped": 1}
    assert counts == [
        db.session.scalar(select(func.count()).select_from(model)) for model in (Member, Membership, MemberSensitive, MemberCard)
    ]
    db.session.expire_all()
    assert (db.session.get(Member, 1).phone, db.session.get(Member, 2).unit_id) == ("", 4)
    assert db.session.get(Import, import_id).state == "undone"
    assert importing.open_import(NGA, 1, book(*LIST), "ds.xlsx", "", tmp_path, 1 << 26, NOW)


def test_it_keeps_what_was_built_on_since_and_says_why(app, tmp_path):
    import_id = bring(tmp_path, *LIST[:2], ("Vi Thị Mới", "05/06/1990", "Nữ", "", "", "Chi bộ Khu phố 5", ""))
    apply(import_id)
    (used,), (edited,) = named("Đặng Thị Hoà"), named("Vi Thị Mới")
    with transaction() as session:
        session.execute(update(Member).where(Member.id == 1).values(phone="0900000001"))
        session.execute(update(Member).where(Member.id == edited.id).values(sex="male"))
        from elearn.members.models import RoleGrant

        session.add(RoleGrant(member_id=used.id, role="unit_viewer", unit_id=3, valid_from=NOW))
    assert importing.undo_import(import_id, NGA, 30, lambda: NOW + timedelta(days=29), quiet) == {"kept": 2, "undone": 1}
    first, second, third = rows_of(import_id)
    assert "quyền" in first.outcome
    assert (second.state, second.outcome) == ("undone", "Đã được sửa sau khi nhập nên giữ nguyên: Số điện thoại.")
    assert "Giới tính" in third.outcome
    assert db.session.get(Member, 1).phone == "0900000001"
    assert db.session.get(Member, 1).sex == ""


def test_it_undoes_for_thirty_days_only(app, tmp_path):
    import_id = bring(tmp_path, *LIST)
    with pytest.raises(DomainError, match="đã xong"):
        importing.undo_import(import_id, NGA, 30, lambda: NOW, quiet)
    apply(import_id)
    with pytest.raises(DomainError, match="30 ngày"):
        importing.undo_import(import_id, NGA, 30, lambda: NOW + timedelta(days=31), quiet)


def test_it_does_not_tell_of_people_outside_the_list(app, tmp_path):
    rows = rows_of(bring(tmp_path, ("Phạm Thị Lan Anh", "03/01/1980", "", "", "", "", ""), unit_id=2))
    assert [(row.action, row.member_id) for row in rows] == [("create", None)]
    apply(bring(tmp_path, ("Phạm Thị Lan Anh", "03/01/1980", "", "001180000003", "", "Chi bộ Thôn Thượng", "")))
    rows = rows_of(bring(tmp_path, ("Phạm Thị Lan Anh", "03/01/1980", "", "001180000003", "", "Khu phố 5", ""), unit_id=2))
    assert [(row.action, row.member_id, row.candidates) for row in rows] == [("faulty", None, None)]
    assert rows[0].problems[-1][1] == "elsewhere"


def test_it_puts_a_faulty_row_right_by_hand(app, tmp_path):
    import_id = bring(tmp_path, *LIST)
    action = importing.change_row(import_id, 5, {"full_name": "Lê Văn Lạ", "birth_date": "28/02/1980", "unit": "KP 5"}, TODAY)
    assert action == "create"
    assert db.session.get(Import, import_id).counts["create"] == 2
    assert rows_of(import_id)[4].unit_id == 3
    assert importing.change_row(import_id, 5, {"full_name": "Lê Văn Lạ", "birth_date": "31/02/1980"}, TODAY) == "faulty"


def test_it_remembers_a_mapping_for_lists_of_the_same_shape(app, tmp_path):
    head = (*HEAD[:7], "Cột lạ")
    import_id = importing.open_import(NGA, 1, book(*LIST, head=head), "ds.xlsx", "", tmp_path, 1 << 26, NOW)
    sheet = db.session.get(Import, import_id).layout["sheets"][0]
    mapping = {column["column"]: column["field"] for column in sheet["columns"]} | {7: "position"}
    importing.choose_mapping(import_id, [(True, mapping)], NOW)
    assert db.session.scalar(select(func.count()).select_from(ImportMapping)) == 1
    again = importing.open_import(NGA, 1, book(*LIST, head=head), "ds.xlsx", "", tmp_path, 1 << 26, NOW)
    sheet = db.session.get(Import, again).layout["sheets"][0]
    assert sheet["is_remembered"]
    assert sheet["columns"][7]["field"] == "position"
    with pytest.raises(InvalidInput, match="hai cột"):
        importing.choose_mapping(again, [(True, mapping | {6: "position"})], NOW)
    with pytest.raises(InvalidInput, match="họ tên"):
        importing.choose_mapping(again, [(True, {6: "position"})], NOW)


def test_it_refuses_a_list_without_names(app, tmp_path):
    with pytest.raises(InvalidInput, match="họ tên"):
        importing.open_import(NGA, 1, book((1, 2), head=("STT", "Số lượng", "Tỷ lệ")), "ds.xlsx", "", tmp_path, 1 << 26, NOW)


def test_it_does_not_overwrite_what_was_edited_after_the_preview(app, tmp_path):
    import_id = bring(tmp_path, LIST[1])
    with transaction() as session:
        session.execute(update(Member).where(Member.id == 1).values(phone="0900000009"))
    assert apply(import_id) == {"failed": 1}
    assert db.session.get(Member, 1).phone == "0900000009"
