"""Lots decide among those whom nothing else parts."""

from __future__ import annotations

from elearn.contests.rules.candidates import Example, Own, Step, sample
from elearn.contests.rules.words import Words


class DrawnLots:
    """Orders by lots drawn from a public seed; only those who are equal in all before it draw one."""

    key = "drawn_lots"
    name = "Bốc thăm"
    sentence = "Vẫn bằng nhau thì bốc thăm từ một số công khai; ai cũng tính lại được."
    column = "lot"
    is_largest_first = False
    examples = (
        Example(sample(lot=1), sample(lot=2)),
        Example(sample(working_ms=1), sample(working_ms=2), is_equal=True),
    )

    def tell(self, own: Own, step: Step) -> list[Words]:
        """How one's figure compares."""
        if step.ahead:
            return [Words("%(ahead)s người bằng bạn ở mọi tiêu chí bốc được thăm nhỏ hơn.", {"ahead": step.ahead})]
        return [Words("Bạn bốc được thăm nhỏ nhất trong những người bằng nhau ở mọi tiêu chí.")]


CRITERION = DrawnLots()
