"""A person's row as it was read: values in their one form, the text as written, and what is wrong with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with one cell; `column` counts from 0 (-1: the row as a whole), `message` is a Vietnamese source message."""

    field: str
    column: int
    code: str
    message: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    severity: str = ERROR

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


@dataclass(frozen=True, slots=True)
class PersonRow:
    """`number` is the sheet's own row number from 1. A field that is empty or faulty is missing from `values`.

    Keys of `values`, all texts: full_name; sex ("female", "male"); birth_date (ISO; first day of a month or year whose day is unknown)
    with birth_precision ("day", "month", "year"); joined_on and official_on (ISO) with joined_on_precision and official_on_precision;
    phone (digits, leading zero; a foreign one with "+"); email; national_id (12 digits, or the 9 of an old card); card_number; code; login;
    kind ("official", "probationary", "outstanding", "cadre", "guest"); position; unit; parent_unit; ethnicity; religion; hometown;
    education; note; ordinal. `raw` has the text as written (its first 500 characters) under the fields of the columns themselves.
    """

    number: int
    sheet: str
    values: Mapping[str, str]
    raw: Mapping[str, str]
    problems: tuple[CellProblem, ...] = ()
    unit_heading: str = ""
    is_hidden: bool = False

    @property
    def has_errors(self) -> bool:
        """Whether any cell is wrong, not merely doubtful."""
        return any(problem.severity == ERROR for problem in self.problems)
