"""Numbers, periods, trees and registries."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.numbers import format_number, format_percent, parse_whole
from elearn.lib.periods import Period, from_local, local_day
from elearn.lib.registry import Registry
from elearn.lib.tree import child_path, is_within, outermost, paths


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (7200, None, "7.200"),
        (Decimal("95.20"), None, "95,2"),
        (1234567, None, "1.234.567"),
        (Decimal("-0.5"), None, "-0,5"),
        (Decimal("9.005"), 2, "9,01"),
    ],
)
def test_it_writes_numbers(value, places, shown):
    assert format_number(value, places) == shown


def test_it_computes_percentages_and_says_when_there_are_none():
    assert format_percent(30, 143) == "20,98%"
    assert format_percent(0, 0) == "–"


@given(st.integers(0, 10**12))
def test_it_reads_back_the_numbers_it_writes(number):
    assert parse_whole(format_number(number)) == number


@pytest.mark.parametrize("text", ["", "abc", "-3", "1.23", "12,5", "1.2345", "9" * 30, "३"])
def test_it_refuses_what_is_no_whole_number(text):
    with pytest.raises(InvalidInput):
        parse_whole(text)


def test_it_holds_periods_half_open():
    period = Period(date(2025, 7, 1), date(2025, 8, 1))
    assert date(2025, 7, 1) in period
    assert date(2025, 8, 1) not in period
    assert not period.overlaps(Period(date(2025, 8, 1), None))
    assert period.overlaps(Period(None, None))


def test_it_knows_the_day_in_viet_nam():
    assert local_day(datetime(2026, 1, 1, 17, 30, tzinfo=UTC)) == date(2026, 1, 2)
    assert from_local(datetime(2026, 1, 2, 0, 30)) == datetime(2026, 1, 1, 17, 30, tzinfo=UTC)


@given(st.lists(st.integers(0, 30), max_size=30))
def test_it_walks_any_tree(choices):
    parents: dict[int, int | None] = {0: None}
    for number, choice in enumerate(choices, start=1):
        parents[number] = choice % number
    found = paths(parents)
    for node, parent in parents.items():
        assert found[node] == child_path(found[parent] if parent is not None else None, node)
        assert is_within(found[node], found[0])


def test_it_refuses_a_circle():
    with pytest.raises(DomainError):
        paths({1: 2, 2: 3, 3: 1})


@given(st.lists(st.sampled_from(["/1/", "/1/2/", "/1/2/3/", "/1/4/", "/12/", "/5/6/"])))
def test_it_keeps_only_outermost_subtrees(candidates):
    kept = outermost(candidates)
    assert all(any(is_within(path, top) for top in kept) for path in candidates)
    assert all(not is_within(a, b) for a in kept for b in kept if a != b)


def test_it_refuses_two_extensions_with_one_key(tmp_path, monkeypatch):
    package = tmp_path / "doubles"
    package.mkdir()
    (package / "__init__.py").write_text("")
    for name in ("one", "two"):
        (package / f"{name}.py").write_text("class Thing:\n    key = 'same'\nTHING = Thing()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ValueError, match="defined twice"):
        Registry("doubles", "THING").keys()
