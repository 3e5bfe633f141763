"""Aiken against what Moodle makes of the same files, and against itself."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.lib.errors import InvalidInput
from elearn.questions.formats.aiken import FORMAT
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.moodle import name_from
from elearn.questions.rules.texts import rich
from tests.questions.formats.drafts import TAME, words
from tests.questions.formats.moodle_shape import expected, peer, same, stored


def read(text):
    return FORMAT.read(text.encode())


def test_it_stores_what_moodle_stores():
    wanted = expected("aiken__questions.aiken.txt")
    reading = FORMAT.read(peer("moodle-formats", "questions.aiken.txt"))
    assert not reading.problems
    same([stored(draft) for draft in reading.drafts], wanted["questions"])


def test_it_keeps_the_good_questions_of_a_faulty_file_and_names_the_others():
    wanted = expected("aiken__aiken_errors.txt")
    reading = FORMAT.read(peer("moodle-formats", "aiken_errors.txt"))
    same([stored(draft) for draft in reading.drafts], wanted["questions"])
    # Moodle counts each line of a file with line ends of Windows twice.
    lines = [(int(line) + 1) // 2 for line in re.findall(r"on line (\d+)", wanted["messages"])]
    assert [(problem.line, problem.severity, problem.question) for problem in reading.problems] == [
        (line, "error", None) for line in lines
    ]


@pytest.mark.parametrize(
    ("aiken", "line"),
    [
        ("Good\nA) a\nB) b\nANSWER: A\n\nBad\nA) a\nB) b\nANSWER: C", 9),
        ("Good\nA) a\nB) b\nANSWER: A\n\nBad\nA) a\nB) b\nANSWER:", 9),
        ("Good\nA) a\nB) b\nANSWER: A\n\nBad\nA) a\nB) b\n", 6),
        ("Good\nA) a\nB) b\nANSWER: A\n\nTwo\nlines", 7),
    ],
)
def test_it_names_the_line_of_a_fault(aiken, line):
    reading = read(aiken)
    assert [draft.name for draft in reading.drafts] == ["Good"]
    assert reading.problems[0].line == line
    assert all(problem.severity == "error" for problem in reading.problems)


def test_it_refuses_a_file_without_a_question():
    for data in (b"", b"A) a\nANSWER: A", b"\xff\xfe\x00"):
        with pytest.raises(InvalidInput) as refusal:
            FORMAT.read(data)
        assert refusal.value.values["line"] == 1


LINES = words([*TAME, "A)", "ANSWER:", "&amp;", "//"], 0, 6).map(lambda text: "x" + text.strip() + "y")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(LINES, st.lists(LINES, min_size=2, max_size=6), st.integers(0, 1)), min_size=1, max_size=4))
def test_it_writes_what_it_reads(questions):
    def shown(text):
        return rich(html.escape(text, quote=False), "html")

    drafts = [
        Draft(
            "single_choice",
            shown(text),
            {
                "options": [
                    {"text": shown(option)} | ({"right": True} if place == right else {}) for place, option in enumerate(options)
                ]
            },
            name=name_from(text),
        )
        for text, options, right in questions
    ]
    assert [vars(draft) | {"line": 0} for draft in FORMAT.read(FORMAT.write(drafts)).drafts] == [vars(draft) for draft in drafts]


def test_it_writes_formatted_texts_as_plain_lines():
    draft = Draft(
        "single_choice", rich("<p>Một<br>\nhai</p>", "html"), {"options": [{"text": "x\ny", "right": True}, {"text": "z"}]}
    )
    assert FORMAT.write([draft]).decode() == "Một hai\nA) x y\nB) z\nANSWER: A\n"


@pytest.mark.parametrize(
    "draft",
    [
        Draft("true_false", "Một", {"answer": True}),
        Draft("single_choice", "Một", {"options": [{"text": "a"}, {"text": "b"}]}),
        Draft("single_choice", "Một", {"options": [{"text": str(place), "right": not place} for place in range(27)]}),
        Draft("single_choice", "A) Một", {"options": [{"text": "a", "right": True}, {"text": "b"}]}),
        Draft("single_choice", "", {"options": [{"text": "a", "right": True}, {"text": "b"}]}),
    ],
)
def test_it_refuses_to_write_what_would_be_read_otherwise(draft):
    with pytest.raises(InvalidInput):
        FORMAT.write([draft])
