"""How a sheet of people is laid out: titles, heading lines, what each column holds, unit headings between the people."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elearn.lib.grid import Cell, SheetGrid
from elearn.lib.legacy_encodings import convert_legacy, detect_legacy
from elearn.lib.vietnamese import normalise
from elearn.members.rules.importing import sorts
from elearn.members.rules.importing.assigning import ColumnGuess, assign
from elearn.members.rules.importing.columns import IGNORED, field_of_heading, folded_heading, look_of

_MAX_COLUMNS = 80
_HEADER_WITHIN = 60  # rows from the top
_MAX_HEADER_LINES = 4
_SAMPLE = 300
_SURE = 0.9  # a phrase within a text is not enough to take a line of its own for a heading: titles name units too
_LOOK_OVER = 5_000  # rows looked at for unit headings and numbers that start again
_PARTS = frozenset(
    [
        "nam",
        "nu",
        "ngay",
        "thang",
        "ho",
        "dem",
        "ten",
        "chinh",
        "thuc",
        "du",
        "bi",
        "dang",
        "chinh",
        "quyen",
        "doan",
        "the",
        "so",
        "ngay",
        "cap",
        "noi",
        "cap",
        "chuyen",
        "mon",
        "ly",
        "luan",
        "van",
        "hoa",
        "xa",
        "huyen",
        "tinh",
        "tp",
        "gdpt",
        "llct",
        "hoc",
        "vi",
    ]
) | {
    "chinh thuc",
    "du bi",
    "ho dem",
    "ho va dem",
    "chinh quyen",
    "doan the",
    "chuyen mon",
    "ngay cap",
    "noi cap",
    "ho lot",
    "chuc vu",
    "ly luan",
}
_NAMES = ("full_name", "given_name", "family_name", "middle_name")
_NOT_IDENTIFYING = frozenset((*_NAMES, "ordinal", "unit", "parent_unit", "note", "code", IGNORED, ""))


@dataclass(frozen=True, slots=True)
class Layout:
    """Row numbers count from 1. `fingerprint` is the same for sheets with the same headings, and is "" where there are none.

    `legacy` is "tcvn3" or "vni" where the cells were typed in such a font. `last_row` is the last row that may hold a person.
    """

    titles: tuple[str, ...]
    header_rows: tuple[int, ...]
    first_row: int
    last_row: int
    columns: tuple[ColumnGuess, ...]
    fingerprint: str
    has_unit_headings: bool = False
    ordinal_restarts: bool = False
    legacy: str = ""

    @property
    def mapping(self) -> dict[int, str]:
        """Column → field, ignored ones left out."""
        return {guess.column: guess.field for guess in self.columns if guess.field not in ("", IGNORED)}

    @property
    def is_usable(self) -> bool:
        """Whether names can be read at all."""
        return not {"full_name", "given_name"}.isdisjoint(self.mapping.values())

    def headings(self) -> frozenset[str]:
        """Headings folded and in small letters, to know a heading line that is printed again on a later page."""
        parts = {part for guess in self.columns for part in (guess.heading, *guess.heading.split(" / ")) if part}
        return frozenset({folded_heading(part) for part in parts} | {part.lower() for part in parts})


class RowSorter:
    """Tells the rows of a sheet apart by its mapping; made once for a sheet."""

    def __init__(self, mapping: Mapping[int, str], headings: frozenset[str]) -> None:
        self.names = [column for key in _NAMES for column, field in mapping.items() if field == key]
        self.ordinal = next((column for column, field in mapping.items() if field == "ordinal"), None)
        self.identifying = [column for column, field in mapping.items() if field not in _NOT_IDENTIFYING]
        self.headings = headings

    def sort(self, row: Sequence[Cell]) -> str:
        """A constant of `sorts`."""
        return sorts.sort_row(row, self.names, self.ordinal, self.identifying, self.headings)


def recognise(grid: SheetGrid) -> Layout:
    """The layout of a sheet; of one without any recognisable column the mapping is empty."""
    rows = grid.rows
    legacy = _legacy(rows)
    width = min(max(map(len, rows), default=0), _MAX_COLUMNS)
    top = [
        [_heading_text(cell, legacy) for cell in row[:width]] + [""] * (width - len(row))
        for row in rows[: _HEADER_WITHIN + _MAX_HEADER_LINES]
    ]
    header = _find_header(top)
    first = header[-1] + 1 if header else 0
    while header and first < len(rows) and _numbers_columns(rows[first]):
        first += 1
    parts = [_parts_of([top[index] for index in header], column) for column in range(width)] if header else [()] * width
    sample = _sample(rows[first:], width, legacy)
    columns = assign(parts, sample)
    titles = tuple(" ".join(normalise(text) for text in row if text) for row in top[: header[0] if header else 0] if any(row))
    fingerprint = ""
    if header:
        fingerprint = hashlib.sha256("|".join(folded_heading(" ".join(part)) for part in parts).encode()).hexdigest()[:16]
    layout = Layout(titles, tuple(index + 1 for index in header), first + 1, len(rows), columns, fingerprint, legacy=legacy)
    sorter = RowSorter(layout.mapping, layout.headings())
    has_units, restarts = _look_over(rows[first : first + _LOOK_OVER], sorter, legacy)
    return dataclasses.replace(
        layout, last_row=_last_row(rows, first, sorter, legacy), has_unit_headings=has_units, ordinal_restarts=restarts
    )


def _legacy(rows: Sequence[Sequence[Cell]]) -> str:
    """The legacy font of a sheet, also where its headings were typed in Unicode."""
    some = [row[:_MAX_COLUMNS] for row in rows[:500]]
    kind = detect_legacy(cell for row in some for cell in row if isinstance(cell, str))
    if kind:
        return kind
    for column in range(max(map(len, some), default=0)):
        kind = detect_legacy(
            cell for row in some[-len(some) * 4 // 5 :] if column < len(row) and isinstance(cell := row[column], str)
        )
        if kind:
            return kind
    return ""


def _heading_text(cell: Cell, legacy: str) -> str:
    text = normalise(sorts.text_of(cell))
    return convert_legacy(text, legacy)[0] if legacy else text


def _find_header(top: Sequence[Sequence[str]]) -> list[int]:
    """Indexes of the heading lines; [] if the sheet begins with data."""
    best, best_score = -1, 0.0
    for index, row in enumerate(top[:_HEADER_WITHIN]):
        fields: dict[str, float] = {}
        for text in row:
            field, sure = field_of_heading(text) if len(text) < 60 else ("", 0.0)
            if field and field != IGNORED:
                fields[field] = max(fields.get(field, 0.0), sure)
        texts = [text for text in row if text]
        if len(fields) < 2 or (len(fields) == 2 and len(texts) > 6) or _is_person_like(row):
            continue
        score = sum(fields.values()) + (1 if not {"full_name", "given_name"}.isdisjoint(fields) else 0)
        if score > best_score * 1.3:  # the same line printed again further down is no better
            best, best_score = index, score
    if best < 0:
        return _single_heading(top)
    lines = [best]
    while lines[0] > 0 and len(lines) < _MAX_HEADER_LINES and _belongs_above(top[lines[0] - 1], top[lines[0]]):
        lines.insert(0, lines[0] - 1)
    while (
        lines[-1] + 1 < len(top)
        and len(lines) < _MAX_HEADER_LINES
        and _belongs_below(top[lines[-1] + 1], [top[index] for index in lines])
    ):
        lines.append(lines[-1] + 1)
    return lines


def _single_heading(top: Sequence[Sequence[str]]) -> list[int]:
    """A sheet of one column of names has one heading only."""
    for index, row in enumerate(top[:10]):
        texts = [text for text in row if text]
        if len(texts) <= 2 and any(field_of_heading(text) in (("full_name", 1.0), ("full_name", 0.9)) for text in texts):
            return [index]
    return []


def _is_person_like(row: Sequence[str]) -> bool:
    shown = [look_of(text) for text in row if text]
    return any(look in ("phone", "national_id", "email", "birth_date") for look in shown) or shown.count("ordinal") > max(
        2, len(shown) // 2
    )


def _belongs_above(row: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row stands over heading lines as their upper line: it names fields, and leaves gaps that the lower line fills."""
    texts = [text for text in row if text]
    if len(texts) < 1 or any(len(text) > 60 for text in texts) or _is_person_like(row):
        return False
    named = sum(field_of_heading(text)[1] >= _SURE for text in texts)
    fills = any(not text and lower for text, lower in zip(row, below, strict=True))
    return named * 2 > len(texts) and (fills or named >= 2)


