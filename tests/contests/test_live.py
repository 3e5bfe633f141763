"""Live standings: when they are made, when they stand still; the ceremony."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from elearn.contests.models import LiveRow
from elearn.contests.rules.live import LiveTerms, is_due, is_frozen, live_chain
from elearn.core.db import db, transaction
from tests.contests.conftest import AFTER, CLOSES, NOW, OPENS, OWN, SETTINGS, Fair

MINUTE = timedelta(minutes=1)
TERMS = LiveTerms(OPENS, CLOSES, 30)
LIVE = "/contests/lich-su/rounds/1/live"
CEREMONY = "/admin/contests/lich-su/rounds/1/ceremony"


@pytest.mark.parametrize(
    ("made_at", "took_ms", "now", "is_made"),
    [
        (None, 0, OPENS - timedelta(milliseconds=1), False),
        (None, 0, OPENS, True),
        (NOW, 0, NOW + timedelta(seconds=59), False),
        (NOW, 0, NOW + MINUTE, True),
        (NOW, 6_000, NOW + MINUTE, False),
        (NOW, 6_000, NOW + 2 * MINUTE, True),
        (NOW, 0, CLOSES - 30 * MINUTE - timedelta(milliseconds=1), True),
        (NOW, 0, CLOSES - 30 * MINUTE, False),
        (None, 0, CLOSES + MINUTE, False),
    ],
)
def test_it_is_made_anew_when_it_is_time(made_at: Any, took_ms: int, now: Any, is_made: bool) -> None:
    assert is_due(TERMS, made_at, took_ms, now) == is_made


def test_it_stands_still_from_the_freeze_on() -> None:
    assert not is_frozen(TERMS, CLOSES - 31 * MINUTE)
    assert is_frozen(TERMS, CLOSES - 30 * MINUTE)
    assert is_frozen(TERMS, AFTER)
    assert LiveTerms(OPENS, CLOSES, 10**6).freezes_at == OPENS


def test_it_leaves_out_what_is_known_only_later() -> None:
    assert live_chain(SETTINGS.criteria) == ["most_correct", "shorter_time", "earlier_submission"]


@pytest.fixture
def lively(fair: Fair) -> Fair:
    with transaction() as session:
        session.merge(fair.round().contest).settings = replace(SETTINGS, has_live_standings=True, freeze_minutes=30).store()
    return fair


def rows() -> list[tuple[int, int]]:
    db.session.rollback()
    return [(one.place, one.entry.member_id or 0) for one in db.session.scalars(select(LiveRow).order_by(LiveRow.position))]


def test_it_shows_places_while_the_round_is_open(lively: Fair, as_: Any, at: Any) -> None:
    lively.sit(1, 3)
    lively.sit(2, 4)
    at(NOW + 5 * MINUTE)
    page = as_("hanh").get(LIVE).text
    assert "Bạn đang ở hạng 2" in page
    assert rows() == [(1, 2), (2, 1)]
    lively.sit(3, 4, now=NOW + 5 * MINUTE, seconds=10)
    at(NOW + 5 * MINUTE + timedelta(seconds=30))
    as_().get(LIVE)
    assert len(rows()) == 2, "not made anew within the minute"
    at(NOW + 7 * MINUTE)
    as_().get(LIVE)
    assert rows() == [(1, 3), (2, 2), (3, 1)]
    assert "Xem bảng tạm trong khi thi" in as_().get("/contests/lich-su").text


def test_nothing_moves_after_the_freeze(lively: Fair, as_: Any, at: Any) -> None:
    lively.sit(1, 3)
    at(CLOSES - 31 * MINUTE)
    as_().get(LIVE)
    lively.sit(2, 4, now=CLOSES - 29 * MINUTE)
    for moment in (CLOSES - 25 * MINUTE, AFTER):
        at(moment)
        assert "Bảng đã dừng lúc" in as_().get(LIVE).text
        assert rows() == [(1, 1)]


def test_it_is_not_there_unless_the_rules_say_so(fair: Fair, as_: Any, at: Any) -> None:
    assert as_().get(LIVE).status_code == 404
    at(OPENS - MINUTE)
    assert as_().get(LIVE).status_code == 404


def test_it_hides_the_counts_that_people_have_to_guess(app: Any, at: Any, as_: Any) -> None:
    fair = Fair()
    fair.contest(own=replace(OWN, metric="attempts"))
    fair.sit(1, 4, 2)
    assert "lượt thi; một người có thể thi nhiều lượt" not in as_().get("/contests/lich-su").text
    at(AFTER)
    assert fair.settle().prediction_actual == 1


def test_the_ceremony_reveals_from_the_bottom(closed: Fair, as_: Any) -> None:
    mai = as_("mai")
    assert mai.get(CEREMONY).status_code == 404
    closed.settle()
    assert "Trần Thị Hạnh" not in mai.get(CEREMONY).text
    first = mai.get(f"{CEREMONY}?shown=1").text
    assert "Nguyễn Văn Bình" in first
    assert "Trần Thị Hạnh" not in first
    assert "Trần Thị Hạnh" in mai.get(f"{CEREMONY}?shown=2").text
    for nonsense in ("x", "-1", "99", "9999"):
        assert mai.get(f"{CEREMONY}?shown={nonsense}").status_code == 200
    for login in ("hanh", "thanh"):
        assert as_(login).get(CEREMONY).status_code == 403
