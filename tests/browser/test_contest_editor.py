"""An officer makes a contest of four weeks and lets it go live; a change of the running round takes two officers. Every page is examined."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import Site, Visitor, new_visitor

RUNNING = "tim-hieu-cac-ky-dai-hoi-dang"


def test_an_officer_makes_a_contest_and_changes_one_that_runs(visitor: Visitor, chromium: Any, site: Site) -> None:
    officer, page, title = visitor, visitor.page, f"Tìm hiểu bốn nghị quyết {visitor.size}"
    officer.sign_in("cuocthi1")
    officer.go("/admin/contests")
    officer.go("/admin/contests/new")
    for summary in page.locator("details.fold > summary").all():
        summary.click()
    officer.look()
    page.get_by_label("Tên cuộc thi").fill(title)
    page.get_by_label("Từ đủ mấy tuổi").fill("14")
    page.get_by_label("Tiền mỗi giải, đồng").nth(0).fill("4.000.000")
    officer.press("Lưu cuộc thi")
    officer.look()
    address = page.url
    assert page.get_by_text("Cuộc thi chưa có vòng nào.").is_visible()
    officer.press("Thêm các vòng hằng tuần")
    page.get_by_label("Ngày mở vòng đầu").fill("06/12/2027")
    page.get_by_label("Mở lúc").fill("10:00")
    page.get_by_label("Đóng lúc").fill("9:00")
    row = page.locator("[data-part]").nth(0)
    row.get_by_label("Ngân hàng").select_option(label="Các kỳ Đại hội Đảng (An Sơn)")
    row.get_by_label("Rút mấy câu").fill("5")
    page.locator("[data-total]", has_text="Cộng: 5 câu").wait_for()
    officer.look()
    officer.press("Xem các vòng")
    officer.look()
    assert page.get_by_text("Sẽ lập 4 vòng").is_visible()
    officer.press("Lập 4 vòng")
    officer.look()
    officer.press("Công bố")
    assert page.url == address
    assert page.get_by_text("Đã công bố cuộc thi.").is_visible()
    officer.go(f"/admin/contests/{address.rsplit('/', 1)[1]}/rounds/2/edit")
    officer.go(f"/admin/contests/{address.rsplit('/', 1)[1]}/rounds/2/remove")
    officer.go(f"/contests/{address.rsplit('/', 1)[1]}/rules")
    if officer.size == "desktop":
        for second in new_visitor(chromium, site, "desktop"):
            change_a_running_round(officer, second)


def change_a_running_round(officer: Visitor, second: Visitor) -> None:
    """The closing of a round in force moves once another officer agrees, and everybody reads why."""
    officer.go(f"/admin/contests/{RUNNING}/rounds/2/edit")
    officer.page.get_by_label("Lý do sửa").fill("Mất điện hai xã")
    officer.page.get_by_label("Thời gian làm bài").fill("12")
    officer.press("Đề nghị sửa")
    officer.look()
    second.sign_in("quantri1")
    second.go(f"/admin/contests/{RUNNING}/rule-changes")
    assert second.page.get_by_text("20 câu trong 12 phút.").is_visible()
    second.press("Đồng ý và áp dụng")
    second.go(f"/contests/{RUNNING}")
    assert second.page.get_by_role("heading", name="Đính chính").is_visible()
    assert second.page.get_by_text("Lý do: Mất điện hai xã").is_visible()
    second.go(f"/contests/{RUNNING}/rules")
