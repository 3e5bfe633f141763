"""Files that reorganise: a mapping file old → new, or orgs.csv of OneRoster, read into operations with every problem at its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from elearn.core.db import db
from elearn.core.files.spreadsheets import read_spreadsheet
from elearn.lib.errors import InvalidInput
from elearn.units.queries.history import kinds_by_code, load_organisation
from elearn.units.rules.mapping import Reading, RowProblem, columns_of, problems_of, read_mapping
from elearn.units.rules.oneroster import operations_of, read_orgs
from elearn.units.rules.operations import Operation
from elearn.units.rules.organisation import Decision
from elearn.units.services.changes import Outlook, apply_change, preview_change

ROWS_ABOVE_HEADINGS = 30
ONEROSTER_TYPES: Mapping[str, str] = {"province": "state", "district": "district", "commune": "local", "cell": "department"}
"""Type of OneRoster by kind of unit; other kinds are departments."""


@dataclass(frozen=True)
class FileOutlook:
    """What a file would do: `rows[i]` are its rows behind operation i; problems stand at row and column."""

    outlook: Outlook
    operations: tuple[Operation, ...]
    rows: tuple[tuple[int, ...], ...]
    problems: tuple[RowProblem, ...]
    headings: Mapping[str, str]

    @property
    def errors(self) -> list[RowProblem]:
        """The problems that stand against it."""
        return [problem for problem in self.problems if not problem.is_warning]

    @property
    def is_sound(self) -> bool:
        """True where there is something to do and nothing stands against it."""
        return bool(self.operations) and not self.errors

    @property
    def title(self) -> str:
        """What the change is called where nobody gives it a name."""
        return self.outlook.rows[0].sentence if len(self.operations) == 1 else ""


def preview_mapping(
    data: bytes, name: str, day: date | None, now: datetime, *, max_bytes: int, scope: Sequence[str] | None = None
) -> FileOutlook:
    """What a mapping file would do; raises InvalidInput (field "file") for what is no such file."""
    table, headings, faults = _table(data, name, max_bytes)
    session = db.session()
    reading = read_mapping(table, load_organisation(session), kinds_by_code(session), day)
    outlook = preview_change(reading.operations, now, scope)
    found = problems_of(replace(reading, problems=(*faults, *reading.problems)), replace(outlook.plan, problems=outlook.problems))
    return FileOutlook(outlook, reading.operations, reading.rows, found, headings)


def preview_orgs(data: bytes, day: date, decision: Decision, now: datetime, scope: Sequence[str] | None = None) -> FileOutlook:
    """What orgs.csv of OneRoster would do."""
    session = db.session()
    organisation = load_organisation(session)
    orgs, told = read_orgs(data, organisation.ids_by_code)
    kinds = {kind: code for code, kind in ONEROSTER_TYPES.items()}
    operations = operations_of(orgs, organisation, day, kinds, decision)
    lines = {org.sourced_id: org.line for org in orgs}
    rows = tuple((lines.get(_code_of(operation), 0),) for operation in operations)
    outlook = preview_change(operations, now, scope)
    problems = [RowProblem(one.line, one.column, one.code, one.message, one.values, one.is_warning) for one in told]
    reading = Reading(tuple(operations), rows, tuple(problems))
    return FileOutlook(
        outlook, reading.operations, rows, problems_of(reading, replace(outlook.plan, problems=outlook.problems)), {}
    )


def apply_file(
    actor: tuple[int | None, str], seen: FileOutlook, title: str, file_name: str, now: datetime, scope: Sequence[str] | None = None
) -> int:
    """Do what a file says, as one change; returns its id. Raises CannotChange where it no longer can be done."""
    if not seen.is_sound:
        raise InvalidInput("file_problems", "Tệp còn %(count)s lỗi, chưa thực hiện được.", "file", count=len(seen.errors))
    return apply_change(actor, title or seen.title or file_name, seen.operations, now, scope=scope, file_name=file_name)


def _code_of(operation: Operation) -> str:
    return getattr(operation, "unit", "") or getattr(operation, "code", "")


def _table(data: bytes, name: str, max_bytes: int) -> tuple[list[tuple[int, dict[str, object]]], dict[str, str], list[RowProblem]]:
    """Rows below the headings as (number, cells by column), the headings as written, and cells whose value is not to be had."""
    for grid in read_spreadsheet(data, name, max_bytes=max_bytes):
        for number, row in enumerate(grid.rows[:ROWS_ABOVE_HEADINGS], start=1):
            columns = columns_of(row)
            if len(columns) < 2 or not columns.keys() & {"old_code", "old_name", "new_code"}:
                continue
            table: list[tuple[int, dict[str, object]]] = [
                (line, {column: cells[place] for column, place in columns.items() if place < len(cells)})
                for line, cells in enumerate(grid.rows[number:], start=number + 1)
            ]
            by_place = {place: column for column, place in columns.items()}
            message = "Ô này là công thức không kèm giá trị hoặc báo lỗi: hãy dán giá trị vào."
            faults = [
                RowProblem(line, by_place[place], "no_value", message)
                for line, place in sorted(grid.faults)
                if place in by_place and line > number
            ]
            return table, {column: str(row[place]) for column, place in columns.items()}, faults
    wanted = ", ".join(("Mã cũ", "Mã mới", "Tên mới", "Ngày hiệu lực"))
    message = "Không thấy dòng tiêu đề với các cột như %(columns)s. Hãy dùng tệp mẫu."
    raise InvalidInput("no_headings", message, "file", columns=wanted)
