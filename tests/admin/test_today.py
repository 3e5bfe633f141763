"""The officer's first page: decisions by hour, figures with trend, weeks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from elearn.admin.queries.activity import count_by_period
from elearn.admin.rules.deeds import words_of
from elearn.admin.rules.tree import branches
from elearn.admin.rules.weeks import change_percent, last_days, week_end, week_starts
from elearn.core.contributions import Contributions, Decision
from elearn.core.db import transaction
from elearn.lib.periods import local
from elearn.members.queries import actor_of
from elearn.members.rules.permissions import Actor
from elearn.quizzes.models import Attempt
from elearn.units.models import Unit
from tests.classes.conftest import NOW, School
from tests.counting import statements

PATHS = [
    "/admin",
    "/admin/members",
    "/admin/members/excel",
    "/admin/members/1",
    "/admin/units",
    "/admin/units/3",
    "/admin/roles",
    "/admin/audit",
]
ALLOWED = {
    "kien": PATHS,
    "dung": ["/admin", "/admin/members", "/admin/members/excel", "/admin/members/1", "/admin/units", "/admin/units/3"],
    "quang": ["/admin", "/admin/members", "/admin/members/excel", "/admin/members/1", "/admin/units", "/admin/units/3"],
    "mai": ["/admin", "/admin/units", "/admin/units/3"],
    "yen": ["/admin"],
    "hanh": [],
}


@pytest.fixture(autouse=True)
def at_the_hour():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_it_opens_each_page_to_those_who_may(as_, name):
    client = as_(name)
    for path in PATHS:
        expected = 200 if path in ALLOWED[name] else 403
        assert client.get(path).status_code == expected, path


@pytest.mark.parametrize(
    "path", ["/admin/members/1", "/admin/units/3", "/admin/units?open=3", "/admin/members/999", "/admin/units/999"]
)
def test_it_hides_other_peoples_units_from_outsiders(as_, path):
    assert as_("thuan").get(path).status_code == 404


def attempt(number: int, member_id: int, at: datetime, unit_id: int = 3) -> Attempt:
    return Attempt(
        quiz_id=1, member_id=member_id, unit_id=unit_id, number=number, attempt_limit=99, seed="a", paper=[], started_at=at - timedelta(minutes=5),
        deadline_at=at + timedelta(minutes=5), state="submitted", submitted_at=at, max_mark=10,
    )  # fmt: skip


def test_it_counts_people_and_attempts_apart_and_in_scope(app, school=None):
    School().course()
    with transaction() as session:
        session.add_all(
            [
                attempt(1, 1, NOW),
                attempt(2, 1, NOW - timedelta(days=1)),
                attempt(1, 2, NOW - timedelta(days=8)),
                attempt(1, 3, NOW, unit_id=6),
            ]
        )
    starts = [NOW - timedelta(days=14), NOW - timedelta(days=7)]
    end = NOW + timedelta(minutes=1)
    assert count_by_period(actor_of(4, "/1/", NOW), starts, end) == [(1, 1), (2, 3)]
    assert count_by_period(actor_of(5, "/1/2/", NOW), starts, end) == [(1, 1), (1, 2)]
    assert count_by_period(Actor(1, "/1/2/3/"), starts, end) == [(0, 0), (0, 0)]


def test_it_orders_decisions_by_hour(app, as_):
    offers = app.extensions["contributions"] = Contributions()
    offers.decisions.append(
        lambda actor, now: [Decision("Không hạn", "", "Xem", "/x"), Decision("Chiều", "", "Xem", "/c", now + timedelta(hours=5))]
    )
    offers.decisions.append(lambda actor, now: [Decision("Sáng", "", "Xem", "/s", now + timedelta(hours=1))])
    page = as_("kien").get("/admin").get_data(as_text=True)
    assert "3 việc chờ quyết định" in page
    assert page.index("Sáng") < page.index("Chiều") < page.index("Không hạn")
    assert page.count("button-main") == 1


def test_it_says_that_nothing_waits(app, as_):
    app.extensions["contributions"] = Contributions()
    assert "Không có việc nào chờ quyết định" in as_("kien").get("/admin").get_data(as_text=True)


def test_it_costs_the_same_however_much_happened(app, as_):
    School().course()
    kien = as_("kien")
    kien.get("/admin")
    with statements() as quiet:
        kien.get("/admin")
    with transaction() as session:
        session.add_all(
            [attempt(number, member, NOW - timedelta(days=number)) for number in range(1, 20) for member in range(1, 6)]
        )
    with statements() as busy:
        page = kien.get("/admin").get_data(as_text=True)
    assert len(busy) == len(quiet) <= 32
    assert "Người và lượt làm bài theo tuần" in page


def test_it_begins_weeks_on_monday_in_viet_nam():
    starts = week_starts(NOW, 8)
    assert len(starts) == 8
    assert all(local(start).weekday() == 0 and local(start).hour == 0 for start in starts)
    assert starts[-1] <= NOW < week_end(NOW) == starts[-1] + timedelta(days=7)
    late = datetime(2026, 10, 18, 17, 30, tzinfo=UTC)  # already Monday in Viet Nam
    assert week_starts(late, 1)[0] == datetime(2026, 10, 18, 17, 0, tzinfo=UTC)
    assert last_days(NOW, 2) == [NOW - timedelta(days=2), NOW - timedelta(days=1)]


def test_it_compares_only_with_something():
    assert change_percent(5, 0) is None
    assert change_percent(110, 100) == 10


def test_it_has_words_for_deeds():
    assert words_of("open_cohort") == "Mở lớp"
    assert words_of("tidy_up") == "tidy up"


def test_it_lays_out_the_tree(app, session):
    units = {unit.id: unit for unit in session.query(Unit)}
    rows = branches([units[1]], {1: [units[2], units[5]], 5: [units[6]]}, {1: 2, 2: 2, 5: 1})
    assert [(row.unit.id, row.level, row.is_open) for row in rows] == [(1, 0, True), (2, 1, False), (5, 1, True), (6, 2, None)]
