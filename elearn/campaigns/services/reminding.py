"""Reminding those who are missing, and only them; earlier deadlines of units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from elearn.audit.services import record
from elearn.campaigns.models import Requirement, RequirementDeadline
from elearn.campaigns.queries.board import list_missing
from elearn.campaigns.queries.campaigns import deadlines_of, list_recipients
from elearn.core.db import db, transaction
from elearn.core.display import show_date
from elearn.lib.errors import DomainError
from elearn.notices.services import begin_bulk, notify
from elearn.notices.services.sending import MOST_AT_ONCE
from elearn.submissions import services as submissions
from elearn.submissions.rules.assignments import check_tighter
from elearn.units.models import Unit

ActorName = tuple[int | None, str]
EVERY = timedelta(hours=20)
"""Nobody is reminded of one thing oftener: once a day, whatever the hour."""


@dataclass(frozen=True)
class Reminded:
    """People who got it, people who had one too recently, units that nobody could be told for; with very many people, the job that sends."""

    sent: int = 0
    held_back: int = 0
    without_anybody: tuple[str, ...] = ()
    job_id: str = ""


def recipients_of(requirement: Requirement, unit: Unit) -> tuple[list[int], tuple[str, ...]]:
    """(members to remind, names of missing units for which there is nobody) within a subtree."""
    missing = list_missing(requirement, unit)
    if requirement.asked_of == "member":
        return [one.member_id for one in missing if one.member_id is not None], ()
    known = list_recipients([one.unit_id for one in missing])
    people = sorted({member_id for one in missing for member_id in known.get(one.unit_id, ())})
    return people, tuple(one.name for one in missing if one.unit_id not in known)


def remind(actor: ActorName, requirement_id: int, unit_id: int, now: datetime) -> Reminded:
    """Remind whoever is missing within a subtree, in the application and by e-mail; nobody twice within a day."""
    requirement = db.session.get_one(Requirement, requirement_id)
    campaign = requirement.campaign
    if campaign.closed_at is not None or campaign.announced_at is None:
        raise DomainError("not_running", "Chỉ nhắc được khi đợt đã công bố và chưa kết thúc.")
    unit = db.session.get_one(Unit, unit_id)
    people, without = recipients_of(requirement, unit)
    due = deadlines_of([requirement])[requirement_id].of(unit.path)
    title = f"Nhắc việc: {requirement.title}"[:200]
    late = " Đã quá hạn, mong đồng chí làm sớm." if due < now else ""
    whose = "Đơn vị của đồng chí chưa xong việc này." if requirement.asked_of == "unit" else "Đồng chí chưa xong việc này."
    body = f"{whose} Thuộc đợt: {campaign.title}. Hạn: hết ngày {show_date(due)}.{late}"
    url = (
        f"/campaigns/{campaign.id}"
        if requirement.asked_of == "member"
        else "/submissions"
        if requirement.assignment_id
        else "/admin/campaigns"
    )
    told = (actor, "campaign_requirement", requirement_id, people, title, body, url, now, EVERY)
    if len(people) > MOST_AT_ONCE:
        return Reminded(without_anybody=without, job_id=begin_bulk(*told))
    with transaction() as session:
        sent = notify(session, *told)
    return Reminded(sent.sent, sent.held_back, without)


def tighten(actor: ActorName, requirement_id: int, unit_id: int, due_at: datetime, now: datetime) -> None:
    """Set an earlier deadline for a unit and all below it; raises InvalidInput for one that loosens what units above have set."""
    assignment_id = db.session.get_one(Requirement, requirement_id).assignment_id
    if assignment_id is not None:
        submissions.tighten(actor, assignment_id, unit_id, due_at, now)
        return
    with transaction() as session:
        requirement, unit = session.get_one(Requirement, requirement_id), session.get_one(Unit, unit_id)
        check_tighter(due_at, deadlines_of([requirement])[requirement_id].above(unit.path), now)
        session.merge(
            RequirementDeadline(requirement_id=requirement_id, unit_id=unit_id, due_at=due_at, set_at=now, set_by_id=actor[0])
        )
        after = {"unit": unit.name, "requirement": requirement.title, "due_at": due_at.isoformat()}
        record(
            session, now, actor, "tighten_deadline", ("campaign", requirement.campaign_id, requirement.campaign.title), after=after
        )
