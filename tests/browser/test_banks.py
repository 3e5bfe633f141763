"""A question in real Chromium, on a phone and on a desktop: written, read by a second person, used, edited, changed with others, taken back."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visitor, new_visitor
from tests.browser.test_units import see
from tests.questions.test_media import picture

pytestmark = pytest.mark.browser
KINDS = [
    "single_choice", "multiple_choice", "true_false", "short_answer", "numeric", "matching", "ordering", "gap_fill", "calculated", "essay", "description",
]  # fmt: skip


def write(visitor: Visitor, bank: str) -> None:
    page = visitor.page
    visitor.go(f"/admin/questions/{bank}/new")
    see(visitor, "bank-types")
    visitor.press("Một đáp án đúng")
    see(visitor, "bank-new")
    page.locator("#text").fill("Đại hội I của Đảng họp ở đâu, biết \\(x^2\\)?")
    for place, words in enumerate(("Ma Cao", "Hương Cảng", "Hà Nội")):
        page.locator(f"#options-{place}-text").fill(words)
    page.locator("#options-1-right").check()
    page.locator("#options-0-right").check()
    assert not page.locator("#options-1-right").is_checked()  # one right option only
    page.wait_for_selector("#preview math")  # the preview follows by itself
    assert page.locator("#preview .taker-option").count() == 3
    page.get_by_text("Thêm hình").click()
    page.locator("#picture").set_input_files({"name": "ban-do.png", "mimeType": "image/png", "buffer": picture(size=(300, 120))})
    visitor.press("Tải hình lên và đặt vào câu dẫn")
    assert page.get_by_text("Hãy viết lời mô tả hình").first.is_visible()
    assert page.locator("#options-2-text").input_value() == "Hà Nội"  # nothing was lost
    see(visitor, "bank-no-alt")
    page.locator("#alt").fill("Bản đồ Ma Cao")
    page.locator("#picture").set_input_files({"name": "ban-do.png", "mimeType": "image/png", "buffer": picture(size=(300, 120))})
    visitor.press("Tải hình lên và đặt vào câu dẫn")
    page.wait_for_selector("#preview img[alt='Bản đồ Ma Cao']")
    visitor.press("Thêm phương án")
    page.locator("#options-4-text").fill("Tất cả các đáp án trên")
    visitor.press("Lưu")
    page.wait_for_url("**/admin/questions/*/*-0001")
    assert page.get_by_text("người khác phải thẩm định").is_visible()
    see(visitor, "bank-question")


def test_it_writes_reads_uses_and_edits_a_question(visitor, site, chromium):
    editor, bank = visitor, f"thu-{visitor.size}"
    editor.sign_in("bientap1")
    editor.go("/admin/questions")
    see(editor, "bank-overview")
    editor.press("Lập ngân hàng")
    editor.page.get_by_label("Tên ngân hàng").fill(f"Ngân hàng thử {editor.size}")
    editor.page.get_by_label("Mã").fill(bank)
    see(editor, "bank-make")
    editor.press("Lập ngân hàng")
    see(editor, "bank-empty")
    write(editor, bank)
    address = f"/admin/questions/{bank}/{bank}-0001"
    for reader in new_visitor(chromium, site, editor.size):
        reader.sign_in("thamdinh1")
        reader.go("/admin")
        reader.go(address)
        reader.page.get_by_text("Trả lại người viết").first.click()
        reader.look()
        reader.press("Xác nhận đã thẩm định")
        see(reader, "bank-reviewed")
    editor.go(address)
    editor.press("Đưa vào dùng")
    editor.press("Sửa câu này")
    editor.page.locator("#explanation").fill("Vì Đại hội họp tháng 3 năm 1935.")
    editor.press("Lưu")
    assert editor.page.get_by_text("Trước khi lưu câu").first.is_visible()
    see(editor, "bank-before")
    editor.press("Lưu bản mới")
    editor.press("Các bản")
    assert editor.page.locator("ins").first.is_visible()
    see(editor, "bank-versions")
    editor.go(f"/admin/questions/{bank}")
    editor.page.get_by_label(f"Chọn câu {bank}-0001").check()
    editor.page.get_by_label("Việc cần làm").select_option("level")
    editor.page.locator("#bulk-level").select_option("van_dung")
    assert not editor.page.locator("#bulk-tag").is_visible()
    see(editor, "bank-list")
    editor.press("Áp dụng")
    assert editor.page.get_by_text("Đã đổi 1 câu.").is_visible()
    see(editor, "bank-undo")
    editor.press("Hoàn tác")
    assert editor.page.get_by_text("Đã trả 1 câu về như trước.").is_visible()
    editor.go(f"/admin/questions/{bank}/lint?pairs=1")
    see(editor, "bank-lint")
    editor.go(f"/admin/questions/{bank}/categories")
    editor.page.get_by_label("Tên chuyên mục").fill("Lịch sử")
    editor.press("Thêm")
    see(editor, "bank-categories")
    editor.go("/admin/questions/all?q=dai+hoi")
    see(editor, "bank-all")


@pytest.mark.once
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_it_passes_axe_in_the_editor_of_every_type(site, chromium, size, scheme):
    for visitor in new_visitor(chromium, site, size, scheme):
        visitor.sign_in("bientap1")
        visitor.go("/admin/questions/new")
        visitor.page.get_by_label("Tên ngân hàng").fill(f"Mọi loại {size} {scheme}")
        visitor.page.get_by_label("Mã").fill(f"loai-{size}-{scheme}")
        visitor.press("Lập ngân hàng")
        for kind in KINDS:
            visitor.go(f"/admin/questions/loai-{size}-{scheme}/new/{kind}")
            visitor.press("Lưu")
            visitor.look()
            assert visitor.page.get_by_text("phải sửa").first.is_visible()
