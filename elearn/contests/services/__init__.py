"""Use cases of contests: making one, entering a round, settling and publishing it. The public names stand here."""

from __future__ import annotations

from elearn.contests.services.entering import Person, enter_round
from elearn.contests.services.making import ContestSpec, RoundSpec, create_contest
from elearn.contests.services.publishing import publish_round
from elearn.contests.services.settling import settle_round

__all__ = ["ContestSpec", "Person", "RoundSpec", "create_contest", "enter_round", "publish_round", "settle_round"]
