"""Reads of decisions on people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, exists, func, or_, select

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.members.models import DecisionMember, Member, PersonnelDecision
from elearn.members.queries import below
from elearn.members.rules.logins import login_key
from elearn.members.rules.permissions import Actor, role_paths
from elearn.units.models import Unit


def _in_scope(actor: Actor) -> Any:
    paths = role_paths(actor, "member.edit")
    return exists().where(
        DecisionMember.decision_id == PersonnelDecision.id,
        DecisionMember.member_id == Member.id,
        Member.unit_id == Unit.id,
        below(Unit.path, paths),
    )


def page_of_decisions(actor: Actor, number: int) -> Page[Any]:
    """(decision, people, unit's name, who made it) about people in the actor's care or made by the actor, the latest first."""
    people = (
        select(func.count())
        .where(DecisionMember.decision_id == PersonnelDecision.id)
        .correlate(PersonnelDecision)
        .scalar_subquery()
    )
    target = select(Unit.name).where(Unit.id == PersonnelDecision.unit_id).correlate(PersonnelDecision).scalar_subquery()
    maker = (
        select(Member.display_name).where(Member.id == PersonnelDecision.made_by_id).correlate(PersonnelDecision).scalar_subquery()
    )
    query: Select[Any] = select(PersonnelDecision, people, target, maker).where(
        or_(_in_scope(actor), PersonnelDecision.made_by_id == actor.member_id)
    )
    return page_of(db.session(), query.order_by(PersonnelDecision.id.desc()), number, scalars=False)


def access_decision(actor: Actor, decision_id: int) -> PersonnelDecision:
    """The decision, or NotFound where it is about nobody in the actor's care."""
    query = select(PersonnelDecision).where(
        PersonnelDecision.id == decision_id, or_(_in_scope(actor), PersonnelDecision.made_by_id == actor.member_id)
    )
    one = db.session.scalar(query)
    if one is None:
        raise NotFound()
    return one


def list_people(decision_id: int) -> Sequence[Row[Any]]:
    """(id, name, code, unit's name) of the people whom a decision concerns."""
    query: Any = (
        select(Member.id, Member.display_name, Member.code, Unit.name)
        .join(DecisionMember, DecisionMember.member_id == Member.id)
        .join(Unit, Unit.id == Member.unit_id)
        .where(DecisionMember.decision_id == decision_id)
    )
    return db.session.execute(query.order_by(Member.name_key, Member.id)).all()


def find_people(actor: Actor, names: Sequence[str], ids: Sequence[int]) -> tuple[list[int], list[str]]:
    """Ids of people in the actor's care, by code or login or id; apart, the names that found nobody."""
    within = below(Unit.path, role_paths(actor, "member.edit"))
    base = select(Member.id, Member.code, Member.login_key).join(Unit, Unit.id == Member.unit_id).where(within)
    keys = [login_key(name) for name in names]
    codes = [form for name in names for form in (name, name.upper())]
    rows: list[Any] = []
    for start in range(0, max(len(names), len(ids)), 300):
        some = slice(start, start + 300)
        wanted = or_(
            Member.code.in_(codes[start * 2 : start * 2 + 600]), Member.login_key.in_(keys[some]), Member.id.in_(list(ids)[some])
        )
        rows += db.session.execute(base.where(wanted)).all()
    by_code, by_login = {row[1].casefold(): row[0] for row in rows}, {row[2]: row[0] for row in rows}
    known = {row[0] for row in rows}
    found = [number for number in ids if number in known]
    missing = []
    for name, key in zip(names, keys, strict=True):
        number = by_code.get(name.casefold()) or by_login.get(key)
        if number is None:
            missing.append(name)
        else:
            found.append(number)
    return list(dict.fromkeys(found)), missing
