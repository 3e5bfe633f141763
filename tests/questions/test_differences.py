"""What differs between versions, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.questions.queries import TYPES
from elearn.questions.rules.differences import MOST_WORDS, compare, compare_words, is_key_touched
from elearn.questions.rules.versions import Content

texts = st.text("ab cđ,.\n", max_size=30)


@given(texts, texts)
def test_it_gives_both_texts_back(old, new):
    pieces = compare_words(old, new)
    assert "".join(piece.words for piece in pieces if piece.kind != "ins") == old
    assert "".join(piece.words for piece in pieces if piece.kind != "del") == new


@given(texts)
def test_it_finds_nothing_in_equal_texts(text):
    assert all(piece.kind == "same" for piece in compare_words(text, text))


def test_it_marks_whole_words():
    pieces = compare_words("họp ở Ma Cao", "họp tại Ma Cao")
    assert [(piece.kind, piece.words) for piece in pieces] == [("same", "họp "), ("del", "ở"), ("ins", "tại"), ("same", " Ma Cao")]


def test_it_does_not_compare_books_word_by_word():
    pieces = compare_words("a " * MOST_WORDS, "b " * MOST_WORDS)
    assert [piece.kind for piece in pieces] == ["del", "ins"]


OLD = Content(
    "single_choice", "Họp ở đâu?", {"options": [{"text": "Ma Cao", "right": True}, {"text": "Huế"}]}, "Vì", None, "Điều 1"
)


@pytest.mark.parametrize(
    ("change", "label", "is_key"),
    [
        ({"text": "Họp tại đâu?"}, "Câu dẫn", False), ({"explanation": "Bởi vì"}, "Giải thích", False), ({"clause": "Điều 2"}, "Điều khoản", False),
        ({"name": "Tên"}, "Tên ngắn", False), ({"document_id": 4}, "Nguồn", False), ({"files": {"a.png": "ab" * 32}}, "Hình", False),
        ({"body": {"options": [{"text": "Ma Cao"}, {"text": "Huế", "right": True}]}}, "Tỉ lệ điểm của phương án %(n)s", True),
        ({"body": {"options": [*OLD.body["options"], {"text": "Vinh"}]}}, "Phương án %(n)s", False),
        ({"body": {**OLD.body, "shuffle": False}}, "Đảo thứ tự", False), ({"body": {**OLD.body, "credit": "weights"}}, "Cách tính điểm", True),
    ],
)  # fmt: skip
def test_it_names_the_part_that_differs(change, label, is_key):
    new = Content(**{**{name: getattr(OLD, name) for name in Content.__dataclass_fields__}, **change})
    found = compare(OLD, new)
    assert label in {one.label for one in found}
    assert is_key_touched(found) is is_key
    assert compare(OLD, OLD) == []


@pytest.mark.parametrize("kind", list(TYPES), ids=lambda kind: kind.key)
def test_it_compares_every_type(kind):
    bodies = [example.body for example in kind.examples]
    for one in bodies:
        for other in bodies:
            found = compare(Content(kind.key, "Câu", one), Content(kind.key, "Câu", other))
            assert bool(found) is (one != other)
