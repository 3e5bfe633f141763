"""Whoever has everything right stands above whoever has not."""

from __future__ import annotations

from elearn.contests.rules.candidates import Example, Own, Step, sample
from elearn.contests.rules.words import Words


class AllCorrect:
    """Parts those who are all right from the others, and orders neither among themselves."""

    key = "all_correct"
    name = "Đúng hết"
    sentence = "Ai trả lời đúng tất cả các câu thì xếp trên người không đúng hết."
    column = "is_all_correct"
    is_largest_first = True
    examples = (
        Example(sample(correct_count=20), sample(correct_count=19)),
        Example(sample(correct_count=3), sample(correct_count=19), is_equal=True),
    )

    def tell(self, own: Own, step: Step) -> list[Words]:
        """How one's figure compares."""
        if step.ahead:
            return [Words("%(ahead)s người đúng hết các câu, bạn thì chưa.", {"ahead": step.ahead})]
        if own.correct_count == own.question_count:
            return [Words("Bạn đúng hết các câu, như %(equal)s người khác.", {"equal": step.equal})]
        return [Words("Vòng này không ai đúng hết các câu.")]


CRITERION = AllCorrect()
