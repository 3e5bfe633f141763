"""One question of a GIFT file: lines between two empty ones, as a draft."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from elearn.questions.rules.choices import share
from elearn.questions.rules.exchange import Draft, Problem, Severity
from elearn.questions.rules.moodle import (
    WHITE,
    answer,
    clean_name,
    digits,
    name_from,
    nearest_weight,
    number,
    option,
    percent,
    weight,
)
from elearn.questions.rules.texts import Rich, format_of, rich, words_of

# Signs that were escaped stand as these code points, which no text may hold, while the rest of the question is taken apart.
_HIDDEN = {":": "\ufdd0", "#": "\ufdd1", "=": "\ufdd2", "{": "\ufdd3", "}": "\ufdd4", "~": "\ufdd5", "n": "\ufdd6", "\\": "\ufdd7"}
_SHOWN = {ord(code): "\n" if sign == "n" else sign for sign, code in _HIDDEN.items()}
_ESCAPED = re.compile(r"\\([:#={}~n\\])")
_WEIGHT = re.compile(r"%(-?)-*([0-9]{1,9}\.?[0-9]{0,20})%")
_FORM = re.compile(r"\[(moodle|html|plain|markdown)\]")
_ID = re.compile(r"\[id:((?:\\\]|[^\]\x00-\x1f\x7f]){1,255})\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]<>`\x00-\x1f\x7f]){1,255})\]")
_PRE = re.compile(r"<(/?)pre\b", re.IGNORECASE)
_TRUE, _FALSE = ("T", "TRUE"), ("F", "FALSE")
RESERVED = re.compile("[\ufdd0-\ufdd7]")
CATEGORY = "$CATEGORY:"
REST = "// elearn "
"""Begins the comment with what GIFT cannot say (see `rules.remainder`)."""


class NotReadable(Exception):
    """This question cannot be taken; `at` is where in its text."""

    def __init__(self, message: str, at: int = 0, **values: object) -> None:
        super().__init__(message)
        self.message, self.at, self.values = message, at, values


@dataclass
class Block:
    """Lines between two empty ones."""

    line: int
    lines: list[str]
    comments: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether there are comments only."""
        return not any(line.strip(WHITE) for line in self.lines)

    @property
    def begin(self) -> int:
        """The line in the file of the first that is no comment; of the last where all are."""
        return self.line + next((index for index, line in enumerate(self.lines) if line.strip(WHITE)), len(self.lines) - 1)


def hide(text: str) -> str:
    """The text with escaped signs put out of the way."""
    return _ESCAPED.sub(lambda found: _HIDDEN[found[1]], text)


def show(text: str) -> str:
    """The text with hidden signs as what they are."""
    return text.translate(_SHOWN)


