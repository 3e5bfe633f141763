"""The peer's quiz of seven places, and takers who answer it as its 25 attempts did: they know what is on their page, and nothing else."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from elearn.core import clock
from elearn.questions.models import Question
from elearn.questions.services import BankSpec, QuestionSpec, put_bank, put_question
from elearn.quizzes.models import Quiz

PEER = Path(__file__).parents[3] / "shared" / "peer" / "moodle-statistics"
LETTERS = "ABCDEFGHIJ"
DATA = [(7.6, 2.3), (6.4, 2.1), (1.9, 1.4), (9.5, 9.9), (5.2, 9.0), (7.3, 2.1), (1.2, 7.9), (3.4, 2.3), (5.2, 1.9), (3.4, 3.4)]
POOL = {
    "shortanswer": (
        "short_answer", "Which animal is it?",
        {"answers": [{"text": "frog"}, {"text": "toad", "fraction": "0.8"}, {"text": "*", "fraction": "0"}]},
    ),
    "numerical": (
        "numeric", "What is pi?",
        {"answers": [{"value": "3.14"}, {"value": "3.142", "fraction": "0"}, {"value": "3.1", "fraction": "0"}]},
    ),
}  # fmt: skip
FIXED = {
    "sumwithvariants": (
        "calculated", "What is {a} + {b}?",
        {
            "answers": [{"formula": "{a} + {b}", "tolerance": "0.01", "tolerance_kind": "relative"}],
            "variants": [{"a": str(a), "b": str(b)} for a, b in DATA],
        },
    ),
    "match": (
        "matching", "Classify the animals.",
        {"pairs": [{"left": animal, "right": kind} for animal, kind in (("frog", "amphibian"), ("cat", "mammal"), ("newt", "amphibian"))]},
    ),
    "truefalse": ("true_false", "Is it so?", {"answer": True}),
    "two_of_four": (
        "multiple_choice", "Which are odd?",
        {
            "options": [
                {"text": "One", "fraction": "0.5"}, {"text": "Two", "fraction": "0"}, {"text": "Three", "fraction": "0.5"},
                {"text": "Four", "fraction": "0"},
            ],
            "credit": "weights",
        },
    ),
    "one_of_four": (
        "single_choice", "Which is the oddest?",
        {"options": [{"text": "One", "right": True}, {"text": "Two"}, {"text": "Three"}, {"text": "Four"}]},
    ),
    "multianswer": (
        "gap_fill", "The {#1} and the {#2} went to sea.",
        {
            "gaps": {
                "1": {"kind": "text", "answers": [{"text": "Dog", "fraction": "0"}, {"text": "Owl"}, {"text": "*", "fraction": "0"}]},
                "2": {"kind": "choice", "options": [{"text": "Bow-wow"}, {"text": "Wiggly worm"}, {"text": "Pussy-cat", "right": True}]},
            }
        },
    ),
}  # fmt: skip


def rows_of(name: str) -> list[dict[str, str]]:
    """A table of the peer; the test is skipped where it is absent."""
    if not PEER.exists():
        pytest.skip(f"peer data: {PEER} is not there")
    with (PEER / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def make_quiz(session: Any) -> Quiz:
    """The quiz: one question drawn from a pool of two, then six that stand in their order, with their options mixed."""
    now = clock.now()
    made: dict[str, Question] = {}
    for bank_code, questions in (("peer-rand", POOL), ("peer-main", FIXED)):
        bank = put_bank(session, BankSpec(bank_code, bank_code, "", 1))
        session.flush()
        for code, (kind, text, body) in questions.items():
            put_question(session, bank.id, QuestionSpec(code, kind, "", "", text, body, "", None), now)
        pool_id = bank.id if bank_code == "peer-rand" else pool_id  # noqa: F821 - set in the first round
    session.flush()
    for code in FIXED:
        made[code] = session.query(Question).filter_by(code=code).one()
    blueprint = [{"bank": pool_id, "count": 1}, *({"question": made[code].id} for code in FIXED)]
    quiz = Quiz(
        code="peer", title="Bài đối chiếu", unit_id=1, blueprint=blueprint, question_count=7, shuffle_questions=False,
        time_limit_seconds=3600, attempt_limit=1, review="after_submit", is_for_all=True,
    )  # fmt: skip
    session.add(quiz)
    session.flush()
    return quiz


def shown(html: str) -> str:
    """Words of an option without the paragraph in which they may stand."""
    return html.replace("<p>", "").replace("</p>", "").strip()


def label_of(options: list[str], words: str) -> str:
    """The letter that stands before these words on the page."""
    return LETTERS[[shown(option) for option in options].index(words)]


def answers(step: dict[str, str], controls: list[dict[str, Any]]) -> dict[int, Any]:
    """What this row of the peer answers, by slot, from the controls of its page."""
    told: dict[int, Any] = {1: step["responses.1.answer"], 2: step["responses.2.answer"]}
    match, two, one, gaps = controls[2], controls[4], controls[5], controls[6]
    told[3] = [label_of(match["choices"], step[f"responses.3.{shown(row)}"]) for row in match["rows"]]
    told[4] = "A" if step["responses.4.answer"] == "1" else "B"
    told[5] = [label_of(two["options"], words) for words in ("One", "Two", "Three", "Four") if step[f"responses.5.{words}"] == "1"]
    told[6] = label_of(one["options"], step["responses.6.answer"])
    told[7] = {"1": step["responses.7.1.answer"], "2": label_of(gaps["gaps"]["2"]["options"], step["responses.7.2.answer"])}
    return told
