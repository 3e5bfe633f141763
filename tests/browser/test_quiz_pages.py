"""An officer builds a quiz in the editor, looks at it, prints it and publishes it; a learner finds it and starts. Every page is examined."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.conftest import Site, Visitor, new_visitor

pytestmark = pytest.mark.browser
TITLE = "Kiểm tra trong trình duyệt"


def build(officer: Visitor, title: str) -> str:
    """Make a draft with the rows of the editor and return its code."""
    page = officer.page
    officer.go("/admin/quizzes/new")
    page.get_by_label("Tên bài").fill(title)
    first = page.locator("[data-part]").nth(0)
    first.get_by_label("Ngân hàng").select_option(label="Các kỳ Đại hội Đảng (An Sơn)")
    first.get_by_label("Rút mấy câu").fill("99")
    first.locator("[data-available]", has_text="chỉ có").wait_for()
    first.get_by_label("Rút mấy câu").fill("6")
    first.locator("[data-available]", has_text="câu đang rút được").wait_for()
    page.get_by_role("button", name="Thêm dòng rút câu").click()
    second = page.locator("[data-part]").nth(1)
    assert second.get_by_text("Dòng 2").is_visible()
    second.get_by_label("Rút mấy câu").fill("4")
    second.get_by_label("Mức độ").select_option("thong_hieu")
    second.get_by_label("Điểm mỗi câu").fill("0,5")
    page.locator("[data-total]", has_text="Cộng: 10 câu, 8 điểm.").wait_for()
    second.get_by_role("button", name="Đưa lên dòng này").click()
    assert page.locator("[data-part]").nth(0).get_by_label("Rút mấy câu").input_value() == "4"
    page.get_by_role("button", name="Thêm phần").click()
    page.get_by_label("Tên phần").nth(0).fill("Phần chung")
    page.get_by_label("Tên phần").nth(1).fill("Phần riêng")
    page.locator("[data-part]").nth(1).get_by_label("Thuộc phần").select_option("1")
    page.get_by_label("Thời gian làm bài").fill("20")
    page.get_by_label("Mức đạt").fill("50")
    page.locator(".grid-box summary").click()
    page.get_by_label("Sau khi bài đóng: Đáp án").check()
    assert page.get_by_label("Đặt riêng").is_checked()
    page.get_by_label(re.compile("Nộp xong chỉ xem điểm")).check()
    officer.look()
    officer.press("Lưu bản nháp")
    return page.url.rsplit("/", 1)[1]


def test_an_officer_builds_a_quiz_that_a_learner_takes(visitor: Visitor, chromium: Any, site: Site) -> None:
    officer, page, title = visitor, visitor.page, f"{TITLE} {visitor.size}"
    officer.sign_in("daotao1")
    officer.go("/admin/quizzes")
    code = build(officer, title)
    officer.look()
    assert page.get_by_text("Đủ câu cho mọi dòng: mỗi đề 10 câu, tổng 8 điểm.").is_visible()
    for path in ("/edit", "/questions", "/papers", "/allowances", "/attempts", "/hours"):
        officer.go(f"/admin/quizzes/{code}{path}")
    officer.go(f"/admin/quizzes/{code}/preview?seed=00000001")
    assert page.get_by_text("Đề số 00000001").is_visible()
    if officer.size == "desktop":
        page.get_by_role("button", name="Xem lại và nộp bài").click()
    else:
        page.get_by_role("button", name="Các câu").click()
        page.get_by_role("button", name="Xem lại và nộp bài").click()
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    page.get_by_role("heading", name="Kết quả xem thử").wait_for()
    officer.look()
    officer.go(f"/admin/quizzes/{code}/papers")
    with page.expect_download() as download:
        page.get_by_role("button", name="Đề, phiếu và đáp án (ZIP)").click()
    assert download.value.suggested_filename.endswith(".zip")
    officer.go(f"/admin/quizzes/{code}/steps/publish")
    officer.press("Công bố")
    assert page.get_by_text("Đã công bố bài.").is_visible()
    for learner in new_visitor(chromium, site, officer.size):
        learner.sign_in("hocvien1")
        learner.go("/")
        assert learner.page.get_by_text(title).first.is_visible()
        learner.go("/quizzes")
        learner.go("/quizzes/join")
        learner.go(f"/quizzes/{code}")
        learner.press("Bắt đầu làm bài")
        learner.page.locator("[data-options]").wait_for()
        assert "/attempts/" in learner.page.url
        learner.go(f"/quizzes/{code}")
        assert learner.page.get_by_text("Bạn đang làm dở lượt 1").is_visible()
    officer.go(f"/admin/quizzes/{code}/attempts")
    officer.go(f"/admin/quizzes/{code}/allowances/all")
    page.get_by_label("Thêm thời gian").fill("5")
    page.get_by_label("Lý do").fill("Thử gia hạn cho tất cả")
    officer.press("Xem lại rồi cho thêm")
    officer.look()
    officer.press("Gia hạn cho tất cả")
    assert page.get_by_text("1 lượt chưa nộp được thêm giờ ngay.").is_visible()


@pytest.mark.once
def test_the_editor_works_without_scripts(site: Site, chromium: Any) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="vi-VN", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("Tên đăng nhập").fill("daotao1")
    page.get_by_label("Mật khẩu").fill(site.password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.goto(f"{site.url}/admin/quizzes/new")
    page.get_by_label("Tên bài").fill("Không cần script")
    page.get_by_label("Rút mấy câu").fill("3")
    page.get_by_label("Ngân hàng").select_option(index=1)
    page.get_by_role("button", name="Thêm dòng rút câu").click()
    assert page.get_by_label("Tên bài").input_value() == "Không cần script"
    assert page.locator("[data-part]").count() == 2
    assert page.get_by_text("câu đang rút được").first.is_visible()
    page.get_by_role("button", name="Bỏ dòng này").nth(1).click()
    page.get_by_label("Tên bài").press("Enter")
    page.get_by_text("Đã lưu bản nháp.").wait_for()
    context.close()
