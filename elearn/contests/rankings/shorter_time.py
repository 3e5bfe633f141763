"""The shorter working time stands above."""

from __future__ import annotations

from elearn.contests.rules.candidates import Example, Own, Step, sample
from elearn.contests.rules.words import Words


class ShorterTime:
    """Orders by the time between start and submission, by the server's clock."""

    key = "shorter_time"
    name = "Thời gian làm bài ngắn hơn"
    sentence = "Ai làm bài trong thời gian ngắn hơn thì xếp trên, tính đến phần nghìn giây theo đồng hồ máy chủ."
    column = "working_ms"
    is_largest_first = False
    examples = (
        Example(sample(working_ms=421_000), sample(working_ms=421_001)),
        Example(sample(submitted_ms=1), sample(submitted_ms=2), is_equal=True),
    )

    def tell(self, own: Own, step: Step) -> list[Words]:
        """How one's figure compares."""
        if step.ahead:
            return [
                Words(
                    "Bạn làm bài trong %(time)s; %(ahead)s người bằng bạn đến đây làm nhanh hơn.",
                    {"time": own.time, "ahead": step.ahead},
                )
            ]
        return [Words("Bạn làm bài trong %(time)s, nhanh nhất trong những người bằng bạn đến đây.", {"time": own.time})]


CRITERION = ShorterTime()
