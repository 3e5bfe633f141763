"""One right option out of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from elearn.questions.rules.choices import Body, Example, chosen, option_faults, right_places, shuffled

_BODY: Body = {"options": [{"text": "Ma Cao", "right": True}, {"text": "Hương Cảng"}, {"text": "Hà Nội"}]}


class SingleChoice:
    key = "single_choice"
    name = "Một đáp án đúng"
    instruction = "Chọn một đáp án."
    is_multiple = False
    examples = (
        Example(_BODY, (0, 1, 2), "A", Fraction(1), "right"),
        Example(_BODY, (2, 0, 1), "B", Fraction(1), "right in another order"),
        Example(_BODY, (0, 1, 2), "C", Fraction(0), "wrong"),
        Example(_BODY, (0, 1, 2), None, Fraction(0), "empty"),
        Example(_BODY, (0, 1, 2), "D", None, "past the last option"),
        Example(_BODY, (0, 1, 2), ["A"], None, "a list"),
        Example(_BODY, (0, 1, 2), {"A": 1}, None, "malformed"),
    )

    def check(self, body: Body) -> list[str]:
        found = option_faults(body.get("options"), 3, 5)
        if not found and sum(bool(option.get("right")) for option in body["options"]) != 1:
            found.append("Câu một đáp án phải có đúng một phương án đúng.")
        return found

    def order(self, body: Body, shuffle: Callable[[int], list[int]]) -> list[int]:
        return shuffled(body["options"], shuffle)

    def shown(self, body: Body, order: Sequence[int]) -> list[str]:
        return [body["options"][index]["text"] for index in order]

    def right(self, body: Body, order: Sequence[int]) -> set[int]:
        return right_places(body["options"], order)

    def chosen(self, body: Body, order: Sequence[int], response: object) -> set[int]:
        return chosen(response, len(order), is_multiple=False)

    def mark(self, body: Body, order: Sequence[int], response: object) -> Fraction:
        picked = self.chosen(body, order, response)
        return Fraction(bool(picked) and picked == self.right(body, order))


TYPE = SingleChoice()
