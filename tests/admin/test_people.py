"""Members, their accounts, units, roles and the audit log, as officers see them."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from elearn.audit.models import AuditDetail, AuditEntry
from elearn.audit.queries import check_chain
from elearn.audit.services import record
from elearn.core.db import db, transaction
from elearn.members.models import Member, SignInSession
from tests.cast import PASSWORD
from tests.classes.conftest import NOW
from tests.counting import statements


def page_of(client, path) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_it_finds_members_without_accents_by_name_code_and_unit(as_):
    dung = as_("dung")
    assert "Trần Thị Hạnh" in page_of(dung, "/admin/members?q=hanh+TRAN")
    assert "Trần Thị Hạnh" in page_of(dung, "/admin/members?q=dv00001")
    assert "Nguyễn Văn Bình" not in page_of(dung, "/admin/members?unit=3")
    assert "Không tìm thấy ai" in page_of(dung, "/admin/members?q=pham+thi+lan")
    assert "Không tìm thấy ai" in page_of(dung, "/admin/members?q=%25%5F%27%22")
    assert "Thôn Thượng" not in page_of(dung, "/admin/members?unit=6")
    assert "Trần Thị Hạnh" in page_of(dung, "/admin/members?unit=abc&page=99999")


def test_it_costs_the_same_for_a_full_page(as_):
    kien = as_("kien")
    page_of(kien, "/admin/members?q=hanh")
    with statements() as few:
        page_of(kien, "/admin/members?q=hanh")
    with statements() as many:
        page_of(kien, "/admin/members")
    assert len(few) == len(many)


def test_it_exports_what_the_officer_may_see(as_, session):
    with transaction() as writing:
        writing.get(Member, 1).display_name = '=HYPERLINK("http://x")'
    answer = as_("dung").get("/admin/members/excel?unit=3")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    head = next(number for number, row in enumerate(rows) if row[0] == "STT")
    names = [row[1] for row in rows[head + 1 :]]
    assert '=HYPERLINK("http://x")' in names
    assert "Nguyễn Văn Bình" not in names
    assert len(names) == 3
    everybody = (
        CalamineWorkbook.from_filelike(BytesIO(as_("thuan").get("/admin/members/excel").data)).get_sheet_by_index(0).to_python()
    )
    assert not any("Nguyễn Văn Bình" in row for row in everybody)


def test_it_shows_a_person(as_):
    page = page_of(as_("dung"), "/admin/members/1")
    assert "Chi bộ Khu phố 5" in page
    assert "Cấp lại mật khẩu" not in page
    assert "Cấp lại mật khẩu" in page_of(as_("kien"), "/admin/members/1")
    assert "Đây là tài khoản của bạn" in page_of(as_("kien"), "/admin/members/4")


@pytest.mark.parametrize("page", ["status", "password"])
def test_it_lets_only_administrators_change_accounts(as_, page):
    for name, status in (("hanh", 403), ("dung", 403), ("quang", 403), ("thuan", 403)):
        assert as_(name).get(f"/admin/members/1/{page}").status_code == status
        assert as_(name).post(f"/admin/members/1/{page}", data={"reason": "không rõ", "status": "disabled"}).status_code == status
    assert as_("kien").get(f"/admin/members/999/{page}").status_code == 404
    assert as_("kien").get(f"/admin/members/4/{page}").status_code == 409


def test_it_disables_and_enables_with_a_reason(as_, session):
    kien, hanh = as_("kien"), as_("hanh")
    assert hanh.get("/me").status_code == 200
    assert "Khoá tài khoản của Trần Thị Hạnh?" in page_of(kien, "/admin/members/1/status")
    assert kien.post("/admin/members/1/status", data={"reason": "", "status": "disabled"}).status_code == 400
    assert kien.post("/admin/members/1/status", data={"reason": "chuyển đi", "status": "deleted"}).status_code == 404
    assert kien.post("/admin/members/1/status", data={"reason": "chuyển đi nơi khác", "status": "disabled"}).status_code == 302
    assert hanh.get("/me").status_code == 302
    session.rollback()
    assert session.get(Member, 1).status == "disabled"
    assert "Mở lại tài khoản" in page_of(kien, "/admin/members/1/status")
    assert kien.post("/admin/members/1/status", data={"reason": "đã trở về", "status": "active"}).status_code == 302
    session.rollback()
    reasons = [row.detail.reason for row in session.query(AuditEntry).order_by(AuditEntry.seq)]
    assert reasons == ["chuyển đi nơi khác", "đã trở về"]


def test_it_gives_a_first_password_that_works_once(as_, session):
    kien = as_("kien")
    as_("hanh")
    assert session.query(SignInSession).filter_by(member_id=1, ended_at=None).count() == 1
    assert "Cấp lại mật khẩu cho Trần Thị Hạnh?" in page_of(kien, "/admin/members/1/password")
    answer = kien.post("/admin/members/1/password")
    assert answer.headers["Cache-Control"] == "no-store"
    initial = re.search(r'id="initial">([^<]+)<', answer.get_data(as_text=True))[1]
    assert re.fullmatch(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", initial)
    assert initial not in kien.get("/admin/members/1").get_data(as_text=True)
    session.rollback()
    assert session.query(SignInSession).filter_by(member_id=1, ended_at=None).count() == 0
    assert initial not in str([(row.detail.after, row.detail.before) for row in session.query(AuditEntry)])
    client = as_()
    assert client.post("/sign-in", data={"login": "hanh", "password": PASSWORD}).status_code == 401
    assert client.post("/sign-in", data={"login": "hanh", "password": initial}).status_code == 302
    assert client.get("/me").headers["Location"].endswith("/password")
    assert "Đặt mật khẩu của bạn" in page_of(client, "/password")
    new = {"current": initial, "password": "sông dài biển rộng", "again": "sông dài biển rộng"}
    assert client.post("/password", data=new).status_code == 302
    assert as_().post("/sign-in", data={"login": "hanh", "password": initial}).status_code == 401


def test_it_unfolds_the_tree_and_counts_people(as_):
    kien = as_("kien")
    page = page_of(kien, "/admin/units")
    assert "Đảng bộ phường Bình Minh" in page
    assert "Chi bộ Khu phố 5" not in page
    page = page_of(kien, "/admin/units?open=2")
    assert "Chi bộ Khu phố 5" in page
    assert "Chi bộ Thôn Thượng" not in page
    assert '<td class="num">13</td>' in page  # fourteen people, one of them disabled
    assert "Chi bộ Thôn Thượng" in page_of(kien, "/admin/units?q=thon+thuong")
    assert "Không tìm thấy đơn vị nào" in page_of(as_("dung"), "/admin/units?q=thon+thuong")


def test_it_shows_a_unit_with_what_lies_below(as_):
    page = page_of(as_("dung"), "/admin/units/2")
    assert "Chi bộ Trường THCS" in page
    assert "từ 01/07/2025" in page
    assert "/admin/units/1" not in page


def test_it_shows_who_holds_which_role(as_):
    page = page_of(as_("kien"), "/admin/roles")
    assert "Cán bộ đào tạo" in page
    page = page_of(as_("kien"), "/admin/roles?role=contest_officer")
    assert "Hoàng Thị Mai" in page
    assert "Phan Đức Dũng" not in page
    assert "Không có quyền nào khớp" in page_of(as_("kien"), "/admin/roles?q=khong+ai")
    assert page_of(as_("kien"), "/admin/roles?role=xyz")


@pytest.fixture
def deeds(app):
    with transaction() as session:
        for number, name in enumerate(("Trần Thị Hạnh", "Nguyễn Văn Bình"), start=1):
            record(session, NOW, (4, "Đặng Trung Kiên"), "set_member_status", ("member", number, name), reason=f"lý do số {number}")
        record(session, NOW, (None, ""), "load_demo", ("system", 1, "An Sơn"))


def test_it_reads_and_searches_the_log(as_, deeds):
    kien = as_("kien")
    page = page_of(kien, "/admin/audit")
    assert "Khoá hoặc mở tài khoản" in page
    assert page.index("An Sơn</td>") < page.index("Trần Thị Hạnh")
    assert "Nguyễn Văn Bình" not in page_of(kien, "/admin/audit?q=Hạnh")
    assert "Trần Thị Hạnh" in page_of(kien, "/admin/audit?q=dang+kien")
    assert "lý do số 1" in page_of(kien, "/admin/audit?q=1")
    assert "Không có dòng nào khớp" in page_of(kien, "/admin/audit?action=open_cohort")
    assert "Nguyễn Văn Bình" not in page_of(kien, "/admin/audit?member=1").split('id="list"')[1]
    assert f"{NOW:%d/%m/%Y}" in page_of(kien, f"/admin/audit?since={NOW:%d/%m/%Y}&until={NOW:%d/%m/%Y}")
    assert "Không có dòng nào khớp" in page_of(kien, "/admin/audit?until=01/01/2020")
    assert kien.get("/admin/audit?since=99/99/9999&until=x&member=abc").status_code == 200


@pytest.mark.parametrize("extra", ["endpoint=x", "_scheme=javascript&_external=1", "_anchor=x", "_method=POST"])
def test_it_builds_addresses_only_from_its_own_filters(as_, deeds, extra):
    page = page_of(as_("kien"), f"/admin/audit?q=kien&{extra}")
    assert 'href="/admin/audit/excel?q=kien"' in page


def test_it_tells_a_deed_on_many_from_one_on_somebody_erased(as_, deeds):
    with transaction() as session:
        record(session, NOW, (4, "Đặng Trung Kiên"), "issue_first_codes", ("members", "", ""))
    assert "người đã xoá dữ liệu" not in page_of(as_("kien"), "/admin/audit")


def test_it_exports_the_log_and_records_that(as_, deeds, session):
    kien = as_("kien")
    answer = kien.get("/admin/audit/excel?q=Hạnh")
    assert answer.mimetype.endswith("sheet")
    session.rollback()
    last = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (last.action, last.detail.after) == ("export_list", {"rows": 1, "q": "Hạnh"})
    kien.get("/admin/audit/excel?member=1&since=01/01/2020")
    session.rollback()
    last = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert last.detail.after == {"rows": 1, "member": "1", "since": "01/01/2020"}
    kien.get("/admin/members/excel")
    assert "Tải danh sách ra tệp" in page_of(kien, "/admin/audit?action=export_list")
    assert as_("dung").get("/admin/audit/excel").status_code == 403


def test_it_finds_where_the_chain_is_broken(as_, deeds, session):
    assert check_chain(session).broken_at is None
    assert "Nhật ký nguyên vẹn" in page_of(as_("kien"), "/admin/audit?check=1")
    session.rollback()
    connection = db.session.connection(execution_options={"is_write": True})
    if connection.dialect.name != "sqlite":
        pytest.skip("the triggers are taken away the SQLite way")
    for (name,) in connection.execute(
        sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_details'")
    ).all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    connection.execute(sa.update(AuditDetail).where(AuditDetail.seq == 2).values(reason="khác"))
    db.session.commit()
    assert check_chain(session).broken_at == 2
    assert "không còn khớp từ dòng 2" in page_of(as_("kien"), "/admin/audit?check=1")


def test_it_shows_ones_account_and_devices(as_, session):
    hanh = as_("hanh")
    as_("hanh")
    page = page_of(hanh, "/me")
    assert "DV00001" in page.replace("\u2011", "-")
    assert "Thiết bị này" in page
    other = re.search(r'action="(/me/sessions/[0-9a-f]{64}/end)"', page)[1]
    assert hanh.post(other).status_code == 302
    assert "/me/sessions/" not in page_of(hanh, "/me")
    assert "Cán bộ đào tạo" in page_of(as_("dung"), "/me")
