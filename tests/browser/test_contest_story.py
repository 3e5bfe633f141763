"""A contest of three weeks and a final: people without an account take part, a key is put right after the publication, judges decide, prizes go out."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import docx
import pytest
from sqlalchemy import select

from elearn.contests.models import Entry, Round, StageContestant
from elearn.contests.rules.settings import Advance, ContestSettings, PrizeKind, RoundSettings
from elearn.contests.services import ContestSpec, RoundSpec, create_contest
from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.members.models import Member
from elearn.questions.models import QuestionVersion
from elearn.questions.services import BankSpec, QuestionSpec, put_bank, put_question
from elearn.quizzes.models import Attempt, Quiz
from elearn.units.models import Unit
from tests.browser.conftest import Site, Visitor
from tests.browser.test_journeys import behind

pytestmark = pytest.mark.browser
CODE = "ba-tuan"
HERE, ADMIN = f"/contests/{CODE}", f"/admin/contests/{CODE}/rounds"
WEEKS, QUESTIONS = 3, 3
HOUR = timedelta(hours=1)
REASON = "Văn kiện ghi đáp án khác"
JUDGES = ("giamkhao1", "thamdinh1", "bientap1")
PEOPLE = (("Lò Thị Hạ", "0987000001", "1955"), ("Vàng A Sính", "0987000002", "12/03/1990"))


def send(person: Visitor, button: Any) -> None:
    """Press a button that sends a form, and wait for the page that answers."""
    with person.page.expect_navigation(wait_until="load"):
        button.click()


def make_contest(site: Site) -> None:
    """Three weekly rounds of three questions and a final on a stage, open to everybody; the first week is on."""
    with behind(site), transaction() as session:
        now = clock.now()
        unit = session.scalars(select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id)).first()
        assert unit is not None
        bank = put_bank(session, BankSpec("bank-ba-tuan", "Ba tuần", "Three weeks", unit))
        for n in range(QUESTIONS):
            body = {"options": [{"text": f"Cờ đỏ {n}", "right": True}, {"text": f"Mây trắng {n}"}, {"text": f"Núi xanh {n}"}]}
            put_question(
                session,
                bank.id,
                QuestionSpec(f"ba-tuan-{n}", "single_choice", "t", "nhan_biet", f"Câu hỏi {n}?", body, "Vì thế.", None),
                now,
            )
        own = RoundSettings(attempt_limit=1, metric="people_all_correct")
        weeks = [
            RoundSpec(
                f"Tuần {n}", now + (n * 200 - 200) * HOUR - HOUR, now + n * 200 * HOUR - 2 * HOUR,
                [{"bank": bank.id, "level": "nhan_biet", "count": QUESTIONS}], is_fixed=True, settings=own,
            )
            for n in range(1, WEEKS + 1)
        ]  # fmt: skip
        final = RoundSpec(
            "Chung kết", now + 700 * HOUR, now + 710 * HOUR, kind="stage",
            settings=RoundSettings(advance=Advance(WEEKS, 2), prizes=(PrizeKind("Nhất", 1, amount=5_000_000), PrizeKind("Nhì", 1))),
        )  # fmt: skip
        rules = ContestSettings(audience="everybody", prizes=(PrizeKind("Nhất tuần", 1),), per_person="none", reserves=1)
        create_contest(session, ContestSpec(CODE, "Ba tuần và chung kết", unit, "Ban tổ chức", [*weeks, final], rules), now)


def move(site: Site, number: int, opens: timedelta, closes: timedelta) -> None:
    """Time goes on: the round's window lies so far from now."""
    with behind(site), transaction() as session:
        found = session.scalars(select(Round).where(Round.number == number, Round.contest.has(code=CODE))).one()
        now = clock.now()
        found.opens_at, found.closes_at = now + opens, now + closes
        if found.quiz_id is not None:
            quiz = session.get_one(Quiz, found.quiz_id)
            quiz.opens_at, quiz.closes_at = found.opens_at, found.closes_at
            session.query(Attempt).filter_by(quiz_id=quiz.id, state="open").update({"deadline_at": found.closes_at})


def register(comes: Any, name: str, phone: str, birth: str) -> Visitor:
    """Somebody without an account registers on a phone and writes the entry code down."""
    person = comes("", "phone")
    page = person.page
    person.go(HERE)
    person.go(f"{HERE}/register")
    page.get_by_label("Họ và tên").fill(name)
    page.locator("[name=birth]").fill(birth)
    page.locator("[name=phone]").fill(phone)
    page.locator("[name=unit][value=other]").check()
    page.locator("[name=unit_other]").fill("Thôn Nà Lốc")
    page.locator("[name=consent]").check()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/entrant/code", timeout=60_000)
    person.look()
    person.press("Tôi đã chép mã, vào cuộc thi")
    page.wait_for_url(f"**{HERE}")
    return person


