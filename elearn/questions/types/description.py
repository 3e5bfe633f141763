"""A text to be read; there is nothing to answer."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from elearn.questions.rules.choices import Body, Example
from elearn.questions.rules.outcomes import Line, Part, refused
from elearn.questions.rules.texts import Html, Rich
from elearn.questions.types import QuestionType, WholeAnswer


class Description(WholeAnswer):
    key = "description"
    name = "Đoạn dẫn"
    instruction = "Đọc đoạn này trước khi làm các câu sau."
    is_marked = False
    examples: tuple[Example, ...] = (
        Example({}, [], None, Fraction(0), "empty"),
        Example({}, [], "A", None, "there is nothing to answer"),
        Example({}, [], [], None, "malformed"),
    )

    def check(self, body: Body, text: Rich = "") -> list[str]:
        return []

    def controls(self, body: Body, order: Any, html: Html) -> dict[str, Any]:
        return {"kind": "none"}

    def read(self, body: Body, order: Any, response: object) -> None:
        if response is not None:
            raise refused()

    def mark(self, body: Body, order: Any, response: object) -> Fraction:
        self.read(body, order, response)
        return Fraction(0)

    def right(self, body: Body, order: Any) -> None:
        return None

    def review(self, body: Body, order: Any, response: object, html: Html) -> list[Line]:
        return []

    def words(self, body: Body, order: Any, response: object) -> str:
        return ""

    def classes(self, body: Body, order: Any, response: object) -> list[Part]:
        return []

    def model(self, body: Body, order: Any = None) -> list[Part]:
        return []

    def texts(self, body: Body) -> list[str]:
        return []


TYPE: QuestionType = Description()
