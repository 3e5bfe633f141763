"""Typed words against accepted answers: wildcards, capitals, accents, and time."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.questions.rules.short_text import LONGEST, matches
from tests.questions.peer import cases


@pytest.mark.parametrize("case", cases("shortanswer_wildcard.json"), ids=str)
def test_it_matches_as_the_peer_does(case):
    assert matches(case["response"], case["pattern"], case=not case["ignorecase"]) is case["match"]


@pytest.mark.parametrize(
    ("response", "pattern", "options", "expected"),
    [
        ("hòa bình", "Hoà Bình", {}, True),
        ("HÒA BÌNH", "Hoà Bình", {}, True),
        ("Hòa Bình", "Hoà Bình", {"case": True}, True),
        ("THÚY", "THUÝ", {"case": True}, True),
        ("quý", "quý", {}, True),
        ("duong kach menh", "Đường Kách mệnh", {"accents": False}, True),
        ("Duong Kach menh", "Đường Kách mệnh", {"accents": False, "case": True}, True),
        ("duong kach menh", "Đường Kách mệnh", {"accents": False, "case": True}, False),
        ("duong kach menh", "Đường Kách mệnh", {}, False),
        ("Ðà Nẵng", "Đà Nẵng", {}, True),
        (unicodedata.normalize("NFD", "Nguyễn Ái Quốc"), "Nguyễn Ái Quốc", {"case": True}, True),
        ("ba  mươi\tngày", "ba mươi ngày", {}, True),
        ("Việt Nam", "Việt*", {}, True),
        ("Việt", "Việt *", {}, False),
        ("ab", "a*b*c", {}, False),
        ("aXbYc", "a*b*c", {"case": True}, True),
        ("ab", "ab*ab", {}, False),
        ("a\\*", "a\\\\*", {}, True),
        ("cuc vang", "cúc * vàng", {"accents": False}, False),
        ("cuc hoa vang", "cúc * vàng", {"accents": False}, True),
    ],
)
def test_it_compares_words_as_vietnamese_write_them(response, pattern, options, expected):
    assert matches(response, pattern, **options) is expected


letters = st.text("ab *\\c", max_size=12)


@given(letters, letters)
def test_it_matches_what_an_expression_of_the_same_meaning_matches(response, pattern):
    text, wanted = " ".join(response.split()), " ".join(pattern.split())
    pieces = [re.escape(piece.replace("\\*", "*")) for piece in re.split(r"(?<!\\)\*+", wanted)]
    assert matches(response, pattern) is bool(re.fullmatch(".*".join(pieces), text))


@pytest.mark.parametrize(
    ("response", "pattern"),
    [
        ("a" * LONGEST, "*a" * 499 + "*b"),
        ("a" * (LONGEST - 1) + "b", "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*c"),
        ("ab" * (LONGEST // 2), ("*" + "ab" * 20 + "x") * 10),
    ],
)
def test_it_takes_no_time_over_patterns_made_to_take_it(response, pattern):
    began = time.process_time()
    assert not matches(response, pattern)
    assert time.process_time() - began < 0.05
