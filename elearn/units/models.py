"""Tables of the organisation tree. Nothing is ever deleted: a unit that ends gets a last day and successors."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import ByteString, Json, UtcDateTime


class UnitKind(Model):
    """What sort of unit: data, because organisers add sorts of their own."""

    __tablename__ = "unit_kinds"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True, comment="stable ASCII code, e.g. province")
    name: Mapped[str] = mapped_column(String(120), comment="Vietnamese name, e.g. Đảng bộ tỉnh")
    name_en: Mapped[str] = mapped_column(String(120), default="", comment="English name")


class Unit(Model):
    """One unit as it is now; `UnitParent`, `UnitName` and `UnitKindSpan` keep what it was before."""

    __tablename__ = "units"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        Index("ix_units_path", "path"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True, comment="code of the organisation, e.g. AS-03-012")
    name: Mapped[str] = mapped_column(String(200), comment="full name as written in documents")
    short_name: Mapped[str] = mapped_column(String(120), comment="name without its parent, for tables")
    kind_id: Mapped[int] = mapped_column(ForeignKey("unit_kinds.id"), comment="sort of unit")
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("units.id"), index=True, comment="unit above as of now; empty at the top"
    )
    path: Mapped[str] = mapped_column(ByteString, comment="ids from the top down, /1/5/23/; kept by the services")
    depth: Mapped[int] = mapped_column(comment="0 at the top")
    valid_from: Mapped[date] = mapped_column(comment="first day")
    valid_to: Mapped[date | None] = mapped_column(comment="day on which it no longer exists; empty while it does")
    sort_key: Mapped[str] = mapped_column(ByteString, comment="Vietnamese order of the name")
    search_key: Mapped[str] = mapped_column(String(200), comment="folded name and code, for search")
    segment: Mapped[str] = mapped_column(
        String(60), default="", comment="grouping for reports, e.g. Khối xã; data of the organisation"
    )
    is_external: Mapped[bool] = mapped_column(default=False, comment="not of the organisation: learners from elsewhere")
    kind: Mapped[UnitKind] = relationship()


class UnitName(Model):
    """What a unit was called, from when to when."""

    __tablename__ = "unit_names"
    __table_args__ = (
        UniqueConstraint("unit_id", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str] = mapped_column(String(200), comment="full name as written in documents")
    short_name: Mapped[str] = mapped_column(String(120), comment="name without its parent")
    valid_from: Mapped[date] = mapped_column(comment="first day")
    valid_to: Mapped[date | None] = mapped_column(comment="day from which it no longer holds")
    decision: Mapped[str] = mapped_column(String(120), default="", comment="number and date of the decision")


class UnitKindSpan(Model):
    """What sort of unit a unit was, from when to when."""

    __tablename__ = "unit_kind_spans"
    __table_args__ = (
        UniqueConstraint("unit_id", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("unit_kinds.id"))
    valid_from: Mapped[date] = mapped_column(comment="first day")
    valid_to: Mapped[date | None] = mapped_column(comment="day from which it no longer holds")
    decision: Mapped[str] = mapped_column(String(120), default="", comment="number and date of the decision")


class UnitParent(Model):
    """To which unit a unit belonged, and from when to when."""

    __tablename__ = "unit_parents"
    __table_args__ = (
        UniqueConstraint("unit_id", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="the unit below")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), comment="the unit above; empty at the top")
    valid_from: Mapped[date] = mapped_column(comment="first day")
    valid_to: Mapped[date | None] = mapped_column(comment="day from which it no longer holds")
    decision: Mapped[str] = mapped_column(String(120), default="", comment="number and date of the decision")


class UnitSuccessor(Model):
    """Which unit carries on what another one was: two rows ending in one unit are a merger."""

    __tablename__ = "unit_successors"
    __table_args__ = (CheckConstraint("unit_id <> successor_id", name="other"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, comment="the unit that ended")
    successor_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, comment="the unit that carries on")
    effective_on: Mapped[date] = mapped_column(comment="first day of the successor")
    decision: Mapped[str] = mapped_column(String(120), default="", comment="number and date of the decision")
    is_main: Mapped[bool] = mapped_column(
        default=True, comment="the one successor to which figures of the ended unit are counted; exactly one a unit"
    )


class UnitHeadcount(Model):
    """How many people a unit counted on a day, as reported: the denominator of rates, independent of accounts."""

    __tablename__ = "unit_headcounts"
    __table_args__ = (CheckConstraint("people_count >= 0", name="people_count"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    counted_on: Mapped[date] = mapped_column(primary_key=True, comment="day for which the figure holds")
    people_count: Mapped[int] = mapped_column(comment="people (người), without the units below")
    source: Mapped[str] = mapped_column(String(200), default="", comment="document or person that reported it")


class UnitChange(Model):
    """One deed on the tree, of one operation or of hundreds from a mapping file: what was done, and how to undo it."""

    __tablename__ = "unit_changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300), comment="what was done, in words")
    decision: Mapped[str] = mapped_column(String(120), default="", comment="number and date of the decision")
    decided_on: Mapped[date | None] = mapped_column(comment="date of the decision")
    effective_on: Mapped[date] = mapped_column(comment="first day on which it holds")
    file_name: Mapped[str] = mapped_column(String(200), default="", comment="mapping file; empty for a single operation")
    operations: Mapped[Any] = mapped_column(Json, comment="the operations, in words")
    edits: Mapped[Any] = mapped_column(Json, comment="the edits that were written, by operation; undone in reverse")
    moves: Mapped[Any] = mapped_column(Json, comment="[ended unit, unit that carries on, day]: where its people went")
    kept: Mapped[Any] = mapped_column(Json, default=dict, comment="feature → what it needs to take back what followed the change")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(comment="member; no key, members stand above units")
    made_by_name: Mapped[str] = mapped_column(String(120), default="")
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_name: Mapped[str] = mapped_column(String(120), default="")


class CatchmentUnit(Model):
    """A unit that a training centre serves: a list, because it is not the centre's subtree."""

    __tablename__ = "catchment_units"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),)
    centre_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, comment="unit of the training centre")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, comment="unit that is served, with all below it")
    valid_from: Mapped[date] = mapped_column(primary_key=True, comment="first day")
    valid_to: Mapped[date | None] = mapped_column(comment="day from which it no longer holds")
    decision: Mapped[str] = mapped_column(String(120), default="", comment="number and date of the decision")
