"""An import is taken back, row by row: what somebody has built on since then stays, and is listed with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.audit.services import Deed, record, record_many
from elearn.core.db import db, transaction
from elearn.jobs.hooks import Tell
from elearn.lib.errors import DomainError
from elearn.lib.numbers import format_number
from elearn.members.models import Import, ImportRow, InitialCode, Member, MemberCard, MemberSensitive, Membership, Position
from elearn.members.rules.importing.changes import can_take_back, changes_of
from elearn.members.rules.importing.columns import FIELDS
from elearn.members.services.importing.applying import CHUNK, shown
from elearn.members.services.importing.staging import read_present
from elearn.members.services.importing.writing import RecordWriter, move_back

UNDOING = "Đang hoàn tác"
_OWN = (InitialCode, Position, MemberCard, MemberSensitive, Membership)


def check_undo(one: Import, days: int, now: datetime) -> None:
    """Raise DomainError where the import was not applied, or too long ago."""
    if one.state not in ("applied", "undoing") or one.applied_at is None:
        raise DomainError("not_applied", "Chỉ hoàn tác được lần nhập đã xong.")
    if now > one.applied_at + timedelta(days=days):
        raise DomainError(
            "undo_too_late", "Đã quá %(days)s ngày kể từ khi nhập nên không hoàn tác được nữa.", days=format_number(days)
        )


def undo_import(
    import_id: int, actor: tuple[int | None, str], days: int, now: Callable[[], datetime], tell: Tell
) -> dict[str, int]:
    """Take back every row that was written; returns how many were undone and how many were kept."""
    with transaction() as session:
        one = session.get_one(Import, import_id)
        check_undo(one, days, now())
        one.state = "undoing"
    applied = (ImportRow.import_id == import_id, ImportRow.state == "applied")
    total = db.session.scalar(select(func.count()).select_from(ImportRow).where(*applied)) or 0
    done, before = 0, (1 << 31) - 1
    while True:
        tell(UNDOING, done, total)
        with transaction() as session:
            query = select(ImportRow).where(*applied, ImportRow.place < before).order_by(ImportRow.place.desc()).limit(CHUNK)
            rows = session.scalars(query).all()
            if not rows:
                break
            done, before = done + len(rows), rows[-1].place
            _undo_chunk(session, rows, import_id, actor, now())
    with transaction() as session:
        one = session.get_one(Import, import_id)
        by_state = select(ImportRow.state, func.count()).where(ImportRow.import_id == import_id).group_by(ImportRow.state)
        states = dict(session.execute(by_state).all())
        if one.state == "undoing":
            one.state, one.undone_at = "undone", now()
            record(session, now(), actor, "undo_import", ("import", import_id, one.file_name), after={"rows": states})
        return states


def _undo_chunk(session: Session, rows: Sequence[ImportRow], import_id: int, actor: tuple[int | None, str], now: datetime) -> None:
    present = read_present(session, [row.member_id for row in rows if row.member_id])
    deeds: list[Deed] = []
    made = []
    writer = RecordWriter(session, present, now)
    for row in rows:
        was = present.get(row.member_id or 0)
        if row.action == "same" or not row.member_id:
            row.state, row.outcome = "undone", "Không có gì để hoàn tác."
        elif was is None:
            row.state, row.outcome = "kept", "Hồ sơ không còn."
        elif row.changes is None:
            made.append((row, was))
        else:
            deeds += _undo_change(session, writer, row, was, import_id)
    deeds += _undo_creations(session, made, import_id)
    session.flush()
    writer.flush()
    record_many(session, now, actor, deeds)


def _undo_change(session: Session, writer: RecordWriter, row: ImportRow, was: dict[str, Any], import_id: int) -> list[Deed]:
    """Old values come back where nobody has written others since."""
    assert row.member_id is not None
    back, later = can_take_back(row.changes, was)
    if "unit_id" in back and not move_back(
        session, row.member_id, int(str(back.pop("unit_id"))), f"import:{import_id}", row.before or {}
    ):
        later.append("unit_id")
    if back:
        writer.write(row.member_id, back)
    row.state = "kept" if later and len(later) == len(row.changes) else "undone"
    row.outcome = f"Đã được sửa sau khi nhập nên giữ nguyên: {words_of(later)}."[:300] if later else ""
    taken = {field: pair for field, pair in row.changes.items() if field not in later}
    if not taken:
        return []
    return [
        Deed(
            "undo_import_change", ("member", row.member_id, was["full_name"]), before=shown(taken, 1), after=shown(taken, 0),
            reason=f"import:{import_id}",
        )
    ]  # fmt: skip


def words_of(fields: Sequence[str]) -> str:
    """Names of fields for a reason; each is a source message of its own."""
    return ", ".join(
        dict.fromkeys("Đơn vị" if field == "unit_id" else FIELDS[field.replace("_precision", "_date")].label for field in fields)
    )


def _undo_creations(session: Session, made: Sequence[tuple[ImportRow, dict[str, Any]]], import_id: int) -> list[Deed]:
    """Records that the import made go again, unless something points to them or they were edited since."""
    untouched = []
    for row, was in made:
        later = changes_of(row.values, row.unit_id, was)
        if later:
            row.state, row.outcome = "kept", f"Đã được sửa sau khi nhập nên giữ nguyên: {words_of(list(later))}."[:300]
        else:
            untouched.append((row, was))
    session.flush()
    gone = untouched if _remove(session, [row.member_id for row, _ in untouched if row.member_id]) else []
    if not gone:
        for row, was in untouched:
            if row.member_id and _remove(session, [row.member_id]):
                gone.append((row, was))
            else:
                row.state = "kept"
                row.outcome = "Người này đã đăng nhập, hoặc đã có lớp, bài làm, quyền hay dữ liệu khác."
    for row, _ in gone:
        row.state, row.outcome = "undone", ""
    return [Deed("remove_member", ("member", row.member_id, was["full_name"]), reason=f"import:{import_id}") for row, was in gone]


def _remove(session: Session, ids: Sequence[int]) -> bool:
    """Delete records with what belongs to them alone; False, and nothing deleted, where anything else points to one of them."""
    if not ids:
        return False
    try:
        with session.begin_nested():
            for model in _OWN:
                session.execute(delete(model).where(model.member_id.in_(ids)))
            session.execute(delete(Member).where(Member.id.in_(ids)))
    except IntegrityError:
        return False
    return True
