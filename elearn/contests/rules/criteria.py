"""What a ranking criterion is, and the entrant as it sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from elearn.contests.rules.words import Said

LAST = 2**62
"""Sort key of somebody who has nothing to compare, such as no prediction: after everybody who has."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entrant's counted attempt. Times are whole milliseconds: of work, and since 1970 in UTC."""

    member_id: int
    correct_count: int
    prediction: int | None
    working_ms: int
    submitted_ms: int


@dataclass(frozen=True)
class Example:
    """Two entrants of whom the first stands before the second, or beside them where `is_tie`."""

    first: Candidate
    second: Candidate
    actual: int | None = None
    is_tie: bool = False


class Criterion(Protocol):
    """One way to put entrants in order. Whole numbers only, so that every machine agrees."""

    key: str
    name: str
    """In a list of criteria: "số câu đúng"."""
    sentence: str
    """The rule for participants."""
    examples: tuple[Example, ...]

    def key_of(self, candidate: Candidate, actual: int | None) -> int:
        """Smaller stands higher; equal keys are a tie for this criterion. `actual`: true value of the prediction question."""
        ...

    def reason(self, candidate: Candidate, other: Candidate, actual: int | None) -> Said:
        """Why `candidate` stands below `other`, who is in the row above and equal by all criteria before this one."""
        ...

    def own(self, candidate: Candidate, better: int, same: int, actual: int | None) -> Said:
        """To the entrant: how this criterion placed them among those equal before it, `better` ahead and `same` beside them."""
        ...
