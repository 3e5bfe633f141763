"""A statement that is true or false."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from elearn.questions.rules.choices import Body, Example, chosen


class TrueFalse:
    key = "true_false"
    name = "Đúng hay sai"
    instruction = "Mệnh đề trên đúng hay sai?"
    is_multiple = False
    examples = (
        Example({"answer": True}, (0, 1), "A", Fraction(1), "right"),
        Example({"answer": False}, (0, 1), "B", Fraction(1), "right"),
        Example({"answer": True}, (0, 1), "B", Fraction(0), "wrong"),
        Example({"answer": True}, (0, 1), None, Fraction(0), "empty"),
        Example({"answer": True}, (0, 1), "C", None, "past the last option"),
        Example({"answer": True}, (0, 1), True, None, "malformed"),
    )

    def check(self, body: Body) -> list[str]:
        return [] if isinstance(body.get("answer"), bool) else ["Câu đúng hay sai phải có đáp án true hoặc false."]

    def order(self, body: Body, shuffle: Callable[[int], list[int]]) -> list[int]:
        return [0, 1]

    def shown(self, body: Body, order: Sequence[int]) -> list[str]:
        return ["Đúng", "Sai"]

    def right(self, body: Body, order: Sequence[int]) -> set[int]:
        return {0 if body["answer"] else 1}

    def chosen(self, body: Body, order: Sequence[int], response: object) -> set[int]:
        return chosen(response, 2, is_multiple=False)

    def mark(self, body: Body, order: Sequence[int], response: object) -> Fraction:
        picked = self.chosen(body, order, response)
        return Fraction(bool(picked) and picked == self.right(body, order))


TYPE = TrueFalse()
