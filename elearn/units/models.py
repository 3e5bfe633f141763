"""Tables of the organisation tree. Nothing is ever deleted: a unit that ends gets a last day and successors."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import ByteString


class UnitKind(Model):
    """What sort of unit: data, because organisers add sorts of their own."""

    __tablename__ = "unit_kinds"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True, comment="stable ASCII code, e.g. province")
    name: Mapped[str] = mapped_column(String(120), comment="Vietnamese name, e.g. Đảng bộ tỉnh")
    name_en: Mapped[str] = mapped_column(String(120), default="", comment="English name")


class Unit(Model):
    """One unit as it is now; `UnitParent` keeps where it belonged before."""

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
    kind: Mapped[UnitKind] = relationship()


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
