"""Campaigns that an officer may see, the part of the tree they see, and what a campaign asks of a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from elearn.campaigns.models import Campaign, CampaignDocument, CampaignTarget, Requirement, RequirementDeadline, Taking
from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.courses.models import Course, CourseEdition
from elearn.courses.models import Taking as Study
from elearn.lib.errors import NotFound
from elearn.lib.tree import is_within
from elearn.library.models import Document
from elearn.members.models import Member, RoleGrant
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, demand, lent_paths, may, role_paths
from elearn.submissions.models import AssignmentTarget, UnitDeadline, UnitWriter
from elearn.submissions.rules.states import HANDED_IN, Deadlines
from elearn.units.models import Unit, UnitKind


def subject_of(campaign: Campaign) -> Subject:
    """The campaign as the access table sees it: once announced it is lent to the officers of all units below."""
    return Subject(campaign.unit.path, is_lent=campaign.announced_at is not None)


def access_campaign(actor: Actor, campaign_id: int, permission: str = "campaign.view") -> Campaign:
    """The campaign. NotFound where the actor may not know of it, Forbidden where they may see it but not do this."""
    loading = [joinedload(Campaign.unit), selectinload(Campaign.requirements).joinedload(Requirement.assignment)]
    found = db.session.get(Campaign, campaign_id, options=loading)
    if found is None or not may(actor, "campaign.view", subject_of(found)):
        raise NotFound()
    demand(actor, permission, subject_of(found))
    return found


def access_requirement(campaign: Campaign, requirement_id: int) -> Requirement:
    """A requirement of a campaign; NotFound where it has none of that number."""
    found = next((one for one in campaign.requirements if one.id == requirement_id), None)
    if found is None:
        raise NotFound()
    return found


def visible_campaigns(actor: Actor) -> Select[Campaign]:
    """Exactly the campaigns for which `may(actor, "campaign.view", …)` holds."""
    lent = and_(Campaign.announced_at.is_not(None), Unit.path.in_(lent_paths(actor, "campaign.view")))
    within = below(Unit.path, role_paths(actor, "campaign.view"))
    return select(Campaign).join(Unit, Unit.id == Campaign.unit_id).where(or_(within, lent))


def page_of_campaigns(actor: Actor, state: str, number: int) -> Page[Campaign]:
    """Visible campaigns, those due soonest first; `state` is open, closed or anything else for all."""
    query = visible_campaigns(actor).options(joinedload(Campaign.unit), selectinload(Campaign.requirements))
    if state in ("open", "closed"):
        query = query.where(Campaign.closed_at.is_(None) if state == "open" else Campaign.closed_at.is_not(None))
    return page_of(db.session(), query.order_by(Campaign.closed_at.is_not(None), Campaign.due_at, Campaign.id), number, size=20)


def list_running(actor: Actor, now: datetime, most: int = 5) -> Sequence[Campaign]:
    """Announced campaigns under way that the actor may see, those due soonest first."""
    query = visible_campaigns(actor).options(
        joinedload(Campaign.unit), selectinload(Campaign.requirements).joinedload(Requirement.assignment)
    )
    running = (Campaign.announced_at.is_not(None), Campaign.closed_at.is_(None), Campaign.starts_at <= now)
    return db.session.scalars(query.where(*running).order_by(Campaign.due_at, Campaign.id).limit(most)).all()


def parts_of(actor: Actor, campaign: Campaign) -> list[Unit]:
    """The tops of what the actor sees of a campaign: the organiser for those above, their own units for those below."""
    paths = role_paths(actor, "campaign.view")
    if any(is_within(campaign.unit.path, path) for path in paths):
        return [campaign.unit]
    inside = [path for path in paths if is_within(path, campaign.unit.path)]
    return list(db.session.scalars(select(Unit).where(Unit.path.in_(inside)).order_by(Unit.depth, Unit.sort_key)))


def access_part(actor: Actor, campaign: Campaign, raw: str) -> tuple[Unit, list[Unit]]:
    """(the unit to look at, all tops): the one named in an address where it lies in the actor's part, the first top otherwise."""
    tops = parts_of(actor, campaign)
    if not tops:
        raise NotFound()
    unit = db.session.get(Unit, int(raw)) if raw.isdecimal() and len(raw) < 10 else None
    if unit is not None and not any(is_within(unit.path, top.path) for top in tops):
        raise NotFound()
    return unit or tops[0], tops


