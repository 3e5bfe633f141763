"""The three journeys in real Chromium, on a phone and on a desktop; every page visited is examined by axe."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from elearn.app import create_app
from elearn.config import Config
from elearn.contests.models import Round
from elearn.contests.rules.settings import ContestSettings, PrizeKind, RoundSettings
from elearn.contests.services import ContestSpec, RoundSpec, create_contest
from elearn.core import clock
from elearn.core.db import db, transaction, turns_of
from elearn.members.models import Member
from elearn.questions.models import Bank, QuestionVersion
from elearn.quizzes.models import Attempt, Quiz
from elearn.units.models import Unit
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser


@cache
def application_of(data_dir: str, database_url: str) -> Flask:
    """The application of a site, made once."""
    return create_app(Config(data_dir=data_dir, database_url=database_url), TESTING=True)


@contextlib.contextmanager
def behind(site: Any) -> Iterator[Flask]:
    """The site's own database, as an application in this process."""
    app = application_of(site.environment["ELEARN_DATA_DIR"], site.environment.get("ELEARN_DATABASE_URL", ""))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
        turns_of(app).close()


def key_of(site: Any, attempt_id: int) -> list[list[str]]:
    """The right labels of each question of a paper, as the database knows them."""
    with behind(site):
        paper = db.session.get(Attempt, attempt_id).paper
        key = []
        for asked in paper:
            version = db.session.get(QuestionVersion, asked["version"])
            if version.type == "true_false":
                key.append(["A" if version.body["answer"] else "B"])
            else:
                key.append(
                    ["ABCDEF"[place] for place, index in enumerate(asked["order"]) if version.body["options"][index].get("right")]
                )
        return key


def attempt_of(visitor: Visitor) -> int:
    visitor.page.wait_for_url(re.compile(r"/attempts/\d+$"))
    visitor.page.wait_for_selector("[data-options] input")
    return int(visitor.page.url.rsplit("/", 1)[1])


def next_question(visitor: Visitor) -> None:
    visitor.page.locator("[data-go=next]:visible").click()


def choose(visitor: Visitor, labels: list[str]) -> None:
    for label in labels:
        visitor.page.locator(f"[data-options] input[value={label}]").check()


def saved(visitor: Visitor) -> None:
    visitor.page.locator("[data-saved-line]", has_text="Đã lưu lúc").wait_for()


def test_it_learns_from_first_page_to_completion(visitor: Visitor):
    """Home, course, lesson with its place kept, the quiz with the browser closed in the middle, the result, completion at once."""
    learner = {"phone": "hocvien1", "desktop": "hocvien2"}[visitor.size]
    page = visitor.page
    visitor.sign_in(learner)
    visitor.look()
    visitor.go("/courses")
    page.locator("li.row", has_text="Chưa học").first.locator("a").click()
    page.wait_for_load_state("load")
    visitor.look()
    course = page.url
    visitor.press("Bắt đầu học")
    visitor.look()
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight / 2)")
    with page.expect_response(lambda answer: answer.url.endswith("/position")):
        pass
    lesson = page.url.split("?")[0]
    page.goto(lesson)
    for _ in range(50):
        if page.evaluate("window.scrollY") > 20:
            break
        page.wait_for_timeout(100)
    assert page.evaluate("window.scrollY") > 20  # the place of reading is kept
    for _ in range(60):
        if page.url == course:
            if not page.get_by_role("link", name="Đọc tiếp").count():
                break
            visitor.press("Đọc tiếp")
        page.locator(".bottom-bar .button-main").click()
        page.wait_for_load_state("load")
    visitor.look()
    visitor.press("Làm bài kiểm tra")
    attempt_id = attempt_of(visitor)
    visitor.look()
    key = key_of(visitor.site, attempt_id)
    for number, labels in enumerate(key[:-2], start=1):
        choose(visitor, labels)
        saved(visitor)
        next_question(visitor)
        if number == 3:  # the browser is closed and opened again: the same question, the answers still there
            page.goto("about:blank")
            page.goto(f"{visitor.site.url}/attempts/{attempt_id}")
            page.locator("[data-count]:visible", has_text="Câu 4 trên").wait_for()
            assert page.locator("[data-palette] .answered").count() >= 3
    page.locator("[data-open-palette]:visible").click() if visitor.size == "phone" else None
    page.locator("#palette [data-review]").click()
    page.get_by_role("heading", name="Còn 2 câu chưa trả lời").wait_for()
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")  # nothing half hidden by the bar at the foot
    visitor.look()
    visitor.press("Nộp bài")
    page.wait_for_url(re.compile("/result$"))
    visitor.look()
    assert page.get_by_text("Đạt", exact=True).count()
    assert page.get_by_text("Nguồn").count()
    visitor.press("Về trang của bài này")
    assert page.get_by_text("Bạn đã hoàn thành khoá học").count()
    visitor.go("/")


