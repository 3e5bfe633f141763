"""Words looked for in a text, accents aside, shown with what stands around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from elearn.lib.vietnamese import fold

AROUND = 90
MOST_WORDS = 8


def words_of(asked: str) -> list[str]:
    """The folded words that a search asks for."""
    return re.findall("[a-z0-9]+", fold(asked))[:MOST_WORDS]


def excerpt(text: str, words: Sequence[str], around: int = AROUND) -> list[tuple[str, bool]]:
    """The passage with the most of the words, as pieces with whether they were looked for; empty where none of the words begins a word of it."""
    flat = " ".join(unicodedata.normalize("NFC", text).split())
    folded, at = _folded(flat)
    hits = sorted(
        (found.start(), found.end())
        for word in set(words)
        for found in re.finditer(rf"(?<![a-z0-9]){re.escape(word)}[a-z0-9]*", folded)
    )
    if not hits:
        return []
    first = max(range(len(hits)), key=lambda place: (_within(folded, hits, place, around), -place))
    start = max(0, hits[first][0] - around // 2)
    end = min(len(folded), hits[first][0] + around * 2)
    start, end = _to_word(folded, start, -1), _to_word(folded, end, 1)
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    here = start
    for left, right in hits:
        if left < here or right > end:
            continue
        if left > here:
            pieces.append((flat[at[here] : at[left]], False))
        pieces.append((flat[at[left] : at[right]], True))
        here = right
    if here < end:
        pieces.append((flat[at[here] : at[end]], False))
    if end < len(folded):
        pieces.append((" …", False))
    return pieces


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters, and its end, the place in the text that it comes from."""
    out: list[str] = []
    at: list[int] = []
    for place, letter in enumerate(text):
        plain = fold(letter) if not letter.isspace() else " "
        out.append(plain)
        at += [place] * len(plain)
    return "".join(out), [*at, len(text)]


def _within(folded: str, hits: Sequence[tuple[int, int]], place: int, around: int) -> int:
    """How many different words stand in the passage that begins at a hit."""
    start = hits[place][0]
    return len({folded[left:right] for left, right in hits[place:] if left < start + around * 2})


def _to_word(folded: str, place: int, step: int) -> int:
    """The nearest place between words in a direction, at most 20 letters away."""
    for _ in range(20):
        if place <= 0 or place >= len(folded) or folded[place - 1 if step < 0 else place] == " ":
            break
        place += step
    return max(0, min(len(folded), place))
