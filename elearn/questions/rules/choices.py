"""What types of question with options have in common: labels, order, shares of the mark, and faults of lists."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from elearn.questions.rules.texts import FORMATS, Rich, plain, words_of

LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NEAR = Fraction(1, 1_000_000)
"""Shares come with seven decimals from other systems: three times 0.3333333 is meant to be 1."""
NUMBERINGS = ("abc", "ABC", "123", "iii", "IIII", "none")
Body = Mapping[str, Any]

_NO_TEXT = "Lời nhận xét phải là chữ."
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")
_PICTURE = re.compile(r"<img\b|!\[")


class Mixing(Protocol):
    """Random numbers for one attempt; `rules.drawing.Stream` is the real one."""

    def below(self, bound: int) -> int:
        """A whole number from 0 up to, but without, `bound`."""

    def permutation(self, count: int) -> list[int]:
        """range(count), mixed."""


class InOrder:
    """Mixes nothing: a question as its author wrote it."""

    def below(self, bound: int) -> int:
        return 0

    def permutation(self, count: int) -> list[int]:
        return list(range(count))


@dataclass(frozen=True)
class Example:
    """A worked case that a type carries: `mark` is the share of the full mark, None where the response is refused.

    `is_for_marker` says that a person marks this response: there is no share, and nothing is refused. `text` is the stem, where the
    type looks into it.
    """

    body: Body
    order: Any
    response: object
    mark: Fraction | None
    why: str = ""
    is_for_marker: bool = False
    text: Rich = ""


def exact(value: object) -> Fraction | None:
    """The number that a decimal string or a whole number says, exactly; None for anything else, or out of all bounds."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value) if abs(value) < 10**40 else None
    if not isinstance(value, str) or not _NUMBER.fullmatch(value.strip()):
        return None
    mantissa, _, exponent = value.strip().lower().partition("e")
    # Ten to a power of a thousand would be exact too, and take the memory for it.
    return Fraction(mantissa.rstrip(".")) * Fraction(10) ** int(exponent or 0) if abs(int(exponent or 0)) <= 100 else None


def share(option: Mapping[str, Any]) -> Fraction:
    """The share of the mark that an option earns: its `fraction`, else 1 where it is `right`, else 0."""
    return exact(option["fraction"]) or Fraction(0) if "fraction" in option else Fraction(bool(option.get("right")))


def answer_share(answer: Mapping[str, Any]) -> Fraction:
    """The share that an accepted answer earns: its `fraction`, else all of it."""
    return exact(answer["fraction"]) or Fraction(0) if "fraction" in answer else Fraction(1)


def rounded_off(total: Fraction) -> Fraction:
    """A sum of shares, with 0.9999999 taken for the 1 that it stands for."""
    return Fraction(1) if abs(total - 1) <= NEAR else total


def labels(count: int) -> str:
    """Letters of that many options in the order in which they are shown."""
    return LABELS[:count]


def is_blank(text: Rich | None) -> bool:
    """Whether a text says nothing: neither words nor a picture."""
    return not plain(text) and not _PICTURE.search(words_of(text))


def is_rich(text: object) -> bool:
    """Whether a value can be a text at all."""
    if isinstance(text, Mapping):
        return isinstance(text.get("text"), str) and text.get("format", FORMATS[0]) in FORMATS
    return isinstance(text, str)


def said_once(texts: Sequence[Rich]) -> bool:
    """Whether no two texts say the same. Capitals count: which of two spellings is right may be the question."""
    return len({plain(text) or words_of(text) for text in texts}) == len(texts)


def mappings(value: object) -> list[Mapping[str, Any]] | None:
    """A list of mappings, or None for anything else."""
    return list(value) if isinstance(value, list) and all(isinstance(item, Mapping) for item in value) else None


def feedback_faults(told: object) -> list[str]:
    """Faults of what an author says of responses: texts by the case in which they are shown."""
    is_sound = told is None or (isinstance(told, Mapping) and all(is_rich(text) for text in told.values()))
    return [] if is_sound else [_NO_TEXT]


def share_faults(options: Sequence[Mapping[str, Any]]) -> list[str]:
    """Faults of `fraction` and `feedback` of options or accepted answers."""
    if not all(is_rich(option.get("feedback", "")) for option in options):
        return [_NO_TEXT]
    for option in options:
        if "fraction" in option:
            value = exact(option["fraction"])
            if value is None or abs(value) > 1:
                return ["Tỉ lệ điểm phải là một số từ −1 đến 1, ví dụ 0.5."]
    return []


def option_faults(body: Body) -> list[str]:
    """Faults of the options of a body, in Vietnamese source messages; empty where there is none."""
    found = mappings(body.get("options"))
    if found is None:
        return ["Thiếu danh sách phương án."]
    faults = []
    if not 2 <= len(found) <= len(LABELS):
        faults.append("Số phương án không đúng với loại câu hỏi này.")
    texts = [option.get("text", "") for option in found]
    if not all(is_rich(text) for text in texts) or any(is_blank(text) for text in texts):
        faults.append("Có phương án để trống.")
    elif not said_once(texts):
        faults.append("Có hai phương án giống nhau.")
    if body.get("numbering", NUMBERINGS[0]) not in NUMBERINGS:
        faults.append("Không có cách đánh dấu phương án này.")
    return faults + share_faults(found) + feedback_faults(body.get("feedback"))


def shuffled(body: Body, mixing: Mixing) -> list[int]:
    """Canonical positions in shown order: mixed unless `shuffle` is False, except options that must stay last."""
    options = body["options"]
    free = [index for index, option in enumerate(options) if not option.get("last")]
    fixed = [index for index, option in enumerate(options) if option.get("last")]
    places = mixing.permutation(len(free)) if body.get("shuffle", True) else range(len(free))
    return [free[place] for place in places] + fixed
