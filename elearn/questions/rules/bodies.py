"""The shape of the bodies of question types, field by field: what a file from outside may hold, and where it does not.

Only shapes are looked at (a list of objects, a number in words, yes or no). Whether a question makes sense is for its type to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from elearn.questions.rules.choices import exact
from elearn.questions.rules.texts import FORMATS

Fault = tuple[str, str]
"""Where, as "options[2].text", and what is wrong: a Vietnamese source message."""
Shape = Callable[[Any, str], Iterator[Fault]]

UNKNOWN = "có tên lạ"
"""What is said of a field that no shape knows; it is no reason to refuse a question."""


def _words(value: Any, place: str) -> Iterator[Fault]:
    if not isinstance(value, str):
        yield place, "phải là chữ"


def _truth(value: Any, place: str) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield place, "phải là true hoặc false"


def _whole(value: Any, place: str) -> Iterator[Fault]:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1_000_000:
        yield place, "phải là số nguyên không âm"


def number(value: Any, place: str) -> Iterator[Fault]:
    """A decimal number in words, such as "0.5", or a whole number."""
    if exact(value) is None:
        yield place, 'phải là số thập phân viết trong dấu nháy, ví dụ "0.5"'


def _number_or_any(value: Any, place: str) -> Iterator[Fault]:
    if value != "*":
        yield from number(value, place)


def rich(value: Any, place: str) -> Iterator[Fault]:
    """A text: a string, or an object with `text` and `format`."""
    if isinstance(value, str):
        return
    if not isinstance(value, Mapping) or not isinstance(value.get("text"), str) or set(value) - {"text", "format"}:
        yield place, "phải là chữ, hoặc đối tượng gồm text và format"
    elif value.get("format") not in FORMATS:
        yield f"{place}.format", "phải là markdown, html, plain hoặc moodle"


def _one_of(*known: Any) -> Shape:
    def look(value: Any, place: str) -> Iterator[Fault]:
        if value not in known or isinstance(value, bool):
            yield place, "không phải giá trị được dùng ở đây"

    return look


def _list(shape: Shape) -> Shape:
    def look(value: Any, place: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield place, "phải là danh sách"
            return
        for index, member in enumerate(value):
            yield from shape(member, f"{place}[{index}]")

    return look


def _fields(needed: Mapping[str, Shape], optional: Mapping[str, Shape]) -> Shape:
    known = {**needed, **optional}

    def look(value: Any, place: str) -> Iterator[Fault]:
        if not isinstance(value, Mapping):
            yield place, "phải là đối tượng"
            return
        dot = f"{place}." if place else ""
        for name in needed:
            if name not in value:
                yield f"{dot}{name}", "còn thiếu"
        for name, member in value.items():
            if name in known:
                yield from known[name](member, f"{dot}{name}")
            else:
                yield f"{dot}{name}", UNKNOWN

    return look


def _named(shape: Shape) -> Shape:
    def look(value: Any, place: str) -> Iterator[Fault]:
        if not isinstance(value, Mapping):
            yield place, "phải là đối tượng"
            return
        for name, member in value.items():
            yield from shape(member, f"{place}.{name}")

    return look


_KINDS = _one_of("absolute", "relative", "geometric")
_share = {"fraction": number, "feedback": rich}
_units: dict[str, Shape] = {
    "units": _list(_fields({"unit": _words}, {"multiplier": number})),
    "unit_policy": _one_of("none", "optional", "required"),
    "unit_penalty": number,
    "unit_before": _truth,
}
_choice: dict[str, Shape] = {
    "shuffle": _truth,
    "numbering": _one_of("abc", "ABC", "123", "iii", "IIII", "none"),
    "feedback": _fields({}, {"right": rich, "partial": rich, "wrong": rich}),
}
_options: dict[str, Shape] = {"options": _list(_fields({"text": rich}, {"right": _truth, "last": _truth, **_share}))}
_short: dict[str, Shape] = {"answers": _list(_fields({"text": _words}, _share))}
_numeric: dict[str, Shape] = {
    "answers": _list(_fields({"value": _number_or_any}, {"tolerance": number, "tolerance_kind": _KINDS, **_share}))
}
_case: dict[str, Shape] = {"case": _truth, "accents": _truth}
_gap: dict[str, Shape] = {"kind": _one_of("text", "choice", "number"), "weight": number, "display": _words}
_GAPS = {
    "text": _fields(_short, {**_gap, **_case}),
    "choice": _fields(_options, {**_gap, **_choice, "credit": _one_of("all_or_nothing", "weights", "right_minus_wrong")}),
    "number": _fields(_numeric, {**_gap, **_units}),
}


def _one_gap(value: Any, place: str) -> Iterator[Fault]:
    kind = value.get("kind") if isinstance(value, Mapping) else None
    if not isinstance(kind, str) or kind not in _GAPS:
        yield f"{place}.kind", "phải là text, choice hoặc number"
    else:
        yield from _GAPS[kind](value, place)


SHAPES: Mapping[str, Shape] = {
    "single_choice": _fields(_options, _choice),
    "multiple_choice": _fields(_options, {**_choice, "credit": _one_of("all_or_nothing", "weights", "right_minus_wrong")}),
    "true_false": _fields({"answer": _truth}, {"feedback": _fields({}, {"true": rich, "false": rich})}),
    "short_answer": _fields(_short, _case),
    "numeric": _fields(_numeric, _units),
    "matching": _fields(
        {"pairs": _list(_fields({"left": rich, "right": _words}, {}))}, {"extra": _list(_words), "shuffle": _truth}
    ),
    "ordering": _fields({"items": _list(rich)}, {"credit": _one_of("all_or_nothing", "absolute", "pairwise")}),
    "gap_fill": _fields({"gaps": _named(_one_gap)}, {}),
    "calculated": _fields(
        {
            "answers": _list(_fields({"formula": _words}, {"tolerance": number, "tolerance_kind": _KINDS, **_share})),
            "variants": _list(_named(number)),
        },
        {"decimals": _whole, **_units},
    ),
    "essay": _fields(
        {},
        {
            "lines": _whole,
            "word_limit": _whole,
            "attachments": _one_of(0, 1, 2, 3),
            "rubric": _list(_fields({"name": _words, "points": number}, {"guide": rich, "weight": number})),
            "guide": rich,
            "template": rich,
            "examiners": _one_of(1, 2, 3, 4, 5),
            "difference": number,
        },
    ),
    "description": _fields({}, {}),
}
"""By key of the question type."""


def faults_of(kind: str, body: Any) -> list[Fault]:
    """What is wrong with the shape of a body; empty where nothing is. `kind` must be in SHAPES."""
    return list(SHAPES[kind](body, "body"))
