"""Rows of a sheet of people told apart: a person, a unit's heading, a total, a signature, a line printed again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from elearn.lib.grid import Cell
from elearn.lib.vietnamese import fold, normalise
from elearn.members.rules.importing.columns import look_of

PERSON, UNIT, TOTAL, SIGNATURE, HEADER, OTHER, BLANK = "person", "unit", "total", "signature", "header", "other", "blank"

_NUMBERING = re.compile(r"^\s*(?:[IVXLC]+|[A-ZĐ]|[0-9]+(?:\.[0-9]+)*)\s*(?:[.)/:\-–]+\s*|\s+(?=chi bộ|đảng bộ))", re.IGNORECASE)
_ROMAN = re.compile(r"\s*(?:[IVXLC]+|[A-ZĐ])\s*[.)]?\s*")
_ROMAN_ONLY = re.compile("[IVX]+")
_COUNT_AFTER = re.compile(
    r"\s*(?:[(:\-–]\s*(?:gồm|có|tổng số)?\s*:?\s*[0-9]+\s*(?:đảng viên|đ/c|đồng chí|người|dv|đv)?\s*\.?\)?|:)\s*$", re.IGNORECASE
)
_UNIT = re.compile(
    r"(?:các )?(?:chi bộ|chi đảng bộ|đảng bộ|đảng [uủ][ỷy]|chi [uủ][ỷy]|đơn vị|phòng|ban|xã|phường|thị trấn|đặc khu|thôn|ấp|bản|buôn|làng|xóm|khu phố|khu dân cư|khu vực"
    r"|tổ|tiểu khu|trường|công ty|cơ quan|trung tâm|văn phòng|hội|đoàn|liên đoàn|[uủ][ỷy] ban|ubnd|hđnd|mttq|mặt trận|công an|quân sự|ban chqs|trạm|bệnh viện|hợp tác xã|htx"
    r"|doanh nghiệp|khối|bộ phận|khoa|lớp|sở|chi cục|cục|chi nhánh|nhà máy|xí nghiệp|tòa án|toà án|viện|đội|đồn|kho bạc|ngân hàng|quỹ|thanh tra|chi hội|department|branch|unit)\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\W*(?:[ivxlc0-9]+[.)]\s*)?(?:tổng\b|tổng cộng|tổng số|cộng\b|tong cong|tong so|cộng:|total\b|ấn định danh sách|danh sách (?:này )?(?:có|gồm))",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"\W*(?:người lập|người lập biểu|tm\.|t/m|tm |kt\.|tl\.|thủ trưởng|xác nhận của|ký tên|nơi nhận|bí thư$|phó bí thư$|chủ tịch$|hiệu trưởng$|giám đốc$|cán bộ lập|\(?ký,|\(ký"
    r"|.{0,40}, ngày\b.{0,12}tháng\b.{0,12}năm\b|prepared by)",
    re.IGNORECASE,
)


def is_empty(cell: Cell) -> bool:
    """Whether there is nothing in a cell."""
    return cell is None or cell == "" or (isinstance(cell, str) and not cell.strip(" \t\r\n\u00a0"))


def text_of(cell: Cell) -> str:
    """A cell as text: a whole number without ".0", a day as dd/mm/yyyy."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, date):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year}"
    return str(cell)


def unit_name(text: str) -> str:
    """A heading's unit without its number and the count after it: "I. Chi bộ Khu phố 5 (12 đảng viên)" → "Chi bộ Khu phố 5"."""
    name = normalise(text)
    bare = _NUMBERING.sub("", name, count=1)
    name = bare if bare and not (len(bare) < 3 and len(name) > 3) else name
    return _COUNT_AFTER.sub("", name).strip(" :.-–*") or name


def heading_level(text: str) -> tuple[str, bool]:
    """How a unit's heading is set off: by letters, Roman or Arabic figures or nothing, and whether in capitals; equals stand at one level."""
    first = normalise(text).split(" ")[0].rstrip(".):/-")
    figures = (
        "roman"
        if _ROMAN_ONLY.fullmatch(first)
        else "letter"
        if len(first) == 1 and first.isupper()
        else "arabic"
        if first[:1].isdigit()
        else ""
    )
    return figures, unit_name(text).isupper()


