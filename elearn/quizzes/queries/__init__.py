"""Reads of quizzes and attempts; the public names stand here."""

from __future__ import annotations

from elearn.quizzes.queries.attempts import (
    AttemptRow,
    Counts,
    access_attempt,
    attempts_at,
    counts,
    find_quiz,
    find_way_back,
    state_of,
)

__all__ = ["AttemptRow", "Counts", "access_attempt", "attempts_at", "counts", "find_quiz", "find_way_back", "state_of"]
