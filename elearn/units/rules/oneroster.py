"""Units as `orgs.csv` of OneRoster 1.1 and 1.2: read with problems by line, and written.

`sourcedId` and `identifier` are the code of the unit. Two columns of our own, `metadata.kind` and `metadata.shortName`, as the
standard allows, carry what it has no place for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from elearn.lib.vietnamese import normalise
from elearn.units.rules.operations import Close, Create, Move, Operation, Rename
from elearn.units.rules.organisation import Decision, Organisation
from elearn.units.rules.snapshots import Snapshot

HEADINGS = ("sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId")
OWN_HEADINGS = ("metadata.kind", "metadata.shortName")
TYPES = frozenset({"department", "school", "district", "local", "state", "national"})
STATUSES = frozenset({"", "active", "inactive", "tobedeleted"})


@dataclass(frozen=True, slots=True)
class Org:
    """One row, from `line` of the file. `kind` and `short_name` are empty where the file has no such column."""

    sourced_id: str
    name: str
    type: str
    status: str = ""
    modified_at: str = ""
    identifier: str = ""
    parent_sourced_id: str = ""
    kind: str = ""
    short_name: str = ""
    line: int = 0


@dataclass(frozen=True)
class LineProblem:
    """What is wrong at a line and column; `message` is a Vietnamese source message with places for `values`."""

    line: int
    column: str
    code: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    is_warning: bool = False


def orgs_of(snapshot: Snapshot, types: Mapping[str, str]) -> list[Org]:
    """The units of a day, those above before those below; `types` gives the type of OneRoster by kind, else department."""
    return [
        Org(
            sourced_id=unit.code, name=unit.name, type=types.get(unit.kind, "department"), identifier=unit.code, kind=unit.kind,
            parent_sourced_id=snapshot.units[unit.parent_id].code if unit.parent_id is not None else "", short_name=unit.short_name,
        )
        for unit in snapshot.units.values()
    ]  # fmt: skip


def write_orgs(orgs: Collection[Org]) -> bytes:
    """The file, in UTF-8. Status and date stay empty, as the standard asks of a file that holds everything ("bulk")."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow((*HEADINGS, *OWN_HEADINGS))
    for org in orgs:
        writer.writerow((
            org.sourced_id, org.status, org.modified_at, org.name, org.type, org.identifier, org.parent_sourced_id, org.kind, org.short_name,
        ))  # fmt: skip
    return text.getvalue().encode()


