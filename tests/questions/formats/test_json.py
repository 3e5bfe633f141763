"""Our own JSON: nothing lost, every fault at its place."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.lib.errors import InvalidInput
from elearn.questions.formats.json_bank import FORMAT
from elearn.questions.rules.exchange import Draft
from tests.questions.formats.any_drafts import BODIES, drafts, looked_at, without_lines


def one(**question):
    question = {"type": "true_false", "text": "2 + 2 = 4", "body": {"answer": True}} | question
    return json.dumps({"format": "elearn-questions", "version": 1, "questions": [question]}).encode()


@settings(max_examples=300, deadline=None)
@given(st.lists(drafts(*BODIES), max_size=3))
def test_it_gives_back_what_it_was_given(found):
    read, problems = looked_at(FORMAT, FORMAT.write(found))
    assert not [problem for problem in problems if problem.question is None and read]
    assert without_lines(read) == without_lines(found)


def test_it_knows_the_line_of_every_question():
    data = (
        b'{\n"format": "elearn-questions",\n"version": 1,\n"questions": [\n{"type": "description", "text": "a", "body": {}},\n\n'
        + (b'{"type": "description",\n"text": "b", "body": {}}\n]}')
    )
    assert [draft.line for draft in FORMAT.read(data).drafts] == [5, 7]


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ({"type": "riddle"}, "type"),
        ({"type": 7}, "type"),
        ({"text": None}, "text"),
        ({"text": {"text": "a", "format": "rtf"}}, "text.format"),
        ({"body": {"answer": "có"}}, "body.answer"),
        ({"body": {}}, "body.answer"),
        ({"body": []}, "body"),
        ({"type": "single_choice", "body": {"options": {"A": 1}}}, "body.options"),
        ({"type": "single_choice", "body": {"options": [{"text": "a"}, {"text": "b", "right": 1}]}}, "body.options[1].right"),
        ({"type": "multiple_choice", "body": {"options": [], "credit": "all"}}, "body.credit"),
        ({"type": "gap_fill", "body": {"gaps": {"1": {"kind": "blank"}}}}, "body.gaps.1.kind"),
        ({"type": "numeric", "body": {"answers": [{"value": "ba"}]}}, "body.answers[0].value"),
        ({"mark": "nhiều"}, "mark"),
        ({"mark": -1}, "mark"),
        ({"mark": "1e99"}, "mark"),
        ({"tags": "a"}, "tags"),
        ({"name": ["a"]}, "name"),
        ({"files": {"a.png": "không phải"}}, "files.a.png"),
        ({"files": {"../a.png": ""}}, "files"),
        ({"files": ["a"]}, "files"),
        ({"name": "a\0b"}, "name"),
        ({"body": {"answer": True, "feedback": {"true": "\ud800"}}}, "body.feedback.true"),
        ({"extra": []}, "extra"),
    ],
)
def test_it_names_the_place_of_a_fault_and_does_not_take_the_question(question, place):
    found, problems = looked_at(FORMAT, one(**question))
    assert found == []
    errors = [problem for problem in problems if problem.severity == "error"]
    assert place in [problem.values["field"] for problem in errors]
    assert all(problem.line == 1 and "Câu thứ 1" in problem.said() for problem in errors)


def test_it_names_unknown_fields_and_takes_the_question():
    reading = FORMAT.read(one(colour="red", body={"answer": True, "hint": "x"}))
    assert [draft.body for draft in reading.drafts] == [{"answer": True, "hint": "x"}]
    assert {problem.values["field"] for problem in reading.problems} == {"colour", "body.hint"}
    assert {problem.severity for problem in reading.problems} == {"warning"}
    assert {problem.question for problem in reading.problems} == {0}


def test_it_rounds_no_number():
    reading = FORMAT.read(
        b'{"format": "elearn-questions", "version": 1, "questions": [{"type": "description", "text": "a", "body": {}, "mark": 0.1}]}'
    )
    assert str(reading.drafts[0].default_mark) == "0.1"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \n ", "empty_file"),
        (b"[]", "broken_json"),
        (b"{", "broken_json"),
        (b'{"questions": [{"type": "essay",}]}', "broken_json"),
        (b'{"version": 1, "version": 1}', "broken_json"),
        (b'{"questions": [{"type": "essay", "type": "essay"}]}', "broken_json"),
        (b'{"version": NaN}', "broken_json"),
        (b'{"version": ' + b"9" * 5000 + b"}", "broken_json"),
        (b'{"questions": ' + b"[" * 200_000, "broken_json"),
        (b'{"questions": [{"extra": ' + b'{"a":' * 100_000, "broken_json"),
        (b'{"version": 1} x', "broken_json"),
        (b"\xff\xfe\xff", "broken_json"),
        (b"{}", "other_json"),
        (b'{"format": "elearn-questions", "version": 1, "questions": {}}', "other_json"),
        (b'{"format": "elearn-questions", "version": 2, "questions": []}', "other_version"),
        (b"PK\x03\x04", "broken_json"),
    ],
)
def test_it_refuses_a_broken_file_with_its_reason_and_line(data, code):
    start = time.process_time()
    with pytest.raises(InvalidInput) as refused:
        FORMAT.read(data)
    assert refused.value.code == code
    assert code == "empty_file" or refused.value.values["line"]
    assert time.process_time() - start < 2


def test_it_says_at_which_line_the_syntax_breaks():
    with pytest.raises(InvalidInput) as refused:
        FORMAT.read(b'{"format": "elearn-questions",\n"version": 1,\n"questions": [\n{"type" "essay"}]}')
    assert refused.value.values["line"] == 4


def test_it_survives_nesting_that_the_parser_lets_pass():
    extra = "".join(['{"a":'] * 900) + "1" + "}" * 900
    data = f'{{"format": "elearn-questions", "version": 1, "questions": [{{"type": "description", "text": "a", "body": {{}}, "extra": {extra}}}]}}'
    found, problems = looked_at(FORMAT, data.encode())
    assert len(found) + len(problems) == 1


def test_it_keeps_a_level_that_it_does_not_know_and_says_so():
    reading = FORMAT.read(one(level="khó"))
    assert reading.drafts[0].level == "khó"
    assert "khó" in reading.problems[0].said()


def test_it_writes_nothing_that_it_would_not_read():
    for draft in (
        Draft("essay", "a\0b", {}),
        Draft("essay", "a", {}, files={"../x": b""}),
        Draft("true_false", "a", {"answer": "maybe"}),
    ):
        with pytest.raises(InvalidInput) as refused:
            FORMAT.write([draft])
        assert refused.value.code == "not_expressible"
