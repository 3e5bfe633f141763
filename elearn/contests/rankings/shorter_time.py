"""The shorter the working time of the counted attempt, the higher."""

from __future__ import annotations

from elearn.contests.rules.criteria import Candidate, Example
from elearn.contests.rules.words import Said, said


def clock_words(milliseconds: int) -> str:
    """A working time to the millisecond as minutes and seconds: 6:48,312."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 60}:{seconds % 60:02},{rest:03}"


class ShorterTime:
    key = "shorter_time"
    name = "làm bài nhanh nhất"
    sentence = "Thời gian làm bài ngắn hơn đứng trên, tính đến phần nghìn giây theo đồng hồ máy chủ."
    examples = (
        Example(Candidate(1, 5, None, 61_000, 50), Candidate(2, 5, 3, 61_001, 10), actual=3),
        Example(Candidate(1, 5, None, 61_000, 50), Candidate(2, 5, 3, 61_000, 10), actual=3, is_tie=True),
    )

    def key_of(self, candidate: Candidate, actual: int | None) -> int:
        return candidate.working_ms

    def reason(self, candidate: Candidate, other: Candidate, actual: int | None) -> Said:
        return said(
            "dự đoán lệch như nhau, người làm trong %(shorter)s đứng trên người làm trong %(longer)s",
            shorter=clock_words(other.working_ms),
            longer=clock_words(candidate.working_ms),
        )

    def own(self, candidate: Candidate, better: int, same: int, actual: int | None) -> Said:
        if better:
            return said(
                "Bạn làm bài trong %(time)s; %(better)s người làm nhanh hơn.", time=clock_words(candidate.working_ms), better=better
            )
        return said("Bạn làm bài trong %(time)s, không ai nhanh hơn.", time=clock_words(candidate.working_ms))


CRITERION = ShorterTime()
