"""The earlier submission stands above."""

from __future__ import annotations

from elearn.contests.rules.candidates import Example, Own, Step, sample
from elearn.contests.rules.words import Words


class EarlierSubmission:
    """Orders by the moment of submission."""

    key = "earlier_submission"
    name = "Nộp sớm hơn"
    sentence = "Ai nộp bài sớm hơn thì xếp trên, tính đến phần nghìn giây theo đồng hồ máy chủ."
    column = "submitted_ms"
    is_largest_first = False
    examples = (
        Example(sample(submitted_ms=1_000_000), sample(submitted_ms=1_000_001)),
        Example(sample(working_ms=1), sample(working_ms=2), is_equal=True),
    )

    def tell(self, own: Own, step: Step) -> list[Words]:
        """How one's figure compares."""
        if step.ahead:
            return [Words("%(ahead)s người bằng bạn đến đây nộp bài sớm hơn.", {"ahead": step.ahead})]
        return [Words("Bạn nộp sớm nhất trong những người bằng bạn đến đây.")]


CRITERION = EarlierSubmission()