def read_orgs(data: bytes, known: Collection[str] = ()) -> tuple[list[Org], list[LineProblem]]:
    """Sound rows in the order of the file, and problems by line; `known` are ids that a row may name as its parent besides."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        return [], [LineProblem(line, "", "encoding", "Tệp phải ở dạng UTF-8.")]
    reader = csv.reader(io.StringIO(text, newline=""))
    orgs: dict[str, Org] = {}
    problems: list[LineProblem] = []
    try:
        headings = [heading.strip() for heading in next(reader, [])]
        missing = [heading for heading in HEADINGS if heading not in headings and heading not in ("status", "dateLastModified")]
        if missing:
            message = "Thiếu cột %(columns)s."
            return [], [LineProblem(1, missing[0], "no_column", message, {"columns": ", ".join(missing)})]
        ended = 1
        for cells in reader:
            # A row that spans lines is named by its first.
            line, ended = ended + 1, reader.line_num
            if not any(cells):
                continue
            if len(cells) != len(headings):
                message = "Dòng có %(count)s ô, cần %(wanted)s."
                problems.append(LineProblem(line, "", "cells", message, {"count": len(cells), "wanted": len(headings)}))
                continue
            row = {heading: normalise(cell) for heading, cell in zip(headings, cells, strict=True)}
            found = _row_problems(line, row, orgs)
            problems += found
            if not found:
                orgs[row["sourcedId"]] = Org(
                    row["sourcedId"], row["name"], row["type"], row.get("status", ""), row.get("dateLastModified", ""),
                    row["identifier"], row["parentSourcedId"], row.get("metadata.kind", ""), row.get("metadata.shortName", ""), line,
                )  # fmt: skip
    except csv.Error:
        problems.append(LineProblem(reader.line_num, "", "broken", "Không đọc được dòng này: dấu ngoặc kép không khép."))
    problems += _parent_problems(orgs, known)
    return list(orgs.values()), sorted(problems, key=lambda problem: (problem.line, problem.column))


def _row_problems(line: int, row: Mapping[str, str], orgs: Mapping[str, Org]) -> list[LineProblem]:
    found = [
        LineProblem(line, column, "empty", "Thiếu “%(column)s”.", {"column": column})
        for column in ("sourcedId", "name", "type")
        if not row[column]
    ]
    if row["type"] and row["type"] not in TYPES and not row["type"].startswith("ext:"):
        message = "OneRoster không có loại “%(type)s”."
        found.append(LineProblem(line, "type", "unknown_type", message, {"type": row["type"]}))
    if row.get("status", "").lower() not in STATUSES:
        message = "OneRoster không có trạng thái “%(status)s”."
        found.append(LineProblem(line, "status", "unknown_status", message, {"status": row["status"]}))
    try:
        datetime.fromisoformat(row.get("dateLastModified") or "2000-01-01")
    except ValueError:
        found.append(LineProblem(line, "dateLastModified", "no_date", "Ngày giờ phải theo ISO 8601."))
    if row["sourcedId"] in orgs:
        message = "“%(id)s” đã có ở dòng %(line)s."
        found.append(
            LineProblem(line, "sourcedId", "repeated", message, {"id": row["sourcedId"], "line": orgs[row["sourcedId"]].line})
        )
    return found


def _parent_problems(orgs: Mapping[str, Org], known: Collection[str]) -> list[LineProblem]:
    found = []
    for org in orgs.values():
        if org.parent_sourced_id and org.parent_sourced_id not in orgs and org.parent_sourced_id not in known:
            message = "Không có đơn vị cấp trên “%(id)s” trong tệp hay trong hệ thống; đơn vị này sẽ ở cấp cao nhất."
            values = {"id": org.parent_sourced_id}
            found.append(LineProblem(org.line, "parentSourcedId", "unknown_parent", message, values, is_warning=True))
        seen: set[str] = set()
        above = org.sourced_id
        while above in orgs and above not in seen:
            seen.add(above)
            above = orgs[above].parent_sourced_id
        if above == org.sourced_id:
            message = "“%(name)s” trực thuộc chính nó hoặc cấp dưới của nó."
            found.append(LineProblem(org.line, "parentSourcedId", "circle", message, {"name": org.name}))
    return found


def operations_of(
    orgs: Collection[Org],
    organisation: Organisation,
    effective_on: date,
    kinds: Mapping[str, str],
    decision: Decision,
) -> list[Operation]:
    """What brings the organisation to the file, those above first: new units, names, parents, and units marked to be deleted.

    `kinds` gives the kind by type of OneRoster, where a row does not name its own. A unit that the file leaves out stays.
    """
    by_id = {org.sourced_id: org for org in orgs}
    snapshot = organisation.as_of(effective_on)
    units = {unit.code: unit for unit in snapshot.units.values()}

    def depth(org: Org) -> int:
        count, above, seen = 0, org.parent_sourced_id, {org.sourced_id}
        while above in by_id and above not in seen:
            seen.add(above)
            count, above = count + 1, by_id[above].parent_sourced_id
        return count

    made: list[Operation] = []
    closed: list[Operation] = []
    for org in sorted(orgs, key=depth):
        unit, parent = units.get(org.sourced_id), org.parent_sourced_id
        parent = parent if parent in by_id or parent in units else ""
        if org.status.lower() == "tobedeleted":
            if unit is not None:
                closed.insert(0, Close(unit=org.sourced_id, effective_on=effective_on, decision=decision))
            continue
        if unit is None:
            kind = org.kind or kinds.get(org.type, "")
            create = Create(
                code=org.sourced_id, name=org.name, short_name=org.short_name, kind=kind, parent=parent,
                effective_on=effective_on, decision=decision,
            )  # fmt: skip
            made.append(create)
            continue
        short = org.short_name or (unit.short_name if org.name == unit.name else "")
        kind = org.kind if org.kind != unit.kind else ""
        if (org.name, short) != (unit.name, unit.short_name) or kind:
            made.append(
                Rename(
                    unit=org.sourced_id, name=org.name, short_name=short, kind=kind, effective_on=effective_on, decision=decision
                )
            )
        if parent != (snapshot.units[unit.parent_id].code if unit.parent_id is not None else ""):
            made.append(Move(unit=org.sourced_id, parent=parent, effective_on=effective_on, decision=decision))
    return made + closed
