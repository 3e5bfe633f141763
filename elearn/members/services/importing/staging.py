"""Each row of a file is given its fate: create, update, move, same, doubtful or faulty. Nothing of any person is written yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from elearn.core.db import db, read_connection, transaction
from elearn.core.files.spreadsheets import read_spreadsheet
from elearn.jobs.hooks import Tell
from elearn.lib.collector import without_collector
from elearn.lib.vietnamese import fold
from elearn.members.models import Import, ImportRow, Member, MemberSensitive, Position
from elearn.members.rules.importing.changes import action_of, changes_of
from elearn.members.rules.importing.layout import recognise
from elearn.members.rules.importing.matching import Candidate, Index, Known, Seen, candidates_of, keys_of, sure_match
from elearn.members.rules.importing.reading import list_left_out, read_rows
from elearn.members.rules.importing.rows import PersonRow
from elearn.members.rules.importing.units import Directory, Place
from elearn.members.services.importing.uploading import path_of
from elearn.units.models import Unit, UnitName, UnitSuccessor

CHUNK = 2000
MOST_LEFT_OUT = 200
READING, MATCHING, WRITING = "Đang đọc tệp", "Đang đối chiếu với hồ sơ đã có", "Đang ghi bản xem trước"


@without_collector()
def stage_import(import_id: int, folder: Path, max_bytes: int, today: date, tell: Tell) -> dict[str, int]:
    """Read the file with the mapping chosen and write a row with its fate for each person; returns rows by action.

    Safe to run again: what an earlier run wrote goes first.
    """
    one = db.session.get_one(Import, import_id)
    sheets, unit_id = one.layout["sheets"], one.unit_id
    db.session.rollback()
    tell(READING)
    data = path_of(folder, import_id).read_bytes()
    grids = read_spreadsheet(data, "", max_bytes=max_bytes)
    rows, left_out = list(_people(grids, sheets, today)), list(islice(_left_out(grids, sheets), MOST_LEFT_OUT))
    del grids
    tell(MATCHING, 0, len(rows))
    with read_connection() as connection:
        directory, within = read_directory(connection, unit_id)
        index = read_index(connection, keys_of(row.values for row in rows))
    staged, counts = _decide(rows, directory, within, index, tell), Counter[str]()
    with transaction() as session:
        session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    for start in range(0, len(staged), CHUNK):
        chunk = staged[start : start + CHUNK]
        tell(WRITING, start, len(staged))
        with transaction() as session:
            compare(session, chunk)
            counts.update(row["action"] for row in chunk)
            session.execute(insert(ImportRow.__table__), [{**row, "import_id": import_id} for row in chunk])  # type: ignore[arg-type]
    with transaction() as session:
        done = session.get_one(Import, import_id)
        done.state, done.counts = "ready", {**counts, "left_out": left_out}
    tell(WRITING, len(staged), len(staged))
    return dict(counts)


def _people(grids: Sequence[Any], sheets: Sequence[dict[str, Any]], today: date) -> Iterable[PersonRow]:
    for grid, sheet in zip(grids, sheets, strict=True):
        if sheet["is_used"]:
            mapping = {column["column"]: column["field"] for column in sheet["columns"] if column["field"]}
            yield from read_rows(grid, recognise(grid), mapping, today=today)


def _left_out(grids: Sequence[Any], sheets: Sequence[dict[str, Any]]) -> Iterable[tuple[str, int, str]]:
    """Rows that were not read as people: sheet, row number, text."""
    for grid, sheet in zip(grids, sheets, strict=True):
        if sheet["is_used"]:
            mapping = {column["column"]: column["field"] for column in sheet["columns"] if column["field"]}
            yield from ((grid.name, number, text[:120]) for number, _sort, text in list_left_out(grid, recognise(grid), mapping))


def read_directory(connection: Any, unit_id: int) -> tuple[Directory, set[int]]:
    """The units that a list about `unit_id` may name, by their present and earlier names; and the ids of that subtree.

    Units that have ended belong to it where the one that carries on does.
    """
    units = {
        row.id: row for row in connection.execute(select(Unit.id, Unit.code, Unit.name, Unit.short_name, Unit.path, Unit.valid_to))
    }
    top = units[unit_id].path
    successors = {
        row.unit_id: row.successor_id
        for row in connection.execute(select(UnitSuccessor.unit_id, UnitSuccessor.successor_id).where(UnitSuccessor.is_main))
    }

    def last(number: int | None) -> int | None:
        seen: set[int] = set()
        while number is not None and number not in seen and units[number].valid_to is not None:
            seen.add(number)
            number = successors.get(number)
        return number

    within = {row.id for row in units.values() if row.path.startswith(top)}
    places = []
    for row in units.values():
        heir = last(successors.get(row.id)) if row.valid_to is not None else None
        if row.id in within or heir in within:
            places.append(Place(row.id, row.code, row.name, row.short_name, row.path, heir, row.valid_to is not None))
    known = {place.id: place for place in places}
    for number, name, short in connection.execute(
        select(UnitName.unit_id, UnitName.name, UnitName.short_name).where(UnitName.valid_to.is_not(None))
    ):
        place = known.get(number)
        if place is not None and name != place.name:
            places.append(Place(place.id, place.code, name, short, place.path, place.successor_id, place.has_ended))
    return Directory(places, unit_id), {place.id for place in places}


_KNOWN = (
    select(
        Member.id, Member.display_name, Member.birth_date, Member.birth_precision, Member.phone, Member.unit_id,
        MemberSensitive.national_id, MemberSensitive.card_number, Member.code, Member.login,
    )
    .outerjoin(MemberSensitive, MemberSensitive.member_id == Member.id)
    .where(Member.status.not_in(("merged", "erased")))
)  # fmt: skip


def read_index(connection: Any, keys: dict[str, set[str]]) -> Index:
    """The records that some row could be; the others are passed over as they are read."""
    index = Index()
    names = keys["name"]
    folded: dict[str, str] = {}
    for row in connection.execute(_KNOWN.execution_options(yield_per=5000)):
        number, name, birth, precision, phone, unit_id, national_id, card, code, login = row
        plain = folded.get(name)
        if plain is None:
            plain = folded[name] = fold(name)
        is_near = (
            plain in names
            or (phone and phone in keys["phone"])
            or (national_id and national_id in keys["national_id"])
            or code.casefold() in keys["code"]
            or login.casefold() in keys["login"]
            or (card and card.casefold() in keys["card_number"])
        )
        if is_near:
            index.add(
                Known(
                    number,
                    name,
                    birth.isoformat() if birth else "",
                    precision,
                    phone,
                    unit_id,
                    national_id or "",
                    card or "",
                    code,
                    login,
                )
            )
    return index


def _decide(rows: Sequence[PersonRow], directory: Directory, within: set[int], index: Index, tell: Tell) -> list[dict[str, Any]]:
    seen, staged = Seen(), []
    homes = {known.id: known.unit_id for names in index.by_name.values() for known in names}
    for place, row in enumerate(rows, start=1):
        if place % 5000 == 0:
            tell(MATCHING, place, len(rows))
        fate = decide(row.values, row.unit_heading, place, directory, within, index, homes, seen)
        problems = [[one.field, one.code, one.message, dict(one.values), one.severity] for one in row.problems] + fate.pop(
            "problems"
        )
        has_errors = any(one[4] == "error" for one in problems)
        staged.append(
            {
                **fate, "place": place, "sheet": row.sheet[:60], "number": row.number, "name": row.values.get("full_name", "")[:120],
                "values": dict(row.values) | ({"unit_heading": row.unit_heading} if row.unit_heading else {}),
                "raw": dict(row.raw) if problems else {}, "problems": problems,
                "action": "faulty" if has_errors else fate["action"],
                "decision": "", "state": "staged", "outcome": "", "changes": None, "before": None,
            }
        )  # fmt: skip
    return staged


def decide(
    values: Any, heading: str, place: int, directory: Directory, within: set[int], index: Index, homes: dict[int, int], seen: Seen
) -> dict[str, Any]:
    """Unit, match, candidates and action of one row, with the problems found on the way."""
    problems: list[list[Any]] = []
    unit = directory.resolve(values.get("unit", "") or heading, values.get("parent_unit", ""))
    if unit.code:
        problems.append(["unit", unit.code, unit.message, dict(unit.values), "error" if unit.unit_id is None else "warning"])
    if not values.get("full_name"):
        problems.append(["full_name", "name_missing", "Dòng này không có họ tên.", {}, "error"])
    earlier = seen.repeats(place, values, unit.unit_id or 0)
    if earlier:
        told = {"place": earlier[0], "what": earlier[1]}
        problems.append(
            ["full_name", "repeated", "Trùng %(what)s với người thứ %(place)s trong tệp; chỉ người đầu được nhập.", told, "error"]
        )
    candidates = candidates_of(values, unit.unit_id or 0, index)
    match = sure_match(candidates)
    if match is not None and homes[match.member_id] not in within:
        words = "Người này đã có hồ sơ ở một đơn vị ngoài phạm vi của danh sách. Hãy làm thủ tục chuyển sinh hoạt."
        problems.append(["full_name", "elsewhere", words, {}, "error"])
        match, candidates = None, []
    candidates = [one for one in candidates if homes[one.member_id] in within]
    return {
        "unit_id": unit.unit_id, "member_id": match.member_id if match else None, "matched_by": match.by if match else "",
        "candidates": None if match else [told_of(one) for one in candidates] or None,
        "action": "update" if match else "doubtful" if candidates else "create", "problems": problems,
    }  # fmt: skip


def told_of(one: Candidate) -> list[Any]:
    """A candidate as it is kept with the row."""
    return [one.member_id, one.score, list(one.reasons)]


def compare(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Work out what each matched row changes, and so whether it is an update, a move or the same."""
    present = read_present(session, [row["member_id"] for row in rows if row["member_id"]])
    for row in rows:
        if row["member_id"] and row["action"] != "faulty":
            row["changes"] = changes_of(row["values"], row["unit_id"], present[row["member_id"]])
            row["action"] = action_of(row["changes"])


