"""Items to be put in their right order."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from elearn.questions.rules.choices import LABELS, Body, Example, Mixing, is_blank, is_rich, labels, said_once
from elearn.questions.rules.outcomes import NO_RESPONSE, refused
from elearn.questions.rules.texts import Html, Rich, plain, words_of
from elearn.questions.types import Line, Part, QuestionType

CREDITS = ("absolute", "all_or_nothing", "pairwise")
TRIES = 20

_BODY: Body = {"items": ["1930", "1945", "1954", "1975"]}
_ORDER = [3, 0, 2, 1]  # A is 1975, B 1930, C 1954, D 1945


def _said(item: Rich) -> str:
    return plain(item) or words_of(item)


class Ordering:
    key = "ordering"
    name = "Sắp thứ tự"
    instruction = "Xếp các mục theo đúng thứ tự, từ trên xuống."
    is_marked = True
    needs_marker = False
    examples: tuple[Example, ...] = (
        Example(_BODY, _ORDER, ["B", "D", "C", "A"], Fraction(1), "right"),
        Example(_BODY, [0, 1, 2, 3], ["A", "B", "C", "D"], Fraction(1), "right in another order"),
        Example(_BODY, _ORDER, ["B", "D", "A", "C"], Fraction(1, 2), "two at their places"),
        Example(_BODY, _ORDER, ["A", "B", "D", "C"], Fraction(0), "none at its place"),
        Example({**_BODY, "credit": "pairwise"}, _ORDER, ["A", "B", "D", "C"], Fraction(1, 2), "three of six pairs in order"),
        Example({**_BODY, "credit": "pairwise"}, _ORDER, ["A", "C", "D", "B"], Fraction(0), "back to front"),
        Example({**_BODY, "credit": "all_or_nothing"}, _ORDER, ["B", "D", "A", "C"], Fraction(0), "not all"),
        Example(_BODY, _ORDER, None, Fraction(0), "empty"),
        Example(_BODY, _ORDER, [], Fraction(0), "empty"),
        Example(_BODY, _ORDER, ["B", "D", "C"], None, "one is missing"),
        Example(_BODY, _ORDER, ["B", "D", "C", "B"], None, "named twice"),
        Example(_BODY, _ORDER, "BDCA", None, "malformed"),
    )

    def check(self, body: Body, text: Rich = "") -> list[str]:
        items = body.get("items")
        if not isinstance(items, list) or not 2 <= len(items) <= len(LABELS):
            return ["Câu sắp thứ tự phải có từ 2 đến 26 mục."]
        if not all(is_rich(item) for item in items) or any(is_blank(item) for item in items):
            return ["Có mục để trống."]
        faults = [] if said_once(items) else ["Có hai mục giống nhau."]
        if body.get("credit", CREDITS[0]) not in CREDITS:
            faults.append("Không có cách tính điểm này cho câu sắp thứ tự.")
        return faults

    def arrange(self, body: Body, mixing: Mixing) -> list[int]:
        """Mixed. Three items and more are never shown in the right order: who finds them so has nothing to move, hence nothing to save."""
        count = len(body["items"])
        order = mixing.permutation(count)
        for _ in range(TRIES if count > 2 else 0):
            if order != list(range(count)):
                break
            order = mixing.permutation(count)
        return order

    def stem(self, text: Rich, body: Body, order: Sequence[int]) -> Rich:
        return text

    def controls(self, body: Body, order: Sequence[int], html: Html) -> dict[str, Any]:
        return {"kind": "sort", "items": [html(body["items"][index]) for index in order]}

    def read(self, body: Body, order: Sequence[int], response: object) -> list[str] | None:
        if response is None or response == []:
            return None
        if not isinstance(response, list) or not all(isinstance(name, str) for name in response):
            raise refused()
        if sorted(response) != list(labels(len(order))):
            raise refused()
        return list(response)

    def _placed(self, body: Body, order: Sequence[int], response: object) -> list[int]:
        """Canonical positions in the order chosen; empty where there is no response."""
        known = labels(len(order))
        return [order[known.index(name)] for name in self.read(body, order, response) or ()]

    def mark(self, body: Body, order: Sequence[int], response: object) -> Fraction:
        placed, credit = self._placed(body, order, response), body.get("credit", CREDITS[0])
        if not placed:
            return Fraction(0)
        if credit == "pairwise":
            pairs = list(combinations(placed, 2))
            return Fraction(sum(first < second for first, second in pairs), len(pairs))
        at_place = sum(place == index for place, index in enumerate(placed))
        return Fraction(at_place, len(placed)) if credit == "absolute" else Fraction(at_place == len(placed))

    def right(self, body: Body, order: Sequence[int]) -> list[str]:
        names = labels(len(order))
        return [names[list(order).index(index)] for index in range(len(order))]

    def review(self, body: Body, order: Sequence[int], response: object, html: Html) -> list[Line]:
        """A line for each place, with what was put there: the items in their right order are the key, and stand under `right` alone."""
        placed = self._placed(body, order, response)
        lines = []
        for place, item in enumerate(body["items"]):
            there = body["items"][placed[place]] if placed else ""
            lines.append(
                Line(
                    str(place + 1),
                    html(there) if there else "",
                    is_right=bool(placed) and placed[place] == place,
                    response=_said(there) if there else "",
                    right=_said(item),
                )
            )
        return lines

    def words(self, body: Body, order: Sequence[int], response: object) -> str:
        placed = self._placed(body, order, response)
        return "; ".join(f"{place}. {_said(body['items'][index])}" for place, index in enumerate(placed, start=1))

    def classes(self, body: Body, order: Sequence[int], response: object) -> list[Part]:
        """A part an item: its class is the place where it was put."""
        items, placed = body["items"], self._placed(body, order, response)
        if not placed:
            return [Part(_said(item), NO_RESPONSE, "", Fraction(0)) for item in items]
        at = [str(placed.index(index) + 1) for index in range(len(items))]
        return [Part(_said(item), at[index], at[index], self._worth(items, index, at[index])) for index, item in enumerate(items)]

    def _worth(self, items: Sequence[Rich], index: int, at: str) -> Fraction:
        return Fraction(at == str(index + 1), len(items))

    def model(self, body: Body, order: Any = None) -> list[Part]:
        items = body["items"]
        return [
            Part(_said(item), str(place), "", self._worth(items, index, str(place)))
            for index, item in enumerate(items)
            for place in range(1, len(items) + 1)
        ]

    def texts(self, body: Body) -> list[str]:
        return [plain(item) for item in body["items"]]


TYPE: QuestionType = Ordering()
