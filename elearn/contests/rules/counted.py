"""Which of a person's attempts counts."""

from __future__ import annotations

from collections.abc import Iterable

from elearn.contests.rules.candidates import Candidate


def counted_key(attempt: Candidate, counted: str) -> tuple[int, ...]:
    """Orders the attempts of one person, the counted one first: see `rules.settings.COUNTED`."""
    attempt_id = attempt.attempt_id or 0
    if counted == "last":
        return (-attempt.submitted_ms, -attempt_id)
    if counted == "first":
        return (attempt.submitted_ms, attempt_id)
    best = attempt.score if counted == "best_score" else attempt.correct_count
    return (-best, attempt.submitted_ms, attempt_id)


def pick_counted(attempts: Iterable[Candidate], counted: str) -> list[Candidate]:
    """The counted attempt of each entry, by entry id; its prediction comes along. The order of `attempts` does not matter.

    The query behind a settlement says the same in SQL; a test compares both.
    """
    best: dict[int, Candidate] = {}
    for attempt in attempts:
        present = best.get(attempt.entry_id)
        if present is None or counted_key(attempt, counted) < counted_key(present, counted):
            best[attempt.entry_id] = attempt
    return [best[entry_id] for entry_id in sorted(best)]
