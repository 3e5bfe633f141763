"""A number worked out from values that differ from attempt to attempt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from elearn.lib.errors import InvalidInput
from elearn.questions.rules.choices import Body, Example, Mixing, answer_share, exact, mappings, share_faults
from elearn.questions.rules.formulas import names_in, work_out
from elearn.questions.rules.numeric import MOST_ANSWERS, Accepted, Numbers, tolerance_faults, unit_faults, units_shown, with_unit
from elearn.questions.rules.outcomes import Part
from elearn.questions.rules.quantities import rounded, said
from elearn.questions.rules.texts import Html, Rich, format_of, rich, words_of
from elearn.questions.types import QuestionType, WholeAnswer

MOST_VARIANTS = 500
_KIND_NAMES = {"absolute": "Nominal", "relative": "Relative", "geometric": "Geometric"}
_WORKED_OUT = re.compile(r"\{=((?:[^{}]|\{[^{}]*\})*)\}")
_VALUE = re.compile(r"\{([^{}=#\s][^{}\s]*)\}")

_STEM = "{a} t + {b} t = ? (2 × {a} t = {={a}*2} t)"
_BODY: Body = {
    "answers": [{"formula": "{a} + {b}"}, {"formula": "{a} - {b}", "fraction": "0.5"}],
    "variants": [{"a": "7.6", "b": "2.3"}, {"a": "9.5", "b": "9.9"}],
    "decimals": 1,
}
_THIRD: Body = {"answers": [{"formula": "1/3", "tolerance": "0", "tolerance_kind": "absolute"}], "variants": [{}]}
Order = Mapping[str, int]


def _relative(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with the tolerance that is usual here."""
    return {"tolerance": "0.01", "tolerance_kind": "relative", **answer}


def _name(body: Body, answer: Mapping[str, Any]) -> str:
    told = _relative(answer)
    return f"{with_unit(body, told['formula'])} (±{told['tolerance']} {_KIND_NAMES[told['tolerance_kind']]})"


class _Worked(Numbers):
    """Accepted answers worked out from the values of the variant."""

    def accepted(self, body: Body, order: Order) -> list[Accepted]:
        values = body["variants"][order["variant"]]
        found = []
        for answer in map(_relative, body["answers"]):
            value = Fraction(work_out(answer["formula"], values))
            shown = Fraction(rounded(value, self.decimals(body)))
            one = Accepted(_name(body, answer), (shown, value), answer_share(answer), feedback=answer.get("feedback", ""))
            found.append(replace(one, tolerance=exact(answer["tolerance"]) or Fraction(0), kind=answer["tolerance_kind"]))
        return found

    def decimals(self, body: Body) -> int:
        return int(body.get("decimals", 2))

    def model(self, part: str, body: Body) -> list[Part]:
        return [Part(part, _name(body, answer), "", answer_share(answer)) for answer in body["answers"]]

    def texts(self, body: Body) -> list[str]:
        return [answer["formula"] for answer in body["answers"]]


_WORKED = _Worked()


class Calculated(WholeAnswer):
    key = "calculated"
    name = "Tính toán"
    instruction = "Tính rồi nhập một số. Phần thập phân viết sau dấu phẩy, ví dụ 3,14."
    answering = _WORKED
    examples: tuple[Example, ...] = (
        Example(_BODY, {"variant": 0}, "9,9", Fraction(1), "right", text=_STEM),
        Example(_BODY, {"variant": 1}, "19.4", Fraction(1), "right for other values", text=_STEM),
        Example(_BODY, {"variant": 1}, "19,594", Fraction(1), "at the border of the tolerance", text=_STEM),
        Example(_BODY, {"variant": 1}, "-0,4", Fraction(1, 2), "partly right", text=_STEM),
        Example(_BODY, {"variant": 1}, "9,9", Fraction(0), "wrong: the values of another variant", text=_STEM),
        Example(_BODY, {"variant": 0}, "ten", Fraction(0), "no number", text=_STEM),
        Example(_BODY, {"variant": 0}, None, Fraction(0), "empty", text=_STEM),
        Example(_THIRD, {"variant": 0}, "0,33", Fraction(1), "right as rounded"),
        Example(_THIRD, {"variant": 0}, "0,333333333333333", Fraction(1), "right as worked out"),
        Example(_THIRD, {"variant": 0}, "0,34", Fraction(0), "wrong"),
        Example(_BODY, {"variant": 0}, 9.9, None, "malformed", text=_STEM),
    )

    def check(self, body: Body, text: Rich = "") -> list[str]:
        answers, variants = mappings(body.get("answers")), mappings(body.get("variants"))
        if not answers or len(answers) > MOST_ANSWERS or not all(isinstance(answer.get("formula"), str) for answer in answers):
            return ["Câu tính toán phải có công thức của câu trả lời."]
        if not variants or len(variants) > MOST_VARIANTS:
            return ["Câu tính toán phải có từ 1 đến 500 bộ số."]
        if any(not isinstance(value, str) or exact(value) is None for one in variants for value in one.values()):
            return ["Bộ số chỉ được chứa số, ví dụ 7.6."]
        if any(set(one) != set(variants[0]) for one in variants):
            return ["Các bộ số phải có cùng những giá trị như nhau."]
        decimals = body.get("decimals", 2)
        if not isinstance(decimals, int) or isinstance(decimals, bool) or not 0 <= decimals <= 15:
            return ["Số chữ số thập phân phải từ 0 đến 15."]
        found = (
            [fault for answer in answers for fault in tolerance_faults(_relative(answer))]
            + share_faults(answers)
            + unit_faults(body)
        )
        if not found and max(map(answer_share, answers)) != 1:
            found = ["Phải có một câu trả lời được trọn điểm."]
        return list(dict.fromkeys(found)) or self._not_to_be_worked_out(body, text)

    def _not_to_be_worked_out(self, body: Body, text: Rich) -> list[str]:
        words, known = words_of(text), set(body["variants"][0])
        try:
            worked_out = _WORKED_OUT.findall(words)
            wanted = {name for formula in worked_out for name in names_in(formula)}
            if {name for name in wanted if name.lower() != "pi"} - known:
                return ["Trong câu có giá trị không có trong các bộ số."]
            for variant, values in enumerate(body["variants"]):
                for formula in worked_out:
                    work_out(formula, values)
                if _WORKED.right(body, {"variant": variant}) is None:
                    return ["Với một bộ số, câu trả lời được trọn điểm bị một câu trả lời đứng trước che mất."]
        except InvalidInput as error:
            return [error.message]
        return []

    def arrange(self, body: Body, mixing: Mixing) -> dict[str, int]:
        return {"variant": mixing.below(len(body["variants"]))}

    def stem(self, text: Rich, body: Body, order: Order) -> Rich:
        values = body["variants"][order["variant"]]

        def worked_out(found: re.Match[str]) -> str:
            return said(Fraction(work_out(found[1], values)))

        def given(found: re.Match[str]) -> str:
            value = values.get(found[1])
            return found[0] if value is None else value.strip().replace(".", ",")

        return rich(_VALUE.sub(given, _WORKED_OUT.sub(worked_out, words_of(text))), format_of(text))

    def controls(self, body: Body, order: Order, html: Html) -> dict[str, Any]:
        return {"kind": "number", "units": units_shown(body)}


TYPE: QuestionType = Calculated()
