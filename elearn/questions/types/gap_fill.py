"""Gaps in the text, to be filled by typing words or numbers or by choosing; each may weigh differently."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from elearn.questions.rules.choices import Body, Example, Mixing, exact, labels, mappings, shuffled
from elearn.questions.rules.choosing import MANY, ONE, said
from elearn.questions.rules.numeric import NUMBER, units_shown
from elearn.questions.rules.outcomes import Answering, refused
from elearn.questions.rules.short_text import TEXT
from elearn.questions.rules.texts import Html, Rich, words_of
from elearn.questions.types import Line, Part, QuestionType

MOST_GAPS = 50
DISPLAYS = ("select", "radio", "radio_row", "check", "check_row")
_PLACE = re.compile(r"\{#([0-9]{1,3})\}")

_STEM = "The {#1} went to {#2} for {#3} years in a {#4} boat."
_BODY: Body = {
    "gaps": {
        "1": {"kind": "choice", "options": [{"text": "owl", "right": True}, {"text": "dog"}, {"text": "cat", "fraction": "0.5"}]},
        "2": {"kind": "text", "answers": [{"text": "sea"}, {"text": "the sea*", "fraction": "0.5"}]},
        "3": {"kind": "number", "answers": [{"value": "2.5", "tolerance": "0.1"}], "weight": "2"},
        "4": {
            "kind": "choice",
            "display": "check",
            "options": [
                {"text": "pea-green", "fraction": "0.5"},
                {"text": "beautiful", "fraction": "0.5"},
                {"text": "red", "fraction": "-0.5"},
            ],
        },
    }
}
_ORDER = {"1": [2, 0, 1], "4": [0, 1, 2]}
Order = Mapping[str, list[int]]
Gap = Mapping[str, Any]


def _rules(gap: Gap) -> Answering:
    if gap["kind"] == "choice":
        return MANY if str(gap.get("display", "")).startswith("check") else ONE
    return NUMBER if gap["kind"] == "number" else TEXT


def _weight(gap: Gap) -> Fraction:
    return exact(gap.get("weight", "1")) or Fraction(0)


def _body(gap: Gap) -> Gap:
    """The body of a gap: several choices count by their weights where they have any."""
    if (
        gap["kind"] == "choice"
        and "credit" not in gap
        and any("fraction" in option for option in mappings(gap.get("options")) or ())
    ):
        return {**gap, "credit": "weights"}
    return gap


def _gaps(body: Body) -> list[tuple[str, Gap]]:
    """Gaps by number."""
    return [(number, _body(gap)) for number, gap in sorted(body["gaps"].items(), key=lambda item: int(item[0]))]


class GapFill:
    key = "gap_fill"
    name = "Điền vào chỗ trống"
    instruction = "Điền hoặc chọn nội dung cho từng chỗ trống."
    is_marked = True
    needs_marker = False
    examples: tuple[Example, ...] = (
        Example(_BODY, _ORDER, {"1": "B", "2": "SEA", "3": "2,5", "4": ["A", "B"]}, Fraction(1), "right", text=_STEM),
        Example(_BODY, _ORDER, {"1": "A", "2": "the sea-side", "3": "2,45"}, Fraction(3, 5), "partly right", text=_STEM),
        Example(_BODY, _ORDER, {"4": ["A", "C"]}, Fraction(0), "several choices are not below nothing", text=_STEM),
        Example(_BODY, _ORDER, {"1": "C", "2": "bed", "3": "one"}, Fraction(0), "wrong", text=_STEM),
        Example(_BODY, _ORDER, None, Fraction(0), "empty", text=_STEM),
        Example(_BODY, _ORDER, {"1": None, "2": " ", "4": []}, Fraction(0), "empty", text=_STEM),
        Example(_BODY, _ORDER, {"5": "sea"}, None, "no such gap", text=_STEM),
        Example(_BODY, _ORDER, {"1": "D"}, None, "past the last option", text=_STEM),
        Example(_BODY, _ORDER, ["B", "SEA"], None, "malformed", text=_STEM),
    )

    def check(self, body: Body, text: Rich = "") -> list[str]:
        gaps = body.get("gaps")
        if (
            not isinstance(gaps, Mapping)
            or not 1 <= len(gaps) <= MOST_GAPS
            or not all(isinstance(gap, Mapping) for gap in gaps.values())
        ):
            return ["Câu điền chỗ trống phải có từ 1 đến 50 chỗ trống."]
        if not all(isinstance(number, str) and re.fullmatch("[1-9][0-9]{0,2}", number) for number in gaps):
            return ["Chỗ trống phải được đánh số, từ 1 đến 999."]
        faults = self._places(text, set(gaps)) if words_of(text) else []
        if any(gap.get("kind") not in ("text", "choice", "number") for gap in gaps.values()):
            return [*faults, "Có chỗ trống không rõ loại."]
        for gap in gaps.values():
            faults += _rules(gap).faults(_body(gap))
            weight = exact(gap.get("weight", "1"))
            if weight is None or weight < 0 or weight > 1000:
                faults.append("Trọng số của chỗ trống phải là một số không âm.")
            if gap.get("display", DISPLAYS[0]) not in DISPLAYS:
                faults.append("Không có cách hiện lựa chọn này.")
        if not faults and not sum(map(_weight, gaps.values())):
            faults.append("Phải có một chỗ trống được tính điểm.")
        return list(dict.fromkeys(faults))

    def _places(self, text: Rich, known: set[str]) -> list[str]:
        places = _PLACE.findall(words_of(text))
        faults = []
        if set(places) - known:
            faults.append("Trong câu có chỗ trống chưa có đáp án.")
        if known - set(places):
            faults.append("Có đáp án mà trong câu không có chỗ trống của nó.")
        if len(set(places)) < len(places):
            faults.append("Một chỗ trống đứng hai lần trong câu.")
        return faults

    def arrange(self, body: Body, mixing: Mixing) -> dict[str, list[int]]:
        return {number: shuffled(gap, mixing) for number, gap in _gaps(body) if gap["kind"] == "choice"}

    def stem(self, text: Rich, body: Body, order: Order) -> Rich:
        return text

    def controls(self, body: Body, order: Order, html: Html) -> dict[str, Any]:
        return {"kind": "gaps", "gaps": {number: self._control(gap, order.get(number, ()), html) for number, gap in _gaps(body)}}

    def _control(self, gap: Gap, order: Any, html: Html) -> dict[str, Any]:
        if gap["kind"] == "text":
            return {"kind": "text", "size": 20}
        if gap["kind"] == "number":
            return {"kind": "number", "size": 10, "units": units_shown(gap)}
        shown, display = [gap["options"][index] for index in order], gap.get("display", DISPLAYS[0])
        if display == "select":
            return {"kind": "select", "options": [said(option) for option in shown]}
        found = {
            "kind": "radio" if display.startswith("radio") else "checkbox",
            "options": [html(option["text"]) for option in shown],
        }
        return {**found, "row": True} if display.endswith("_row") else found

    def read(self, body: Body, order: Order, response: object) -> dict[str, Any] | None:
        if response is None:
            return None
        if not isinstance(response, Mapping) or not set(response) <= set(body["gaps"]):
            raise refused()
        found = {}
        for number, gap in _gaps(body):
            given = response.get(number)
            answer = _rules(gap).read(gap, order.get(number, ()), None if given == "" else given)
            if answer is not None:
                found[number] = answer
        return found or None

    def _each(self, body: Body, order: Order, response: object) -> list[tuple[str, Gap, Any, Any]]:
        """Number, gap, order and response of each gap."""
        given = self.read(body, order, response) or {}
        return [(number, gap, order.get(number, ()), given.get(number)) for number, gap in _gaps(body)]

    def mark(self, body: Body, order: Order, response: object) -> Fraction:
        each = self._each(body, order, response)
        earned = sum((_weight(gap) * _rules(gap).share(gap, at, given) for _, gap, at, given in each), Fraction(0))
        return earned / sum((_weight(gap) for _, gap, _, _ in each), Fraction(0))

    def right(self, body: Body, order: Order) -> dict[str, Any]:
        return {number: _rules(gap).right(gap, order.get(number, ())) for number, gap in _gaps(body)}

    def review(self, body: Body, order: Order, response: object, html: Html) -> list[Line]:
        return [_rules(gap).line(number, gap, at, given, html) for number, gap, at, given in self._each(body, order, response)]

    def words(self, body: Body, order: Order, response: object) -> str:
        told = ((number, gap, at, given) for number, gap, at, given in self._each(body, order, response) if given is not None)
        return "; ".join(f"{number}: {self._words(gap, at, given)}" for number, gap, at, given in told)

    def _words(self, gap: Gap, order: Any, given: Any) -> str:
        if gap["kind"] != "choice":
            return _rules(gap).words(gap, order, given)
        known = labels(len(order))
        return ", ".join(said(gap["options"][order[known.index(name)]]) for name in given)

    def classes(self, body: Body, order: Order, response: object) -> list[Part]:
        return [
            part
            for number, gap, at, given in self._each(body, order, response)
            for part in _rules(gap).classes(number, gap, at, given)
        ]

    def model(self, body: Body, order: Any = None) -> list[Part]:
        return [part for number, gap in _gaps(body) for part in _rules(gap).model(number, gap)]

    def texts(self, body: Body) -> list[str]:
        return [words for _, gap in _gaps(body) for words in _rules(gap).texts(gap)]


TYPE: QuestionType = GapFill()
