"""Pages of contests: public ones, registering, entering, standings, and closing a round."""

from __future__ import annotations

from elearn.contests.views import (
    claims,
    closing,
    entering,
    fairness,
    integrity,
    live,
    managing,
    objecting,
    papers,
    prizes,
    public,
    registering,
    rounds,
    rule_changes,
    sharing,
    standings,
    units,
)
from elearn.contests.views.pages import blueprint

__all__ = [
    "blueprint",
    "claims",
    "closing",
    "entering",
    "fairness",
    "integrity",
    "live",
    "managing",
    "objecting",
    "papers",
    "prizes",
    "public",
    "registering",
    "rounds",
    "rule_changes",
    "sharing",
    "standings",
    "units",
]