def _belongs_below(row: Sequence[str], above: Sequence[Sequence[str]]) -> bool:
    """Whether a row is a lower heading line: parts such as "Nam | Nữ" or "(dd/mm/yyyy)", nothing of a person."""
    texts = [text for text in row if text]
    if not texts or _is_person_like(row) or any(text.isdigit() for text in texts):
        return False
    known = sum(text.startswith("(") or folded_heading(text) in _PARTS or field_of_heading(text)[1] >= _SURE for text in texts)
    again = sum(bool(text) and any(text == upper[column] for upper in above) for column, text in enumerate(row))
    under = sum(bool(text) and any(upper[column] for upper in above) for column, text in enumerate(row))
    beside_names = sum(look_of(text) == "full_name" and not field_of_heading(text)[0] for text in texts)
    return known * 2 > len(texts) and not beside_names and again * 2 <= len(texts) and (under > 0 or len(texts) <= 6)


def _numbers_columns(row: Sequence[Cell]) -> bool:
    texts = [sorts.text_of(cell).strip("() ") for cell in row if not sorts.is_empty(cell)]
    return len(texts) > 2 and all(len(text) <= 3 for text in texts) and sum(text.isdigit() for text in texts) * 2 > len(texts)


def _parts_of(lines: Sequence[Sequence[str]], column: int) -> tuple[str, ...]:
    """Texts over a column from top to bottom; a text over several columns reaches right over gaps that have texts below."""
    parts: list[str] = []
    for depth, line in enumerate(lines):
        text = line[column]
        if not text and any(lower[column] for lower in lines[depth + 1 :]):
            left = column
            while left > 0 and not line[left] and any(lower[left] for lower in lines[depth + 1 :]):
                left -= 1
            text = line[left] if any(lower[left] for lower in lines[depth + 1 :]) else ""
        if text and text not in parts:
            parts.append(text)
    return tuple(parts)


