"""What a person decides of an import before it is applied: columns, doubtful rows, faulty rows put right, or none of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.grid import SheetGrid
from elearn.members.models import Import, ImportMapping, ImportRow
from elearn.members.rules.importing.assigning import ColumnGuess
from elearn.members.rules.importing.columns import FIELDS
from elearn.members.rules.importing.layout import Layout
from elearn.members.rules.importing.matching import Seen, keys_of
from elearn.members.rules.importing.reading import read_rows
from elearn.members.rules.importing.rows import PersonRow
from elearn.members.services.importing.staging import compare, decide, read_directory, read_index
from elearn.members.services.importing.uploading import path_of

NAMES = {"full_name", "given_name"}


def choose_mapping(import_id: int, chosen: Sequence[tuple[bool, Mapping[int, str]]], now: datetime) -> None:
    """Keep which sheets are read and what their columns hold, and remember it for lists of the same shape.

    Raises InvalidInput where no sheet is used, a sheet has no name, or two columns are said to hold the same.
    """
    with transaction() as session:
        one = session.get_one(Import, import_id)
        if one.state not in ("mapping", "ready"):
            raise DomainError("not_open", "Lần nhập này không sửa được nữa.")
        sheets = [dict(sheet) for sheet in one.layout["sheets"]]
        if not any(is_used for is_used, _ in chosen):
            raise InvalidInput("no_sheet", "Hãy chọn ít nhất một trang tính.", "sheet-0")
        for place, (sheet, (is_used, mapping)) in enumerate(zip(sheets, chosen, strict=True)):
            sheet["is_used"] = is_used
            sheet["columns"] = [{**column, "field": mapping.get(column["column"], "")} for column in sheet["columns"]]
            if is_used:
                _check(place, sheet)
                _remember(session, one.unit_id, sheet, now)
        one.layout, one.state = {"sheets": sheets}, "staging"


def _check(place: int, sheet: Mapping[str, Any]) -> None:
    fields = [column["field"] for column in sheet["columns"] if column["field"]]
    if not NAMES & set(fields):
        raise InvalidInput("no_name_column", "Trang “%(sheet)s” chưa có cột họ tên.", f"sheet-{place}", sheet=sheet["name"])
    for field, times in Counter(fields).items():
        if times > 1 and field not in ("note", "education"):
            raise InvalidInput(
                "field_twice", "Trang “%(sheet)s” có hai cột cùng được hiểu là “%(what)s”.", f"sheet-{place}",
                sheet=sheet["name"], what=FIELDS[field].label,
            )  # fmt: skip


def _remember(session: Session, unit_id: int, sheet: Mapping[str, Any], now: datetime) -> None:
    if not sheet["fingerprint"]:
        return
    mapping = {str(column["column"]): column["field"] for column in sheet["columns"]}
    kept = session.get(ImportMapping, (unit_id, sheet["fingerprint"]))
    if kept is None:
        session.add(ImportMapping(unit_id=unit_id, fingerprint=sheet["fingerprint"], mapping=mapping, used_at=now))
    else:
        kept.mapping, kept.used_at = mapping, now


def _open_row(session: Session, import_id: int, place: int) -> ImportRow:
    one = session.get_one(Import, import_id)
    row = session.scalar(select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.place == place))
    if row is None:
        raise NotFound()
    if one.state != "ready":
        raise DomainError("not_open", "Lần nhập này không sửa được nữa.")
    return row


def decide_row(import_id: int, place: int, decision: str, member_id: int | None) -> None:
    """What a doubtful row is: "match" with one of its candidates, "create" for somebody new, "skip", or "" to decide later."""
    with transaction() as session:
        row = _open_row(session, import_id, place)
        if row.action != "doubtful" or decision not in ("", "match", "create", "skip"):
            raise NotFound()
        if decision == "match":
            if member_id not in [one[0] for one in row.candidates or []]:
                raise InvalidInput("no_candidate", "Hãy chọn người khớp với dòng này.", "member")
            told = {
                "member_id": member_id, "action": "doubtful", "values": row.values, "unit_id": row.unit_id, "changes": None,
            }  # fmt: skip
            compare(session, [told])
            row.member_id, row.changes, row.matched_by = member_id, told["changes"], "person"
        else:
            row.member_id, row.changes, row.matched_by = None, None, ""
        row.decision = decision


def change_row(import_id: int, place: int, texts: Mapping[str, str], today: date) -> str:
    """Put a row right by hand: it is read and matched anew as if the file had said so. Returns its action."""
    with transaction() as session:
        row = _open_row(session, import_id, place)
        person = read_texts(texts, row.sheet, row.number, today)
        connection = session.connection()
        one = session.get_one(Import, import_id)
        directory, within = read_directory(connection, one.unit_id)
        index = read_index(connection, keys_of([person.values]))
        homes = {known.id: known.unit_id for names in index.by_name.values() for known in names}
        seen = _others(session, row)
        fate = decide(person.values, "", place, directory, within, index, homes, seen)
        problems = [[p.field, p.code, p.message, dict(p.values), p.severity] for p in person.problems] + fate.pop("problems")
        told = {**fate, "values": dict(person.values), "changes": None}
        if any(problem[4] == "error" for problem in problems):
            told["action"] = "faulty"
        compare(session, [told])
        for field, value in told.items():
            setattr(row, field, value)
        row.name, row.raw, row.problems, row.decision = person.values.get("full_name", "")[:120], dict(texts), problems, ""
        session.flush()
        one.counts = {"left_out": one.counts.get("left_out", [])} | dict(
            session.execute(
                select(ImportRow.action, func.count()).where(ImportRow.import_id == import_id).group_by(ImportRow.action)
            ).all()
        )
        return str(row.action)


def _others(session: Session, row: ImportRow) -> Seen:
    """The people of the other rows that are not faulty, as seen before this one."""
    seen = Seen()
    query = select(ImportRow.place, ImportRow.values, ImportRow.unit_id).where(
        ImportRow.import_id == row.import_id, ImportRow.place != row.place, ImportRow.action != "faulty"
    )
    for place, values, unit_id in session.execute(query):
        seen.repeats(place, values, unit_id or 0)
    return seen


def read_texts(texts: Mapping[str, str], sheet: str, number: int, today: date) -> PersonRow:
    """Texts typed by hand as a row of a list."""
    fields = [field for field in FIELDS if texts.get(field, "").strip()]
    columns = tuple(ColumnGuess(place, FIELDS[field].label, field, 1.0, "") for place, field in enumerate(fields))
    grid = SheetGrid(sheet, [[texts[field].strip() for field in fields]])
    found = list(read_rows(grid, Layout((), (), 1, 1, columns, ""), today=today))
    if found:
        return PersonRow(number, sheet, found[0].values, found[0].raw, found[0].problems)
    return PersonRow(number, sheet, {}, dict(texts))


def discard_import(import_id: int, actor: tuple[int | None, str], folder: Path, now: datetime) -> None:
    """Give up an import that was not applied; its file goes, nothing of any person was written."""
    with transaction() as session:
        one = session.get_one(Import, import_id)
        if one.state not in ("mapping", "staging", "ready", "failed"):
            raise DomainError("not_open", "Lần nhập này không bỏ được nữa; hãy hoàn tác.")
        one.state = "cancelled"
        record(session, now, actor, "discard_import", ("import", import_id, one.file_name))
    path_of(folder, import_id).unlink(missing_ok=True)
