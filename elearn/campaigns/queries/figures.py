"""Figures of a campaign for reports: numerator and denominator of each requirement, as things stood at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from elearn.campaigns.models import Campaign
from elearn.campaigns.queries.board import tallies_of
from elearn.campaigns.rules.progress import Tally
from elearn.core.db import db
from elearn.lib.errors import NotFound
from elearn.members.queries import below
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
