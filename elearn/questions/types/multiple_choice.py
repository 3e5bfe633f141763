"""Any number of right options: all or nothing, by weights, or right less wrong."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from elearn.questions.rules.choices import Body, Example, Mixing, shuffled
from elearn.questions.rules.choosing import CREDITS, MANY, option_lines, overall_lines
from elearn.questions.rules.texts import Html
from elearn.questions.types import Line, QuestionType, WholeAnswer

_BODY: Body = {
    "options": [
        {"text": "Nghị quyết 57", "right": True},
        {"text": "Nghị quyết 35"},
        {"text": "Nghị quyết 59", "right": True},
        {"text": "Nghị quyết 18"},
    ]
}
_COUNTED: Body = {**_BODY, "credit": "right_minus_wrong"}
_WEIGHTED: Body = {
    "options": [
        {"text": "I", "fraction": "0.3333333"},
        {"text": "II", "fraction": "0.3333333"},
        {"text": "III", "fraction": "0.3333333"},
        {"text": "IV", "fraction": "-1"},
    ],
    "credit": "weights",
}


class MultipleChoice(WholeAnswer):
    key = "multiple_choice"
    name = "Nhiều đáp án đúng"
    instruction = "Có thể có nhiều đáp án đúng. Chọn mọi đáp án mà bạn cho là đúng."
    answering = MANY
    examples: tuple[Example, ...] = (
        Example(_BODY, [0, 1, 2, 3], ["A", "C"], Fraction(1), "right"),
        Example(_BODY, [2, 0, 1, 3], ["B", "A"], Fraction(1), "right in another order"),
        Example(_BODY, [0, 1, 2, 3], ["A"], Fraction(0), "partly right is not enough"),
        Example(_BODY, [0, 1, 2, 3], ["A", "C", "D"], Fraction(0), "one too many"),
        Example(_BODY, [0, 1, 2, 3], [], Fraction(0), "empty"),
        Example(_BODY, [0, 1, 2, 3], None, Fraction(0), "empty"),
        Example(_WEIGHTED, [3, 2, 1, 0], ["B", "C", "D"], Fraction(1), "three thirds are the whole"),
        Example(_WEIGHTED, [0, 1, 2, 3], ["A", "B"], Fraction(6666666, 10**7), "partly right by weights"),
        Example(_WEIGHTED, [0, 1, 2, 3], ["A", "D"], Fraction(0), "not below nothing"),
        Example(_COUNTED, [0, 1, 2, 3], ["A"], Fraction(1, 2), "one of two right"),
        Example(_COUNTED, [0, 1, 2, 3], ["A", "B", "C"], Fraction(1, 2), "two right less one wrong"),
        Example(_COUNTED, [0, 1, 2, 3], ["B", "D"], Fraction(0), "floored"),
        Example(_BODY, [0, 1, 2, 3], "A", None, "no list"),
        Example(_BODY, [0, 1, 2, 3], ["A", "A"], None, "named twice"),
        Example(_BODY, [0, 1, 2, 3], ["A", "E"], None, "past the last option"),
        Example(_BODY, [0, 1, 2, 3], [1], None, "malformed"),
    )

    def arrange(self, body: Body, mixing: Mixing) -> list[int]:
        return shuffled(body, mixing)

    def controls(self, body: Body, order: Sequence[int], html: Html) -> dict[str, Any]:
        options = [html(body["options"][index]["text"]) for index in order]
        found: dict[str, Any] = {"kind": "checkbox", "options": options, "credit": body.get("credit", CREDITS[0])}
        return {**found, "numbering": body["numbering"]} if "numbering" in body else found

    def review(self, body: Body, order: Sequence[int], response: object, html: Html) -> list[Line]:
        names = self.read(body, order, response)
        chosen = MANY.chosen(order, names or [])
        return option_lines(body, order, chosen, html) + overall_lines(body, MANY.share(body, order, names), html)


TYPE: QuestionType = MultipleChoice()