def list_trail(unit: Unit, tops: Sequence[Unit]) -> list[Unit]:
    """Units from the top of the actor's part down to the one looked at."""
    above = [int(part) for part in unit.path.strip("/").split("/")]
    top = next(one for one in tops if is_within(unit.path, one.path))
    found = db.session.scalars(select(Unit).where(Unit.id.in_(above), Unit.depth >= top.depth).order_by(Unit.depth))
    return list(found)


def deadlines_of(requirements: Sequence[Requirement]) -> dict[int, Deadlines]:
    """Deadlines by requirement, with those that units set earlier: two statements."""
    asked = {one.assignment_id: one.id for one in requirements if one.assignment_id}
    found: dict[int, list[tuple[str, datetime]]] = {one.id: [] for one in requirements}
    own = select(RequirementDeadline.requirement_id, Unit.path, RequirementDeadline.due_at).join(
        Unit, Unit.id == RequirementDeadline.unit_id
    )
    for requirement_id, path, due_at in db.session.execute(own.where(RequirementDeadline.requirement_id.in_(found))):
        found[requirement_id].append((path, due_at))
    handed = select(UnitDeadline.assignment_id, Unit.path, UnitDeadline.due_at).join(Unit, Unit.id == UnitDeadline.unit_id)
    for assignment_id, path, due_at in db.session.execute(handed.where(UnitDeadline.assignment_id.in_(asked))):
        found[asked[assignment_id]].append((path, due_at))
    return {one.id: Deadlines(one.due_at, tuple(found[one.id])) for one in requirements}


def list_takings(campaign_id: int) -> Sequence[Taking]:
    """When the list was taken, the latest first."""
    return db.session.scalars(select(Taking).where(Taking.campaign_id == campaign_id).order_by(Taking.id.desc())).all()


def list_documents(campaign_id: int) -> Sequence[CampaignDocument]:
    """Documents that are studied, in order."""
    query = (
        select(CampaignDocument).options(joinedload(CampaignDocument.document)).where(CampaignDocument.campaign_id == campaign_id)
    )
    return db.session.scalars(query.order_by(CampaignDocument.position)).all()


def list_unit_kinds() -> list[tuple[str, str]]:
    """(code, name) of the sorts of units that exist today."""
    alive = select(Unit.kind_id).where(Unit.valid_to.is_(None))
    query = select(UnitKind.code, UnitKind.name).where(UnitKind.id.in_(alive)).order_by(UnitKind.id)
    return [(code, name) for code, name in db.session.execute(query)]


def list_segments() -> list[str]:
    """Groups of units that the organisation uses."""
    query = select(Unit.segment).where(Unit.segment != "", Unit.valid_to.is_(None)).distinct()
    return list(db.session.scalars(query.order_by(Unit.segment)))


def list_courses() -> list[tuple[int, str]]:
    """(id, title of the edition in force) of published courses."""
    edition = and_(CourseEdition.course_id == Course.id, CourseEdition.number == Course.edition_number)
    query = select(Course.id, CourseEdition.title).join(CourseEdition, edition).where(Course.is_published)
    return [(number, title) for number, title in db.session.execute(query.order_by(Course.position, Course.id))]


