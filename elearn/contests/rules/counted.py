"""Which of a person's attempts counts."""

from __future__ import annotations

from collections.abc import Iterable

from elearn.contests.rules.candidates import Candidate


def counted_key(attempt: Candidate) -> tuple[int, int, int]:
    """Orders the attempts of one person, the counted one first: most right answers, then submitted earliest."""
    return (-attempt.correct_count, attempt.submitted_ms, attempt.attempt_id)


def pick_counted(attempts: Iterable[Candidate]) -> list[Candidate]:
    """The counted attempt of each person, by member id; its prediction comes along. The order of `attempts` does not matter.

    The query behind a settlement says the same in SQL; a test compares both.
    """
    best: dict[int, Candidate] = {}
    for attempt in attempts:
        present = best.get(attempt.member_id)
        if present is None or counted_key(attempt) < counted_key(present):
            best[attempt.member_id] = attempt
    return [best[member_id] for member_id in sorted(best)]
