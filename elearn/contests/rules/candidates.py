"""What ranking looks at: a counted attempt, and a criterion that orders such attempts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Candidate:
    """An attempt of a person in a round. Times are whole milliseconds; `submitted_ms` counts from 1970."""

    attempt_id: int
    member_id: int
    correct_count: int
    question_count: int
    prediction: int | None
    working_ms: int
    submitted_ms: int

    @property
    def is_all_correct(self) -> bool:
        """Every question answered wholly right."""
        return self.correct_count == self.question_count


@dataclass(frozen=True)
class Example:
    """Two candidates of whom the criterion prefers the first, or sees no difference where `is_equal`."""

    better: Candidate
    worse: Candidate
    actual: int
    is_equal: bool = False


class Criterion(Protocol):
    """One step of a ranking chain. `sentence` tells participants, in a Vietnamese source message, who stands above."""

    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def sentence(self) -> str: ...

    @property
    def examples(self) -> tuple[Example, ...]: ...

    def key_of(self, candidate: Candidate, actual: int) -> int:
        """A whole number, the smaller the better; `actual` is the true value of the prediction question."""
        ...


def sample(**changes: int | None) -> Candidate:
    """A candidate for examples, alike in all that `changes` leaves out."""
    plain: dict[str, int | None] = {
        "attempt_id": 1, "member_id": 1, "correct_count": 18, "question_count": 20,
        "prediction": 100, "working_ms": 300_000, "submitted_ms": 1_000_000,
    }  # fmt: skip
    return Candidate(**{**plain, **changes})  # type: ignore[arg-type]
