"""Closes the past round as its officer would have: settle, look, publish."""

from __future__ import annotations

from datetime import datetime

from elearn.demo.services.organisation import Known


def settle_past_round(round_id: int, officer: Known, now: datetime) -> None:
    """Settle and publish the round."""
