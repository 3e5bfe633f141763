"""Use cases of contests: making one, entering a round, settling and publishing it. The public names stand here."""

from __future__ import annotations

from elearn.contests.services.archiving import archive_round, recount_round, verify_file
from elearn.contests.services.chaining import cut_due
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
from elearn.contests.services.sealing import seal_contest, seal_upcoming, set_public_value
from elearn.contests.services.settling import settle_round

__all__ = [
    "ContestSpec",
    "Person",
    "RoundSpec",
    "answer_objection",
    "archive_round",
    "create_contest",
    "cut_due",
    "decide_disqualification",
    "enter_round",
    "finalise_round",
    "object_to_result",
    "propose_disqualification",
    "publish_round",
    "recount_round",
    "revoke_disqualification",
    "seal_contest",
    "seal_upcoming",
    "set_public_value",
    "settle_round",
    "verify_file",
]
