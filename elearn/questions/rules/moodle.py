"""Habits of Moodle's importer that several formats share: names made of texts, the list of weights, paths of categories.

What is said here was learnt from how Moodle 3 and 4 behave; see docs.moodle.org, "GIFT format" and "Moodle XML format".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from elearn.questions.rules.texts import Rich, words_of

WHITE = " \t\n\r\0\x0b"
"""What PHP trims. Other spaces, such as the unbreakable one, belong to the text."""

_WEIGHTS = (
    "1 0.9 0.8333333 0.8 0.75 0.7 0.6666667 0.6 0.5 0.4 0.3333333 0.3 0.25 0.2 0.1666667 0.1428571 0.125 0.1111111 0.1 0.05 0"
)
WEIGHTS = tuple(Decimal(weight) for weight in _WEIGHTS.split())
_NEAR = Decimal("0.00001")

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?")
_ENTITY = re.compile(r"&[0-9a-z]{2,8};|&#[0-9]{1,7};|&#x[0-9a-f]{1,6};", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]+>")
_PIECE = re.compile(r"(<[^<>]+>)?([^<>]*)")
_SLASH = re.compile(r"(?<!/)/(?!/)")
_CONTEXT = re.compile(r"\$[a-z]+\$")
_LONGEST_NAME = 255
_BREAKS_ANYWHERE = 0x2E80  # from here on scripts are written without spaces between words


def number(text: str) -> Decimal | None:
    """The number that a text is, written with a decimal point as in PHP; None where it is none."""
    stripped = text.strip(WHITE)
    return Decimal(stripped) if _NUMBER.fullmatch(stripped) else None


def digits(value: Decimal | Fraction) -> str:
    """A number without needless zeros and without exponent: "0.5"; a fraction that has no end to seven places."""
    exact = value if isinstance(value, Decimal) else round(Decimal(value.numerator) / Decimal(value.denominator), 7)
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def weight(share: Decimal) -> Decimal | None:
    """The weight of Moodle's list that is meant by a share of 1; None where there is none so near."""
    return next((found.copy_sign(share) if found else found for found in WEIGHTS if abs(abs(share) - found) < _NEAR), None)


def nearest_weight(share: Decimal) -> Decimal:
    """The weight of Moodle's list that comes nearest."""
    return min(WEIGHTS, key=lambda found: abs(abs(share) - found)).copy_sign(share)


def percent(share: Fraction) -> str:
    """A share as a percentage with at most five decimals: "33.33333"."""
    return digits(Fraction(round(share * 10_000_000), 100_000))


def option(text: Rich, share: Decimal, feedback: Rich = "", is_single: bool = True) -> dict[str, Any]:
    """An option of a choice; of a single one that is worth everything it is said that it is right."""
    found: dict[str, Any] = {"text": text}
    if is_single and share == 1:
        found["right"] = True
    elif share:
        found["fraction"] = digits(share)
    if words_of(feedback):
        found["feedback"] = feedback
    return found


def answer(what: Mapping[str, Any], share: Decimal, feedback: Rich = "") -> dict[str, Any]:
    """An accepted answer: `what` it is, its share unless that is all, its feedback unless there is none."""
    found = dict(what)
    if share != 1:
        found["fraction"] = digits(share)
    if words_of(feedback):
        found["feedback"] = feedback
    return found


def accepted(found: Mapping[str, Any]) -> Fraction:
    """The share that an accepted answer earns: all where nothing is said."""
    return Fraction(str(found.get("fraction", "1")))


def weighed(body: Mapping[str, Any]) -> list[Fraction]:
    """Shares of the options of a choice with several right ones as Moodle marks it: by the sum of the weights of what is chosen.

    "weights" are as they are. For the two other ways of marking the right options share the mark; a wrong one then takes away as much
    as a right one gives (right minus wrong), or all (all or nothing).
    """
    options: Sequence[Mapping[str, Any]] = body["options"]
    shares = [
        Fraction(str(option["fraction"])) if "fraction" in option else Fraction(bool(option.get("right"))) for option in options
    ]
    credit = body.get("credit", "all_or_nothing")
    if credit == "weights":
        return shares
    right = sum(share > 0 for share in shares) or 1
    wrong = Fraction(-1, right) if credit == "right_minus_wrong" else Fraction(-1)
    return [Fraction(1, right) if share > 0 else wrong for share in shares]


