"""Texts of questions: words with the format in which they were written.

A text is kept as a plain string where it is Markdown, as `{"text": …, "format": …}` otherwise. Formats are those of the files that bring
questions: "markdown", "html", "plain", and "moodle" (plain lines in which HTML may stand).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import Any

FORMATS = ("markdown", "html", "plain", "moodle")
Rich = str | Mapping[str, Any]
Html = Callable[[Rich], str]
"""Turns a text into sanitised HTML; given to types from outside, so that they stay pure."""

_TAG = re.compile(r"<[^<>]*>")
_ALT = re.compile(
    r"""<img\b[^<>]{0,2000}?\balt\s*=\s*(?:"([^"]{0,2000})"|'([^']{0,2000})')[^<>]{0,2000}>|!\[([^\]]{0,2000})\]\([^)]{0,2000}\)"""
)


def words_of(text: Rich | None) -> str:
    """The words as they were written, without their format."""
    if text is None:
        return ""
    return text if isinstance(text, str) else str(text.get("text", ""))


def format_of(text: Rich | None) -> str:
    """The format; "markdown" for a plain string."""
    return "markdown" if text is None or isinstance(text, str) else str(text.get("format", "markdown"))


def rich(words: str, form: str = "markdown") -> Rich:
    """A text in the one way it is kept."""
    return words if form == "markdown" else {"text": words, "format": form}


def plain(text: Rich | None) -> str:
    """The text as a reader hears it, on one line: tags gone, pictures by their alternative text. For search, comparison and lists."""
    words = words_of(text)
    if "<" not in words and "![" not in words and "&" not in words:
        return " ".join(words.split())
    words = _ALT.sub(lambda found: f" {found[1] or found[2] or found[3] or ''} ", words)
    if format_of(text) in ("html", "moodle"):
        words = html.unescape(_TAG.sub(" ", words))
    return " ".join(words.split())


_FORMULA = re.compile(r"\\[()\[\]]|\$\$")
_MARKED = re.compile(
    r"(?<!\\)(\*\*|__|`|(?<![\w*])\*(?!\*)|(?<!\w)_(?!_))(?=\S)(.{1,2000}?)(?<=[^\s\\])\1(?![\w*])|\[([^\]]{1,2000})\]\([^)\s]{0,2000}\)"
)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]#+.!-])")
_GAP = re.compile(r"\{#\w+\}")


LONGEST_LINE = 1_000
"""Characters of a text of which a line of a list can show the beginning."""


def in_a_list(text: Rich | None) -> str:
    """The text on one line of a list: as `plain`, without the signs of Markdown, a formula as its source, a gap as dots."""
    words = _FORMULA.sub("", plain(text)[:LONGEST_LINE])
    if format_of(text) == "markdown":
        words = _ESCAPED.sub(r"\1", _MARKED.sub(lambda found: found[2] or found[3], words))
    return _GAP.sub("…", words)


# What Markdown could take for more than the letters that they are.
_SIGNS = re.compile(r"[\\`*_{}\[\]<>#&|~^$\n\t]|  |\A\s|\s\Z|\A(?:[-+=]|[0-9]+[.)])|https?:|@@|www\.")
_MEANT = re.compile(r"\*\*[^\s*][^*]*\*\*|\$[^$\s][^$\n]*\$|!\[[^\]\n]*\]\([^)\s]+\)")


def is_plain(words: str) -> bool:
    """Whether Markdown shows exactly these words, so that they may be kept as they stand."""
    return not _SIGNS.search(words)


def from_plain(words: str) -> Rich:
    """Words that came without any format: kept as they stand where nothing in them looks like marking up, or where it is surely meant."""
    return words if is_plain(words) or ("\n" not in words and _MEANT.search(words)) else rich(words, "plain")
