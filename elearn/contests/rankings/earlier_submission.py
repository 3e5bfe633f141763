"""The earlier submission stands above."""

from __future__ import annotations

from elearn.contests.rules.candidates import Candidate, Example, sample


class EarlierSubmission:
    """Orders by the moment of submission."""

    key = "earlier_submission"
    name = "Nộp sớm hơn"
    sentence = "Ai nộp bài sớm hơn thì xếp trên, tính đến phần nghìn giây theo đồng hồ máy chủ."
    examples = (
        Example(sample(submitted_ms=1_000_000), sample(submitted_ms=1_000_001), actual=0),
        Example(sample(working_ms=1), sample(working_ms=2), actual=0, is_equal=True),
    )

    def key_of(self, candidate: Candidate, actual: int) -> int:
        """Milliseconds since 1970."""
        return candidate.submitted_ms


CRITERION = EarlierSubmission()
