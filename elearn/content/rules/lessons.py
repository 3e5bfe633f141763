"""Lessons as Markdown: parts, words and citations."""

from __future__ import annotations

import re
from dataclasses import dataclass

from elearn.content.rules.faults import HTML

_CITATION = re.compile(r"\[\^(\d{1,3})\]")
_NOT_A_CITATION = re.compile(r"\[\^(?!\d{1,3}\])")
_WORD = re.compile(r"\w+")
_QUOTED_PERSON = re.compile(r"<p>\s*[—–]\s*([^<]+)</p>(\s*)</blockquote>")
LONGEST_HEADING = 120


@dataclass(frozen=True)
class Part:
    """A part of a lesson: its heading and its Markdown."""

    title: str
    text: str


def cut_into_parts(body: str) -> list[Part]:
    """The parts that `## ` headings begin; text before the first heading belongs to the first part."""
    pieces = re.split(r"^## +(.+?) *$", body, flags=re.M)
    parts = [Part(title.strip(), text.strip()) for title, text in zip(pieces[1::2], pieces[2::2], strict=True)]
    lead = pieces[0].strip()
    if parts and lead:
        parts[0] = Part(parts[0].title, f"{lead}\n\n{parts[0].text}")
    return parts


def word_count(text: str) -> int:
    """Words (syllables, as Vietnamese writes them) without citations and marks."""
    return len(_WORD.findall(_CITATION.sub("", text)))


def citations(body: str) -> list[tuple[int, int]]:
    """(line from 0, number) of every citation [^n]."""
    return [(line, int(number)) for line, text in enumerate(body.splitlines()) for number in _CITATION.findall(text)]


def markdown_problems(body: str) -> list[tuple[int, str]]:
    """(line from 0, Vietnamese source message) of Markdown that a lesson may not hold."""
    found = []
    heading_without_text: int | None = None
    for line, text in enumerate(body.splitlines()):
        if HTML.search(text):
            found.append((line, "Không dùng HTML trong bài."))
        if "![" in text:
            found.append((line, "Không dùng hình trong bài."))
        elif "](" in text or re.search(r"<https?:", text):
            found.append((line, "Không đặt đường dẫn trong bài; hãy dẫn nguồn bằng [^1]."))
        if _NOT_A_CITATION.search(text):
            found.append((line, "Chú thích phải là số trong danh sách nguồn, như [^1]."))
        if re.match(r"# ", text) or re.match(r"#{5,} ", text):
            found.append((line, "Chỉ dùng tiêu đề “##” cho mục, “###” và “####” trong mục."))
        if re.match(r"## ", text):
            if heading_without_text is not None:
                found.append((heading_without_text, "Mục này chưa có nội dung."))
            heading_without_text = line
            if len(text) - 3 > LONGEST_HEADING:
                found.append((line, "Tên mục dài quá; hãy viết gọn trong 120 ký tự."))
        elif text.strip():
            heading_without_text = None
    if heading_without_text is not None:
        found.append((heading_without_text, "Mục này chưa có nội dung."))
    return found


def link_citations(html: str) -> str:
    """Rendered HTML with each [^n] turned into a raised link to the n-th source."""
    return _CITATION.sub(r'<sup><a href="#source-\1">\1</a></sup>', html)


def name_the_quoted(html: str) -> str:
    """Rendered HTML in which the last line of a quotation, "— Hồ Chí Minh", stands as its footer."""
    return _QUOTED_PERSON.sub(r"<footer>\1</footer>\2</blockquote>", html)
