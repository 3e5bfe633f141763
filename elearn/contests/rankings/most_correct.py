"""More right answers stand above."""

from __future__ import annotations

from elearn.contests.rules.candidates import Example, Own, Step, sample
from elearn.contests.rules.words import Value, Words


class MostCorrect:
    """Orders by the number of questions answered wholly right."""

    key = "most_correct"
    name = "Số câu đúng"
    sentence = "Ai đúng nhiều câu hơn thì xếp trên."
    column = "correct_count"
    is_largest_first = True
    examples = (
        Example(sample(correct_count=20), sample(correct_count=19)),
        Example(sample(correct_count=20, working_ms=1), sample(correct_count=20, working_ms=2), is_equal=True),
    )

    def tell(self, own: Own, step: Step) -> list[Words]:
        """How one's figure compares."""
        values: dict[str, Value] = {"right": own.correct_count, "all": own.question_count, "equal": step.equal, "ahead": step.ahead}
        if step.ahead:
            return [Words("Bạn đúng %(right)s/%(all)s câu; %(ahead)s người đúng nhiều câu hơn.", values)]
        if step.equal:
            return [Words("Bạn đúng %(right)s/%(all)s câu, như %(equal)s người khác.", values)]
        return [Words("Bạn đúng %(right)s/%(all)s câu, nhiều nhất vòng này.", values)]


CRITERION = MostCorrect()
