"""What takers find, read and start."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.quizzes import services
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.services import NeedSpec, Who, editing
from elearn.quizzes.services.editing import Settings
from tests.quizzes.conftest import OFFICER, REASON, right_label, row_of, save, submit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def publish(made):
    """Makes and publishes a quiz on the trial bank; its code."""

    def make(title="Bài mở", **changes) -> str:
        usual = {
            "blueprint": [{"bank": made.bank_id, "count": 5}], "closes_at": clock.now() + DAY, "time_limit_seconds": 1200, "attempt_limit": 2,
            "review": "marks_only",
        }  # fmt: skip
        code = editing.make_quiz(Settings(title, changes.pop("unit_id", 1), **{**usual, **changes}), OFFICER, clock.now())
        editing.publish_quiz(quiz_of(code).id, OFFICER, clock.now())
        return code

    return make


def quiz_of(code: str) -> Quiz:
    db.session.rollback()
    return db.session.scalars(sa.select(Quiz).where(Quiz.code == code)).one()


def sit(client, code: str, rights: int | None = None, **form) -> int:
    """Start by the button and, where asked, answer so many right and hand in."""
    answer = client.post(f"/quizzes/{code}", data=form)
    assert answer.status_code == 302, answer.text
    attempt_id = int(answer.headers["Location"].rsplit("/", 1)[1])
    if rights is not None:
        for slot in range(1, 6):
            right = right_label(attempt_id, slot)
            label = right if slot <= rights else "ABC".replace(right, "")[0]
            assert save(client, attempt_id, slot, label, slot, f"k{slot}").status_code == 200
        assert submit(client, attempt_id).status_code == 200
    return attempt_id


def test_it_lists_what_is_open_to_come_and_done(as_, publish):
    publish("Đang mở đây")
    publish("Sắp mở đây", opens_at=clock.now() + HOUR)
    done = publish("Đã làm đây")
    client = as_("hanh")
    sit(client, done, 5)
    page = client.get("/quizzes").text
    assert page.index("Đang mở đây") < page.index("Sắp mở đây")
    assert "Bài thử" not in page  # the quiz of a course stands on the course's page
    editing.archive_quiz(quiz_of(done).id, OFFICER, clock.now())
    page = client.get("/quizzes").text
    assert page.index("Sắp mở đây") < page.index("Đã làm đây")
    assert client.get(f"/quizzes/{done}").status_code == 200  # results stay to be looked up
    assert as_("binh").get(f"/quizzes/{done}").status_code == 404


def test_it_says_so_where_there_is_nothing(as_, app):
    page = as_("hanh").get("/quizzes")
    assert page.status_code == 200
    assert "Chưa có bài nào mở cho bạn" in page.text


def test_it_answers_alike_for_what_is_foreign_unpublished_or_none(as_, publish, made):
    foreign = publish("Của xã khác", unit_id=5)
    draft = editing.make_quiz(Settings("Nháp", 1, [{"bank": made.bank_id, "count": 1}]), OFFICER, clock.now())
    client = as_("hanh")
    for code in (foreign, draft, "thu", "khong-co"):
        assert client.get(f"/quizzes/{code}").status_code == 404, code
        assert client.post(f"/quizzes/{code}").status_code == 404, code
    assert as_("lan").get(f"/quizzes/{foreign}").status_code == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 0
    for_all = publish("Cho mọi người", unit_id=5, is_for_all=True)
    assert client.get(f"/quizzes/{for_all}").status_code == 200


def test_it_says_the_rules_before_it_begins(as_, publish):
    code = publish(
        "Đủ quy định", wait_seconds=1800, counted="last", navigation="forward", late_policy="discard", pass_percent=60, review="after_close",
        intro="Được mở **tài liệu**.", attempt_limit=3,
    )  # fmt: skip
    page = as_("hanh").get(f"/quizzes/{code}").text
    for words in (
        "5 câu, làm trong 20 phút", "3 lượt.", "Tính lượt cuối cùng.", "Nộp xong phải chờ 30 phút", "Chỉ đi tới", "Bài chưa nộp khi hết giờ không được tính",
        "Từ 60% tổng điểm.", "Sau khi bài đóng: điểm, câu nào đúng, nhận xét, đáp án, giải thích và nguồn.", "<strong>tài liệu</strong>",
        "Bắt đầu lượt 1 trên 3",
    ):  # fmt: skip
        assert words in page, words
    assert page.count("button-main") == 1


def test_it_starts_once_and_goes_on(as_, publish):
    code, client = publish(), as_("hanh")
    first = sit(client, code)
    page = client.get(f"/quizzes/{code}").text
    assert "Bạn đang làm dở lượt 1" in page
    assert "Làm tiếp" in client.get("/quizzes").text
    assert sit(client, code) == first


def test_it_asks_for_password_and_code_at_their_fields(as_, publish):
    code = publish("Kín", needs_code=True, password="sen-vang")
    join, client = quiz_of(code).join_code, as_("hanh")
    wrong = client.post(f"/quizzes/{code}", data={"join_code": "000000", "password": "sen-vang"})
    assert wrong.status_code == 400
    assert 'id="join_code-error"' in wrong.text
    assert 'value="000000"' in wrong.text
    wrong = client.post(f"/quizzes/{code}", data={"join_code": join, "password": "khác"})
    assert wrong.status_code == 400
    assert 'id="password-error"' in wrong.text
    attempt_id = sit(client, code, join_code=f" {join[:3]} {join[3:]} ", password="sen-vang")
    assert sit(client, code) == attempt_id  # who is inside is not asked again


def test_it_is_joined_by_its_code(as_, publish, made):
    code = publish("Có mã", needs_code=True)
    join, client = quiz_of(code).join_code, as_("hanh")
    assert "Có mã" not in client.get("/quizzes").text
    assert "Có mã" not in client.get("/").text
    answer = client.post("/quizzes/join", data={"code": f"{join[:3]} {join[3:]}"})
    assert answer.status_code == 302
    assert join[:3] in answer.headers["Location"]
    assert f'value="{join}"' in client.get(f"/quizzes/{code}?join={join}").text
    assert client.get(f"/quizzes/join?code={join}").status_code == 302
    for nonsense in ("000000", "x", "🙂", "0" * 20):
        refused = client.post("/quizzes/join", data={"code": nonsense})
        assert refused.status_code == 404
        assert "Hãy xem lại sáu chữ số" in refused.text
    foreign = publish("Mã của xã khác", unit_id=5, needs_code=True)
    assert client.post("/quizzes/join", data={"code": quiz_of(foreign).join_code}).status_code == 404
    sit(client, code, join_code=join)
    assert "Có mã" in client.get("/quizzes").text


def test_it_waits_between_attempts_and_counts_what_is_left(as_, publish):
    code, client = publish(wait_seconds=3600, attempt_limit=2, pass_percent=50), as_("hanh")
    sit(client, code, 1)
    page = client.get(f"/quizzes/{code}").text
    assert "Chưa đến giờ làm lượt tiếp theo" in page
    assert "Còn 1 lượt." in page
    assert "1/5" in page
    assert client.post(f"/quizzes/{code}").status_code == 302
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 1
    with time_machine.travel(clock.now() + 2 * HOUR, tick=False):
        again = as_("hanh")
        sit(again, code, 4)
        page = again.get(f"/quizzes/{code}").text
        assert "Bạn đã làm hết số lượt" in page
        assert "Đang được tính: 4/5 điểm." in page


def test_it_shows_what_was_granted(as_, publish, people):
    code = publish()
    quiz_id = quiz_of(code).id
    services.grant_allowance(quiz_id, Who(member_id=people.hanh.member_id), 600, 1, REASON, OFFICER, clock.now())
    services.grant_accommodation(people.hanh.member_id, NeedSpec(1500), REASON, OFFICER, clock.now())
    page = as_("hanh").get(f"/quizzes/{code}").text
    for words in (
        "Bạn được cho thêm 10 phút.",
        "Bạn được cho thêm 1 lượt.",
        "phần hỗ trợ riêng",
        "làm trong 40 phút",
        "Bắt đầu lượt 1 trên 3",
    ):
        assert words in page, words
    other = as_("binh").get(f"/quizzes/{code}").text
    assert "cho thêm" not in other
    assert "làm trong 20 phút" in other


def tasks_in(client) -> str:
    return client.get("/").text


def test_it_is_a_task_with_its_deadline_until_it_is_done(as_, publish):
    code, client = publish("Việc phải làm", review="nothing"), as_("hanh")
    page = tasks_in(client)
    assert "Việc phải làm" in page
    assert f"/quizzes/{code}" in page
    assert "Còn 1 ngày" in page or "Còn 23 giờ" in page
    attempt_id = sit(client, code)
    assert "Làm tiếp" in tasks_in(client)
    submit(client, attempt_id)
    assert "Việc phải làm" not in tasks_in(client)


@pytest.mark.parametrize(("review", "is_asked_again"), [("marks_only", True), ("after_close", False)])
def test_it_asks_again_only_where_the_taker_sees_that_it_failed(as_, publish, review, is_asked_again):
    code, client = publish("Trượt rồi", review=review, pass_percent=80), as_("hanh")
    sit(client, code, 1)
    assert ("Trượt rồi" in tasks_in(client)) is is_asked_again
    page = client.get("/quizzes").text
    assert ("Chưa đạt" in page) is is_asked_again
    passed = publish("Đạt rồi", review="marks_only", pass_percent=80)
    sit(client, passed, 5)
    assert "Đạt rồi" not in tasks_in(client)


def test_it_hides_marks_as_long_as_the_quiz_does(as_, publish):
    code, client = publish(review="after_close"), as_("hanh")
    sit(client, code, 3)
    assert "3/5" not in client.get(f"/quizzes/{code}").text
    with time_machine.travel(clock.now() + 2 * DAY, tick=False):
        later = as_("hanh").get(f"/quizzes/{code}").text
        assert "3/5" in later
        assert "Bài đã đóng" in later


def test_it_finishes_what_time_has_ended(as_, publish):
    code, client = publish(), as_("hanh")
    attempt_id = sit(client, code)
    with time_machine.travel(clock.now() + HOUR, tick=False):
        later = as_("hanh")
        assert "Đã hết giờ" in later.get("/quizzes").text
        assert "Làm tiếp" not in tasks_in(later)
        assert row_of(attempt_id).state == "open"
        page = later.get(f"/quizzes/{code}").text
        assert "Bắt đầu lượt 2 trên 2" in page
        assert row_of(attempt_id).state == "submitted"


def test_it_leads_back_from_a_result(as_, publish, made, people):
    code, client = publish(), as_("hanh")
    attempt_id = sit(client, code, 2)
    assert f'href="/quizzes/{code}"' in client.get(f"/attempts/{attempt_id}/result").text


def test_it_stands_in_nobodys_list_before_it_is_published(as_, publish):
    code = publish("Rút lại")
    editing.unpublish_quiz(quiz_of(code).id, OFFICER, clock.now())
    assert "Rút lại" not in as_("hanh").get("/quizzes").text
    assert "Rút lại" not in tasks_in(as_("hanh"))


def test_it_takes_no_other_start_while_the_quiz_is_not_open(as_, publish):
    code = publish(opens_at=clock.now() + HOUR)
    client = as_("hanh")
    page = client.get(f"/quizzes/{code}").text
    assert "Chưa đến giờ mở" in page
    assert "Bắt đầu làm bài" not in page
    assert client.post(f"/quizzes/{code}").status_code == 302
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 0


def test_it_keeps_a_stranger_from_the_pages(as_, publish):
    code = publish()
    for path in ("/quizzes", f"/quizzes/{code}", "/quizzes/join"):
        assert as_().get(path).status_code == 302
    with transaction() as session:
        session.get(Quiz, quiz_of(code).id).unit_id = 5
    assert as_("hanh").get(f"/quizzes/{code}").status_code == 404