def right_options(site: Site, attempt_id: int) -> list[tuple[str, str]]:
    """(label of the right option, label of a wrong one) of each question of a paper."""
    found = []
    with behind(site):
        for asked in db.session.get_one(Attempt, attempt_id).paper:
            options = db.session.get_one(QuestionVersion, asked["version"]).body["options"]
            right = next(place for place, index in enumerate(asked["order"]) if options[index].get("right"))
            wrong = next(place for place, index in enumerate(asked["order"]) if not options[index].get("right"))
            found.append(("ABCDEF"[right], "ABCDEF"[wrong]))
    return found


def sit(person: Visitor, number: int, wrong: int, guess: int) -> None:
    """Sit a week with so many wrong answers, the first ones, and a prediction."""
    page = person.page
    person.go(f"{HERE}/rounds/{number}")
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    page.wait_for_url(re.compile(r"/attempts/\d+$"), timeout=60_000)
    page.wait_for_selector("[data-options] input")
    labels = right_options(person.site, int(page.url.rsplit("/", 1)[1]))
    for place, (right, other) in enumerate(labels):
        page.locator(f"[data-options] input[value={other if place < wrong else right}]").check()
        page.locator("[data-saved-line]", has_text="Đã lưu lúc").wait_for()
        page.locator("[data-go=next]:visible").click()
    page.get_by_label("Câu dự đoán").fill(str(guess))
    person.press("Nộp bài")
    page.wait_for_url(re.compile("/result$"), timeout=30_000)


def close(first: Visitor, second: Visitor, number: int, title: str) -> None:
    """One officer settles, another publishes."""
    move(first.site, number, -100 * HOUR, -timedelta(seconds=20))
    first.go(f"{ADMIN}/{number}")
    first.press(f"Chốt {title}")
    first.look()
    second.go(f"{ADMIN}/{number}")
    second.press("Công bố bản chốt 1")
    second.press("Công bố")
    second.look()


def test_a_contest_runs_from_its_first_week_to_the_minutes_of_the_final(site: Site, comes: Any) -> None:
    make_contest(site)
    first, second = comes("cuocthi1"), comes("quantri1")
    people = [register(comes, *one) for one in PEOPLE]
    for number in range(1, WEEKS + 1):
        move(site, number, -HOUR, 100 * HOUR)
        sit(people[0], number, wrong=0, guess=1)
        sit(people[1], number, wrong=1, guess=2)
        close(first, second, number, f"Tuần {number}")
        people[0].go(f"{HERE}/rounds/{number}/standings")
        assert "Bạn đạt giải Nhất tuần" in people[0].page.inner_text("main")
    put_the_key_right(site, first, second, people)
    hold_the_final(site, first, comes)
    close(first, second, WEEKS + 1, "Chung kết")
    hand_out(first)


def put_the_key_right(site: Site, first: Visitor, second: Visitor, people: list[Visitor]) -> None:
    """The key of week 1 was wrong: after the correction it is the other one who is all right; the list of changes says so to everybody."""
    with behind(site):
        quiz = db.session.scalars(select(Quiz).join(Round).where(Round.number == 1, Round.contest.has(code=CODE))).one()
        second_member = db.session.scalars(select(Member.id).where(Member.display_name == PEOPLE[1][0])).one()
        attempt = db.session.scalars(select(Attempt).where(Attempt.quiz_id == quiz.id, Attempt.member_id == second_member)).one()
        code, asked = quiz.code, attempt.paper[0]
        version = db.session.get_one(QuestionVersion, asked["version"])
        chosen = next(index for index in asked["order"] if not version.body["options"][index].get("right"))
        answer, number = version.body["options"][chosen]["text"], version.id
    page = first.page
    first.go(f"/admin/quizzes/{code}/corrections/new/{number}")
    page.check("[name=kind][value=key]")
    page.locator("label.choice", has_text=answer).locator("input").check()
    page.check("[name=policy][value=exact]")
    page.fill("#reason", REASON)
    first.press("Xem trước ai đổi điểm")
    page.wait_for_url(re.compile(r"^[^?]*/admin/quizzes/corrections/\d+$"), timeout=60_000)
    first.look()
    second.page.goto(page.url)
    second.page.get_by_role("button", name=re.compile("Áp dụng")).click()
    second.page.locator("text=Đã áp dụng").first.wait_for()
    # Whoever applied the correction made the new version: the other officer publishes it.
    first.go(f"{ADMIN}/1")
    first.press("Công bố bản chốt 2")
    first.press("Công bố")
    people[1].go(f"{HERE}/rounds/1/standings")
    assert "Bạn đạt giải Nhất tuần" in people[1].page.inner_text("main")
    people[1].go(f"{HERE}/rounds/1/changes")
    told = people[1].page.inner_text("main")
    assert REASON in told
    assert PEOPLE[0][0] in told
    assert PEOPLE[1][0] in told


