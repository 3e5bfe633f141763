"""Cutting text, pages, passages found, keys, kinds of files."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from elearn.library.rules.finding import excerpt, words_of
from elearn.library.rules.parts import LONGEST_PART, cut_lines, cut_markdown, cut_pages, pages_of
from elearn.library.rules.shelves import make_key


def test_it_cuts_typed_text_at_headings():
    parts = cut_markdown("Mở đầu\n\n# Chương I\nMột\n\n## Mục 1 ##\nHai\n#không phải đề mục")
    assert [(part.label, part.text) for part in parts] == [
        ("", "Mở đầu"),
        ("Chương I", "Một"),
        ("Mục 1", "Hai\n#không phải đề mục"),
    ]
    assert cut_markdown("") == []


def test_it_cuts_lines_of_word_at_what_reads_like_a_heading():
    lines = [
        ("ĐẢNG BỘ TỈNH", False),
        ("Điều 1. Phạm vi", False),
        ("Quy định này", False),
        ("", False),
        ("Tổ chức", True),
        ("Giao cho", False),
    ]
    assert [(part.label, part.text) for part in cut_lines(lines)] == [
        ("", "ĐẢNG BỘ TỈNH"), ("Điều 1. Phạm vi", "Quy định này"), ("Tổ chức", "Giao cho"),
    ]  # fmt: skip
    rule = "Điều 5. " + "Đảng viên phải gương mẫu trong công tác và sinh hoạt, giữ gìn đoàn kết. " * 2
    (part,) = cut_lines([(rule, False)])
    assert part.text == rule.strip(), "a rule that begins like a heading stays to be read"


def test_it_names_pages_by_their_numbers():
    assert [(part.label, part.text) for part in cut_pages(["một", "  ", "ba"])] == [("Trang 1", "một"), ("Trang 3", "ba")]


@given(st.text(alphabet="ab \n#", max_size=400), st.integers(0, 60))
def test_it_loses_no_letter_of_a_long_text(text, times):
    text = text + ("đoạn dài " * 40 + "\n\n") * times
    parts = cut_markdown(text)
    assert all(len(part.text) <= LONGEST_PART for part in parts)
    assert sum(f"{part.label}{part.text}".count("đ") for part in parts) == text.count("đ")


@given(st.lists(st.integers(0, 500), max_size=60), st.integers(1, 900))
def test_it_puts_each_part_on_one_page(lengths, most):
    pages = pages_of(lengths, most)
    assert [place for page in pages for place in page] == list(range(len(lengths)))
    assert all(len(page) <= 1 or sum(lengths[place] for place in page) <= most for page in pages)
    assert pages


def test_it_shows_words_with_what_stands_around_them():
    text = "Đồng chí Đặng Thị Hòa trình bày chuyên đề về bảo vệ nền tảng tư tưởng của Đảng."
    pieces = excerpt(text, words_of("nen tang"))
    assert [piece for piece, is_hit in pieces if is_hit] == ["nền", "tảng"]
    assert "".join(piece for piece, _ in pieces) == text.replace("Đồng", "…")
    assert [piece for piece, is_hit in excerpt(text, words_of("DANG")) if is_hit] == ["Đặng", "Đảng"]
    assert excerpt(text, words_of("khong co")) == []
    assert [piece for piece, is_hit in excerpt(text, words_of("tu")) if is_hit] == ["tư", "tưởng"], "beginnings of words"


def test_it_takes_the_passage_with_the_most_words():
    text = "kế hoạch " + "chữ khác " * 60 + "kế hoạch học tập nghị quyết " + "chữ khác " * 60
    pieces = excerpt(text, words_of("ke hoach hoc tap nghi quyet"))
    assert {piece for piece, is_hit in pieces if is_hit} == {"kế", "hoạch", "học", "tập", "nghị", "quyết"}
    assert pieces[0] == ("… ", False)
    assert pieces[-1] == (" …", False)


@given(st.text(max_size=200), st.text(max_size=12))
def test_it_never_changes_the_text_that_it_shows(text, asked):
    shown = "".join(piece for piece, _ in excerpt(text, words_of(asked)))
    assert shown.removeprefix("… ").removesuffix(" …") in " ".join(__import__("unicodedata").normalize("NFC", text).split())


def test_it_makes_a_key_that_is_free():
    assert make_key("Kế hoạch 05-KH/ĐU", date(2026, 3, 1), []) == "ke-hoach-05-kh-du-2026"
    assert make_key("Kế hoạch 05-KH/ĐU", date(2026, 3, 1), ["ke-hoach-05-kh-du-2026"]) == "ke-hoach-05-kh-du-2026-2"
    assert make_key("***", None, []) == "tai-lieu"
