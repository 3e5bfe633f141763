"""When a script is marked, and with what."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.lib.errors import InvalidInput
from elearn.marking.rules.opinions import decide, read_points

MARKS = st.integers(0, 1000).map(lambda cents: D(cents) / 100)


@pytest.mark.parametrize(
    ("marks", "examiners", "difference", "mark", "needs"),
    [
        ({}, 1, None, None, 1),
        ({1: D(7)}, 1, None, D(7), None),
        ({1: D(7)}, 2, D(1), None, 2),
        ({2: D(7)}, 2, D(1), None, 1),
        ({1: D(7), 2: D(8)}, 2, D(1), D("7.5"), None),
        ({1: D(7), 2: D("8.25")}, 2, D(1), None, 3),
        ({1: D(2), 2: D(9)}, 2, None, D("5.5"), None),
        ({1: D(4), 2: D(8), 3: D(7)}, 2, D(1), D("7.5"), None),
        ({1: D(4), 2: D(8), 3: D(5)}, 2, D(1), D("4.5"), None),
        ({1: D(4), 2: D(8), 3: D(6)}, 2, D(1), D(6), None),
        ({1: D(7), 2: D(8)}, 3, D(1), None, 3),
        ({1: D(7), 2: D(8), 3: D(9)}, 3, D(2), D(8), None),
        ({1: D(7), 2: D(8), 3: D("9.5")}, 3, D(2), None, 4),
        ({1: D(7), 2: D(8), 3: D("9.5"), 4: D(8)}, 3, D(2), D(8), None),
        ({1: D(2), 2: D(8), 3: D(8), 4: D(9), 5: D(9)}, 5, D(3), None, 6),
        ({1: D(2), 2: D(8), 3: D(8), 4: D(9), 5: D(9), 6: D(1)}, 5, D(3), D("6.75"), None),
        ({1: D(7), 2: D(8), 3: D(8)}, 3, None, D("7.6666667"), None),
    ],
)
def test_it_decides(marks, examiners, difference, mark, needs):
    outcome = decide(marks, examiners, difference)
    assert (outcome.mark, outcome.needs) == (mark, needs)


@given(MARKS, MARKS, MARKS, MARKS)
def test_it_stays_between_the_marks_and_does_not_mind_who_was_first(first, second, third, difference):
    one = decide({1: first, 2: second, 3: third}, 2, difference).mark
    assert one == decide({1: second, 2: first, 3: third}, 2, difference).mark
    assert one is not None
    assert min(first, second, third) <= one <= max(first, second, third)


@given(st.lists(MARKS, min_size=2, max_size=5), MARKS, MARKS, st.randoms(use_true_random=False))
def test_several_stay_between_their_marks_whatever_their_order(marks, last, difference, random):
    given_ = {**dict(enumerate(marks, start=1)), len(marks) + 1: last}
    outcome = decide(given_, len(marks), difference)
    mixed = list(marks)
    random.shuffle(mixed)
    assert decide({**dict(enumerate(mixed, start=1)), len(marks) + 1: last}, len(marks), difference).mark == outcome.mark
    assert min(*marks, last) <= outcome.mark <= max(*marks, last)
    assert (outcome.lowest, outcome.highest, outcome.spread) == (min(marks), max(marks), max(marks) - min(marks))


RUBRIC = [{"name": "Nội dung", "points": "6"}, {"name": "Liên hệ", "points": "4"}]


def test_it_counts_points_in_proportion_to_the_mark():
    assert read_points(RUBRIC, D(10), {"0": "4,5", "1": "3"}) == ({"0": "4.5", "1": "3"}, D("7.5"))
    assert read_points(RUBRIC, D(1), {"0": "6", "1": "4"})[1] == D(1)
    assert read_points([], D(2), {"0": "1,25"}) == ({"0": "1.25"}, D("1.25"))


def test_weights_of_criteria_count_in_the_mark_and_in_what_could_be_reached():
    rubric = [{"name": "Nội dung", "points": "10", "weight": "2"}, {"name": "Trình bày", "points": "10"}]
    assert read_points(rubric, D(10), {"0": "9", "1": "6"})[1] == D(8)
    assert read_points(rubric, D(10), {"0": "10", "1": "10"})[1] == D(10)


@pytest.mark.parametrize(
    ("typed", "code", "field"),
    [
        ({"0": "7", "1": "1"}, "points_out_of_range", "0"),
        ({"0": "1", "1": "-1"}, "points_out_of_range", "1"),
        ({"0": "1"}, "not_points", "1"),
        ({"0": "nan", "1": "1"}, "points_out_of_range", "0"),
        ({"0": "1,234", "1": "1"}, "points_too_fine", "0"),
        ({"0": "năm", "1": "1"}, "not_points", "0"),
    ],
)
def test_it_refuses_points_at_their_criterion(typed, code, field):
    with pytest.raises(InvalidInput) as refusal:
        read_points(RUBRIC, D(10), typed)
    assert (refusal.value.code, refusal.value.field) == (code, field)
