"""The first page, composed of what features offer."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from elearn.core.contributions import Achievement, Contributions, Study, Task
from tests.classes.conftest import NOW


@pytest.fixture
def offers(app) -> Contributions:
    found = app.extensions["contributions"] = Contributions()
    return found


@pytest.fixture(autouse=True)
def at_the_hour():
    with time_machine.travel(NOW, tick=False):
        yield


def page_of(client, path="/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_it_greets_strangers_with_one_red_button(as_, offers):
    offers.openings.append(
        lambda now: [Task("Dự thi Tuần 3", "Tìm hiểu lịch sử Đảng.", "Xem thể lệ", "/contests/x", now + timedelta(days=4))]
    )
    page = page_of(as_())
    assert page.count("button-main") == 1
    assert "Dự thi Tuần 3" in page


def test_it_puts_the_soonest_first_and_makes_only_that_red(as_, offers):
    offers.tasks.append(
        lambda actor, now: [
            Task("Sau", "", "Mở", "/b", now + timedelta(days=9)),
            Task("Trước", "", "Mở", "/a", now + timedelta(days=1)),
        ]
    )
    page = page_of(as_("hanh"))
    assert page.index("Trước") < page.index("Sau")
    assert page.count("button-main") == 1
    assert "2 việc được giao, xếp theo hạn. Gần nhất: 10:32 ngày mai." in page


def test_it_says_why_nothing_is_asked_and_offers_the_next_step(as_, offers):
    offers.tasks.append(
        lambda actor, now: [Task("Cuộc thi Tuần 4 đang mở", "", "Dự thi", "/c", now + timedelta(days=6), is_required=False)]
    )
    offers.achievements.append(lambda actor, now: [Achievement("Hoàn thành khoá: X", "9,5 điểm", "", now)])
    page = page_of(as_("hanh"))
    assert "Không còn việc nào đến hạn." in page
    assert "Không bắt buộc; mở đến 10:32" in page
    assert "Đã xong mọi việc được giao" in page
    assert page.count("button-main") == 1


def test_it_welcomes_somebody_of_whom_nothing_is_known(as_, offers):
    page = page_of(as_("hanh"))
    assert "Chưa có việc nào được giao" in page
    assert "giải của các cuộc thi sẽ được giữ ở đây" in page


def test_it_does_not_say_a_course_twice(as_, offers):
    offers.tasks.append(lambda actor, now: [Task("Học khoá: A", "", "Học", "/courses/a", now)])
    offers.studies.append(lambda actor, now: [Study("Khoá A", "", 1, 2, "/courses/a"), Study("Khoá B", "", 1, 2, "/courses/b")])
    page = page_of(as_("hanh"))
    assert "Khoá B" in page
    assert "Khoá A" not in page


def test_it_shows_three_results_and_leads_to_all(as_, offers):
    offers.achievements.append(
        lambda actor, now: [Achievement(f"Kết quả số {n}", "", "", now - timedelta(days=n)) for n in range(5)]
    )
    page = page_of(as_("hanh"))
    assert "Xem cả 5 kết quả" in page
    assert "Kết quả số 2" in page
    assert "Kết quả số 3" not in page
    assert "Kết quả số 4" in page_of(as_("hanh"), "/results")


def test_it_asks_strangers_to_sign_in_before_showing_results(as_):
    assert as_().get("/results").status_code == 302


def test_it_shows_only_ones_own_things(as_, offers):
    offers.tasks.append(lambda actor, now: [Task(f"Việc của {actor.member_id}", "", "Mở", "/a", now)])
    assert "Việc của 1<" in page_of(as_("hanh"))
    assert "Việc của 2<" in page_of(as_("binh"))
