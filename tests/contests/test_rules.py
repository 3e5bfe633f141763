"""Counted attempts, places, prizes, states and entry, as plain rules."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.contests.queries.contests import DEFAULT_CHAIN, criteria_of
from elearn.contests.rules.candidates import Candidate, sample
from elearn.contests.rules.counted import pick_counted
from elearn.contests.rules.entry import Entrant, EntryTerms, full_years, reason_against
from elearn.contests.rules.prediction import distance, true_value
from elearn.contests.rules.prizes import Prize, give_prizes
from elearn.contests.rules.reasons import Own, Step, explain
from elearn.contests.rules.rounds import RoundState, state_at
from elearn.contests.rules.rules_text import Terms, word_for_rounds, word_rules
from elearn.contests.rules.standings import rank
from elearn.contests.rules.units import competing_unit

CHAIN = criteria_of(DEFAULT_CHAIN)
NOW = datetime(2026, 10, 14, 3, 32, tzinfo=UTC)
MS = timedelta(milliseconds=1)
attempts = st.builds(
    Candidate,
    attempt_id=st.integers(1, 10**6),
    member_id=st.integers(1, 8),
    correct_count=st.integers(18, 20),
    question_count=st.just(20),
    prediction=st.none() | st.integers(0, 4),
    working_ms=st.integers(1, 3),
    submitted_ms=st.integers(1, 3),
)
several = st.lists(attempts, unique_by=lambda one: one.attempt_id, max_size=25)


@given(several, st.randoms())
def test_it_counts_one_attempt_a_person_whatever_the_order(found: list[Candidate], chance: random.Random) -> None:
    counted = pick_counted(found)
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert counted == pick_counted(shuffled)
    assert [one.member_id for one in counted] == sorted({one.member_id for one in found})
    for one in counted:
        own = [other for other in found if other.member_id == one.member_id]
        assert one.correct_count == max(other.correct_count for other in own)
        best = [other for other in own if other.correct_count == one.correct_count]
        assert one.submitted_ms == min(other.submitted_ms for other in best)


def test_it_lets_the_prediction_travel_with_the_counted_attempt() -> None:
    better = sample(attempt_id=1, correct_count=20, prediction=7)
    later = sample(attempt_id=2, correct_count=19, prediction=3, submitted_ms=9)
    assert [one.prediction for one in pick_counted([later, better])] == [7]


@given(several, st.randoms())
def test_it_gives_valid_places_whatever_the_order(found: list[Candidate], chance: random.Random) -> None:
    counted = pick_counted(found)
    actual = true_value(counted)
    rows = rank(counted, CHAIN, actual)
    shuffled = list(counted)
    chance.shuffle(shuffled)
    assert rows == rank(shuffled, CHAIN, actual)
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        # By brute force: the place is one more than the number of people who are better.
        key = [one.key_of(row.candidate, actual) for one in CHAIN]
        better = sum([one.key_of(other, actual) for one in CHAIN] < key for other in counted)
        assert row.place == better + 1
    for above, row in itertools.pairwise(rows):
        assert (row.decided_by == "") == (above.place == row.place)


def test_it_shares_places_1_2_2_4() -> None:
    people = [sample(member_id=n, attempt_id=n, correct_count=right) for n, right in ((1, 20), (2, 19), (3, 19), (4, 18))]
    assert [row.place for row in rank(people, CHAIN, 1)] == [1, 2, 2, 4]
    assert [row.decided_by for row in rank(people, CHAIN, 1)] == ["", "most_correct", "", "most_correct"]


@pytest.mark.parametrize(
    ("better", "worse", "criterion"),
    [
        (sample(correct_count=20), sample(correct_count=19, prediction=5), "most_correct"),
        (sample(prediction=5, working_ms=9), sample(prediction=7, working_ms=1), "nearest_prediction"),
        (sample(prediction=99, working_ms=9), sample(prediction=None, working_ms=1), "nearest_prediction"),
        (sample(prediction=4, working_ms=1, submitted_ms=9), sample(prediction=6, working_ms=2, submitted_ms=1), "shorter_time"),
        (sample(submitted_ms=1), sample(submitted_ms=2), "earlier_submission"),
    ],
)
def test_it_asks_the_criteria_in_their_order(better: Candidate, worse: Candidate, criterion: str) -> None:
    rows = rank([sample_of(worse, 1), sample_of(better, 2)], CHAIN, 5)
    assert [row.candidate.member_id for row in rows] == [2, 1]
    assert rows[1].decided_by == criterion


def sample_of(candidate: Candidate, member_id: int) -> Candidate:
    names = ("attempt_id", "correct_count", "question_count", "prediction", "working_ms", "submitted_ms")
    return Candidate(member_id=member_id, **{name: getattr(candidate, name) for name in names})


def test_it_takes_the_number_of_all_correct_people_as_the_true_value() -> None:
    assert true_value([sample(correct_count=20), sample(correct_count=20), sample(correct_count=19)]) == 2
    assert true_value([]) == 0
    assert (distance(7, 10), distance(13, 10), distance(None, 10)) == (3, 3, None)


def test_it_gives_prizes_down_the_rows_and_one_a_person() -> None:
    rows = rank([sample(member_id=n, attempt_id=n, submitted_ms=n) for n in range(1, 7)], CHAIN, 1)
    prizes = [Prize("Nhất", 1), Prize("Nhì", 2)]
    assert give_prizes(rows, prizes, set()) == {1: "Nhất", 2: "Nhì", 3: "Nhì"}
    assert give_prizes(rows, prizes, {1, 3}) == {2: "Nhất", 4: "Nhì", 5: "Nhì"}
    assert give_prizes(rows[:1], prizes, set()) == {1: "Nhất"}
    assert give_prizes([], prizes, set()) == {}


def test_it_opens_and_closes_a_round_at_the_millisecond() -> None:
    opens, closes = NOW, NOW + timedelta(days=7)
    assert state_at(opens, closes, opens - MS) is RoundState.UPCOMING
    assert state_at(opens, closes, opens) is RoundState.OPEN
    assert state_at(opens, closes, closes - MS) is RoundState.OPEN
    assert state_at(opens, closes, closes) is RoundState.CLOSED
    assert state_at(opens, closes, closes, is_settled=True) is RoundState.SETTLED
    assert state_at(opens, closes, closes, is_settled=True, is_published=True) is RoundState.PUBLISHED


TERMS = EntryTerms(NOW, NOW + timedelta(days=7), 3, 14, ("content_editor",), date(2026, 10, 14))


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


@given(st.dates(date(1930, 1, 1), date(2020, 1, 1)), st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_it_adds_a_year_on_each_birthday(born: date, day: date) -> None:
    years = full_years(born, day)
    assert (born.year + years, born.month, born.day) <= (day.year, day.month, day.day)
    assert (day.year, day.month, day.day) < (born.year + years + 1, born.month, born.day)


def test_it_words_the_rules_that_apply() -> None:
    terms = Terms(14, ["content_editor", "reviewer"], 20, 600, 7, True, CHAIN, [Prize("Nhất", 1), Prize("Nhì", 2)], "tuần")
    rules = word_rules(terms)
    assert len(rules) == 5
    assert rules[1].body[1].values == {"round": "tuần", "limit": 7}
    assert len(rules[2].body) == 3
    without = word_rules(Terms(None, [], 20, 600, 7, False, CHAIN[:1], []))
    assert len(without[0].body) == 1
    assert len(without[2].body) == 2, "nothing is said of a prediction that is not asked"


def test_it_calls_rounds_as_their_titles_do() -> None:
    assert word_for_rounds(["Tuần 1", "Tuần 2"]) == "tuần"
    assert word_for_rounds(["Vòng loại", "Chung kết"]) == "vòng"
    assert word_for_rounds(["Tuần 1", "Chung kết"]) == "vòng"
    assert word_for_rounds([]) == "vòng"


def test_it_explains_a_place_until_nobody_is_equal() -> None:
    own = Own(7, 20, 20, 3100, 42, 3142, "6:48")
    told = explain(own, [Step("most_correct", 0, 3141), Step("nearest_prediction", 6, 0), Step("shorter_time", 0, 0)])
    assert [one.values.get("ahead") for one in told] == [0, 6, None]
    assert told[-1].values == {"place": 7}
    shared = explain(own, [Step("most_correct", 0, 2)])
    assert shared[-2].values == {"count": 2}


def test_it_stands_for_the_branch_below_the_organiser() -> None:
    assert competing_unit("/1/", "/1/2/3/") == 2
    assert competing_unit("/1/", "/1/") == 1
    assert competing_unit("/1/2/", "/1/2/3/9/") == 3
    assert competing_unit("/1/2/", "/1/5/6/") == 6
