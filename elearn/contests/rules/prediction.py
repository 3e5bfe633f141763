"""The prediction question: its true value, and how far a guess is from it."""

from __future__ import annotations

from collections.abc import Iterable

from elearn.contests.rules.candidates import Candidate

FARTHEST = 2**63 - 1
"""Distance of somebody who gave no prediction: behind everybody who gave one."""


def true_value(counted: Iterable[Candidate]) -> int:
    """How many people have all questions right in their counted attempt. `counted` holds one attempt for each person."""
    return sum(candidate.is_all_correct for candidate in counted)


def distance(prediction: int | None, actual: int) -> int | None:
    """How far the guess is from the true value, above and below alike; None without a guess."""
    return None if prediction is None else abs(prediction - actual)
