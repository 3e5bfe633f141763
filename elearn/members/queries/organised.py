"""People as organised on a day and as organised now, and roles that a reorganisation left on units that ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.members.models import Member, Membership, RoleGrant
from elearn.units.models import Unit
from elearn.units.queries.history import successor_map

NOBODY = ("merged", "erased")
"""States of records that stand for no person of their own."""


def count_on(day: date) -> dict[int, int]:
    """People by the unit to which they belonged on a day, without those below it; a person of two units counts in each."""
    query = (
        select(Membership.unit_id, func.count(Membership.member_id.distinct()))
        .join(Member, Member.id == Membership.member_id)
        .where(
            Membership.valid_from <= day,
            or_(Membership.valid_to.is_(None), Membership.valid_to > day),
            Member.status.not_in(NOBODY),
        )
        .group_by(Membership.unit_id)
    )
    return dict(db.session.execute(query).all())  # type: ignore[arg-type]


def count_now(day: date) -> tuple[dict[int, int], dict[int, int]]:
    """The same people by the unit that stands for theirs now; apart, by their own unit, those whose unit has no successor."""
    return mapped_now(count_on(day))


def mapped_now(figures: Mapping[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """Figures by unit carried to the units of today, and apart those of units whose line has ended."""
    heirs = successor_map()
    found: dict[int, int] = {}
    lost: dict[int, int] = {}
    for unit_id, count in figures.items():
        heir = heirs.get(unit_id, unit_id)
        target, key = (lost, unit_id) if heir is None else (found, heir)
        target[key] = target.get(key, 0) + count
    return found, lost


def list_stranded_grants(unit_ids: Collection[int], now: datetime) -> Sequence[tuple[RoleGrant, Unit | None]]:
    """Roles in force for units that ended, each with the unit that stands for it now: a person decides about them."""
    query = (
        select(RoleGrant)
        .options(joinedload(RoleGrant.unit), joinedload(RoleGrant.member))
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(
            RoleGrant.unit_id.in_(unit_ids),
            Unit.valid_to.is_not(None),
            RoleGrant.valid_from <= now,
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now),
        )
        .order_by(Unit.sort_key, RoleGrant.id)
    )
    grants = db.session.scalars(query).all()
    heirs = successor_map() if grants else {}
    units = {
        unit.id: unit for unit in db.session.scalars(select(Unit).where(Unit.id.in_([each for each in heirs.values() if each])))
    }
    return [(grant, units.get(heirs.get(grant.unit_id) or 0)) for grant in grants]
