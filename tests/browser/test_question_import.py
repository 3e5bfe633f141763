"""A Word file with faults goes into a bank by real Chromium, on a phone and on a desktop: each doubt is shown, put right in place, one question
skipped, the rest applied, taken back, and applied again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import func, select

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.lib.legacy_encodings import to_tcvn3
from elearn.members.models import Member
from elearn.questions.models import Bank, Question
from elearn.questions.rules.exchange import Draft
from elearn.questions.services import put_drafts
from tests.browser.conftest import Visitor
from tests.browser.test_journeys import behind
from tests.questions.formats.documents import Builder

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("ELEARN_TEST_PICTURES", "")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def see(visitor: Visitor, name: str) -> None:
    """Examine the page, and keep a picture of it where a folder for them is named."""
    visitor.look()
    if PICTURES:
        visitor.page.screenshot(path=Path(PICTURES) / f"questions-{name}-{visitor.size}.png", full_page=True)


def word_file() -> bytes:
    """Seven questions: one sound and known to the bank, six with a fault each."""
    builder = Builder()
    for line in (
        "Câu 1: Đại hội đại biểu toàn quốc lần thứ I của Đảng họp ở đâu?",
        "A. Hương Cảng",
        "B. Ma Cao",
        "C. Hà Nội",
        "Đáp án: B",
        "Câu 2: Đại hội đại biểu toàn quốc lần thứ II của Đảng họp ở đâu? A. Pác Bó",
        "B. Vinh Quang, Chiêm Hoá",
        "C. Tân Trào",
        "Đáp án: B",
        "Câu 3: Ai chủ trì hội nghị hợp nhất các tổ chức cộng sản đầu năm 1930?",
        "A. Trần Phú",
        "B. Nguyễn Ái Quốc",
        "Câu 4: Cách mạng tháng Tám thành công năm nào?",
        "A. 1945",
        "Đáp án: A",
        "Câu 5: Chiến dịch Điện Biên Phủ kết thúc thắng lợi năm nào?",
        "A. 1953",
        "B. 1954",
        "C. 1975",
        "Đáp án: E",
        "Câu 6: Ðại hội nào của Ðảng mở đầu thời kỳ đổi mới?",
        "A. Ðại hội V",
        "B. Ðại hội VI",
        "C. Ðại hội VII",
        "Đáp án: B",
    ):
        builder.line(line)
    for line in ("Câu 7: Ngày thành lập Đảng là ngày nào?", "A. Ngày 3 tháng 2", "B. Ngày 2 tháng 9", "Đáp án: A"):
        builder.line(to_tcvn3(line), font=".VnTime")
    return builder.bytes()


def new_bank(visitor: Visitor) -> str:
    """Code of an empty bank of the province but for one question."""
    code = f"nhap-tu-tep-{visitor.size}"
    with behind(visitor.site), transaction() as session:
        editor = session.scalar(select(Member).where(Member.login_key == "bientap1"))
        bank = Bank(code=code, title="Lịch sử Đảng, bộ mới", unit_id=editor.unit_id)
        session.add(bank)
        session.flush()
        known = Draft(
            "single_choice",
            "Đại hội đại biểu toàn quốc lần thứ I của Đảng họp ở đâu?",
            {"options": [{"text": "Hương Cảng"}, {"text": "Ma Cao", "right": True}, {"text": "Hà Nội"}, {"text": "Sài Gòn"}]},
        )
        put_drafts(session, bank, [known], None, clock.now(), "in_use")
    return code


def count(visitor: Visitor, code: str) -> int:
    with behind(visitor.site):
        of_bank = select(func.count()).select_from(Question).join(Bank).where(Bank.code == code)
        return db.session.scalar(of_bank) or 0


def mend(visitor: Visitor, typed: str, marks: str) -> None:
    """Type the question anew; the page reads it at once and shows the mark of its key."""
    page = visitor.page
    page.get_by_label("Câu hỏi", exact=True).fill(typed)
    page.locator("[data-reading-part] .import-right", has_text=marks).wait_for()
    page.locator("[data-reading-part] .import-fix").wait_for(state="detached")
    page.get_by_label("Câu hỏi", exact=True).press("Control+Enter")
    page.wait_for_load_state("load")


def test_a_word_file_is_repaired_imported_and_taken_back(visitor):
    page, code = visitor.page, new_bank(visitor)
    visitor.sign_in("bientap1")
    visitor.go(f"/admin/questions/{code}")
    visitor.press("Nhập từ tệp")
    see(visitor, "list")
    page.get_by_label("Tệp câu hỏi").set_input_files({"name": "de-on-tap.docx", "mimeType": WORD, "buffer": word_file()})
    visitor.press("Đọc câu hỏi")
    page.wait_for_url("**/imports/*")
    assert (
        page.get_by_text("Câu dẫn nuốt mất phương án A")
        .or_(page.get_by_text("Phương án nằm chung dòng với câu dẫn"))
        .first.is_visible()
    )
    for words in ("Câu này không có đáp án", "Câu này chỉ có một phương án", "(dòng 14)"):
        assert page.get_by_text(words).first.is_visible(), words
    see(visitor, "faults")
    page.get_by_label("Lọc câu hỏi").get_by_role("link", name="Tất cả").click()
    page.wait_for_load_state("load")
    for words in ("chữ Đ tiếng Việt", "bảng mã TCVN3", "Giống câu"):
        assert page.get_by_text(words).first.is_visible(), words
    page.get_by_text("So với câu").first.click()
    assert page.get_by_text("Sài Gòn").first.is_visible()
    see(visitor, "all")
    page.get_by_text("Làm cho cả").click()
    page.get_by_label("Chủ đề", exact=True).fill("Các kỳ Đại hội")
    see(visitor, "for-all")
    visitor.press("Đặt cho các câu đang xem")

    page.locator(".action-bar").get_by_role("link", name="Sửa").click()
    page.wait_for_url("**/rows/2")
    see(visitor, "row")
    mend(
        visitor, "Câu 2: Đại hội II của Đảng họp ở đâu?\nA. Pác Bó\nB. Vinh Quang, Chiêm Hoá\nC. Tân Trào\nĐáp án: B", "Vinh Quang"
    )
    page.wait_for_url("**/rows/3")
    assert page.get_by_text("Câu 2 đã sửa xong").is_visible()
    mend(visitor, page.get_by_label("Câu hỏi", exact=True).input_value() + "\nĐáp án: B", "Nguyễn Ái Quốc")
    page.wait_for_url("**/rows/4")
    visitor.press("Sửa bằng biểu mẫu")
    see(visitor, "form")
    visitor.press("Thêm phương án")
    page.locator("#options-1-text").fill("1954")
    visitor.press("Lưu câu này")
    page.wait_for_url("**/rows/5")
    visitor.press("Quay lại danh sách")
    page.get_by_label("Lọc câu hỏi").get_by_role("link", name="Tất cả").click()
    page.wait_for_load_state("load")
    page.get_by_role("button", name="Bỏ qua câu 1", exact=True).click()
    page.wait_for_load_state("load")
    assert page.get_by_role("button", name="Chọn nhập câu 1", exact=True).is_visible()

    visitor.press("Nhập 5 câu")
    see(visitor, "apply")
    visitor.press("Nhập 5 câu")
    assert page.get_by_text("Đã nhập 5 câu vào ngân hàng").is_visible()
    see(visitor, "result")
    assert count(visitor, code) == 6
    visitor.press("Hoàn tác lần nhập này")
    see(visitor, "undo")
    visitor.press("Hoàn tác")
    assert page.get_by_text("Không còn câu nào của lần nhập này trong ngân hàng").is_visible()
    see(visitor, "undone")
    assert count(visitor, code) == 1
    visitor.press("Mở lại để nhập")
    visitor.press("Nhập 5 câu")
    visitor.press("Nhập 5 câu")
    assert count(visitor, code) == 6
    visitor.go(f"/admin/questions/{code}/exports")
    see(visitor, "export")
