"""Which row of a sheet is the heading, and what each column under it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from elearn.lib.grid import Cell
from elearn.lib.vietnamese import fold
from elearn.questions.rules.choices import LABELS

_WITHIN = 40  # rows from the top
_MOST_COLUMNS = 80

# Folded, without accents and signs.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (
        "cau hoi", "noi dung", "noi dung cau hoi", "noi dung cau", "question", "question text", "question stem", "stem", "de bai", "cau dan", "content",
        "phan dan", "cau hoi trac nghiem", "noi dung cau hoi trac nghiem", "questions",
    ),
    "key": (
        "dap an dung", "dap an", "key", "answer", "answers", "correct answer", "correct answers", "correct", "correct option", "answer key", "dap an chinh xac",
        "phuong an dung", "tra loi dung", "cau tra loi dung", "lua chon dung", "da dung", "da", "dap an dung nhat", "right answer",
    ),
    "options": ("phuong an", "cac phuong an", "phuong an tra loi", "cac phuong an tra loi", "lua chon", "cac lua chon", "options", "choices", "option"),
    "explanation": (
        "giai thich", "explanation", "loi giai", "huong dan", "huong dan giai", "giai thich dap an", "rationale", "ly giai", "feedback", "general feedback",
    ),
    "level": ("muc do", "level", "difficulty", "muc do nhan thuc", "do kho", "cap do", "cap do nhan thuc", "muc"),
    "topic": ("chu de", "topic", "subject", "linh vuc", "chuyen de", "noi dung kien thuc", "mach kien thuc", "bai", "chuong"),
    "source": ("nguon", "source", "tai lieu", "can cu", "van ban", "nguon tham khao", "tai lieu tham khao", "trich nguon", "reference", "nguon trich dan"),
    "document": ("ma tai lieu", "document", "document key", "ma van ban", "document code"),
    "clause": ("dieu khoan", "clause", "dieu", "article", "dieu khoan trang", "trang", "page", "dieu khoan diem"),
    "type": ("loai", "type", "loai cau hoi", "loai cau", "dang cau hoi", "dang", "question type", "kieu", "kieu cau hoi"),
    "mark": ("diem", "mark", "marks", "points", "point", "score", "so diem", "thang diem", "grade", "default mark"),
    "code": ("ma", "code", "ma cau hoi", "ma cau", "id", "ma so", "question code", "question id"),
    "tags": ("the", "tags", "tag", "nhan", "tu khoa", "keywords", "keyword"),
    "category": ("chuyen muc", "category", "danh muc", "thu muc", "nhom", "nhom cau hoi", "categories"),
    "name": ("ten", "name", "title", "tieu de", "ten cau hoi", "ten cau", "question name"),
    "tolerance": ("sai so", "tolerance", "dung sai"),
    "extra": ("du lieu kem theo khong sua", "du lieu kem theo", "extra data do not edit"),
    "ordinal": ("stt", "tt", "so tt", "so thu tu", "no", "cau so", "so cau", "cau", "number", "order", ""),
}  # fmt: skip
_FIELDS = {name: key for key, names in _NAMES.items() for name in names}
_OPTION = re.compile(
    r"(?:(?:noi dung )?(?:phuong an|dap an|lua chon|cau tra loi|tra loi|option|choice|answer|pa|da|y|opt|ans) ?)([a-z]|[1-9][0-9]?)|([a-z])"
)
_TEXTS = (
    "text",
    "key",
    "explanation",
    "level",
    "topic",
    "source",
    "document",
    "clause",
    "type",
    "mark",
    "code",
    "tags",
    "category",
    "name",
    "tolerance",
)


@dataclass
class Head:
    """Rows count from 1. `columns` gives the column of a field, `options` that of a letter's place, `unknown` headings nobody knows."""

    last_row: int
    columns: dict[str, int] = field(default_factory=dict)
    options: dict[int, int] = field(default_factory=dict)
    doubled: list[tuple[str, int]] = field(default_factory=list)
    unknown: list[tuple[str, int]] = field(default_factory=list)
    words: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """How much was recognised."""
        return len(self.columns) + len(self.options) - ("ordinal" in self.columns)


def heading_of(cell: Cell) -> str:
    """A heading folded: small letters without accents, signs and what stands in brackets."""
    if not isinstance(cell, str) or len(cell) > 80:
        return ""
    words = re.sub(r"\([^)]*\)", " ", fold(cell)) if not fold(cell).startswith("(") else fold(cell)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", words).split()) or " ".join(re.sub(r"[^a-z0-9]+", " ", fold(cell)).split())


def field_of(heading: str) -> str | int | None:
    """The field of a folded heading, the place of an option from 0, or None."""
    if not heading:
        return None
    if heading in _FIELDS:
        return _FIELDS[heading]
    found = _OPTION.fullmatch(heading)
    if not found:
        return None
    mark = found[1] or found[2]
    place = int(mark) - 1 if mark.isdecimal() else LABELS.index(mark.upper())
    return place if place < len(LABELS) else None


def find_head(rows: Sequence[Sequence[Cell]]) -> Head | None:
    """The heading of a sheet; titles above it are passed over. None where no row names a column of questions and another one."""
    best: Head | None = None
    for index, row in enumerate(rows[:_WITHIN]):
        if not any(isinstance(cell, str) and cell.strip() for cell in row):
            continue
        single = _head(index + 1, [heading_of(cell) for cell in row[:_MOST_COLUMNS]])
        candidates = [single]
        if index + 1 < len(rows) and "text" in single.columns:
            candidates.append(_head(index + 2, _in_two_rows(row, rows[index + 1], single.columns["text"])))
        for head in candidates:
            if "text" in head.columns and head.weight >= 2 and (best is None or head.weight > best.weight):
                best = head
        if best is not None and best.weight >= 4:
            break
    return best


def _in_two_rows(upper: Sequence[Cell], lower: Sequence[Cell], text_column: int) -> list[str]:
    """Headings of a heading in two lines, where cells were merged across and down."""
    if text_column < len(lower) and lower[text_column] not in (None, ""):
        return []  # that row holds a question already
    found = []
    above = ""
    for column in range(min(max(len(upper), len(lower)), _MOST_COLUMNS)):
        high = heading_of(upper[column]) if column < len(upper) else ""
        low = heading_of(lower[column]) if column < len(lower) else ""
        above = high or (above if low else "")
        choices = [low, f"{above} {low}".strip(), high] if low else [high]
        found.append(next((each for each in choices if field_of(each) is not None), low or high))
    return found


def _head(last_row: int, headings: Sequence[str]) -> Head:
    head = Head(last_row, words=tuple(headings))
    for column, heading in enumerate(headings):
        known = field_of(heading)
        if isinstance(known, int):
            if known in head.options:
                head.doubled.append((heading, column))
            else:
                head.options[known] = column
        elif known is not None:
            if known in head.columns:
                head.doubled.append((heading, column))
            else:
                head.columns[known] = column
        elif heading:
            head.unknown.append((heading, column))
    # Options are letters in a row from A; a lone letter far off is some other heading.
    for place in sorted(head.options):
        if place and place - 1 not in head.options:
            del head.options[place]
    return head
