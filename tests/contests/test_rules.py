"""Counted attempts, places, prizes, states and entry, as plain rules."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.contests.queries.contests import criteria_of
from elearn.contests.rules.candidates import Candidate, Own, Step, key_of, sample
from elearn.contests.rules.counted import pick_counted
from elearn.contests.rules.entry import Entrant, EntryTerms, full_years, reason_against, scopes_of
from elearn.contests.rules.prediction import METRICS, Totals, distance, true_value
from elearn.contests.rules.prizes import Given, give_prizes
from elearn.contests.rules.reasons import explain
from elearn.contests.rules.rounds import RoundState, state_at
from elearn.contests.rules.rules_text import Paper, Terms, word_for_rounds, word_rules
from elearn.contests.rules.settings import COUNTED, DEFAULT_CHAIN, ContestSettings, Hours, PrizeKind, RoundSettings
from elearn.contests.rules.standings import draw_lot, rank, with_lots
from elearn.contests.rules.units import competing_unit

CHAIN = criteria_of(DEFAULT_CHAIN)
NOW = datetime(2026, 10, 14, 3, 32, tzinfo=UTC)
MS = timedelta(milliseconds=1)
attempts = st.builds(
    Candidate,
    attempt_id=st.integers(1, 10**6),
    entry_id=st.integers(1, 8),
    correct_count=st.integers(18, 20),
    question_count=st.just(20),
    score=st.integers(0, 3),
    prediction_distance=st.none() | st.integers(0, 4),
    working_ms=st.integers(1, 3),
    submitted_ms=st.integers(1, 3),
)
several = st.lists(attempts, unique_by=lambda one: one.attempt_id, max_size=25)


@given(several, st.randoms())
def test_it_counts_one_attempt_a_person_whatever_the_order(found: list[Candidate], chance: random.Random) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    for counted in COUNTED:
        picked = pick_counted(found, counted)
        assert picked == pick_counted(shuffled, counted)
        assert [one.entry_id for one in picked] == sorted({one.entry_id for one in found})
    for one in pick_counted(found, "best_correct"):
        own = [other for other in found if other.entry_id == one.entry_id]
        assert one.correct_count == max(other.correct_count for other in own)
        best = [other for other in own if other.correct_count == one.correct_count]
        assert one.submitted_ms == min(other.submitted_ms for other in best)
    for one in pick_counted(found, "last"):
        assert one.submitted_ms == max(other.submitted_ms for other in found if other.entry_id == one.entry_id)
    for one in pick_counted(found, "best_score"):
        assert one.score == max(other.score for other in found if other.entry_id == one.entry_id)


def test_it_lets_the_prediction_travel_with_the_counted_attempt() -> None:
    better = sample(attempt_id=1, correct_count=20, prediction=7)
    later = sample(attempt_id=2, correct_count=19, prediction=3, submitted_ms=9)
    assert [one.prediction for one in pick_counted([later, better], "best_correct")] == [7]


@given(several, st.randoms())
def test_it_gives_valid_places_whatever_the_order(found: list[Candidate], chance: random.Random) -> None:
    counted = pick_counted(found, "best_correct")
    rows = rank(counted, CHAIN)
    shuffled = list(counted)
    chance.shuffle(shuffled)
    assert rows == rank(shuffled, CHAIN)
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        # By brute force: the place is one more than the number of people who are better.
        key = [key_of(one, row.candidate) for one in CHAIN]
        better = sum([key_of(one, other) for one in CHAIN] < key for other in counted)
        assert row.place == better + 1
    for above, row in itertools.pairwise(rows):
        assert (row.decided_by == "") == (above.place == row.place)


def test_it_shares_places_1_2_2_4() -> None:
    people = [sample(entry_id=n, correct_count=right) for n, right in ((1, 20), (2, 19), (3, 19), (4, 18))]
    assert [row.place for row in rank(people, CHAIN)] == [1, 2, 2, 4]
    assert [row.decided_by for row in rank(people, CHAIN)] == ["", "most_correct", "", "most_correct"]


@pytest.mark.parametrize(
    ("better", "worse", "criterion"),
    [
        (sample(correct_count=20), sample(correct_count=19, prediction_distance=0), "most_correct"),
        (sample(prediction_distance=0, working_ms=9), sample(prediction_distance=2, working_ms=1), "nearest_prediction"),
        (sample(prediction_distance=94, working_ms=9), sample(prediction_distance=None, working_ms=1), "nearest_prediction"),
        (sample(working_ms=1, submitted_ms=9), sample(working_ms=2, submitted_ms=1), "shorter_time"),
        (sample(submitted_ms=1), sample(submitted_ms=2), "earlier_submission"),
    ],
)
def test_it_asks_the_criteria_in_their_order(better: Candidate, worse: Candidate, criterion: str) -> None:
    rows = rank([replace(worse, entry_id=1), replace(better, entry_id=2)], CHAIN)
    assert [row.candidate.entry_id for row in rows] == [2, 1]
    assert rows[1].decided_by == criterion


TOTALS = Totals(people=34_892, attempts=118_545, all_correct=14_193, contest_people=50_000, contest_attempts=247_297)


def test_it_works_out_the_true_value_of_each_metric() -> None:
    found = {metric: true_value(metric, TOTALS) for metric in METRICS}
    assert found == {
        "people_all_correct": 14_193, "people": 34_892, "attempts": 118_545, "contest_people": 50_000, "contest_attempts": 247_297,
        "percent_all_correct": 4_067_695,
    }  # fmt: skip
    assert true_value("percent_all_correct", replace(TOTALS, people=0, all_correct=0)) == 0
    assert true_value("percent_all_correct", replace(TOTALS, people=3, all_correct=2)) == 6_666_667
    assert (distance(7, 10), distance(13, 10), distance(None, 10), distance(3, None)) == (3, 3, None, None)


def test_it_lets_lots_decide_only_among_those_whom_nothing_else_parts() -> None:
    chain = criteria_of(("most_correct", "drawn_lots"))
    people = [sample(entry_id=n, correct_count=right, lot=None) for n, right in ((1, 20), (2, 19), (3, 19), (4, 18))]
    names = {n: f"name{n}" for n in range(1, 5)}
    drawn = with_lots(people, chain, "seed", names)
    assert {one.entry_id for one in drawn if one.lot is not None} == {2, 3}
    rows = rank(drawn, chain)
    assert [row.place for row in rows] == [1, 2, 3, 4]
    assert rows[2].decided_by == "drawn_lots"
    assert rows == rank(with_lots(list(reversed(people)), chain, "seed", names), chain)


def test_it_draws_lots_evenly() -> None:
    first = sum(draw_lot(f"seed{n}", "a") < draw_lot(f"seed{n}", "b") for n in range(4000))
    assert 1850 < first < 2150


def test_it_gives_prizes_down_the_rows_and_one_a_person() -> None:
    takers = [(n, 100 + n) for n in range(1, 7)]
    prizes = [PrizeKind("Nhất", 1), PrizeKind("Lan toả", 1, given="hand"), PrizeKind("Nhì", 2)]
    assert give_prizes(takers, prizes).prizes == {1: "Nhất", 2: "Nhì", 3: "Nhì"}
    assert give_prizes(takers, prizes, {101, 103}).prizes == {2: "Nhất", 4: "Nhì", 5: "Nhì"}
    assert give_prizes(takers, prizes, refused={1}, reserves=2) == Given({2: "Nhất", 3: "Nhì", 4: "Nhì"}, (5, 6))
    assert give_prizes(takers[:1], prizes, reserves=2) == Given({1: "Nhất"}, ())
    assert give_prizes([(1, None), (2, None)], prizes, {101}).prizes == {1: "Nhất", 2: "Nhì"}, "teams are nobody's second prize"
    assert give_prizes(takers, [], reserves=3) == Given({}, ())


def test_it_opens_and_closes_a_round_at_the_millisecond() -> None:
    opens, closes = NOW, NOW + timedelta(days=7)
    assert state_at(opens, closes, opens - MS) is RoundState.UPCOMING
    assert state_at(opens, closes, opens) is RoundState.OPEN
    assert state_at(opens, closes, closes - MS) is RoundState.OPEN
    assert state_at(opens, closes, closes) is RoundState.CLOSED
    assert state_at(opens, closes, closes, is_settled=True) is RoundState.SETTLED
    assert state_at(opens, closes, closes, is_settled=True, is_published=True) is RoundState.PUBLISHED


RULES = ContestSettings(minimum_age=14, excluded_roles=("content_editor",))
TERMS = EntryTerms(1, 1, 1, NOW, NOW + timedelta(days=7), 3, date(2026, 10, 14), RULES)
GROWN = Entrant(date(1980, 1, 1), frozenset())
WEEKDAYS = Hours((0, 1, 2, 3, 4), time(7, 30), time(17, 30))


@pytest.mark.parametrize(
    ("entrant", "moment", "code"),
    [
        (Entrant(date(1980, 1, 1), frozenset()), NOW, None),
        (Entrant(date(1980, 1, 1), frozenset()), NOW - MS, "round_not_open"),
        (Entrant(date(1980, 1, 1), frozenset()), TERMS.closes_at, "round_closed"),
        (Entrant(date(1980, 1, 1), frozenset()), TERMS.closes_at - MS, None),
        (Entrant(date(1980, 1, 1), frozenset({"content_editor"})), NOW, "role_excluded"),
        (Entrant(date(2012, 10, 14), frozenset()), NOW, None),
        (Entrant(date(2012, 10, 15), frozenset()), NOW, "too_young"),
        (Entrant(date(2012, 1, 1), frozenset()), NOW, None),  # only the year is known
        (Entrant(None, frozenset()), NOW, None),
        (Entrant(None, frozenset(), attempts_used=3), NOW, "attempts_used_up"),
        (Entrant(None, frozenset(), attempts_used=3, has_open_attempt=True), NOW, None),
    ],
)
def test_it_lets_in_whom_the_rules_let_in(entrant: Entrant, moment: datetime, code: str | None) -> None:
    reason = reason_against(entrant, TERMS, moment)
    assert (reason.code if reason else None) == code


@pytest.mark.parametrize(
    ("entrant", "changes", "code"),
    [
        (GROWN, {"maximum_age": 46}, None),
        (GROWN, {"maximum_age": 45}, "too_old"),
        (GROWN, {"maximum_age": 45, "age_on": date(2025, 12, 31)}, None),
        (GROWN, {"born_to": date(1979, 12, 31)}, "birth_out_of_range"),
        (GROWN, {"born_from": date(1980, 1, 1), "born_to": date(1980, 1, 1)}, None),
        (replace(GROWN, unit_ids=frozenset({1, 2, 9})), {"unit_ids": (2, 3)}, None),
        (replace(GROWN, unit_ids=frozenset({1, 9})), {"unit_ids": (2, 3)}, "unit_not_invited"),
        (replace(GROWN, kind="guest"), {"member_kinds": ("official", "probationary")}, "kind_not_invited"),
        (replace(GROWN, has_written=True), {"excludes_writers": True}, "role_excluded"),
        (replace(GROWN, has_written=True), {}, None),
        (replace(GROWN, has_advanced=False), {}, "not_advanced"),
        (replace(GROWN, is_disqualified=True), {}, "disqualified"),
    ],
)
def test_it_keeps_out_whom_the_settings_keep_out(entrant: Entrant, changes: dict[str, Any], code: str | None) -> None:
    reason = reason_against(entrant, replace(TERMS, settings=replace(RULES, **changes)), NOW)
    assert (reason.code if reason else None) == code


@pytest.mark.parametrize(
    ("moment", "is_inside"),
    [
        (datetime(2026, 10, 14, 0, 30, tzinfo=UTC), True),  # Wednesday 7:30 in Viet Nam
        (datetime(2026, 10, 14, 0, 29, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 14, 10, 29, 59, tzinfo=UTC), True),
        (datetime(2026, 10, 14, 10, 30, tzinfo=UTC), False),
        (datetime(2026, 10, 17, 3, 0, tzinfo=UTC), False),  # Saturday
        (datetime(2026, 10, 18, 23, 59, tzinfo=UTC), False),  # Monday 6:59
    ],
)
def test_it_keeps_to_hours_of_weekdays_half_open(moment: datetime, is_inside: bool) -> None:
    terms = replace(TERMS, opens_at=NOW - timedelta(days=9), own=RoundSettings(hours=(WEEKDAYS,)))
    reason = reason_against(GROWN, terms, moment)
    assert (reason is None) == is_inside
    assert reason_against(replace(GROWN, has_open_attempt=True), terms, moment) is None, "what was begun may be finished"


def test_it_counts_against_the_day_of_viet_nam_and_the_contest() -> None:
    terms = replace(TERMS, settings=replace(RULES, attempts_per_day=2, attempts_per_contest=9))
    assert scopes_of(terms, datetime(2026, 10, 14, 16, 59, tzinfo=UTC)) == {"day:1:2026-10-14": 2, "contest:1": 9}
    assert scopes_of(terms, datetime(2026, 10, 14, 17, 0, tzinfo=UTC)) == {"day:1:2026-10-15": 2, "contest:1": 9}
    assert scopes_of(TERMS, NOW) == {}


@given(st.dates(date(1930, 1, 1), date(2020, 1, 1)), st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_it_adds_a_year_on_each_birthday(born: date, day: date) -> None:
    years = full_years(born, day)
    assert (born.year + years, born.month, born.day) <= (day.year, day.month, day.day)
    assert (day.year, day.month, day.day) < (born.year + years + 1, born.month, born.day)


def test_it_words_the_rules_that_apply() -> None:
    settings = ContestSettings(minimum_age=14, excluded_roles=("content_editor", "reviewer"))
    own = RoundSettings(metric="people_all_correct")
    prizes = [PrizeKind("Nhất", 1), PrizeKind("Nhì", 2)]
    plain = Terms(ContestSettings(), RoundSettings(), CHAIN[:1], [], date(2026, 10, 12), paper=Paper(20, 600), attempt_limit=7)
    rules = word_rules(replace(plain, settings=settings, own=own, criteria=CHAIN, prizes=prizes, round_word="tuần"))
    assert [rule.key for rule in rules if rule.is_main] == ["who", "attempt", "counted", "ranking", "prizes"]
    assert rules[1].body[1].values == {"round": "tuần", "limit": 7}
    assert len(rules[2].body) == 3
    without = word_rules(plain)
    assert len(without[0].body) == 1
    assert len(without[2].body) == 2, "nothing is said of a prediction that is not asked"
    assert {"prediction", "units", "advance"}.isdisjoint(rule.key for rule in without)


def test_it_calls_rounds_as_their_titles_do() -> None:
    assert word_for_rounds(["Tuần 1", "Tuần 2"]) == "tuần"
    assert word_for_rounds(["Vòng loại", "Chung kết"]) == "vòng"
    assert word_for_rounds(["Tuần 1", "Chung kết"]) == "vòng"
    assert word_for_rounds([]) == "vòng"


def test_it_explains_a_place_until_nobody_is_equal() -> None:
    criteria = {one.key: one for one in CHAIN}
    own = Own(7, 20, 20, "3.100", "42", "3.142", False, "6:48", "20", 2)
    told = explain(own, [Step("most_correct", 0, 3141), Step("nearest_prediction", 6, 0), Step("shorter_time", 0, 0)], criteria)
    assert [one.values.get("ahead") for one in told] == [0, 6, None]
    assert told[-1].values == {"place": 7}
    shared = explain(own, [Step("most_correct", 0, 2)], criteria)
    assert shared[-2].values == {"count": 2}


def test_it_stands_for_the_branch_below_the_organiser() -> None:
    assert competing_unit("/1/", "/1/2/3/") == 2
    assert competing_unit("/1/", "/1/") == 1
    assert competing_unit("/1/2/", "/1/2/3/9/") == 3
    assert competing_unit("/1/2/", "/1/5/6/") == 6
