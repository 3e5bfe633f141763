"""Cloze: gaps written inside a text, as Moodle's embedded answers are: "Thủ đô là {1:MULTICHOICE:=Hà Nội#Đúng~Huế}".

A gap is "{", its weight, ":", its kind, ":", alternatives parted by "~", "}". An alternative is "=" (all) or "%50%" (a share) or nothing
(no share), the answer, and after "#" its feedback. In answers and feedback "\\\\" and entities of HTML hide signs with a meaning.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from elearn.questions.rules.choices import share
from elearn.questions.rules.moodle import WHITE, accepted, answer, digits, number, option, percent
from elearn.questions.rules.texts import Rich, format_of, rich, words_of

_CHOICES = {
    "MULTICHOICE": ("select", False), "MULTICHOICE_S": ("select", True), "MULTICHOICE_V": ("radio", False),
    "MULTICHOICE_VS": ("radio", True), "MULTICHOICE_H": ("radio_row", False), "MULTICHOICE_HS": ("radio_row", True),
    "MULTIRESPONSE": ("check", False), "MULTIRESPONSE_S": ("check", True), "MULTIRESPONSE_H": ("check_row", False),
    "MULTIRESPONSE_HS": ("check_row", True),
}  # fmt: skip
_KIND_OF_CHOICE = {way: kind for kind, way in _CHOICES.items()}
_SHORT = {
    "NM": "NUMERICAL", "SA": "SHORTANSWER", "MW": "SHORTANSWER", "SAC": "SHORTANSWER_C", "MWC": "SHORTANSWER_C", "MC": "MULTICHOICE",
    "MCS": "MULTICHOICE_S", "MCV": "MULTICHOICE_V", "MCVS": "MULTICHOICE_VS", "MCH": "MULTICHOICE_H", "MCHS": "MULTICHOICE_HS",
    "MR": "MULTIRESPONSE", "MRS": "MULTIRESPONSE_S", "MRH": "MULTIRESPONSE_H", "MRHS": "MULTIRESPONSE_HS",
}  # fmt: skip
_KINDS = {"NUMERICAL", "SHORTANSWER", "SHORTANSWER_C", *_CHOICES}
_START = re.compile(r"\{([0-9]{0,4}):([A-Z_]{2,16}):")
_SIGN = re.compile(r"[~#}]")
_FRACTION = re.compile(r"=|%(-?[0-9]{1,9}(?:[.,][0-9]{0,9})?)%")
_CODED = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_NUMERIC = re.compile(r"([^:]*)(?::([^:]*))?")
_PLACE = re.compile(r"\{#([^\s{}]+)\}")
_TO_CODE = re.compile(r"[&~#{}\\]")


@dataclass(frozen=True)
class Cloze:
    """What a text with gaps was found to be. `faults` are Vietnamese source messages; with any of them the rest is of no use."""

    text: str
    """The stem, `{#1}` where the first gap stands."""
    body: dict[str, Any]
    mark: Decimal
    """Sum of the weights."""
    faults: tuple[str, ...]


@dataclass(frozen=True)
class _Alternative:
    fraction: str | None  # "=", a percentage, None for none
    answer: str
    feedback: str


def read_cloze(text: str) -> Cloze:
    """The gaps of a text. A bracket that is no gap stays text."""
    stem: list[str] = []
    gaps: dict[str, Any] = {}
    faults: list[str] = []
    mark = Decimal(0)
    at = 0
    for start in _START.finditer(text):
        kind = _SHORT.get(start[2], start[2])
        if start.start() < at or kind not in _KINDS:
            continue
        alternatives, end = _alternatives(text, start.end())
        if end < 0:
            break  # nothing after it ends either
        gap = _gap(kind, alternatives, faults)
        worth = Decimal(start[1] or "1")
        mark += worth
        if worth != 1:
            gap["weight"] = digits(worth)
        gaps[str(len(gaps) + 1)] = gap
        stem += [text[at : start.start()], f"{{#{len(gaps)}}}"]
        at = end
    stem.append(text[at:])
    if not gaps:
        faults.append("Câu điền khuyết chưa có chỗ trống nào.")
    return Cloze("".join(stem), {"gaps": gaps}, mark, tuple(faults))


def write_cloze(text: str, body: Mapping[str, Any]) -> str:
    """The stem with the gaps written into it. Weights become the smallest whole numbers of the same proportion."""
    gaps: Mapping[str, Any] = body.get("gaps", {})
    weights = {key: Fraction(str(gap.get("weight", "1"))) for key, gap in gaps.items()}
    scale = lcm(*(weight.denominator for weight in weights.values()))

    def written(place: re.Match[str]) -> str:
        gap = gaps.get(place[1])
        return place[0] if gap is None else _written(gap, int(weights[place[1]] * scale))

    return _PLACE.sub(written, text)


def _alternatives(text: str, at: int) -> tuple[list[_Alternative], int]:
    """The alternatives that begin at a place, and where the gap ends; -1 where it does not."""
    found: list[_Alternative] = []
    begin, feedback = at, -1
    for sign in _SIGN.finditer(text, at):
        place = sign.start()
        if (
            text[place - 1] == "\\"
            or (feedback < 0 and text[place - 1] == "&")
            or (feedback < 0 and text.endswith("&amp;", at, place))
        ):
            continue
        if sign[0] == "#":
            feedback = feedback if feedback >= 0 else place
            continue
        found.append(
            _alternative(text[begin : place if feedback < 0 else feedback], "" if feedback < 0 else text[feedback + 1 : place])
        )
        begin, feedback = place + 1, -1
        if sign[0] == "}":
            return found, begin
    return found, -1


def _alternative(answer: str, feedback: str) -> _Alternative:
    answer = answer.lstrip(WHITE)
    fraction = _FRACTION.match(answer)
    if fraction is None:
        return _Alternative(None, _plain(answer), _plain(feedback))
    return _Alternative(fraction[1] or "=", _plain(answer[fraction.end() :]), _plain(feedback))


def _plain(coded: str) -> str:
    shown = re.sub(r"\\([~#}])", r"\1", coded.strip(WHITE))
    return _CODED.sub(lambda found: html.unescape(found[0]), shown)


def _share_of(alternative: _Alternative) -> Decimal:
    if alternative.fraction is None:
        return Decimal(0)
    return Decimal(1) if alternative.fraction == "=" else Decimal(alternative.fraction.replace(",", ".")) / 100


def _gap(kind: str, alternatives: list[_Alternative], faults: list[str]) -> dict[str, Any]:
    given = [alternative for alternative in alternatives if alternative.answer]
    shares = [_share_of(alternative) for alternative in given]
    is_multiple = kind.startswith("MULTIRESPONSE")
    if kind in _CHOICES and len(given) < 2:
        faults.append("Chỗ trống chọn đáp án phải có ít nhất hai phương án.")
    elif not given:
        faults.append("Chỗ trống phải có ít nhất một đáp án.")
    if not (any(worth > 0 for worth in shares) if is_multiple else Decimal(1) in shares):
        faults.append("Chỗ trống phải có một đáp án được trọn điểm.")
    if kind in _CHOICES:
        display, shuffle = _CHOICES[kind]
        shares = _shared_out(shares, given) if is_multiple else shares
        options = [
            option(rich(alternative.answer, "html"), worth, rich(alternative.feedback, "html"), not is_multiple)
            for alternative, worth in zip(given, shares, strict=True)
        ]
        return {"kind": "choice", "display": display, "shuffle": shuffle, "options": options}
    answers = []
    for alternative, worth in zip(given, shares, strict=True):
        what: dict[str, Any] = {"text": alternative.answer}
        if kind == "NUMERICAL":
            what = _number(alternative.answer, faults)
        answers.append(answer(what, worth, rich(alternative.feedback, "html")))
    if kind == "NUMERICAL":
        return {"kind": "number", "answers": answers}
    return {"kind": "text", "answers": answers} | ({"case": True} if kind == "SHORTANSWER_C" else {})


def _shared_out(shares: list[Decimal], given: list[_Alternative]) -> list[Decimal]:
    """Positive shares brought to a sum of 1; where no percentage stands at all, a wrong option takes away what a right one gives."""
    total = sum((worth for worth in shares if worth > 0), Decimal(0))
    if not total:
        return shares
    has_percentage = any(alternative.fraction not in (None, "=") for alternative in given)
    wrong = Decimal(0) if has_percentage else -1 / total
    return [round(worth / total if worth > 0 else worth or wrong, 7) for worth in shares]


def _number(text: str, faults: list[str]) -> dict[str, Any]:
    if text == "*":
        return {"value": "*"}
    parts = _NUMERIC.fullmatch(text.replace(",", "."))
    value = number(parts[1]) if parts else None
    tolerance = number(parts[2] or "0") if parts else None
    if parts is None or value is None or tolerance is None:
        faults.append("Đáp án của chỗ trống số phải là một số, ví dụ -1.234 hoặc 3e8, hoặc dấu *.")
        return {"value": "0"}
    return {"value": parts[1].strip(WHITE)} | ({"tolerance": parts[2].strip(WHITE)} if tolerance else {})


def _coded(words: str) -> str:
    # Not "&amp;": a sign right after it would lose its meaning.
    coded = _TO_CODE.sub(lambda found: f"&#{ord(found[0])};", words)
    inner = coded.strip(WHITE)
    if not inner:
        return "".join(f"&#{ord(sign)};" for sign in coded)
    before, after = coded[: coded.index(inner)], coded[coded.index(inner) + len(inner) :]
    return "".join(f"&#{ord(sign)};" for sign in before) + inner + "".join(f"&#{ord(sign)};" for sign in after)


def _markup(text: Rich) -> str:
    """A text as HTML, which is what choices and feedback in Cloze are."""
    words = words_of(text)
    return words if format_of(text) in ("html", "moodle") else html.escape(words, quote=False)


def _written(gap: Mapping[str, Any], worth: int) -> str:
    kind = gap.get("kind")
    if kind == "choice":
        name = _KIND_OF_CHOICE[gap.get("display", "select"), bool(gap.get("shuffle"))]
        parts = [(share(found), _coded(_markup(found["text"])), found.get("feedback", "")) for found in gap["options"]]
    elif kind == "number":
        name = "NUMERICAL"
        parts = [(accepted(found), _figure(found), found.get("feedback", "")) for found in gap["answers"]]
    else:
        name = "SHORTANSWER_C" if gap.get("case") else "SHORTANSWER"
        parts = [(accepted(found), _coded(str(found["text"])), found.get("feedback", "")) for found in gap["answers"]]
    return f"{{{worth}:{name}:{'~'.join(_part(*part) for part in parts)}}}"


def _figure(found: Mapping[str, Any]) -> str:
    value, tolerance = str(found["value"]), str(found.get("tolerance", "0"))
    exact = number(tolerance)
    if found.get("tolerance_kind") in ("relative", "geometric") and exact is not None:
        tolerance = digits(abs((number(value) or Decimal(0)) * exact))
    return value if value == "*" or not exact else f"{value}:{tolerance}"


def _part(worth: Fraction, words: str, feedback: Rich) -> str:
    head = "=" if worth == 1 else f"%{percent(worth)}%" if worth or words[:1] in ("=", "%") else ""
    note = _markup(feedback)
    return head + words + (f"#{_coded(note)}" if note else "")
