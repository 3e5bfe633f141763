"""What differs between two versions of a question, word by word, part by part, in the order in which a reader meets the parts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from elearn.questions.rules.choices import LABELS, exact, share
from elearn.questions.rules.texts import words_of
from elearn.questions.rules.versions import Content

MOST_WORDS = 3000
_WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A run of words: in both, only in the older ("del"), or only in the newer ("ins")."""

    kind: Literal["same", "del", "ins"]
    words: str


@dataclass(frozen=True)
class Difference:
    """A part that differs. `label` is a Vietnamese source message whose %(n)s stands for `place`."""

    label: str
    place: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class _Part:
    label: str
    place: str
    words: str


def compare_words(old: str, new: str) -> tuple[Piece, ...]:
    """The two texts as one run of pieces; leaving out "ins" gives the older one, leaving out "del" the newer."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        pieces = [Piece("del", old), Piece("ins", new)] if old != new else [Piece("same", old)]
        return tuple(piece for piece in pieces if piece.words)
    found: list[Piece] = []
    for deed, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if deed == "equal":
            found.append(Piece("same", "".join(before[start:end])))
            continue
        found += [Piece("del", "".join(before[start:end]))] if start < end else []
        found += [Piece("ins", "".join(after[new_start:new_end]))] if new_start < new_end else []
    return tuple(found)


def compare(old: Content, new: Content) -> list[Difference]:
    """The parts that differ; none where the versions say the same."""
    before = {(part.label, part.place): part for part in parts_of(old)}
    after = {(part.label, part.place): part for part in parts_of(new)}
    order = [*after, *(key for key in before if key not in after)]
    found = []
    for key in order:
        one, other = before.get(key), after.get(key)
        words, changed = one.words if one else "", other.words if other else ""
        if words != changed:
            found.append(Difference(key[0], key[1], compare_words(words, changed)))
    return found


def parts_of(content: Content) -> list[_Part]:
    """Everything that a version says, in parts of their own."""
    found = [
        _Part("Loại câu hỏi", "", content.type),
        _Part("Tên ngắn", "", content.name),
        _Part("Câu dẫn", "", words_of(content.text)),
        *_of_body(content.body),
        _Part("Giải thích", "", words_of(content.explanation)),
        _Part("Điểm", "", str(content.default_mark)),
        _Part("Nguồn", "", " ".join([content.source, f"#{content.document_id}" if content.document_id else ""]).strip()),
        _Part("Điều khoản", "", content.clause),
        _Part("Dữ kiện tính đến ngày", "", content.as_of.isoformat() if content.as_of else ""),
        _Part("Hết hiệu lực từ ngày", "", content.valid_to.isoformat() if content.valid_to else ""),
        _Part("Hình", "", ", ".join(f"{name} ({digest[:8]})" for name, digest in sorted(content.files.items()))),
    ]
    return [part for part in found if part.words]


_NAMES: Mapping[str, str] = {
    "shuffle": "Đảo thứ tự", "numbering": "Cách đánh dấu", "credit": "Cách tính điểm", "case": "Phân biệt chữ hoa", "accents": "Phân biệt dấu",
    "unit_policy": "Đơn vị đo", "unit_penalty": "Trừ khi thiếu đơn vị", "unit_before": "Đơn vị đứng trước", "decimals": "Số chữ số thập phân",
    "lines": "Số dòng", "word_limit": "Giới hạn số chữ", "attachments": "Số tệp đính kèm", "guide": "Hướng dẫn chấm", "template": "Mẫu trả lời",
    "examiners": "Số người chấm", "difference": "Chênh lệch cho phép", "answer": "Đáp án",
}  # fmt: skip
_ROWS: Mapping[str, str] = {
    "answers": "Đáp án %(n)s", "pairs": "Cặp %(n)s", "items": "Mục %(n)s", "extra": "Lựa chọn thêm %(n)s", "units": "Đơn vị %(n)s",
    "variants": "Bộ số liệu %(n)s", "rubric": "Tiêu chí %(n)s",
}  # fmt: skip


def _of_body(body: Mapping[str, Any], before: str = "") -> list[_Part]:
    found: list[_Part] = []
    for place, option in enumerate(body.get("options", ())):
        label = f"{before}{LABELS[place]}" if place < len(LABELS) else f"{before}{place + 1}"
        found.append(_Part("Phương án %(n)s", label, words_of(option.get("text", ""))))
        found.append(_Part("Tỉ lệ điểm của phương án %(n)s", label, str(_percent(option)) if share(option) else ""))
        found.append(_Part("Nhận xét của phương án %(n)s", label, words_of(option.get("feedback", ""))))
        found.append(_Part("Phương án %(n)s phải đứng cuối", label, "×" if option.get("last") else ""))
    for key, label in _ROWS.items():
        found += [_Part(label, f"{before}{place}", _row(row)) for place, row in enumerate(body.get(key, ()), start=1)]
    for number, gap in sorted(body.get("gaps", {}).items(), key=lambda pair: int(pair[0])):
        found.append(
            _Part("Chỗ trống %(n)s", f"{before}{number}", _row({key: gap.get(key, "") for key in ("kind", "display", "weight")}))
        )
        found += _of_body(gap, f"{number}.")
    for key, label in _NAMES.items():
        if key in body:
            found.append(_Part(label, before.rstrip("."), _said(body[key])))
    told = body.get("feedback")
    for key, value in told.items() if isinstance(told, Mapping) else ():
        found.append(_Part("Nhận xét chung %(n)s", f"{before}{key}", words_of(value)))
    return found


def _percent(option: Mapping[str, Any]) -> str:
    value = share(option) * 100
    return f"{value} %" if value.denominator == 1 else f"{float(value):.5g} %"


def _row(row: object) -> str:
    if isinstance(row, Mapping) and "text" in row and set(row) == {"text", "format"}:
        return words_of(row)
    if isinstance(row, Mapping):
        parts = []
        for key, value in row.items():
            is_share = key == "fraction" and exact(value) is not None
            parts.append(_percent({"fraction": value}) if is_share else _said(value))
        return " · ".join(part for part in parts if part)
    return _said(row)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "×" if value else "–"
    if isinstance(value, Mapping):
        return words_of(value)
    return str(value) if value is not None else ""


def is_key_touched(differences: Sequence[Difference]) -> bool:
    """Whether what earns marks differs, not only words."""
    marks = ("Tỉ lệ điểm", "Đáp án", "Cặp", "Mục", "Chỗ trống", "Cách tính điểm", "Bộ số liệu", "Lựa chọn thêm", "Đơn vị", "Điểm")
    return any(one.label.startswith(marks) for one in differences)
