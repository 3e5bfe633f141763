"""Nominations as each side sees them: the unit that sends, the unit above, the organiser, the person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import aliased, joinedload

from elearn.classes.models import Cohort, CohortQuota, Nomination, NominationStep
from elearn.classes.rules.nomination import LIVE, State
from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.members.models import Member
from elearn.members.queries import below, matching
from elearn.members.rules.permissions import Actor, Subject, may, role_paths
from elearn.units.models import Unit

_Above = aliased(Unit)
_CONFIRMED_AT = func.coalesce(_Above.path, Unit.path)
"""Path of the unit that confirms what a unit sends: the one above; the top confirms its own."""


def confirming_path(path: str) -> str:
    """The same for one unit's path."""
    above = path.rstrip("/").rpartition("/")[0] + "/"
    return above if above != "/" else path


def access_quota(actor: Actor, cohort_id: int, unit_id: int, permission: str = "cohort.nominate") -> CohortQuota:
    """A unit's place in a class, for its own officers ("cohort.nominate") or those of the unit above ("cohort.confirm").

    Officers of the organiser use their own pages. Raises NotFound for everybody else.
    """
    options = [joinedload(CohortQuota.unit)]
    quota = db.session.get(CohortQuota, (cohort_id, unit_id), options=options)
    if quota is None:
        raise NotFound()
    path = confirming_path(quota.unit.path) if permission == "cohort.confirm" else quota.unit.path
    if not may(actor, permission, Subject(path)):
        raise NotFound()
    return quota


def find_cohort(cohort_id: int) -> Cohort:
    """The class of a quota that has been granted already. Raises NotFound."""
    found = db.session.get(Cohort, cohort_id, options=[joinedload(Cohort.unit), joinedload(Cohort.edition)])
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True)
class Count:
    """Nominations (người) of a unit for a class, by state."""

    quota: int = 0
    by_state: Mapping[str, int] = field(default_factory=dict)

    def of(self, *states: str) -> int:
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def live(self) -> int:
        return self.of(*LIVE)


@dataclass(frozen=True)
class UnitCount:
    """A unit beside its figures."""

    unit_id: int
    unit_name: str
    count: Count


def list_counts(cohort_id: int) -> list[UnitCount]:
    """Quota and nominations of every unit of a class, in the order of names."""
    states = select(Nomination.unit_id, Nomination.state, func.count()).where(Nomination.cohort_id == cohort_id)
    by_unit: dict[int, dict[str, int]] = defaultdict(dict)
    for unit_id, state, count in db.session.execute(states.group_by(Nomination.unit_id, Nomination.state)):
        by_unit[unit_id][state] = count
    quotas = select(CohortQuota, Unit.sort_key).join(Unit, Unit.id == CohortQuota.unit_id).where(CohortQuota.cohort_id == cohort_id)
    return [
        UnitCount(quota.unit_id, quota.unit_name, Count(quota.quota, by_unit.get(quota.unit_id, {})))
        for quota, _ in db.session.execute(quotas.order_by(Unit.sort_key, Unit.id))
    ]


@dataclass(frozen=True)
class Call:
    """A class that asks a unit for people, or a list that waits for the unit above."""

    cohort_id: int
    title: str
    starts_at: datetime
    nominate_until: datetime | None
    unit_id: int
    unit_name: str
    quota: int
    live: int
    drafts: int
    waiting: int
    """Submitted and not yet confirmed."""


def _calls(scope: ColumnElement[bool], *more: Any) -> Select[Any]:
    def count(states: Collection[State]) -> Any:
        return (
            select(func.count())
            .where(
                Nomination.cohort_id == CohortQuota.cohort_id,
                Nomination.unit_id == CohortQuota.unit_id,
                Nomination.state.in_(states),
            )
            .scalar_subquery()
        )

    return (
        select(
            Cohort.id, Cohort.title, Cohort.starts_at, Cohort.nominate_until, CohortQuota.unit_id, CohortQuota.unit_name,
            CohortQuota.quota, count(LIVE), count({State.DRAFT}), count({State.SUBMITTED}),
        )
        .join(CohortQuota, CohortQuota.cohort_id == Cohort.id)
        .join(Unit, Unit.id == CohortQuota.unit_id)
        .outerjoin(_Above, _Above.id == Unit.parent_id)
        .where(scope, Cohort.closed_at.is_(None), *more)
        .order_by(Cohort.decided_on.is_not(None), func.coalesce(Cohort.nominate_until, Cohort.starts_at), Cohort.id, Unit.sort_key)
    )  # fmt: skip


