"""Fewer attempts stand above."""

from __future__ import annotations

from elearn.contests.rules.candidates import Example, Own, Step, sample
from elearn.contests.rules.words import Words


class FewerAttempts:
    """Orders by the number of attempts used in the round."""

    key = "fewer_attempts"
    name = "Ít lượt hơn"
    sentence = "Ai dùng ít lượt hơn trong vòng thì xếp trên."
    column = "attempts_used"
    is_largest_first = False
    examples = (
        Example(sample(attempts_used=1), sample(attempts_used=2)),
        Example(sample(working_ms=1), sample(working_ms=2), is_equal=True),
    )

    def tell(self, own: Own, step: Step) -> list[Words]:
        """How one's figure compares."""
        if step.ahead:
            return [
                Words(
                    "Bạn dùng %(used)s lượt; %(ahead)s người bằng bạn đến đây dùng ít lượt hơn.",
                    {"used": own.attempts_used, "ahead": step.ahead},
                )
            ]
        return [Words("Bạn dùng %(used)s lượt, không ai bằng bạn đến đây dùng ít hơn.", {"used": own.attempts_used})]


CRITERION = FewerAttempts()
