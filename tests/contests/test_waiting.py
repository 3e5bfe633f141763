"""The queue before a start: nobody overtakes, the clock starts on admission, a closed round ends it."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from elearn.contests.models import StartTicket
from elearn.contests.rules.waiting import (
    LAPSES_AFTER,
    ask_again_after,
    due_after,
    has_lapsed,
    is_admitted,
    place_of,
    seconds_left,
)
from elearn.contests.services import waiting
from elearn.core.db import db
from elearn.quizzes.models import Attempt
from tests.contests.conftest import CLOSES, NOW
from tests.contests.test_registering import work as work  # the fixture

SECOND = timedelta(seconds=1)


def test_it_admits_so_many_in_a_second():
    """Ten a second, thirty at one moment: eleven at once (those whose moment is a second away too), the others later, in order."""
    moments, last = [], None
    for _ in range(30):
        last = due_after(last, NOW, 10)
        moments.append(last)
    assert sum(is_admitted(one, NOW) for one in moments) == 11
    assert sum(is_admitted(one, NOW + SECOND) for one in moments) == 21
    assert [place_of(one, NOW, 10) for one in moments[11:14]] == [1, 2, 3]
    assert seconds_left(moments[29], NOW) == 2
    assert due_after(moments[29], NOW + 60 * SECOND, 10) == NOW + 60 * SECOND  # an empty queue makes nobody wait
    assert due_after(NOW, NOW, 3) - NOW == timedelta(milliseconds=334)  # never more than so many


def test_it_gives_a_place_up_after_a_while():
    assert not has_lapsed(NOW, NOW + LAPSES_AFTER - SECOND)
    assert has_lapsed(NOW, NOW + LAPSES_AFTER)
    assert [ask_again_after(seconds) for seconds in (0, 4, 600)] == [1, 4, 10]


@given(st.lists(st.integers(0, 3000), min_size=2, max_size=60), st.integers(1, 1000))
def test_it_lets_nobody_overtake(gaps, per_second):
    """Whenever people come, their moments are in the order of their coming, apart by at least 1/per_second, never before they came."""
    now, last, moments = NOW, None, []
    for gap in gaps:
        now += timedelta(milliseconds=gap)
        last = due_after(last, now, per_second)
        assert last >= now
        moments.append(last)
    assert all((later - earlier) * per_second >= SECOND for earlier, later in pairwise(moments))
    places = [place_of(one, NOW, per_second) for one in moments]
    assert places == sorted(places)


def enter(client):
    return client.post("/contests/lich-su/rounds/1/enter")


def fill_queue(fair, ahead: int) -> None:
    """People who came before, by their moments."""
    for member_id in range(4, 4 + ahead):
        waiting.take_turn(fair.round().id, member_id, 1, NOW)


def place(client) -> dict:
    return client.get("/contests/lich-su/rounds/1/queue/place").json


def test_it_waits_reloads_and_begins_in_order(fair, work, as_, at):
    work(starts=1)
    fill_queue(fair, 6)
    hanh, binh = as_("hanh"), as_("binh")
    for client in (hanh, binh):
        assert enter(client).headers["Location"] == "/contests/lich-su/rounds/1/queue"
    assert (place(hanh), place(binh)) == (
        {"state": "waiting", "place": 5, "seconds": 5},
        {"state": "waiting", "place": 6, "seconds": 6},
    )
    page = hanh.get("/contests/lich-su/rounds/1/queue")
    assert ">5</b>" in page.text
    assert 'http-equiv="refresh"' in page.text
    assert place(as_("hanh"))["place"] == 5  # the place is the person's, not the page's
    assert enter(hanh).headers["Location"].endswith("/queue")
    assert db.session.scalar(select(func.count()).select_from(StartTicket)) == 8
    at(NOW + 4 * SECOND)
    assert (place(hanh)["place"], place(hanh)["state"]) == (1, "waiting")
    at(NOW + 5 * SECOND)
    assert place(hanh)["state"] == "admitted"
    assert enter(binh).headers["Location"].endswith("/queue")
    started = enter(hanh)
    assert started.headers["Location"].startswith("/attempts/")
    db.session.rollback()
    assert db.session.scalars(select(Attempt)).one().started_at == NOW + 5 * SECOND  # no second of waiting is counted
    assert enter(hanh).headers["Location"] == started.headers["Location"]  # going on needs no turn
    answer = binh.get("/contests/lich-su/rounds/1/queue/place")
    assert (answer.json["place"], answer.headers["Retry-After"]) == (1, "1")
    assert binh.post("/contests/lich-su/rounds/1/queue/leave").status_code == 302
    assert place(binh)["state"] == "gone"


def test_it_tells_those_who_wait_that_the_round_has_closed(fair, work, as_, at):
    work(starts=1)
    at(CLOSES - 2 * SECOND)
    for member_id in range(4, 10):
        waiting.take_turn(fair.round().id, member_id, 1, CLOSES - 2 * SECOND)
    hanh = as_("hanh")
    enter(hanh)
    assert "Có thể không kịp" in hanh.get("/contests/lich-su/rounds/1/queue").text
    at(CLOSES)
    assert place(hanh)["state"] == "closed"
    assert "đã đóng" in place(hanh)["message"]
    assert hanh.get("/contests/lich-su/rounds/1/queue").headers["Location"] == "/contests/lich-su/rounds/1"


def test_it_loses_a_place_that_nobody_takes(fair, work, as_, at):
    work(starts=1)
    fill_queue(fair, 6)
    hanh = as_("hanh")
    enter(hanh)
    at(NOW + timedelta(minutes=6))
    assert place(hanh)["state"] == "gone"
    assert enter(hanh).headers["Location"].startswith("/attempts/")


def test_it_is_not_there_below_its_rate_or_where_it_is_switched_off(fair, work, as_):
    work(starts=0)
    fill_queue(fair, 6)
    assert enter(as_("hanh")).headers["Location"].startswith("/attempts/")
    work(starts=1000)
    assert enter(as_("binh")).headers["Location"].endswith("/queue")  # those ahead were promised their moments
