"""Members, units, roles and deeds as officers see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, and_, cast, func, or_, select
from sqlalchemy.orm import joinedload

from elearn.admin.rules.reading import sees_all
from elearn.audit.models import AuditConcern, AuditDetail, AuditEntry
from elearn.audit.queries import ChainCheck, check_chain
from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.lib.tree import outermost
from elearn.lib.vietnamese import fold
from elearn.members.models import Member, Membership, RoleGrant
from elearn.members.queries import below, matching, starting_words, visible_members
from elearn.members.rules.permissions import Actor, Subject, may, role_paths
from elearn.units import queries as units
from elearn.units.models import Unit


def access_unit(actor: Actor, unit_id: int) -> Unit:
    """The unit, or NotFound where the actor may not know of it."""
    unit = units.find_unit(unit_id)
    if unit is None or not may(actor, "unit.view", Subject(unit.path)):
        raise NotFound()
    return unit


def visible_units(actor: Actor) -> ColumnElement[bool]:
    """SQL for the units that the actor may see."""
    return below(Unit.path, role_paths(actor, "unit.view"))


def list_tops(actor: Actor) -> Sequence[Unit]:
    """The units at the tops of what the actor may see."""
    return units.list_tops(role_paths(actor, "unit.view"))


def count_people(found: Sequence[Unit]) -> dict[int, int]:
    """Active people of each unit with all units below it, in one grouped statement."""
    if not found:
        return {}
    query = (
        select(Unit.path, func.count())
        .join(Member, Member.unit_id == Unit.id)
        .where(Member.status == "active", below(Unit.path, outermost(unit.path for unit in found)))
        .group_by(Unit.path)
    )
    by_path = {unit.path: unit.id for unit in found}
    totals = dict.fromkeys(by_path.values(), 0)
    for path, people in db.session.execute(query):
        parts = path.strip("/").split("/")
        for length in range(1, len(parts) + 1):
            above = by_path.get(f"/{'/'.join(parts[:length])}/")
            if above is not None:
                totals[above] += people
    return totals


def list_workbook_rows(actor: Actor, words: str, unit: Unit | None) -> Sequence[Row[str, str, str, str, str]]:
    """(name, code, login, unit, status) of every visible member that a search finds, by given name."""
    query = visible_members(actor).with_only_columns(
        Member.display_name, Member.code, Member.login, Unit.name.label("unit_name"), Member.status
    )
    if words.strip():
        query = query.where(starting_words(words))
    if unit is not None:
        query = query.where(below(Unit.path, [unit.path]))
    return db.session.execute(query.order_by(Member.name_key, Member.id)).all()


def list_memberships(member_id: int) -> Sequence[Row[Membership, str]]:
    """Where a member belonged, with the unit's name, the latest first."""
    query = select(Membership, Unit.name).join(Unit, Unit.id == Membership.unit_id).where(Membership.member_id == member_id)
    return db.session.execute(query.order_by(Membership.valid_from.desc(), Membership.id.desc())).all()


def page_of_grants(
    actor: Actor, words: str, role: str, number: int, period: tuple[datetime | None, datetime | None] | None = None
) -> Page[RoleGrant]:
    """Roles held for units that the actor may look into, by unit from the top down; `period`: those that end after and up to."""
    query: Select[Any] = (
        select(RoleGrant)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .join(Member, Member.id == RoleGrant.member_id)
        .where(below(Unit.path, role_paths(actor, "role.view")))
        .options(joinedload(RoleGrant.unit), joinedload(RoleGrant.member))
    )
    if words.strip():
        query = query.where(matching(words))
    if role:
        query = query.where(RoleGrant.role == role)
    if period is not None:
        after, until = period
        query = query.where(RoleGrant.valid_to.is_not(None))
        query = query.where(RoleGrant.valid_to > after) if after else query
        query = query.where(RoleGrant.valid_to <= until) if until else query
    return page_of(db.session(), query.order_by(Unit.depth, Unit.sort_key, Member.name_key, RoleGrant.id), number)


def _visible_deeds(actor: Actor) -> Select[Any]:
    """Deeds done by people of the actor's subtrees or to them; whoever holds a top unit also sees what the system did.

    This is `rules.reading.may_read` in SQL.
    """
    paths = role_paths(actor, "audit.view")
    if sees_all(paths):
        return select(AuditEntry)
    people = select(Member.id).join(Unit, Unit.id == Member.unit_id).where(below(Unit.path, paths))
    units = select(cast(Unit.id, String)).where(below(Unit.path, paths))
    done_to = or_(
        and_(AuditEntry.subject_kind == "member", AuditEntry.subject_id.in_(people.with_only_columns(cast(Member.id, String)))),
        and_(AuditEntry.subject_kind == "unit", AuditEntry.subject_id.in_(units)),
    )
    return select(AuditEntry).where(or_(AuditEntry.actor_id.in_(people), done_to))


@dataclass(frozen=True)
class DeedFilter:
    """What the log is narrowed to. `words` are looked for in names and reasons, accents aside; a number is that of an entry."""

    words: str = ""
    action: str = ""
    member_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def _deeds(actor: Actor, wanted: DeedFilter) -> Select[Any]:
    query = _visible_deeds(actor)
    words = wanted.words.strip()
    if words.isdecimal() and len(words) < 10:
        query = query.where(AuditEntry.seq == int(words))
    elif words:
        told = select(AuditDetail.seq).where(
            *(AuditDetail.search_key.contains(word, autoescape=True) for word in fold(words).split()[:6])
        )
        query = query.where(AuditEntry.seq.in_(told))
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.member_id is not None:
        concerned = select(AuditConcern.seq).where(AuditConcern.member_id == wanted.member_id)
        own = and_(AuditEntry.subject_kind == "member", AuditEntry.subject_id == str(wanted.member_id))
        query = query.where(or_(own, AuditEntry.seq.in_(concerned)))
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    return query.order_by(AuditEntry.seq.desc())


def page_of_deeds(actor: Actor, wanted: DeedFilter, number: int) -> Page[AuditEntry]:
    """Visible entries of the audit log, the latest first."""
    return page_of(db.session(), _deeds(actor, wanted), number)


MOST_DEEDS = 100_000


def list_deeds(actor: Actor, wanted: DeedFilter) -> Sequence[AuditEntry]:
    """The same entries for a file, at most MOST_DEEDS."""
    return db.session.scalars(_deeds(actor, wanted).limit(MOST_DEEDS)).all()


def check_log() -> ChainCheck:
    """Whether the chain of the audit log is whole."""
    return check_chain(db.session())
