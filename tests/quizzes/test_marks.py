"""Marks: penalties, certainty, dropped and given questions, corrections, which attempt counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.quizzes.rules.corrections import Corrected, apply_corrections, marking_name
from elearn.quizzes.rules.counting import counted
from elearn.quizzes.rules.grading import Item, Scheme, exact, grade, max_of, plain, read_marks, told

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
ONE = {
    "options": [{"text": "a", "right": True}, {"text": "b"}, {"text": "c", "fraction": "0.5"}, {"text": "d", "fraction": "-0.25"}]
}
ESSAY = {"lines": 5}
A, B, C, D = "A", "B", "C", "D"


def item(**changes) -> Item:
    return Item(**{"type": "single_choice", "body": ONE, "order": [0, 1, 2, 3], **changes})


@pytest.mark.parametrize(
    ("response", "mark"), [(A, "2"), (B, "-0.6666667"), (C, "1"), (D, "-0.5"), (None, "0")],
)  # fmt: skip
def test_it_takes_off_for_wrong_answers_and_not_for_none(response, mark):
    marks = grade([item(max=Decimal(2))], {1: response}, Scheme(wrong_penalty=Decimal("0.33333333")))
    assert marks.by_slot == (Decimal(mark),)
    assert marks.max_total == 2
    assert marks.correct_count == (response == A)


@pytest.mark.parametrize(
    ("response", "certainty", "mark"),
    [
        (A, 1, "1"), (A, 2, "2"), (A, 3, "3"), (A, None, "1"), (B, 1, "0"), (B, 2, "-2"), (B, 3, "-6"), (B, None, "0"), (None, 3, "0"),
        (C, 3, "1.5"), (D, 3, "-6"),
    ],
)  # fmt: skip
def test_it_marks_by_certainty(response, certainty, mark):
    certainties = {} if certainty is None else {1: certainty}
    marks = grade([item()], {1: response}, Scheme(certainty=True, wrong_penalty=Decimal(1)), certainties=certainties)
    assert (marks.by_slot, marks.max_total) == ((Decimal(mark),), 3)


def test_it_leaves_out_what_was_dropped_and_gives_what_is_given():
    items = [item(), item(is_dropped=True), item(is_given=True, max=Decimal("1.5")), Item("description", {}, [])]
    marks = grade(items, {1: A, 2: A, 3: B})
    assert marks.by_slot == (1, 0, Decimal("1.5"), 0)
    assert (marks.total, marks.max_total, marks.correct_count, marks.is_pending) == (Decimal("2.5"), Decimal("2.5"), 3, False)


def test_it_waits_for_people_and_takes_what_they_give():
    items = [item(), Item("essay", ESSAY, [], Decimal(4)), Item("essay", ESSAY, [], Decimal(4))]
    responses = {1: A, 2: {"text": "bài", "files": []}}
    waiting = grade(items, responses)
    assert (waiting.by_slot, waiting.total, waiting.max_total, waiting.is_pending) == ((1, None, 0), 1, 9, True)
    for scheme, most in ((Scheme(), 9), (Scheme(certainty=True), 11), (Scheme(wrong_penalty=Decimal(1)), 9)):
        done = grade(items, responses, scheme, given={2: Decimal("2.5")})
        assert (done.by_slot[1:], done.is_pending, done.max_total) == ((Decimal("2.5"), 0), False, most)


@given(
    st.lists(
        st.tuples(st.sampled_from([None, A, B, C, D]), st.integers(1, 3), st.decimals("0.01", 20, places=2), st.booleans(), st.booleans()),
        min_size=1, max_size=12,
    ),
    st.sampled_from([None, Decimal(0), Decimal("0.25"), Decimal(1)]),
    st.booleans(),
)  # fmt: skip
def test_it_marks_within_bounds_whatever_the_scheme(rows, penalty, certainty):
    items = [item(max=most, is_dropped=dropped, is_given=is_given) for _, _, most, dropped, is_given in rows]
    scheme = Scheme(penalty, certainty)
    responses = {slot: row[0] for slot, row in enumerate(rows, start=1)}
    marks = grade(items, responses, scheme, certainties={slot: row[1] for slot, row in enumerate(rows, start=1)})
    lowest = {False: max(penalty or Decimal(0), Decimal("0.25")), True: Decimal(6)}[certainty]
    for mark, one in zip(marks.by_slot, items, strict=True):
        assert -lowest * one.max <= mark <= max_of(one, scheme)
        assert mark == mark.quantize(Decimal("0.0000001"))
    assert marks.total == sum(marks.by_slot)
    assert marks.max_total == sum(max_of(one, scheme) for one in items)
    assert read_marks(told(marks.by_slot)) == marks.by_slot


@given(st.fractions(-6, 100))
def test_it_rounds_exactly_and_writes_without_exponent(share):
    mark = exact(share)
    assert abs(Fraction(mark) - share) <= Fraction(1, 20_000_000)
    assert Decimal(plain(mark)) == mark
    assert "E" not in plain(mark)


@pytest.mark.parametrize(
    ("kind", "detail", "mark", "most"),
    [
        ("key", {"body": {"options": [{"text": "a"}, {"text": "b", "right": True}]}}, 1, 1),
        ("accept", {"body": {"options": [{"text": "a", "right": True}, {"text": "b", "right": True}]}}, 1, 1),
        ("drop", {"how": "remove"}, 0, 0), ("drop", {"how": "give"}, 1, 1), ("weight", {"mark": "2.5"}, 0, Decimal("2.5")),
    ],
)  # fmt: skip
def test_it_marks_with_corrections_in_force(kind, detail, mark, most):
    pairs = [(7, item(order=[0, 1])), (8, item())]
    items = apply_corrections(pairs, [Corrected(3, 7, kind, detail)])
    marks = grade(items, {1: B, 2: B})
    assert (marks.by_slot, marks.max_total) == ((mark, 0), most + 1)


def test_it_lets_the_later_correction_count_and_names_it():
    twice = [Corrected(3, 7, "drop", {"how": "remove"}), Corrected(5, 7, "drop", {"how": "give"})]
    assert grade(apply_corrections([(7, item())], twice), {}).total == 1
    assert (marking_name([]), marking_name(twice)) == ("2", "2+5")


@dataclass
class Row:
    id: int
    number: int
    mark: Decimal | None
    submitted_at: datetime | None
    state: str = "submitted"
    max_mark: Decimal = Decimal(10)
    is_discarded: bool = False
    is_pending: bool = False


def rows(*marks, **changes) -> list[Row]:
    return [Row(100 + n, n, Decimal(mark), NOW + timedelta(hours=n), **changes) for n, mark in enumerate(marks, start=1)]


@pytest.mark.parametrize(
    ("method", "mark", "number"), [("best", 8, 102), ("last", 6, 104), ("first", 5, 101), ("average", "6.75", None)]
)
def test_it_counts_the_attempt_that_the_quiz_says(method, mark, number):
    done = rows(5, 8, 8, 6)
    still_open = Row(1, 5, None, None, state="open")
    discarded = Row(2, 6, Decimal(0), NOW, is_discarded=True)
    found = counted([still_open, discarded, *reversed(done)], method)
    assert (found.mark, found.attempt_id, found.max_mark) == (Decimal(mark), number, 10)
    assert found.is_passed(60) is (Decimal(mark) >= 6)
    assert found.is_passed(None) is None


def test_it_counts_nothing_where_nothing_is_submitted():
    assert counted([], "best") is None
    assert counted([Row(1, 1, None, None, state="open")], "average") is None


def test_it_averages_shares_where_the_highest_mark_changed():
    done = [*rows(5), Row(9, 2, Decimal(4), NOW, max_mark=Decimal(5))]
    found = counted(done, "average")
    assert (found.mark, found.max_mark) == (Decimal("3.25"), 5)


def test_it_leaves_passing_open_while_a_mark_is_missing():
    assert counted(rows(9, is_pending=True), "best").is_passed(50) is None
