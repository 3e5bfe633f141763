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


RUBRIC = [{"name": "Nội dung", "points": "6"}, {"name": "Liên hệ", "points": "4"}]


def test_it_counts_points_in_proportion_to_the_mark():
    assert read_points(RUBRIC, D(10), {"0": "4,5", "1": "3"}) == ({"0": "4.5", "1": "3"}, D("7.5"))
    assert read_points(RUBRIC, D(1), {"0": "6", "1": "4"})[1] == D(1)
    assert read_points([], D(2), {"0": "1,25"}) == ({"0": "1.25"}, D("1.25"))


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