def new_contest(site: Any, code: str) -> int:
    """A contest with one round that opened an hour ago; returns the round's id."""
    with behind(site):
        now = clock.now()
        top = db.session.scalar(sa.select(Unit.id).where(Unit.parent_id.is_(None)))
        bank = db.session.scalar(sa.select(Bank.id).where(Bank.code == "cac-ky-dai-hoi-dang"))
        round_ = RoundSpec(
            "Tuần 1", now - timedelta(hours=1), now + timedelta(hours=1), [{"bank": bank, "level": None, "count": 5}],
            settings=RoundSettings(attempt_limit=1, metric="people_all_correct"),
        )  # fmt: skip
        spec = ContestSpec(
            code,
            f"Cuộc thi thử {code}",
            top,
            "Tỉnh uỷ An Sơn",
            [round_],
            ContestSettings(prizes=(PrizeKind("Nhất", 1, "First"),)),
        )
        with transaction() as session:
            contest = create_contest(session, spec, now)
            return contest.rounds[0].id


def close_now(site: Any, round_id: int) -> None:
    """Let the round's window end: the server's clock then says that it is over."""
    with behind(site), transaction() as session:
        now = clock.now()
        round_ = session.get_one(Round, round_id)
        round_.closes_at = now - timedelta(seconds=30)
        session.get_one(Quiz, round_.quiz_id).closes_at = round_.closes_at


def test_it_runs_a_contest_round_from_entry_to_standings(visitor: Visitor):
    """Public page, entry, paper with the network cut, prediction, submission; then closing by the officer, and the standings."""
    code = f"thu-{visitor.size}"
    round_id = new_contest(visitor.site, code)
    page = visitor.page
    visitor.go("/contests")
    visitor.go(f"/contests/{code}")
    assert page.get_by_text("Thể lệ").count()
    visitor.sign_in({"phone": "hocvien1", "desktop": "hocvien2"}[visitor.size])
    visitor.go(f"/contests/{code}")
    visitor.press("Vào thi")
    visitor.look()
    visitor.press("Bắt đầu làm bài")
    attempt_id = attempt_of(visitor)
    key = key_of(visitor.site, attempt_id)
    choose(visitor, key[0])
    saved(visitor)
    page.context.set_offline(True)
    for labels in key[1:3]:
        next_question(visitor)
        choose(visitor, labels)
    page.locator("[data-offline]", has_text="Đang mất mạng").wait_for()
    page.locator("[data-saved-line]", has_text="Chờ gửi 2 câu").wait_for()
    visitor.look()
    page.context.set_offline(False)
    saved(visitor)
    for labels in key[3:]:
        next_question(visitor)
        choose(visitor, labels)
        saved(visitor)
    next_question(visitor)
    page.get_by_label("Câu dự đoán").fill("rất nhiều")
    visitor.press("Nộp bài")
    page.get_by_text("Hãy nhập một số nguyên").wait_for()
    visitor.look()
    page.get_by_label("Câu dự đoán").fill("1")
    visitor.press("Nộp bài")
    page.wait_for_url(re.compile("/result$"))
    visitor.look()
    assert "Đáp án đúng" not in page.content()  # the round is still open

    visitor.go(f"/contests/{code}/rounds/1")
    close_now(visitor.site, round_id)
    visitor.go(f"/contests/{code}/rounds/1")
    assert page.get_by_text("đóng").count()
    page.context.clear_cookies()
    visitor.sign_in("cuocthi1")
    visitor.go("/admin")
    visitor.go("/admin/contests")
    visitor.go(f"/admin/contests/{code}/rounds/1")
    visitor.press("Chốt Tuần 1")
    visitor.look()
    assert page.get_by_text("Bước 2").count()
    assert page.get_by_text("một người khác xem và công bố").count(), "a result needs two officers"
    page.context.clear_cookies()
    visitor.sign_in("quantri1")
    visitor.go(f"/admin/contests/{code}/rounds/1")
    visitor.press("Công bố bản chốt 1")
    visitor.look()
    visitor.press("Công bố")
    visitor.look()
    page.context.clear_cookies()
    visitor.sign_in({"phone": "hocvien1", "desktop": "hocvien2"}[visitor.size])
    visitor.go(f"/contests/{code}/rounds/1/standings")
    assert page.get_by_text("Bạn đạt giải Nhất").count()
    visitor.go(f"/contests/{code}/rounds/1/standings/screen")


