"""Pages from programme to class: the unit that sends, the unit above, the organiser, the person; and who sees none of it."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from docx import Document as WordFile
from python_calamine import CalamineWorkbook

from elearn.audit.models import AuditDetail, AuditEntry
from elearn.classes import services
from elearn.classes.models import Cohort, Nomination, Programme
from elearn.classes.rules.nomination import Act
from elearn.core.db import transaction
from elearn.members.models import MemberSensitive, RoleGrant
from tests.classes.conftest import DUNG, NOW, text_of
from tests.counting import statements

pytestmark = pytest.mark.usefixtures("at_the_hour")


def ticked(desk, *members):
    return {"nomination": desk.ids(None, *members)}


PROGRAMME = {
    "name": "Bồi dưỡng đảng viên mới", "code": "DVM", "unit": 1, "audience": "", "lessons": "Chủ nghĩa Mác - Lênin | 5\nĐộc lập dân tộc | 4",
    "kinds": ["probationary"], "age_from": "", "age_to": "", "not_holding": "dvm", "refuse_overlap": "y", "attendance_percent": "80",
    "attendance_by": "session", "weight_test": "33,3", "weight_essay": "66,7", "weight_participation": "", "bands": "Đạt | 5\nKhông đạt | 0",
    "certificate_kind": "DVM", "validity_months": "60",
}  # fmt: skip


def test_it_saves_a_programme_and_shows_it_again(as_, app, session):
    kien = as_("kien")
    assert kien.post("/admin/programmes/new", data=PROGRAMME).status_code == 302
    found = session.query(Programme).one()
    assert (found.terms["parts"], found.terms["not_holding"]) == (
        [{"kind": "test", "weight": "33.3"}, {"kind": "essay", "weight": "66.7"}], "DVM"
    )  # fmt: skip
    page = text_of(kien.get(f"/admin/programmes/{found.id}"))
    assert "33,3" in page
    assert "Chủ nghĩa Mác - Lênin | 5" in page
    assert kien.post(f"/admin/programmes/{found.id}", data=PROGRAMME | {"weight_test": "40"}).status_code == 400
    assert kien.post(f"/admin/programmes/{found.id}", data=PROGRAMME | {"weight_test": "33,3", "age_from": "18"}).status_code == 302
    session.expire_all()
    assert session.query(Programme).one().version == 2
    # A unit below uses it and cannot change it.
    assert "không sửa được" in text_of(as_("dung").get(f"/admin/programmes/{found.id}"))
    assert as_("dung").post(f"/admin/programmes/{found.id}", data=PROGRAMME).status_code == 403
    assert as_("quang").get(f"/admin/programmes/{found.id}").status_code == 403


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weight_test": "33,2"}, "đúng 100"),
        ({"lessons": "Một | nhiều"}, "Dòng 1"),
        ({"bands": "Đạt | 5\nKém | 2"}, "bắt đầu từ 0"),
        ({"weight_test": "ba"}, "từ 0 đến 100"),
        ({"code": "đảng viên"}, "chữ hoa không dấu"),
        ({"age_from": "40", "age_to": "30"}, "lớn hơn hoặc bằng"),
        ({"code": "NTVD"}, "Đã có chương trình mang mã"),
    ],
)
def test_it_refuses_a_programme_that_makes_no_sense_and_keeps_what_was_typed(as_, desk, change, said):
    answer = as_("kien").post("/admin/programmes/new", data=PROGRAMME | change)
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert "Bồi dưỡng đảng viên mới" in text_of(answer)


def plan_of(desk, **change):
    return {
        "programme": desk.programme, "unit": 1, "title": "", "code": "", "starts_on": "20/10/2026", "due_on": "24/10/2026",
        "nominate_on": "17/10/2026", "capacity": "40", "confirm_hours": "48", "mode": "place", "place": "Hội trường",
        "quotas": "Đảng bộ phường Bình Minh | 5\ndong-hoa\t3\nĐảng bộ tỉnh An Sơn | ", "lecturers": "Trần Văn A | Giảng viên",
        "committee": "Lê Thị B | Lớp trưởng", "course": 0, **change,
    }  # fmt: skip


def test_it_plans_a_class_with_quotas_and_changes_it(as_, desk, session):
    kien = as_("kien")
    assert "Đảng bộ phường Bình Minh | " in text_of(kien.get("/admin/classes/plan"))
    assert kien.post("/admin/classes/plan", data=plan_of(desk)).status_code == 302
    cohort = session.query(Cohort).order_by(Cohort.id.desc()).first()
    assert {row.unit_id: row.quota for row in cohort.quotas} == {2: 5, 5: 3}
    assert (cohort.code, cohort.capacity, cohort.place) == ("BDNTVD-2026-10", 40, "Hội trường")
    assert [(one.role, one.display_name, one.duty) for one in cohort.staff] == [
        ("lecturer", "Trần Văn A", "Giảng viên"), ("committee", "Lê Thị B", "Lớp trưởng"),
    ]  # fmt: skip
    assert "binh-minh | Đảng bộ phường Bình Minh | 5" in text_of(kien.get(f"/admin/classes/{cohort.id}/plan"))
    change = plan_of(desk, quotas="binh-minh | 6", code="LOP-1", title="Lớp một")
    assert kien.post(f"/admin/classes/{cohort.id}/plan", data=change).status_code == 302
    session.expire_all()
    assert ({row.unit_id: row.quota for row in cohort.quotas}, cohort.title) == ({2: 6}, "Lớp một")
    assert len(cohort.staff) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"quotas": "Đảng bộ không có | 5"}, "không tìm thấy đơn vị"),
        ({"quotas": "binh-minh | 5\nbinh-minh | 6"}, "đã có ở dòng trên"),
        ({"quotas": "binh-minh | "}, "ít nhất một đơn vị"),
        ({"quotas": "binh-minh | 5 người"}, "số nguyên"),
        ({"due_on": "19/10/2026"}, "phải sau ngày bắt đầu"),
        ({"nominate_on": "25/10/2026"}, "trước ngày bế giảng"),
        ({"capacity": "0"}, "Số phải từ"),
        ({"programme": 99}, "không có trong danh sách"),
    ],
)
def test_it_refuses_a_plan_that_makes_no_sense_and_keeps_what_was_typed(as_, desk, change, said):
    answer = as_("kien").post("/admin/classes/plan", data=plan_of(desk, **change))
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert "Trần Văn A | Giảng viên" in text_of(answer)


def test_it_leads_a_list_from_the_unit_to_the_class(as_, desk, session):
    dung, kien, here = as_("dung"), as_("kien"), f"/admin/nominations/{desk.cohort}/2"
    assert "đã gửi 0 trên 2" in text_of(dung.get("/admin"))
    assert "Lớp NTVD-2026-10" in text_of(dung.get("/admin/nominations"))
    assert dung.post(f"{here}/add", data={"member": ["1", "2", "3"]}).status_code == 302
    assert dung.post(f"{here}/paste", data={"text": "Lê Quốc Bảo", "step": "look"}).status_code == 200
    assert dung.post(f"{here}/paste", data={"text": "Lê Quốc Bảo", "step": "enrol"}).status_code == 302
    assert desk.states() == {1: "draft", 2: "draft", 12: "draft"}
    left = dung.post(here, data={"act": "submit", **ticked(desk)})
    assert "vượt chỉ tiêu: đơn vị chỉ được cử 2 người" in text_of(left)
    assert "12 đề cử" not in text_of(dung.get("/admin"))
    assert "2 đề cử chờ xác nhận" in text_of(kien.get("/admin"))
    assert dung.get(f"{here}/confirm").status_code == 404
    assert kien.post(f"{here}/confirm", data={"act": "confirm", "all": "1"}).status_code == 302
    assert "2 người được đề cử chờ duyệt" in text_of(kien.get("/admin"))
    approve = f"/admin/classes/{desk.cohort}/nominations"
    assert kien.post(approve, data={"act": "approve", **ticked(desk, 1, 2)}).status_code == 302
    assert "Trần Thị Hạnh" in text_of(kien.get(f"{approve}?state=approved&unit=2&q=hanh"))
    bad = kien.post(f"/admin/classes/{desk.cohort}/open", data={"number": "", "decided_on": "15/10/2026"})
    assert bad.status_code == 400
    assert (
        kien.post(f"/admin/classes/{desk.cohort}/open", data={"number": "12-QĐ/TTCT", "decided_on": "15/10/2026"}).status_code
        == 302
    )
    assert desk.states() == {1: "enrolled", 2: "enrolled", 12: "draft"}
    own = text_of(as_("hanh").get(f"/my-classes/{desk.cohort}"))
    assert "Đã vào lớp" in own
    assert "số 12-QĐ/TTCT" in own
    history = text_of(kien.get(f"/admin/nominations/people/{desk.ids(None, 1)[0]}"))
    assert [history.index(word) for word in ("Đang lập", "Chờ cấp trên", "Chờ đơn vị mở lớp", "Đã duyệt")] == sorted(
        history.index(word) for word in ("Đang lập", "Chờ cấp trên", "Chờ đơn vị mở lớp", "Đã duyệt")
    )


def test_it_wants_a_reason_and_keeps_the_ticks(as_, desk):
    desk.add(2, 1, 2)
    desk.act(Act.SUBMIT)
    here = f"/admin/nominations/{desk.cohort}/2/confirm"
    bad = as_("kien").post(here, data={"act": "refuse", "reason": "", **ticked(desk, 1)})
    assert bad.status_code == 400
    assert "Hãy ghi lý do" in text_of(bad)
    assert text_of(bad).count(" checked") == 1
    assert as_("kien").post(here, data={"act": "refuse", "reason": "Chưa đủ hồ sơ", **ticked(desk, 1)}).status_code == 302
    assert "Chưa đủ hồ sơ" in text_of(as_("hanh").get(f"/my-classes/{desk.cohort}"))


@pytest.mark.parametrize("page", ["", "/add", "/paste"])
def test_it_hides_a_unit_from_the_officers_of_others(as_, desk, page):
    here = f"/admin/nominations/{desk.cohort}/2{page}"
    assert as_("dung").get(here).status_code == 200
    assert as_("thuan").get(here).status_code == 404
    assert as_("thuan").post(here, data={"member": ["3"], "act": "submit"}).status_code == 404
    assert as_("quang").get(here).status_code == 403
    assert as_("hanh").get(here).status_code == 403
    assert as_("dung").get(f"/admin/nominations/{desk.cohort}/3{page}").status_code == 404


def test_it_touches_no_nomination_of_another_unit(as_, desk):
    desk.add(5, 3)
    desk.add(2, 1)
    as_("dung").post(f"/admin/nominations/{desk.cohort}/2", data={"act": "submit", **ticked(desk)})
    assert desk.states() == {1: "submitted", 3: "draft"}
    assert as_("dung").post(f"/admin/nominations/{desk.cohort}/2", data={"act": "approve", **ticked(desk)}).status_code == 404
    assert as_("dung").get(f"/admin/nominations/people/{desk.ids(None, 3)[0]}").status_code == 404
    assert as_("dung").get(f"/admin/classes/{desk.cohort}/nominations").status_code == 404


def test_it_lets_the_person_answer_an_offered_place(as_, desk):
    desk.add(2, 1, 2)
    desk.add(5, 3, 11)
    desk.all_in()
    assert as_("hanh").post(f"/my-classes/{desk.cohort}/withdraw", data={"reason": "ốm"}).status_code == 400
    assert as_("hanh").post(f"/my-classes/{desk.cohort}/withdraw", data={"reason": "Bận việc nhà"}).status_code == 302
    lan = as_("lan")
    assert "Nhận chỗ: Lớp NTVD-2026-10" in text_of(lan.get("/"))
    assert "Nhận chỗ" in text_of(lan.get(f"/my-classes/{desk.cohort}"))
    assert lan.post(f"/my-classes/{desk.cohort}/accept").status_code == 302
    assert desk.states() == {1: "withdrawn", 2: "approved", 3: "approved", 11: "waiting"}
    assert as_("moi").get(f"/my-classes/{desk.cohort}").status_code in (302, 404)
    assert lan.post(f"/my-classes/{desk.cohort}/approve").status_code == 404


def test_it_shows_a_draft_to_nobody_but_its_unit(as_, desk):
    desk.add(2, 1)
    assert as_("hanh").get(f"/my-classes/{desk.cohort}").status_code == 404
    assert "Lớp NTVD" not in text_of(as_("hanh").get("/my-classes"))


def test_it_adds_people_late_and_says_why_not(as_, desk):
    services.open_class(DUNG, desk.cohort, "12", date(2026, 10, 15), NOW)
    form = {"unit": 2, "text": "DV00001\nDV00002\nDV00012", "reason": "Theo đề nghị của đảng uỷ"}
    page = text_of(as_("kien").post(f"/admin/classes/{desk.cohort}/late", data=form))
    assert "vượt chỉ tiêu" in page
    assert desk.states() == {1: "enrolled", 2: "enrolled", 12: "draft"}
    unclear = as_("kien").post(f"/admin/classes/{desk.cohort}/late", data=form | {"text": "Không Có Ai"})
    assert unclear.status_code == 400
    assert "không chỉ rõ một người" in text_of(unclear)


def test_it_writes_the_decision_and_the_list(as_, desk, session):
    desk.add(2, 1, 2)
    desk.all_in()
    services.open_class(DUNG, desk.cohort, "12-QĐ/TTCT", date(2026, 10, 5), NOW)
    here = f"/admin/classes/{desk.cohort}/papers"
    assert "Quyết định mở lớp" in text_of(as_("kien").get(here))
    file = WordFile(
        BytesIO(as_("kien").get(f"{here}/opening.docx?style=party&issuer=Trung+tâm+chính+trị&office=TTCT&place=An+Sơn").data)
    )
    words = "\n".join(paragraph.text for paragraph in file.paragraphs)
    assert "mở lớp NTVD-2026-10" in words
    assert "gồm 02 học viên" in words
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    assert "Số 12-QĐ/TTCT" in cells
    assert "An Sơn, ngày 05 tháng 10 năm 2026" in cells
    assert {"Trần Thị Hạnh", "Nguyễn Văn Bình"} <= set(cells)
    assert as_("kien").get(f"{here}/people.pdf").data[:4] == b"%PDF"
    rows = CalamineWorkbook.from_filelike(BytesIO(as_("kien").get(f"{here}/people.xlsx").data)).get_sheet_by_index(0).to_python()
    assert "Dân tộc" not in [cell for row in rows for cell in row]
    assert as_("hanh").get(f"/my-classes/{desk.cohort}/summons.pdf").data[:4] == b"%PDF"
    assert "DTSTART;VALUE=DATE:20261019" in text_of(as_("hanh").get(f"/my-classes/{desk.cohort}/calendar.ics"))
    for file in ("summons.pdf", "calendar.ics"):
        assert as_("lan").get(f"/my-classes/{desk.cohort}/{file}").status_code == 404
    assert session.query(AuditEntry).filter_by(action="export_list").count() == 3


def test_it_gives_ethnicity_and_religion_only_to_those_who_may_and_records_it(as_, desk, session):
    with transaction() as writing:
        writing.add(MemberSensitive(member_id=1, ethnicity="Mường", religion="Không"))
        writing.add(RoleGrant(member_id=14, role="training_officer", unit_id=1, valid_from=NOW - timedelta(days=9)))
    desk.add(2, 1)
    desk.all_in()
    here = f"/admin/classes/{desk.cohort}/papers"
    assert as_("kien").get(f"{here}/people.xlsx?style=party&sensitive=y").status_code == 403
    answer = as_("nga").get(f"{here}/people.xlsx?style=party&sensitive=y")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert "Mường" in [cell for row in rows for cell in row]
    assert any((one.after or {}).get("sensitive") for one in session.query(AuditDetail))


def test_it_costs_the_same_however_many_are_nominated(as_, desk, session):
    desk.add(2, 1)
    dung, kien, here = as_("dung"), as_("kien"), f"/admin/nominations/{desk.cohort}/2"
    pages = [
        (dung, here),
        (dung, f"{here}/add"),
        (kien, f"/admin/classes/{desk.cohort}/nominations?state=draft"),
        (dung, "/admin/nominations"),
    ]
    for client, url in pages:
        client.get(url)
    few = []
    for client, url in pages:
        with statements() as seen:
            client.get(url)
        few.append(len(seen))
    desk.add(2, 2, 5, 10, 12)
    assert session.query(Nomination).count() == 5
    for (client, url), before in zip(pages, few, strict=True):
        with statements() as seen:
            client.get(url)
        assert len(seen) == before, url
