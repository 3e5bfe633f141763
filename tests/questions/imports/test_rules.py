"""Laws of the preview's pure rules: what is kept comes back, what is not changed stays."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.lib.canonical import canonical
from elearn.questions.queries import TYPES
from elearn.questions.queries.looks import look_of
from elearn.questions.rules.exchange import Draft, Problem
from elearn.questions.rules.mending import typed_text
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


@given(any_draft)
def test_it_keeps_a_draft_as_json(draft):
    files, draft.files = dict.fromkeys(draft.files, "0" * 64), {}
    back, kept = draft_in(json.loads(canonical(kept_draft(draft, files))))
    assert back == draft
    assert kept == files


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
