"""What a correction makes of results: question by question, with and without anybody losing."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.lib.errors import InvalidInput
from elearn.quizzes.rules.grading import Item, Scheme
from elearn.quizzes.rules.repair import (
    Response,
    Result,
    by_policy,
    check_fits,
    is_same,
    remark,
    tally,
    with_further_answer,
    with_further_option,
    with_right_options,
)

BODY = {"options": [{"text": "a", "right": True}, {"text": "b"}, {"text": "c"}]}
OLD = Item("single_choice", BODY, [0, 1, 2])
NEW = Item("single_choice", with_right_options(BODY, [1]), [0, 1, 2])
BEFORE = Result((D(1), D(0)), D(1), D(2), 1, True, "2")


def test_it_marks_only_the_question_concerned():
    after = remark(BEFORE, {1: (OLD, NEW, Response("A"))}, Scheme(), 50, "2+1")
    assert (after.marks, after.mark, after.max_mark, after.correct_count, after.is_passed) == ((D(0), D(0)), D(0), D(2), 0, False)
    assert after.marking == "2+1"
    up = remark(Result((D(0), D(1)), D(1), D(2), 1, True, "2"), {1: (OLD, NEW, Response("B"))}, Scheme(), 50, "2+1")
    assert (up.mark, up.correct_count) == (D(2), 2)


def test_it_keeps_what_nobody_may_lose():
    down = remark(BEFORE, {1: (OLD, NEW, Response("A"))}, Scheme(), 50, "2+1")
    assert by_policy(BEFORE, down, "never_lower") is BEFORE
    assert by_policy(BEFORE, down, "exact") is down


def test_a_further_answer_is_right_as_well():
    both = Item("single_choice", with_further_option(BODY, 1), [0, 1, 2])
    for response in ("A", "B"):
        assert remark(BEFORE, {1: (OLD, both, Response(response))}, Scheme(), None, "2+1").marks[0] == D(1)
    assert remark(BEFORE, {1: (OLD, both, Response("C"))}, Scheme(), None, "2+1").marks[0] == D(0)


def test_a_question_taken_out_changes_the_maximum_and_given_marks_fill_it():
    out = remark(BEFORE, {2: (OLD, Item("single_choice", BODY, [0, 1, 2], is_dropped=True), Response("B"))}, Scheme(), 100, "2+1")
    assert (out.mark, out.max_mark, out.is_passed, out.correct_count) == (D(1), D(1), True, 2)
    full = remark(BEFORE, {2: (OLD, Item("single_choice", BODY, [0, 1, 2], is_given=True), Response(None))}, Scheme(), 100, "2+1")
    assert (full.mark, full.max_mark, full.is_passed) == (D(2), D(2), True)


def test_a_new_weight_counts_in_mark_and_maximum():
    heavy = Item("single_choice", BODY, [0, 1, 2], max=D(3))
    after = remark(BEFORE, {1: (OLD, heavy, Response("A"))}, Scheme(), None, "2+1")
    assert (after.mark, after.max_mark) == (D(3), D(4))


def test_it_says_nothing_of_passing_while_somebody_has_to_mark():
    pending = Result((D(0), None), D(0), D(2), 0, None, "2")
    assert remark(pending, {1: (OLD, NEW, Response("B"))}, Scheme(), 10, "2+1").is_passed is None


def test_it_counts_persons_and_attempts_apart():
    low, high = Result((D(0),), D(0), D(1), 0, False, "2"), Result((D(1),), D(1), D(1), 1, True, "2+1")
    counted = tally([(5, low, high), (5, low, high), (6, high, low)])
    assert (counted.attempts, counted.people, counted.up, counted.down, counted.now_pass, counted.now_fail) == (3, 2, 2, 1, 2, 1)


def test_it_keeps_typed_answers_behind_the_further_one():
    body = {"answers": [{"text": "*", "fraction": "0"}]}
    assert [one["text"] for one in with_further_answer(body, {"text": "Pác Bó"})["answers"]] == ["Pác Bó", "*"]
    with pytest.raises(InvalidInput):
        with_further_answer(body, {"text": " "})


def test_it_refuses_a_key_that_answers_do_not_fit():
    check_fits("single_choice", BODY, "single_choice", with_right_options(BODY, [2]))
    with pytest.raises(InvalidInput):
        check_fits("single_choice", BODY, "single_choice", {"options": BODY["options"][:2]})
    with pytest.raises(InvalidInput):
        check_fits("single_choice", BODY, "multiple_choice", BODY)


RESULTS = st.builds(
    lambda marks, highest, passed: Result(tuple(marks), sum(marks, D(0)), D(len(marks)) * highest, 0, passed, "2"),
    st.lists(st.integers(-20, 100).map(lambda cents: D(cents) / 100), min_size=1, max_size=5),
    st.integers(1, 3).map(D),
    st.sampled_from([True, False, None]),
)


@given(RESULTS, RESULTS)
def test_nobody_ever_loses_where_nobody_may(before, after):
    kept = by_policy(before, after, "never_lower")
    assert kept.mark * before.max_mark >= before.mark * kept.max_mark
    assert not (before.is_passed and kept.is_passed is False)
    assert kept in (before, after)


@given(RESULTS)
def test_a_result_survives_its_row(result):
    assert Result.from_json(result.as_json()) == result
    assert is_same(result, Result.from_json(result.as_json()))
