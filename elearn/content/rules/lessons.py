"""Lessons as Markdown: parts, words and citations."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CITATION = re.compile(r"\[\^(\d{1,3})\]")
_WORD = re.compile(r"\w+")


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


def link_citations(html: str) -> str:
    """Rendered HTML with each [^n] turned into a raised link to the n-th source."""
    return _CITATION.sub(r'<sup><a href="#source-\1">\1</a></sup>', html)
