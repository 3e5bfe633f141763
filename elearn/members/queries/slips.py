"""Who has never set a password, and for whom an officer may print slips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from elearn.core.db import db
from elearn.lib.errors import NotFound
from elearn.members.models import Member, RoleGrant
from elearn.members.queries import access_member, below
from elearn.members.rules.permissions import Actor, Subject, may, role_paths
from elearn.units.models import Unit


@dataclass(frozen=True)
class Newcomer:
    """Somebody for whom a slip is printed."""

    id: int
    name: str
    login: str
    unit_name: str


def within_scope(actor: Actor) -> ColumnElement[bool]:
    """SQL for the units whose slips the actor may print."""
    return below(Unit.path, role_paths(actor, "member.slips"))


def access_slip_unit(actor: Actor, unit_id: int) -> Unit:
    """The unit, or NotFound where the actor may not print its slips."""
    unit = db.session.get(Unit, unit_id)
    if unit is None or not may(actor, "member.slips", Subject(unit.path)):
        raise NotFound()
    return unit


def access_newcomer(actor: Actor, member_id: int) -> Member:
    """The person, or NotFound where the actor may not print their slip."""
    member = access_member(actor, member_id)
    if not may(actor, "member.slips", Subject(member.unit.path)):
        raise NotFound()
    return member


def _is_new(path: str, member_id: int | None, with_staff: bool, now: datetime) -> ColumnElement[bool]:
    parts = [Member.status == "active", or_(Member.must_change_password.is_(True), Member.password_hash == "")]
    parts.append(below(Unit.path, [path]) if member_id is None else Member.id == member_id)
    if not with_staff:
        # a slip is the way into an account: whoever may not manage accounts prints none for somebody who holds a role
        in_force = or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now)
        parts.append(Member.id.not_in(select(RoleGrant.member_id).where(in_force)))
    return and_(*parts)


def count_newcomers(path: str, member_id: int | None, with_staff: bool, now: datetime) -> int:
    """How many people of a subtree (or whether this one person) have never set a password."""
    query = select(func.count()).select_from(Member).join(Unit, Unit.id == Member.unit_id)
    return db.session.scalar(query.where(_is_new(path, member_id, with_staff, now))) or 0


def list_newcomers(path: str, member_id: int | None, with_staff: bool, now: datetime) -> Sequence[Newcomer]:
    """Those people unit by unit, each in the order of given names."""
    query = select(Member.id, Member.display_name, Member.login, Unit.name).join(Unit, Unit.id == Member.unit_id)
    query = query.where(_is_new(path, member_id, with_staff, now)).order_by(Unit.path, Member.name_key, Member.id)
    return [Newcomer(*row) for row in db.session.execute(query)]
