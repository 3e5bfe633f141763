"""One contract for all types of question: each carries its worked examples."""

from __future__ import annotations

from fractions import Fraction

import pytest

from elearn.lib.errors import InvalidInput
from elearn.questions.queries import TYPES

CASES = [(kind, example) for kind in TYPES for example in kind.examples]


@pytest.mark.parametrize(("kind", "example"), CASES, ids=lambda value: getattr(value, "key", getattr(value, "why", "")))
def test_it_marks_its_examples(kind, example):
    if example.mark is None:
        with pytest.raises(InvalidInput):
            kind.mark(example.body, example.order, example.response)
    else:
        assert kind.mark(example.body, example.order, example.response) == example.mark


@pytest.mark.parametrize("kind", list(TYPES), ids=lambda kind: kind.key)
def test_it_carries_what_a_type_must(kind):
    marks = [example.mark for example in kind.examples]
    assert Fraction(1) in marks
    assert Fraction(0) in marks
    assert None in marks
    assert any(example.response in (None, []) for example in kind.examples)
    assert kind.name
    assert kind.instruction


@pytest.mark.parametrize(("kind", "example"), CASES, ids=lambda value: getattr(value, "key", getattr(value, "why", "")))
def test_it_finds_its_examples_sound_apart_from_their_length(kind, example):
    assert not [fault for fault in kind.check(example.body) if "Số phương án" not in fault]


@pytest.mark.parametrize("kind", list(TYPES), ids=lambda kind: kind.key)
@pytest.mark.parametrize("response", [0, 1.5, True, {"A": 1}, [["A"]], "AB", "a", "Đ", "", [None], "A" * 5000])
def test_it_refuses_nonsense_and_never_fails_otherwise(kind, response):
    example = kind.examples[0]
    with pytest.raises(InvalidInput):
        kind.mark(example.body, example.order, response)


@pytest.mark.parametrize("kind", list(TYPES), ids=lambda kind: kind.key)
def test_it_shows_no_word_of_the_key(kind):
    body, order = kind.examples[0].body, kind.examples[0].order
    swapped = (
        {"answer": not body["answer"]}
        if "answer" in body
        else {"options": [{**option, "right": not option.get("right")} for option in body["options"]]}
    )
    assert kind.shown(body, order) == kind.shown(swapped, order)


@pytest.mark.parametrize("key", ["single_choice", "multiple_choice"])
def test_it_keeps_options_last_that_must_stay_last(key):
    options = [{"text": "a"}, {"text": "cả ba", "last": True}, {"text": "b"}, {"text": "c", "right": True}]
    order = TYPES[key].order({"options": options}, lambda count: list(reversed(range(count))))
    assert order == [3, 2, 0, 1]


@pytest.mark.parametrize(
    ("key", "body", "word"),
    [
        ("single_choice", {"options": [{"text": "a", "right": True}, {"text": "b", "right": True}, {"text": "c"}]}, "đúng một"),
        ("single_choice", {"options": [{"text": "a"}, {"text": "b"}]}, "Số phương án"),
        ("single_choice", {"options": [{"text": "a"}, {"text": "A"}, {"text": "c", "right": True}]}, "giống nhau"),
        ("single_choice", {"options": [{"text": " "}, {"text": "b"}, {"text": "c", "right": True}]}, "để trống"),
        ("single_choice", {}, "danh sách"),
        ("multiple_choice", {"options": [{"text": t} for t in "abcd"]}, "từ hai"),
        ("true_false", {"answer": "có"}, "true hoặc false"),
    ],
)
def test_it_names_the_faults_of_a_body(key, body, word):
    assert any(word in fault for fault in TYPES[key].check(body))
