"""Text cut into parts that can be read one after the other, linked to and found; and pages of parts that a phone can load."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST_PART = 12_000
LONGEST_PAGE = 30_000
_CHUNK = 4_000
_HEADING = re.compile(r"(?:Chương|Phần|Mục|Điều)\s+(?:[IVXLC]+|[0-9]+|thứ\s+\w+)\b", re.IGNORECASE)
_MARKDOWN_HEADING = re.compile(r"#{1,3}\s+(\S.{0,189}?)\s*#*")


@dataclass(frozen=True)
class Part:
    """A section or page: what it is called, and its text."""

    label: str
    text: str


def cut_markdown(text: str) -> list[Part]:
    """Typed text, cut before headings of the first three levels; the heading becomes the label."""
    parts: list[Part] = []
    label, lines = "", list[str]()
    for line in [*text.replace("\r\n", "\n").split("\n"), None]:
        found = _MARKDOWN_HEADING.fullmatch(line) if line is not None else None
        if line is None or found:
            if label or any(one.strip() for one in lines):
                parts += _of_size(label, "\n".join(lines).strip(), "\n\n")
            label, lines = (found[1] if found else ""), []
        else:
            lines.append(line)
    return parts


def cut_lines(lines: Iterable[tuple[str, bool]]) -> list[Part]:
    """Lines of a Word file, each with whether it is a heading there; what reads like one (Chương II, Điều 5) is taken for one as well."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for text, is_heading in lines:
        if not text.strip():
            continue
        if is_heading or (len(text) < 200 and _HEADING.match(text)):
            found.append((text.strip()[:200], []))
            # "Điều 5. Đảng viên phải …" is a heading and the rule itself.
            if len(text) > 80:
                found[-1][1].append(text.strip())
        else:
            found[-1][1].append(text.strip())
    parts: list[Part] = []
    for label, texts in found:
        if label or texts:
            parts += _of_size(label, "\n".join(texts), "\n")
    return parts


def cut_pages(pages: Sequence[str], word: str = "Trang") -> list[Part]:
    """Pages of a PDF by their numbers; empty ones are left out."""
    return [Part(f"{word} {number}", text[:LONGEST_PART]) for number, text in enumerate(pages, start=1) if text.strip()]


def _of_size(label: str, text: str, between: str) -> list[Part]:
    """A long section as several parts, cut between paragraphs."""
    if len(text) <= LONGEST_PART:
        return [Part(label, text)]
    parts: list[Part] = []
    held: list[str] = []
    size = 0
    for piece in text.split(between):
        for start in range(0, max(len(piece), 1), LONGEST_PART):
            one = piece[start : start + LONGEST_PART]
            if held and size + len(one) > _CHUNK:
                parts.append(Part(label if not parts else "", between.join(held)))
                held, size = [], 0
            held.append(one)
            size += len(one)
    parts.append(Part(label if not parts else "", between.join(held)))
    return parts


def pages_of(lengths: Sequence[int], most: int = LONGEST_PAGE) -> list[range]:
    """Places of parts that make a page each, as many as fit `most` letters, at least one; one empty page where there is no part."""
    pages: list[range] = []
    start, size = 0, 0
    for place, length in enumerate(lengths):
        if place > start and size + length > most:
            pages.append(range(start, place))
            start, size = place, 0
        size += length
    return [*pages, range(start, len(lengths))]
