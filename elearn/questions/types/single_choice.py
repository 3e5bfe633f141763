"""One right option out of several; options may earn a part of the mark, or cost one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from elearn.questions.rules.choices import Body, Example, Mixing, shuffled
from elearn.questions.rules.choosing import ONE, option_lines, overall_lines
from elearn.questions.rules.texts import Html
from elearn.questions.types import Line, QuestionType, WholeAnswer

_BODY: Body = {"options": [{"text": "Ma Cao", "right": True}, {"text": "Hương Cảng"}, {"text": "Hà Nội"}]}
_WEIGHTED: Body = {
    "options": [
        {"text": "1930", "fraction": "1"},
        {"text": "1929", "fraction": "0.3333333"},
        {"text": "1945", "fraction": "-0.5"},
        {"text": "1954"},
    ],
    "shuffle": False,
}


class SingleChoice(WholeAnswer):
    key = "single_choice"
    name = "Một đáp án đúng"
    instruction = "Chọn một đáp án."
    answering = ONE
    examples: tuple[Example, ...] = (
        Example(_BODY, [0, 1, 2], "A", Fraction(1), "right"),
        Example(_BODY, [2, 0, 1], "B", Fraction(1), "right in another order"),
        Example(_BODY, [0, 1, 2], "C", Fraction(0), "wrong"),
        Example(_BODY, [0, 1, 2], None, Fraction(0), "empty"),
        Example(_WEIGHTED, [0, 1, 2, 3], "B", Fraction(3333333, 10**7), "partly right"),
        Example(_WEIGHTED, [0, 1, 2, 3], "C", Fraction(-1, 2), "worse than nothing"),
        Example(_BODY, [0, 1, 2], "D", None, "past the last option"),
        Example(_BODY, [0, 1, 2], ["A"], None, "a list"),
        Example(_BODY, [0, 1, 2], {"A": 1}, None, "malformed"),
    )

    def arrange(self, body: Body, mixing: Mixing) -> list[int]:
        return shuffled(body, mixing)

    def controls(self, body: Body, order: Sequence[int], html: Html) -> dict[str, Any]:
        found: dict[str, Any] = {"kind": "radio", "options": [html(body["options"][index]["text"]) for index in order]}
        return {**found, "numbering": body["numbering"]} if "numbering" in body else found

    def review(self, body: Body, order: Sequence[int], response: object, html: Html) -> list[Line]:
        label = self.read(body, order, response)
        chosen = ONE.chosen(order, [label] if label else [])
        return option_lines(body, order, chosen, html) + overall_lines(body, ONE.share(body, order, label), html)


TYPE: QuestionType = SingleChoice()
