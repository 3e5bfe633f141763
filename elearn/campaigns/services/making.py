"""Making a campaign: what it is, what it asks, announcing and ending it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.campaigns.models import Campaign, CampaignDocument, CampaignTarget, Requirement, RequirementDeadline
from elearn.campaigns.rules.audience import Audience, check_audience
from elearn.campaigns.rules.progress import check_campaign, check_requirement
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput
from elearn.submissions.models import Assignment, AssignmentTarget, SubmissionStep
from elearn.submissions.rules.assignments import AssignmentSpec, Field, Kind
from elearn.submissions.services import make_assignment

ActorName = tuple[int | None, str]


@dataclass(frozen=True)
class CampaignSpec:
    """What a campaign is; `document_ids` in the order of the page."""

    title: str
    unit_id: int
    starts_at: datetime
    due_at: datetime
    audience: Audience
    goal: str = ""
    decision: str = ""
    decided_on: date | None = None
    course_id: int | None = None
    document_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class RequirementSpec:
    """What is asked. `kinds` are the sorts of units or people on the list of whom it is asked; empty: all. The rest is for what is handed in."""

    kind: str
    asked_of: str
    title: str
    due_at: datetime
    kinds: tuple[str, ...] = ()
    assignment_kind: Kind = Kind.PLAN
    prompt: str = ""
    fields: tuple[Field, ...] = ()
    takes_file: bool = True
    closes_at: datetime | None = None


def make_campaign(actor: ActorName, spec: CampaignSpec, now: datetime) -> int:
    """A new campaign, seen by nobody below until it is announced; return its id. Raises InvalidInput naming the field."""
    _check(spec)
    with transaction() as session:
        campaign = Campaign(created_at=now, created_by_id=actor[0], **_values(spec))
        session.add(campaign)
        session.flush()
        _set_documents(session, campaign, spec.document_ids)
        record(session, now, actor, "make_campaign", ("campaign", campaign.id, campaign.title), after=_told(spec))
        return campaign.id


def edit_campaign(actor: ActorName, campaign_id: int, spec: CampaignSpec, now: datetime) -> None:
    """Change what a campaign is. The list stays as taken until it is taken again. Raises InvalidInput for a deadline before one of its parts."""
    _check(spec)
    with transaction() as session:
        campaign = _open(session, campaign_id)
        latest = max((one.due_at for one in campaign.requirements), default=None)
        if latest is not None and spec.due_at < latest:
            raise InvalidInput("due_early", "Có việc của đợt còn hạn sau ngày này. Hãy sửa hạn của việc ấy trước.", field="due_on")
        before = {"title": campaign.title, "due_at": campaign.due_at.isoformat(), "audience": campaign.audience}
        for name, value in _values(spec).items():
            if name != "unit_id":  # the organiser is part of what was announced
                setattr(campaign, name, value)
        _set_documents(session, campaign, spec.document_ids)
        record(session, now, actor, "edit_campaign", ("campaign", campaign_id, campaign.title), before=before, after=_told(spec))


def _check(spec: CampaignSpec) -> None:
    check_campaign(spec.title, spec.starts_at, spec.due_at)
    check_audience(spec.audience)


def _values(spec: CampaignSpec) -> dict[str, Any]:
    return {
        "title": spec.title.strip(), "goal": spec.goal.strip(), "unit_id": spec.unit_id, "decision": spec.decision.strip(),
        "decided_on": spec.decided_on, "starts_at": spec.starts_at, "due_at": spec.due_at, "course_id": spec.course_id,
        "audience": spec.audience.as_data(),
    }  # fmt: skip


def _told(spec: CampaignSpec) -> dict[str, Any]:
    return {
        "title": spec.title,
        "due_at": spec.due_at.isoformat(),
        "audience": {**spec.audience.as_data(), "codes": len(spec.audience.codes)},
    }


def _set_documents(session: Session, campaign: Campaign, document_ids: tuple[int, ...]) -> None:
    session.execute(delete(CampaignDocument).where(CampaignDocument.campaign_id == campaign.id))
    session.expire(campaign, ["documents"])
    session.add_all(
        CampaignDocument(campaign_id=campaign.id, document_id=one, position=place)
        for place, one in enumerate(dict.fromkeys(document_ids), start=1)
    )


def _open(session: Session, campaign_id: int) -> Campaign:
    """The campaign for a change; raises DomainError where it is over."""
    campaign = session.get_one(Campaign, campaign_id)
    if campaign.closed_at is not None:
        raise DomainError("campaign_closed", "Đợt học tập này đã kết thúc nên không sửa được nữa. Hãy mở lại trước.")
    return campaign


def add_requirement(actor: ActorName, campaign_id: int, spec: RequirementSpec, now: datetime) -> int:
    """Ask one thing more; return the requirement's id. Whom it concerns is known with the next taking of the list."""
    with transaction() as session:
        campaign = _open(session, campaign_id)
        check_requirement(spec.title, spec.due_at, campaign.due_at)
        if spec.kind == "course" and campaign.course_id is None:
            raise InvalidInput("no_course", "Đợt này chưa gắn khoá học nào. Hãy sửa đợt và chọn khoá học trước.", field="kind")
        place = 1 + (session.scalar(select(func.max(Requirement.position)).where(Requirement.campaign_id == campaign_id)) or 0)
        made = Requirement(
            campaign_id=campaign_id, position=place, kind=spec.kind, asked_of=spec.asked_of, title=spec.title.strip(), due_at=spec.due_at,
            kinds=list(spec.kinds),
        )  # fmt: skip
        if spec.kind == "submission":
            asked = AssignmentSpec(
                "campaign", campaign_id, spec.assignment_kind, spec.asked_of, spec.title, campaign.unit_id, spec.due_at, spec.closes_at,
                spec.prompt, spec.fields, spec.takes_file,
            )  # fmt: skip
            made.assignment_id = make_assignment(session, actor, asked, now)
        session.add(made)
        session.flush()
        after = {"kind": spec.kind, "asked_of": spec.asked_of, "title": spec.title, "due_at": spec.due_at.isoformat()}
        record(session, now, actor, "add_requirement", ("campaign", campaign_id, campaign.title), after=after)
        return made.id


