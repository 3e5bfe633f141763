"""What ranking looks at: what counts of a person in a round, and a criterion that orders such people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

from elearn.contests.rules.words import Words

COLUMNS = (
    "score", "correct_count", "is_all_correct", "prediction_distance", "working_ms", "submitted_ms", "attempts_used", "total_score",
    "best_score", "lot",
)  # fmt: skip
"""Figures by which a criterion may order; columns of the standings of the same names."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What counts of an entry. Scores are whole ten-millionths of a mark, times whole milliseconds; `submitted_ms` counts from 1970.

    `total_score` and `best_score` are those over several rounds, `lot` is drawn only where lots decide; None where there is none.
    """

    entry_id: int
    correct_count: int = 0
    question_count: int = 0
    score: int = 0
    prediction: int | None = None
    prediction_distance: int | None = None
    working_ms: int = 0
    submitted_ms: int = 0
    attempts_used: int = 1
    total_score: int | None = None
    best_score: int | None = None
    lot: int | None = None
    attempt_id: int | None = None

    @property
    def is_all_correct(self) -> int:
        """1 where every question is answered wholly right, else 0."""
        return int(self.question_count > 0 and self.correct_count == self.question_count)


@dataclass(frozen=True)
class Example:
    """Two candidates of whom the criterion prefers the first, or sees no difference where `is_equal`."""

    better: Candidate
    worse: Candidate
    is_equal: bool = False


@dataclass(frozen=True)
class Step:
    """One criterion, among those equal in all before it: how many stand ahead by it, and how many others are equal in it too."""

    key: str
    ahead: int
    equal: int


@dataclass(frozen=True)
class Own:
    """The figures of the row that is explained, as they are shown: `time`, `guess`, `actual`, `distance` and `score` are texts."""

    place: int
    correct_count: int
    question_count: int
    guess: str
    distance: str
    actual: str
    is_exact: bool
    time: str
    score: str
    attempts_used: int


class Criterion(Protocol):
    """One step of a ranking chain: orders by `column`, the largest first or the smallest; without a figure one stands behind.

    `sentence` tells participants, in a Vietnamese source message, who stands above; `tell` why somebody stands where they stand.
    """

    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def sentence(self) -> str: ...

    @property
    def column(self) -> str: ...

    @property
    def is_largest_first(self) -> bool: ...

    @property
    def examples(self) -> tuple[Example, ...]: ...

    def tell(self, own: Own, step: Step) -> list[Words]: ...


BEHIND = 2**62
"""Key of somebody without the figure."""


def key_of(criterion: Criterion, candidate: Candidate) -> int:
    """A whole number, the smaller the better."""
    value = getattr(candidate, criterion.column)
    if value is None:
        return BEHIND
    return -int(value) if criterion.is_largest_first else int(value)


def sample(**changes: Any) -> Candidate:
    """A candidate for examples, alike in all that `changes` leaves out."""
    plain = Candidate(
        entry_id=1, correct_count=18, question_count=20, score=180_000_000, prediction=100, prediction_distance=5, working_ms=300_000,
        submitted_ms=1_000_000, attempts_used=2, total_score=500_000_000, best_score=190_000_000, lot=7,
    )  # fmt: skip
    return replace(plain, **changes)
