"""Choosing one option or several: what is a response, and what it earns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from elearn.questions.rules.choices import NEAR, Body, labels, option_faults, rounded_off, share
from elearn.questions.rules.outcomes import NO_RESPONSE, Line, Part, refused, verdict
from elearn.questions.rules.texts import Html, plain, words_of

CREDITS = ("all_or_nothing", "weights", "right_minus_wrong")


def said(option: Mapping[str, Any]) -> str:
    """An option in plain words; its source where it is a picture without any."""
    return plain(option["text"]) or words_of(option["text"])


def keyed(options: Sequence[Mapping[str, Any]]) -> set[int]:
    """Canonical positions of the options that earn something."""
    return {index for index, option in enumerate(options) if share(option) > 0}


def option_lines(body: Body, order: Sequence[int], chosen: set[int], html: Html) -> list[Line]:
    """A line an option in shown order; `chosen` are canonical positions."""
    options, right, names = body["options"], keyed(body["options"]), labels(len(order))
    return [
        Line(
            names[place],
            html(options[index]["text"]),
            is_chosen=index in chosen,
            is_right=index in right,
            feedback=html(options[index]["feedback"]) if options[index].get("feedback") else "",
        )
        for place, index in enumerate(order)
    ]


def overall_lines(body: Body, earned: Fraction, html: Html) -> list[Line]:
    """The last line, with what the author says of a right, partly right or wrong response; none where nothing is said."""
    told = body.get("feedback") or {}
    text = told.get("right" if earned == 1 else "partial" if earned > 0 else "wrong")
    return [Line("", "", feedback=html(text))] if text else []


class _Choosing:
    """What one and several have in common. A response is a list of labels here."""

    def chosen(self, order: Sequence[int], names: Sequence[str]) -> set[int]:
        """Canonical positions of the labels."""
        known = labels(len(order))
        return {order[known.index(name)] for name in names}

    def options_of(self, body: Body, order: Sequence[int], names: Sequence[str]) -> list[Mapping[str, Any]]:
        """The options named, in shown order."""
        known = labels(len(order))
        return [body["options"][order[known.index(name)]] for name in sorted(names)]

    def texts(self, body: Body) -> list[str]:
        return [plain(option["text"]) for option in body["options"]]


class _One(_Choosing):
    """Exactly one option."""

    def faults(self, body: Body) -> list[str]:
        found = option_faults(body)
        if found:
            return found
        options = body["options"]
        if not any("fraction" in option for option in options):
            is_one = sum(bool(option.get("right")) for option in options) == 1
            return [] if is_one else ["Câu một đáp án phải có đúng một phương án đúng."]
        return [] if max(map(share, options)) == 1 else ["Phải có một phương án được trọn điểm."]

    def read(self, body: Body, order: Sequence[int], response: object) -> str | None:
        if response is None:
            return None
        if not isinstance(response, str) or len(response) != 1 or response not in labels(len(order)):
            raise refused()
        return response

    def share(self, body: Body, order: Sequence[int], response: str | None) -> Fraction:
        return share(self.options_of(body, order, [response])[0]) if response else Fraction(0)

    def right(self, body: Body, order: Sequence[int]) -> str | None:
        names = labels(len(order))
        return next((names[place] for place, index in enumerate(order) if share(body["options"][index]) == 1), None)

    def line(self, label: str, body: Body, order: Sequence[int], response: str | None, html: Html) -> Line:
        picked = self.options_of(body, order, [response])[0] if response else {}
        feedback = html(picked["feedback"]) if picked.get("feedback") else ""
        right = self.right(body, order)
        told = said(self.options_of(body, order, [right])[0]) if right else ""
        return Line(
            label,
            "",
            is_right=verdict(self.share(body, order, response)),
            response=said(picked) if picked else "",
            right=told,
            feedback=feedback,
        )

    def words(self, body: Body, order: Sequence[int], response: str | None) -> str:
        return f"{response}. {said(self.options_of(body, order, [response])[0])}" if response else ""

    def classes(self, part: str, body: Body, order: Sequence[int], response: str | None) -> list[Part]:
        if not response:
            return [Part(part, NO_RESPONSE, "", Fraction(0))]
        option = self.options_of(body, order, [response])[0]
        return [Part(part, said(option), said(option), share(option))]

    def model(self, part: str, body: Body) -> list[Part]:
        return [Part(part, said(option), "", share(option)) for option in body["options"]]


class _Many(_Choosing):
    """Any number of options; `credit` says how they are counted."""

    def faults(self, body: Body) -> list[str]:
        found = option_faults(body)
        if found:
            return found
        credit = body.get("credit", CREDITS[0])
        if credit not in CREDITS:
            return ["Không có cách tính điểm này cho câu nhiều đáp án."]
        earning = [value for value in map(share, body["options"]) if value > 0]
        if not earning:
            return ["Câu nhiều đáp án phải có ít nhất một phương án đúng."]
        if credit == "weights" and abs(sum(earning, Fraction(0)) - 1) > NEAR:
            return ["Tổng tỉ lệ điểm của các phương án đúng phải bằng 1."]
        return []

    def read(self, body: Body, order: Sequence[int], response: object) -> list[str] | None:
        if response is None or response == []:
            return None
        known = labels(len(order))
        if not isinstance(response, list) or not all(
            isinstance(name, str) and len(name) == 1 and name in known for name in response
        ):
            raise refused()
        if len(set(response)) != len(response):
            raise refused()
        return sorted(response)

    def share(self, body: Body, order: Sequence[int], response: list[str] | None) -> Fraction:
        if not response:
            return Fraction(0)
        options, chosen = body["options"], self.chosen(order, response)
        right, credit = keyed(options), body.get("credit", CREDITS[0])
        if credit == "weights":
            total = rounded_off(sum((share(options[index]) for index in chosen), Fraction(0)))
        elif credit == "right_minus_wrong":
            total = Fraction(len(chosen & right) - len(chosen - right), max(1, len(right)))
        else:
            total = Fraction(chosen == right)
        return min(max(total, Fraction(0)), Fraction(1))

    def right(self, body: Body, order: Sequence[int]) -> list[str] | None:
        right, names = keyed(body["options"]), labels(len(order))
        return [names[place] for place, index in enumerate(order) if index in right] or None

    def line(self, label: str, body: Body, order: Sequence[int], response: list[str] | None, html: Html) -> Line:
        picked = self.options_of(body, order, response or [])
        right = self.options_of(body, order, self.right(body, order) or [])
        return Line(
            label,
            "",
            is_right=verdict(self.share(body, order, response)),
            response="; ".join(map(said, picked)),
            right="; ".join(map(said, right)),
            feedback="".join(html(option["feedback"]) for option in picked if option.get("feedback")),
        )

    def words(self, body: Body, order: Sequence[int], response: list[str] | None) -> str:
        names = response or []
        return "; ".join(f"{name}. {said(option)}" for name, option in zip(names, self.options_of(body, order, names), strict=True))

    def classes(self, part: str, body: Body, order: Sequence[int], response: list[str] | None) -> list[Part]:
        """A part for each option that was ticked: each is chosen or left by itself."""
        if not response:
            return [Part(part, NO_RESPONSE, "", Fraction(0))]
        options = [body["options"][index] for index in sorted(self.chosen(order, response))]
        return [Part(self.part_of(part, option), said(option), said(option), self.worth(body, option)) for option in options]

    def model(self, part: str, body: Body) -> list[Part]:
        return [Part(self.part_of(part, option), said(option), "", self.worth(body, option)) for option in body["options"]]

    def part_of(self, part: str, option: Mapping[str, Any]) -> str:
        """The name of an option as a part of its own."""
        return f"{part}: {said(option)}" if part else said(option)

    def worth(self, body: Body, option: Mapping[str, Any]) -> Fraction:
        """What the option adds: its own share where weights count, else an equal part of the right ones."""
        if body.get("credit") == "weights" or "fraction" in option:
            return share(option)
        return Fraction(bool(option.get("right")), max(1, len(keyed(body["options"]))))


ONE = _One()
MANY = _Many()
