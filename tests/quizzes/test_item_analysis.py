"""Figures of classical test theory, against a peer's values, a naive exact implementation, and laws."""

from __future__ import annotations

import csv
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.quizzes.rules import item_analysis as ia

PEER = Path(__file__).parents[3] / "shared" / "peer" / "moodle-statistics"
LOOSE = {"effective_weight", "covariance", "discrimination_index"}


def rows_of(name):
    if not PEER.exists():
        pytest.skip(f"peer data: {PEER} is not there")
    with (PEER / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def whole(values):
    """Marks as whole ten-millionths."""
    return np.array([round(Fraction(value) * ia.PER_MARK) for value in values], dtype=np.int64)


def near(found, told, tolerance):
    return math.isclose(found, told, rel_tol=tolerance, abs_tol=tolerance / 1000)


COLUMNS = {
    "facility": "facility", "sd": "sd", "effectiveweight": "effective_weight", "covariance": "covariance", "markvariance": "mark_variance",
    "othermarkvariance": "other_mark_variance", "discriminationindex": "discrimination_index", "covariancemax": "covariance_max",
    "discriminativeefficiency": "discriminative_efficiency",
}  # fmt: skip


def assert_row(figures, row):
    """The figures agree with a row of the peer's table within the tolerance that it states."""
    assert figures.s == int(row["s"])
    for theirs, ours in COLUMNS.items():
        told, found = row[theirs], getattr(figures, ours)
        if told == "**NULL**":
            assert found is None, ours
        elif told:
            assert near(found, float(told), 1e-5 if ours in LOOSE else 1e-6), (row["slot"], ours, found, told)


def peer_matrix():
    results = rows_of("results00.csv")
    marks = [whole([row[f"slots.{slot}.mark"] for row in results]) for slot in range(1, 8)]
    return marks, sum(marks)


def test_it_agrees_with_every_figure_of_the_peer():
    marks, totals = peer_matrix()
    steps = rows_of("steps00.csv")
    spreads = [ia.spread_of(column, totals - column) for column in marks]
    weights = ia.effective_weights(spreads)
    checked = 0
    for row in rows_of("qstats00.csv"):
        place = int(row["slot"]) - 1
        if row["subqname"]:
            chosen = np.array([step[f"randqs.{place + 1}"] == row["subqname"] for step in steps])
            figures = ia.item_figures(ia.spread_of(marks[place][chosen], totals[chosen]), ia.PER_MARK * int(chosen.sum()))
        elif row["variant"]:
            chosen = np.array([step[f"variants.{place + 1}"] == row["variant"] for step in steps])
            own = marks[place][chosen]
            figures = ia.item_figures(ia.spread_of(own, totals[chosen] - own), ia.PER_MARK * int(chosen.sum()))
        else:
            figures = ia.item_figures(spreads[place], ia.PER_MARK * 25, weights[place])
        assert_row(figures, row)
        checked += 1
    assert checked == 10


PEER_WHOLE = {
    "median": 4.5, "mean": 4.617333332, "sd": 0.8117265554, "skewness": -0.092502502, "kurtosis": -0.7073968557, "cic": -87.2230935542,
    "error_ratio": 136.8294900795, "standard_error": 1.1106813066,
}  # fmt: skip


def test_it_agrees_with_the_peer_on_the_whole_quiz():
    marks, totals = peer_matrix()
    figures = ia.whole_figures(totals, [ia.spread_of(column, totals - column) for column in marks])
    assert figures.n == 25
    for name, told in PEER_WHOLE.items():
        assert near(getattr(figures, name), told, 1.5e-5), name


def naive(rows, maxima):
    """The formulas once more, word for word, on Fractions."""
    n, p = len(rows), len(maxima)
    totals = [sum(row) for row in rows]

    def covariance(a, b):
        if n < 2:
            return None
        mean_a, mean_b = sum(a) / n, sum(b) / n
        return sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True)) / (n - 1)

    items = []
    for place in range(p):
        x = [row[place] for row in rows]
        o = [total - mark for total, mark in zip(totals, x, strict=True)]
        items.append(
            {
                "facility": sum(x) / n / maxima[place],
                "mark_variance": covariance(x, x),
                "other_mark_variance": covariance(o, o),
                "covariance": covariance(x, o),
                "covariance_max": covariance(sorted(x), sorted(o)),
                "with_total": covariance(x, totals),
            }
        )
    return items, covariance(totals, totals)


marks_strategy = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0, 1, 3_333_333, 5_000_000, 6_666_667, 10_000_000, -2_500_000]), min_size=width, max_size=width),
        min_size=1,
        max_size=12,
    )
)


def columns_of(rows):
    matrix = np.array(rows, dtype=np.int64)
    return [matrix[:, place].copy() for place in range(matrix.shape[1])], matrix.sum(axis=1)


def figures_of(columns, totals, max_mark=ia.PER_MARK):
    spreads = [ia.spread_of(column, totals - column) for column in columns]
    weights = ia.effective_weights(spreads)
    items = [ia.item_figures(spread, max_mark * spread.n, weight) for spread, weight in zip(spreads, weights, strict=True)]
    return items, ia.whole_figures(totals, spreads)


