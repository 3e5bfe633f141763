"""The 25 attempts of another system: every response earns what it earned there, and falls into the class it fell into there."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from elearn.questions.queries import TYPES
from elearn.quizzes.rules.grading import exact
from tests.questions.peer import rows

TWO_OF_FOUR = {
    "options": [{"text": "One", "fraction": "0.5"}, {"text": "Two"}, {"text": "Three", "fraction": "0.5"}, {"text": "Four"}],
    "credit": "weights",
}
ONE_OF_FOUR = {"options": [{"text": "One", "right": True}, {"text": "Two"}, {"text": "Three"}, {"text": "Four"}]}
VARIANTS = [(7.6, 2.3), (6.4, 2.1), (1.9, 1.4), (9.5, 9.9), (5.2, 9.0), (7.3, 2.1), (1.2, 7.9), (3.4, 2.3), (5.2, 1.9), (3.4, 3.4)]
POOL = {
    "shortanswer": (
        "short_answer",
        {"answers": [{"text": "frog"}, {"text": "toad", "fraction": "0.8"}, {"text": "*", "fraction": "0"}]},
    ),
    "numerical": (
        "numeric",
        {"answers": [{"value": "3.142", "fraction": "0"}, {"value": "3.14"}, {"value": "3.1", "fraction": "0"}]},
    ),
}
SUM = {
    "answers": [{"formula": "{a} + {b}", "tolerance": "0.01", "tolerance_kind": "relative"}],
    "variants": [{"a": str(a), "b": str(b)} for a, b in VARIANTS],
}
PAIRS = [("frog", "amphibian"), ("cat", "mammal"), ("newt", "amphibian")]
MATCH = {"pairs": [{"left": left, "right": right} for left, right in PAIRS], "extra": ["insect"]}
VERSES = {"gaps": {"1": {"kind": "text", "answers": [{"text": "Owl"}]}, "2": {"kind": "text", "answers": [{"text": "Pussy-cat"}]}}}


def answers(step: dict[str, str]):
    """Slot, type, body, order and response of each answer of an attempt."""
    kind, body = POOL[step["randqs.1"]]
    yield 1, kind, body, [], step["responses.1.answer"]
    yield 2, "calculated", SUM, {"variant": int(step["variants.2"]) - 1}, step["responses.2.answer"]
    choices = ["amphibian", "insect", "mammal"]
    response = ["ABC"[choices.index(step[f"responses.3.{left}"])] for left, _ in PAIRS]
    yield 3, "matching", MATCH, {"left": [0, 1, 2], "right": [0, 1, 2]}, response
    yield 4, "true_false", {"answer": True}, [], "A" if step["responses.4.answer"] == "1" else "B"
    names = ["One", "Two", "Three", "Four"]
    ticked = ["ABCD"[place] for place, name in enumerate(names) if step[f"responses.5.{name}"] == "1"]
    yield 5, "multiple_choice", TWO_OF_FOUR, [0, 1, 2, 3], ticked
    yield 6, "single_choice", ONE_OF_FOUR, [0, 1, 2, 3], "ABCD"[names.index(step["responses.6.answer"])]
    yield 7, "gap_fill", VERSES, {}, {"1": step["responses.7.1.answer"], "2": step["responses.7.2.answer"]}


def test_it_marks_every_response_as_the_peer_did():
    results = {row["quizattempt"]: row for row in rows("results00.csv")}
    steps = rows("steps00.csv")
    assert len(steps) == 25
    for step in steps:
        for slot, kind, body, order, response in answers(step):
            expected = Decimal(results[step["quizattempt"]][f"slots.{slot}.mark"])
            found = exact(TYPES[kind].mark(body, order, response))
            assert abs(found - expected) <= Decimal("0.0000001"), (step["quizattempt"], slot)


def test_it_classes_every_response_as_the_peer_did():
    seen: Counter[tuple[str, str, str, str, str]] = Counter()
    for step in rows("steps00.csv"):
        for slot, kind, body, order, response in answers(step):
            name = step["randqs.1"] if slot == 1 else ""
            variant = step["variants.2"] if slot == 2 else "1"
            for number, part in enumerate(TYPES[kind].classes(body, order, response), start=1):
                seen[(f"{slot}{name}", variant, str(number), part.model, part.actual)] += 1
    expected = rows("responsecounts00.csv")
    assert len(expected) == 18
    # The peer counts for the question drawn of the pool, and for variants 1 and 4.
    for row in expected:
        key = (f"{row['slot']}{row['randq']}", row["variant"], row["subpart"], row["modelresponse"], row["actualresponse"])
        assert seen[key] == int(row["totalcount"]), key


@pytest.mark.parametrize("key", ["short_answer", "numeric", "calculated", "matching"])
def test_it_knows_the_classes_of_the_key(key):
    bodies = {"short_answer": POOL["shortanswer"][1], "numeric": POOL["numerical"][1], "calculated": SUM, "matching": MATCH}
    wanted = {
        "short_answer": ["frog", "toad", "*"],
        "numeric": ["3.142 (3.142..3.142)", "3.14 (3.14..3.14)", "3.1 (3.1..3.1)"],
        "calculated": ["{a} + {b} (±0.01 Relative)"],
        "matching": [f"{left}: {choice}" for left, _ in PAIRS for choice in ("amphibian", "insect", "mammal")],
    }
    assert [part.model for part in TYPES[key].model(bodies[key])] == wanted[key]
