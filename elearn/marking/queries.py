"""Piles and scripts as examiners and overseers see them: blind numbers, never names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, func, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.marking import hooks
from elearn.marking.models import Opinion, Script, ScriptLikeness
from elearn.marking.rules.opinions import Outcome, decide
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, may, role_paths
from elearn.units.models import Unit


@dataclass(frozen=True)
class Pile:
    """A pile with its counts of scripts: all, marked, marked by the reader, taken by the reader and not marked yet.

    `named_ids`: the members who mark it by name, where there are any. `places`: how many marks a script of it can get.
    """

    key: str
    title: str
    unit_name: str
    unit_path: str
    total: int
    marked: int
    own: int
    begun: int
    places: int
    named_ids: frozenset[int] = frozenset()

    @property
    def subject(self) -> Subject:
        """As the access table sees it."""
        return Subject(self.unit_path, named_ids=self.named_ids)

    def may_be_marked_by(self, actor: Actor) -> bool:
        """Whether to offer the next script."""
        return self.marked < self.total and may(actor, "script.mark", self.subject)


def _named() -> Any:
    """(pile, member id) of everybody who marks by name, over all features."""
    statements = [one() for one in hooks.named]
    return union_all(*statements).subquery("named") if statements else None


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    """Exactly the scripts for whose pile `may(actor, "script.view", …)` holds."""
    usual, where_named = (below(Unit.path, role_paths(actor, "script.view", is_named=flag)) for flag in (False, True))
    named = _named()
    if named is None:
        return usual
    columns = named.c
    pile, member = columns[0], columns[1]
    has_names = Script.pile.in_(select(pile))
    is_own = Script.pile.in_(select(pile).where(member == actor.member_id))
    return or_(where_named, and_(usual, ~has_names), is_own)


def _names_of(piles: Sequence[str]) -> dict[str, frozenset[int]]:
    named = _named()
    if named is None or not piles:
        return {}
    found: dict[str, set[int]] = {}
    for pile, member_id in db.session.execute(select(named.c[0], named.c[1]).where(named.c[0].in_(piles))):
        found.setdefault(pile, set()).add(member_id)
    return {pile: frozenset(members) for pile, members in found.items()}


def list_piles(actor: Actor, only: str = "") -> list[Pile]:
    """Exactly the piles that the actor may see, those with work waiting first; `only` the one with this key."""
    own = select(Opinion.script_id, Opinion.given_at).where(Opinion.examiner_id == actor.member_id).subquery()
    query = (
        select(
            Script.pile,
            func.min(Script.title),
            func.min(Unit.name),
            func.min(Unit.path),
            func.count(),
            func.sum(case((Script.state == "marked", 1), else_=0)),
            func.count(own.c.given_at),
            func.sum(((own.c.script_id.is_not(None)) & own.c.given_at.is_(None)).cast(Integer)),
            func.max(case((Script.examiners > 1, Script.examiners + 1), else_=1)),
        )
        .join(Unit, Unit.id == Script.unit_id)
        .join(own, own.c.script_id == Script.id, isouter=True)
        .where(_visible_to(actor))
        .group_by(Script.pile)
    )
    if only:
        query = query.where(Script.pile == only)
    rows = db.session.execute(query).all()
    names = _names_of([row[0] for row in rows])
    piles = [
        Pile(key, title, unit, path, total, marked or 0, given or 0, begun or 0, places, names.get(key, frozenset()))
        for key, title, unit, path, total, marked, given, begun, places in rows
    ]
    return sorted(piles, key=lambda pile: (pile.marked == pile.total, pile.title, pile.key))


def list_own_piles(actor: Actor) -> list[Pile]:
    """Piles that the actor marks by name."""
    return [pile for pile in list_piles(actor) if actor.member_id in pile.named_ids]


def access_pile(actor: Actor, key: str, permission: str = "script.view") -> Pile:
    """The pile; NotFound where the actor may not know of it."""
    found = next(iter(list_piles(actor, key)), None)
    if found is None or not may(actor, permission, found.subject):
        raise NotFound()
    return found


def access_script(actor: Actor, script_id: int, permission: str = "script.view") -> Script:
    """The script with its opinions; NotFound for an examiner who did not take it, and for everybody outside the unit.

    Who oversees sees every script of the unit.
    """
    script = db.session.scalar(
        select(Script).where(Script.id == script_id).options(selectinload(Script.opinions), selectinload(Script.unit))
    )
    if script is None:
        raise NotFound()
    subject = Subject(script.unit.path, named_ids=_names_of([script.pile]).get(script.pile, frozenset()))
    if not may(actor, permission, subject):
        raise NotFound()
    has_taken = any(one.examiner_id == actor.member_id for one in script.opinions)
    if not has_taken and not may(actor, "script.oversee", subject):
        raise NotFound()
    return script


@dataclass(frozen=True)
class Row:
    """A script in the overseer's list."""

    script: Script
    outcome: Outcome


def page_of_scripts(pile: str, state: str, number: int) -> Page[Row]:
    """Scripts of a pile by blind number; `state` "waiting", "marked", "apart" (one more examiner was needed) or "" for all."""
    query = select(Script).where(Script.pile == pile).options(selectinload(Script.opinions)).order_by(Script.blind_number)
    if state in ("waiting", "marked"):
        query = query.where(Script.state == state)
    if state == "apart":
        own = (Opinion.script_id == Script.id, Opinion.place <= Script.examiners, Opinion.given_at.is_not(None))
        spread = select(func.max(Opinion.mark) - func.min(Opinion.mark)).where(*own).scalar_subquery()
        count = select(func.count()).where(*own).scalar_subquery()
        query = query.where(Script.difference.is_not(None), count == Script.examiners, spread > Script.difference)
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


def list_alike(script: Script) -> Sequence[ScriptLikeness]:
    """Other scripts of the pile that are like this one, the likest first."""
    query = select(ScriptLikeness).where(ScriptLikeness.script_id == script.id).options(joinedload(ScriptLikeness.other))
    return db.session.scalars(query.order_by(ScriptLikeness.likeness.desc(), ScriptLikeness.other_id)).all()
