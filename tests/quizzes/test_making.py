"""Officers make, change and publish quizzes on pages."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError
from elearn.members.queries import actor_of
from elearn.members.rules.permissions import Subject, may
from elearn.questions.hooks import uses_of
from elearn.questions.models import Question, QuestionVersion
from elearn.questions.services import BankSpec, put_bank
from elearn.quizzes import services
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.queries import managing
from elearn.quizzes.services import editing
from elearn.quizzes.services.editing import Settings
from tests import cast
from tests.quizzes.conftest import CANARY, HIDDEN, OFFICER, row_of, start

KIEN = OFFICER
USUAL = {
    "title": "Kiểm tra quý I", "intro": "Đọc kỹ.", "unit": "1", "for_whom": "units", "questions": "own", "shuffle_questions": "y",
    "shuffle_options": "y", "opens_at": "14/10/2026 08:00", "closes_at": "15/10/2099 17:00", "minutes": "30", "attempts": "2",
    "wait_minutes": "0", "counted": "best", "navigation": "free", "late_policy": "submit", "wrong_penalty": "", "review": "marks_only",
    "section": "0", "section-0-title": "", "section-0-intro": "", "section-0-shuffle": "1", "do": "save",
}  # fmt: skip


def fresh(code: str) -> Quiz:
    db.session.rollback()
    return db.session.scalars(sa.select(Quiz).where(Quiz.code == code)).one()


def newest() -> Quiz:
    db.session.rollback()
    return db.session.scalars(sa.select(Quiz).order_by(Quiz.id.desc())).first()


def part(key: int, **fields) -> dict[str, str]:
    return {f"part-{key}-{name}": str(value) for name, value in {"kind": "draw", "section": "0", **fields}.items()}


@pytest.fixture
def draft(made) -> str:
    """A draft of the province on the trial bank; its code."""
    settings = Settings("Bản nháp", 1, [{"bank": made.bank_id, "count": 5}], closes_at=clock.now() + timedelta(days=1))
    return editing.make_quiz(settings, KIEN, clock.now())


@pytest.fixture
def published(draft) -> str:
    editing.publish_quiz(fresh(draft).id, KIEN, clock.now())
    return draft


def test_it_lists_exactly_what_the_access_table_allows(app, made):
    with transaction() as session:
        for key, (number, *_) in cast.UNITS.items():
            services.create_quiz(
                session, services.QuizSpec(f"bai-{key}", key, "", number, [{"bank": made.bank_id, "count": 1}], 60, 1, made_by_id=4)
            )
    quizzes = db.session.scalars(sa.select(Quiz)).all()
    for name in cast.PEOPLE:
        person = getattr(cast.People(), name)
        actor = actor_of(person.member_id, cast.unit_path(cast.PEOPLE[name][2]), clock.now())
        for permission in ("quiz.view", "quiz.manage"):
            listed = set(db.session.scalars(managing.visible_quizzes(actor, permission).with_only_columns(Quiz.code)))
            allowed = {quiz.code for quiz in quizzes if may(actor, permission, Subject(quiz.unit.path))}
            assert listed == allowed, (name, permission)
        page = managing.page_of_quizzes(actor, "", "all", clock.now(), 1)
        assert {quiz.code for quiz in page.items} == {
            quiz.code for quiz in quizzes if may(actor, "quiz.view", Subject(quiz.unit.path))
        }


PAGES = (
    "",
    "/edit",
    "/hours",
    "/questions",
    "/attempts",
    "/attempts.xlsx",
    "/late",
    "/allowances",
    "/papers",
    "/preview",
    "/steps/publish",
)


@pytest.mark.parametrize("page", PAGES)
def test_it_answers_for_a_foreign_quiz_as_for_none(as_, draft, page):
    for client in (as_("thuan"), as_("dung")):  # training officers of units below the owner
        assert client.get(f"/admin/quizzes/{draft}{page}").status_code == 404
    assert as_("hanh").get(f"/admin/quizzes/{draft}{page}").status_code == 403
    assert as_("kien").get(f"/admin/quizzes/khong-co{page}").status_code == 404


def test_it_lets_those_look_who_may_not_change(as_, made):
    settings = Settings("Bài của phường", 2, [{"bank": made.bank_id, "count": 5}])
    code = editing.make_quiz(settings, KIEN, clock.now())
    viewer = as_("quang")
    page = viewer.get(f"/admin/quizzes/{code}")
    assert page.status_code == 200
    assert "Sửa đề" not in page.text
    assert viewer.get(f"/admin/quizzes/{code}/attempts").status_code == 200
    for path in ("/edit", "/preview", "/papers", "/allowances", "/late", "/questions"):
        assert viewer.get(f"/admin/quizzes/{code}{path}").status_code == 403, path
    assert viewer.post(f"/admin/quizzes/{code}/steps/publish").status_code == 403


def test_it_makes_a_quiz_by_the_form_and_shows_it_again(as_, made):
    client = as_("kien")
    assert client.get("/admin/quizzes/new").status_code == 200
    form = {
        **USUAL, "part": "0", **part(0, bank=made.bank_id, count=12, level="nhan_biet", tags="Đại hội", mark="0,5"), "needs_code": "y",
        "password": "sen-vang", "late_policy": "grace", "grace_minutes": "3", "pass_percent": "60", "certainty": "y", "review": "custom",
        "see-right_after-marks": "1", "see-after_close-right_answer": "1", "questions": "same", "wait_minutes": "15",
    }  # fmt: skip
    answer = client.post("/admin/quizzes/new", data=form)
    assert answer.status_code == 302, answer.text
    quiz = newest()
    assert answer.headers["Location"].endswith(f"/admin/quizzes/{quiz.code}")
    assert quiz.state == "draft"
    assert quiz.made_by_id == 4
    assert quiz.blueprint == [{"bank": made.bank_id, "count": 12, "level": "nhan_biet", "tags": ["dai hoi"], "mark": "0.5"}]
    assert (quiz.question_count, quiz.time_limit_seconds, quiz.wait_seconds, quiz.grace_seconds) == (12, 1800, 900, 180)
    assert quiz.opens_at.isoformat() == "2026-10-14T01:00:00+00:00"  # typed on the clock of Viet Nam
    assert quiz.review_grid == {"during": [], "right_after": ["marks"], "while_open": [], "after_close": ["right_answer"]}
    assert len(quiz.paper_seed) == 64
    assert re.fullmatch("[1-9][0-9]{5}", quiz.join_code)
    assert quiz.password_hash.startswith("$argon2")
    page = client.get(f"/admin/quizzes/{quiz.code}/edit").text
    for shown in ("Kiểm tra quý I", "14/10/2026 08:00", 'value="12"', 'value="0,5"', quiz.join_code, "Bỏ mật khẩu đang có"):
        assert shown in page
    assert "sen-vang" not in page
    log = db.session.execute(sa.text("SELECT before, after FROM audit_details")).all()
    assert "sen-vang" not in str(log)
    assert "$argon2" not in str(log)
    assert client.post(f"/admin/quizzes/{quiz.code}/edit", data={**form, "password": "", "drops_password": "y"}).status_code == 302
    assert fresh(quiz.code).password_hash == ""


def test_it_loses_nothing_on_an_error_and_says_where_it_is(as_, made):
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Quiz))
    form = {
        **USUAL, "title": "", "intro": "Lời dẫn dài", "minutes": "ba mươi", "closes_at": "31/02/2026 08:00", "password": "abc", "part": "7",
        **part(7, bank=made.bank_id, count="không", mark="x", tags="Bác Hồ"), "section-0-intro": "Phần này khó",
        "see-after_close-marks": "1",
    }  # fmt: skip
    answer = as_("kien").post("/admin/quizzes/new", data=form)
    assert answer.status_code == 400
    for kept in ("Lời dẫn dài", "ba mươi", "31/02/2026 08:00", 'value="abc"', 'value="không"', "Bác Hồ", "Phần này khó"):
        assert kept in answer.text, kept
    assert re.search(r'name="see-after_close-marks"[^>]*checked', answer.text)
    for field in ("title", "minutes", "closes_at", "password"):
        assert f'id="{field}-error"' in answer.text, field
    for place in ("0-count", "0-mark"):
        assert f'id="fault-{place}"' in answer.text, place
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Quiz)) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_at": "14/10/2026 07:00"}, "closes_at"),
        ({"certainty": "y", "wrong_penalty": "0.25"}, "wrong_penalty"),
        ({"late_policy": "grace"}, "grace_minutes"),
        ({"unit": "99"}, "unit"),
        ({"attempts": "0"}, "attempts"),
        ({"opens_at": "14/10/0001 08:00"}, "opens_at"),
    ],
)
def test_it_refuses_settings_that_cannot_be(as_, made, changes, field):
    answer = as_("kien").post("/admin/quizzes/new", data={**USUAL, **changes})
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text


def test_it_does_not_let_an_officer_make_quizzes_elsewhere(as_, made):
    answer = as_("dung").post("/admin/quizzes/new", data={**USUAL, "unit": "1"})
    assert answer.status_code == 400
    assert as_("dung").post("/admin/quizzes/new", data={**USUAL, "unit": "2"}).status_code == 302
    assert newest().unit_id == 2


def test_it_changes_rows_without_a_script_and_saves_nothing(as_, made):
    client, before = as_("kien"), db.session.scalar(sa.select(sa.func.count()).select_from(Quiz))

    def rows(do: str) -> list[str]:
        form = {
            **USUAL, "title": "", "part": ["a", "b"], **part("a", bank=made.bank_id, count=3), **part("b", bank=made.bank_id, count=8, section="1"),
            "section": ["0", "1"], "section-0-title": "Một", "section-1-title": "Hai", "do": do,
        }  # fmt: skip
        answer = client.post("/admin/quizzes/new", data=form)
        assert answer.status_code == 200
        shown = answer.text.split("<template")[0]
        return re.findall(r'name="part-\d+-count" value="(\d*)"', shown)

    assert rows("add-part") == ["3", "8", "5"]
    assert rows("drop-part-0") == ["8"]
    assert rows("down-part-0") == ["8", "3"]
    assert rows("up-part-1") == ["8", "3"]
    assert rows("up-part-0") == ["3", "8"]
    assert rows("drop-section-1") == ["3", "8"]
    assert rows("add-section") == ["3", "8"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Quiz)) == before


def test_it_counts_what_a_row_can_draw(as_, made):
    client = as_("kien")
    assert client.get(f"/admin/quizzes/available?bank={made.bank_id}").json == {"available": 30}
    assert client.get(f"/admin/quizzes/available?bank={made.bank_id}&level=van_dung").json == {"available": 0}
    assert client.get(f"/admin/quizzes/available?bank={made.bank_id}&tags=x").json == {"available": 0}
    assert client.get("/admin/quizzes/available?bank=999").status_code == 404
    assert client.get("/admin/quizzes/available").status_code == 404
    # lent down the tree by the province: its own officers below may draw from it, and count
    assert as_("dung").get(f"/admin/quizzes/available?bank={made.bank_id}").json == {"available": 30}


def test_it_offers_no_bank_that_is_not_lent(as_, made):
    with transaction() as session:
        kept = put_bank(session, BankSpec("kin", "Ngân hàng kín", "", 1))
        kept.is_lent = False
        kept_id = kept.id
    assert as_("dung").get(f"/admin/quizzes/available?bank={kept_id}").status_code == 404
    assert "Ngân hàng kín" not in as_("dung").get("/admin/quizzes/new").text
    answer = as_("dung").post("/admin/quizzes/new", data={**USUAL, "unit": "2", "part": "0", **part(0, bank=kept_id, count=1)})
    assert answer.status_code == 400


def test_it_picks_questions_one_by_one(as_, draft):
    client = as_("kien")
    found = client.get(f"/admin/quizzes/{draft}/questions?q=cau+thu+7")
    assert "Câu thử 7?" in found.text
    assert CANARY not in found.text
    ids = list(db.session.scalars(sa.select(Question.id).order_by(Question.code).limit(3)))
    sent = client.post(f"/admin/quizzes/{draft}/questions", data={"question": [ids[2], ids[0], 999_999]})
    assert sent.status_code == 302
    quiz = fresh(draft)
    assert quiz.blueprint[1:] == [{"question": ids[2]}, {"question": ids[0]}]
    assert quiz.question_count == 7
    client.post(f"/admin/quizzes/{draft}/questions", data={"question": [ids[0]]})
    assert len(fresh(draft).blueprint) == 3
    page = client.get(f"/admin/quizzes/{draft}/edit").text
    assert page.count("Câu đã chọn") == 2


def test_it_publishes_only_what_is_ready(as_, made):
    client = as_("kien")
    code = editing.make_quiz(Settings("Thiếu câu", 1, [{"bank": made.bank_id, "count": 31}]), KIEN, clock.now())
    assert "ngân hàng chỉ có 30 câu" in client.get(f"/admin/quizzes/{code}").text
    assert client.get(f"/admin/quizzes/{code}/steps/publish").status_code == 302
    client.post(f"/admin/quizzes/{code}/steps/publish")
    assert fresh(code).state == "draft"
    with pytest.raises(DomainError) as refused:
        editing.publish_quiz(fresh(code).id, KIEN, clock.now())
    assert refused.value.code == "not_ready"


def test_it_goes_from_draft_to_archive_and_back(as_, draft, people):
    client = as_("kien")
    sheet = client.get(f"/admin/quizzes/{draft}/steps/publish")
    assert "Mỗi đề có 5 câu" in sheet.text
    client.post(f"/admin/quizzes/{draft}/steps/publish")
    assert fresh(draft).state == "published"
    assert client.get(f"/admin/quizzes/{draft}/edit").status_code == 302  # published: nothing to change here
    client.post(f"/admin/quizzes/{draft}/steps/unpublish")
    assert fresh(draft).state == "draft"
    client.post(f"/admin/quizzes/{draft}/steps/publish")
    quiz = fresh(draft)
    attempt_id = services.start_attempt(quiz.id, people.hanh.member_id, people.hanh.unit_id, clock.now())
    client.post(f"/admin/quizzes/{draft}/steps/unpublish")
    assert fresh(draft).state == "published"
    client.post(f"/admin/quizzes/{draft}/steps/archive")
    assert fresh(draft).state == "published"  # somebody is at it
    services.submit_attempt(attempt_id, people.hanh.member_id, "nop", clock.now())
    client.post(f"/admin/quizzes/{draft}/steps/archive")
    assert fresh(draft).state == "archived"
    client.post(f"/admin/quizzes/{draft}/steps/restore")
    assert fresh(draft).state == "published"
    assert client.get(f"/admin/quizzes/{draft}/steps/xoa").status_code == 404


def test_it_changes_nothing_but_the_hours_once_somebody_has_sat_it(as_, published, people, made):
    quiz_id = fresh(published).id
    services.start_attempt(quiz_id, people.hanh.member_id, people.hanh.unit_id, clock.now())
    for change in (
        lambda: editing.change_quiz(quiz_id, Settings("Tên khác", 1), KIEN, clock.now()),
        lambda: editing.add_questions(quiz_id, [1], KIEN, clock.now()),
        lambda: editing.unpublish_quiz(quiz_id, KIEN, clock.now()),
    ):
        with pytest.raises(DomainError) as refused:
            change()
        assert refused.value.code == "already_sat"
        assert "1 lượt" in str(refused.value)
    client = as_("kien")
    answer = client.post(f"/admin/quizzes/{published}/edit", data={**USUAL, "part": "0", **part(0, bank=made.bank_id, count=9)})
    assert answer.status_code == 409
    assert "nhân bản thành bài mới" in answer.text
    assert "Kiểm tra quý I" in answer.text  # what was typed stands there still
    attempt = db.session.scalars(sa.select(Attempt).where(Attempt.quiz_id == quiz_id)).one()
    deadline = attempt.deadline_at
    moved = client.post(f"/admin/quizzes/{published}/hours", data={"opens_at": "", "closes_at": "01/01/2099 10:00"})
    assert moved.status_code == 302
    quiz = fresh(published)
    assert (quiz.opens_at, quiz.closes_at.year, quiz.title) == (None, 2099, "Bản nháp")
    assert row_of(attempt.id).deadline_at == deadline
    wrong = client.post(f"/admin/quizzes/{published}/hours", data={"opens_at": "02/01/2099 10:00", "closes_at": "01/01/2099 10:00"})
    assert wrong.status_code == 400
    assert 'id="closes_at-error"' in wrong.text


def test_it_copies_a_quiz_as_a_draft_of_its_own(as_, published):
    answer = as_("kien").post(f"/admin/quizzes/{published}/copy")
    copy, quiz = newest(), fresh(published)
    assert answer.headers["Location"].endswith(f"/admin/quizzes/{copy.code}/edit")
    assert copy.code != quiz.code
    assert (copy.state, copy.blueprint, copy.closes_at) == ("draft", quiz.blueprint, None)
    assert copy.title == "Bản nháp (bản sao)"


def test_it_leaves_the_quiz_of_a_course_to_the_course(as_, made):
    client = as_("kien")
    assert "Khoá thử" in client.get("/admin/quizzes/thu").text
    assert client.get("/admin/quizzes/thu/edit").status_code == 302
    assert client.post("/admin/quizzes/thu/edit", data=USUAL).status_code == 409
    for deed in ("archive", "unpublish"):
        client.post(f"/admin/quizzes/thu/steps/{deed}")
    assert fresh("thu").state == "published"
    client.post("/admin/quizzes/thu/copy")
    copy = newest()
    assert (copy.place, copy.prediction_prompt, copy.made_by_id) == ("", "", 4)


def test_it_shows_the_code_to_join_by_as_a_picture(as_, made):
    code = editing.make_quiz(Settings("Có mã", 1, [{"bank": made.bank_id, "count": 5}], needs_code=True), KIEN, clock.now())
    editing.publish_quiz(fresh(code).id, KIEN, clock.now())
    quiz, page = fresh(code), as_("kien").get(f"/admin/quizzes/{code}").text
    assert f"{quiz.join_code[:3]}\xa0{quiz.join_code[3:]}" in page
    assert '<div class="qr-picture" role="img"' in page


def test_it_finds_quizzes_without_accents(as_, draft):
    client = as_("kien")
    assert "Bản nháp" in client.get("/admin/quizzes?state=draft&q=ban+nhap").text
    assert draft not in client.get("/admin/quizzes?state=draft&q=khong+co").text
    assert draft not in client.get("/admin/quizzes?state=current").text


# Preview


def count_attempts() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Attempt))


def paper_in(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="attempt">(.*?)</script>', page, re.S)
    return json.loads(found[1])


def test_it_previews_a_paper_that_its_seed_brings_back(as_, draft):
    client = as_("kien")
    first = client.get(f"/admin/quizzes/{draft}/preview")
    assert first.status_code == 302
    address = first.headers["Location"]
    seed = address.rsplit("=", 1)[1]
    told = paper_in(client.get(address).text)
    again = paper_in(client.get(address).text)
    assert told["paper"]["questions"] == again["paper"]["questions"]
    assert told["paper"]["preview"] is True
    assert len(told["paper"]["questions"]) == 5
    assert seed in client.get(address).text
    others = [paper_in(client.get(f"/admin/quizzes/{draft}/preview?seed=0000000{n}").text)["paper"]["questions"] for n in range(4)]
    assert any(other != told["paper"]["questions"] for other in others)
    assert client.get(f"/admin/quizzes/{draft}/preview?seed=xyz").status_code == 302
    assert count_attempts() == 0


@pytest.mark.parametrize("navigation", ["free", "forward"])
def test_it_previews_the_way_through_a_paper(as_, made, navigation):
    code = editing.make_quiz(
        Settings("Đường đi", 1, [{"bank": made.bank_id, "count": 3}], navigation=navigation), KIEN, clock.now()
    )
    paper = paper_in(as_("kien").get(f"/admin/quizzes/{code}/preview?seed=12345678").text)["paper"]
    assert paper["navigation"] == navigation
    assert all(question["stem"] for question in paper["questions"])  # nothing is kept: whoever looks has the whole paper


def test_it_hides_the_key_in_a_preview_until_it_is_handed_in(as_, make_every):
    every = make_every(certainty=True, made_by_id=4)
    quiz = db.session.get(Quiz, every.quiz_id)
    client, code = as_("kien"), quiz.code
    page = client.get(f"/admin/quizzes/{code}/preview?seed=12345678").text
    assert not [word for word in HIDDEN if word in page]
    urls = paper_in(page)["urls"]
    assert set(urls) == {"preview_result", "result"}
    answers = {"1": "A", "3": "A", "4": "CANARY-ANSWER", "10": {"text": "bài viết", "files": []}, "99": "A", "2": "Z"}
    result = client.post(
        urls["preview_result"], data={"responses": json.dumps(answers), "certainties": json.dumps({"3": 3, "4": 9})}
    )
    assert result.status_code == 200
    assert CANARY in result.text  # everything is shown here
    assert "Có câu chờ người chấm" in result.text
    assert "Đã trả lời" in result.text
    assert count_attempts() == 0
    for broken in ("", "[]", "{", "1" * 500_000, '{"1": {"1": {"1": 1}}}'):
        assert client.post(urls["preview_result"], data={"responses": broken}).status_code == 200


def test_it_says_that_the_paper_changed_under_a_preview(as_, draft):
    client = as_("kien")
    page = client.get(f"/admin/quizzes/{draft}/preview?seed=12345678").text
    url = paper_in(page)["urls"]["preview_result"]
    with transaction() as session:
        session.execute(sa.update(Question).values(status="retired").where(Question.code < "thu-15"))
    answer = client.post(url, data={"responses": "{}"})
    assert answer.status_code == 302
    assert "vừa thay đổi" in client.get(answer.headers["Location"]).text or count_attempts() == 0


def test_it_previews_nothing_where_questions_are_missing(as_, made):
    code = editing.make_quiz(Settings("Thiếu câu", 1, [{"bank": made.bank_id, "count": 31}]), KIEN, clock.now())
    answer = as_("kien").get(f"/admin/quizzes/{code}/preview?seed=12345678")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/admin/quizzes/{code}")


# Where questions are used


def test_it_tells_the_banks_where_questions_are_used(app, published, made, people):
    ids = list(db.session.scalars(sa.select(Question.id).order_by(Question.code)))
    with app.test_request_context():
        live = uses_of(ids[:1])[ids[0]]
        # the quiz of the course and this one may draw it; nobody has met it yet
        assert {(use.title, use.is_live, use.attempts) for use in live} == {("Khoá thử: Bài thử", True, 0), ("Bản nháp", True, 0)}
    number = services.start_attempt(fresh(published).id, people.hanh.member_id, people.hanh.unit_id, clock.now())
    start(made, people.binh)
    held = {asked["version"] for asked in row_of(number).paper}
    with app.test_request_context():
        found = uses_of(ids)
        sat = {use_id for use_id, uses in found.items() for use in uses if use.attempts and use.title == "Bản nháp"}
        assert len(sat) == 5
        assert all(use.version == 1 for uses in found.values() for use in uses if use.attempts)
        versions = db.session.execute(sa.select(QuestionVersion.question_id).where(QuestionVersion.id.in_(held)))
        assert sat == set(versions.scalars())
        assert sum(use.attempts for uses in found.values() for use in uses) == 25
    services.start_attempt(fresh(published).id, people.binh.member_id, people.binh.unit_id, clock.now())
    with app.test_request_context():
        assert sum(use.attempts for uses in uses_of(ids).values() for use in uses) == 30
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False), app.test_request_context():
        for _ in range(2):  # once counted and kept, once from what is kept
            assert sum(use.attempts for uses in uses_of(ids).values() for use in uses) == 30
