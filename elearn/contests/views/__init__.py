"""Pages of contests: public ones, entering, standings, and closing a round."""

from __future__ import annotations

from elearn.contests.views import (
    closing,
    entering,
    fairness,
    hall,
    judges,
    judging,
    live,
    managing,
    objecting,
    papers,
    prizes,
    public,
    rounds,
    rule_changes,
    stages,
    standings,
    units,
)
from elearn.contests.views.pages import blueprint

__all__ = [
    "blueprint",
    "closing",
    "entering",
    "fairness",
    "hall",
    "judges",
    "judging",
    "live",
    "managing",
    "objecting",
    "papers",
    "prizes",
    "public",
    "rounds",
    "rule_changes",
    "stages",
    "standings",
    "units",
]
