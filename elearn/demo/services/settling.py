"""Closes the past round as its officer would have: settle, look, publish."""

from __future__ import annotations

from datetime import datetime, timedelta

from elearn.contests.models import Round
from elearn.contests.services import publish_round, settle_round
from elearn.core.db import db
from elearn.demo.services.organisation import Known


def settle_past_round(round_id: int, officer: Known, now: datetime) -> None:
    """Settle and publish the round on the morning of its close, so that an hour was left to look."""
    actor = (officer.id, officer.name)
    closes_at = db.session.get_one(Round, round_id).closes_at
    settlement = settle_round(round_id, actor, min(closes_at + timedelta(minutes=20), now))
    publish_round(settlement.id, actor, min(closes_at + timedelta(minutes=80), now))
