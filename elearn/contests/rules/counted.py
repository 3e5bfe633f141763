"""Which of a person's attempts counts: most correct, then submitted first. Its prediction counts with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from elearn.contests.rules.criteria import Candidate


@dataclass(frozen=True, slots=True)
class Try:
    """One submitted attempt. `submitted_ms` as in Candidate."""

    attempt_id: int
    member_id: int
    correct_count: int
    prediction: int | None
    working_ms: int
    submitted_ms: int

    def candidate(self) -> Candidate:
        """As the ranking sees it."""
        return Candidate(self.member_id, self.correct_count, self.prediction, self.working_ms, self.submitted_ms)


def counted_attempt(tries: Iterable[Try]) -> Try:
    """The one of a person's attempts that counts; of two submitted in the same millisecond, the one started first (lower id).

    The statement in `queries.counting` says the same in SQL; a test holds the two together.
    """
    return min(tries, key=lambda one: (-one.correct_count, one.submitted_ms, one.attempt_id))
