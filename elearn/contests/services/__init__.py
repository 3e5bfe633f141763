"""Use cases of contests: making one, entering a round, settling and publishing it. The public names stand here."""

from __future__ import annotations

from elearn.contests.services.entering import Person, enter_round
from elearn.contests.services.making import ContestSpec, RoundSpec, create_contest
from elearn.contests.services.objecting import (
    answer_objection,
    decide_disqualification,
    object_to_result,
    propose_disqualification,
    revoke_disqualification,
)
from elearn.contests.services.publishing import finalise_round, publish_round
from elearn.contests.services.settling import settle_round

__all__ = [
    "ContestSpec",
    "Person",
    "RoundSpec",
    "answer_objection",
    "create_contest",
    "decide_disqualification",
    "enter_round",
    "finalise_round",
    "object_to_result",
    "propose_disqualification",
    "publish_round",
    "revoke_disqualification",
    "settle_round",
]
