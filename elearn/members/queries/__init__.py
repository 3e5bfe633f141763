"""Who is signed in, who belongs where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, column, false, func, literal, literal_column, or_, select, text
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.pages import PAGE_SIZE, Page, page_of
from elearn.lib.errors import NotFound
from elearn.lib.periods import local
from elearn.lib.vietnamese import fold, initials
from elearn.members.models import Member, RoleGrant, SignInSession
from elearn.members.rules.people import GUEST_UNIT
from elearn.members.rules.permissions import Actor, Grant, Role, Subject, may, role_paths
from elearn.units.models import Unit
from elearn.units.queries.history import list_served_paths

REFRESH_AFTER = timedelta(minutes=10)


@dataclass
class SignedIn:
    """The person behind a request, read in one statement; roles are read when first asked for."""

    member_id: int
    display_name: str
    unit_id: int
    unit_name: str
    unit_path: str
    must_change_password: bool
    session_hash: str
    last_seen_at: datetime
    now: datetime
    is_guest: bool = False
    """Without an account: may use only views that say so."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Flask-Login keeps the token itself; see `members.views`."""
        raise NotImplementedError("the session token is put into the cookie at sign-in only")

    @property
    def initials(self) -> str:
        return initials(self.display_name)

    @property
    def named(self) -> tuple[int, str]:
        """(id, name), as the audit log wants its actor."""
        return self.member_id, self.display_name

    @cached_property
    def actor(self) -> Actor:
        """As the access table sees this person now."""
        return actor_of(self.member_id, self.unit_path, self.now)


def actor_of(member_id: int, unit_path: str, now: datetime) -> Actor:
    """The member with the grants in force at `now`; one with catchment also counts for the units that its unit serves that day."""
    rows = db.session.execute(
        select(RoleGrant.role, Unit.path, RoleGrant.unit_id, RoleGrant.with_catchment)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(
            RoleGrant.member_id == member_id,
            RoleGrant.valid_from <= now,
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now),
        )
    ).all()
    grants = [Grant(Role(role), path) for role, path, _, _ in rows]
    centres = {unit_id for _, _, unit_id, with_catchment in rows if with_catchment}
    if centres:
        served = list_served_paths(centres, local(now).date())
        grants += [Grant(Role(role), path) for role, _, unit_id, with_it in rows if with_it for path in served.get(unit_id, ())]
    return Actor(member_id, unit_path, tuple(grants))


# Asked at every request: written once, in Core, without the ORM.
_member, _unit, _sign_in = Member.__table__.c, Unit.__table__.c, SignInSession.__table__.c
_SIGNED_IN = (
    select(
        _member.id,
        _member.display_name,
        _member.unit_id,
        _unit.name,
        _unit.path,
        _member.must_change_password,
        _sign_in.last_seen_at,
        _unit.code,
    )
    .select_from(
        SignInSession.__table__.join(Member.__table__, _member.id == _sign_in.member_id).join(
            Unit.__table__, _unit.id == _member.unit_id
        )
    )
    .where(
        _sign_in.token_hash == bindparam("token_hash"),
        _sign_in.ended_at.is_(None),
        _sign_in.expires_at > bindparam("now"),
        _member.status == "active",
    )
)


def find_signed_in(stored_hash: str, now: datetime) -> SignedIn | None:
    """The person of a session that has not ended; None where it has, or the account is disabled."""
    row = db.session.execute(_SIGNED_IN, {"token_hash": stored_hash, "now": now}).one_or_none()
    return (
        None
        if row is None
        else SignedIn(row[0], row[1], row[2], row[3], row[4], row[5], stored_hash, row[6], now, row[7] == GUEST_UNIT)
    )


def managed_unit_name(actor: Actor) -> str:
    """Name of the highest unit for which the actor holds a role; empty where there is none."""
    tops = sorted((grant.unit_path for grant in actor.grants), key=lambda path: (path.count("/"), path))
    return (db.session.scalar(select(Unit.name).where(Unit.path == tops[0])) or "") if tops else ""


def below(column: Any, paths: Sequence[str]) -> ColumnElement[bool]:
    """SQL for "the path lies in one of these subtrees"; nothing where there are none."""
    return or_(*(column.startswith(path, autoescape=True) for path in paths)) if paths else false()


def visible_members(actor: Actor) -> Select[Member]:
    """Exactly the members for whom `may(actor, "member.view", …)` holds."""
    within = below(Unit.path, role_paths(actor, "member.view"))
    return select(Member).join(Unit, Unit.id == Member.unit_id).where(or_(within, Member.id == actor.member_id))


def matching(words: str) -> ColumnElement[bool]:
    """SQL for "every word is part of the name, login or code", accents aside: right for lists that are small for other reasons."""
    return and_(*(Member.search_key.contains(word, autoescape=True) for word in fold(words).split()[:6]))


