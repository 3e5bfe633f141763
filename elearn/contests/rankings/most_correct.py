"""More right answers stand above."""

from __future__ import annotations

from elearn.contests.rules.candidates import Candidate, Example, sample


class MostCorrect:
    """Orders by the number of questions answered wholly right."""

    key = "most_correct"
    name = "Số câu đúng"
    sentence = "Ai đúng nhiều câu hơn thì xếp trên."
    examples = (
        Example(sample(correct_count=20), sample(correct_count=19), actual=5),
        Example(sample(correct_count=20, working_ms=1), sample(correct_count=20, working_ms=2), actual=5, is_equal=True),
    )

    def key_of(self, candidate: Candidate, actual: int) -> int:
        """Questions that are not right."""
        return candidate.question_count - candidate.correct_count


CRITERION = MostCorrect()
