"""Pages of the organisation tree through the client: operations with preview, refusals at their field, undoing, files, reports."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import insert, select

from elearn.core import clock
from elearn.core.db import transaction
from elearn.core.exports.excel import Column, workbook
from elearn.lib.periods import local
from elearn.members.models import Member, RoleGrant
from elearn.units.models import Unit, UnitChange
from elearn.units.services.exports import HEADINGS
from tests.cast import LONG_AGO
from tests.counting import statements

DECIDED = {"decision_number": "12-QĐ/TU", "decision_date": "20/10/2026", "effective_on": "01/11/2026"}
MERGER = {"units": "khu-pho-5\nChi bộ Trường THCS", "into": "bm1", "name": "Chi bộ Bình Minh 1", **DECIDED}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from datetime import UTC, datetime

    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 3, tzinfo=UTC))


def page_of(client, path, status=200, **posted) -> str:
    answer = client.post(path, data=posted, follow_redirects=True) if posted else client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.get_data(as_text=True)[-3000:])
    return answer.get_data(as_text=True)


def as_manager_of(unit_id):
    """Dũng may also change the tree below a unit."""
    with transaction() as writing:
        writing.execute(insert(RoleGrant).values(member_id=5, role="system_administrator", unit_id=unit_id, valid_from=LONG_AGO))


def test_it_merges_after_a_preview_and_undoes(as_, session):
    kien = as_("kien")
    assert "Chi bộ Trường THCS" in page_of(kien, "/admin/units/3/merge")
    seen = page_of(kien, "/admin/units/3/merge", **MERGER)
    assert "Sáp nhập Chi bộ Khu phố 5 và Chi bộ Trường THCS thành Chi bộ Bình Minh 1" in seen and "4 người theo về" in seen
    assert session.scalar(select(Unit).where(Unit.code == "bm1")) is None
    by_box = page_of(kien, "/admin/units/3/merge", **{**MERGER, "units": "", "siblings": "truong"})
    assert "thành Chi bộ Bình Minh 1" in by_box and 'name="siblings" value="truong"' in by_box
    again = page_of(kien, "/admin/units/3/merge", **MERGER, back="1")
    assert 'value="Chi bộ Bình Minh 1"' in again
    done = page_of(kien, "/admin/units/3/merge", **MERGER, confirmed="1")
    assert "Đã thực hiện" in done and "Hoàn tác" in done
    session.rollback()
    change = session.scalar(select(UnitChange))
    change_id, new_id = change.id, session.scalar(select(Unit.id).where(Unit.code == "bm1"))
    closed = page_of(kien, "/admin/units/3")
    assert "Đơn vị này đã kết thúc ngày" in closed and "Nơi kế thừa" in closed and f"/admin/units/{new_id}" in closed
    assert "Kế thừa từ" in page_of(kien, f"/admin/units/{new_id}")
    assert "Sáp nhập Chi bộ Khu phố 5" in page_of(kien, "/admin/units/changes")
    assert "4 người trở lại đơn vị cũ" in page_of(kien, f"/admin/units/changes/{change_id}/undo")
    page_of(kien, f"/admin/units/changes/{change_id}/undo", 400, reason="x")
    assert "Đã hoàn tác" in page_of(kien, f"/admin/units/changes/{change_id}/undo", reason="ghi nhầm quyết định")
    session.rollback()
    assert session.get(Unit, new_id) is None and session.get(Member, 1).unit_id == 3


@pytest.mark.parametrize(
    ("path", "posted", "words"),
    [
        ("/admin/units/2/move", {"parent": "khu-pho-5"}, "sẽ thành vòng tròn"),
        ("/admin/units/2/move", {"parent": "không có"}, "Không có đơn vị nào mang mã hoặc tên"),
        ("/admin/units/2/move", {"parent": "dong-hoa", "effective_on": "01/12/2026"}, "Ngày hiệu lực chưa tới"),
        ("/admin/units/2/move", {"parent": "dong-hoa", "effective_on": "32/13/2026"}, "Ngày không đúng"),
        ("/admin/units/2/close", {}, "cần chuyển chúng đi trước"),
        ("/admin/units/2/rename", {"name": ""}, "Hãy điền ô này"),
        ("/admin/units/new", {"code": "truong", "name": "Chi bộ X", "kind": "cell", "parent": "dong-hoa"}, "đã dùng cho"),
        ("/admin/units/3/merge", {"units": "khu-pho-5\ntruong", "into": "mới"}, "Chưa ghi tên đơn vị"),
        ("/admin/units/6/split", {"code_1": "t1", "name_1": "T1", "main": "1"}, "ít nhất hai đơn vị"),
        ("/admin/units/6/split", {"code_1": "t1", "name_1": "T1", "main": "2"}, "chưa có mã"),
    ],
)
def test_it_shows_a_refusal_at_its_field_and_keeps_what_was_typed(as_, session, path, posted, words):
    page = page_of(as_("kien"), path, 400, **{**DECIDED, **posted})
    assert words in page and 'value="12-QĐ/TU"' in page
    assert session.scalar(select(UnitChange)) is None


@pytest.mark.parametrize(
    ("path", "posted"),
    [
        ("/admin/units/new", {"code": "n", "name": "Chi bộ Thôn Hạ", "kind": "cell", "parent": "dong-hoa"}),
        ("/admin/units/3/rename", {"name": "Chi bộ Tổ dân phố 5", "kind": ""}),
        ("/admin/units/3/move", {"parent": "Đảng bộ xã Đông Hoà"}),
        ("/admin/units/6/split", {"code_1": "t1", "name_1": "Chi bộ T1", "code_2": "t2", "name_2": "Chi bộ T2", "main": "2"}),
        ("/admin/units/6/split", {"code_1": "t1", "name_1": "Chi bộ T1", "main": "0"}),
        ("/admin/units/3/close", {"successor": "truong"}),
    ],
)
def test_each_form_leads_to_its_operation(as_, session, path, posted):
    kien = as_("kien")
    page_of(kien, path)
    assert "Sẽ thực hiện" in page_of(kien, path, **DECIDED, **posted)
    assert "Đã thực hiện" in page_of(kien, path, **DECIDED, **posted, confirmed="1")
    session.rollback()
    assert session.scalar(select(UnitChange)).decision == "12-QĐ/TU ngày 20/10/2026"


def test_it_keeps_the_tree_from_those_without_the_right(as_, session):
    kien = as_("kien")
    page_of(kien, "/admin/units/3/rename", name="Chi bộ Số 5", kind="", confirmed="1", **DECIDED)
    session.rollback()
    change = session.scalar(select(UnitChange)).id
    quang, thuan, hanh = as_("quang"), as_("thuan"), as_("hanh")
    for path in (
        "/admin/units/3/rename",
        "/admin/units/new",
        "/admin/units/changes",
        f"/admin/units/changes/{change}/undo",
        "/admin/units/mapping",
    ):
        page_of(quang, path, 403)
        page_of(hanh, path, 403)
    page_of(thuan, "/admin/units/3", 404)
    as_manager_of(5)
    dung = as_("dung")
    page_of(dung, "/admin/units/3/rename", 403)  # seen as training officer, managed by nobody of his
    page_of(dung, "/admin/units/1", 404)
    page_of(dung, f"/admin/units/changes/{change}", 404)
    page_of(dung, f"/admin/units/changes/{change}/undo", 404)
    assert "Chưa có thay đổi nào" in page_of(dung, "/admin/units/changes")
    page_of(dung, "/admin/units/999/move", 404)


def test_it_stays_within_the_scope_of_the_grant(as_, session):
    as_manager_of(5)
    dung = as_("dung")
    page = page_of(dung, "/admin/units/6/move", 400, parent="khu-pho-5", **DECIDED)
    assert "ngoài phạm vi bạn phụ trách" in page
    assert "ở cấp cao nhất" in page_of(dung, "/admin/units/6/move", 400, parent="-", **DECIDED)
    assert "Sẽ thực hiện" in page_of(dung, "/admin/units/6/rename", name="Chi bộ Thượng", kind="", **DECIDED)


def test_it_unfolds_several_branches_and_shows_the_tree_of_a_day(as_, session):
    kien = as_("kien")
    both = page_of(kien, "/admin/units?open=2,5")
    assert "Chi bộ Khu phố 5" in both and "Chi bộ Thôn Thượng" in both
    folded = re.search(r'data-fold href="([^"]+)"', both)
    assert folded and "open=" in folded[1]
    page_of(kien, "/admin/units/3/merge", **MERGER, confirmed="1")
    now, then = page_of(kien, "/admin/units?open=2"), page_of(kien, "/admin/units?open=2&on=31/10/2026")
    assert "Chi bộ Bình Minh 1" in now and "Chi bộ Khu phố 5" not in now
    assert "Chi bộ Khu phố 5" in then and "Chi bộ Bình Minh 1" not in then and "Về hiện nay" in then
    assert "Ngày không đúng" in page_of(kien, "/admin/units?on=hom+qua")
    assert "Chưa có đơn vị nào" in page_of(kien, "/admin/units?on=1/1/2000")
    assert "Thôn Thượng" not in page_of(as_("dung"), "/admin/units?on=2026-10-31&open=2,5")


def test_the_tree_costs_the_same_however_much_is_unfolded(as_):
    kien = as_("kien")
    page_of(kien, "/admin/units")
    with statements() as few:
        page_of(kien, "/admin/units?on=31/10/2026")
    with statements() as many:
        page_of(kien, "/admin/units?on=31/10/2026&open=2,5")
    assert len(few) == len(many)


def test_it_keeps_headcount_catchment_and_mark(as_, session):
    kien = as_("kien")
    page_of(kien, "/admin/units/3/headcount", 400, counted_on="1/7/2020", people="31")
    assert "Đã lưu" in page_of(kien, "/admin/units/3/headcount", counted_on="01/11/2026", people="31", source="báo cáo")
    page_of(kien, "/admin/units/2/catchment", 400, units="không có", valid_from="01/11/2026")
    shown = page_of(kien, "/admin/units/2/catchment", units="dong-hoa", valid_from="01/11/2026", decision="3-QĐ")
    assert "Đảng bộ xã Đông Hoà" in shown
    assert "ngoài tổ chức" in page_of(kien, "/admin/units/6/details", segment="Khối xã", is_external="y")
    for path in ("headcount", "catchment", "details"):
        page_of(kien, f"/admin/units/3/{path}")
    page_of(as_("quang"), "/admin/units/3/headcount", 403)


def mapping(*rows: dict[str, str]) -> bytes:
    names = [name for name, _ in HEADINGS]
    return workbook(
        "Bảng ánh xạ", ["ghi chú"], [Column(name) for name in names], [[row.get(name) for name in names] for row in rows]
    )


def upload(client, data, name="bang.xlsx", day="01/11/2026", status=200):
    answer = client.post(
        "/admin/units/mapping", data={"file": (io.BytesIO(data), name), "effective_on": day}, follow_redirects=True
    )
    assert answer.status_code == status
    return answer


def test_a_mapping_file_is_previewed_applied_and_undone(as_, session):
    kien = as_("kien")
    data = mapping(
        {"Mã cũ": "khu-pho-5", "Mã mới": "bm1", "Tên mới": "Chi bộ Bình Minh 1", "Số quyết định": "12-QĐ"},
        {"Mã cũ": "truong", "Mã mới": "bm1", "Số quyết định": "12-QĐ"},
        {"Mã cũ": "thuong", "Tên mới": "Chi bộ Thôn Thượng Đông"},
    )
    answer = upload(kien, data)
    page, path = answer.get_data(as_text=True), answer.request.path
    assert "Thực hiện 2 thao tác" in page and "Sáp nhập Chi bộ Khu phố 5 và Chi bộ Trường THCS" in page
    assert as_("mai").get(path).status_code == 403
    as_manager_of(1)
    assert as_("dung").get(path).status_code == 404  # another person's file
    done = page_of(kien, path, confirmed="1")
    assert "Đã thực hiện 2 thao tác" in done and "bang.xlsx" in done
    page_of(kien, path, 404)
    session.rollback()
    change = session.scalar(select(UnitChange))
    assert change.file_name == "bang.xlsx"
    page_of(kien, f"/admin/units/changes/{change.id}/undo", reason="nạp nhầm tệp")
    session.rollback()
    assert session.get(Unit, 6).name == "Chi bộ Thôn Thượng" and session.get(Unit, 3).valid_to is None


def test_a_mapping_file_shows_each_problem_at_its_row_and_column(as_):
    kien = as_("kien")
    data = mapping({"Mã cũ": "không-có", "Mã mới": "x"}, {"Mã cũ": "khu-pho-5", "Mã mới": "y"}, {"Mã cũ": "truong", "Loại": "hội"})
    page = upload(kien, data).get_data(as_text=True)
    assert "Không có đơn vị nào mang mã “không-có”" in page and "Chưa ghi tên đơn vị" in page and "Không có loại đơn vị" in page
    assert "Mã cũ" in page and not re.search(r"Thực hiện \d+ thao tác", page)


def test_what_is_no_mapping_file_is_refused(as_):
    kien = as_("kien")
    assert "không có nội dung" in upload(kien, b"", status=400).get_data(as_text=True)
    assert "Không thấy dòng tiêu đề" in upload(kien, b"a,b\n1,2\n", "x.csv", status=400).get_data(as_text=True)
    upload(kien, b"\x89PNG....", status=400)
    template = kien.get("/admin/units/mapping/template")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(template.data)).get_sheet_by_index(0).to_python()
    assert any("Mã cũ" in row and "Ngày hiệu lực" in row for row in rows)
    assert "Tệp không đổi gì" in upload(kien, template.data).get_data(as_text=True)


def test_units_go_out_and_come_in_as_files(as_, session):
    kien = as_("kien")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(kien.get("/admin/units/export/excel").data)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[-6:]] == ["an-son", "binh-minh", "khu-pho-5", "truong", "dong-hoa", "thuong"]
    orgs = kien.get("/admin/units/export/oneroster").data
    assert b"sourcedId" in orgs and "Chi bộ Trường THCS".encode() in orgs
    assert b"dong-hoa" not in as_("dung").get("/admin/units/export/oneroster").data
    changed = orgs.replace("Chi bộ Trường THCS".encode(), "Chi bộ Trường Tiểu học".encode())
    answer = kien.post("/admin/units/oneroster", data={"file": (io.BytesIO(changed), "orgs.csv"), **DECIDED}, follow_redirects=True)
    assert "Đổi tên Chi bộ Trường THCS thành Chi bộ Trường Tiểu học" in answer.get_data(as_text=True)
    page_of(kien, answer.request.path, confirmed="1")
    session.rollback()
    assert session.get(Unit, 4).name == "Chi bộ Trường Tiểu học"


def test_roles_left_on_an_ended_unit_are_listed(as_, session):
    with transaction() as writing:
        writing.execute(insert(RoleGrant).values(member_id=3, role="unit_viewer", unit_id=3, valid_from=LONG_AGO))
    done = page_of(as_("kien"), "/admin/units/3/merge", **MERGER, confirmed="1")
    assert "Quyền còn gắn với đơn vị đã kết thúc" in done and "Phạm Thị Lan Anh" in done


def test_the_report_adds_up_as_then_and_as_now(as_, session):
    kien = as_("kien")
    page_of(kien, "/admin/units/3/merge", **MERGER, confirmed="1")
    page = page_of(kien, "/admin/units/report?since=1/10/2026&until=31/10/2026&levels=2")
    then, now = page.split("Như tổ chức hiện nay", 1)
    assert "Hai cách cộng bằng nhau" in page and "14 người" in page
    assert "Chi bộ Khu phố 5" in then and "Chi bộ Bình Minh 1" in now and "Chi bộ Khu phố 5" not in now
    book = kien.get("/admin/units/report?since=1/10/2026&until=31/10/2026&levels=2&format=excel").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[3:5] for row in rows if row[2] == "Tổng"] == [[14.0, 0.0], [14.0, 0.0]]
    assert "Ngày không đúng" in page_of(kien, "/admin/units/report?since=x")
    assert "Ngày đầu phải trước ngày cuối" in page_of(kien, "/admin/units/report?since=2/11/2026&until=1/11/2026")
    page_of(as_("hanh"), "/admin/units/report", 403)
    assert local(clock.now()).date() == date(2026, 11, 23)
