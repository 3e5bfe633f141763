"""The higher total over several rounds stands above."""

from __future__ import annotations

from elearn.contests.rules.candidates import Example, Own, Step, sample
from elearn.contests.rules.words import Words


class HighestTotal:
    """Orders by the sum of the marks of the rounds that are added up."""

    key = "highest_total"
    name = "Tổng điểm các vòng"
    sentence = "Ai có tổng điểm các vòng cao hơn thì xếp trên."
    column = "total_score"
    is_largest_first = True
    examples = (
        Example(sample(total_score=2), sample(total_score=1)),
        Example(sample(total_score=0), sample(total_score=None)),
        Example(sample(best_score=1), sample(best_score=2), is_equal=True),
    )

    def tell(self, own: Own, step: Step) -> list[Words]:
        """How one's figure compares."""
        if step.ahead:
            return [Words("%(ahead)s người bằng bạn đến đây có tổng điểm các vòng cao hơn.", {"ahead": step.ahead})]
        return [Words("Không ai bằng bạn đến đây có tổng điểm các vòng cao hơn.")]


CRITERION = HighestTotal()
