"""The answers of a question as lines that anybody can read and change: what a page offers for repair where the typed style knows no words.

- options: one a line, `* ` before what is right, `[50%] ` before what earns a share; - true or false: the word alone;
- accepted words, numbers, formulas: one a line, `[50%] ` before what earns less, `± 0,01` behind a number (`(tương đối)`, `(hình học)`);
- pairs: `left => right`, an extra choice `=> right`; - items: one a line in the right order;
- gaps: `1: ` and the answers of the gap, parted by ` | `.

A line that was not changed stands for exactly what it stood for, with its remarks and settings; a changed one keeps the settings of the line that
stood in its place. Lines within a text are shown as ⏎.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from elearn.lib.errors import InvalidInput
from elearn.questions.rules.choices import exact
from elearn.questions.rules.texts import Rich, format_of, rich, words_of

BREAK = " ⏎ "
RIGHT = "* "
ARROW = "=>"
TRUTH = {True: "Đúng", False: "Sai"}
KINDS = {"relative": "tương đối", "geometric": "hình học"}
Item = Mapping[str, Any]
_SHARE = re.compile(r"\[(-?[0-9]{1,3}(?:[.,][0-9]{1,7})?)\s*%\]\s*")
_NUMBER = re.compile(r"(?P<value>.+?)(?:\s*±\s*(?P<tolerance>[0-9.,eE+-]+)\s*(?:\((?P<kind>[^()]*)\))?)?$")
_GAP = re.compile(r"\{?#?(?P<number>[0-9]{1,3})\}?\s*:\s*(?P<rest>.*)$")
_BAR = re.compile(r"(?<!\\)\s*(?<!\\)\|\s*")

HINTS: Mapping[str, str] = {
    "options": "Mỗi dòng một phương án. Đặt dấu * trước phương án đúng; hoặc ghi tỉ lệ điểm trước phương án, ví dụ [50%].",
    "answer": "Ghi Đúng hoặc Sai.",
    "texts": "Mỗi dòng một câu trả lời được chấp nhận; dấu * thay cho bất kỳ chữ nào. Ghi [50%] ở đầu dòng nếu chỉ được một phần điểm.",
    "numbers": "Mỗi dòng một số được chấp nhận, có thể kèm sai số, ví dụ 3,14 ± 0,01. Ghi [50%] ở đầu dòng nếu chỉ được một phần điểm.",
    "formulas": "Mỗi dòng một công thức, có thể kèm sai số, ví dụ {a}+{b} ± 0,01.",
    "pairs": "Mỗi dòng một cặp: vế trái => vế phải. Vế phải gây nhiễu ghi riêng một dòng, bắt đầu bằng =>.",
    "items": "Mỗi dòng một mục, theo đúng thứ tự.",
    "gaps": "Mỗi dòng một chỗ trống: số của chỗ trống, dấu hai chấm, rồi các đáp án cách nhau bằng dấu |. Chỗ trống kiểu chọn: đặt dấu * trước đáp án đúng.",
}
"""How to write the lines, by what `manner_of` says."""


def manner_of(kind: str) -> str:
    """Which kind of lines a question has; "" where it has none."""
    manners = {
        "single_choice": "options", "multiple_choice": "options", "true_false": "answer", "short_answer": "texts", "numeric": "numbers",
        "calculated": "formulas", "matching": "pairs", "ordering": "items", "gap_fill": "gaps",
    }  # fmt: skip
    return manners.get(kind, "")


def lines_of(kind: str, body: Item) -> list[str]:
    """The lines; empty where the question has none. A body that is not sound gives what can be read of it."""
    manner = manner_of(kind)
    if manner == "answer":
        return [TRUTH[body["answer"]]] if isinstance(body.get("answer"), bool) else []
    if manner == "pairs":
        pairs = [f"{_one_line(pair.get('left', ''))} {ARROW} {_one_line(pair.get('right', ''))}" for pair in _list(body, "pairs")]
        return [*pairs, *(f"{ARROW} {_one_line(extra)}" for extra in body.get("extra", []))]
    if manner == "items":
        return [_one_line(item) for item in body.get("items", [])]
    if manner == "gaps":
        gaps = body.get("gaps", {})
        return [f"{number}: {' | '.join(_gap_parts(gaps[number]))}" for number in sorted(gaps, key=int)]
    return [_writer(manner)(item) for item in _list(body, "options" if manner == "options" else "answers")]


def with_lines(kind: str, text: str, body: Item) -> dict[str, Any]:
    """The body with what these lines say. Raises InvalidInput (field "answers", value `number` of the line) for a line that says nothing."""
    manner = manner_of(kind)
    lines = [line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    if lines == [line.strip() for line in lines_of(kind, body)] or not manner:
        return dict(body)
    if manner == "answer":
        said = {words.casefold(): truth for truth, words in TRUTH.items()}
        if len(lines) != 1 or lines[0].casefold() not in said:
            raise _refused(1, HINTS["answer"])
        return {**body, "answer": said[lines[0].casefold()]}
    if manner == "pairs":
        return _pairs(lines, body)
    if manner == "items":
        return {**body, "items": _changed(lines, list(body.get("items", [])), _one_line, _rich)}
    if manner == "gaps":
        return {**body, "gaps": dict(_gap(place, line, body.get("gaps", {})) for place, line in enumerate(lines, start=1))}
    name = "options" if manner == "options" else "answers"
    return {**body, name: _changed(lines, _list(body, name), _writer(manner), _reader(manner))}


def _list(body: Item, name: str) -> list[Any]:
    found = body.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _refused(number: int, hint: str) -> InvalidInput:
    return InvalidInput("bad_answers", "Không hiểu dòng %(number)s của phần đáp án. %(hint)s", "answers", number=number, hint=hint)


def _one_line(text: object) -> str:
    words = words_of(text) if isinstance(text, str | Mapping) else str(text)
    return BREAK.join(part.strip() for part in words.replace("\r\n", "\n").split("\n"))


def _rich(line: str, like: object) -> Rich:
    words = "\n".join(line.split(BREAK))
    return rich(words, format_of(like) if isinstance(like, Mapping) else "markdown")


def _changed(lines: Sequence[str], old: Sequence[Any], write: Callable[[Any], str], make: Callable[[str, Any], Any]) -> list[Any]:
    """What the lines stand for: what was there before, wherever it stands now, or something new in the manner of what stood there."""
    places: dict[str, list[int]] = {}
    for place, item in enumerate(old):
        places.setdefault(write(item).strip(), []).append(place)
    found: list[Any] = []
    for place, line in enumerate(lines):
        if places.get(line):
            found.append(old[places[line].pop(0)])
        else:
            found.append(make(line, old[place] if place < len(old) else old[0] if old else {}))
    return found


def _percent(fraction: object) -> str:
    value = exact(fraction)
    if value is None:
        return ""
    words = format((Decimal(value.numerator) / Decimal(value.denominator) * 100).normalize(), "f")
    return f"[{words.replace('.', ',')}%] "


def _taken_share(line: str) -> tuple[str | None, str]:
    """The share before a line as a decimal string, and the rest."""
    found = _SHARE.match(line)
    if found is None:
        return None, line
    share = Decimal(found[1].replace(",", ".")) / 100
    return format(share.normalize(), "f") if share else "0", line[found.end() :]


def _option(option: Item) -> str:
    before = _percent(option["fraction"]) if "fraction" in option else RIGHT if option.get("right") else ""
    return before + _one_line(option.get("text", ""))


def _read_option(line: str, was: Item) -> dict[str, Any]:
    share, words = _taken_share(line)
    is_right = share is None and (words.startswith("*"))
    option = {name: value for name, value in was.items() if name in ("feedback", "last")}
    option["text"] = _rich(words.removeprefix("*").strip() if is_right else words, was.get("text", ""))
    if share is not None:
        option["fraction"] = share
    elif is_right:
        option["right"] = True
    return option


def _text(answer: Item) -> str:
    return (_percent(answer["fraction"]) if "fraction" in answer else "") + _one_line(answer.get("text", ""))


def _read_text(line: str, was: Item) -> dict[str, Any]:
    share, words = _taken_share(line)
    return _answer({"text": " ".join(words.split(BREAK))}, share, was)


def _answer(said: dict[str, Any], share: str | None, was: Item) -> dict[str, Any]:
    kept = {"feedback": was["feedback"]} if "feedback" in was else {}
    return {**kept, **said, **({"fraction": share} if share is not None else {})}


def _number(name: str) -> Callable[[Item], str]:
    def write(answer: Item) -> str:
        said = str(answer.get(name, ""))
        words = said.replace(".", ",") if name == "value" and exact(said) is not None else said
        tolerance = exact(answer.get("tolerance", "0"))
        if tolerance:
            words += f" ± {str(answer['tolerance']).replace('.', ',')}"
            kind = KINDS.get(str(answer.get("tolerance_kind", "")))
            words += f" ({kind})" if kind else ""
        return (_percent(answer["fraction"]) if "fraction" in answer else "") + words

    return write


def _read_number(name: str) -> Callable[[str, Item], dict[str, Any]]:
    def read(line: str, was: Item) -> dict[str, Any]:
        share, words = _taken_share(line)
        found = _NUMBER.match(words)
        if found is None:
            return _answer({name: words}, share, was)
        value = found["value"].strip()
        said: dict[str, Any] = {name: _decimal(value) if name == "value" else value}
        if found["tolerance"]:
            said["tolerance"] = _decimal(found["tolerance"])
            kind = next((key for key, words in KINDS.items() if words == (found["kind"] or "").strip().casefold()), "")
            # Where a question has no kind of its own, its type has a usual one.
            if kind or "tolerance_kind" in was:
                said["tolerance_kind"] = kind or "absolute"
        return _answer(said, share, was)

    return read


def _decimal(words: str) -> str:
    """A number with a decimal comma as the bodies have it; anything else as it stands."""
    words = words.strip()
    return words.replace(",", ".") if words.count(",") == 1 and "." not in words else words


_WRITERS: Mapping[str, Callable[[Item], str]] = {
    "options": _option, "texts": _text, "numbers": _number("value"), "formulas": _number("formula"),
}  # fmt: skip
_READERS: Mapping[str, Callable[[str, Item], dict[str, Any]]] = {
    "options": _read_option, "texts": _read_text, "numbers": _read_number("value"), "formulas": _read_number("formula"),
}  # fmt: skip


def _writer(manner: str) -> Callable[[Item], str]:
    return _WRITERS.get(manner, lambda item: "")


def _reader(manner: str) -> Callable[[str, Item], dict[str, Any]]:
    return _READERS[manner]


def _pairs(lines: Sequence[str], body: Item) -> dict[str, Any]:
    said: list[tuple[str, str]] = []
    for number, line in enumerate(lines, start=1):
        left, arrow, right = line.partition(ARROW)
        if not arrow or not right.strip():
            raise _refused(number, HINTS["pairs"])
        said.append((left.strip(), right.strip()))
    old = _list(body, "pairs")
    form = old[0].get("left", "") if old else ""
    lefts = {_one_line(pair.get("left", "")).strip(): pair.get("left", "") for pair in old}
    pairs = [{"left": lefts.get(left, _rich(left, form)), "right": "\n".join(right.split(BREAK))} for left, right in said if left]
    extra = ["\n".join(right.split(BREAK)) for left, right in said if not left]
    found = {**body, "pairs": pairs, "extra": extra}
    if not extra:
        del found["extra"]
    return found


_GAP_MANNERS = {"choice": "options", "number": "numbers", "text": "texts"}


def _gap_parts(gap: Item) -> list[str]:
    manner = _GAP_MANNERS.get(str(gap.get("kind")), "texts")
    items = _list(gap, "options" if manner == "options" else "answers")
    return [_writer(manner)(item).replace("|", "\\|") for item in items]


def _gap(place: int, line: str, gaps: Item) -> tuple[str, dict[str, Any]]:
    found = _GAP.match(line)
    parts = [part.replace("\\|", "|").strip() for part in _BAR.split(found["rest"])] if found else []
    parts = [part for part in parts if part]
    if found is None or not parts:
        raise _refused(place, HINTS["gaps"])
    number = str(int(found["number"]))
    was: Item = gaps.get(number, {"kind": "choice" if any(part.startswith("*") for part in parts) else "text"})
    manner = _GAP_MANNERS.get(str(was.get("kind")), "texts")
    name = "options" if manner == "options" else "answers"
    return number, {**was, name: _changed(parts, _list(was, name), _writer(manner), _reader(manner))}