@settings(deadline=None)
@given(marks_strategy)
def test_it_equals_the_naive_formulas(rows):
    exact = [[Fraction(mark, ia.PER_MARK) for mark in row] for row in rows]
    told, k2 = naive(exact, [1] * len(rows[0]))
    items, all_of_it = figures_of(*columns_of(rows))
    n, p = len(rows), len(rows[0])
    roots = [math.sqrt(one["with_total"]) for one in told if n > 1 and one["with_total"] >= 0]
    for figures, one in zip(items, told, strict=True):
        for name in ("facility", "mark_variance", "other_mark_variance", "covariance", "covariance_max"):
            assert getattr(figures, name) == (None if one[name] is None else float(one[name])), name
        if n < 2:
            assert (
                figures.sd is figures.discrimination_index is figures.discriminative_efficiency is figures.effective_weight is None
            )
            continue
        assert figures.sd == math.sqrt(one["mark_variance"])
        product = one["mark_variance"] * one["other_mark_variance"]
        assert (figures.discrimination_index is None) == (product == 0)
        assert (figures.discriminative_efficiency is None) == (one["covariance_max"] == 0)
        if product:
            assert near(figures.discrimination_index, 100 * float(one["covariance"]) / math.sqrt(product), 1e-12)
        if one["covariance_max"]:
            assert near(figures.discriminative_efficiency, float(100 * one["covariance"] / one["covariance_max"]), 1e-12)
        if one["with_total"] < 0 or not sum(roots):
            assert figures.effective_weight is None
        else:
            assert near(figures.effective_weight, 100 * math.sqrt(one["with_total"]) / sum(roots), 1e-12)
    if k2 and p > 1:
        alpha = Fraction(p, p - 1) * (1 - sum(one["mark_variance"] for one in told) / k2)
        assert near(all_of_it.cic, float(100 * alpha), 1e-12)
        assert near(all_of_it.standard_error, math.sqrt(1 - alpha) * math.sqrt(k2), 1e-12)
    else:
        assert all_of_it.cic is all_of_it.error_ratio is all_of_it.standard_error is None


@settings(deadline=None)
@given(marks_strategy, st.permutations(range(12)), st.integers(-10_000_000, 10_000_000))
def test_it_does_not_depend_on_the_order_of_attempts_nor_on_a_constant(rows, order, constant):
    columns, totals = columns_of(rows)
    mixed = [place for place in order if place < len(rows)]
    assert figures_of([column[mixed] for column in columns], totals[mixed]) == figures_of(columns, totals)
    moved = figures_of([columns[0] + constant, *columns[1:]], totals + constant)
    for before, after in zip(figures_of(columns, totals)[0], moved[0], strict=True):
        for name in ("sd", "discrimination_index", "discriminative_efficiency", "effective_weight", "covariance", "covariance_max"):
            assert getattr(after, name) == getattr(before, name)
    for name in ("sd", "skewness", "kurtosis", "cic", "error_ratio", "standard_error"):
        assert getattr(moved[1], name) == getattr(figures_of(columns, totals)[1], name)


@settings(deadline=None)
@given(marks_strategy)
def test_it_stays_within_bounds(rows):
    items, all_of_it = figures_of(*columns_of(rows))
    for one in items:
        assert one.discrimination_index is None or abs(one.discrimination_index) <= 100.0000001
        assert one.discriminative_efficiency is None or one.discriminative_efficiency <= 100
        assert one.covariance is None or one.covariance <= one.covariance_max
    weights = [one.effective_weight for one in items if one.effective_weight is not None]
    assert not weights or math.isclose(sum(weights), 100)
    assert all_of_it.cic is None or all_of_it.cic <= 100


@pytest.mark.parametrize("rows", [[[10_000_000, 0]], [[5_000_000, 3_333_333]] * 7])
def test_it_says_not_defined_for_one_attempt_and_for_equal_marks(rows):
    items, all_of_it = figures_of(*columns_of(rows))
    for one in items:
        assert one.facility is not None
        assert one.discrimination_index is one.discriminative_efficiency is one.effective_weight is None
        assert one.sd in (None, 0)
    assert all_of_it.mean == all_of_it.median == sum(rows[0]) / ia.PER_MARK
    assert all_of_it.skewness is all_of_it.kurtosis is all_of_it.cic is all_of_it.error_ratio is all_of_it.standard_error is None


def test_it_says_not_defined_for_no_attempts():
    nothing = np.array([], dtype=np.int64)
    assert figures_of([nothing, nothing], nothing) == ([ia.ItemFigures(0)] * 2, ia.WholeFigures(0))
    assert ia.histogram(nothing, 10) == [0] * 10


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-(2**40), 2**40), st.integers(-(2**45), 2**45)), max_size=20))
def test_it_multiplies_exactly_past_64_bits(pairs):
    one, other = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    assert ia.dot(one, other) == sum(a * b for a, b in pairs)


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=60))
def test_it_parts_the_field_by_rank(totals):
    found = ia.score_bins(np.array(totals, dtype=np.int64))
    assert found.min() >= 0 and found.max() < ia.FINEST
    for a, bin_a in zip(totals, found, strict=True):
        for b, bin_b in zip(totals, found, strict=True):
            assert (bin_a <= bin_b) if a <= b else (bin_a >= bin_b)
            assert a != b or bin_a == bin_b


def test_it_parts_different_totals_evenly():
    assert np.bincount(ia.score_bins(np.arange(150, dtype=np.int64))).tolist() == [10] * 15


def test_it_counts_tenths_of_the_maximum():
    assert ia.histogram(np.array([-5, 0, 9, 10, 55, 99, 100], dtype=np.int64), 100) == [3, 1, 0, 0, 0, 1, 0, 0, 0, 2]
