"""A statement that is true or false."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from elearn.questions.rules.choices import Body, Example, feedback_faults
from elearn.questions.rules.choosing import ONE, option_lines
from elearn.questions.rules.texts import Html, Rich
from elearn.questions.types import Line, Part, QuestionType, WholeAnswer

_ORDER = (0, 1)


def _as_choice(body: Body) -> Body:
    """The statement as a choice of one out of two."""
    told = body.get("feedback") or {}
    right = {"text": "Đúng", "right": body["answer"], "feedback": told.get("true", "")}
    return {"options": [right, {"text": "Sai", "right": not body["answer"], "feedback": told.get("false", "")}]}


class TrueFalse(WholeAnswer):
    key = "true_false"
    name = "Đúng hay sai"
    instruction = "Mệnh đề trên đúng hay sai?"
    answering = ONE
    examples: tuple[Example, ...] = (
        Example({"answer": True}, [], "A", Fraction(1), "right"),
        Example({"answer": False}, [], "B", Fraction(1), "right"),
        Example({"answer": True}, [], "B", Fraction(0), "wrong"),
        Example({"answer": True}, [], None, Fraction(0), "empty"),
        Example({"answer": True}, [0, 1], "A", Fraction(1), "an order of older papers"),
        Example({"answer": True}, [], "C", None, "past the last option"),
        Example({"answer": True}, [], True, None, "malformed"),
    )

    def check(self, body: Body, text: Rich = "") -> list[str]:
        if not isinstance(body.get("answer"), bool):
            return ["Câu đúng hay sai phải có đáp án true hoặc false."]
        return feedback_faults(body.get("feedback"))

    def controls(self, body: Body, order: Any, html: Html) -> dict[str, Any]:
        return {"kind": "radio", "options": [html(option["text"]) for option in _as_choice(body)["options"]]}

    def read(self, body: Body, order: Any, response: object) -> str | None:
        return ONE.read(body, _ORDER, response)

    def mark(self, body: Body, order: Any, response: object) -> Fraction:
        return ONE.share(_as_choice(body), _ORDER, self.read(body, order, response))

    def right(self, body: Body, order: Any) -> str:
        return "A" if body["answer"] else "B"

    def review(self, body: Body, order: Any, response: object, html: Html) -> list[Line]:
        label = self.read(body, order, response)
        return option_lines(_as_choice(body), _ORDER, ONE.chosen(_ORDER, [label] if label else []), html)

    def words(self, body: Body, order: Any, response: object) -> str:
        return ONE.words(_as_choice(body), _ORDER, self.read(body, order, response))

    def classes(self, body: Body, order: Any, response: object) -> list[Part]:
        return ONE.classes("", _as_choice(body), _ORDER, self.read(body, order, response))

    def model(self, body: Body, order: Any = None) -> list[Part]:
        return ONE.model("", _as_choice(body))

    def texts(self, body: Body) -> list[str]:
        return []


TYPE: QuestionType = TrueFalse()
