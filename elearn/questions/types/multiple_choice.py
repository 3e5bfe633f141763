"""Several right options; all of them and no other make the mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from elearn.questions.rules.choices import Body, Example, chosen, option_faults, right_places, shuffled

_BODY: Body = {
    "options": [
        {"text": "Nghị quyết 57", "right": True},
        {"text": "Nghị quyết 35"},
        {"text": "Nghị quyết 59", "right": True},
        {"text": "Nghị quyết 18"},
    ]
}


class MultipleChoice:
    key = "multiple_choice"
    name = "Nhiều đáp án đúng"
    instruction = "Có thể có nhiều đáp án đúng. Chọn đủ và đúng mới được tính."
    is_multiple = True
    examples = (
        Example(_BODY, (0, 1, 2, 3), ["A", "C"], Fraction(1), "right"),
        Example(_BODY, (2, 0, 1, 3), ["B", "A"], Fraction(1), "right in another order"),
        Example(_BODY, (0, 1, 2, 3), ["A"], Fraction(0), "partly right"),
        Example(_BODY, (0, 1, 2, 3), ["A", "C", "D"], Fraction(0), "one too many"),
        Example(_BODY, (0, 1, 2, 3), [], Fraction(0), "empty"),
        Example(_BODY, (0, 1, 2, 3), None, Fraction(0), "empty"),
        Example(_BODY, (0, 1, 2, 3), "A", None, "no list"),
        Example(_BODY, (0, 1, 2, 3), ["A", "A"], None, "named twice"),
        Example(_BODY, (0, 1, 2, 3), ["A", "E"], None, "past the last option"),
        Example(_BODY, (0, 1, 2, 3), [1], None, "malformed"),
    )

    def check(self, body: Body) -> list[str]:
        found = option_faults(body.get("options"), 4, 6)
        if not found and sum(bool(option.get("right")) for option in body["options"]) < 2:
            found.append("Câu nhiều đáp án phải có từ hai phương án đúng.")
        return found

    def order(self, body: Body, shuffle: Callable[[int], list[int]]) -> list[int]:
        return shuffled(body["options"], shuffle)

    def shown(self, body: Body, order: Sequence[int]) -> list[str]:
        return [body["options"][index]["text"] for index in order]

    def right(self, body: Body, order: Sequence[int]) -> set[int]:
        return right_places(body["options"], order)

    def chosen(self, body: Body, order: Sequence[int], response: object) -> set[int]:
        return chosen(response, len(order), is_multiple=True)

    def mark(self, body: Body, order: Sequence[int], response: object) -> Fraction:
        picked = self.chosen(body, order, response)
        return Fraction(bool(picked) and picked == self.right(body, order))


TYPE = MultipleChoice()
