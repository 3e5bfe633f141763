"""The shorter working time stands above."""

from __future__ import annotations

from elearn.contests.rules.candidates import Candidate, Example, sample


class ShorterTime:
    """Orders by the time between start and submission, by the server's clock."""

    key = "shorter_time"
    name = "Thời gian làm bài ngắn hơn"
    sentence = "Ai làm bài trong thời gian ngắn hơn thì xếp trên, tính đến phần nghìn giây theo đồng hồ máy chủ."
    examples = (
        Example(sample(working_ms=421_000), sample(working_ms=421_001), actual=0),
        Example(sample(submitted_ms=1), sample(submitted_ms=2), actual=0, is_equal=True),
    )

    def key_of(self, candidate: Candidate, actual: int) -> int:
        """Milliseconds of work."""
        return candidate.working_ms


CRITERION = ShorterTime()
