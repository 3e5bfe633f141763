"""Reads for one person's record: sensitive numbers masked, offices, what was decided, records that were made one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from elearn.core.db import db
from elearn.members.models import DecisionMember, Member, MemberCard, MemberMerge, MemberSensitive, PersonnelDecision, Position
from elearn.members.queries import below, matching
from elearn.members.rules.people import SENSITIVE, hidden
from elearn.members.rules.permissions import Actor, Subject, may, role_paths
from elearn.units.models import Unit


def masked_sensitive(member_id: int) -> dict[str, str]:
    """Sensitive columns as the page shows them before somebody asks: last signs of numbers, "••••" for words."""
    row = db.session.get(MemberSensitive, member_id)
    if row is None:
        return dict.fromkeys(SENSITIVE, "")
    numbers = {field: hidden(getattr(row, field)) for field in ("national_id", "card_number")}
    return numbers | {field: "••••" if getattr(row, field) else "" for field in ("ethnicity", "religion")}


def list_sensitive_rows(actor: Actor, words: str, unit_id: int | None) -> Sequence[Row[Any]]:
    """(id, name, code, unit, national id, card, ethnicity, religion) of people whose sensitive columns the actor may read.

    For an export that is recorded.
    """
    query: Any = (
        select(
            Member.id, Member.display_name, Member.code, Unit.name.label("unit_name"), MemberSensitive.national_id,
            MemberSensitive.card_number, MemberSensitive.ethnicity, MemberSensitive.religion,
        )
        .join(Unit, Unit.id == Member.unit_id)
        .outerjoin(MemberSensitive, MemberSensitive.member_id == Member.id)
        .where(below(Unit.path, role_paths(actor, "member.sensitive")), Member.status.not_in(("merged", "erased")))
    )  # fmt: skip
    if words.strip():
        query = query.where(matching(words))
    unit = db.session.get(Unit, unit_id) if unit_id else None
    if unit is not None:
        query = query.where(below(Unit.path, [unit.path]))
    return db.session.execute(query.order_by(Member.name_key, Member.id)).all()


def list_positions(member_id: int) -> Sequence[Position]:
    """Offices of a person, those held now first."""
    query = select(Position).where(Position.member_id == member_id)
    return db.session.scalars(query.order_by(Position.valid_to.is_not(None), Position.valid_from.desc(), Position.id)).all()


def list_cards(member_id: int) -> Sequence[MemberCard]:
    """Card numbers of a person, the latest first."""
    return db.session.scalars(select(MemberCard).where(MemberCard.member_id == member_id).order_by(MemberCard.id.desc())).all()


def list_decisions_of(member_ids: Sequence[int]) -> Sequence[Any]:
    """(decision, name of the unit to which the person went) of those in force, the latest first."""
    query: Any = (
        select(PersonnelDecision, Unit.name)
        .join(DecisionMember, DecisionMember.decision_id == PersonnelDecision.id)
        .outerjoin(Unit, Unit.id == PersonnelDecision.unit_id)
        .where(DecisionMember.member_id.in_(member_ids), PersonnelDecision.undone_at.is_(None))
    )
    return db.session.execute(query.order_by(PersonnelDecision.effective_on.desc(), PersonnelDecision.id.desc())).all()


def identity_of(member_id: int) -> list[int]:
    """The person's record and those merged into it, in one list: what stayed with them is the person's too."""
    found, fresh = [member_id], [member_id]
    while fresh:
        query = select(MemberMerge.gone_id).where(MemberMerge.kept_id.in_(fresh), MemberMerge.undone_at.is_(None))
        fresh = [number for number in db.session.scalars(query) if number not in found]
        found += fresh
    return found


def within(actor: Actor, permission: str, unit_id: int | None) -> bool:
    """Whether the actor holds the permission for a unit."""
    unit = db.session.get(Unit, unit_id) if unit_id else None
    return unit is not None and may(actor, permission, Subject(unit.path))
