"""Settles what the key of a question is, out of all that a file says about it, and names what does not agree."""

from __future__ import annotations

from collections.abc import Sequence

from elearn.lib.styled import Line
from elearn.questions.rules.typed import labels, words
from elearn.questions.rules.typed.entries import Choice, Entry
from elearn.questions.rules.typed.labels import Key
from elearn.questions.rules.typed.marks import Marks

_DISAGREE = {
    "line": "Hai đáp án không khớp nhau: câu này được hiểu là %(taken)s, nhưng dòng đáp án ghi %(other)s.",
    "list": "Hai đáp án không khớp nhau: câu này được hiểu là %(taken)s, nhưng bảng đáp án ghi %(other)s.",
    "star": "Hai đáp án không khớp nhau: câu này được hiểu là %(taken)s, nhưng dấu hoa thị ở phương án %(other)s.",
    "look": "Hai đáp án không khớp nhau: câu này được hiểu là %(taken)s, nhưng chữ đậm, gạch chân hoặc màu ở phương án %(other)s.",
    "said": "Đáp án không khớp lời giải thích: câu này được hiểu là %(taken)s, nhưng lời giải thích chọn %(other)s.",
}


def letters(places: frozenset[int] | set[int]) -> str:
    """Letters of places in a list of options: "A, C"."""
    return ", ".join(chr(65 + place) for place in sorted(places))


def _words_of(choice: Choice) -> str:
    return words.bare(" ".join(line.text for line in choice.parts))


class KeyFinder:
    """The key of one question with options, as places of options; what was wrong with it goes into the problems of the question."""

    def __init__(self, entry: Entry, marks: Marks, place: int, explanation: str) -> None:
        self._entry = entry
        self._by_letter = self._letters(entry.choices)
        self._line = entry.keys[0].number if entry.keys else entry.choices[-1].line if entry.choices else entry.line
        looked, other_look = marks.of(place)
        said = labels.letters_said(explanation)
        listed = Line.plain(entry.listed_key, self._line) if entry.listed_key is not None else None
        self.reasons: list[Line] = []
        """What stands behind a key and is no option: its reason."""
        self._found: list[tuple[str, frozenset[int]]] = []
        for key in entry.keys:
            self._add("line", self._places(key))
        if listed is not None:
            self._add("list", self._places(listed))
        self._add("star", frozenset(at for at, choice in enumerate(entry.choices) if choice.is_starred))
        self._add("look", looked)
        self._add("look", other_look)
        self._add("said", frozenset(self._by_letter[letter] for letter in said if letter in self._by_letter))
        self.places = self._found[0][1] if self._found else frozenset()
        self._complain()

    def _add(self, source: str, places: frozenset[int] | None) -> None:
        if places:
            self._found.append((source, places))

    @staticmethod
    def _letters(choices: Sequence[Choice]) -> dict[str, int]:
        """Places by the letters that were written; letters missing in a row of doubled ones go by their place."""
        found: dict[str, int] = {}
        for place, choice in enumerate(choices):
            found.setdefault(chr(65 + (place if choice.index is None else choice.index)), place)
        for place in range(len(choices)):
            found.setdefault(chr(65 + place), place)
        return found

    def _places(self, line: Line) -> frozenset[int] | None:
        """Options that a key names; None, with its doubt, where it names none."""
        key = labels.key_of(line.text)
        if key.truth is not None:
            wanted = key.truth
            for place, choice in enumerate(self._entry.choices):
                if words.truth_of_words(_words_of(choice)) is wanted:
                    return frozenset((place,))
        whole = words.bare(line.text)
        same = [place for place, choice in enumerate(self._entry.choices) if whole and _words_of(choice) == whole]
        if len(same) == 1 and not (key.letters and not key.words):
            return frozenset(same)
        if not key.letters:
            if line.text.strip():
                self._entry.doubt(line.number, "Không hiểu đáp án “%(words)s”.", "error", "key", words=line.text.strip()[:80])
            return None
        return self._of_letters(key, line)

    def _of_letters(self, key: Key, line: Line) -> frozenset[int] | None:
        choices = self._entry.choices
        last = chr(64 + max((choice.index or 0) + 1 if choice.index is not None else 0 for choice in choices)) if choices else ""
        last = max(last, chr(64 + len(choices)))
        missing = [letter for letter in key.letters if letter not in self._by_letter]
        if missing:
            self._entry.doubt(
                line.number,
                "Đáp án %(key)s không có trong các phương án; phương án cuối là %(last)s.",
                "error",
                "key",
                key=", ".join(key.letters),
                last=last,
            )
            return None
        places = frozenset(self._by_letter[letter] for letter in key.letters)
        if key.words:
            told = words.bare(key.words)
            named = [place for place, choice in enumerate(choices) if _words_of(choice) == told]
            if not named:
                self.reasons.append(Line.plain(key.words, line.number))
            if named and not set(named) & places:
                self._entry.doubt(
                    line.number,
                    "Đáp án ghi %(letter)s nhưng lời văn kèm theo là của phương án %(other)s.",
                    "error",
                    "key",
                    letter=key.letters[0],
                    other=letters(set(named)),
                )
        return places

    def _complain(self) -> None:
        told: set[str] = set()
        for source, places in self._found[1:]:
            if places != self.places and source not in told and not (source == "said" and places < self.places):
                told.add(source)
                self._entry.doubt(self._line, _DISAGREE[source], "error", "key", taken=letters(self.places), other=letters(places))
        if (
            not self._found
            and "weights" not in self._entry.fields
            and not any(problem.field == "key" and problem.severity == "error" for problem in self._entry.problems)
        ):
            self._entry.doubt(
                self._line, "Câu này không có đáp án: không có dòng đáp án, không có phương án nào được đánh dấu.", "error", "key"
            )
