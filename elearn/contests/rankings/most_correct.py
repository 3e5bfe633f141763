"""More questions answered right stand higher."""

from __future__ import annotations

from elearn.contests.rules.criteria import Candidate, Example
from elearn.contests.rules.words import Said, said


class MostCorrect:
    key = "most_correct"
    name = "số câu đúng"
    sentence = "Số câu đúng nhiều hơn đứng trên."
    examples = (
        Example(Candidate(1, 20, None, 9_000, 50), Candidate(2, 19, 7, 1_000, 10), actual=7),
        Example(Candidate(1, 20, None, 9_000, 50), Candidate(2, 20, 7, 1_000, 10), actual=7, is_tie=True),
    )

    def key_of(self, candidate: Candidate, actual: int | None) -> int:
        return -candidate.correct_count

    def reason(self, candidate: Candidate, other: Candidate, actual: int | None) -> Said:
        return said("người đúng %(n)s câu đứng trên người đúng %(less)s câu", n=other.correct_count, less=candidate.correct_count)

    def own(self, candidate: Candidate, better: int, same: int, actual: int | None) -> Said:
        count = candidate.correct_count
        if better and same:
            return said("Bạn đúng %(n)s câu, như %(same)s người khác; %(better)s người đúng nhiều hơn.", n=count, same=same, better=better)
        if better:
            return said("Bạn đúng %(n)s câu; %(better)s người đúng nhiều hơn.", n=count, better=better)
        if same:
            return said("Bạn đúng %(n)s câu, nhiều nhất vòng này, như %(same)s người khác.", n=count, same=same)
        return said("Bạn đúng %(n)s câu, nhiều nhất vòng này.", n=count)


CRITERION = MostCorrect()