def page_of_calls(actor: Actor, number: int) -> Page[Call]:
    """Open classes that ask units of the actor for people: those not opened by a decision yet, the nearest deadline first; then the others."""
    query = _calls(below(Unit.path, role_paths(actor, "cohort.nominate")))
    page = page_of(db.session(), query, number, scalars=False)
    return Page([Call(*row) for row in page.items], page.number, page.total, page.size)


def list_unfilled(actor: Actor, now: datetime) -> list[Call]:
    """Calls whose deadline is still ahead and whose quota is not used up."""
    used = (
        select(func.count())
        .where(Nomination.cohort_id == CohortQuota.cohort_id, Nomination.unit_id == CohortQuota.unit_id, Nomination.state.in_(LIVE))
        .scalar_subquery()
    )
    query = _calls(
        below(Unit.path, role_paths(actor, "cohort.nominate")), Cohort.nominate_until > now, Cohort.decided_on.is_(None),
        used < CohortQuota.quota,
    )  # fmt: skip
    return [Call(*row) for row in db.session.execute(query.limit(200))]


def list_confirmations(actor: Actor) -> list[Call]:
    """Lists that wait for the confirmation of a unit of the actor."""
    waiting = (
        select(Nomination.id)
        .where(
            Nomination.cohort_id == CohortQuota.cohort_id, Nomination.unit_id == CohortQuota.unit_id,
            Nomination.state == State.SUBMITTED,
        )
        .exists()
    )  # fmt: skip
    query = _calls(below(_CONFIRMED_AT, role_paths(actor, "cohort.confirm")), waiting)
    return [Call(*row) for row in db.session.execute(query.limit(200))]


def list_to_approve(actor: Actor, most: int = 20) -> Sequence[Row[int, str, int]]:
    """(class id, title, people) of classes of the actor where confirmed people wait for approval."""
    query = (
        select(Cohort.id, Cohort.title, func.count())
        .join(Nomination, Nomination.cohort_id == Cohort.id)
        .join(Unit, Unit.id == Cohort.unit_id)
        .where(
            below(Unit.path, role_paths(actor, "cohort.manage")), Nomination.state == State.CONFIRMED, Cohort.closed_at.is_(None)
        )
    )
    return db.session.execute(query.group_by(Cohort.id, Cohort.title).order_by(Cohort.id).limit(most)).all()


def page_of_nominations(
    cohort_id: int, number: int, unit_id: int | None = None, states: Collection[str] = (), words: str = "", size: int = 100
) -> Page[Nomination]:
    """Nominations of a class; those waiting stand in their order, all others by given name."""
    query = (
        select(Nomination)
        .join(Member, Member.id == Nomination.member_id)
        .where(Nomination.cohort_id == cohort_id)
        .options(joinedload(Nomination.member))
    )
    if unit_id is not None:
        query = query.where(Nomination.unit_id == unit_id)
    if states:
        query = query.where(Nomination.state.in_(states))
    if words.strip():
        query = query.where(matching(words))
    order: tuple[Any, ...] = (Member.name_key, Nomination.id)
    if set(states) == {State.WAITING}:
        order = (Nomination.queued_at, Nomination.id)
    return page_of(db.session(), query.order_by(*order), number, size)


def list_ids(cohort_id: int, states: Collection[str], unit_id: int | None = None) -> list[int]:
    """Ids of all nominations of a class in these states."""
    query = select(Nomination.id).where(Nomination.cohort_id == cohort_id, Nomination.state.in_(states))
    if unit_id is not None:
        query = query.where(Nomination.unit_id == unit_id)
    return list(db.session.scalars(query.order_by(Nomination.id)))


