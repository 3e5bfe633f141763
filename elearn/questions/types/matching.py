"""Rows on the left, each matched with one of the choices; equal marks a row."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from elearn.lib.vietnamese import sort_key
from elearn.questions.rules.choices import LABELS, Body, Example, Mixing, is_blank, is_rich, labels, mappings, said_once
from elearn.questions.rules.outcomes import NO_RESPONSE, refused
from elearn.questions.rules.texts import Html, Rich, plain, words_of
from elearn.questions.types import Line, Part, QuestionType

_BODY: Body = {
    "pairs": [{"left": "frog", "right": "amphibian"}, {"left": "cat", "right": "mammal"}, {"left": "newt", "right": "amphibian"}],
    "extra": ["bird"],
}
_ORDER = {"left": [0, 1, 2], "right": [0, 1, 2]}
Order = Mapping[str, list[int]]


def _tidy(words: object) -> str:
    return " ".join(str(words).split())


def choices_of(body: Body) -> list[str]:
    """The choices in the order of the alphabet: their places say nothing about the pairs."""
    found = {_tidy(words) for words in [*(pair["right"] for pair in body["pairs"]), *body.get("extra", ())]}
    return sorted(found, key=lambda words: (sort_key(words), words))


def _row(left: Rich) -> str:
    return plain(left) or words_of(left)


class Matching:
    key = "matching"
    name = "Ghép đôi"
    instruction = "Chọn nội dung phù hợp cho từng dòng."
    is_marked = True
    needs_marker = False
    examples: tuple[Example, ...] = (
        Example(_BODY, _ORDER, ["A", "C", "A"], Fraction(1), "right; choices are amphibian, bird, mammal"),
        Example(_BODY, {"left": [1, 0, 2], "right": [2, 1, 0]}, ["A", "C", "C"], Fraction(1), "right in another order"),
        Example(_BODY, _ORDER, ["A", "B", None], Fraction(1, 3), "partly right"),
        Example(_BODY, _ORDER, ["C", "A", "B"], Fraction(0), "wrong"),
        Example(_BODY, _ORDER, None, Fraction(0), "empty"),
        Example(_BODY, _ORDER, [None, None, None], Fraction(0), "empty"),
        Example(_BODY, _ORDER, ["A", "C"], None, "a row too few"),
        Example(_BODY, _ORDER, ["A", "C", "D"], None, "past the last choice"),
        Example(_BODY, _ORDER, {"0": "A"}, None, "malformed"),
    )

    def check(self, body: Body, text: Rich = "") -> list[str]:
        pairs, extra = mappings(body.get("pairs")), body.get("extra", [])
        if pairs is None or not 2 <= len(pairs) <= len(LABELS):
            return ["Câu ghép đôi phải có từ 2 đến 26 cặp."]
        if not all(is_rich(pair.get("left")) and isinstance(pair.get("right"), str) for pair in pairs):
            return ["Mỗi cặp phải có vế trái và vế phải."]
        if not isinstance(extra, list) or not all(isinstance(one, str) and one.strip() for one in extra):
            return ["Lựa chọn thêm của câu ghép đôi phải là chữ."]
        if any(is_blank(pair["left"]) or not pair["right"].strip() for pair in pairs):
            return ["Có vế để trống."]
        faults = []
        if not said_once([pair["left"] for pair in pairs]):
            faults.append("Có hai dòng bên trái giống nhau.")
        if not 2 <= len(choices_of(body)) <= len(LABELS):
            faults.append("Câu ghép đôi phải có từ 2 đến 26 lựa chọn khác nhau.")
        return faults

    def arrange(self, body: Body, mixing: Mixing) -> dict[str, list[int]]:
        rows, choices = len(body["pairs"]), len(choices_of(body))
        if not body.get("shuffle", True):
            return {"left": list(range(rows)), "right": list(range(choices))}
        return {"left": mixing.permutation(rows), "right": mixing.permutation(choices)}

    def stem(self, text: Rich, body: Body, order: Order) -> Rich:
        return text

    def controls(self, body: Body, order: Order, html: Html) -> dict[str, Any]:
        rows = [html(body["pairs"][index]["left"]) for index in order["left"]]
        return {"kind": "match", "rows": rows, "choices": self._shown(body, order)}

    def _shown(self, body: Body, order: Order) -> list[str]:
        choices = choices_of(body)
        return [choices[index] for index in order["right"]]

    def read(self, body: Body, order: Order, response: object) -> list[str | None] | None:
        if response is None or response == []:
            return None
        known = labels(len(order["right"]))
        if not isinstance(response, list) or len(response) != len(order["left"]):
            raise refused()
        if not all(name is None or (isinstance(name, str) and len(name) < 2 and name in known) for name in response):
            raise refused()
        found = [name or None for name in response]
        return found if any(found) else None

    def _matched(self, body: Body, order: Order, response: object) -> list[tuple[int, str]]:
        """For each row as shown the place of its pair and the choice made, "" for none."""
        names = self.read(body, order, response) or [None] * len(order["left"])
        shown = dict(zip(labels(len(order["right"])), self._shown(body, order), strict=True))
        return [(index, shown[name] if name else "") for index, name in zip(order["left"], names, strict=True)]

    def mark(self, body: Body, order: Order, response: object) -> Fraction:
        matched = self._matched(body, order, response)
        return Fraction(sum(choice == _tidy(body["pairs"][index]["right"]) for index, choice in matched), len(matched))

    def right(self, body: Body, order: Order) -> list[str]:
        shown = self._shown(body, order)
        return [LABELS[shown.index(_tidy(body["pairs"][index]["right"]))] for index in order["left"]]

    def review(self, body: Body, order: Order, response: object, html: Html) -> list[Line]:
        lines = []
        for number, (index, choice) in enumerate(self._matched(body, order, response), start=1):
            pair = body["pairs"][index]
            right = _tidy(pair["right"])
            lines.append(Line(str(number), html(pair["left"]), is_right=choice == right, response=choice, right=right))
        return lines

    def words(self, body: Body, order: Order, response: object) -> str:
        matched = self._matched(body, order, response)
        return "; ".join(f"{_row(body['pairs'][index]['left'])} → {choice}" for index, choice in matched if choice)

    def classes(self, body: Body, order: Order, response: object) -> list[Part]:
        parts = []
        for index, choice in sorted(self._matched(body, order, response)):
            row = _row(body["pairs"][index]["left"])
            parts.append(self._part(body, index, choice, choice) if choice else Part(row, NO_RESPONSE, "", Fraction(0)))
        return parts

    def _part(self, body: Body, index: int, choice: str, actual: str) -> Part:
        pairs = body["pairs"]
        row = _row(pairs[index]["left"])
        return Part(row, f"{row}: {choice}", actual, Fraction(choice == _tidy(pairs[index]["right"]), len(pairs)))

    def model(self, body: Body, order: Any = None) -> list[Part]:
        return [self._part(body, index, choice, "") for index in range(len(body["pairs"])) for choice in choices_of(body)]

    def texts(self, body: Body) -> list[str]:
        return [*(plain(pair["left"]) for pair in body["pairs"]), *choices_of(body)]


TYPE: QuestionType = Matching()
