"""Sitting a paper in real Chromium at the width of a phone: every kind of question, the network cut, two pages, the end of the time."""

from __future__ import annotations

import re

import pytest

from tests.browser.papers import Asked, Taker, answers_of, choice, end_in, kept_late, log_of, new_quiz, on_phone, plain, see

pytestmark = [pytest.mark.browser, pytest.mark.once]

LONG = "Đột phá phát triển khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số quốc gia trong thời kỳ mới"
TABLE = "| Năm | Nơi họp | Đại biểu chính thức | Đảng viên cả nước | Tổng Bí thư được bầu |\n|---|---|---|---|---|\n| 1935 | Ma Cao | 13 | 600 | Lê Hồng Phong |"
EVERY: list[Asked] = [
    ("single_choice", "Đại hội lần thứ II của Đảng, tháng 2 năm 1951, họp ở đâu?", choice("Pác Bó", "Tuyên Quang", "Tân Trào", LONG, right=1)),
    ("multiple_choice", "Những văn kiện nào được công nhận là Bảo vật quốc gia năm 2012?",
     {"options": [{"text": "Đường Kách mệnh", "right": True}, {"text": "Sửa đổi lối làm việc"}, {"text": "Nhật ký trong tù", "right": True}]}),
    ("true_false", "Đảng ra đời ngày 3 tháng 2 năm 1930.", {"answer": True}),
    ("short_answer", "Thủ đô của nước ta là thành phố nào?", {"answers": [{"text": "Hà Nội"}]}),
    ("numeric", "Một vòng sân dài bao nhiêu?",
     {"answers": [{"value": "1.5"}], "units": [{"unit": "km", "multiplier": "1"}, {"unit": "m", "multiplier": "1000"}]}),
    ("matching", "Ghép mỗi đại hội với nơi họp.",
     {"pairs": [{"left": "Đại hội I", "right": "Ma Cao"}, {"left": "Đại hội II", "right": "Tuyên Quang"}, {"left": "Đại hội III", "right": LONG}]}),
    ("ordering", "Sắp xếp các kỳ đại hội theo thời gian.", {"items": ["Đại hội I", "Đại hội II", f"Đại hội III: {LONG}", "Đại hội IV"]}),
    ("gap_fill", "Đảng ra đời năm {#1} tại {#2}, do {#3} chủ trì.", {"gaps": {
        "1": {"kind": "number", "answers": [{"value": "1930"}]},
        "2": {"kind": "choice", **choice("Hương Cảng", "Quảng Châu", "Ma Cao"), "display": "select"},
        "3": {"kind": "choice", **choice("Nguyễn Ái Quốc", "Trần Phú"), "display": "radio_row"}}}),
    ("calculated", "Tính {a} + {b}.", {"answers": [{"formula": "{a}+{b}"}], "variants": [{"a": "2", "b": "3"}]}),
    ("essay", "Trình bày ý nghĩa của việc thành lập Đảng.", {"lines": 8, "word_limit": 30, "attachments": 2}),
    ("description", f"Đọc bảng sau.\n\n{TABLE}", {}),
]  # fmt: skip
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def answer_all(taker: Taker) -> None:
    """Answer every kind of question by hand, one after another, and look at each page."""
    page = taker.page
    taker.choose("B")
    taker.saved()
    taker.see("radio")
    taker.next()
    for label in ("A", "C"):
        taker.choose(label)
    taker.saved()
    taker.see("checkbox")
    taker.next()
    page.keyboard.press("a")  # letters choose
    taker.saved()
    taker.next()
    page.get_by_label("Câu trả lời của bạn").fill("hà nội")
    taker.next()  # typed and not yet queued: moving on loses nothing
    page.get_by_label("Số của bạn").fill("1500")
    page.get_by_label("Đơn vị").select_option("m")
    taker.saved()
    taker.see("number")
    taker.next()
    for row, label in (("Đại hội I", "Ma Cao"), ("Đại hội II", "Tuyên Quang"), ("Đại hội III", LONG)):
        select = page.get_by_label(row, exact=True)
        select.select_option(label=select.locator("option", has_text=label).inner_text())
    taker.saved()
    taker.see("match")
    taker.next()
    for _ in range(20):  # by the buttons, until the items stand in order
        shown = page.locator(".sort-text").all_inner_texts()
        wrong = next((place for place in range(3) if shown[place][:12] > shown[place + 1][:12]), None)
        if wrong is None:
            break
        page.locator(".sort-item").nth(wrong + 1).locator("[data-way=up]").click()
    stay = page.get_by_role("button", name="Giữ nguyên thứ tự này")
    if stay.is_visible():
        stay.click()
    taker.saved()
    taker.see("sort")
    taker.next()
    page.get_by_label("Chỗ trống 1", exact=True).fill("1930")
    page.get_by_label("Chỗ trống 2", exact=True).select_option(label="Hương Cảng")
    page.get_by_role("radio", name="Nguyễn Ái Quốc").check()
    taker.saved()
    taker.see("gaps")
    taker.next()
    assert page.locator("[data-stem]").inner_text() == "Tính 2 + 3."
    page.get_by_label("Số của bạn").fill("5")
    taker.saved()
    taker.next()
    page.get_by_label("Bài viết của bạn").fill("Bước ngoặt lịch sử.")
    page.get_by_text("4 chữ, tối đa 30").wait_for()
    page.locator("input[type=file]").set_input_files({"name": "bài viết.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="Bỏ tệp bài viết.pdf").wait_for()
    taker.saved()
    taker.see("essay")
    taker.next()
    assert "Chưa" not in page.locator("[data-question-form]").inner_text()
    taker.see("description")


def test_it_takes_an_answer_by_every_kind_of_control_and_shows_it_again(site, chromium):
    quiz = new_quiz(site, "moi-loai", [(*one, {"mark": "2"}) if one[0] == "essay" else one for one in EVERY])
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        answer_all(taker)
        saved = answers_of(site, taker.attempt_id)
        assert saved[1] == "B" and saved[2] == ["A", "C"] and saved[3] == "A" and saved[4] == "hà nội" and saved[5] == "1500 m"
        assert (
            len(saved[6]) == 3 and sorted(saved[7]) == ["A", "B", "C", "D"] and set(saved[8]) == {"1", "2", "3"} and saved[9] == "5"
        )
        assert saved[10] == {"text": "Bước ngoặt lịch sử.", "files": ["bài viết.pdf"]}
        page = taker.page
        page.goto("about:blank")
        taker.open()
        taker.go(1)
        assert page.locator("[data-options] input[value=B]").is_checked()
        taker.go(2)
        assert [one.get_attribute("value") for one in page.locator("[data-options] input:checked").all()] == ["A", "C"]
        taker.go(4)
        assert page.get_by_label("Câu trả lời của bạn").input_value() == "hà nội"
        taker.go(5)
        assert page.get_by_label("Số của bạn").input_value() == "1500" and page.get_by_label("Đơn vị").input_value() == "m"
        taker.go(6)
        assert all(one.input_value() for one in page.locator(".match-row select").all())
        taker.go(7)
        assert [text[:12] for text in page.locator(".sort-text").all_inner_texts()] == [
            "Đại hội I",
            "Đại hội II",
            "Đại hội III:",
            "Đại hội IV",
        ]
        taker.go(8)
        assert page.get_by_label("Chỗ trống 1", exact=True).input_value() == "1930"
        assert page.get_by_role("radio", name="Nguyễn Ái Quốc").is_checked()
        taker.go(10)
        assert page.get_by_label("Bài viết của bạn").input_value() == "Bước ngoặt lịch sử."
        assert page.get_by_text("bài viết.pdf").is_visible()
        page.get_by_role("button", name="Bỏ tệp bài viết.pdf").click()
        page.get_by_text("bài viết.pdf").wait_for(state="detached")
        taker.go(11)
        taker.next()
        page.get_by_role("heading", name="Bạn đã trả lời mọi câu").wait_for()  # the part to read is no open question
        taker.see("review-done")
        visitor.press("Nộp bài")
        page.wait_for_url(re.compile("/result$"))
        taker.see("result")
        assert page.get_by_text("Chờ chấm").count()
        page.emulate_media(media="print")
        assert not page.locator(".result-buttons").is_visible() and not page.locator(".bottom-nav").is_visible()
        see(visitor, "result-print")
        page.emulate_media(media="screen")
        assert page.get_by_text("Đáp án đúng").count() and page.get_by_text("Giải thích câu 1.").count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_it_passes_axe_and_fits_the_window_on_every_question(site, chromium, size, scheme):
    quiz = new_quiz(site, f"mat-{size}-{scheme}", EVERY, certainty=True, sections=[{"title": "Phần I", "intro": "Đọc **kỹ** đề."}])
    with on_phone(site, chromium, scheme, size) as visitor:
        taker = Taker(visitor, "hocvien2", quiz)
        for number in range(1, len(EVERY) + 1):
            if number == 1:
                taker.choose("A")
                taker.page.get_by_role("button", name="Câu hỏi có vấn đề?").click()
                taker.saved()
            taker.see(f"{number:02}-{size}-{scheme}")
            taker.next()
        taker.see(f"review-{size}-{scheme}")


def test_it_gives_a_receipt_for_an_answer(site, chromium):
    quiz = new_quiz(site, "bien-nhan", [plain(1), plain(2)])
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        assert not taker.page.locator("[data-receipt]").is_visible()
        taker.choose("A")
        taker.saved()
        receipt = taker.page.locator("[data-receipt]")
        whole = receipt.get_attribute("data-copy")
        assert receipt.inner_text().strip() == f"biên nhận {whole[:4]}…" and len(whole) == 16
        assert any(event.digest.startswith(whole) for event in log_of(site, taker.attempt_id))
        receipt.click()
        taker.page.get_by_text("Đã sao chép").wait_for()


def test_it_keeps_answers_for_two_minutes_without_network_and_tells_of_it(site, chromium):
    """Two minutes by the page's own clock: what was answered is kept, survives closing the page, and is sent with how long it waited."""
    quiz = new_quiz(site, "mat-mang", [*(plain(number) for number in range(1, 4)), EVERY[3]])
    with on_phone(site, chromium) as visitor:
        visitor.page.clock.install()
        taker = Taker(visitor, "hocvien1", quiz)
        page = taker.page
        taker.choose("A")
        taker.saved()
        page.context.set_offline(True)
        for label in ("B", "C"):
            taker.next()
            taker.choose(label)
        taker.next()
        page.get_by_label("Câu trả lời của bạn").press_sequentially("Hà")
        page.locator("[data-offline]", has_text="Đang mất mạng").wait_for()
        page.clock.fast_forward(120_000)
        taker.waits(3)
        taker.see("offline")
        page.get_by_label("Câu trả lời của bạn").press_sequentially(" Nội")
        page.clock.fast_forward(2_000)
        assert answers_of(site, taker.attempt_id) == {1: "A"}
        page.context.set_offline(False)
        page.clock.fast_forward(20_000)
        taker.saved()
        page.locator("[data-offline]").wait_for(state="hidden")
        assert answers_of(site, taker.attempt_id) == {1: "A", 2: "B", 3: "C", 4: "Hà Nội"}
        page.clock.fast_forward(30_000)
        for _ in range(50):
            told = [event for event in log_of(site, taker.attempt_id) if event.kind in ("lost", "regained")]
            if {event.kind for event in told} == {"lost", "regained"}:
                break
            page.wait_for_timeout(100)
        # A request under way when the network returned may fail once more: a second, short loss is then told as well.
        longest = {event.kind: max(other.data["seconds"] for other in told if other.kind == event.kind) for event in told}
        assert longest["regained"] >= 118 and longest["lost"] >= 118, longest


def test_it_sends_after_the_browser_was_closed_what_it_could_not_send_before(site, chromium):
    quiz = new_quiz(site, "dong-lai", [plain(1), plain(2), EVERY[3]])
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        page = taker.page
        page.context.set_offline(True)
        taker.choose("B")
        taker.next()
        taker.choose("C")
        taker.waits(2)
        taker.next()
        page.get_by_label("Câu trả lời của bạn").press_sequentially("Huế")
        page.close(run_before_unload=False)
        assert answers_of(site, taker.attempt_id) == {}
        visitor.page.context.set_offline(False)
        again = visitor.page.context.new_page()
        taker.open(again)
        again.locator("[data-count]:visible", has_text="Câu 3 trên 3").wait_for()
        assert again.get_by_label("Câu trả lời của bạn").input_value() == "Huế"
        taker.saved(again)
        assert answers_of(site, taker.attempt_id) == {1: "B", 2: "C", 3: "Huế"}


def test_it_says_so_where_the_device_cannot_keep_answers(site, chromium):
    quiz = new_quiz(site, "khong-giu", [plain(1)])
    with on_phone(site, chromium) as visitor:
        visitor.page.add_init_script(
            "Storage.prototype.setItem = function () { throw new DOMException('full', 'QuotaExceededError'); };"
        )
        taker = Taker(visitor, "hocvien1", quiz)
        taker.page.get_by_text("Trình duyệt này không giữ được câu trả lời trên máy").wait_for()
        taker.choose("A")
        taker.saved()
        taker.see("storage")


def test_it_hands_over_what_comes_after_the_deadline_and_says_who_decides(site, chromium):
    quiz = new_quiz(site, "sau-gio", [plain(1), plain(2), plain(3)], grace_seconds=0)
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        page = taker.page
        taker.choose("A")
        taker.saved()
        page.context.set_offline(True)
        taker.next()
        taker.choose("B")
        taker.waits(1)
        end_in(site, taker.attempt_id, -1)
        page.context.set_offline(False)
        page.get_by_role("heading", name="Có câu trả lời gửi sau giờ").wait_for()
        taker.see("late")
        assert page.locator("[data-late]", has_text="Câu 2").locator(":scope", has_text="sai một").is_visible()
        assert kept_late(site, taker.attempt_id) == {2: "B"} and answers_of(site, taker.attempt_id) == {1: "A"}
        visitor.press("Xem kết quả")
        page.wait_for_url(re.compile("/result$"))
        page.get_by_text("chờ người phụ trách quyết định").wait_for()
        taker.see("result-late")


def test_it_hands_over_from_the_result_page_what_a_closed_browser_still_held(site, chromium):
    quiz = new_quiz(site, "dong-sau-gio", [plain(1), plain(2)], grace_seconds=0)
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        context = taker.page.context
        context.set_offline(True)
        taker.choose("B")
        taker.waits(1)
        taker.page.close(run_before_unload=False)
        end_in(site, taker.attempt_id, -1)
        context.set_offline(False)
        page = context.new_page()
        page.goto(f"{site.url}/attempts/{taker.attempt_id}")
        page.wait_for_url(re.compile("/result$"))
        page.locator("[data-leftovers]", has_text="Đã gửi 1 câu trả lời mà máy này còn giữ").wait_for()
        assert "đã được giữ lại, chờ người phụ trách quyết định" in page.locator("[data-leftovers]").inner_text()
        assert kept_late(site, taker.attempt_id) == {1: "B"}
        page.reload()
        page.get_by_text("chờ người phụ trách quyết định").wait_for()
        assert not page.locator("[data-leftovers]").is_visible()


def test_it_takes_over_in_a_second_tab_and_loses_no_word_of_the_first(site, chromium):
    quiz = new_quiz(site, "hai-the", [EVERY[3], EVERY[9]])
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        first = taker.page
        first.get_by_label("Câu trả lời của bạn").press_sequentially("Hà Nội")
        second = taker.open(first.context.new_page())
        first.get_by_text("Bài đang mở ở thẻ hoặc máy khác").wait_for()  # without doing anything in it
        taker.saved(second)  # what was being typed in the first is known to the second
        assert second.get_by_label("Câu trả lời của bạn").input_value() == "Hà Nội"
        assert answers_of(site, taker.attempt_id) == {1: "Hà Nội"}
        assert first.get_by_label("Câu trả lời của bạn").get_attribute("readonly") is not None
        assert first.get_by_label("Câu trả lời của bạn").input_value() == "Hà Nội"
        see(visitor, "read-only")
        first.get_by_role("button", name="Làm tiếp ở đây").click()
        second.get_by_text("Bài đang mở ở thẻ hoặc máy khác").wait_for()
        taker.saved()


def test_it_keeps_and_sends_what_a_first_device_could_not_send(site, chromium):
    """The first device is cut off, a second one takes over; back on the network the first shows its words and can send them."""
    quiz = new_quiz(site, "hai-may", [EVERY[3], plain(2)])
    with on_phone(site, chromium) as one, on_phone(site, chromium) as other:
        taker = Taker(one, "hocvien1", quiz)
        page = taker.page
        page.context.set_offline(True)
        page.get_by_label("Câu trả lời của bạn").fill("Thăng Long")
        taker.waits(1)
        elsewhere = Taker(other, "hocvien1", quiz)
        assert elsewhere.attempt_id == taker.attempt_id
        elsewhere.next()
        elsewhere.choose("B")
        elsewhere.saved()
        page.context.set_offline(False)
        page.get_by_text("1 câu trả lời ở trang này chưa gửi được").wait_for()
        assert page.locator("[data-strays]", has_text="Thăng Long").is_visible()
        assert page.get_by_label("Câu trả lời của bạn").input_value() == "Thăng Long"
        taker.see("strays")
        assert answers_of(site, taker.attempt_id) == {2: "B"}
        page.get_by_role("button", name="Làm tiếp ở đây").click()
        page.locator("[data-readonly]").wait_for(state="hidden")
        taker.saved()
        assert answers_of(site, taker.attempt_id) == {1: "Thăng Long", 2: "B"}


def test_it_offers_an_older_unsent_answer_instead_of_undoing_a_newer_one(site, chromium):
    quiz = new_quiz(site, "cu-hon", [EVERY[3]])
    with on_phone(site, chromium) as one, on_phone(site, chromium) as other:
        taker = Taker(one, "hocvien1", quiz)
        page = taker.page
        page.context.set_offline(True)
        page.get_by_label("Câu trả lời của bạn").fill("Huế")
        taker.waits(1)
        elsewhere = Taker(other, "hocvien1", quiz)
        elsewhere.page.wait_for_timeout(1100)
        elsewhere.page.get_by_label("Câu trả lời của bạn").fill("Hà Nội")
        elsewhere.saved()
        page.context.set_offline(False)
        page.get_by_role("button", name="Làm tiếp ở đây").click()
        page.locator("[data-older]", has_text="Huế").wait_for()
        assert page.get_by_label("Câu trả lời của bạn").input_value() == "Hà Nội"
        taker.see("older")
        page.get_by_role("button", name="Dùng câu trả lời này").click()
        taker.saved()
        assert answers_of(site, taker.attempt_id) == {1: "Huế"}
