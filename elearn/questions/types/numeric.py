"""A number that the taker types, within a tolerance, with a unit where one is asked for."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from elearn.questions.rules.choices import Body, Example
from elearn.questions.rules.numeric import NUMBER, units_shown
from elearn.questions.rules.texts import Html
from elearn.questions.types import QuestionType, WholeAnswer

_BODY: Body = {
    "answers": [{"value": "3.14", "tolerance": "0.005"}, {"value": "3", "fraction": "0.5"}, {"value": "*", "fraction": "0"}]
}
_PEOPLE: Body = {"answers": [{"value": "1000"}, {"value": "1", "fraction": "0"}]}
_LENGTH: Body = {
    "answers": [{"value": "3", "tolerance": "0.01", "tolerance_kind": "relative"}],
    "units": [{"unit": "m", "multiplier": "1"}, {"unit": "cm", "multiplier": "100"}],
    "unit_policy": "required",
    "unit_penalty": "0.25",
}
_PRICE: Body = {"answers": [{"value": "5000"}], "units": [{"unit": "₫"}], "unit_before": True}


class Numeric(WholeAnswer):
    key = "numeric"
    name = "Trả lời bằng số"
    instruction = "Nhập một số. Phần thập phân viết sau dấu phẩy, ví dụ 3,14."
    answering = NUMBER
    examples: tuple[Example, ...] = (
        Example(_BODY, [], "3,14", Fraction(1), "right with a comma"),
        Example(_BODY, [], " 3.14 ", Fraction(1), "right with a point"),
        Example(_BODY, [], "3,145", Fraction(1), "at the border of the tolerance"),
        Example(_BODY, [], "3,1451", Fraction(0), "just past it"),
        Example(_BODY, [], "3", Fraction(1, 2), "partly right"),
        Example(_BODY, [], "four", Fraction(0), "no number"),
        Example(_PEOPLE, [], "1.000", Fraction(1), "a point between thousands, read for the taker"),
        Example(_PEOPLE, [], "1 000 people", Fraction(1), "a unit that nobody asked for"),
        Example(_PEOPLE, [], "1,000", Fraction(0), "a comma begins decimals"),
        Example(_PEOPLE, [], "1×10³", Fraction(1), "as a power"),
        Example(_LENGTH, [], "3 m", Fraction(1), "right with its unit"),
        Example(_LENGTH, [], "303cm", Fraction(1), "another unit, within the tolerance"),
        Example(_LENGTH, [], "3", Fraction(3, 4), "the unit is missing"),
        Example(_LENGTH, [], "3 cm", Fraction(3, 4), "a wrong unit"),
        Example(_LENGTH, [], "4 m", Fraction(0), "wrong"),
        Example(_PRICE, [], "₫ 5.000", Fraction(1), "the unit before the number"),
        Example(_PRICE, [], "5000", Fraction(1), "the unit may be missing"),
        Example(_BODY, [], None, Fraction(0), "empty"),
        Example(_BODY, [], "", Fraction(0), "empty"),
        Example(_BODY, [], 3.14, None, "malformed"),
        Example(_BODY, [], "1" * 101, None, "too long"),
    )

    def controls(self, body: Body, order: Any, html: Html) -> dict[str, Any]:
        return {"kind": "number", "units": units_shown(body)}


TYPE: QuestionType = Numeric()
