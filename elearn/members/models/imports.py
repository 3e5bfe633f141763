"""Tables of the import of people: the file as read, the fate of each row, remembered mappings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import BigKey, Json, UtcDateTime
from elearn.units.models import Unit


class Import(Model):
    """One file of people on its way in."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint(
            "state IN ('mapping', 'staging', 'ready', 'applying', 'applied', 'undoing', 'undone', 'cancelled', 'failed')",
            name="state",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True, comment="top of the subtree that the file is about")
    file_name: Mapped[str] = mapped_column(String(200))
    file_digest: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 of the file, kept under the data folder until the import ends"
    )
    state: Mapped[str] = mapped_column(
        String(10), comment="mapping → staging → ready → applying → applied → undoing → undone; cancelled, failed"
    )
    layout: Mapped[Any] = mapped_column(Json, comment="what was recognised of each sheet, and the mapping chosen")
    counts: Mapped[Any] = mapped_column(Json, comment="rows by action")
    decision: Mapped[str] = mapped_column(String(120), default="", comment="number and date of the decision behind the list")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="undo is open for a number of days from here")
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unit: Mapped[Unit] = relationship()


class ImportRow(Model):
    """One row of the file: what it says, what is to become of it, what became of it."""

    __tablename__ = "import_rows"
    __table_args__ = (
        UniqueConstraint("import_id", "place"),
        Index("ix_import_rows_import_id_action", "import_id", "action"),
        CheckConstraint("action IN ('create', 'update', 'move', 'same', 'doubtful', 'faulty')", name="action"),
        CheckConstraint("decision IN ('', 'create', 'match', 'skip')", name="decision"),
        CheckConstraint("state IN ('staged', 'applied', 'skipped', 'failed', 'undone', 'kept')", name="state"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    place: Mapped[int] = mapped_column(comment="1, 2, 3 … over all sheets")
    sheet: Mapped[str] = mapped_column(String(60))
    number: Mapped[int] = mapped_column(comment="row number in the sheet, from 1")
    name: Mapped[str] = mapped_column(String(120), default="", comment="name as read, for lists")
    values: Mapped[Any] = mapped_column(Json, comment="field → normalised value")
    raw: Mapped[Any] = mapped_column(Json, comment="field → text as written in the file")
    problems: Mapped[Any] = mapped_column(Json, comment="[field, code, message, values, severity] each")
    action: Mapped[str] = mapped_column(String(10), comment="create, update, move, same, doubtful or faulty")
    unit_id: Mapped[int | None] = mapped_column(comment="unit that the row names")
    member_id: Mapped[int | None] = mapped_column(comment="the person matched, or made")
    matched_by: Mapped[str] = mapped_column(String(20), default="", comment="national_id, phone, name or person")
    candidates: Mapped[Any] = mapped_column(Json, nullable=True, comment="[member id, score, reasons] of each person it may be")
    changes: Mapped[Any] = mapped_column(Json, nullable=True, comment="field → [old, new]")
    decision: Mapped[str] = mapped_column(String(6), default="", comment="what a person decided on a doubtful row")
    state: Mapped[str] = mapped_column(
        String(8), default="staged", comment="staged, applied, skipped, failed, undone or kept (could not be undone)"
    )
    outcome: Mapped[str] = mapped_column(String(300), default="", comment="why it failed, was skipped or could not be undone")
    before: Mapped[Any] = mapped_column(Json, nullable=True, comment="the person before, for undo")


class ImportMapping(Model):
    """Which column meant what, remembered for a unit and a shape of heading."""

    __tablename__ = "import_mappings"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True, comment="hash of the folded headings")
    mapping: Mapped[Any] = mapped_column(Json, comment="column → field")
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