def remove_requirement(actor: ActorName, requirement_id: int, now: datetime) -> None:
    """Ask it no longer; only while the campaign is not announced, and nobody has written anything for it."""
    with transaction() as session:
        made = session.get_one(Requirement, requirement_id)
        campaign = _open(session, made.campaign_id)
        if campaign.announced_at is not None:
            raise DomainError("announced", "Đợt đã công bố nên việc này không bỏ được nữa.")
        session.execute(delete(RequirementDeadline).where(RequirementDeadline.requirement_id == requirement_id))
        assignment_id, title = made.assignment_id, made.title
        session.delete(made)
        session.flush()
        if assignment_id is not None:
            mine = select(AssignmentTarget.id).where(AssignmentTarget.assignment_id == assignment_id)
            if session.scalar(mine.where(AssignmentTarget.state != "missing").limit(1)) is not None:
                raise DomainError("written", "Đã có người viết cho việc này nên không bỏ được nữa.")
            session.execute(delete(SubmissionStep).where(SubmissionStep.target_id.in_(mine)))
            session.execute(delete(AssignmentTarget).where(AssignmentTarget.assignment_id == assignment_id))
            session.execute(delete(Assignment).where(Assignment.id == assignment_id))
        record(session, now, actor, "remove_requirement", ("campaign", campaign.id, campaign.title), before={"title": title})


def announce(actor: ActorName, campaign_id: int, now: datetime) -> None:
    """Show it to those it is asked of and to their officers. Raises DomainError while it asks nothing, or its list is empty."""
    with transaction() as session:
        campaign = _open(session, campaign_id)
        if not campaign.requirements:
            raise DomainError("asks_nothing", "Đợt chưa giao việc nào. Hãy thêm ít nhất một việc rồi công bố.")
        if session.scalar(select(CampaignTarget.id).where(CampaignTarget.campaign_id == campaign_id).limit(1)) is None:
            raise DomainError("no_list", "Chưa chốt danh sách nên chưa biết giao cho ai. Hãy chốt danh sách rồi công bố.")
        if campaign.announced_at is None:
            campaign.announced_at = now
            record(session, now, actor, "announce_campaign", ("campaign", campaign_id, campaign.title))


def close(actor: ActorName, campaign_id: int, now: datetime) -> None:
    """End it: nobody is asked or reminded any more; figures stay."""
    with transaction() as session:
        campaign = session.get_one(Campaign, campaign_id)
        if campaign.closed_at is None:
            campaign.closed_at = now
            record(session, now, actor, "close_campaign", ("campaign", campaign_id, campaign.title))


def reopen(actor: ActorName, campaign_id: int, now: datetime) -> None:
    """Take back the end of a campaign."""
    with transaction() as session:
        campaign = session.get_one(Campaign, campaign_id)
        if campaign.closed_at is not None:
            campaign.closed_at = None
            record(session, now, actor, "reopen_campaign", ("campaign", campaign_id, campaign.title))
