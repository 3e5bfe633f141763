"""Piles and scripts as examiners and overseers see them: blind numbers, never names."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Integer, case, func, select
from sqlalchemy.orm import selectinload

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.marking.models import Opinion, Script
from elearn.marking.rules.opinions import Outcome, decide
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, may, role_paths
from elearn.units.models import Unit


@dataclass(frozen=True)
class Pile:
    """A pile with its counts of scripts: all, marked, marked by the reader, taken by the reader and not marked yet."""

    key: str
    title: str
    unit_name: str
    total: int
    marked: int
    own: int
    begun: int


def list_piles(actor: Actor) -> list[Pile]:
    """Piles of the units for which the actor marks or oversees, those with work waiting first."""
    own = select(Opinion.script_id, Opinion.given_at).where(Opinion.examiner_id == actor.member_id).subquery()
    query = (
        select(
            Script.pile,
            func.min(Script.title),
            func.min(Unit.name),
            func.count(),
            func.sum(case((Script.state == "marked", 1), else_=0)),
            func.count(own.c.given_at),
            func.sum(((own.c.script_id.is_not(None)) & own.c.given_at.is_(None)).cast(Integer)),
        )
        .join(Unit, Unit.id == Script.unit_id)
        .join(own, own.c.script_id == Script.id, isouter=True)
        .where(below(Unit.path, role_paths(actor, "script.view")))
        .group_by(Script.pile)
    )
    piles = [
        Pile(key, title, unit, total, marked or 0, given or 0, begun or 0)
        for key, title, unit, total, marked, given, begun in db.session.execute(query)
    ]
    return sorted(piles, key=lambda pile: (pile.marked == pile.total, pile.title, pile.key))


def access_pile(actor: Actor, key: str, permission: str = "script.view") -> Pile:
    """The pile; NotFound where the actor may not know of it."""
    found = next((pile for pile in list_piles(actor) if pile.key == key), None)
    if found is None:
        raise NotFound()
    path = db.session.scalar(select(Unit.path).join(Script, Script.unit_id == Unit.id).where(Script.pile == key).limit(1)) or ""
    if not may(actor, permission, Subject(path)):
        raise NotFound()
    return found


def access_script(actor: Actor, script_id: int, permission: str = "script.view") -> Script:
    """The script with its opinions; NotFound for an examiner who did not take it, and for everybody outside the unit.

    Who oversees sees every script of the unit.
    """
    script = db.session.scalar(
        select(Script).where(Script.id == script_id).options(selectinload(Script.opinions), selectinload(Script.unit))
    )
    if script is None or not may(actor, permission, Subject(script.unit.path)):
        raise NotFound()
    has_taken = any(one.examiner_id == actor.member_id for one in script.opinions)
    if not has_taken and not may(actor, "script.oversee", Subject(script.unit.path)):
        raise NotFound()
    return script


@dataclass(frozen=True)
class Row:
    """A script in the overseer's list."""

    script: Script
    outcome: Outcome


def page_of_scripts(pile: str, state: str, number: int) -> Page[Row]:
    """Scripts of a pile by blind number; `state` "waiting", "marked", "apart" (a third examiner was needed) or "" for all."""
    query = select(Script).where(Script.pile == pile).options(selectinload(Script.opinions)).order_by(Script.blind_number)
    if state in ("waiting", "marked"):
        query = query.where(Script.state == state)
    if state == "apart":
        first, second = (
            select(Opinion.mark)
            .where(Opinion.script_id == Script.id, Opinion.place == place, Opinion.given_at.is_not(None))
            .scalar_subquery()
            for place in (1, 2)
        )
        query = query.where(Script.difference.is_not(None), func.abs(first - second) > Script.difference)
    page = page_of(db.session(), query, number)
    rows = [Row(script, decide(_given(script), script.examiners, script.difference)) for script in page.items]
    return Page(rows, page.number, page.total, page.size)


def _given(script: Script) -> dict[int, Decimal]:
    return {one.place: one.mark for one in script.opinions if one.given_at is not None and one.mark is not None}


def comments_on(origin: str, origin_id: int) -> dict[int, list[str]]:
    """Comments for the taker on the marked scripts of one piece of work, by slot; nothing of who wrote them."""
    query = (
        select(Script.slot, Opinion.comment)
        .join(Opinion)
        .where(Script.origin == origin, Script.origin_id == origin_id, Script.state == "marked", Opinion.comment != "")
        .order_by(Script.slot, Opinion.place)
    )
    found: dict[int, list[str]] = {}
    for slot, comment in db.session.execute(query):
        found.setdefault(slot, []).append(comment)
    return found
