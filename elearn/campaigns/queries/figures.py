"""Figures of a campaign for reports: numerator and denominator of each requirement, as things stood at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from elearn.campaigns.models import Campaign, CampaignTarget, Requirement
from elearn.campaigns.queries.board import on_list, tallies_of, undone_at
from elearn.campaigns.rules.progress import Tally
from elearn.core.db import db
from elearn.lib.errors import NotFound
from elearn.members.queries import below
from elearn.submissions.queries.targets import not_done_at
from elearn.units.models import Unit


@dataclass(frozen=True)
class Figure:
    """116/121 units organised, 172/344 people handed in: `asked_of` says whether units or people are counted."""

    requirement_id: int
    kind: str
    asked_of: str
    title: str
    due_at: datetime
    done: int
    total: int

    @property
    def missing(self) -> int:
        return self.total - self.done


def figures(campaign_id: int, unit_path: str, as_of: datetime | None = None) -> list[Figure]:
    """Each requirement within a subtree, in the order of the campaign: as it is now, or at a moment, from what was written down at the time."""
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound()
    inside = set(db.session.scalars(select(Unit.id).where(below(Unit.path, [unit_path]))))
    found = []
    for one in campaign.requirements:
        tally = sum((part for unit_id, part in tallies_of(one, as_of).items() if unit_id in inside), Tally())
        found.append(Figure(one.id, one.kind, one.asked_of, one.title, one.due_at, tally.done, tally.total))
    return found


def missing_names(requirement: Requirement, path: str, as_of: datetime) -> list[str]:
    """Units, or people with their units, within a subtree that had not done it at a moment, in the order of names."""
    if requirement.assignment_id is not None:
        rows = not_done_at(requirement.assignment_id, as_of, [path])
    else:
        inside = CampaignTarget.unit_id.in_(select(Unit.id).where(below(Unit.path, [path])))
        rows = (
            select(CampaignTarget.name, CampaignTarget.unit_name, CampaignTarget.member_id)
            .where(*on_list(requirement, as_of), inside, undone_at(requirement, as_of))
            .order_by(CampaignTarget.name_key, CampaignTarget.id)
        )
    return [f"{name}, {unit}" if member_id is not None else name for name, unit, member_id in db.session.execute(rows)]
