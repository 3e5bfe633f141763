"""A study campaign from its plan to the reminder: made at a desk, answered on phones, and who is missing seen at each level."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from elearn.core import clock
from elearn.core.db import db
from elearn.lib.periods import local_day
from elearn.members.models import Member
from tests.browser.conftest import Site, Visitor
from tests.browser.test_journeys import behind

pytestmark = [pytest.mark.browser, pytest.mark.once]
TITLE = "Làm theo Bác, đợt thử"
PLAN = {
    "Rõ người": "Đảng uỷ phường, Bí thư phụ trách", "Rõ việc": "Mỗi tháng một chuyên đề", "Rõ thời gian": "Hết năm nay",
    "Rõ trách nhiệm": "Bí thư chịu trách nhiệm chính", "Rõ kết quả": "Đủ 12 buổi",
}  # fmt: skip


def people_of_the_ward(site: Site) -> list[str]:
    """Codes of both guided learners, who belong to the ward of daotao2."""
    with behind(site):
        return list(db.session.scalars(select(Member.code).where(Member.login_key.in_(("hocvien1", "hocvien2")))))


def make(officer: Visitor, codes: list[str]) -> str:
    """The officer of the province makes the campaign, asks two things, takes the list and announces it; its address."""
    page, due = officer.page, f"{local_day(clock.now()) + timedelta(days=9):%d/%m/%Y}"
    officer.go("/admin/campaigns/new")
    page.get_by_label("Tên đợt").fill(TITLE)
    page.get_by_label("Hạn hoàn thành").fill(due)
    page.get_by_label("Đảng bộ phường").check()
    for kind in ("Đảng viên chính thức", "Đảng viên dự bị"):
        page.get_by_label(kind).uncheck()
    page.get_by_label("Và những người có mã sau").fill("\n".join(codes))
    officer.press("Lưu")
    here = page.url.removesuffix("/plan")
    officer.look()
    for what, title in (("Tập thể nộp kế hoạch", "Kế hoạch của tập thể"), ("Cá nhân nộp kế hoạch", "Kế hoạch của cá nhân")):
        page.get_by_role("link", name="Thêm việc").click()
        page.get_by_label(re.compile(what)).check()
        page.get_by_label("Tên việc").fill(title)
        officer.look()
        officer.press("Thêm việc")
    page.get_by_role("link", name="Chốt danh sách").click()
    officer.look()
    officer.press("Chốt danh sách")
    page.get_by_role("link", name="Công bố").click()
    assert "2 người" in page.locator("main").inner_text()
    officer.press("Công bố")
    officer.look()
    return here


def test_a_campaign_from_its_plan_to_the_reminder(site: Site, comes: Any) -> None:
    province = comes("daotao1")
    here = make(province, people_of_the_ward(site))

    # The officer of the ward, on a phone: the task of the unit stands on the first page; the draft saves itself.
    ward = comes("daotao2", "phone")
    page = ward.page
    ward.go("/")
    page.get_by_role("link", name="Viết bài: Nộp bài: Kế hoạch của tập thể").click()
    ward.look()
    for label, text in PLAN.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_text("Đã lưu bản nháp lúc").wait_for()
    page.reload()
    assert page.get_by_label("Rõ kết quả", exact=True).input_value() == "Đủ 12 buổi"
    ward.press("Xem lại và nộp")
    ward.look()
    ward.press("Nộp bài")
    ward.look()
    assert "Đã nộp" in page.locator("main").inner_text()

    # The province sees the collective handed in, and both people of the ward missing.
    page = province.page
    page.goto(here)
    asked = page.get_by_role("navigation", name="Các việc của đợt")
    asked.get_by_role("link", name=re.compile("Kế hoạch của cá nhân")).click()
    province.look()
    aside = page.locator("aside").last
    assert "Còn thiếu 02 người" in aside.inner_text()
    assert "Trần Thị Hạnh" in aside.inner_text()
    page.get_by_text("Xem đoạn sẽ sao chép").click()
    assert re.search(r"1\. Nguyễn Văn Bình, .*\n2\. Trần Thị Hạnh, ", page.locator("#paste-text").inner_text())
    asked.get_by_role("link", name=re.compile("Kế hoạch của tập thể")).click()
    row = page.get_by_role("row", name=re.compile("Phường Bình Minh"))
    assert "Đủ" in row.inner_text()

    # The ward looks at its own part only, and reminds whoever is missing there.
    page = ward.page
    ward.go("/admin/campaigns")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name=re.compile("Kế hoạch của cá nhân")).click()
    ward.look()
    page.get_by_role("link", name="Nhắc qua hệ thống").click()
    ward.look()
    ward.press("Gửi lời nhắc")
    assert "Đã nhắc 2 người" in page.locator("main").inner_text()
    page.get_by_role("link", name="Nhắc qua hệ thống").click()
    ward.press("Gửi lời nhắc")
    assert "không nhắc lại" in page.locator("main").inner_text()

    # The missing one sees it, and hands in on a phone.
    learner = comes("hocvien1", "phone")
    page = learner.page
    learner.go("/notices")
    page.get_by_role("link", name=re.compile("Nhắc việc: Kế hoạch của cá nhân")).click()
    page.wait_for_load_state("load")
    learner.look()
    page.goto(site.url + re.sub(r".*/admin", "", here))
    learner.look()
    page.get_by_role("link", name="Kế hoạch của cá nhân").click()
    for label, text in PLAN.items():
        page.get_by_label(label, exact=True).fill(text)
    learner.press("Xem lại và nộp")
    learner.press("Nộp bài")
    learner.look()

    # One is left; the officer of the ward returns what came with a reason, which its writer reads.
    page = ward.page
    ward.go(re.sub(r".*(/admin)", r"\1", here))
    page.get_by_role("link", name=re.compile("Kế hoạch của cá nhân")).click()
    assert "Còn thiếu 01 người" in page.locator("aside").last.inner_text()
    page.get_by_role("link", name="Xem và xét bài đã nộp").click()
    ward.look()
    page.get_by_role("link", name="Trần Thị Hạnh").click()
    page.get_by_label("Cần bổ sung gì").fill("Chưa rõ ai kiểm tra")
    ward.look()
    ward.press("Trả lại")
    learner.go("/")
    learner.page.get_by_role("link", name="Bổ sung và nộp lại: Nộp bài: Kế hoạch của cá nhân").click()
    assert "Chưa rõ ai kiểm tra" in learner.page.locator("main").inner_text()
    learner.look()