def without_tags(text: str) -> str:
    """The text without tags of HTML. "<" before a space is no tag; a tag that is never closed goes to the end of the text."""
    if "<" not in text:
        return text
    kept: list[str] = []
    at = 0
    while True:
        start = text.find("<", at)
        if start < 0:
            kept.append(text[at:])
            break
        after = text[start + 1 : start + 2]
        if after.isspace():
            kept.append(text[at : start + 1])
            at = start + 1
            continue
        kept.append(text[at:start])
        at = _end_of_tag(text, start)
    return "".join(kept)


def _end_of_tag(text: str, start: int) -> int:
    if text.startswith("<!--", start):
        end = text.find("-->", start + 4)
        return len(text) if end < 0 else end + 3
    quote = ""
    depth = 0
    for place in range(start + 1, len(text)):
        sign = text[place]
        if sign in "\"'":
            quote = "" if sign == quote else quote or sign
        elif quote:
            continue
        elif sign == "<":
            depth += 1
        elif sign == ">":
            if not depth:
                return place + 1
            depth -= 1
    return len(text)


def clean_name(name: str) -> str:
    """A name as Moodle keeps it: without tags, trimmed, at most 255 characters."""
    name = without_tags(name).strip(WHITE)
    most = _LONGEST_NAME - 4
    while len(name) > _LONGEST_NAME and most > 0:
        name = shortened(name, most)
        most -= 10
    return name


def name_from(text: str) -> str:
    """The name of a question that has none: the beginning of its text, at most 80 characters of whole words."""
    return clean_name(shortened(text, 80))


def shortened(text: str, most: int) -> str:
    """The beginning of a text with HTML, `most` characters without counting tags, "..." for what was left out; tags stay."""
    if len(_TAG.sub("", text)) <= most:
        return text
    kept: list[str] = []
    length = len("...")
    for piece in _PIECE.finditer(text):
        tag, words = piece[1] or "", piece[2]
        kept.append(tag)
        counted = len(_ENTITY.sub(" ", words))
        if length + counted > most:
            kept.append(words[: _break(words, most - length)])
            break
        kept.append(words)
        length += counted
        if length >= most:
            break
    return "".join(kept) + "..."


def _break(words: str, left: int) -> int:
    """Where to cut: after the last space or full stop among the first `left` characters, an entity counted as one."""
    extra = 0
    for entity in _ENTITY.finditer(words):
        if entity.start() + 1 - extra > left:
            break
        left -= 1
        extra += len(entity[0])
    most = left + extra
    for place in range(min(most, len(words) - 1), 0, -1):
        if words[place] in ". " or ord(words[place]) >= _BREAKS_ANYWHERE:
            return min(place + 1, most)
    return most


def category_from(path: str) -> str:
    """Moodle's path of a category as ours: "$course$/top/Lịch sử/Chương 1" becomes "Lịch sử / Chương 1"; "" for the top."""
    parts = [part.replace("//", "/").strip(WHITE) for part in _SLASH.split(path)]
    if parts and _CONTEXT.fullmatch(parts[0]):
        parts = parts[1:]
    if parts and parts[0] == "top":
        parts = parts[1:]
    return " / ".join(re.sub(r"\s+/\s+", "/", part) for part in parts if part)


def category_path(category: str) -> str:
    """Our path of a category as Moodle's."""
    parts = [part.replace("/", "//") for part in category.split(" / ") if part]
    spaced = [(" " if part.startswith("/") else "") + part + (" " if part.endswith("/") else "") for part in parts]
    return "/".join(["$course$", "top", *spaced])
