"""GIFT: questions as lines of text with their answers in braces; see docs.moodle.org, "GIFT format"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from elearn.lib.errors import InvalidInput
from elearn.questions.rules.choices import share
from elearn.questions.rules.exchange import Draft, Problem, Reading
from elearn.questions.rules.files import finished, glimpse, text_of
from elearn.questions.rules.moodle import (
    WHITE,
    accepted,
    answer,
    category_from,
    category_path,
    clean_name,
    digits,
    name_from,
    nearest_weight,
    number,
    option,
    percent,
    weighed,
    weight,
)
from elearn.questions.rules.remainder import remainder, restored
from elearn.questions.rules.texts import Rich, format_of, rich, words_of

# Signs that were escaped stand as these code points, which no text may hold, while the rest of the question is taken apart.
_HIDDEN = {":": "\ufdd0", "#": "\ufdd1", "=": "\ufdd2", "{": "\ufdd3", "}": "\ufdd4", "~": "\ufdd5", "n": "\ufdd6", "\\": "\ufdd7"}
_SHOWN = {ord(code): "\n" if sign == "n" else sign for sign, code in _HIDDEN.items()}
_ESCAPED = re.compile(r"\\([:#={}~n\\])")
_RESERVED = re.compile("[\ufdd0-\ufdd7]")
_NOT_WRITTEN = re.compile("[\ufdd0-\ufdd7\0\r\ud800-\udfff]")
_TO_ESCAPE = re.compile(r"[\\#=~{}:]")
_WEIGHT = re.compile(r"%(-?)-*([0-9]{1,9}\.?[0-9]{0,20})%")
_FORM = re.compile(r"\[(moodle|html|plain|markdown)\]")
_ID = re.compile(r"\[id:((?:\\\]|[^\]\x00-\x1f\x7f])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]<>`\x00-\x1f\x7f])+)\]")
_CATEGORY = "$CATEGORY:"
_REST = "// elearn "
_PRE = re.compile(r"<(/?)pre\b", re.IGNORECASE)
_TRUE, _FALSE = ("T", "TRUE"), ("F", "FALSE")
_ANSWERS = re.compile(r"(?<!\\)\{\s*(?:[=~#}]|T\b|F\b|TRUE\b|FALSE\b)")


class _NotReadable(Exception):
    """This question cannot be taken; `at` is where in its text."""

    def __init__(self, message: str, at: int = 0, **values: object) -> None:
        super().__init__(message)
        self.message, self.at, self.values = message, at, values


@dataclass
class _Block:
    """Lines between two empty ones."""

    line: int
    lines: list[str]
    comments: list[str]

    @property
    def begin(self) -> int:
        """The line in the file of the first that is no comment."""
        return self.line + next((index for index, line in enumerate(self.lines) if line.strip(WHITE)), 0)


def _hide(text: str) -> str:
    return _ESCAPED.sub(lambda found: _HIDDEN[found[1]], text)


def _show(text: str) -> str:
    return text.translate(_SHOWN)


def _blocks(text: str) -> Iterator[_Block]:
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and lines[end].strip(WHITE):
            end += 1
        if end > at:
            yield _block(at + 1, lines[at:end])
        at = end + 1


def _block(first: int, raw: list[str]) -> _Block:
    block = _Block(first, [], [])
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


class _Question:
    """The reading of one block."""

    def __init__(self, block: _Block) -> None:
        self.block = block
        self.problems: list[Problem] = []
        # The text begins where its first line does, so that places in it can be told as lines.
        self.text = _hide("\n".join(block.lines[block.begin - block.line :])).rstrip(WHITE)

    def line_at(self, place: int) -> int:
        return self.block.begin + self.text.count("\n", 0, place)

    def doubt(self, message: str, place: int, part: str = "options", severity: Any = "warning", **values: object) -> None:
        self.problems.append(Problem(self.line_at(place), severity, message, values, None, part))

    def read(self) -> Draft:
        text = self.text
        name, at = None, 0
        if text.startswith("::"):
            at = 2
            end = text.find("::", 2)
            if end >= 0:
                name, at = clean_name(_show(text[2:end])), end + 2
        opening, closing = text.find("{", at), text.find("}", at)
        is_description = opening < 0 and closing < 0
        if not is_description and (opening < 0 or closing < opening):
            raise _NotReadable(
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
            raise _NotReadable("Câu chọn đáp án phải có ít nhất hai phương án.", at)
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
            raise _NotReadable("Câu ghép đôi phải có ít nhất hai cặp.", at)
        for piece, place in pieces:
            left, arrow, right = piece.removeprefix("=").partition("->")
            if not arrow:
                raise _NotReadable("Mỗi cặp của câu ghép đôi phải có dạng: = vế trái -> vế phải.", place)
            said, choice = _rich(left.strip(WHITE), form), _show(right).strip(WHITE)
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
            raise _NotReadable("Có đáp án để trống.", at)
        return {"answers": answers}

    def _numeric(self, inside: str, at: int, form: str) -> dict[str, Any]:
        inside, tilde, wrong = inside.partition("~")
        answers = []
        for piece, place in _pieces(inside, at, "="):
            worth, rest = self._share(piece.removeprefix("=").lstrip(WHITE), place, Decimal(1))
            said, feedback = _with_comment(rest, form)
            answers.append(answer(self._number(words_of(said), place), worth, feedback))
        if not answers:
            raise _NotReadable("Câu hỏi số chưa có đáp án.", at)
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
                raise _NotReadable("«%(text)s» không phải là một khoảng số. Hãy viết như 3.1..3.2.", at, text=text)
            middle = (ends[0] + ends[1]) / 2
            return {"value": digits(middle)} | _tolerance(digits(ends[1] - middle))
        value, _, tolerance = (part.strip(WHITE) for part in text.partition(":"))
        if (number(value) is None and value != "*") or number(tolerance or "0") is None:
            raise _NotReadable("«%(text)s» không phải là một số. Hãy viết như 3.14 hoặc 3.14:0.01.", at, text=text)
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
    said = _show(text).strip(WHITE)
    return rich(said, form) if said else ""


def _with_comment(text: str, form: str) -> tuple[Rich, Rich]:
    said, _, comment = text.partition("#")
    return _rich(said, form), _rich(comment, form)


def _marks(comments: list[str]) -> tuple[str, list[str], str]:
    """Number, tags and our own remainder out of the comments before a question."""
    kept = "\n".join(line for line in comments if not line.startswith(_REST))
    code = _ID.search(kept)
    tags = [tag.strip(WHITE).replace("\\]", "]") for tag in _TAG.findall(kept)]
    rest = next((line[len(_REST) :] for line in comments if line.startswith(_REST)), "")
    return code[1].strip(WHITE).replace("\\]", "]") if code else "", tags, rest


def _read_block(block: _Block, reading: Reading) -> Draft | None:
    question = _Question(block)
    try:
        draft = question.read()
    except _NotReadable as fault:
        reading.problems.append(Problem(question.line_at(fault.at), "error", fault.message, fault.values))
        return None
    draft.code, draft.tags, rest = _marks(block.comments)
    index = len(reading.drafts)
    whole = restored(draft, rest) if rest else None
    if whole is not None:
        # Written by ourselves, and unchanged since: what a reader without the remainder would have to ask is settled.
        return whole
    if rest:
        reading.doubt(
            block.begin,
            "Câu hỏi đã được sửa sau khi xuất; những phần GIFT không ghi được (điểm, mức độ, nguồn) bị bỏ.",
            question=index,
        )
    is_refused = any(problem.severity == "error" for problem in question.problems)
    reading.problems += [replace(problem, question=None if is_refused else index) for problem in question.problems]
    return None if is_refused else draft


def _escape(text: str) -> str:
    return _TO_ESCAPE.sub(r"\\\g<0>", _NOT_WRITTEN.sub("", text)).replace("\n", "\\n")


def _said(text: Rich, form: str) -> str:
    words, own = words_of(text), format_of(text)
    if not words:
        return ""
    return (f"[{own}]" if own != form or words.lstrip(WHITE).startswith("[") else "") + _escape(words)


def _note(text: Rich, form: str) -> str:
    said = _said(text, form)
    return f"#{said}" if said else ""


def _worth(worth: Fraction, sign: str, usual: int, text: str) -> str:
    """The sign of an answer with its weight, where it is not the usual one or the text would look like one."""
    return sign if worth == usual and not text.startswith("%") else f"{sign}%{percent(worth)}%"


def _single(body: Mapping[str, Any], form: str) -> str:
    lines = []
    for found in body["options"]:
        worth, text = share(found), _said(found["text"], form)
        lines.append(("=" if worth == 1 else _worth(worth, "~", 0, text)) + text + _note(found.get("feedback", ""), form))
    return _lines(lines)


def _multiple(body: Mapping[str, Any], form: str) -> str:
    lines = []
    for found, worth in zip(body["options"], weighed(body), strict=True):
        text = _said(found["text"], form)
        lines.append(_worth(worth, "~", 0, text) + text + _note(found.get("feedback", ""), form))
    return _lines(lines)


def _short(body: Mapping[str, Any], form: str) -> str:
    lines = []
    for found in body["answers"]:
        words = str(found["text"])
        text = _said(rich(words, form), form).replace("->", "- >")
        lines.append(_worth(accepted(found), "=", 1, text) + text + _note(found.get("feedback", ""), form))
    return _lines(lines)


def _numeric(body: Mapping[str, Any], form: str) -> str:
    lines = []
    wrong: list[str] = []
    for found in body["answers"]:
        value, note = str(found["value"]), _note(found.get("feedback", ""), form)
        if value == "*" and accepted(found) == 0 and not wrong:
            wrong.append("~" + (note or "#"))
            continue
        tolerance = number(str(found.get("tolerance", "0"))) or Decimal(0)
        exact = number(value) or Decimal(0)
        # What is relative is written as the distance that it comes to.
        distance = digits(abs(exact) * tolerance) if found.get("tolerance_kind") == "relative" else str(found.get("tolerance", "0"))
        lines.append(_worth(accepted(found), "=", 1, value) + value + (f":{distance}" if tolerance else "") + note)
    return "#" + _lines(lines + wrong)


def _matching(body: Mapping[str, Any], form: str) -> str:
    lines = [f"={_left(pair['left'], form)} -> {_escape(str(pair['right']))}" for pair in body["pairs"]]
    return _lines(lines + [f"= -> {_escape(str(choice))}" for choice in body.get("extra", ())])


def _left(text: Rich, form: str) -> str:
    """An arrow inside would end the left side."""
    return _said(text, form).replace("->", "- >" if format_of(text) == "plain" else "-&gt;")


def _true_false(body: Mapping[str, Any], form: str) -> str:
    feedback: Mapping[str, Rich] = body.get("feedback", {})
    is_true = bool(body["answer"])
    wrong, right = (_said(feedback.get(key, ""), form) for key in (("false", "true") if is_true else ("true", "false")))
    return ("TRUE" if is_true else "FALSE") + (f"#{wrong}" if wrong or right else "") + (f"#{right}" if right else "")


def _lines(lines: list[str]) -> str:
    return "\n\t" + "\n\t".join(lines) + "\n"


_WRITERS: dict[str, Callable[[Mapping[str, Any], str], str] | None] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "true_false": _true_false,
    "short_answer": _short,
    "numeric": _numeric,
    "matching": _matching,
    "essay": lambda body, form: "",
    "description": None,
}


def _bare(draft: Draft) -> str:
    """The question itself, on lines without an empty one between them."""
    form = format_of(draft.text) if words_of(draft.text) else "moodle"
    text = _said(draft.text, "moodle")
    is_named = bool(draft.name) or text.startswith(("//", _CATEGORY))
    head = f"::{_escape(draft.name)}::" if is_named else ""
    writer = _WRITERS[draft.type]
    if writer is None:
        return head + text
    general = _said(draft.explanation, form)
    return f"{head}{text}{{{writer(draft.body, form)}{'####' + general if general else ''}}}"


def _comments(draft: Draft) -> str:
    """Number and tags as Moodle writes them; without those that it could not read."""
    marks = [f"[id:{_bracketed(draft.code)}]"] if draft.code else []
    marks += [f"[tag:{_bracketed(tag)}]" for tag in draft.tags]
    return "// " + " ".join(marks) + "\n" if marks else ""


def _bracketed(text: str) -> str:
    return re.sub(r"[<>`\x00-\x1f\x7f]", "", _NOT_WRITTEN.sub("", text)).replace("]", "\\]")


def _write_one(draft: Draft, place: int) -> str:
    try:
        written = _comments(draft) + _bare(draft)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise _not_expressible(draft, place, "") from error
    found, problems = _read_back(written)
    if found is None:
        raise _not_expressible(draft, place, problems[0].said() if problems else "")
    found.category = category_from(category_path(draft.category))
    # A weight that Moodle does not know is refused in a file of others, but not beside our own remainder.
    rest = remainder(draft, found, is_needed=any(problem.severity == "error" for problem in problems))
    # Moodle would take such brackets in a comment for marks of its own.
    rest = rest.replace("[id:", "\\u005bid:").replace("[tag:", "\\u005btag:")
    return (f"{_REST}{rest}\n" if rest else "") + written


def _read_back(written: str) -> tuple[Draft | None, list[Problem]]:
    """How a reader who knows nothing of the remainder would take what was written; None where it is not one question."""
    blocks = list(_blocks(written))
    if len(blocks) != 1:
        return None, []
    question = _Question(blocks[0])
    try:
        draft = question.read()
    except _NotReadable as fault:
        return None, [Problem(1, "error", fault.message, fault.values)]
    draft.code, draft.tags, _ = _marks(blocks[0].comments)
    return draft, question.problems


def _not_expressible(draft: Draft, place: int, reason: str) -> InvalidInput:
    message = "Không viết được câu %(place)s «%(name)s» sang GIFT. %(reason)s"
    return InvalidInput("not_expressible", message, place=place, name=draft.name or name_from(words_of(draft.text)), reason=reason)


class Gift:
    key = "gift"
    name = "GIFT"
    suffixes = (".gift", ".gift.txt", ".txt")
    mimetype = "text/plain"
    writes = frozenset(_WRITERS)
    examples = (
        b"// [id:a1] [tag:history]\n::Title::Two plus two?{\n\t=four#Yes\n\t~three\n\t~%50%nearly four\n}\n",
        b"$CATEGORY: $course$/top/Sums/Easy\n\nTwo plus two is {=four =%50%fore#Spelling}.\n\nPi?{#3.1415:0.0005 =%50%3.1 ~#No}\n",
        b"[html]<b>Match</b>{=a -> 1 =[plain]b -> 2 = -> 3 ####Read \\{\\}}\n\nThe sun rises in the east.{TRUE#No#Yes}\n\nWrite.{}\n\nOnly text\n",
        b"[markdown]Which *two*?{~%50%a\\~ ~%50%b\\: ~%-100%c}\n",
    )

    def looks_like(self, name: str, data: bytes) -> int:
        text = glimpse(data)
        if "\0" in text or text.lstrip().startswith("<"):
            return 0
        if name.casefold().endswith(".gift"):
            return 95
        if re.search(r"^\s*\$CATEGORY:", text, re.MULTILINE):
            return 90
        return 70 if _ANSWERS.search(text) and "}" in text else 0

    def read(self, data: bytes) -> Reading:
        reading = Reading()
        category = ""
        for block in _blocks(_RESERVED.sub("", text_of(data))):
            begin = block.begin - block.line
            if block.lines[begin : begin + 1] and block.lines[begin].startswith(_CATEGORY):
                category = category_from(_show(_hide(block.lines[begin][len(_CATEGORY) :])).strip(WHITE))
                block = _Block(block.begin + 1, block.lines[begin + 1 :], block.comments)
                if any(line.strip(WHITE) for line in block.lines):
                    reading.doubt(block.begin, "Sau dòng $CATEGORY nên có một dòng trống. Phần tiếp theo được đọc là một câu hỏi.")
            if any(line.strip(WHITE) for line in block.lines):
                draft = _read_block(block, reading)
                if draft is not None:
                    draft.category = draft.category or category
                    draft.line = block.begin
                    reading.drafts.append(draft)
        return finished(reading)

    def write(self, drafts: Sequence[Draft]) -> bytes:
        parts = []
        category = ""
        for place, draft in enumerate(drafts, start=1):
            if draft.type not in self.writes:
                message = "GIFT không ghi được loại câu hỏi của câu %(place)s «%(name)s»."
                raise InvalidInput("type_not_written", message, place=place, name=draft.name, type=draft.type)
            if draft.category != category:
                category = draft.category
                path = _NOT_WRITTEN.sub("", category_path(category)).replace("\\", "\\\\").replace("\n", " ")
                parts.append(f"{_CATEGORY} {path}\n")
            parts.append(_write_one(draft, place) + "\n")
        return "\n".join(parts).encode()


FORMAT = Gift()
