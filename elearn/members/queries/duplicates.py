"""Reads for finding records that may be one person, and for mergers that were made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased, joinedload

from elearn.core.db import db
from elearn.lib.errors import NotFound
from elearn.members.models import DuplicateVerdict, Member, MemberMerge, MemberSensitive
from elearn.members.queries import below
from elearn.members.rules.duplicates import Known, Pair, compare, likely_pairs
from elearn.members.rules.permissions import Actor, Subject, may, role_paths
from elearn.units.models import Unit
from elearn.units.queries.history import successor_map

NOBODY = ("merged", "erased")


def list_pairs(actor: Actor) -> list[Pair]:
    """Likely pairs among the people in the actor's care, the likeliest first, without those told apart already."""
    query = (
        select(Member.id, Member.display_name, Member.birth_date, Member.birth_precision, Member.phone, Member.unit_id, MemberSensitive.national_id)
        .join(Unit, Unit.id == Member.unit_id)
        .outerjoin(MemberSensitive, MemberSensitive.member_id == Member.id)
        .where(below(Unit.path, role_paths(actor, "member.edit")), Member.status.not_in(NOBODY))
    )  # fmt: skip
    heirs = successor_map()
    people = (
        Known(number, name, birth, precision, phone, heirs.get(unit_id) or unit_id, national_id or "", unit_id in heirs)
        for number, name, birth, precision, phone, unit_id, national_id in db.session.execute(query)
    )
    told = db.session.execute(select(DuplicateVerdict.first_id, DuplicateVerdict.second_id))
    return likely_pairs(people, frozenset((first, second) for first, second in told))


def compare_two(first_id: int, second_id: int) -> Pair:
    """Score and reasons of two records."""
    heirs = successor_map()
    found = []
    for number in (first_id, second_id):
        member = db.session.get_one(Member, number)
        kept = db.session.get(MemberSensitive, number)
        unit_id = heirs.get(member.unit_id) or member.unit_id
        found.append(
            Known(
                number, member.display_name, member.birth_date, member.birth_precision, member.phone, unit_id,
                (kept.national_id or "") if kept else "", member.unit_id in heirs,
            )
        )  # fmt: skip
    return compare(*found)


def find_members(member_ids: Sequence[int]) -> dict[int, Member]:
    """Members by id, with their units."""
    query = select(Member).options(joinedload(Member.unit)).where(Member.id.in_(member_ids))
    return {member.id: member for member in db.session.scalars(query)}


def list_merges(actor: Actor, count: int = 50) -> Sequence[Row[Any]]:
    """(merger, kept record, gone record) of people in the actor's care, the latest first."""
    kept, gone = aliased(Member), aliased(Member)
    query: Any = (
        select(MemberMerge, kept, gone)
        .join(kept, kept.id == MemberMerge.kept_id)
        .join(gone, gone.id == MemberMerge.gone_id)
        .join(Unit, Unit.id == kept.unit_id)
        .where(below(Unit.path, role_paths(actor, "member.edit")))
    )
    return db.session.execute(query.order_by(MemberMerge.id.desc()).limit(count)).all()


def access_merge(actor: Actor, merge_id: int) -> MemberMerge:
    """The merger, or NotFound where either record is not in the actor's care."""
    one = db.session.get(MemberMerge, merge_id)
    for number in (one.kept_id, one.gone_id) if one else (0,):
        member = db.session.get(Member, number)
        if member is None or not may(actor, "member.edit", Subject(member.unit.path)):
            raise NotFound()
    assert one is not None
    return one
