"""Tables of contests; the names that other features use stand here."""

from __future__ import annotations

from elearn.contests.models.contest import Contest, Round
from elearn.contests.models.entries import AttemptPermit, Entry
from elearn.contests.models.judges import AdvanceDecline, RoundJudge
from elearn.contests.models.settlements import Settlement, Standing, UnitStanding
from elearn.contests.models.stages import (
    StageContestant,
    StageCriterion,
    StageDraw,
    StagePart,
    StageResult,
    StageScore,
    StageScoreVersion,
)

__all__ = [
    "AdvanceDecline",
    "AttemptPermit",
    "Contest",
    "Entry",
    "Round",
    "RoundJudge",
    "Settlement",
    "StageContestant",
    "StageCriterion",
    "StageDraw",
    "StagePart",
    "StageResult",
    "StageScore",
    "StageScoreVersion",
    "Standing",
    "UnitStanding",
]
