"""One contract for all formats of question files."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.lib.errors import InvalidInput
from elearn.questions.queries import TYPES
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.files import FORMATS, MOST_BYTES, recognise
from elearn.questions.rules.texts import format_of, words_of
from tests.questions.formats.drafts import drafts as drawn
from tests.questions.formats.moodle_shape import peer

EVERY = list(FORMATS)
EXAMPLES = [(form, example) for form in EVERY for example in form.examples]
WRITERS = [form for form in EVERY if form.writes]


def by_key(value):
    return getattr(value, "key", "")


def said(drafts):
    """Everything but the line, which belongs to the file."""
    return [vars(draft) | {"line": 0} for draft in drafts]


@pytest.mark.parametrize("form", EVERY, ids=by_key)
def test_it_carries_what_a_format_must(form):
    assert form.name
    assert form.mimetype
    assert form.examples
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in form.suffixes)


@pytest.mark.parametrize(("form", "example"), EXAMPLES, ids=by_key)
def test_it_reads_its_examples_without_fault(form, example):
    reading = form.read(example)
    assert reading.drafts
    assert not [problem for problem in reading.problems if problem.severity == "error"]
    for draft in reading.drafts:
        assert draft.line > 0
        assert words_of(draft.text)
        assert format_of(draft.text) in ("markdown", "html", "plain", "moodle")


@pytest.mark.parametrize(("form", "example"), EXAMPLES, ids=by_key)
def test_it_reads_its_examples_as_sound_questions(form, example):
    for draft in form.read(example).drafts:
        assert not TYPES[draft.type].check(draft.body, draft.text)


PEERS = [
    ("gift", "gift-examples.txt"),
    ("aiken", "questions.aiken.txt"),
    ("moodle_xml", "multichoice.xml"),
    ("moodle_xml", "truefalse.xml"),
]


@pytest.mark.parametrize(("key", "name"), PEERS)
def test_it_reads_files_of_others_as_sound_questions(key, name):
    for draft in FORMATS[key].read(peer("moodle-formats", name)).drafts:
        assert not TYPES[draft.type].check(draft.body, draft.text)


@pytest.mark.parametrize(("form", "example"), EXAMPLES, ids=by_key)
def test_it_recognises_its_examples(form, example):
    name = f"questions{form.suffixes[0]}"
    assert form.looks_like(name, example) > 0
    assert recognise(FORMATS, name, example) is form


@pytest.mark.parametrize(("form", "example"), EXAMPLES, ids=by_key)
def test_it_reads_again_what_it_writes(form, example):
    if form.writes:
        drafts = form.read(example).drafts
        assert said(form.read(form.write(drafts)).drafts) == said(drafts)


@pytest.mark.parametrize("form", WRITERS, ids=by_key)
def test_it_writes_the_types_it_names_and_no_others(form):
    read = {draft.type for example in form.examples for draft in form.read(example).drafts}
    assert read <= form.writes
    with pytest.raises(InvalidInput):
        form.write([Draft("no_such_type", "x", {}, name="x")])


@pytest.mark.parametrize("form", EVERY, ids=by_key)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_it_refuses_broken_files_and_never_fails_otherwise(form, data):
    example = bytearray(data.draw(st.sampled_from(form.examples)))
    way = data.draw(st.sampled_from(["cut", "noise", "change", "insert", "double"]))
    if way == "cut":
        example = example[: data.draw(st.integers(0, len(example)))]
    elif way == "noise":
        example = bytearray(data.draw(st.binary(max_size=200)))
    elif way == "double":
        at = data.draw(st.integers(0, len(example)))
        example = example[:at] + example[max(0, at - 40) :]
    else:
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(example) - 1))
            byte = data.draw(st.one_of(st.integers(0, 255), st.sampled_from(list(b"{}~=#:<>&%\\/\n\"'-.0"))))
            if way == "change":
                example[at] = byte
            else:
                example.insert(at, byte)
    broken = bytes(example)
    assert 0 <= form.looks_like("x.txt", broken) <= 100
    try:
        reading = form.read(broken)
    except InvalidInput as refusal:
        assert refusal.values["line"] >= 1
        assert str(refusal)
        return
    assert reading.drafts
    for problem in reading.problems:
        assert problem.said()
        assert problem.line >= 0
        assert problem.question is None or 0 <= problem.question < len(reading.drafts)


@pytest.mark.parametrize("form", EVERY, ids=by_key)
def test_it_refuses_a_file_that_is_too_large(form):
    with pytest.raises(InvalidInput):
        form.read(b" " * (MOST_BYTES + 1))


LOSSLESS = [FORMATS[key] for key in ("gift", "moodle_xml", "json", "qti21", "qti30") if key in FORMATS]


@pytest.mark.parametrize("form", LOSSLESS, ids=by_key)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_it_loses_nothing_of_any_draft_that_it_writes(form, data):
    kinds = sorted(form.writes & {"single_choice", "multiple_choice", "true_false", "short_answer", "numeric", "matching", "ordering", "gap_fill",
                                  "calculated", "essay", "description"})  # fmt: skip
    drafts = data.draw(st.lists(st.sampled_from(kinds).flatmap(drawn), min_size=1, max_size=3))
    try:
        written = form.write(drafts)
    except InvalidInput as refusal:
        assert str(refusal)
        assert refusal.code == "not_expressible"
        return
    reading = form.read(written)
    assert said(reading.drafts) == said(drafts)
    assert not [problem for problem in reading.problems if problem.severity == "error"]


def test_it_recognises_nothing_in_other_files():
    for name, data in (
        ("x.txt", b"Only words."),
        ("x.png", b"\x89PNG\r\n\x1a\n"),
        ("x", b""),
        ("x.html", b"<html><body>{a}</body></html>"),
    ):
        assert recognise([FORMATS["gift"], FORMATS["aiken"], FORMATS["moodle_xml"]], name, data) is None
