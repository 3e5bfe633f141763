"""The mark of a contestant on a stage, and who goes on to a later round, as plain values."""

from __future__ import annotations

from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.contests.rules.advance import Going, Ranked, who_goes_on
from elearn.contests.rules.stage import (
    SCALE,
    Criterion,
    Part,
    highest_of_part,
    mark_of_part,
    mean_of_judges,
    order_of_appearance,
    read_points,
)
from elearn.lib.errors import InvalidInput

POINTS = st.integers(0, 1000).map(lambda cents: cents * SCALE // 100)
JUDGES = st.lists(POINTS, min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("points", "leaves_out", "mean"),
    [
        ([8, 9, 10], False, 9),
        ([8, 9, 10], True, 9),
        ([1, 9, 9, 10], True, 9),
        ([1, 9], True, 5),
        ([7], True, 7),
    ],
)
def test_it_takes_the_mean_of_the_judges(points, leaves_out, mean):
    assert mean_of_judges([one * SCALE for one in points], leaves_out) == mean * SCALE


def test_it_rounds_a_third_half_up_to_the_ten_millionth():
    assert mean_of_judges([SCALE, SCALE, 0]) == 6_666_667
    assert mean_of_judges([1, 0]) == 1
    assert mean_of_judges([SCALE, 0, 0]) == 3_333_333


@given(JUDGES, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_judges_changes_nothing_and_the_mean_lies_between_them(points, leaves_out, random):
    mean = mean_of_judges(points, leaves_out)
    mixed = list(points)
    random.shuffle(mixed)
    assert mean_of_judges(mixed, leaves_out) == mean
    assert min(points) <= mean <= max(points)
    if not leaves_out:
        assert abs(Fraction(sum(points), len(points)) - mean) <= Fraction(1, 2)


PARTS = st.builds(
    lambda rows, weight: Part(1, tuple(Criterion(n, most * SCALE, w) for n, (most, w) in enumerate(rows)), weight),
    st.lists(st.tuples(st.integers(1, 100), st.integers(1, 300)), min_size=1, max_size=5),
    st.integers(1, 300),
)


@given(PARTS, st.data(), st.booleans())
def test_a_mark_is_never_above_the_highest_nor_below_nothing_and_more_points_never_harm(part, data, leaves_out):
    judges = data.draw(st.integers(1, 5))
    given_ = {one.key: [data.draw(st.integers(0, one.most)) for _ in range(judges)] for one in part.criteria}
    mark = mark_of_part(part, given_, leaves_out)
    assert 0 <= mark <= highest_of_part(part)
    full = {one.key: [one.most] * judges for one in part.criteria}
    assert mark_of_part(part, full, leaves_out) == highest_of_part(part)
    key = part.criteria[0].key
    more = {**given_, key: [part.criteria[0].most, *given_[key][1:]]}
    assert mark_of_part(part, more, leaves_out) >= mark


def test_weights_of_criteria_and_of_the_part_multiply():
    part = Part(1, (Criterion(1, 10 * SCALE, 200), Criterion(2, 5 * SCALE)), 50)
    assert mark_of_part(part, {1: [8 * SCALE], 2: [4 * SCALE]}) == 10 * SCALE  # (8 × 2 + 4) × 0,5
    assert mark_of_part(part, {1: [8 * SCALE]}) == 8 * SCALE
    assert highest_of_part(part) == D("12.5") * SCALE


@pytest.mark.parametrize(
    ("typed", "points"), [("8,5", D("8.5")), ("8.25", D("8.25")), (" 10 ", D(10)), ("0", D(0)), ("", None), ("  ", None)]
)
def test_it_reads_points_as_judges_type_them(typed, points):
    assert read_points(typed, D(10)) == points


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("11", "points_out_of_range"),
        ("-1", "points_out_of_range"),
        ("nan", "points_out_of_range"),
        ("8,123", "points_too_fine"),
        ("tám", "not_points"),
    ],
)
def test_it_refuses_points_that_cannot_be(typed, code):
    with pytest.raises(InvalidInput) as refusal:
        read_points(typed, D(10))
    assert refusal.value.code == code


def test_who_appears_when_follows_from_groups_and_lots():
    assert order_of_appearance({1: 5, 2: 3, 3: 9, 4: 1}, {1: "A", 2: "B", 3: "A", 4: "B"}) == [1, 3, 4, 2]
    assert order_of_appearance({1: 5, 2: 3}, {}) == [2, 1]


def rows(*places, among=()):
    return [Ranked(n, place, among[n - 1] if among else "") for n, place in enumerate(places, start=1)]


def going(found, *kinds):
    return sorted(number for number, one in found.items() if one in (kinds or (Going.FIRST, Going.MOVED_UP)))


def test_the_first_go_on_and_whoever_shares_the_last_place_too():
    assert going(who_goes_on(rows(1, 2, 3, 4), 2)) == [1, 2]
    assert going(who_goes_on(rows(1, 2, 2, 4), 2)) == [1, 2, 3]
    assert going(who_goes_on(rows(1, 1, 1), 2)) == [1, 2, 3]
    assert going(who_goes_on(rows(1, 2), 5)) == [1, 2]
    assert going(who_goes_on(rows(1, 2, 3, 4), 1, {})) == [1]
    assert who_goes_on([], 3) == {}


def test_each_unit_or_group_sends_its_own():
    assert going(who_goes_on(rows(1, 2, 3, 4, 5, among=("a", "a", "a", "b", "b")), 1)) == [1, 4]


def test_the_next_moves_up_for_whoever_declines():
    found = who_goes_on(rows(1, 2, 3, 4), 2, {1})
    assert found == {1: Going.DECLINED, 2: Going.FIRST, 3: Going.MOVED_UP, 4: Going.NO}


@given(st.lists(st.integers(1, 3), max_size=12), st.integers(1, 5), st.sets(st.integers(1, 12)))
def test_it_sends_as_many_as_there_are_places(steps, top, declined):
    place, places = 1, []
    for n, step in enumerate(steps):
        place = n + 1 if step > 1 or not n else place
        places.append(place)
    found = who_goes_on(rows(*places), top, declined)
    sent = going(found)
    willing = [n for n in range(1, len(places) + 1) if n not in declined]
    assert len(sent) >= min(top, len(willing))
    assert not set(sent) & declined
    assert sent == willing[: len(sent)]
    if len(sent) > top:
        assert places[sent[-1] - 1] == places[sent[top - 1] - 1]