def test_it_runs_a_class_from_opening_to_excel(visitor: Visitor, tmp_path):
    """The officer opens a class, pastes names, mends a doubtful line, sees who has started, exports; an outsider sees nothing of it."""
    page = visitor.page
    visitor.sign_in("daotao1")
    visitor.go("/admin")
    visitor.go("/admin/classes")
    visitor.go("/admin/classes/new")
    page.get_by_label("Khoá học").select_option(index=1)
    page.get_by_label("Ngày bắt đầu").fill("hôm nay")
    page.get_by_label("Hạn học xong").fill("31/12/2099")
    visitor.press("Mở lớp và ghi danh")
    assert page.get_by_text("Ngày không đúng").count() or page.get_by_text("14/10/2026").count()
    visitor.look()
    page.get_by_label("Ngày bắt đầu").fill("01/01/2026")
    page.get_by_label("Tên lớp").fill(f"Lớp thử {visitor.size}")
    page.get_by_label("Mã lớp").fill(f"THU-{visitor.size.upper()}")
    visitor.press("Mở lớp và ghi danh")
    visitor.look()
    with behind(visitor.site):
        people = db.session.execute(
            sa.select(Member.code, Member.display_name).where(Member.login.like("%.%")).order_by(Member.id).limit(6)
        ).all()
    address = re.search(r"/admin/classes/\d+", page.url)
    assert address
    visitor.go(f"{address[0]}/paste")
    lines = [f"{code}\t{name}" for code, name in people] + ["Người Không Có Thật"]
    page.get_by_label("Danh sách").fill("\n".join(lines))
    visitor.press("Xem trước")
    visitor.look()
    assert page.get_by_text("Không tìm thấy trong phạm vi của bạn").count()
    page.get_by_role("button", name=re.compile("Ghi danh 6 người")).click()
    page.wait_for_load_state("load")
    visitor.go(address[0])
    assert page.get_by_text(people[0][1]).count()
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    target = tmp_path / "lop.xlsx"
    download.value.save_as(target)
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(str(target)).get_sheet_by_index(0).to_python()
    names = {cell for row in rows for cell in row}
    assert {name for _, name in people} <= names
    page.context.clear_cookies()
    visitor.sign_in("hocvien1")
    page.goto(visitor.site.url + address[0])
    assert page.get_by_text("Chỉ cán bộ đào tạo").count() or page.get_by_text("Lớp học chỉ mở").count()
    visitor.look()


@pytest.mark.once
def test_it_shows_what_happened_when_two_tabs_are_open(visitor: Visitor):
    """The newer tab saves, the older becomes read-only and says so; what was saved stays, and it can take over again."""
    round_id = new_contest(visitor.site, f"hai-the-{visitor.size}")
    assert round_id
    page = visitor.page
    visitor.sign_in({"phone": "hocvien1", "desktop": "hocvien2"}[visitor.size])
    visitor.go(f"/contests/hai-the-{visitor.size}/rounds/1")
    visitor.press("Bắt đầu làm bài")
    attempt_id = attempt_of(visitor)
    choose(visitor, ["A"])
    saved(visitor)
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("[data-options] input:checked")
    other.locator("[data-options] input[value=B]").check()
    other.locator("[data-saved-line]", has_text="Đã lưu lúc").wait_for()
    page.get_by_text("Bài đang mở ở thẻ hoặc máy khác").wait_for()
    next_question(visitor)
    assert not page.locator("[data-options] input:enabled").count()
    visitor.look()
    page.get_by_role("button", name="Làm tiếp ở đây").click()
    page.wait_for_load_state("load")
    page.wait_for_selector("[data-options] input")
    page.locator("[data-saved-line]", has_text=re.compile("Đã lưu lúc|Chưa chọn")).wait_for()
    assert attempt_id


@pytest.mark.once
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_it_passes_axe_on_every_main_page_in_both_themes(site, chromium, size, scheme):
    from tests.browser.conftest import new_visitor

    for someone in new_visitor(chromium, site, size, scheme):
        someone.go("/")
        someone.go("/sign-in")
        someone.go("/khong-co")
        someone.page.get_by_role("heading", name="Không có trang này").wait_for()
        contest = "/contests/tim-hieu-cac-ky-dai-hoi-dang"
        for path in ("/contests", contest, f"{contest}/rounds/1/standings", f"{contest}/rounds/1/standings/screen", "/join"):
            someone.go(path)
        someone.sign_in("hocvien1")
        for path in ("/", "/courses", "/courses/cac-ky-dai-hoi-dang", "/courses/cac-ky-dai-hoi-dang/lessons/1?part=1", "/documents", "/me",
                     "/password", "/results", f"{contest}/rounds/2", f"{contest}/rounds/3", "/admin"):  # fmt: skip
            someone.go(path)
        someone.page.context.clear_cookies()
        someone.sign_in("quantri1")
        for path in ("/admin", "/admin/members", "/admin/units", "/admin/classes", "/admin/contests", "/admin/questions", "/admin/audit",
                     "/admin/questions/cac-ky-dai-hoi-dang", "/admin/roles", f"/admin{contest}/rounds/1"):  # fmt: skip
            someone.go(path)
