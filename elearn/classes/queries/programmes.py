"""Programmes that an officer may see or use."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import joinedload

from elearn.classes.models import Cohort, Programme
from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, demand, lent_paths, may, role_paths
from elearn.units.models import Unit


def _subject(programme: Programme) -> Subject:
    return Subject(programme.unit.path, is_lent=True)


def usable(actor: Actor) -> Select[Programme]:
    """Exactly the programmes for which `may(actor, "programme.use", …)` holds: own ones, and those of units above."""
    within = or_(below(Unit.path, role_paths(actor, "programme.use")), Unit.path.in_(lent_paths(actor, "programme.use")))
    return select(Programme).join(Unit, Unit.id == Programme.unit_id).where(within)


def access_programme(actor: Actor, programme_id: int, permission: str = "programme.use") -> Programme:
    """The programme. NotFound where the actor may not know of it, Forbidden where they may use it but not do this."""
    found = db.session.get(Programme, programme_id, options=[joinedload(Programme.unit)])
    if found is None or not may(actor, "programme.use", _subject(found)):
        raise NotFound()
    demand(actor, permission, _subject(found))
    return found


def may_change(actor: Actor, programme: Programme) -> bool:
    """Whether to offer what changes the programme."""
    return may(actor, "programme.manage", _subject(programme))


def page_of_programmes(actor: Actor, number: int) -> Page[Programme]:
    """Programmes that the actor may use, those offered first."""
    query = usable(actor).options(joinedload(Programme.unit))
    return page_of(db.session(), query.order_by(Programme.is_open.desc(), Programme.name, Programme.id), number)


def list_offered(actor: Actor) -> Sequence[Row[int, str]]:
    """(id, name) of programmes on which a class may be opened today."""
    query = usable(actor).with_only_columns(Programme.id, Programme.name).where(Programme.is_open)
    return db.session.execute(query.order_by(Programme.name, Programme.id)).all()


def count_cohorts(programme_ids: Sequence[int]) -> dict[int, int]:
    """How many classes each programme has had; those with none are missing."""
    query = select(Cohort.programme_id, func.count()).where(Cohort.programme_id.in_(programme_ids)).group_by(Cohort.programme_id)
    return {number: count for number, count in db.session.execute(query) if number is not None}