def _sample(rows: Sequence[Sequence[Cell]], width: int, legacy: str) -> list[list[Cell]]:
    """Columns of rows that are filled enough to be people, taken from the top and from further down."""
    step = max(1, len(rows) // 2_000)
    filled = [*rows[: _SAMPLE * 2], *rows[_SAMPLE * 2 :: step]]
    counts = [sum(not sorts.is_empty(cell) for cell in row[:width]) for row in filled]
    usual = sorted(counts)[len(counts) // 2] if counts else 0
    chosen = [row for row, count in zip(filled, counts, strict=True) if count and count * 2 >= usual][:_SAMPLE]
    columns: list[list[Cell]] = []
    for column in range(width):
        cells = [row[column] if column < len(row) else None for row in chosen]
        columns.append([convert_legacy(cell, legacy)[0] if legacy and isinstance(cell, str) else cell for cell in cells])
    return columns


def _look_over(rows: Sequence[Sequence[Cell]], sorter: RowSorter, legacy: str) -> tuple[bool, bool]:
    """Whether units stand as headings among the people, and whether the numbers start again."""
    has_units, ones = False, 0
    for row in rows:
        if legacy:
            row = [convert_legacy(cell, legacy)[0] if isinstance(cell, str) else cell for cell in row]
        kind = sorter.sort(row)
        has_units = has_units or kind == sorts.UNIT
        if kind == sorts.PERSON and sorter.ordinal is not None and sorter.ordinal < len(row):
            ones += sorts.text_of(row[sorter.ordinal]).strip(" .") == "1"
    return has_units, ones > 1


def _last_row(rows: Sequence[Sequence[Cell]], first: int, sorter: RowSorter, legacy: str) -> int:
    """The row before the signatures at the bottom, if any."""
    start = max(first, len(rows) - 80)
    end = len(rows)
    for index in range(len(rows) - 1, start - 1, -1):
        row = rows[index]
        if legacy:
            row = [convert_legacy(cell, legacy)[0] if isinstance(cell, str) else cell for cell in row]
        kind = sorter.sort(row)
        if kind == sorts.SIGNATURE:
            end = index
        elif kind == sorts.PERSON and _is_surely_person(row, sorter):
            break
    return end


def _is_surely_person(row: Sequence[Cell], sorter: RowSorter) -> bool:
    if sorter.ordinal is not None and sorter.ordinal < len(row) and sorts.text_of(row[sorter.ordinal]).strip(" .").isdigit():
        return True
    return sum(not sorts.is_empty(row[column]) for column in sorter.identifying if column < len(row)) >= 2
