"""What was answered to a question: how often each class of response was given, and by which fifth of the field; and what looks wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from elearn.questions.types import Part
from elearn.quizzes.rules.item_analysis import FINEST, ItemFigures

THIRDS, FIFTHS = 3, 5
FEWEST_FOR_FIFTHS = 50
FEWEST_FOR_WARNING = 10
MOST_ACTUAL = 1000
"""Different wordings kept for one class; further ones are counted in their class only."""
SHOWN_ACTUAL = 20

Class = tuple[str, str]
"""Part of the question and class of the response."""


def _sum(one: Sequence[int], other: Sequence[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]


@dataclass
class Tally:
    """Responses to one question (or one variant of it), by fifteenth of the field."""

    seen: list[int] = field(default_factory=lambda: [0] * FINEST)
    counts: dict[Class, list[int]] = field(default_factory=dict)
    fractions: dict[Class, Fraction] = field(default_factory=dict)
    actual: dict[Class, Counter[str]] = field(default_factory=dict)

    def know(self, parts: Iterable[Part]) -> None:
        """Rows for the classes of the key, given or not."""
        for part in parts:
            self.counts.setdefault((part.part, part.model), [0] * FINEST)
            self.fractions.setdefault((part.part, part.model), part.fraction)

    def add(self, bins: Sequence[int], parts: Iterable[Part]) -> None:
        """Count a response that attempts gave, so many in each fifteenth of the field."""
        self.seen = _sum(self.seen, bins)
        for part in parts:
            name = (part.part, part.model)
            self.counts[name] = _sum(self.counts[name], bins) if name in self.counts else list(bins)
            self.fractions.setdefault(name, part.fraction)
            if part.actual and part.actual != part.model:
                words = self.actual.setdefault(name, Counter())
                if part.actual in words or len(words) < MOST_ACTUAL:
                    words[part.actual] += sum(bins)

    def take(self, other: Tally) -> None:
        """Add the counts of another tally."""
        self.seen = _sum(self.seen, other.seen)
        for name, bins in other.counts.items():
            self.counts[name] = _sum(self.counts[name], bins) if name in self.counts else list(bins)
            self.fractions.setdefault(name, other.fractions[name])
        for name, words in other.actual.items():
            self.actual.setdefault(name, Counter()).update(words)


@dataclass(frozen=True)
class OptionRow:
    """A class of responses to a part of a question: how many gave it, which share of all who saw the question, and in each group."""

    part: str
    model: str
    count: int
    share: float | None
    fraction: float
    by_group: tuple[int, ...]
    is_known: bool
    actual: tuple[tuple[str, int], ...]


def grouped(bins: Sequence[int], groups: int) -> tuple[int, ...]:
    """Fifteenths put together to fifths or thirds, the weakest first."""
    width = FINEST // groups
    return tuple(sum(bins[first : first + width]) for first in range(0, FINEST, width))


def groups_for(seen: Sequence[int]) -> int:
    """Five groups where there are enough responses for them, else three."""
    return FIFTHS if sum(seen) >= FEWEST_FOR_FIFTHS else THIRDS


def option_rows(tally: Tally, known: Iterable[Part], groups: int) -> list[OptionRow]:
    """A row a class, in the order of the key, then what the key does not know. Rows of one part stand together."""
    tally.know(known)
    names = {(part.part, part.model) for part in known}
    parts = {part: place for place, part in enumerate(dict.fromkeys(part for part, _ in tally.counts))}
    seen = sum(tally.seen)
    rows = []
    for name, bins in sorted(tally.counts.items(), key=lambda item: (parts[item[0][0]], item[0] not in names)):
        part, model = name
        words = sorted(tally.actual.get(name, Counter()).items(), key=lambda item: (-item[1], item[0]))
        count = sum(bins)
        share = count / seen if seen else None
        rows.append(
            OptionRow(
                part,
                model,
                count,
                share,
                float(tally.fractions[name]),
                grouped(bins, groups),
                name in names,
                tuple(words[:SHOWN_ACTUAL]),
            )
        )
    return rows


TOO_EASY, TOO_HARD = 0.95, 0.2


def warnings_of(
    figures: ItemFigures, tally: Tally | None = None, known: Sequence[Part] = (), has_options: bool = False
) -> list[dict[str, Any]]:
    """Codes of `statistics_words.WARNINGS` with their values, for an item with enough attempts; the tally is looked at where there are options to choose."""
    if figures.s < FEWEST_FOR_WARNING or figures.facility is None:
        return []
    found: list[dict[str, Any]] = []
    if figures.facility > TOO_EASY or figures.facility < TOO_HARD:
        code = "too_easy" if figures.facility > TOO_EASY else "too_hard"
        found.append({"code": code, "share": round(100 * figures.facility, 1)})
    if figures.discrimination_index is not None and figures.discrimination_index < 0:
        found.append({"code": "negative"})
    if tally is None or not has_options or sum(tally.seen) < FEWEST_FOR_WARNING:
        return found
    tally.know(known)
    unused = [part.model for part in known if part.fraction <= 0 and not sum(tally.counts[part.part, part.model])]
    if unused:
        found.append({"code": "never_chosen", "options": "; ".join(f"“{model}”" for model in unused)})
    strong = {part: grouped(tally.counts[part.part, part.model], THIRDS)[-1] for part in known}
    for part, count in strong.items():
        key = max((others for other, others in strong.items() if other.part == part.part and other.fraction > 0), default=None)
        if part.fraction <= 0 and key is not None and count > key:
            found.append({"code": "beats_key", "options": part.model})
    return found
