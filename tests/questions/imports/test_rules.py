"""Laws of the preview's pure rules: what is kept comes back, what is not changed stays."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.lib.canonical import canonical
from elearn.lib.errors import InvalidInput
from elearn.questions.queries import TYPES
from elearn.questions.queries.looks import look_of
from elearn.questions.rules.answer_lines import lines_of, manner_of, with_lines
from elearn.questions.rules.exchange import Draft, Problem
from elearn.questions.rules.mending import Fields, fields_of, typed_text, with_fields
from elearn.questions.rules.staging import (
    Doubt,
    doubt_of,
    doubts_in,
    draft_in,
    first_choice,
    fit_to_keep,
    kept_draft,
    with_faults,
    worst_of,
)
from elearn.questions.rules.telling import told
from elearn.questions.rules.typed import read_text
from elearn.questions.services import faults_of
from tests.questions.bodies import bodies
from tests.questions.formats.drafts import drafts

any_draft = st.sampled_from(sorted(TYPES.keys())).flatmap(drafts)
KINDS = [key for key in TYPES.keys() if manner_of(key)]
PLACES = {
    "options": "options",
    "texts": "answers",
    "numbers": "answers",
    "formulas": "answers",
    "pairs": "pairs",
    "items": "items",
    "gaps": "gaps",
}


@given(any_draft)
def test_it_keeps_a_draft_as_json(draft):
    files, draft.files = dict.fromkeys(draft.files, "0" * 64), {}
    back, kept = draft_in(json.loads(canonical(kept_draft(draft, files))))
    assert back == draft
    assert kept == files


@given(st.data(), st.sampled_from(KINDS))
def test_it_leaves_unchanged_lines_alone(data, kind):
    body = data.draw(bodies(kind))
    assert with_lines(kind, "\n".join(lines_of(kind, body)), body) == body


@given(st.data(), st.sampled_from([kind for kind in KINDS if kind != "true_false"]))
def test_it_reads_lines_that_were_typed_anew(data, kind):
    body = data.draw(bodies(kind))
    bare = {name: value for name, value in body.items() if name not in ("options", "answers", "pairs", "items", "extra")}
    if kind == "gap_fill":
        bare["gaps"] = {number: {"kind": gap["kind"]} for number, gap in body["gaps"].items()}
    lines = lines_of(kind, body)
    assert lines_of(kind, with_lines(kind, "\n".join(lines), bare)) == lines


@given(st.data(), st.sampled_from(KINDS))
def test_it_changes_only_what_was_changed(data, kind):
    body = data.draw(bodies(kind))
    lines = lines_of(kind, body)
    if kind in ("true_false", "gap_fill", "matching") or len(lines) < 2:
        return
    name = "options" if "options" in body else "items" if kind == "ordering" else "answers"
    changed = with_lines(kind, "\n".join([*lines[:-1], "zzz"]), body)
    assert changed[name][:-1] == body[name][:-1]
    assert {key: value for key, value in changed.items() if key != name} == {
        key: value for key, value in body.items() if key != name
    }


@pytest.mark.parametrize(
    ("kind", "text", "body"),
    [
        ("single_choice", "* a\nb", {"options": [{"text": "a", "right": True}, {"text": "b"}]}),
        ("single_choice", "*a\n\n b ", {"options": [{"text": "a", "right": True}, {"text": "b"}]}),
        ("multiple_choice", "[33,33333%] a\n[-50%] b", {"options": [{"text": "a", "fraction": "0.3333333"}, {"text": "b", "fraction": "-0.5"}]}),
        ("single_choice", "* a ⏎ a2\nb", {"options": [{"text": "a\na2", "right": True}, {"text": "b"}]}),
        ("true_false", "sai", {"answer": False}),
        ("short_answer", "frog*\n[50%] toad", {"answers": [{"text": "frog*"}, {"text": "toad", "fraction": "0.5"}]}),
        ("numeric", "3,14 ± 0,01 (tương đối)", {"answers": [{"value": "3.14", "tolerance": "0.01", "tolerance_kind": "relative"}]}),
        ("numeric", "1.000,5\n*", {"answers": [{"value": "1.000,5"}, {"value": "*"}]}),
        ("calculated", "{a}+{b} ± 0,5", {"answers": [{"formula": "{a}+{b}", "tolerance": "0.5"}]}),
        ("matching", "a => 1\n=> 2", {"pairs": [{"left": "a", "right": "1"}], "extra": ["2"]}),
        ("ordering", "a\nb", {"items": ["a", "b"]}),
        ("gap_fill", "{#2}: *a | b", {"gaps": {"2": {"kind": "choice", "options": [{"text": "a", "right": True}, {"text": "b"}]}}}),
        ("gap_fill", r"1: a \| b", {"gaps": {"1": {"kind": "text", "answers": [{"text": "a | b"}]}}}),
        ("essay", "anything", {}),
    ],
)  # fmt: skip
def test_it_reads_lines(kind, text, body):
    assert with_lines(kind, text, {}) == body


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("true_false", "có"),
        ("true_false", "Đúng\nSai"),
        ("matching", "a = b"),
        ("matching", "a =>"),
        ("gap_fill", "một"),
        ("gap_fill", "1: |"),
    ],
)
def test_it_refuses_lines_that_say_nothing(kind, text):
    with pytest.raises(InvalidInput) as refused:
        with_lines(kind, text, {"answer": True})
    assert refused.value.field == "answers"


@given(any_draft)
def test_it_leaves_a_question_alone_whose_fields_were_not_changed(draft):
    same = with_fields(draft, fields_of(draft))
    assert (same.text, same.body, same.explanation, same.default_mark) == (
        draft.text,
        draft.body,
        draft.explanation,
        draft.default_mark,
    )


@given(
    st.sampled_from(["single_choice", "multiple_choice", "true_false", "short_answer", "essay"]).flatmap(
        lambda kind: bodies(kind).map(lambda body: (kind, body))
    )
)
def test_it_types_a_question_so_that_it_is_read_as_itself(question):
    kind, body = question
    text = typed_text(Draft(kind, "Câu dẫn", body))
    if text is not None:
        (again,) = read_text(text).drafts
        assert (again.type, again.text) == (kind, "Câu dẫn")


def test_it_types_no_question_in_the_language_of_machines():
    assert typed_text(Draft("ordering", "Xếp", {"items": ["a", "b"]})) is None
    assert "Nội dung máy" not in typed_text(Draft("single_choice", "Ai?", {"options": [{"text": "a"}, {"text": "b"}]}))


@given(any_draft)
def test_it_shows_and_tells_whatever_comes(draft):
    """Sound or not: nothing that a reader may give breaks the page or the command."""
    is_sound = not faults_of(draft)
    look = look_of(draft, {}, is_sound)
    assert look.type_name
    assert "<script" not in str(look.stem)
    assert json.dumps(told(draft))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"options": None},
        {"options": [{}]},
        {"options": ["x"]},
        {"answers": [{"text": 3}]},
        {"gaps": {}},
        {"pairs": []},
        {"answer": "x"},
    ],
)
@pytest.mark.parametrize("kind", [*TYPES.keys(), "no_such_type"])
def test_it_shows_questions_that_no_type_would_take(kind, body):
    draft = Draft(kind, "Câu dẫn", body)
    assert look_of(draft, {}, is_sound=not faults_of(draft)).stem
    assert fields_of(draft).text == "Câu dẫn"


def test_it_says_a_fault_once():
    reader = doubt_of(Problem(4, "error", "Hai phương án %(a)s và %(b)s giống nhau.", {"a": "A", "b": "B"}, 0, "options"))
    both = with_faults([reader], [("body", "Có hai phương án giống nhau."), ("text", "Hãy viết câu dẫn.")], 3)
    assert [one.said() for one in both] == ["Hãy viết câu dẫn.", "Hai phương án A và B giống nhau."]
    assert doubts_in(one.kept() for one in both) == both
    assert with_faults(both, [], 3) == [reader]


def test_it_chooses_for_nobody_what_is_doubtful():
    assert worst_of([]) == ""
    assert worst_of([Doubt(1, "info", "a"), Doubt(1, "error", "b"), Doubt(1, "warning", "c")]) == "error"
    assert [first_choice(worst, False) for worst in ("", "info", "warning", "error")] == ["take", "take", "take", "skip"]
    assert first_choice("", True) == "skip"


def test_it_keeps_only_what_a_database_can():
    draft = fit_to_keep(Draft("essay", "a\0b\ud800", {"guide": {"text": "\0", "format": "html"}}, tags=["\0t"]))
    assert (draft.text, draft.body, draft.tags) == ("ab", {"guide": {"text": "", "format": "html"}}, ["t"])


def test_it_takes_fields_as_they_are_typed():
    draft = Draft("essay", {"text": "<b>Viết</b>", "format": "html"}, {}, default_mark=Decimal(2))
    changed = with_fields(draft, Fields(text="<i>Viết</i>", default_mark="0,25", tags=" a ,, b"))
    assert changed.text == {"text": "<i>Viết</i>", "format": "html"}
    assert (changed.default_mark, changed.tags) == (Decimal("0.25"), ["a", "b"])
    with pytest.raises(InvalidInput):
        with_fields(draft, Fields(default_mark="nhiều"))
