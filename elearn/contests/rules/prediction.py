"""The prediction question: its true value, and how far off a prediction is."""

from __future__ import annotations

from collections.abc import Iterable

from elearn.contests.rules.criteria import LAST, Candidate


def actual_value(counted: Iterable[Candidate], question_count: int) -> int:
    """People whose counted attempt is wholly right: the answer to "how many will answer everything right?"."""
    return sum(1 for candidate in counted if candidate.correct_count == question_count)


def distance(prediction: int | None, actual: int | None) -> int | None:
    """|p − actual|, too many and too few alike; None where there is no prediction or nothing was asked."""
    return None if prediction is None or actual is None else abs(prediction - actual)


def distance_key(prediction: int | None, actual: int | None) -> int:
    """Sort key: the distance; a missing prediction after all others; everybody equal where nothing was asked."""
    if actual is None:
        return 0
    return LAST if prediction is None else abs(prediction - actual)