def list_organisers(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of units for which the actor may hold a campaign, from the top down."""
    within = below(Unit.path, role_paths(actor, "campaign.manage"))
    query = select(Unit.id, Unit.name).where(within, Unit.valid_to.is_(None)).order_by(Unit.depth, Unit.sort_key, Unit.id)
    return [(number, name) for number, name in db.session.execute(query.limit(300))]


@dataclass(frozen=True)
class Asked:
    """A requirement that concerns a person, and whether they have done it."""

    requirement: Requirement
    due_at: datetime
    is_done: bool
    target_id: int | None


def find_own(member_id: int, campaign_id: int) -> CampaignTarget | None:
    """The person's row on the list of an announced campaign; None where they are not on it."""
    query = (
        select(CampaignTarget).join(Campaign, Campaign.id == CampaignTarget.campaign_id).options(joinedload(CampaignTarget.unit))
    )
    mine = (CampaignTarget.member_id == member_id, CampaignTarget.removed_at.is_(None), Campaign.announced_at.is_not(None))
    return db.session.scalar(query.where(*mine, Campaign.id == campaign_id))


def list_own(member_id: int, now: datetime) -> Sequence[Row[Campaign, CampaignTarget]]:
    """(campaign, own row) of campaigns under way that the person is on the list of, those due soonest first."""
    query = (
        select(Campaign, CampaignTarget)
        .join(CampaignTarget, CampaignTarget.campaign_id == Campaign.id)
        .options(joinedload(CampaignTarget.unit), selectinload(Campaign.requirements).joinedload(Requirement.assignment), joinedload(Campaign.unit))
        .where(
            CampaignTarget.member_id == member_id, CampaignTarget.removed_at.is_(None), Campaign.announced_at.is_not(None),
            Campaign.closed_at.is_(None), Campaign.starts_at <= now,
        )
    )  # fmt: skip
    return db.session.execute(query.order_by(Campaign.due_at, Campaign.id)).all()


def list_asked(campaign: Campaign, own: CampaignTarget) -> list[Asked]:
    """What a campaign asks of one person, in its order."""
    mine = [one for one in campaign.requirements if one.asked_of == "member" and (not one.kinds or own.kind in one.kinds)]
    deadlines = deadlines_of(mine)
    handed = {
        one.assignment_id: one
        for one in db.session.scalars(
            select(AssignmentTarget).where(
                AssignmentTarget.member_id == own.member_id, AssignmentTarget.removed_at.is_(None),
                AssignmentTarget.assignment_id.in_([one.assignment_id for one in mine if one.assignment_id]),
            )
        )
    }  # fmt: skip
    found = []
    for one in mine:
        target = handed.get(one.assignment_id or 0)
        if one.kind == "submission" and target is None:
            continue
        is_done = (
            bool(target and (target.state in HANDED_IN or target.exempted_at))
            if target
            else _has_completed(own.member_id, campaign.course_id)
        )
        found.append(Asked(one, deadlines[one.id].of(own.unit.path), is_done, target.id if target else None))
    return found


def _has_completed(member_id: int | None, course_id: int | None) -> bool:
    query = select(Study.id).join(CourseEdition, CourseEdition.id == Study.edition_id)
    done = query.where(Study.member_id == member_id, CourseEdition.course_id == course_id, Study.completed_at.is_not(None))
    return db.session.scalar(done.limit(1)) is not None


def count_list(campaign_id: int) -> tuple[int, int]:
    """(units, people) on the list of a campaign."""
    query = select(func.count() - func.count(CampaignTarget.member_id), func.count(CampaignTarget.member_id))
    units, people = db.session.execute(
        query.where(CampaignTarget.campaign_id == campaign_id, CampaignTarget.removed_at.is_(None))
    ).one()
    return units, people


def list_recipients(unit_ids: Sequence[int]) -> dict[int, set[int]]:
    """Members to remind on behalf of units: officers whose scope begins exactly there, and those named to write for it; units with nobody are missing."""
    found: dict[int, set[int]] = {}
    grants = select(RoleGrant.unit_id, RoleGrant.member_id).where(
        RoleGrant.role == "training_officer", RoleGrant.valid_to.is_(None)
    )
    writers = select(UnitWriter.unit_id, UnitWriter.member_id)
    for query, column in ((grants, RoleGrant.unit_id), (writers, UnitWriter.unit_id)):
        for start in range(0, len(unit_ids), 500):
            for unit_id, member_id in db.session.execute(query.where(column.in_(unit_ids[start : start + 500]))):
                found.setdefault(unit_id, set()).add(member_id)
    return found


def list_member_ids_by_code(codes: Sequence[str]) -> dict[str, int]:
    """Members by the codes given, those that can still sign in."""
    query = select(Member.code, Member.id).where(Member.status == "active")
    found: dict[str, int] = {}
    for start in range(0, len(codes), 500):
        found.update(db.session.execute(query.where(Member.code.in_(codes[start : start + 500]))).all())  # type: ignore[arg-type]
    return found


def get_campaign(campaign_id: int) -> Campaign:
    """The campaign with what it asks, whoever reads."""
    loading = [joinedload(Campaign.unit), selectinload(Campaign.requirements).joinedload(Requirement.assignment)]
    return db.session.get_one(Campaign, campaign_id, options=loading)


def find_course(campaign: Campaign) -> tuple[str, str] | None:
    """(code, title) of the course of a campaign; None where it has none."""
    edition = and_(CourseEdition.course_id == Course.id, CourseEdition.number == Course.edition_number)
    query = select(Course.code, CourseEdition.title).join(CourseEdition, edition).where(Course.id == campaign.course_id)
    row = db.session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def find_documents(numbers: Sequence[str]) -> dict[str, int]:
    """Documents by the numbers, or keys, as typed; those not found are missing."""
    found: dict[str, int] = {}
    query = select(Document.id, Document.number, Document.key).where(or_(Document.number.in_(numbers), Document.key.in_(numbers)))
    for document_id, number, key in db.session.execute(query.order_by(Document.id)):
        for one in (number, key):
            found.setdefault(one, document_id)
    return found
