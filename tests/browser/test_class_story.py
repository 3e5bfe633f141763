"""A class of a programme, from its plan to a recognised result: officers of three levels at their desks, the learner on a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from elearn.classes.models import Cohort, Nomination, Result
from elearn.core import clock
from elearn.core.db import db
from elearn.lib.periods import local_day
from tests.browser.conftest import Site, Visitor, new_visitor
from tests.browser.test_journeys import behind

pytestmark = pytest.mark.browser
CODE = "CHUYEN-LOP-1"
WARD = "Đảng bộ phường Bình Minh"


def day(days: int) -> str:
    return f"{local_day(clock.now()) + timedelta(days=days):%d/%m/%Y}"


def send(person: Visitor, name: str) -> None:
    """Press the button of that name, wait for the page that answers, and look at it."""
    with person.page.expect_navigation(wait_until="load"):
        person.page.get_by_role("button", name=name, exact=True).locator("visible=true").first.click()
    person.look()


def cohort_id(site: Site) -> int:
    with behind(site):
        return db.session.scalars(select(Cohort.id).where(Cohort.code == CODE)).one()


def states(site: Site) -> list[str]:
    with behind(site):
        query = select(Nomination.state).join(Cohort, Cohort.id == Nomination.cohort_id).where(Cohort.code == CODE)
        return sorted(db.session.scalars(query))


def plan(officer: Visitor) -> None:
    """A programme and a class of two places for the ward."""
    page = officer.page
    officer.go("/admin/programmes/new")
    page.get_by_label("Tên chương trình").fill("Bồi dưỡng báo cáo viên")
    page.locator("[name=code]").fill("BCV")
    page.locator("[name=lessons]").fill("Kỹ năng nói trước đông người | 4\nSử dụng tài liệu | 3")
    page.locator("[name=weight_test]").fill("40")
    page.locator("[name=weight_essay]").fill("59,9")
    send(officer, "Lưu chương trình")
    assert "đúng 100" in page.content()
    page.locator("[name=weight_essay]").fill("60")
    send(officer, "Lưu chương trình")
    officer.go("/admin/classes/plan")
    page.locator("[name=programme]").select_option(label="Bồi dưỡng báo cáo viên")
    page.locator("[name=code]").fill(CODE)
    page.locator("[name=title]").fill("Bồi dưỡng báo cáo viên, lớp 1")
    page.locator("[name=starts_on]").fill(day(40))
    page.locator("[name=due_on]").fill(day(44))
    page.locator("[name=nominate_on]").fill(day(30))
    page.locator("[name=capacity]").fill("2")
    page.locator("[name=place]").fill("Hội trường Trung tâm chính trị tỉnh")
    page.locator("[name=quotas]").fill(f"{WARD} | 2")
    send(officer, "Mở lớp")


def nominate(site: Site, officer: Visitor) -> None:
    """The officer of the ward pastes two names and sends the list."""
    page = officer.page
    officer.go("/admin")
    page.get_by_text("đã gửi 0 trên 2").wait_for()
    officer.go("/admin/nominations")
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("link", name=f"Cử người của {WARD} vào Bồi dưỡng báo cáo viên, lớp 1").click()
    officer.look()
    officer.press("Dán danh sách")
    page.locator("[name=text]").fill("hocvien1\nhocvien2")
    send(officer, "Xem trước")
    send(officer, "Đưa 2 người vào danh sách")
    assert states(site) == ["draft", "draft"]
    send(officer, "Gửi người đã chọn")
    assert states(site) == ["submitted", "submitted"]


def approve(site: Site, officer: Visitor) -> None:
    """The province confirms, approves, and enters the decision."""
    page, here = officer.page, cohort_id(site)
    officer.go("/admin/nominations")
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("link", name=f"Xác nhận danh sách của {WARD}, Bồi dưỡng báo cáo viên, lớp 1").click()
    officer.look()
    send(officer, "Xác nhận người đã chọn")
    officer.go(f"/admin/classes/{here}/nominations")
    send(officer, "Duyệt người đã chọn")
    assert states(site) == ["approved", "approved"]
    officer.go(f"/admin/classes/{here}/open")
    page.locator("[name=number]").fill("50-QĐ/TTCT")
    send(officer, "Ghi và mở lớp")
    assert states(site) == ["enrolled", "enrolled"]


def mark(site: Site, officer: Visitor) -> None:
    """Sessions counted on paper; marks by keyboard and from a block copied out of Excel."""
    page, here = officer.page, cohort_id(site)
    officer.go(f"/admin/classes/{here}/marks/settings")
    page.locator("[name=sessions_total]").fill("10")
    send(officer, "Lưu")
    cells = page.locator("input[data-cell]")
    assert cells.count() == 6
    cells.nth(0).click()
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    page.keyboard.type("7")
    assert [cells.nth(0).input_value(), cells.nth(3).input_value()] == ["9", "7"]
    cells.nth(1).evaluate(
        """(cell) => {
            const held = new DataTransfer();
            held.setData("text/plain", "8,5\\t8\\r\\n9\\t9,25\\r\\n");
            cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: held, bubbles: true, cancelable: true}));
        }"""
    )
    assert [cells.nth(n).input_value() for n in (1, 2, 4, 5)] == ["8,5", "8", "9", "9,25"]
    send(officer, "Lưu bảng điểm")
    assert "dự 9/10 buổi = 90%; điểm 8,20 → Giỏi" in page.content()
    assert "không đạt vì dự 7/10 buổi = 70%, dưới 80%" in page.content()


def decide(site: Site, officer: Visitor) -> None:
    """The council takes the proposals; the decision of recognition lets learners see them."""
    page, here = officer.page, cohort_id(site)
    officer.go(f"/admin/classes/{here}/council")
    page.locator("[name=number]").fill("05-BB/HĐ")
    send(officer, "Ghi kết luận")
    officer.press("Quyết định công nhận")
    page.locator("[name=number]").fill("60-QĐ/TTCT")
    send(officer, "Ghi và công bố cho học viên")
    with behind(site):
        found = db.session.scalars(select(Result.grade).join(Result.enrolment).join(Cohort).where(Cohort.code == CODE)).all()
    assert sorted(found) == ["Giỏi", "Không đạt"]


def test_it_leads_a_class_from_its_plan_to_results_that_learners_see(site: Site, comes: Any) -> None:
    province, ward = comes("daotao1"), comes("daotao2")
    plan(province)
    nominate(site, ward)
    approve(site, province)
    learner, here = comes("hocvien2", "phone"), cohort_id(site)
    learner.go(f"/my-classes/{here}")
    learner.page.get_by_text("số 50-QĐ/TTCT").wait_for()
    with learner.page.expect_download() as file:
        learner.page.get_by_role("link", name="Thêm vào lịch điện thoại").click()
    assert "Hội trường" in file.value.path().read_text(encoding="utf-8")
    mark(site, province)
    decide(site, province)
    learner.go(f"/my-classes/{here}")
    learner.page.get_by_role("heading", name="Kết quả của bạn").wait_for()
    learner.page.get_by_text("Đề nghị xem lại kết quả").click()
    learner.page.locator("[name=text]").fill("Tôi có mặt buổi thứ tám, đề nghị xem lại")
    send(learner, "Gửi đề nghị")
    province.go("/admin")
    province.page.get_by_text("đề nghị xem lại kết quả").first.wait_for()


@pytest.mark.once
@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desktop", "dark")])
def test_it_passes_axe_on_the_pages_of_classes(site: Site, chromium: Any, size: str, scheme: str) -> None:
    with behind(site):
        ids = dict(db.session.execute(select(Cohort.code, Cohort.id).where(Cohort.terms.is_not(None))).all())
    done, own = ids["DVM-1"], ids["CNKT-1"]
    for someone in new_visitor(chromium, site, size, scheme):
        someone.sign_in("daotao1")
        for path in (
            "/admin/classes", "/admin/programmes", "/admin/programmes/1", "/admin/classes/plan", "/admin/nominations",
            *(f"/admin/classes/{done}{page}" for page in ("", "/plan", "/papers", "/marks", "/council", "/appeals", "/nominations?state=enrolled")),
            *(f"/admin/classes/{own}{page}" for page in ("", "/essay", "/marks", "/late")),
        ):  # fmt: skip
            someone.go(path)
        someone.page.context.clear_cookies()
        someone.sign_in("hocvien1")
        for path in ("/my-classes", f"/my-classes/{own}"):
            someone.go(path)
