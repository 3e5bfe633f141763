"""What study campaigns offer to the first pages and to features below."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app, url_for
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from elearn.campaigns import services
from elearn.campaigns.models import Campaign, CampaignDocument, CampaignTarget, Taking
from elearn.campaigns.queries import board, campaigns
from elearn.core.contributions import Contributions, Decision, Task
from elearn.core.db import db
from elearn.core.display import show_number
from elearn.core.i18n import gettext
from elearn.jobs.hooks import Tell, works
from elearn.library import hooks as library_hooks
from elearn.library.models import Document
from elearn.members import hooks as member_hooks
from elearn.members.rules.permissions import Actor
from elearn.submissions import hooks as submission_hooks
from elearn.submissions.hooks import Origin

TARGETS = member_hooks.Carried(CampaignTarget, "member_id", "Đợt học tập", ("campaign_id",))
SOON, LONG_PAST = timedelta(days=14), timedelta(days=30)
MOST_DECISIONS = 3


def wire(app: Flask) -> None:
    """Fill the hooks of jobs, members and written work; what is still to be done is a task, who is missing a decision."""
    works.update(campaign_take=take_list)
    member_hooks.add(member_hooks.results, TARGETS)
    member_hooks.add(member_hooks.erasers, erase_names)
    member_hooks.add(member_hooks.own_data, own_data)
    member_hooks.add(library_hooks.uses, campaigns_that_study)
    submission_hooks.origins["campaign"] = origin_of
    submission_hooks.asking["campaign"] = is_asking
    offered: Contributions = app.extensions["contributions"]
    offered.tasks.append(tasks_of_member)
    offered.decisions.append(decisions_of_officer)


def take_list(arguments: Any, tell: Tell) -> Any:
    """Take a list in the background, as of the moment when it was asked for."""
    actor = (arguments["member"], arguments["name"])
    return {"taking": services.take_list(actor, arguments["campaign"], datetime.fromisoformat(arguments["at"]), tell)}


def campaigns_that_study(document: Document) -> list[library_hooks.Use]:
    """Campaigns in which the document is studied."""
    query = select(Campaign.id, Campaign.title).join(CampaignDocument, CampaignDocument.campaign_id == Campaign.id)
    rows = db.session.execute(query.where(CampaignDocument.document_id == document.id).order_by(Campaign.id))
    return [
        library_hooks.Use(gettext("Đợt học tập: %(title)s", title=title), url_for("campaigns.show", campaign_id=number))
        for number, title in rows
    ]


def origin_of(campaign_id: int) -> Origin | None:
    """The campaign that asks for written work."""
    found = db.session.get(Campaign, campaign_id)
    return Origin(found.title, url_for("campaigns.show", campaign_id=campaign_id)) if found else None


def is_asking(campaign_id: int, now: datetime) -> bool:
    """Whether a campaign asks for anything: announced, begun, and not over."""
    found = db.session.get(Campaign, campaign_id)
    return found is not None and found.announced_at is not None and found.starts_at <= now and found.closed_at is None


def tasks_of_member(actor: Actor, now: datetime) -> list[Task]:
    """The courses that campaigns under way ask for; what is to be handed in is offered by written work itself."""
    found = []
    for row in campaigns.list_own(actor.member_id, now):
        campaign, own = row
        for one in campaigns.list_asked(campaign, own):
            if one.requirement.kind == "course" and not one.is_done:
                course = campaigns.find_course(campaign)
                has_page = course is not None and "courses.show" in current_app.view_functions
                url = (
                    url_for("courses.show", code=course[0])
                    if course and has_page
                    else url_for("campaigns.own", campaign_id=campaign.id)
                )
                title = gettext("Học khoá: %(course)s", course=course[1] if course else one.requirement.title)
                found.append(Task(title, campaign.title, gettext("Vào học"), url, one.due_at))
    return found


_NEEDS = {
    ("submission", "unit"): "%(n)s tập thể chưa nộp: %(title)s",
    ("submission", "member"): "%(n)s cá nhân chưa nộp: %(title)s",
    ("course", "member"): "%(n)s người chưa học xong: %(title)s",
}


def decisions_of_officer(actor: Actor, now: datetime) -> list[Decision]:
    """What is missing in the officer's part of campaigns under way, where the deadline is near or not long past."""
    found: list[Decision] = []
    for campaign in campaigns.list_running(actor, now):
        parts = campaigns.parts_of(actor, campaign)
        for one in campaign.requirements if parts else ():
            if not now - LONG_PAST <= one.due_at <= now + SOON or len(found) >= MOST_DECISIONS:
                continue
            narrowed = "" if parts[0].id == campaign.unit_id else parts[0].path
            missing = sum(tally.missing for tally in board.tallies_of(one, path=narrowed).values())
            if missing:
                title = gettext(_NEEDS[one.kind, one.asked_of], n=show_number(missing), title=one.title)
                url = url_for("campaigns.show", campaign_id=campaign.id, requirement=one.id)
                found.append(Decision(title, campaign.title, gettext("Xem ai thiếu"), url, one.due_at))
    return found


def own_data(member_id: int) -> dict[str, Any]:
    """Campaigns of a person, for the export of their own data."""
    query = select(CampaignTarget, Campaign.title).join(Campaign, Campaign.id == CampaignTarget.campaign_id)
    rows = db.session.execute(query.where(CampaignTarget.member_id == member_id).order_by(CampaignTarget.id))
    return {
        "campaigns": [
            {
                "title": title, "name": one.name, "unit": one.unit_name, "since": one.added_at.isoformat(),
                "until": one.removed_at.isoformat() if one.removed_at else None,
            }
            for one, title in rows
        ]
    }  # fmt: skip


def erase_names(session: Session, member_id: int, name: str) -> None:
    """Put another name into the lists of campaigns; counts stay."""
    values = {"name": name, "name_key": "~", "search_key": ""}
    session.execute(update(CampaignTarget).where(CampaignTarget.member_id == member_id).values(values))
    session.execute(update(Taking).where(Taking.by_id == member_id).values(by_name=name))
