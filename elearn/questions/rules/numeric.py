"""A number that the taker types, compared with accepted values within their tolerance; units where the question asks for them.

Units: `multiplier` says how many of a unit make one base unit (m: 1, cm: 100). Policies: "none": a unit is not judged, whatever it says;
"optional": it may be missing, a wrong one costs the penalty; "required": a missing one costs it, too. The penalty is a share of what the
answer earns. A number that is right as it stands but carries a wrong unit counts as right with a wrong unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from elearn.questions.rules.choices import Body, answer_share, exact, mappings, share_faults
from elearn.questions.rules.outcomes import NO_MATCH, NO_RESPONSE, Line, Part, read_words, verdict
from elearn.questions.rules.quantities import LONGEST, may_be_unit, quantity, said, unit_key, written
from elearn.questions.rules.texts import Html, Rich

KINDS = ("absolute", "relative", "geometric")
POLICIES = ("none", "optional", "required")
MOST_ANSWERS = 100


@dataclass(frozen=True)
class Accepted:
    """An accepted answer. `values` are alternatives of one number, the one to show first; empty where any number is accepted."""

    name: str
    values: tuple[Fraction, ...]
    share: Fraction
    tolerance: Fraction = Fraction(0)
    kind: str = "absolute"
    feedback: Rich = ""

    def holds(self, value: Fraction) -> bool:
        """Whether the value is within the tolerance, borders included."""
        return not self.values or any(low <= value <= high for low, high in map(self.interval, self.values))

    def interval(self, value: Fraction) -> tuple[Fraction, Fraction]:
        """The least and the greatest number accepted for a value: relative is |x − a| ≤ t·|a|, geometric a/(1+t) to a·(1+t)."""
        if self.kind == "geometric":
            low, high = value / (1 + self.tolerance), value * (1 + self.tolerance)
            return min(low, high), max(low, high)
        reach = self.tolerance * abs(value) if self.kind == "relative" else self.tolerance
        return value - reach, value + reach


@dataclass(frozen=True)
class Outcome:
    """Which accepted answer a response is, None for none, and what it earns."""

    index: int | None
    share: Fraction


def policy_of(body: Body) -> str:
    """How units are judged; "optional" where there are units and nothing is said."""
    return str(body.get("unit_policy", "optional" if body.get("units") else "none"))


def unit_faults(body: Body) -> list[str]:
    """Faults of units, their policy and penalty."""
    units, penalty = mappings(body.get("units", [])), exact(body.get("unit_penalty", "0.1"))
    if units is None or not all(isinstance(one.get("unit"), str) and unit_key(one["unit"]) for one in units):
        return ["Đơn vị phải có tên."]
    names = [unit_key(one["unit"]) for one in units]
    multipliers = [exact(one.get("multiplier", "1")) for one in units]
    if len(set(names)) < len(names):
        return ["Có hai đơn vị giống nhau."]
    if not all(may_be_unit(name) for name in names):
        return ["Tên đơn vị phải bắt đầu bằng chữ cái hoặc ký hiệu đơn vị."]
    if any(value is None or value <= 0 for value in multipliers):
        return ["Hệ số của đơn vị phải là một số dương."]
    if units and 1 not in multipliers:
        return ["Phải có một đơn vị gốc với hệ số 1."]
    if policy_of(body) not in POLICIES or (policy_of(body) == "required" and not units):
        return ["Câu hỏi bắt buộc ghi đơn vị phải có danh sách đơn vị."]
    return [] if penalty is not None and 0 <= penalty <= 1 else ["Mức trừ khi sai đơn vị phải từ 0 đến 1."]


def tolerance_faults(answer: Mapping[str, Any]) -> list[str]:
    """Faults of the tolerance of one accepted answer."""
    tolerance = exact(answer.get("tolerance", "0"))
    if tolerance is None or tolerance < 0 or answer.get("tolerance_kind", KINDS[0]) not in KINDS:
        return ["Sai số cho phép phải là một số không âm."]
    return []


def outcome(body: Body, accepted: Sequence[Accepted], response: str | None) -> Outcome:
    """The best that the response can mean; of equals the first reading and the first answer."""
    typed = quantity(response) if response else None
    best = Outcome(None, Fraction(0))
    if typed is None:
        return best
    for reading in typed.readings:
        found = _matched(body, accepted, reading, typed.unit)
        if found.index is not None and (best.index is None or found.share > best.share):
            best = found
    return best


def _matched(body: Body, accepted: Sequence[Accepted], value: Fraction, unit: str) -> Outcome:
    policy, multiplier = policy_of(body), _multiplier(body, unit)
    for index, answer in enumerate(accepted):
        if policy != "none" and multiplier is not None and answer.holds(value / multiplier):
            return Outcome(index, answer.share)
        if answer.holds(value):
            is_unit_right = policy == "none" or (policy == "optional" and not unit)
            penalty = Fraction(0) if is_unit_right or answer.share <= 0 else exact(body.get("unit_penalty", "0.1")) or Fraction(0)
            return Outcome(index, answer.share * (1 - penalty))
    return Outcome(None, Fraction(0))


def _multiplier(body: Body, unit: str) -> Fraction | None:
    """How many of the unit make one base unit; None where it is missing or unknown. "Km" will do for "km" unless "KM" is another."""
    units = {unit_key(one["unit"]): exact(one.get("multiplier", "1")) for one in body.get("units", ())}
    key = unit_key(unit)
    if key in units or not key:
        return units.get(key)
    alike = [name for name in units if name.casefold() == key.casefold()]
    return units[alike[0]] if len(alike) == 1 else None


def units_shown(body: Body) -> list[str]:
    """Units that the taker is told of; none where they are not judged."""
    return [] if policy_of(body) == "none" else [str(one["unit"]) for one in body.get("units", ())]


def base_unit(body: Body) -> str:
    """The unit of the key: the first with multiplier 1; "" where there are none."""
    return next((str(one["unit"]) for one in body.get("units", ()) if exact(one.get("multiplier", "1")) == 1), "")


def with_unit(body: Body, number: str) -> str:
    """The number with the base unit where it belongs."""
    unit = base_unit(body)
    if not unit or policy_of(body) == "none":
        return number
    return f"{unit} {number}" if body.get("unit_before") else f"{number} {unit}"


class Numbers:
    """The rules of one typed number. A subclass works out the accepted answers in its own way."""

    def accepted(self, body: Body, order: Any) -> list[Accepted]:
        """Accepted answers in the order in which they are tried."""
        return [
            Accepted(
                _name(body, answer),
                () if answer["value"] == "*" else (exact(answer["value"]) or Fraction(0),),
                answer_share(answer),
                exact(answer.get("tolerance", "0")) or Fraction(0),
                answer.get("tolerance_kind", KINDS[0]),
                answer.get("feedback", ""),
            )
            for answer in body["answers"]
        ]

    def decimals(self, body: Body) -> int | None:
        """With how many decimals a right answer is shown; None: as it is."""
        return None

    def faults(self, body: Body) -> list[str]:
        answers = mappings(body.get("answers"))
        if not answers:
            return ["Thiếu danh sách câu trả lời được chấp nhận."]
        if len(answers) > MOST_ANSWERS:
            return ["Có quá nhiều câu trả lời được chấp nhận."]
        if any(answer.get("value") != "*" and exact(answer.get("value")) is None for answer in answers):
            return ["Giá trị của câu trả lời phải là một số, ví dụ 3.14, hoặc dấu *."]
        found = [fault for answer in answers for fault in tolerance_faults(answer)] + share_faults(answers) + unit_faults(body)
        if found:
            return list(dict.fromkeys(found))
        if max(map(answer_share, answers)) != 1:
            return ["Phải có một câu trả lời được trọn điểm."]
        return [] if self.right(body, None) else ["Câu trả lời được trọn điểm bị một câu trả lời đứng trước che mất."]

    def read(self, body: Body, order: Any, response: object) -> str | None:
        """Words that are no number are kept, too: what was typed is the taker's, and it earns nothing."""
        return read_words(response, LONGEST)

    def share(self, body: Body, order: Any, response: str | None) -> Fraction:
        return outcome(body, self.accepted(body, order), response).share

    def right(self, body: Body, order: Any) -> str | None:
        """The first value of full mark that no earlier answer takes away, written as Vietnamese do, with its unit."""
        accepted = self.accepted(body, order)
        for answer in accepted:
            if answer.share == 1:
                text = with_unit(body, said(answer.values[0], self.decimals(body)) if answer.values else "0")
                if outcome(body, accepted, text).share == 1:
                    return text
        return None

    def line(self, label: str, body: Body, order: Any, response: str | None, html: Html) -> Line:
        accepted = self.accepted(body, order)
        result = outcome(body, accepted, response)
        feedback = accepted[result.index].feedback if result.index is not None else ""
        return Line(
            label,
            "",
            is_right=verdict(result.share),
            response=response or "",
            right=self.right(body, order) or "",
            feedback=html(feedback) if feedback else "",
        )

    def words(self, body: Body, order: Any, response: str | None) -> str:
        return response or ""

    def classes(self, part: str, body: Body, order: Any, response: str | None) -> list[Part]:
        accepted = self.accepted(body, order)
        result = outcome(body, accepted, response)
        if result.index is None:
            return [Part(part, NO_RESPONSE if response is None else NO_MATCH, response or "", Fraction(0))]
        return [Part(part, accepted[result.index].name, response or "", result.share)]

    def model(self, part: str, body: Body) -> list[Part]:
        return [Part(part, _name(body, answer), "", answer_share(answer)) for answer in body["answers"]]

    def texts(self, body: Body) -> list[str]:
        return [str(answer["value"]) for answer in body["answers"]]


def _name(body: Body, answer: Mapping[str, Any]) -> str:
    """The class of an accepted answer: "3.14 (3.13..3.15)", with the unit where there is one; "*" for any number."""
    value = exact(answer["value"])
    if value is None:
        return "*"
    kind = answer.get("tolerance_kind", KINDS[0])
    low, high = Accepted("", (value,), Fraction(1), exact(answer.get("tolerance", "0")) or Fraction(0), kind).interval(value)
    return f"{with_unit(body, str(answer['value']))} ({written(low)}..{written(high)})"


NUMBER = Numbers()
