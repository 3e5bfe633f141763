"""Entrants without an account: their own row, several claims to one phone, units to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from elearn.contests.models import Contest, Entry, PublicEntrant, Round
from elearn.core.db import db
from elearn.lib.vietnamese import fold
from elearn.members.models import Member
from elearn.members.queries import below
from elearn.units.models import Unit

MOST_UNITS = 12


def claims_with(contest_id: int, phone_digest: str | None, identity_digest: str) -> Select[bool]:
    """Whether somebody has registered for the contest with this phone or this identity."""
    same: ColumnElement[bool] = PublicEntrant.identity_digest == identity_digest
    if phone_digest is not None:
        same = or_(same, PublicEntrant.phone_digest == phone_digest)
    return select(exists().where(PublicEntrant.contest_id == contest_id, same))


def is_later_claim(connection: Connection, member_id: int | None) -> bool:
    """Whether a person registered with a phone or identity for which another registration counts."""
    query = select(PublicEntrant.id).where(PublicEntrant.member_id == member_id, PublicEntrant.is_first.is_(False))
    return connection.scalar(query) is not None


def find_own(member_id: int) -> PublicEntrant | None:
    """The registration of a guest; None for somebody with an account."""
    return db.session.scalar(select(PublicEntrant).where(PublicEntrant.member_id == member_id))


def find_contest_of(member_id: int) -> Contest | None:
    """The contest for which a guest registered."""
    return db.session.scalar(select(Contest).join(PublicEntrant).where(PublicEntrant.member_id == member_id))


def list_units(contest: Contest, words: str) -> list[tuple[int, str]]:
    """(id, name) of units to choose from, the upper ones first, at most MOST_UNITS; a name carries that of the unit above, many are alike.

    Every word stands in the name or code of the unit or of the one above, accents aside. Those named in the settings and all below them; where
    none is named, the organiser's tree.
    """
    above = aliased(Unit)
    query = select(Unit.id, Unit.name, above.short_name, above.depth).outerjoin(above, above.id == Unit.parent_id)
    query = query.where(_may_be_chosen(contest))
    for word in fold(words).split()[:6]:
        query = query.where(or_(Unit.search_key.contains(word, autoescape=True), above.search_key.contains(word, autoescape=True)))
    rows = db.session.execute(query.order_by(Unit.depth, Unit.sort_key, Unit.id).limit(MOST_UNITS))
    return [
        (number, f"{name}, {parent}" if parent and depth and fold(parent) not in fold(name) else name)
        for number, name, parent, depth in rows
    ]


def _may_be_chosen(contest: Contest) -> ColumnElement[bool]:
    tops = contest.rules.unit_ids or (contest.unit_id,)
    paths = db.session.scalars(select(Unit.path).where(Unit.id.in_(tops))).all()
    return and_(below(Unit.path, paths), Unit.valid_to.is_(None))


def is_choice(contest: Contest, unit_id: int) -> bool:
    """Whether a unit is among those that may be chosen."""
    return bool(db.session.scalar(select(exists().where(Unit.id == unit_id, _may_be_chosen(contest)))))


@dataclass(frozen=True)
class Claim:
    """A registration among several with one phone or identity."""

    id: int
    name: str
    birth_year: int | None
    phone_end: str
    unit_name: str
    registered_at: datetime
    is_first: bool
    attempts: int


def list_claims(contest_id: int) -> list[list[Claim]]:
    """Registrations that share a phone or an identity with another, in groups: the one that counts first, then by time."""
    first, later = aliased(PublicEntrant), PublicEntrant
    same = and_(
        first.contest_id == later.contest_id,
        first.is_first,
        or_(first.phone_digest == later.phone_digest, first.identity_digest == later.identity_digest),
    )
    pairs = db.session.execute(
        select(later.id, func.min(first.id))
        .outerjoin(first, same)
        .where(later.contest_id == contest_id, ~later.is_first)
        .group_by(later.id)
    ).all()
    groups: dict[int, list[int]] = {}
    for number, head in pairs:
        groups.setdefault(head or number, []).append(number)
    wanted = {one for head, ids in groups.items() for one in (head, *ids)}
    claims = {one.id: one for one in _claims(contest_id, wanted)}
    return [
        [claims[head], *(claims[one] for one in sorted(ids) if one != head)]
        for head, ids in sorted(groups.items())
        if head in claims
    ]


def _claims(contest_id: int, ids: set[int]) -> Sequence[Claim]:
    entered = (
        select(func.count())
        .select_from(Entry)
        .join(Round, Round.id == Entry.round_id)
        .where(Entry.member_id == PublicEntrant.member_id, Round.contest_id == contest_id)
        .scalar_subquery()
    )
    query = (
        select(PublicEntrant, Member, entered).join(Member, Member.id == PublicEntrant.member_id).where(PublicEntrant.id.in_(ids))
    )
    return [
        Claim(
            one.id, who.display_name, who.birth_date.year if who.birth_date else None, who.phone[-3:], one.unit_name,
            one.registered_at, one.is_first, count,
        )
        for one, who, count in db.session.execute(query)
    ]  # fmt: skip


def unit_name(unit_id: int) -> str:
    """Name of a unit."""
    return db.session.scalar(select(Unit.name).where(Unit.id == unit_id)) or ""


def list_shared_rounds(kept_id: int, gone_id: int) -> Sequence[Round]:
    """Rounds that both people have entered."""
    theirs = Entry.__table__.alias("theirs")
    query = (
        select(Round)
        .join(Entry, Entry.round_id == Round.id)
        .join(theirs, and_(theirs.c.round_id == Round.id, theirs.c.member_id == gone_id))
        .where(Entry.member_id == kept_id)
    )
    return db.session.scalars(query.order_by(Round.contest_id, Round.number)).all()
