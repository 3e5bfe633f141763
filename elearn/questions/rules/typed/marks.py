"""Which option is marked as the key by its look: bold, underlined, coloured or shaded letters, where the others have none of it.

A look counts only where some options have it and others do not. Where most questions of a file have it on all options (bold letters of
labels, say) it is a matter of style and never a key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from elearn.lib.styled import BOLD, PLAIN, UNDERLINE, colour_of, shade_of
from elearn.questions.rules.typed.entries import Choice, Entry

_ENOUGH = 0.6  # of the letters of an option: less is emphasis within it
_LOOKS: dict[str, Callable[[str], int]] = {
    "bold": lambda sign: ord(sign) & BOLD,
    "underline": lambda sign: ord(sign) & UNDERLINE,
    "colour": colour_of,
    "shade": shade_of,
}


def _signs(choice: Choice) -> Counter[str]:
    """How many letters of an option have which look."""
    counted: Counter[str] = Counter()
    for line in choice.parts:
        for text, sign in line.runs():
            counted[sign] += len("".join(text.split()))
    return counted


def _of_text(signs: Counter[str], read: Callable[[str], int]) -> int:
    """The value of a look that most letters have; 0 where no value has enough of them."""
    counted: Counter[int] = Counter()
    for sign, count in signs.items():
        counted[read(sign)] += count
    if not counted:
        return 0
    value, count = counted.most_common(1)[0]
    return value if count >= _ENOUGH * sum(counted.values()) else 0


def _of_label(choice: Choice, read: Callable[[str], int]) -> int:
    return read(choice.label_look) if choice.label_look else 0


def _is_plain(entry: Entry) -> bool:
    """Whether no option has any look at all, as in every text without formatting."""
    return not any(
        choice.label_look.strip(PLAIN) or any(line.looks.strip(PLAIN) for line in choice.parts) for choice in entry.choices
    )


def _apart(values: Sequence[int]) -> frozenset[int] | None:
    """Places of the options that differ from the rest; empty where all are alike, None where all have a look of some kind."""
    counted = Counter(values).most_common()
    if len(counted) == 1:
        return None if values[0] else frozenset()
    usual = 0
    if 0 not in values:
        if counted[0][1] == counted[1][1]:
            return frozenset()
        usual = counted[0][0]
    return frozenset(place for place, value in enumerate(values) if value != usual)


class Marks:
    """Keys by look, judged over all questions of a file."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._found: list[dict[str, frozenset[int]]] = []
        apart: Counter[str] = Counter()
        alike: Counter[str] = Counter()
        for entry in entries:
            found: dict[str, frozenset[int]] = {}
            if len(entry.choices) >= 2 and not _is_plain(entry):
                signs = [_signs(choice) for choice in entry.choices]
                for name, read in _LOOKS.items():
                    of_text = [_of_text(sign, read) for sign in signs]
                    of_label = [_of_label(choice, read) for choice in entry.choices]
                    for where, values in (("text", of_text), ("label", of_label)):
                        places = _apart(values)
                        if places is None:
                            alike[f"{name} {where}"] += 1
                        elif places:
                            found[f"{name} {where}"] = places
                            apart[f"{name} {where}"] += 1
            self._found.append(found)
        self._trusted = {kind for kind, count in apart.items() if count >= alike[kind]}
        self._weight = apart

    def of(self, place: int) -> tuple[frozenset[int], frozenset[int]]:
        """For the question at that place: the options that are marked, and those that another kind of mark points to."""
        found = {kind: places for kind, places in self._found[place].items() if kind in self._trusted}
        if not found:
            return frozenset(), frozenset()
        best = max(found, key=lambda kind: (self._weight[kind], -len(found[kind]), kind))
        others = [places for kind, places in found.items() if places != found[best]]
        return found[best], others[0] if others else frozenset()