def blocks(text: str) -> Iterator[Block]:
    """What stands between empty lines."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and lines[end].strip(WHITE):
            end += 1
        if end > at:
            yield block_of(at + 1, lines[at:end])
        at = end + 1


def block_of(first: int, raw: list[str]) -> Block:
    block = Block(first, [], [])
    last_end = max((index for index, line in enumerate(raw) if "</pre" in line.lower()), default=-1)
    is_verbatim = False
    for index, line in enumerate(raw):
        stripped = line.strip(WHITE)
        if stripped.startswith("//"):
            block.comments.append(stripped)
            stripped = " "
        # Inside <pre> indentation is part of the text, and nowhere else.
        kept = line.rstrip(WHITE) if is_verbatim and stripped != " " else stripped
        block.lines.append(kept)
        for mark in _PRE.finditer(kept):
            is_verbatim = not mark[1] and index < last_end
    return block


class Question:
    """The reading of one block."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.problems: list[Problem] = []
        # The text begins where its first line does, so that places in it can be told as lines.
        self.text = hide("\n".join(block.lines[block.begin - block.line :])).rstrip(WHITE)

    def line_at(self, place: int) -> int:
        return self.block.begin + self.text.count("\n", 0, place)

    def doubt(self, message: str, place: int, part: str = "options", severity: Severity = "warning", **values: object) -> None:
        self.problems.append(Problem(self.line_at(place), severity, message, values, None, part))

    def read(self) -> Draft:
        """The draft, without number, tags and category; raises NotReadable. Doubts are left in `problems`."""
        text = self.text
        name, at = None, 0
        if text.startswith("::"):
            at = 2
            end = text.find("::", 2)
            if end >= 0:
                name, at = clean_name(show(text[2:end])), end + 2
        opening, closing = text.find("{", at), text.find("}", at)
        is_description = opening < 0 and closing < 0
        if not is_description and (opening < 0 or closing < opening):
            raise NotReadable(
                "Dấu ngoặc nhọn { } không thành cặp. Hãy viết \\{ hoặc \\} nếu đó là một phần của câu chữ.", max(opening, 0)
            )
        if is_description:
            stem, inside, start = text[at:], "", len(text)
        else:
            gap = "" if text.endswith("}") else "_____"
            stem, inside, start = text[at:opening] + gap + text[closing + 1 :], text[opening + 1 : closing], opening + 1
        general = ""
        if "####" in inside:
            place = inside.rindex("####")
            inside, general = inside[:place], inside[place + 4 :]
        said = _rich(stem.strip(WHITE), "moodle")
        form = format_of(said)
        draft = Draft("description", said, {}, explanation=_rich(general, form), line=self.block.begin)
        draft.name = name_from(words_of(said)) if name is None else name
        if is_description:
            draft.default_mark = Decimal(0)
        else:
            start += len(inside) - len(inside.lstrip(WHITE))
            draft.type, draft.body = self._answers(inside.strip(WHITE), start, form)
        return draft

    def _answers(self, inside: str, at: int, form: str) -> tuple[str, dict[str, Any]]:
        if not inside:
            return "essay", {}
        if inside.startswith("#"):
            return "numeric", self._numeric(inside[1:], at + 1, form)
        if "~" in inside:
            return self._choice(inside, at, form)
        if "=" in inside and "->" in inside:
            return "matching", self._matching(inside, at, form)
        if inside.partition("#")[0].strip(WHITE) in _TRUE + _FALSE:
            return "true_false", self._true_false(inside, form)
        return "short_answer", self._short(inside, at, form)

    def _share(self, text: str, at: int, otherwise: Decimal) -> tuple[Decimal, str]:
        """The weight at the beginning of an answer as a share of 1, and the rest."""
        found = _WEIGHT.match(text)
        if found is None:
            return otherwise, text
        given = Decimal(found[1] + found[2]) / 100
        known = weight(given)
        if known is None:
            self.doubt(
                "Moodle không nhận tỉ lệ %(given)s%%. Tỉ lệ gần nhất được nhận là %(near)s%%.",
                at,
                severity="error",
                given=digits(given * 100),
                near=percent(Fraction(nearest_weight(given))),
            )
        return given if known is None else known, text[found.end() :]

    def _choice(self, inside: str, at: int, form: str) -> tuple[str, dict[str, Any]]:
        is_single = "=" in inside
        options = []
        for piece, place in _pieces(inside, at, "~="):
            if piece.startswith("="):
                worth, rest = Decimal(1), piece[1:]
                if _WEIGHT.match(rest.lstrip(WHITE)):
                    self.doubt("Ở câu chọn đáp án, tỉ lệ chỉ có tác dụng sau dấu ~, không có tác dụng sau dấu =.", place)
            else:
                worth, rest = self._share(piece, place, Decimal(0))
            said, feedback = _with_comment(rest, form)
            if not words_of(said):
                self.doubt("Có phương án để trống, phương án này bị bỏ.", place)
                continue
            options.append(option(said, worth, feedback, is_single))
        if len(options) < 2:
            raise NotReadable("Câu chọn đáp án phải có ít nhất hai phương án.", at)
        if is_single:
            return "single_choice", {"options": options}
        if not any(share(found) > 0 for found in options):
            self.doubt("Chưa có phương án nào được đánh dấu là đúng.", at, "key")
        return "multiple_choice", {"options": options, "credit": "weights"}

    def _matching(self, inside: str, at: int, form: str) -> dict[str, Any]:
        pairs: list[dict[str, Any]] = []
        extra: list[str] = []
        pieces = list(_pieces(inside, at, "="))
        if len(pieces) < 2:
            raise NotReadable("Câu ghép đôi phải có ít nhất hai cặp.", at)
        for piece, place in pieces:
            left, arrow, right = piece.removeprefix("=").partition("->")
            if not arrow:
                raise NotReadable("Mỗi cặp của câu ghép đôi phải có dạng: = vế trái -> vế phải.", place)
            said, choice = _rich(left.strip(WHITE), form), show(right).strip(WHITE)
            if words_of(said):
                pairs.append({"left": said, "right": choice})
            else:
                extra.append(choice)
        return {"pairs": pairs} | ({"extra": extra} if extra else {})

    def _true_false(self, inside: str, form: str) -> dict[str, Any]:
        verdict, wrong, right, *_ = [part.strip(WHITE) for part in inside.split("#", 2)] + ["", ""]
        is_true = verdict in _TRUE
        feedback = {"true": _rich(right if is_true else wrong, form), "false": _rich(wrong if is_true else right, form)}
        said = {key: note for key, note in feedback.items() if note}
        return {"answer": is_true} | ({"feedback": said} if said else {})

    def _short(self, inside: str, at: int, form: str) -> dict[str, Any]:
        answers = []
        for piece, place in _pieces(inside, at, "="):
            worth, rest = self._share(piece.removeprefix("=").lstrip(WHITE), place, Decimal(1))
            said, feedback = _with_comment(rest, form)
            answers.append(answer({"text": words_of(said)}, worth, feedback))
        if not answers or not all(found["text"] for found in answers):
            raise NotReadable("Có đáp án để trống.", at)
        return {"answers": answers}

    def _numeric(self, inside: str, at: int, form: str) -> dict[str, Any]:
        inside, tilde, wrong = inside.partition("~")
        answers = []
        for piece, place in _pieces(inside, at, "="):
            worth, rest = self._share(piece.removeprefix("=").lstrip(WHITE), place, Decimal(1))
            said, feedback = _with_comment(rest, form)
            answers.append(answer(self._number(words_of(said), place), worth, feedback))
        if not answers:
            raise NotReadable("Câu hỏi số chưa có đáp án.", at)
        if tilde:
            answers.append(answer({"value": "*"}, Decimal(0), _with_comment(wrong, form)[1]))
        return {"answers": answers}

    def _number(self, text: str, at: int) -> dict[str, Any]:
        if re.fullmatch(r"[0-9.,:+\- ]+", text) and "," in text:
            self.doubt("GIFT viết số thập phân với dấu chấm; dấu phẩy ở đây được đọc là dấu thập phân.", at, "key")
            text = text.replace(",", ".")
        low, dots, high = text.partition("..")
        if dots and low:
            ends = number(low), number(high)
            if ends[0] is None or ends[1] is None:
                raise NotReadable("«%(text)s» không phải là một khoảng số. Hãy viết như 3.1..3.2.", at, text=text)
            middle = (ends[0] + ends[1]) / 2
            return {"value": digits(middle)} | _tolerance(digits(ends[1] - middle))
        value, _, tolerance = (part.strip(WHITE) for part in text.partition(":"))
        if (number(value) is None and value != "*") or number(tolerance or "0") is None:
            raise NotReadable("«%(text)s» không phải là một số. Hãy viết như 3.14 hoặc 3.14:0.01.", at, text=text)
        return {"value": value} | _tolerance(tolerance)


