"""The order of the alphabet and of names, folding, and normal form."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.lib.vietnamese import fold, initials, name_sort_key, normalise, sort_key

PEER = Path(__file__).parents[2].parent / "shared" / "peer" / "vietnamese"
LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"


def test_it_orders_the_letters_and_tones():
    words = list(LETTERS)
    random.Random(1).shuffle(words)
    assert "".join(sorted(words, key=sort_key)) == LETTERS


def test_it_orders_given_names_as_icu_does():
    if not PEER.exists():
        pytest.skip("the names to compare with are not beside the project")
    names = [line for line in (PEER / "given_fixed.txt").read_text(encoding="utf-8").splitlines() if line]
    expected = [line for line in (PEER / "given_fixed.vi-sorted.txt").read_text(encoding="utf-8").splitlines() if line]
    assert sorted(names, key=sort_key) == expected


def test_it_folds_as_others_do():
    if not PEER.exists():
        pytest.skip("the cases to compare with are not beside the project")
    for case in json.loads((PEER / "removeToneMarkCases.json").read_text(encoding="utf-8")):
        assert fold(case["input"]) == " ".join(case["want"].lower().split()), case["name"]


def test_it_sorts_people_by_given_name_then_family():
    people = ["Trần Thị Ánh", "Nguyễn Văn Bình", "Nguyễn Văn An", "Lê Thị An", "Đặng Văn An", "Nguyễn Thị An"]
    ordered = ["Đặng Văn An", "Lê Thị An", "Nguyễn Thị An", "Nguyễn Văn An", "Trần Thị Ánh", "Nguyễn Văn Bình"]
    assert sorted(people, key=name_sort_key) == ordered


@pytest.mark.parametrize("written", ["Đặng Thị Hoà", "Đặng Thị Hòa", "ĐẶNG  THỊ HÒA", "\u00d0ặng Thị Hoà", "Đặng Thị Hoà"])
def test_it_finds_a_name_however_it_is_written(written):
    assert fold(written) == "dang thi hoa"


def test_it_puts_eth_right():
    assert normalise("\u00d0ảng  uỷ ") == "\u0110ảng uỷ"


@given(st.text(alphabet=LETTERS + LETTERS.upper() + "  -'.,0123456789", max_size=30))
def test_it_gives_keys_in_ascii_whatever_comes(text):
    assert sort_key(text).isascii()
    assert fold(fold(text)) == fold(text)
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=40))
def test_it_survives_any_text(text):
    assert name_sort_key(text).isascii()
    assert len(initials(text)) <= 6