def sort_row(
    row: Sequence[Cell], names: Sequence[int], ordinal: int | None, identifying: Sequence[int], headings: frozenset[str]
) -> str:
    """What a row is; `names` are the columns of the name, `identifying` those of dates, numbers and the like, `headings` the folded headings."""
    width = len(row)
    name = next((row[column] for column in names if column < width and not is_empty(row[column])), None)
    known = 0
    for column in identifying:
        if column < width and not is_empty(row[column]):
            known += 1
    if name is not None and known and isinstance(name, str):
        if name.isascii() or known <= 2 or name[:1] in "TtCc" or name.strip().lower() in headings:
            return _doubtful(row, name, known, ordinal, headings, names)
        return PERSON
    filled = [cell for cell in row if not is_empty(cell)]
    if not filled:
        return BLANK
    texts = [normalise(cell) for cell in filled if isinstance(cell, str)]
    if any(_SIGNATURE.match(text) for text in texts):
        return SIGNATURE
    if any(_TOTAL.match(text) for text in texts):
        return TOTAL
    if len(texts) > 1 and sum(fold(text) in headings for text in texts) >= 2:
        return HEADER
    if not texts:
        return OTHER if known <= 1 and _is_numbering(filled) else (PERSON if known else OTHER)
    if known:
        return PERSON  # a person without a name: told as a fault
    return _sparse(row, texts, filled, name, ordinal)


def _doubtful(
    row: Sequence[Cell], name: str, known: int, ordinal: int | None, headings: frozenset[str], names: Sequence[int]
) -> str:
    text = normalise(name)
    if fold(text) in headings:
        return HEADER
    if _TOTAL.match(text) or any(isinstance(cell, str) and _TOTAL.match(cell) for cell in row[: min(names)]):
        return TOTAL
    if known <= 2 and any(isinstance(cell, str) and _SIGNATURE.match(cell) for cell in row):
        return SIGNATURE
    if known <= 1 and _UNIT.match(_NUMBERING.sub("", text)) and not _is_person_named_like_a_unit(row, text, ordinal):
        return UNIT
    if known <= 2 and name.strip().isdigit() and _is_numbering([cell for cell in row if not is_empty(cell)]):
        return OTHER
    return PERSON


def _is_person_named_like_a_unit(row: Sequence[Cell], text: str, ordinal: int | None) -> bool:
    """Some family names are words for units as well: "Đoàn Văn Hậu" is a person, "Đoàn thanh niên" is not."""
    if any(look_of(cell) in ("phone", "national_id", "birth_date", "email") for cell in row):
        return True
    return look_of(text) == "full_name" and (_is_number(row, ordinal) or all(word[0].isupper() for word in text.split()))


def _is_number(row: Sequence[Cell], ordinal: int | None) -> bool:
    first = row[ordinal] if ordinal is not None and ordinal < len(row) else None
    return isinstance(first, int | float) or (isinstance(first, str) and first.strip().rstrip(".").isdigit())


def _is_numbering(filled: Sequence[Cell]) -> bool:
    """Whether a row numbers the columns: (1) (2) (3) … or A B 1 2 …"""
    texts = [text_of(cell).strip("() ") for cell in filled]
    return len(texts) > 2 and all(len(text) <= 2 for text in texts) and sum(text.isdigit() for text in texts) * 2 > len(texts)


def _sparse(row: Sequence[Cell], texts: list[str], filled: list[Cell], name: Cell, ordinal: int | None) -> str:
    """A row with words but no dates or numbers of a person: mostly a unit's heading, sometimes a person of whom only the name is known."""
    first = row[ordinal] if ordinal is not None and ordinal < len(row) else None
    has_number = _is_number(row, ordinal)
    longest = max(texts, key=len)
    bare = _NUMBERING.sub("", longest)
    if _is_numbering(filled):
        return OTHER
    if (
        longest.startswith(("(", "*", "-"))
        or len(longest) > 150
        or re.match(r"(?:ghi chú|lưu ý|danh sách|biểu|mẫu|trang|page)\b", longest, re.IGNORECASE)
    ):
        return OTHER
    if _UNIT.match(bare) and not (has_number and look_of(name) == "full_name"):
        return UNIT
    if isinstance(first, str) and _ROMAN.fullmatch(first) and len(texts) > 1:
        return UNIT
    if has_number:
        return PERSON if name is not None else OTHER
    looks_like_person = look_of(name.title() if isinstance(name, str) else name) == "full_name"
    if _NUMBERING.match(longest) and len(texts) == 1 and not looks_like_person:
        return UNIT
    if name is None:
        return UNIT if len(texts) == 1 and longest.isupper() and len(longest) > 3 else OTHER
    if longest.isupper() and len(texts) == 1 and not looks_like_person:
        return UNIT
    return PERSON if looks_like_person or len(texts) > 1 else OTHER
