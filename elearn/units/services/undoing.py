"""Takes a change of the tree back, wholly, where nothing later was built on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import Model, db, transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.tree import is_within
from elearn.units import hooks
from elearn.units.models import Unit, UnitChange
from elearn.units.queries.history import load_organisation
from elearn.units.rules.edit_records import from_data, touched_by
from elearn.units.rules.edits import RemoveUnit, Undoing, undo
from elearn.units.rules.organisation import Organisation
from elearn.units.services import writing
from elearn.units.services.changes import moves_of

_OWN_TABLES = frozenset({"units", "unit_names", "unit_kind_spans", "unit_parents", "unit_successors"})
LEAST_REASON = 5


@dataclass(frozen=True)
class Reason:
    """Why a change cannot be undone: a Vietnamese source message with places for `values`."""

    message: str
    values: dict[str, object] = field(default_factory=dict)


class CannotUndo(DomainError):
    """Something was built on the change since; `reasons` lists it."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__("cannot_undo", "Không hoàn tác được: đã có thay đổi dựa trên lần này.")
        self.reasons = tuple(reasons)


class _Rehearsed(Exception):
    """Ends a rehearsal: everything is rolled back."""


def preview_undo(actor: tuple[int | None, str], change_id: int, now: datetime) -> tuple[dict[str, int], tuple[Reason, ...]]:
    """Counts of what an undoing would take back or leave, and the reasons against it. Done in full and rolled back."""
    counts: dict[str, int] = {}
    try:
        with transaction() as session:
            counts = _undo(session, actor, change_id, "", now, None)
            raise _Rehearsed
    except _Rehearsed:
        return counts, ()
    except CannotUndo as refusal:
        return {}, refusal.reasons
    finally:
        db.session.rollback()


def undo_change(
    actor: tuple[int | None, str], change_id: int, reason: str, now: datetime, scope: Sequence[str] | None = None
) -> dict[str, int]:
    """Take the change back; returns counts of what followed. Raises CannotUndo with the reasons, InvalidInput without a reason."""
    if len(reason.strip()) < LEAST_REASON:
        raise InvalidInput("no_reason", "Hãy ghi rõ lý do, ít nhất 5 ký tự.", field="reason")
    with transaction() as session:
        return _undo(session, actor, change_id, reason.strip(), now, scope)


def touched_paths(change: UnitChange) -> list[str]:
    """Paths of the units that a change touched, as far as they still exist: who may see or undo it depends on them."""
    touched = touched_by([edit for step in from_data(change.edits) for edit in step])
    return list(db.session.scalars(select(Unit.path).where(Unit.id.in_(touched))))


def _undo(
    session: Session, actor: tuple[int | None, str], change_id: int, reason: str, now: datetime, scope: Sequence[str] | None
) -> dict[str, int]:
    change = session.get(UnitChange, change_id)
    if change is None:
        raise NotFound()
    if change.undone_at is not None:
        raise DomainError("already_undone", "Thay đổi này đã được hoàn tác rồi.")
    if scope is not None and not all(any(is_within(path, top) for top in scope) for path in touched_paths(change)):
        raise CannotUndo([Reason("Thay đổi này đụng tới đơn vị ngoài phạm vi bạn phụ trách.")])
    before = load_organisation(session)
    undoing = undo(before, from_data(change.edits))
    if undoing.conflicts:
        distinct = {conflict.message % conflict.values: conflict for conflict in undoing.conflicts}
        raise CannotUndo([Reason(each.message, dict(each.values)) for each in distinct.values()])
    if scope is not None and not _leads_into(session, before, undoing, scope):
        raise CannotUndo([Reason("Hoàn tác sẽ đưa đơn vị về dưới một cấp trên ngoài phạm vi bạn phụ trách.")])
    writing.write(session, before, undoing.organisation, touched_by(undoing.edits))
    counts: dict[str, int] = {}
    for follow in hooks.after_undo:
        counts |= follow(session, change, moves_of(change))
    session.flush()
    gone = [edit.unit_id for edit in undoing.edits if isinstance(edit, RemoveUnit)]
    if gone:
        reasons = _uses(session, gone)
        if reasons:
            raise CannotUndo(reasons)
        writing.remove_units(session, gone)
    session.expire_all()
    change.undone_at, change.undone_by_name = now, actor[1][:120]
    record(
        session, now, actor, "undo_unit_change", ("unit_change", change.id, change.title),
        before={"made_at": change.made_at.isoformat()}, after=counts, reason=reason,
    )  # fmt: skip
    return counts


def _leads_into(session: Session, before: Organisation, undoing: Undoing, scope: Sequence[str]) -> bool:
    """Whether every unit that gets its old parent back gets one of the scope."""
    regained: set[int | None] = set()
    for unit_id in touched_by(undoing.edits):
        old, new = before.units.get(unit_id), undoing.organisation.units.get(unit_id)
        if old is not None and new is not None and new.parents[-1].value != old.parents[-1].value:
            regained.add(new.parents[-1].value)
    paths = session.scalars(select(Unit.path).where(Unit.id.in_([each for each in regained if each is not None])))
    is_at_top = None not in regained or any(path.count("/") == 2 for path in scope)
    return is_at_top and all(any(is_within(path, top) for top in scope) for path in paths)


def _uses(session: Session, unit_ids: Sequence[int]) -> list[Reason]:
    """What points to units that would go: their names, and how many rows of other tables."""
    counts: dict[int, int] = {}
    for table in Model.metadata.sorted_tables:
        if table.name in _OWN_TABLES:
            continue
        columns: list[Any] = [
            column for column in table.columns if any(key.column.table.name == "units" for key in column.foreign_keys)
        ]
        for column in columns:
            query = select(column, func.count()).where(column.in_(unit_ids)).group_by(column)
            for unit_id, count in session.execute(query):
                counts[unit_id] = counts.get(unit_id, 0) + count
    names: dict[int, str] = dict(session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(counts))).all())  # type: ignore[arg-type]
    message = "“%(unit)s” đã được dùng sau đó: có %(count)s người, bài làm, lớp hoặc quyền gắn với đơn vị này."
    return [Reason(message, {"unit": names[unit_id], "count": count}) for unit_id, count in sorted(counts.items())]