def hold_the_final(site: Site, first: Visitor, comes: Any) -> None:
    """Two people go on; a part with a criterion; three judges give points on phones; the chair locks and shows them."""
    page, stage = first.page, f"{ADMIN}/{WEEKS + 1}/stage"
    first.go(stage)
    page.locator("#part-title").fill("Thuyết trình")
    send(first, page.get_by_role("button", name="Thêm phần thi"))
    page.locator("#title-1").fill("Nội dung")
    send(first, page.locator("#part-1 form.stage-line button"))
    send(first, page.get_by_role("button", name="Lấy những người được vào từ vòng trước"))
    first.look()
    for name, _, _ in PEOPLE:
        assert name in page.inner_text("main")
    with behind(site):
        names = {one.login: one.display_name for one in db.session.scalars(select(Member).where(Member.login.in_(JUDGES)))}
    for place, login in enumerate(JUDGES):
        first.go(f"{ADMIN}/{WEEKS + 1}/judges?q={quote(names[login])}")
        row = page.locator("#found li", has_text=names[login])
        send(first, row.get_by_role("button"))
        if place == 0:
            send(first, page.locator("li.row", has_text=names[login]).get_by_role("button", name=re.compile("trưởng ban")))
    move(site, WEEKS + 1, -HOUR, HOUR)
    chair = None
    for place, login in enumerate(JUDGES):
        judge = comes(login, "phone")
        chair = chair or judge
        judge.go("/judging")
        give_points(judge, site, {PEOPLE[0][0]: 7 + place, PEOPLE[1][0]: 9})
    assert chair is not None
    with behind(site):
        number = db.session.scalars(select(Round.id).where(Round.number == WEEKS + 1, Round.contest.has(code=CODE))).one()
    chair.go(f"/judging/{number}/chair")
    send(chair, chair.page.get_by_role("button", name=re.compile("Khoá điểm")))
    send(chair, chair.page.get_by_role("button", name="Đưa lên màn chiếu"))
    chair.look()
    first.go(f"{HERE}/rounds/{WEEKS + 1}/stage")
    assert PEOPLE[1][0] in page.inner_text("main")


def give_points(judge: Visitor, site: Site, points: dict[str, int]) -> None:
    """A judge gives each contestant their points, which are on the server before the next."""
    with behind(site):
        query = select(Entry.display_name, Entry.id, Entry.round_id).join(StageContestant, StageContestant.entry_id == Entry.id)
        places = [tuple(row) for row in db.session.execute(query.where(Entry.display_name.in_(list(points))))]
    assert len(places) == len(points)
    for name, entry_id, round_id in places:
        judge.go(f"/judging/{round_id}/parts/1/entries/{entry_id}")
        judge.page.locator("input[id^=points-]").fill(str(points[name]))
        judge.page.get_by_role("button", name="Lưu điểm").click()
        judge.page.locator(".score-state", has_text="Đã lưu lúc").wait_for()


def hand_out(officer: Visitor) -> None:
    """The winner of the final is the better of the judges; verified, and in the minutes as Word and PDF."""
    page, prizes = officer.page, f"{ADMIN}/{WEEKS + 1}/prizes"
    officer.go(f"{HERE}/rounds/{WEEKS + 1}/standings")
    assert page.inner_text("main").index(PEOPLE[1][0]) < page.inner_text("main").index(PEOPLE[0][0])
    officer.go(prizes)
    for box in page.locator("[name=keys]").all():
        box.check()
    send(officer, page.get_by_role("button", name="Làm", exact=True))
    officer.look()
    officer.go(f"{prizes[: -len('/prizes')]}/papers")
    minutes = page.request.get(f"{officer.site.url}{ADMIN}/{WEEKS + 1}/papers/minutes.docx")
    document = docx.Document(io.BytesIO(minutes.body()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([one.text for one in document.paragraphs] + cells)
    assert PEOPLE[1][0] in text
    assert "BIÊN BẢN" in text
    paper = page.request.get(f"{officer.site.url}{ADMIN}/{WEEKS + 1}/papers/minutes.pdf")
    assert paper.body().startswith(b"%PDF")
