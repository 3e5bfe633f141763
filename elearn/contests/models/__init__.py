"""Tables of contests; the names that other features use stand here."""

from __future__ import annotations

from elearn.contests.models.awards import HandAward, PrizeDelivery, PrizeRefusal, WinnerCheck
from elearn.contests.models.changes import RulesChange
from elearn.contests.models.closing import Disqualification, Objection
from elearn.contests.models.contest import Contest, Round
from elearn.contests.models.entrants import PublicEntrant, StartTicket, UsedChallenge
from elearn.contests.models.entries import AttemptPermit, Entry
from elearn.contests.models.fairness import EntryDevice, SignalCase, SignalEntry
from elearn.contests.models.judges import AdvanceDecline, RoundJudge
from elearn.contests.models.live import LiveBoard, LiveRow
from elearn.contests.models.seals import Amendment, LogCheckpoint, LogClosing, LoggedAttempt, Seal
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
    "Amendment",
    "AttemptPermit",
    "Contest",
    "Disqualification",
    "Entry",
    "EntryDevice",
    "HandAward",
    "LiveBoard",
    "LiveRow",
    "LogCheckpoint",
    "LogClosing",
    "LoggedAttempt",
    "Objection",
    "PrizeDelivery",
    "PrizeRefusal",
    "PublicEntrant",
    "Round",
    "RoundJudge",
    "RulesChange",
    "Seal",
    "Settlement",
    "SignalCase",
    "SignalEntry",
    "StageContestant",
    "StageCriterion",
    "StageDraw",
    "StagePart",
    "StageResult",
    "StageScore",
    "StageScoreVersion",
    "Standing",
    "StartTicket",
    "UnitStanding",
    "UsedChallenge",
    "WinnerCheck",
]
