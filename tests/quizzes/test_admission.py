"""Who may start when, deadlines with what is granted, lateness: the rules; then who may come in by the quiz's own page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.members.rules.permissions import Actor
from elearn.members.services.passwords import hash_password
from elearn.quizzes import queries, services
from elearn.quizzes.models import Quiz
from elearn.quizzes.rules.admission import Past, Terms, clock_words, fits_join_code, refusal
from elearn.quizzes.rules.timing import (
    Granted,
    Need,
    Needs,
    deadline_of,
    end_of,
    granted_to,
    is_over,
    is_worth_keeping,
    last_end,
    more_by_need,
    needs_on,
)
from elearn.units.models import Unit
from tests.quizzes.conftest import row_of, soon, start

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def terms(**changes) -> Terms:
    return Terms(**{"state": "published", "opens_at": NOW - HOUR, "closes_at": NOW + HOUR, "attempt_limit": 2, **changes})


@pytest.mark.parametrize(
    ("told", "past", "granted", "code"),
    [
        (terms(), Past(), Granted(), ""), (terms(state="draft"), Past(), Granted(), "quiz_not_published"),
        (terms(state="archived"), Past(), Granted(), "quiz_not_published"),
        (terms(opens_at=NOW), Past(), Granted(), ""), (terms(opens_at=NOW + HOUR / 3600), Past(), Granted(), "quiz_not_open"),
        (terms(closes_at=NOW), Past(), Granted(), "quiz_closed"), (terms(closes_at=NOW), Past(), Granted(seconds=1), ""),
        (terms(closes_at=None), Past(), Granted(), ""), (terms(), Past(used=2), Granted(), "attempts_used_up"),
        (terms(), Past(used=2), Granted(attempts=1), ""), (terms(), Past(used=3), Granted(attempts=1), "attempts_used_up"),
        (terms(wait_seconds=3600), Past(1, NOW - HOUR), Granted(), ""),
        (terms(wait_seconds=3601), Past(1, NOW - HOUR), Granted(), "too_soon"), (terms(wait_seconds=3601), Past(), Granted(), ""),
    ],
)  # fmt: skip
def test_it_says_why_not(told, past, granted, code):
    reason = refusal(told, past, granted, NOW)
    assert (reason.code if reason else "") == code


def test_it_says_when_the_next_attempt_is_in_vietnamese_time():
    reason = refusal(terms(wait_seconds=3601), Past(1, NOW - HOUR), Granted(), NOW)
    assert reason.values["time"] == "10:01 14/10/2026"
    assert clock_words(NOW) == "10:00 14/10/2026"


@pytest.mark.parametrize(("said", "fits"), [("AB-12 cd", True), ("ab12cd", True), ("ab12ce", False), ("", False), ("１２", False)])
def test_it_reads_a_join_code_however_it_is_typed(said, fits):
    assert fits_join_code("AB12CD", said) is fits
    assert fits_join_code(None, said)


@given(st.integers(1, 20_000), st.integers(-5000, 20_000), st.integers(0, 5000), st.integers(1000, 5000))
def test_it_moves_the_deadline_by_what_is_granted(limit, until_close, extra, permille):
    closes_at = NOW + timedelta(seconds=until_close)
    plain, more = deadline_of(NOW, limit, closes_at), deadline_of(NOW, limit, closes_at, extra, permille)
    assert more - plain == timedelta(seconds=extra + more_by_need(limit, permille))
    assert (
        timedelta(0)
        <= timedelta(seconds=more_by_need(limit, permille)) * 1000 - limit * timedelta(seconds=permille - 1000)
        < timedelta(seconds=1000)
    )
    assert deadline_of(NOW, limit, None, extra, permille) == NOW + timedelta(seconds=limit + extra + more_by_need(limit, permille))


def test_it_sums_what_concerns_a_person():
    grants = [Granted(60, 1), Granted(30, 0, member_id=7), Granted(20, 2, unit_path="/1/2/"), Granted(500, 5, member_id=8)]
    mine = granted_to(grants, 7, "/1/2/3/")
    assert (mine.seconds, mine.attempts) == (110, 3)
    other = granted_to(grants, 9, "/1/5/")
    assert (other.seconds, other.attempts) == (60, 1)


def test_it_takes_what_is_held_on_the_day():
    first, last = date(2026, 10, 1), date(2026, 10, 20)
    needs = [
        Need(1250, first, last, is_large_print=True),
        Need(1500, date(2026, 10, 10), None),
        Need(5000, last, None, False, True),
    ]
    assert needs_on(needs, date(2026, 9, 30)) == Needs()
    assert needs_on(needs, first) == Needs(1250, True, False)
    assert needs_on(needs, date(2026, 10, 10)) == Needs(1500, True, False)
    assert needs_on(needs, last) == Needs(5000, False, True)


@given(
    st.lists(st.builds(Granted, st.integers(0, 900), st.just(0), st.sampled_from([None, 1, 2]), st.none()), max_size=6),
    st.lists(st.integers(-900, 3000), max_size=4), st.sampled_from([1, 2, 3]),
)  # fmt: skip
def test_it_never_calls_a_quiz_closed_while_somebody_may_be_at_it(grants, running, member):
    end = last_end(NOW, grants, [NOW + timedelta(seconds=one) for one in running])
    own = granted_to(grants, member, "/1/")
    assert end >= NOW + timedelta(seconds=own.seconds)
    assert all(end >= NOW + timedelta(seconds=one) for one in running)
    assert last_end(None, grants, []) is None


def test_it_knows_when_an_attempt_is_over_and_when_it_counts_as_submitted():
    assert not is_over(NOW, 5, NOW + timedelta(seconds=5))
    assert is_over(NOW, 5, NOW + timedelta(seconds=5, milliseconds=1))
    late = NOW + timedelta(minutes=9)
    assert end_of(NOW, 120, "submit", late) == NOW
    assert end_of(NOW, 120, "grace", late) == NOW + timedelta(seconds=120)
    assert end_of(NOW, 120, "grace", NOW - HOUR) == NOW - HOUR


def test_it_keeps_late_answers_that_time_or_the_network_held_back():
    assert is_worth_keeping(False, None, NOW, None, NOW + HOUR)
    assert is_worth_keeping(True, NOW, NOW, None, NOW + HOUR)  # time had ended it
    before = NOW - HOUR
    assert not is_worth_keeping(True, before, NOW, None, NOW)
    assert not is_worth_keeping(True, before, NOW, 3599, NOW)
    assert is_worth_keeping(True, before, NOW, 3600, NOW)


def actor(person, app) -> Actor:
    return Actor(person.member_id, db.session.get_one(Unit, person.unit_id).path)


def test_it_is_open_to_the_owners_units_or_to_all(app, make_quiz, people):
    made = make_quiz(unit_id=2)
    inside, outside = actor(people.hanh, app), actor(people.lan, app)
    assert services.open_attempt(inside, people.hanh.unit_id, made.quiz_id, clock.now())
    with pytest.raises(NotFound):
        services.open_attempt(outside, people.lan.unit_id, made.quiz_id, clock.now())
    with transaction() as session:
        session.get_one(Quiz, made.quiz_id).is_for_all = True
    assert services.open_attempt(outside, people.lan.unit_id, made.quiz_id, clock.now())
    with transaction() as session:
        session.get_one(Quiz, made.quiz_id).state = "draft"
    with pytest.raises(NotFound):
        queries.access_quiz(inside, made.quiz_id)


def test_it_asks_for_password_and_code_once_for_each_attempt(app, make_quiz, people):
    made = make_quiz(password_hash=hash_password("sen-hồng"), join_code="AB12CD")
    who, unit = actor(people.hanh, app), people.hanh.unit_id
    for password, code, refused in (
        ("sen-hồng", "", "wrong_join_code"),
        ("", "AB12CD", "wrong_password"),
        ("sai", "ab12cd", "wrong_password"),
    ):
        with pytest.raises(InvalidInput) as refusal_:
            services.open_attempt(who, unit, made.quiz_id, clock.now(), password, code)
        assert refusal_.value.code == refused
    number = services.open_attempt(who, unit, made.quiz_id, clock.now(), "sen-hồng", "ab-12-cd")
    assert services.open_attempt(who, unit, made.quiz_id, clock.now()) == number
    services.submit_attempt(number, people.hanh.member_id, "s", clock.now())
    with pytest.raises(InvalidInput):
        services.open_attempt(who, unit, made.quiz_id, clock.now())
    assert queries.find_by_join_code("ab 12 cd") == made.quiz_id
    assert queries.find_by_join_code("khác") is None
    assert queries.find_by_join_code("") is None


def test_it_makes_people_wait_between_attempts(make_quiz, people):
    made = make_quiz(wait_seconds=1800)
    with time_machine.travel(clock.now(), tick=False):
        services.submit_attempt(start(made, people.hanh), 1, "s", clock.now())
        with pytest.raises(DomainError) as refused:
            start(made, people.hanh)
        assert refused.value.code == "too_soon"
        assert start(made, people.hanh, soon(seconds=1800))


def test_it_waits_from_the_deadline_where_an_attempt_was_left(make_quiz, people):
    made = make_quiz(wait_seconds=1800)
    number = start(made, people.hanh)
    with pytest.raises(DomainError) as refused:
        start(made, people.hanh, soon(seconds=600 + 1700))
    assert refused.value.code == "too_soon"
    assert start(made, people.hanh, soon(seconds=600 + 1801)) != number
    assert row_of(number).state == "submitted"
