"""The mark sheet: what was typed or pasted, and whether somebody else has changed the same cell meanwhile."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from elearn.classes.rules.programmes import TOP
from elearn.lib.errors import InvalidInput
from elearn.lib.numbers import format_number
from elearn.lib.vietnamese import fold

Key = tuple[int, str]
"""A cell: (id of the enrolment, part)."""
_NUMBER = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?")
_CELLS = re.compile(r"\t|;")
MOST_ATTENDED = Decimal(999)


def read_mark(text: str, most: Decimal = TOP) -> Decimal | None:
    """A mark such as 8,25 or 8.25; None for an empty cell. Raises InvalidInput."""
    text = text.strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text) or (found := Decimal(text.replace(",", "."))) > most:
        raise InvalidInput(
            "mark", "“%(text)s” không phải là số từ 0 đến %(most)s, nhiều nhất hai chữ số sau dấu phẩy.",
            field="mark", text=text, most=format_number(most),
        )  # fmt: skip
    return found


def show_mark(mark: Decimal | None) -> str:
    """The way back: decimal comma, no needless noughts; empty for none."""
    return "" if mark is None else format_number(mark)


def most_of(part: str) -> Decimal:
    """The greatest number that a column takes."""
    return MOST_ATTENDED if part == "attended" else TOP


@dataclass(frozen=True)
class Typed:
    """A cell as it came back: what it showed when the page was made, and what stands in it now."""

    key: Key
    base: Decimal | None
    now: Decimal | None


@dataclass(frozen=True)
class Conflict:
    """A cell that somebody else has changed since the page was made, to something else than was typed."""

    key: Key
    typed: Decimal | None
    current: Decimal | None


@dataclass(frozen=True)
class Settled:
    """Cells to be written, and cells that are left as they are for a person to look at."""

    writes: Mapping[Key, Decimal | None]
    conflicts: tuple[Conflict, ...]


def settle(cells: Sequence[Typed], current: Mapping[Key, Decimal]) -> Settled:
    """What a save changes. A cell that nobody touched is not written, whatever has become of it; one that two changed alike is settled."""
    writes: dict[Key, Decimal | None] = {}
    conflicts = []
    for cell in cells:
        stands = current.get(cell.key)
        if cell.now == cell.base or cell.now == stands:
            continue
        if stands != cell.base:
            conflicts.append(Conflict(cell.key, cell.now, stands))
        else:
            writes[cell.key] = cell.now
    return Settled(writes, tuple(conflicts))


@dataclass(frozen=True)
class Row:
    """A learner by whom pasted lines are found."""

    enrolment_id: int
    code: str
    name: str


def read_paste(text: str, rows: Sequence[Row], parts: Sequence[str]) -> tuple[dict[Key, Decimal | None], tuple[str, ...]]:
    """Marks by cell from lines "code or name, then a mark for each part in order"; and the lines that fit nobody, each with its reason.

    A name that two learners bear fits nobody: their codes must stand there. An empty cell changes nothing.
    """
    by_code = {row.code.upper(): row for row in rows}
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        by_name.setdefault(fold(row.name), []).append(row)
    found: dict[Key, Decimal | None] = {}
    wrong = []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in _CELLS.split(line)]
        if not any(cells):
            continue
        who = next((by_code[cell.upper()] for cell in cells if cell.upper() in by_code), None)
        named = next((by_name[fold(cell)] for cell in cells if fold(cell) in by_name), [])
        if who is None and len(named) == 1:
            who = named[0]
        if who is None:
            wrong.append(f"{number}: {line.strip()[:80]}" + (" (trùng tên, hãy ghi mã)" if named else ""))
            continue
        place = max(i for i, cell in enumerate(cells) if cell.upper() == who.code.upper() or fold(cell) == fold(who.name))
        marks = cells[place + 1 :]
        while len(marks) > len(parts) and not _NUMBER.fullmatch(marks[0]):
            marks = marks[1:]
        try:
            read = {
                (who.enrolment_id, part): read_mark(cell, most_of(part)) for part, cell in zip(parts, marks, strict=False) if cell
            }
        except InvalidInput as refusal:
            wrong.append(f"{number}: {refusal}")
            continue
        found |= read
    return found, tuple(wrong)
