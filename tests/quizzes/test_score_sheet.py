"""Rows of the item analysis for papers that were mixed and drawn."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from elearn.quizzes.rules.item_analysis import PER_MARK, item_figures, spread_of
from elearn.quizzes.rules.score_sheet import ABSENT, Key, Sheet, analyse


def sheet_of(papers, right, variants=None):
    """Papers as lists of version codes; `right[line][version]` tells whether it was answered well."""
    width = max(map(len, papers))
    padded = [[*paper, *[ABSENT] * (width - len(paper))] for paper in papers]
    marks = [[PER_MARK * (code != ABSENT and right[line][code]) for code in paper] for line, paper in enumerate(padded)]
    return Sheet(
        np.array([sum(line) for line in marks], dtype=np.int64),
        np.array(padded, dtype=np.int16),
        np.array(marks, dtype=np.int32),
        np.array(variants if variants is not None else [[]], dtype=np.int16),
    )


def key_of(parts):
    count = len(parts)
    return Key(np.arange(count), np.array(parts, dtype=np.int16), np.full(count, PER_MARK, dtype=np.int64))


def results(lines, versions, seed):
    chance = random.Random(seed)
    return [[chance.random() < 0.3 + 0.5 * line / lines for _ in range(versions)] for line in range(lines)]


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 12))
def test_it_finds_the_same_rows_whether_questions_are_mixed_or_not(seed, lines):
    chance, right = random.Random(seed), results(lines, 6, seed)
    straight = analyse(sheet_of([list(range(6))] * lines, right), key_of([0, 1, 2, 3, 4, 5]))
    mixed = [chance.sample(range(6), 6) for _ in range(lines)]
    assert analyse(sheet_of(mixed, right), key_of([0, 1, 2, 3, 4, 5])) == straight
    assume(any(one != mixed[0] for one in mixed))  # mixed alike they are a fixed paper in another order
    # Six of a bank of six are for everybody the same six.
    assert analyse(sheet_of(mixed, right), key_of([0] * 6)) == straight
    assert [(row.kind, row.question) for row in straight[1]] == [("slot", code) for code in range(6)]


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_it_gives_a_row_to_each_question_of_a_pool(seed):
    chance, right = random.Random(seed), results(30, 7, seed)
    papers = [chance.sample([*chance.sample(range(5), 2), 5, 6], 4) for _ in range(30)]
    sheet = sheet_of(papers, right)
    _, rows = analyse(sheet, key_of([0, 0, 0, 0, 0, 1, 2]))
    assert [(row.kind, row.first, row.last) for row in rows if row.kind == "slot"] == [("slot", n, n) for n in (1, 2, 3, 4)]
    assert [row.question for row in rows if row.kind == "slot"] == [None, None, 5, 6]
    own = {row.question: row for row in rows if row.kind == "question"}
    assert set(own) == {code for paper in papers for code in paper if code < 5}
    for code, row in own.items():
        lines = [line for line, paper in enumerate(papers) if code in paper]
        marks = np.array([PER_MARK * right[line][code] for line in lines], dtype=np.int64)
        expected = item_figures(spread_of(marks, sheet.totals[lines]), PER_MARK * len(lines))
        assert (row.figures, row.first, row.last) == (expected, 1, 2)
    assert sum(row.figures.s for row in own.values()) == 60
    assert abs(sum(row.intended_weight for row in rows if row.kind == "slot") - 100) < 1e-9


def test_it_takes_overlapping_parts_for_one_pool():
    papers = [[0, 1, 2], [0, 3, 2], [1, 3, 4], [0, 1, 3]]
    _, rows = analyse(sheet_of(papers, results(4, 5, 1)), key_of([0, 0, 1, 1, 1]))
    assert {(row.first, row.last) for row in rows if row.kind == "question"} == {(1, 3)}


def test_it_leaves_out_what_does_not_count_for_some():
    """A question taken out of the paper: whoever had drawn it has one fewer."""
    right = results(6, 5, 3)
    whole = [[0, 3, 4], [1, 3, 4], [2, 3, 4], [0, 3, 4], [1, 3, 4], [2, 3, 4]]
    without = [[code for code in paper if code != 2] for paper in whole]
    _, rows = analyse(sheet_of(without, right), key_of([0, 0, 0, 1, 2]))
    slots = [row for row in rows if row.kind == "slot"]
    assert [row.figures.s for row in slots] == [4, 6, 6]
    assert [row.question for row in slots] == [None, 3, 4]


def test_it_gives_a_row_to_each_variant():
    right = results(8, 2, 5)
    variants = [[line % 3, ABSENT] for line in range(8)]
    sheet = sheet_of([[0, 1]] * 8, right, variants)
    _, rows = analyse(sheet, key_of([0, 1]))
    assert [(row.kind, row.first, row.variant, row.figures.s) for row in rows] == [
        ("slot", 1, None, 8), ("variant", 1, 0, 3), ("variant", 1, 1, 3), ("variant", 1, 2, 2), ("slot", 2, None, 8),
    ]  # fmt: skip
    own = np.array([PER_MARK * right[line][0] for line in (0, 3, 6)], dtype=np.int64)
    assert rows[1].figures == item_figures(spread_of(own, sheet.totals[[0, 3, 6]] - own), PER_MARK * 3)


def test_it_has_no_rows_for_an_empty_sheet():
    nothing = Sheet(np.zeros(0, np.int64), np.zeros((0, 0), np.int16), np.zeros((0, 0), np.int32), np.zeros((0, 0), np.int16))
    whole, rows = analyse(nothing, key_of([]))
    assert (whole.n, whole.mean, rows) == (0, None, [])
