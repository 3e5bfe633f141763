"""A file comes in: it is looked at, kept until the import ends, and its columns are recognised."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from elearn.audit.services import record
from elearn.core.db import db, transaction
from elearn.core.files.spreadsheets import read_spreadsheet
from elearn.lib.collector import without_collector
from elearn.lib.errors import InvalidInput
from elearn.lib.grid import SheetGrid
from elearn.lib.vietnamese import normalise
from elearn.members.models import Import, ImportMapping
from elearn.members.rules.importing.columns import FIELDS
from elearn.members.rules.importing.layout import Layout, recognise
from elearn.members.rules.importing.sorts import text_of

SAMPLES = 4


@without_collector()
def open_import(
    actor: tuple[int | None, str], unit_id: int, data: bytes, name: str, decision: str, folder: Path, max_bytes: int, now: datetime
) -> int:
    """Read a file, remember it and what was recognised of it; returns the id of the import.

    Raises InvalidInput (field "file") where it is no sound spreadsheet, or holds no sheet with names of people.
    """
    name = normalise(name)[:200] or "danh-sach"
    grids = read_spreadsheet(data, name, max_bytes=max_bytes)
    layouts = [recognise(grid) for grid in grids]
    if not any(layout.is_usable for layout in layouts):
        raise InvalidInput(
            "no_names",
            "Không tìm thấy cột họ tên trong tệp. Hãy kiểm tra dòng tiêu đề có “Họ và tên”, hoặc “Họ” và “Tên”.",
            "file",
        )
    remembered = _remembered(unit_id, [layout.fingerprint for layout in layouts])
    sheets = [_describe(grid, layout, remembered.get(layout.fingerprint)) for grid, layout in zip(grids, layouts, strict=True)]
    digest = hashlib.sha256(data).hexdigest()
    with transaction() as session:
        one = Import(
            unit_id=unit_id, file_name=name, file_digest=digest, state="mapping", layout={"sheets": sheets}, counts={},
            decision=decision[:120], made_at=now, made_by_id=actor[0],
        )  # fmt: skip
        session.add(one)
        session.flush()
        import_id = one.id
        record(session, now, actor, "open_import", ("import", import_id, name), after={"digest": digest, "decision": decision})
        keep_file(folder, import_id, data)
    return import_id


def path_of(folder: Path, import_id: int) -> Path:
    """Where the file of an import is kept."""
    return folder / "imports" / f"{import_id}.bin"


def keep_file(folder: Path, import_id: int, data: bytes) -> None:
    """Write the file so that only the application reads it."""
    path = path_of(folder, import_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _remembered(unit_id: int, fingerprints: Sequence[str]) -> dict[str, dict[int, str]]:
    """Mappings that were corrected for the same headings before, of this unit first, of any other unit otherwise."""
    rows = db.session.scalars(
        select(ImportMapping)
        .where(ImportMapping.fingerprint.in_([one for one in fingerprints if one]))
        .order_by(ImportMapping.used_at)
    ).all()
    found: dict[str, dict[int, str]] = {}
    for row in sorted(rows, key=lambda row: row.unit_id == unit_id):
        found[row.fingerprint] = {int(column): field for column, field in row.mapping.items() if field in FIELDS or not field}
    return found


def _describe(grid: SheetGrid, layout: Layout, remembered: dict[int, str] | None) -> dict[str, Any]:
    """What the mapping page shows of a sheet, and what reading needs to know again."""
    first = layout.first_row - 1
    body = [row for row in grid.rows[first : layout.last_row] if any(cell not in (None, "") for cell in row)]
    columns = []
    for guess in layout.columns:
        samples = [
            text_of(row[guess.column]) for row in body[:40] if guess.column < len(row) and row[guess.column] not in (None, "")
        ]
        field = guess.field if remembered is None else remembered.get(guess.column, "")
        columns.append(
            {
                "column": guess.column, "heading": guess.heading, "field": "" if field == "ignored" else field,
                "confidence": round(guess.confidence, 2), "reason": guess.reason, "reason_values": dict(guess.values), "samples": samples[:SAMPLES],
            }
        )  # fmt: skip
    return {
        "name": grid.name, "rows": len(body), "titles": list(layout.titles[:3]), "header_rows": list(layout.header_rows),
        "columns": columns, "fingerprint": layout.fingerprint, "has_unit_headings": layout.has_unit_headings, "legacy": layout.legacy,
        "notes": [[note.message, dict(note.values)] for note in grid.notes],
        "is_used": layout.is_usable, "is_remembered": remembered is not None,
    }  # fmt: skip
