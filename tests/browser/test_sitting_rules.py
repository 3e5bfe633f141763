"""The rules of a quiz as its page keeps them, in real Chromium: forward only, certainty, sections, more time, reports, needs of a person."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.members.models import Member
from elearn.quizzes import services
from elearn.quizzes.models import Accommodation, QuestionReport
from elearn.quizzes.services import NeedSpec, Who
from tests.browser.papers import Taker, answers_of, end_in, new_quiz, on_phone, plain, see
from tests.browser.test_journeys import behind
from tests.browser.test_sitting import EVERY

pytestmark = [pytest.mark.browser, pytest.mark.once]
BY = (1, "Người phụ trách")
FAST = "document.addEventListener('readystatechange', () => document.documentElement.setAttribute('data-poll-seconds', '0.5'))"


def member_id(site: Any, login: str) -> int:
    with behind(site):
        return db.session.scalar(sa.select(Member.id).where(Member.login == login))


def test_it_goes_forward_only_and_asks_before_a_question_is_left_empty(site, chromium):
    quiz = new_quiz(site, "di-toi", [plain(1), plain(2), plain(3)], navigation="forward")
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        page = taker.page
        paper = json.loads(page.locator("#attempt").text_content())["paper"]
        assert [question["stem"] for question in paper["questions"]][1:] == ["", ""]
        assert not page.locator("[data-go=previous]:visible").count()
        taker.see("forward")
        taker.next()
        page.get_by_text("Bạn chưa trả lời câu này").wait_for()
        taker.see("forward-empty")
        page.get_by_role("button", name="Ở lại câu này").click()
        taker.choose("B")
        taker.next()
        page.locator("[data-count]:visible", has_text="Câu 2 trên 3").wait_for()
        assert page.locator("[data-stem]").inner_text() == "Câu hỏi thử số 2?"
        assert page.locator("#palette [data-cell]").count() == 2 and not page.locator("#palette button.cell").count()
        page.keyboard.press("ArrowLeft")
        page.locator("[data-count]:visible", has_text="Câu 2 trên 3").wait_for()
        taker.next()
        page.get_by_role("button", name="Sang câu sau, để trống").click()
        page.locator("[data-count]:visible", has_text="Câu 3 trên 3").wait_for()
        page.goto("about:blank")
        taker.open()
        page.locator("[data-count]:visible", has_text="Câu 3 trên 3").wait_for()
        taker.choose("A")
        taker.next()
        page.get_by_role("heading", name="Còn 1 câu chưa trả lời").wait_for()
        taker.see("forward-review")
        visitor.press("Nộp bài")
        page.wait_for_url(re.compile("/result$"))
        assert answers_of(site, taker.attempt_id) == {1: "B", 3: "A"}


def test_it_waits_for_the_network_before_the_next_question(site, chromium):
    quiz = new_quiz(site, "di-toi-mat-mang", [plain(1), plain(2)], navigation="forward")
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        page = taker.page
        page.context.set_offline(True)
        taker.choose("C")
        taker.next()
        page.locator("[data-moving]:visible", has_text="Câu tiếp theo cần mạng").wait_for()
        assert page.locator("[data-options] input:enabled").count() == 0
        taker.see("forward-offline")
        page.context.set_offline(False)
        page.locator("[data-count]:visible", has_text="Câu 2 trên 2").wait_for()
        assert answers_of(site, taker.attempt_id) == {1: "C"}


def test_it_asks_how_sure_the_taker_is(site, chromium):
    quiz = new_quiz(site, "chac", [(*plain(1), {"mark": "2"}), plain(2)], certainty=True)
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        page = taker.page
        assert page.get_by_text("đúng được 6, sai mất 12").is_visible()
        page.get_by_role("radio", name=re.compile("Chắc chắn")).check()
        taker.choose("A")
        taker.saved()
        taker.see("certainty")
        page.get_by_role("radio", name=re.compile("Khá chắc")).check()
        page.wait_for_timeout(300)
        taker.saved()
        page.goto("about:blank")
        taker.open()
        assert page.get_by_role("radio", name=re.compile("Khá chắc")).is_checked()
        page.get_by_role("button", name="Bỏ chọn, để trống câu này").click()
        page.wait_for_timeout(300)
        taker.saved()
        assert answers_of(site, taker.attempt_id)[1] is None
        taker.choose("B")
        taker.saved()
        taker.next()
        taker.next()
        visitor.press("Nộp bài")
        page.wait_for_url(re.compile("/result$"))
        page.get_by_text("Bạn nói: khá chắc (2).").wait_for()
        assert page.get_by_text("-4/6 điểm").is_visible()
        taker.see("certainty-result")


def test_it_shows_sections_where_they_begin_and_in_the_list(site, chromium):
    quiz = new_quiz(
        site, "phan",
        [(*plain(1), {"section": 0}), (*plain(2), {"section": 0}), (*plain(3), {"section": 1})],
        sections=[{"title": "Phần I. Nhận biết", "intro": "Mỗi câu **một** điểm."}, {"title": "Phần II. Vận dụng"}],
    )  # fmt: skip
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        assert taker.page.locator("[data-section-intro]").inner_text() == "Mỗi câu một điểm."
        taker.see("section")
        taker.next()
        assert taker.page.locator("[data-section-title]").inner_text() == "Phần I. Nhận biết"
        assert not taker.page.locator("[data-section-intro]").is_visible()
        taker.page.locator("[data-open-palette]:visible").click()
        assert taker.page.locator("#palette .palette-section").all_inner_texts() == ["Phần I. Nhận biết", "Phần II. Vận dụng"]
        taker.see("palette-sections")


def test_it_tells_of_more_time_by_itself(site, chromium):
    quiz = new_quiz(site, "them-gio", [plain(1)])
    with on_phone(site, chromium) as visitor:
        visitor.page.add_init_script(FAST)
        taker = Taker(visitor, "hocvien1", quiz)
        before = taker.page.locator("[data-deadline]").first.text_content()
        with behind(site):
            services.grant_allowance(quiz, Who(), 600, 0, "mất điện", BY, clock.now())
        taker.page.get_by_text("Bạn được thêm 10 phút, hết giờ lúc").wait_for(timeout=5000)
        assert taker.page.locator("[data-deadline]").first.text_content() != before
        assert int(taker.page.locator("[data-clock]:visible").inner_text().split(":")[0]) >= 29
        taker.see("more-time")


def test_it_asks_for_the_time_at_least_every_25_seconds(site, chromium):
    quiz = new_quiz(site, "hoi-gio", [plain(1)])
    with on_phone(site, chromium) as visitor:
        visitor.page.clock.install()
        taker = Taker(visitor, "hocvien1", quiz)
        with taker.page.expect_response("**/clock?*") as asked:
            taker.page.clock.fast_forward(25_000)
        assert asked.value.status == 200


def test_it_does_not_hand_in_where_more_time_was_granted_in_the_last_seconds(site, chromium):
    quiz = new_quiz(site, "phut-chot", [plain(1)])
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        end_in(site, taker.attempt_id, 3)
        taker.choose("A")  # the acknowledgement says that only seconds are left
        taker.page.get_by_text("Giờ nộp bài đã đổi").wait_for()
        end_in(site, taker.attempt_id, 600)
        taker.page.get_by_text("Bạn được thêm").wait_for(timeout=10_000)
        assert taker.page.url.endswith(str(taker.attempt_id))


def test_it_goes_on_where_more_time_was_granted_while_the_network_was_away(site, chromium):
    quiz = new_quiz(site, "them-khi-mat-mang", [plain(1)])
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        page = taker.page
        end_in(site, taker.attempt_id, 3)
        taker.choose("A")
        page.get_by_text("Giờ nộp bài đã đổi").wait_for()
        page.context.set_offline(True)
        page.get_by_text("Đã hết giờ. Bài tự nộp").wait_for()
        end_in(site, taker.attempt_id, 600)
        page.context.set_offline(False)
        page.get_by_text("Bạn được thêm").wait_for()
        taker.choose("B")
        taker.saved()
        assert page.url.endswith(str(taker.attempt_id)) and answers_of(site, taker.attempt_id) == {1: "B"}


def test_it_says_what_a_wrong_answer_costs(site, chromium):
    quiz = new_quiz(site, "tru-diem", [(*plain(1), {"mark": "2"})], wrong_penalty=Decimal("0.25"))
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        assert "Câu này 2 điểm. Trả lời sai bị trừ 0,5 điểm" in taker.page.locator("[data-hint]").inner_text()
        taker.choose("B")
        taker.page.get_by_role("button", name="Bỏ chọn, để trống câu này").wait_for()


def test_it_hands_in_by_itself_when_the_time_is_up(site, chromium):
    quiz = new_quiz(site, "het-gio", [plain(1), EVERY[3]])
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        end_in(site, taker.attempt_id, 4)
        taker.choose("A")
        taker.next()
        taker.page.get_by_label("Câu trả lời của bạn").press_sequentially("Hà Nội", delay=20)
        taker.page.wait_for_url(re.compile("/result$"))
        assert answers_of(site, taker.attempt_id) == {1: "A", 2: "Hà Nội"}


def test_it_takes_a_report_about_a_question(site, chromium):
    quiz = new_quiz(site, "bao-loi", [plain(1), plain(2)])
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        page = taker.page
        page.get_by_role("button", name="Câu hỏi có vấn đề?").press("Enter")
        page.get_by_label("Bạn thấy điều gì sai hoặc khó hiểu?").press("Escape")
        page.get_by_label("Bạn thấy điều gì sai hoặc khó hiểu?").wait_for(state="hidden")
        page.get_by_role("button", name="Câu hỏi có vấn đề?").click()
        page.get_by_role("button", name="Gửi", exact=True).click()
        page.get_by_text("Hãy viết vài chữ").wait_for()
        taker.see("report")
        page.get_by_label("Bạn thấy điều gì sai hoặc khó hiểu?").fill("Cả hai phương án đầu đều đúng.")
        page.get_by_role("button", name="Gửi", exact=True).click()
        page.get_by_text("Đã báo.").wait_for()
        assert page.locator("[data-report-done]", has_text="Cảm ơn bạn.").is_visible()
        taker.see("reported")
        page.goto("about:blank")
        taker.open()
        page.get_by_text("Đã báo.").wait_for()
        with behind(site):
            query = sa.select(QuestionReport.text).where(QuestionReport.attempt_id == taker.attempt_id)
            assert db.session.scalar(query) == "Cả hai phương án đầu đều đúng."
        taker.next()
        taker.next()
        visitor.press("Nộp bài")
        page.wait_for_url(re.compile("/result$"))
        page.get_by_text("Ban tổ chức đang xem").wait_for()


def needing(site: Any, login: str, **needs: bool) -> None:
    """Let a person have these needs, and no others."""
    someone = member_id(site, login)
    with behind(site), transaction() as session:
        session.execute(sa.delete(Accommodation).where(Accommodation.member_id == someone))
    if needs:
        with behind(site):
            services.grant_accommodation(someone, NeedSpec(**needs), "giấy xác nhận", BY, clock.now())


def test_it_shows_large_type_to_whom_it_was_granted(site, chromium):
    quiz = new_quiz(site, "chu-to", EVERY, certainty=True)
    needing(site, "hocvien1", is_large_print=True)
    try:
        with on_phone(site, chromium) as visitor:
            taker = Taker(visitor, "hocvien1", quiz)
            assert taker.page.evaluate("parseFloat(getComputedStyle(document.querySelector('.option')).fontSize)") >= 20
            for number in range(1, len(EVERY) + 1):
                taker.see(f"large-{number:02}")
                taker.next()
            taker.see("large-review")
    finally:
        needing(site, "hocvien1")


def test_it_lays_all_questions_on_one_page_for_a_screen_reader(site, chromium):
    quiz = new_quiz(site, "doc-man-hinh", EVERY)
    needing(site, "hocvien2", is_screen_reader=True)
    try:
        with on_phone(site, chromium) as visitor:
            taker = Taker(visitor, "hocvien2", quiz)
            page = taker.page
            assert page.get_by_role("heading", level=2, name=re.compile(r"^Câu \d+ trên 11$")).count() == 11
            assert not page.locator("#palette").is_visible() and not page.locator("[data-open-palette]:visible").count()
            block = page.locator('[data-slot-shown="1"]')
            block.locator("input[value=B]").check()
            typed = page.locator('[data-slot-shown="4"]')
            typed.get_by_label("Câu trả lời của bạn").fill("Hà Nội")
            typed.get_by_role("button", name="Lưu câu này").click()
            for one in (block, typed):
                one.locator("[data-saved-line]", has_text="Đã lưu lúc").wait_for()
            page.locator("[data-announce]", has_text="đã lưu").wait_for(state="attached")
            taker.see("list")
            assert answers_of(site, taker.attempt_id) == {1: "B", 4: "Hà Nội"}
            page.locator("[data-go=next]:visible").click()
            page.get_by_role("heading", name="Còn 8 câu chưa trả lời").wait_for()
            page.get_by_role("link", name="Câu 9").click()
            assert page.evaluate("document.activeElement.id") == "stem-9"
    finally:
        needing(site, "hocvien2")


def test_it_shows_during_the_paper_what_the_quiz_lets_be_seen_then(site, chromium):
    grid = {"during": ["marks", "correctness", "right_answer", "explanation", "feedback"]}
    quiz = new_quiz(site, "xem-ngay", [plain(1), EVERY[3]], review="custom", review_grid=grid)
    with on_phone(site, chromium) as visitor:
        taker = Taker(visitor, "hocvien1", quiz)
        page = taker.page
        taker.choose("B")
        page.get_by_role("button", name="Xem kết quả câu này").click()
        page.locator("[data-check-result]", has_text="Chưa đúng").wait_for()
        shown = page.locator("[data-check-result]").inner_text()
        assert "Đáp án: đúng" in shown and "Giải thích câu 1." in shown and "0/1 điểm" in shown
        assert page.locator("[data-options] input:enabled").count() == 0
        taker.see("checked")
        page.goto("about:blank")
        taker.open()
        page.get_by_role("button", name="Xem kết quả câu này").click()
        page.locator("[data-check-result]", has_text="Chưa đúng").wait_for()


def test_it_sends_nothing_from_a_preview(site, chromium):
    """A preview draws the same page and takes answers; it hands them over once, to be marked and forgotten."""
    new_quiz(site, "xem-thu", [plain(1), EVERY[3], plain(3)], navigation="forward")
    with on_phone(site, chromium) as visitor:
        page = visitor.page
        visitor.sign_in("quantri1")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
        page.goto(f"{site.url}/admin/quizzes/thu-xem-thu/preview")
        page.get_by_text("Xem thử, không lưu.").wait_for()
        page.locator("[data-options] input[value=A]").check()
        see(visitor, "preview")
        page.locator("[data-go=next]:visible").click()
        page.get_by_label("Câu trả lời của bạn").press_sequentially("Hà Nội")
        assert not page.locator("[data-go=previous]:visible").count()  # it goes forward only, as the quiz does
        page.locator("[data-go=next]:visible").click()
        page.locator("[data-count]:visible", has_text="Câu 3 trên 3").wait_for()
        page.locator("[data-go=next]:visible").click()
        visitor.press("Nộp bài")
        page.get_by_role("heading", name="Kết quả xem thử").wait_for()
        see(visitor, "preview-result")
        assert "2/3" in page.locator(".result-mark").inner_text() and "Hà Nội" in page.locator("main").inner_text()
        assert len(asked) == 1 and "/preview" in asked[0]
        assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('elearn.attempt'))") == []
