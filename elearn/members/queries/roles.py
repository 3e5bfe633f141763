"""Grants and requests for grants as officers see them; who administers a unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.lib.periods import local_day
from elearn.members.models import GrantRequest, Member, RoleGrant
from elearn.members.queries import below, matching
from elearn.members.rules.delegation import DELEGATES, HeldGrant
from elearn.members.rules.permissions import Actor, Role, Subject, may, role_paths
from elearn.units.models import Unit
from elearn.units.queries import matching_units
from elearn.units.queries.history import list_served_paths

_WITH_NAMES = (joinedload(RoleGrant.unit), joinedload(RoleGrant.member), joinedload(RoleGrant.granted_by))


def in_force(now: datetime) -> ColumnElement[bool]:
    """SQL for "the grant holds at this moment"."""
    return and_(RoleGrant.valid_from <= now, or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now))


def not_over(now: datetime) -> ColumnElement[bool]:
    """SQL for "the grant holds, or will"."""
    return or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now)


def list_held(member_id: int, now: datetime) -> list[HeldGrant]:
    """The grants that a person holds at `now`, with their periods; the units of a catchment each count as one."""
    query = select(RoleGrant).options(joinedload(RoleGrant.unit)).where(RoleGrant.member_id == member_id, in_force(now))
    rows = db.session.scalars(query).all()
    served = list_served_paths({row.unit_id for row in rows if row.with_catchment}, local_day(now))
    return [
        HeldGrant(Role(row.role), path, row.valid_from, row.valid_to)
        for row in rows
        for path in [row.unit.path, *(served.get(row.unit_id, []) if row.with_catchment else [])]
    ]


def list_administrators(unit_path: str, now: datetime, but: Sequence[int] = (), most: int = 20) -> Sequence[RoleGrant]:
    """Grants by which other active people administer the unit now, the nearest unit first."""
    above = [unit_path[: place + 1] for place, sign in enumerate(unit_path) if sign == "/" and place]
    query = (
        select(RoleGrant)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .join(Member, Member.id == RoleGrant.member_id)
        .where(
            RoleGrant.role == Role.SYSTEM_ADMINISTRATOR.value, Unit.path.in_(above), in_force(now),
            Member.status == "active", Member.id.not_in(but),
        )
        .options(*_WITH_NAMES)
    )  # fmt: skip
    return db.session.scalars(query.order_by(Unit.depth.desc(), Member.name_key, RoleGrant.id).limit(most)).all()


def find_receivers(paths: Sequence[str], words: str, but: int) -> Sequence[Member]:
    """At most twenty active people of these subtrees whose name, login or code fits, accents aside."""
    if not words.strip():
        return []
    query = select(Member).join(Unit, Unit.id == Member.unit_id).options(joinedload(Member.unit))
    query = query.where(below(Unit.path, paths), matching(words), Member.status == "active", Member.id != but)
    return db.session.scalars(query.order_by(Member.name_key, Member.id).limit(20)).all()


def access_receiver(paths: Sequence[str], member_id: int) -> Member:
    """An active person of these subtrees, or NotFound."""
    query = select(Member).join(Unit, Unit.id == Member.unit_id).where(Member.id == member_id, Member.status == "active")
    member = db.session.scalar(query.where(below(Unit.path, paths)))
    if member is None:
        raise NotFound()
    return member


def find_units(paths: Sequence[str], words: str, most: int = 50) -> Sequence[Unit]:
    """Units of these subtrees that exist today and fit, from the top down."""
    query = select(Unit).where(below(Unit.path, paths), Unit.valid_to.is_(None))
    if words.strip():
        query = query.where(matching_units(words))
    return db.session.scalars(query.order_by(Unit.depth, Unit.sort_key, Unit.id).limit(most)).all()


def access_unit(actor: Actor, unit_id: int) -> Unit:
    """A unit about whose rights the actor may read, or NotFound."""
    unit = db.session.get(Unit, unit_id)
    if unit is None or not may(actor, "access.view", Subject(unit.path)):
        raise NotFound()
    return unit


def find_chosen(paths: Sequence[str], unit_id: int) -> Unit | None:
    """A unit of these subtrees, or None."""
    return db.session.scalar(select(Unit).where(Unit.id == unit_id, below(Unit.path, paths)))


def may_revoke(actor: Actor, grant: RoleGrant) -> bool:
    """True for who gave it and for administrators of its unit."""
    return grant.granted_by_id == actor.member_id or may(actor, "role.view", Subject(grant.unit.path))


def access_grant(actor: Actor, grant_id: int) -> RoleGrant:
    """A grant that the actor may take back, or NotFound."""
    grant = db.session.get(RoleGrant, grant_id)
    if grant is None or not may_revoke(actor, grant):
        raise NotFound()
    return grant


def list_handed_on(grant: RoleGrant, now: datetime) -> list[RoleGrant]:
    """What the holder of a grant gave by it to others, and these to others again, as far as it is not over."""
    found: dict[int, RoleGrant] = {}
    waiting = [grant]
    while waiting:
        giver = waiting.pop()
        roles = [role.value for role in DELEGATES.get(Role(giver.role), ())]
        query = select(RoleGrant).join(Unit, Unit.id == RoleGrant.unit_id).options(*_WITH_NAMES)
        query = query.where(
            RoleGrant.granted_by_id == giver.member_id,
            RoleGrant.role.in_(roles),
            below(Unit.path, [giver.unit.path]),
            not_over(now),
        )
        for one in db.session.scalars(query.order_by(RoleGrant.id)).all():
            if one.id not in found and one.id != grant.id:
                found[one.id] = one
                waiting.append(one)
    return list(found.values())


def visible_requests(actor: Actor) -> Select[Any]:
    """Requests that the actor may decide about, or made."""
    query = select(GrantRequest).join(Unit, Unit.id == GrantRequest.unit_id)
    return query.where(or_(below(Unit.path, role_paths(actor, "role.approve")), GrantRequest.asked_by_id == actor.member_id))


def page_of_requests(actor: Actor, number: int) -> Page[GrantRequest]:
    """Visible requests that are open, the oldest first."""
    query = visible_requests(actor).where(GrantRequest.state == "open")
    query = query.options(joinedload(GrantRequest.unit), joinedload(GrantRequest.member), joinedload(GrantRequest.asked_by))
    return page_of(db.session(), query.order_by(GrantRequest.asked_at, GrantRequest.id), number)


def list_to_decide(actor: Actor, most: int = 20) -> Sequence[GrantRequest]:
    """Open requests that this person may approve: neither asked by them nor for them."""
    query = visible_requests(actor).where(
        GrantRequest.state == "open", GrantRequest.asked_by_id != actor.member_id, GrantRequest.member_id != actor.member_id
    )
    query = query.options(joinedload(GrantRequest.unit), joinedload(GrantRequest.member), joinedload(GrantRequest.asked_by))
    return db.session.scalars(query.order_by(GrantRequest.asked_at).limit(most)).all()


def access_request(actor: Actor, request_id: int) -> GrantRequest:
    """A request that the actor may decide about or made, or NotFound."""
    found = db.session.scalar(visible_requests(actor).where(GrantRequest.id == request_id))
    if found is None:
        raise NotFound()
    return found  # type: ignore[no-any-return]


def list_grants_over(unit: Unit, now: datetime) -> Sequence[RoleGrant]:
    """Grants in force that reach a unit: given at it or above it, or at a centre whose catchment holds it."""
    above = [int(part) for part in unit.path.strip("/").split("/")]
    query = select(RoleGrant).join(Member, Member.id == RoleGrant.member_id).options(*_WITH_NAMES)
    query = query.where(in_force(now), Member.status == "active")
    direct = list(db.session.scalars(query.where(RoleGrant.unit_id.in_(above))).all())
    wide = db.session.scalars(query.where(RoleGrant.with_catchment, RoleGrant.unit_id.not_in(above))).all()
    served = list_served_paths({grant.unit_id for grant in wide}, local_day(now))
    direct += [grant for grant in wide if any(unit.path.startswith(path) for path in served.get(grant.unit_id, ()))]
    return sorted(direct, key=lambda grant: (grant.member.name_key, grant.id))
