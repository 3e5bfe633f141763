"""The higher mark stands above."""

from __future__ import annotations

from elearn.contests.rules.candidates import Example, Own, Step, sample
from elearn.contests.rules.words import Value, Words


class HighestScore:
    """Orders by the mark, which may weigh questions differently or come from judges."""

    key = "highest_score"
    name = "Điểm"
    sentence = "Ai được điểm cao hơn thì xếp trên."
    column = "score"
    is_largest_first = True
    examples = (
        Example(sample(score=1_500_000_000), sample(score=1_499_999_999)),
        Example(sample(score=10, correct_count=1), sample(score=10, correct_count=2), is_equal=True),
    )

    def tell(self, own: Own, step: Step) -> list[Words]:
        """How one's figure compares."""
        values: dict[str, Value] = {"score": own.score, "equal": step.equal, "ahead": step.ahead}
        if step.ahead:
            return [Words("Bạn được %(score)s điểm; %(ahead)s người được điểm cao hơn.", values)]
        if step.equal:
            return [Words("Bạn được %(score)s điểm, như %(equal)s người khác.", values)]
        return [Words("Bạn được %(score)s điểm, cao nhất vòng này.", values)]


CRITERION = HighestScore()