def read_present(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The fields of changes.CARRIED of each member, as text and unit id; besides login, code and whether there is a sensitive row."""
    if not ids:
        return {}
    latest = (
        select(Position.member_id, func.max(Position.id).label("id"))
        .where(Position.valid_to.is_(None), Position.member_id.in_(ids))
        .group_by(Position.member_id)
        .subquery()
    )
    titles = dict(session.execute(select(Position.member_id, Position.title).join(latest, latest.c.id == Position.id)).all())
    query = select(
        Member.id, Member.display_name, Member.sex, Member.phone, Member.email, Member.kind, Member.birth_date, Member.birth_precision,
        Member.unit_id, Member.login, Member.code, MemberSensitive.member_id.label("kept"), MemberSensitive.national_id, MemberSensitive.card_number, MemberSensitive.ethnicity, MemberSensitive.religion,
    ).outerjoin(MemberSensitive, MemberSensitive.member_id == Member.id)  # fmt: skip
    return {
        row.id: {
            "full_name": row.display_name, "sex": row.sex, "phone": row.phone, "email": row.email, "kind": row.kind,
            "birth_date": row.birth_date.isoformat() if row.birth_date else "", "birth_precision": row.birth_precision,
            "unit_id": row.unit_id, "national_id": row.national_id or "", "card_number": row.card_number or "",
            "ethnicity": row.ethnicity or "", "religion": row.religion or "", "position": titles.get(row.id, ""),
            "login": row.login, "code": row.code, "has_sensitive": row.kept is not None,
        }
        for row in session.execute(query.where(Member.id.in_(ids)))
    }  # fmt: skip
