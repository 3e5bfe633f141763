"""Which works of a pile are alike, and in which passages. It shows where to look; what it means, people decide.

Works are compared by their runs of three words without accents (see `questions.rules.duplicates`); likeness is the Jaccard index of these
runs. Runs of the question itself count for nothing: everybody quotes it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from elearn.lib.vietnamese import fold
from elearn.questions.rules.duplicates import similarity, triples

RUN = 3
LEAST_PASSAGE = 8
"""Words in a row that two works must share to be shown as a passage: fewer are turns of phrase."""
MOST_PASSAGES = 20
SHARED_BY_MANY = 0.5
"""A run that so large a part of a pile uses belongs to the subject and finds nobody."""
FEW = 20
"""In a pile of no more works than these every run may find a pair."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Pair:
    """Two works by their ids, the smaller first, and their likeness in thousandths."""

    one: int
    other: int
    likeness: int


def find_alike(works: Mapping[int, str], asked: str, least: int) -> list[Pair]:
    """Pairs of works with a likeness of at least `least` thousandths, the likest first; `asked` is the text of the question."""
    given = triples([asked])
    runs = {number: triples([text]) - given for number, text in works.items()}
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for number in sorted(runs):
        for run in runs[number]:
            holders[run].append(number)
    most = max(FEW, int(len(works) * SHARED_BY_MANY))
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        if 2 <= len(numbers) <= most:
            shared.update((one, other) for place, one in enumerate(numbers) for other in numbers[place + 1 :])
    pairs = (Pair(one, other, similarity(runs[one], runs[other])) for one, other in shared)
    return sorted((pair for pair in pairs if pair.likeness >= least), key=lambda pair: (-pair.likeness, pair.one, pair.other))


def shared_passages(text: str, other: str, asked: str = "") -> list[str]:
    """Passages of `text` of at least LEAST_PASSAGE words that stand in `other` too, as written in `text`, in their order."""
    words = list(_words(text))
    there = _runs([word for word, _, _ in _words(other)]) - _runs([word for word, _, _ in _words(asked)])
    found: list[str] = []
    start: int | None = None
    for place in range(len(words) - RUN + 2):
        holds = place <= len(words) - RUN and " ".join(word for word, _, _ in words[place : place + RUN]) in there
        if holds and start is None:
            start = place
        elif not holds and start is not None:
            end = place + RUN - 1
            if end - start >= LEAST_PASSAGE:
                found.append(text[words[start][1] : words[end - 1][2]])
            start = None
    return found[:MOST_PASSAGES]


def pieces_of(text: str, passages: list[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it belongs to a passage."""
    spans: list[tuple[int, int]] = []
    for passage in passages:
        at = text.find(passage)
        while passage and at >= 0:
            spans.append((at, at + len(passage)))
            at = text.find(passage, at + len(passage))
    pieces: list[tuple[str, bool]] = []
    done = 0
    for start, end in sorted(spans):
        if end <= done:
            continue
        start = max(start, done)
        if start > done:
            pieces.append((text[done:start], False))
        pieces.append((text[start:end], True))
        done = end
    return [*pieces, (text[done:], False)] if done < len(text) else pieces


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    return ((fold(found[0]), found.start(), found.end()) for found in _WORD.finditer(text))


def _runs(words: list[str]) -> set[str]:
    return {" ".join(words[place : place + RUN]) for place in range(len(words) - RUN + 1)}
