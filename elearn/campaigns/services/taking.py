"""Taking the list of a campaign: the stored denominator, dated, with what each taking changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.campaigns.models import Campaign, CampaignTarget, Requirement, Taking
from elearn.campaigns.rules.audience import Audience
from elearn.core.db import db, transaction
from elearn.core.types import UtcDateTime
from elearn.jobs.hooks import Tell
from elearn.lib.errors import DomainError
from elearn.members.models import Member
from elearn.submissions.services import take_targets
from elearn.units.models import Unit, UnitKind

ActorName = tuple[int | None, str]
T = CampaignTarget
MOST_AT_ONCE = 5000
"""With more people on it a list is taken as a job."""
_SPAN = 20_000  # ids of one transaction: other writers wait no longer than a second or so


def units_of(audience: Audience, top: Unit) -> Select[Any]:
    """Ids of the units of an audience below the organiser, itself included where it is of the sort."""
    query = select(Unit.id).join(UnitKind, UnitKind.id == Unit.kind_id)
    query = query.where(Unit.path.startswith(top.path, autoescape=True), Unit.valid_to.is_(None), ~Unit.is_external)
    query = query.where(UnitKind.code.in_(audience.unit_kinds))
    return query.where(Unit.segment.in_(audience.segments)) if audience.segments else query


def people_of(audience: Audience, top: Unit) -> Select[Any]:
    """Ids of the people of an audience below the organiser who can sign in."""
    by_kind: ColumnElement[bool] = Member.kind.in_(audience.member_kinds)
    if audience.segments:
        by_kind = by_kind & Unit.segment.in_(audience.segments)
    query = select(Member.id).join(Unit, Unit.id == Member.unit_id)
    query = query.where(Unit.path.startswith(top.path, autoescape=True), ~Unit.is_external, Member.status == "active")
    return query.where(or_(by_kind, Member.code.in_(audience.codes)) if audience.codes else by_kind)


def count_audience(audience: Audience, unit_id: int) -> tuple[int, int]:
    """(units, people) that a taking would put on the list."""
    top = db.session.get_one(Unit, unit_id)
    units = db.session.scalar(select(func.count()).select_from(units_of(audience, top).subquery())) or 0
    people = db.session.scalar(select(func.count()).select_from(people_of(audience, top).subquery())) or 0
    return units, people


def take_list(actor: ActorName, campaign_id: int, now: datetime, tell: Tell | None = None) -> int:
    """Bring the list to the audience as it is now, and with it the lists of all that is handed in; return the taking's id.

    Names and units are those of the moment. In parts of a transaction each; run again after a crash it goes on where it was.
    """
    with transaction() as session:
        campaign = session.get_one(Campaign, campaign_id)
        if campaign.closed_at is not None:
            raise DomainError("campaign_closed", "Đợt học tập này đã kết thúc nên danh sách không đổi được nữa. Hãy mở lại trước.")
        last = max(session.scalar(select(func.max(one.id))) or 0 for one in (Member, Unit))
        before = _count(session, campaign_id)
        audience = Audience.from_data(campaign.audience)
        changed = [_take(session, campaign, units_of(audience, campaign.unit), True, None, now)]
        moved = 0
        requirements = [one.id for one in campaign.requirements if one.assignment_id is not None]
    spans = list(_spans(last))
    steps = len(spans) * (1 + len(requirements))
    for done, span in enumerate(spans):
        _say(tell, done, steps)
        with transaction() as session:
            campaign = session.get_one(Campaign, campaign_id)
            people = people_of(Audience.from_data(campaign.audience), campaign.unit)
            moved += _move(session, campaign_id, span)
            changed.append(_take(session, campaign, people, False, span, now))
    for turn, requirement_id in enumerate(requirements, start=1):
        for done, span in enumerate(spans):
            _say(tell, turn * len(spans) + done, steps)
            with transaction() as session:
                requirement = session.get_one(Requirement, requirement_id)
                assert requirement.assignment_id is not None
                take_targets(session, actor, requirement.assignment_id, asked_by(requirement), now, span)
    _say(tell, steps, steps)
    with transaction() as session:
        return _note(session, actor, campaign_id, before, changed, moved, now)


def asked_by(requirement: Requirement) -> Select[Any]:
    """Ids of the units or members on the list of whom a requirement is asked."""
    is_of_unit = requirement.asked_of == "unit"
    query = select(T.unit_id if is_of_unit else T.member_id)
    query = query.where(T.campaign_id == requirement.campaign_id, T.removed_at.is_(None))
    query = query.where(T.member_id.is_(None) if is_of_unit else T.member_id.is_not(None))
    return query.where(T.kind.in_(requirement.kinds)) if requirement.kinds else query


def _spans(last: int) -> Iterator[tuple[int, int]]:
    for start in range(0, last + 1, _SPAN):
        yield start, start + _SPAN


def _say(tell: Tell | None, done: int, total: int) -> None:
    if tell is not None:
        tell("Đang chốt danh sách", done, total)


def _take(
    session: Session, campaign: Campaign, ids: Select[Any], is_of_unit: bool, span: tuple[int, int] | None, now: datetime
) -> tuple[int, int]:
    """(added or back, removed) on the list of a campaign, among units, or among members of a span of ids."""
    key: Any = T.unit_id if is_of_unit else T.member_id
    own: Any = Unit.id if is_of_unit else Member.id
    here = (T.campaign_id == campaign.id, T.member_id.is_(None) if is_of_unit else T.member_id.is_not(None))
    if span is not None:
        here = (*here, key >= span[0], key < span[1])  # type: ignore[assignment]
    fresh = [own.in_(ids), ~exists().where(*here, key == own)]
    if span is not None:
        fresh += [own >= span[0], own < span[1]]
    nobody = literal(None, T.member_id.type)
    whom: Any = (
        select(literal(campaign.id), Unit.id, nobody, UnitKind.code, Unit.name, Unit.name, Unit.sort_key, Unit.search_key)
        .join(UnitKind, UnitKind.id == Unit.kind_id)
        .where(*fresh)
        if is_of_unit
        else select(
            literal(campaign.id),
            Unit.id,
            Member.id,
            Member.kind,
            Member.display_name,
            Unit.name,
            Member.name_key,
            Member.search_key,
        )
        .join(Unit, Unit.id == Member.unit_id)
        .where(*fresh)
    )
    columns = ["campaign_id", "unit_id", "member_id", "kind", "name", "unit_name", "name_key", "search_key", "added_at"]
    removed = session.execute(update(T).where(*here, T.removed_at.is_(None), key.not_in(ids)).values(removed_at=now))
    back = session.execute(update(T).where(*here, T.removed_at.is_not(None), key.in_(ids)).values(removed_at=None))
    # Asked for: PostgreSQL's driver counts no rows of an INSERT … SELECT otherwise.
    counting = {"preserve_rowcount": True}
    added = session.execute(insert(T).from_select(columns, whom.add_columns(literal(now, UtcDateTime))), execution_options=counting)
    return added.rowcount + back.rowcount, removed.rowcount  # type: ignore[attr-defined]


def _move(session: Session, campaign_id: int, span: tuple[int, int]) -> int:
    """People of a span of ids who have gone to another unit since count there from now on; how many. Their names stay as taken."""
    here = (T.campaign_id == campaign_id, T.member_id >= span[0], T.member_id < span[1], T.removed_at.is_(None))
    gone = exists().where(Member.id == T.member_id, Member.unit_id != T.unit_id)
    now_at = select(Member.unit_id).where(Member.id == T.member_id).scalar_subquery()
    called = select(Unit.name).join(Member, Member.unit_id == Unit.id).where(Member.id == T.member_id).scalar_subquery()
    moved = session.execute(update(T).where(*here, gone).values(unit_id=now_at, unit_name=called))
    return moved.rowcount  # type: ignore[attr-defined, no-any-return]


def _count(session: Session, campaign_id: int) -> tuple[int, int]:
    query = select(func.count() - func.count(T.member_id), func.count(T.member_id))
    units, people = session.execute(query.where(T.campaign_id == campaign_id, T.removed_at.is_(None))).one()
    return units, people


def _note(
    session: Session,
    actor: ActorName,
    campaign_id: int,
    before: tuple[int, int],
    changed: list[tuple[int, int]],
    moved: int,
    now: datetime,
) -> int:
    campaign = session.get_one(Campaign, campaign_id)
    units, people = _count(session, campaign_id)
    taking = Taking(
        campaign_id=campaign_id, at=now, by_id=actor[0], by_name=actor[1][:120], audience=campaign.audience,
        added_count=sum(one[0] for one in changed), removed_count=sum(one[1] for one in changed), moved_count=moved, units_count=units, people_count=people,
    )  # fmt: skip
    session.add(taking)
    session.flush()
    told = {"units": units, "people": people, "added": taking.added_count, "removed": taking.removed_count, "moved": moved}
    record(
        session,
        now,
        actor,
        "take_list",
        ("campaign", campaign_id, campaign.title),
        before={"units": before[0], "people": before[1]},
        after=told,
    )
    return taking.id
