"""The higher mark of one's best round stands above."""

from __future__ import annotations

from elearn.contests.rules.candidates import Example, Own, Step, sample
from elearn.contests.rules.words import Words


class BestOfRounds:
    """Orders by the best mark among the rounds that are added up."""

    key = "best_of_rounds"
    name = "Vòng tốt nhất"
    sentence = "Ai có vòng tốt nhất cao điểm hơn thì xếp trên."
    column = "best_score"
    is_largest_first = True
    examples = (
        Example(sample(best_score=2), sample(best_score=1)),
        Example(sample(total_score=1), sample(total_score=2), is_equal=True),
    )

    def tell(self, own: Own, step: Step) -> list[Words]:
        """How one's figure compares."""
        if step.ahead:
            return [Words("%(ahead)s người bằng bạn đến đây có vòng tốt nhất cao điểm hơn.", {"ahead": step.ahead})]
        return [Words("Không ai bằng bạn đến đây có vòng tốt nhất cao điểm hơn.")]


CRITERION = BestOfRounds()
