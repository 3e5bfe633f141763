"""Opening, showing and closing a class: works, outsider, wrong role, bad input."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from elearn.audit.models import AuditEntry
from elearn.classes.models import Cohort, Enrolment
from elearn.classes.queries import cohorts
from elearn.classes.queries.learners import list_learners, list_tallies
from elearn.classes.rules.cohorts import suggest_code
from elearn.classes.rules.progress import Progress, ten_point
from elearn.core.contributions import contributions
from elearn.core.db import db
from elearn.members.rules.permissions import Actor
from tests.classes.conftest import NOW, text_of
from tests.counting import statements

pytestmark = pytest.mark.usefixtures("at_the_hour")

PAGES = ["", "/excel", "/enrol", "/enrol-all", "/paste", "/close"]
CHANGES = ["/enrol", "/enrol-all", "/paste", "/close", "/reopen"]


def test_it_opens_a_class_on_the_edition_in_force(as_, school, session):
    course_id = school.course()
    form = {"course": course_id, "unit": 2, "starts_on": "14/10/2026", "due_on": "31/10/2026", "title": "", "code": ""}
    answer = as_("dung").post("/admin/classes/new", data=form)
    assert answer.status_code == 302
    cohort = session.query(Cohort).one()
    assert (cohort.title, cohort.code) == ("Bồi dưỡng nhận thức về Đảng, khoá 10/2026", "BDNTVD-2026-10")
    assert cohort.edition_id == school.edition(course_id)
    assert (cohort.due_at - cohort.starts_at) == timedelta(days=17, hours=23, minutes=59)
    assert session.query(AuditEntry).one().action == "open_cohort"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"due_on": "01/10/2026"}, "phải sau ngày bắt đầu"),
        ({"due_on": "abc"}, "Ngày không đúng"),
        ({"due_on": ""}, "Hãy ghi hạn"),
        ({"course": 99}, "không có trong danh sách"),
        ({"unit": 5}, "không có trong danh sách"),
        ({"code": "lớp một"}, "chữ hoa không dấu"),
        ({"code": "BDNT-2026-10"}, "Đã có lớp mang mã"),
    ],
)
def test_it_refuses_nonsense_and_keeps_what_was_typed(as_, school, cohort, change, said):
    form = {"course": 1, "unit": 2, "starts_on": "2026-10-14", "due_on": "2026-10-31", "title": "Lớp của tôi", "code": "", **change}
    answer = as_("dung").post("/admin/classes/new", data=form)
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert "Lớp của tôi" in text_of(answer)


@pytest.mark.parametrize("page", PAGES)
def test_it_hides_a_class_from_outsiders(as_, cohort, page):
    assert as_("dung").get(f"/admin/classes/{cohort}{page}").status_code == 200
    assert as_("thuan").get(f"/admin/classes/{cohort}{page}").status_code == 404
    assert as_("hanh").get(f"/admin/classes/{cohort}{page}").status_code == 403
    assert as_().get(f"/admin/classes/{cohort}{page}").status_code == 302


@pytest.mark.parametrize("page", CHANGES)
def test_it_lets_only_those_who_manage_it_change_a_class(as_, cohort, session, page):
    for name, status in (("thuan", 404), ("quang", 403), ("hanh", 403)):
        assert as_(name).post(f"/admin/classes/{cohort}{page}", data={"member": 4, "text": "DV00004"}).status_code == status
    assert session.query(Enrolment).count() == 3
    assert session.query(Cohort).one().closed_at is None


@pytest.mark.parametrize("path", ["/admin/classes/999", "/admin/classes/999/paste", "/admin/classes/enrolments/999/withdraw"])
def test_it_does_not_know_a_class_that_is_not_there(as_, path):
    assert as_("kien").get(path).status_code == 404


def test_it_lists_only_classes_in_scope(as_, cohort):
    assert "Lớp nhận thức tháng 10" in text_of(as_("quang").get("/admin/classes"))
    assert "Lớp nhận thức tháng 10" in text_of(as_("kien").get("/admin/classes?q=nhan+thuc&state=all"))
    assert "Lớp nhận thức tháng 10" not in text_of(as_("kien").get("/admin/classes?q=nhan+thuc+xyz"))
    assert "Lớp nhận thức tháng 10" not in text_of(as_("thuan").get("/admin/classes?state=all"))


def test_it_counts_people_by_what_they_have_done(app, cohort):
    tally = list_tallies([cohort, 77])
    assert (tally[cohort].enrolled, tally[cohort].started, tally[cohort].passed, tally[cohort].completed) == (3, 2, 1, 1)
    assert (tally[cohort].not_started, tally[cohort].studying, tally[cohort].failed) == (1, 0, 1)
    assert tally[77].enrolled == 0
    states = {one.name: one.progress for one in list_learners(cohort)}
    assert states == {"Lê Quốc Bảo": Progress.NOT_STARTED, "Nguyễn Văn Bình": Progress.FAILED, "Trần Thị Hạnh": Progress.COMPLETED}


def test_it_shows_learners_by_given_name_and_filters_them(as_, cohort):
    page = text_of(as_("dung").get(f"/admin/classes/{cohort}"))
    assert page.index("Lê Quốc Bảo<small>") < page.index("Nguyễn Văn Bình<small>") < page.index("Trần Thị Hạnh<small>")
    assert "Còn 1 người chưa học" in page
    for state, name in (("not_started", "Lê Quốc Bảo"), ("failed", "Nguyễn Văn Bình"), ("completed", "Trần Thị Hạnh")):
        rows = text_of(as_("dung").get(f"/admin/classes/{cohort}?state={state}")).count("<small>Chi bộ")
        assert rows == 1, state
        assert f"{name}<small>" in text_of(as_("dung").get(f"/admin/classes/{cohort}?state={state}"))
    assert "Trần Thị Hạnh<small>" in text_of(as_("dung").get(f"/admin/classes/{cohort}?q=hanh+tran"))


def test_it_costs_the_same_however_many_learn(as_, school, cohort):
    dung = as_("dung")
    dung.get(f"/admin/classes/{cohort}")
    with statements() as few:
        dung.get(f"/admin/classes/{cohort}")
    school.enrol(cohort, 3, 4, 5, 6, 7, 8, 9, 10, 11)
    with statements() as many:
        dung.get(f"/admin/classes/{cohort}")
    assert len(many) == len(few)
    for number in range(6):
        school.cohort(1, code=f"LOP-{number}")
    with statements() as overview:
        dung.get("/admin/classes")
    assert len(overview) <= 8


def test_it_exports_the_list_as_excel_opens_it(as_, school, session, cohort):
    session.query(Enrolment).filter_by(member_id=12).one().display_name = "=1+1"
    db.session.commit()
    answer = as_("dung").get(f"/admin/classes/{cohort}/excel")
    assert "filename*=UTF-8''Danh%20s" in answer.headers["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    head = next(number for number, row in enumerate(rows) if row[0] == "STT")
    assert rows[head] == ["STT", "Họ và tên", "Mã", "Đơn vị", "Số bài đã học", "Điểm cao nhất", "Kết quả", "Ngày hoàn thành"]
    assert [row[1] for row in rows[head + 1 :]] == ["=1+1", "Nguyễn Văn Bình", "Trần Thị Hạnh"]
    assert rows[head + 3][4:7] == [3.0, 9.0, "Đã xong"]
    assert rows[head + 3][7].isoformat() == "2026-10-14"
    assert "ghi danh 3 người" in rows[3][0]


def test_it_closes_and_reopens_a_class(as_, cohort, session):
    dung = as_("dung")
    assert "1 trên 3 người" in text_of(dung.get(f"/admin/classes/{cohort}/close"))
    assert dung.post(f"/admin/classes/{cohort}/close").status_code == 302
    assert dung.post(f"/admin/classes/{cohort}/enrol", data={"member": 5}).status_code == 409
    assert "Lớp đã kết thúc" in text_of(dung.get(f"/admin/classes/{cohort}"))
    assert dung.post(f"/admin/classes/{cohort}/reopen").status_code == 302
    session.expire_all()
    assert session.query(Cohort).one().closed_at is None


def test_it_keeps_the_edition_for_those_enrolled(school, app, cohort):
    assert cohorts.find_edition_for(1, 1) == school.edition(1)
    assert cohorts.find_edition_for(3, 1) is None


def test_it_asks_learners_until_they_have_completed(app, cohort):
    def titles(member_id):
        return [
            task.title
            for offer in contributions().tasks
            for task in offer(Actor(member_id, "/1/2/3/"), NOW)
            if "Học khoá" in task.title
        ]

    with app.test_request_context():
        assert titles(12) == ["Học khoá: Bồi dưỡng nhận thức về Đảng"]
        assert titles(2)
        assert titles(1) == []
        assert titles(3) == []


def test_it_tells_officers_what_is_near(as_, cohort):
    assert "1 người chưa học" in text_of(as_("dung").get("/admin"))
    assert "1 người chưa học" not in text_of(as_("thuan").get("/admin"))
    with time_machine.travel(NOW + timedelta(days=5), tick=False):
        assert "Lớp đã đến hạn, chưa kết thúc" in text_of(as_("dung").get("/admin"))


def test_it_suggests_a_code_that_is_free():
    assert suggest_code("Các kỳ Đại hội Đảng", NOW) == "CKDHD-2026-10"
    assert suggest_code("Các kỳ Đại hội Đảng", NOW, {"CKDHD-2026-10", "CKDHD-2026-10-2"}) == "CKDHD-2026-10-3"
    assert suggest_code("57 59", NOW) == "LOP-2026-10"


def test_it_puts_marks_on_the_scale_of_ten():
    assert ten_point(Decimal(15), Decimal(20)) == Decimal("7.50")
    assert ten_point(None, Decimal(20)) is None