def beginning_with(words: str) -> ColumnElement[bool]:
    """SQL for "every word begins a word of the name, login or code", by the database's index of words."""
    parts = re.findall("[a-z0-9]+", fold(words))[:8]
    if not parts:
        return matching(words)
    if db.engine.dialect.name == "sqlite":
        wanted = " ".join(f'"{part}"*' for part in parts)
        return Member.id.in_(
            select(column("rowid"))
            .select_from(text("members_words"))
            .where(text("members_words MATCH :wanted").bindparams(wanted=wanted))
        )
    vector = func.to_tsvector(literal_column("'simple'::regconfig"), func.regexp_replace(Member.search_key, *_SIGNS))
    return vector.op("@@")(func.to_tsquery(literal_column("'simple'::regconfig"), " & ".join(f"{part}:*" for part in parts)))


# Written out, not bound: only then does PostgreSQL know the expression of its index again.
_SIGNS: tuple[ColumnElement[str], ...] = tuple(literal_column(one) for one in ("'[^a-z0-9]+'", "' '", "'g'"))
FEW = 2000


def covers_everybody(paths: Sequence[str]) -> bool:
    """Whether these subtrees are the whole organisation, so that no list needs to look at units. Guests stand outside it."""
    tops = select(Unit.id).where(Unit.parent_id.is_(None), Unit.path.not_in(paths), Unit.code != GUEST_UNIT).limit(1)
    return bool(paths) and db.session.scalar(tops) is None


def may_for(actor: Actor, permission: str, member: Member) -> bool:
    """Whether the actor holds a permission for a person; guests are in the care of whoever holds it for the whole organisation."""
    if member.unit.code == GUEST_UNIT:
        return covers_everybody(role_paths(actor, permission))
    return may(actor, permission, Subject(member.unit.path, member.id))


def page_of_members(actor: Actor, words: str, unit: Unit | None, number: int, size: int = PAGE_SIZE) -> Page[Member]:
    """Visible members in the order of their given names; words are looked for at the beginnings of words.

    Counting asks the index of words alone; where many match, the order of names is walked until a page is full,
    where few do, they are fetched and sorted: so 300,000 people answer like 300.
    """
    paths = role_paths(actor, "member.view")
    inner = [unit.path] if unit is not None else paths
    everybody = covers_everybody(paths) and unit is None
    session = db.session()
    if not everybody:
        found = visible_members(actor).options(joinedload(Member.unit))
        if words.strip():
            found = found.where(starting_words(words))
        if unit is not None:
            found = found.where(below(Unit.path, inner))
        return page_of(session, found.order_by(Member.name_key, Member.id), number, size)
    outside = session.scalar(select(Unit.id).where(Unit.code == GUEST_UNIT))
    counted = select(func.count()).select_from(Member)
    if outside is not None:
        counted = counted.where(Member.unit_id != outside)
    if words.strip():
        counted = counted.where(beginning_with(words))
    total = session.scalar(counted) or 0
    number = min(number, max(1, -(-total // size)))
    query = select(Member).options(joinedload(Member.unit)).order_by(Member.name_key, Member.id)
    if outside is not None:
        query = query.where(Member.unit_id != outside)
    if words.strip():
        is_dense = total > FEW
        query = query.where(starting_words(words) if is_dense else beginning_with(words))
    rows = session.scalars(query.limit(size).offset((number - 1) * size)).all()
    return Page(rows, number, total, size)


def starting_words(words: str) -> ColumnElement[bool]:
    """The same people as `beginning_with`, as a condition on each row: for walking an order until enough are found."""
    parts = re.findall("[a-z0-9]+", fold(words))[:8]
    if not parts:
        return matching(words)
    spaced = literal(" ") + Member.search_key
    return and_(*(or_(*(spaced.contains(f"{sign}{part}", autoescape=True) for sign in " .-_@+")) for part in parts))


def access_member(actor: Actor, member_id: int, permission: str = "member.view") -> Member:
    """The member, or NotFound where the actor may not know of them."""
    member = db.session.get(Member, member_id)
    if member is None or not may(actor, permission, Subject(member.unit.path, member.id)):
        raise NotFound()
    return member


def find_member(member_id: int) -> Member | None:
    """The member, whoever asks; None where there is none."""
    return db.session.get(Member, member_id)


def list_grants(member_id: int) -> Sequence[RoleGrant]:
    """All grants of a member, newest first."""
    query = select(RoleGrant).options(joinedload(RoleGrant.unit)).where(RoleGrant.member_id == member_id)
    return db.session.scalars(query.order_by(RoleGrant.valid_from.desc())).all()


def list_sessions(member_id: int, now: datetime) -> Sequence[SignInSession]:
    """Sign-ins of a member that still hold, the latest used first."""
    query = select(SignInSession).where(
        SignInSession.member_id == member_id, SignInSession.ended_at.is_(None), SignInSession.expires_at > now
    )
    return db.session.scalars(query.order_by(SignInSession.last_seen_at.desc())).all()