def list_of_unit(cohort_id: int, unit_id: int, chosen: Collection[int]) -> list[int]:
    """Those of the chosen nominations that belong to the unit: a form can name any."""
    query = select(Nomination.id).where(
        Nomination.cohort_id == cohort_id, Nomination.unit_id == unit_id, Nomination.id.in_(list(chosen)[:1000])
    )
    return list(db.session.scalars(query.order_by(Nomination.id)))


def list_steps(nomination_ids: Collection[int]) -> dict[int, list[NominationStep]]:
    """History of nominations, the oldest change first."""
    found: dict[int, list[NominationStep]] = defaultdict(list)
    query = select(NominationStep).where(NominationStep.nomination_id.in_(list(nomination_ids)))
    for step in db.session.scalars(query.order_by(NominationStep.id)):
        found[step.nomination_id].append(step)
    return dict(found)


def access_nomination(actor: Actor, nomination_id: int) -> Nomination:
    """A nomination, for the officers of its unit, of the unit above and of the organiser. Raises NotFound."""
    options = [joinedload(Nomination.unit), joinedload(Nomination.cohort).joinedload(Cohort.unit)]
    found = db.session.get(Nomination, nomination_id, options=options)
    if found is None:
        raise NotFound()
    path = found.unit.path
    allowed = (
        may(actor, "cohort.nominate", Subject(path))
        or may(actor, "cohort.confirm", Subject(confirming_path(path)))
        or may(actor, "cohort.view", Subject(found.cohort.unit.path))
    )
    if not allowed:
        raise NotFound()
    return found


def list_states(cohort_id: int, member_ids: Sequence[int]) -> dict[int, str]:
    """By member: the state of their nomination for the class; those never nominated are missing."""
    query = select(Nomination.member_id, Nomination.state).where(Nomination.cohort_id == cohort_id)
    return dict(db.session.execute(query.where(Nomination.member_id.in_(member_ids))).all())


def list_live_members(cohort_id: int) -> set[int]:
    """Members who are on a list of the class and need not be entered again."""
    query = select(Nomination.member_id).where(Nomination.cohort_id == cohort_id, Nomination.state.in_([*LIVE, State.DRAFT]))
    return set(db.session.scalars(query))


def may_confirm_all(actor: Actor, cohort_id: int) -> bool:
    """Whether the actor may confirm for every unit that sends people: an organiser that is also the unit above all of them."""
    query = select(Unit.path).join(CohortQuota, CohortQuota.unit_id == Unit.id).where(CohortQuota.cohort_id == cohort_id)
    return all(may(actor, "cohort.confirm", Subject(confirming_path(path))) for path in db.session.scalars(query))


def find_own(member_id: int, cohort_id: int) -> Nomination | None:
    """A person's own nomination for a class; drafts are not theirs to see yet."""
    query = select(Nomination).where(
        Nomination.member_id == member_id, Nomination.cohort_id == cohort_id, Nomination.state != State.DRAFT
    )
    return db.session.scalar(query)


def list_own(member_id: int) -> list[tuple[Nomination, str, list[NominationStep]]]:
    """(nomination, title of the class, history) of everything that units did about sending a person."""
    query = (
        select(Nomination, Cohort.title).join(Cohort, Cohort.id == Nomination.cohort_id).where(Nomination.member_id == member_id)
    )
    rows = db.session.execute(query.order_by(Nomination.id.desc())).all()
    steps = list_steps([one.id for one, _ in rows])
    return [(one, title, steps.get(one.id, [])) for one, title in rows]


def list_offers(member_id: int, now: datetime) -> Sequence[Row[Nomination, Cohort]]:
    """Places offered to a person that are still kept, with their classes."""
    query = select(Nomination, Cohort).join(Cohort, Cohort.id == Nomination.cohort_id)
    query = query.where(Nomination.member_id == member_id, Nomination.state == State.OFFERED, Nomination.offered_until > now)
    return db.session.execute(query.order_by(Nomination.offered_until)).all()