def _tolerance(text: str) -> dict[str, Any]:
    return {"tolerance": text} if number(text or "0") else {}


def _pieces(inside: str, at: int, signs: str) -> Iterator[tuple[str, int]]:
    """Answers with the place at which each begins; "=" belongs to the answer, "~" does not. What stands before the first is one too."""
    begin = 0
    for end in [place for place, sign in enumerate(inside) if sign in signs] + [len(inside)]:
        piece = inside[begin:end]
        if begin or piece.strip(WHITE):
            yield piece.removeprefix("~").strip(WHITE), at + begin
        begin = end


def _rich(text: str, form: str) -> Rich:
    """A text with the format that it names itself, else the one given; "" where it is empty."""
    text = text.strip(WHITE)
    named = _FORM.match(text)
    if named:
        form, text = named[1], text[named.end() :]
    said = show(text).strip(WHITE)
    return rich(said, form) if said else ""


def _with_comment(text: str, form: str) -> tuple[Rich, Rich]:
    said, _, comment = text.partition("#")
    return _rich(said, form), _rich(comment, form)


def marks_of(comments: list[str]) -> tuple[str, list[str], str]:
    """Number, tags and our own remainder out of the comments before a question; "" for what is not there."""
    kept = "\n".join(line for line in comments if not line.startswith(REST))
    code = _ID.search(kept)
    tags = [tag.strip(WHITE).replace("\\]", "]") for tag in _TAG.findall(kept)]
    rest = next((line[len(REST) :] for line in comments if line.startswith(REST)), "")
    return code[1].strip(WHITE).replace("\\]", "]") if code else "", tags, rest
