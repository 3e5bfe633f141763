"""A sheet of a workbook as plain rows of cells, whatever file it came out of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta | None

FORMULA_WITHOUT_VALUE = "formula"


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth telling about a sheet; `message` is a Vietnamese source message with %(name)s places."""

    code: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


@dataclass(frozen=True, slots=True)
class SheetGrid:
    """Row `n` of the sheet (from 1) is `rows[n - 1]`; empty cells are None or ""; empty rows at the end are cut off.

    `hidden_rows` are row numbers from 1, `hidden_columns` are columns from 0. `faults` names cells whose value is not to be had:
    (row number, column) → "formula" where a formula was saved without its result, or the error value such as "#N/A".
    """

    name: str
    rows: list[list[Cell]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def column_letters(column: int) -> str:
    """Letters of a column counted from 0, as spreadsheets show them: 0 → "A", 27 → "AB"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
