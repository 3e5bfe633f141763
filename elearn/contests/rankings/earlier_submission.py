"""Whoever submitted the counted attempt earlier stands higher."""

from __future__ import annotations

from elearn.contests.rules.criteria import Candidate, Example
from elearn.contests.rules.words import Said, said


class EarlierSubmission:
    key = "earlier_submission"
    name = "nộp sớm nhất"
    sentence = "Nộp bài sớm hơn đứng trên, tính đến phần nghìn giây theo đồng hồ máy chủ."
    examples = (
        Example(Candidate(1, 5, None, 61_000, 1_700_000_000_000), Candidate(2, 5, 3, 60_000, 1_700_000_000_001), actual=3),
        Example(Candidate(1, 5, None, 61_000, 1_700_000_000_000), Candidate(2, 5, 3, 60_000, 1_700_000_000_000), actual=3, is_tie=True),
    )

    def key_of(self, candidate: Candidate, actual: int | None) -> int:
        return candidate.submitted_ms

    def reason(self, candidate: Candidate, other: Candidate, actual: int | None) -> Said:
        return said("mọi điều trước như nhau, người nộp sớm hơn đứng trên")

    def own(self, candidate: Candidate, better: int, same: int, actual: int | None) -> Said:
        if better:
            return said("%(better)s người nộp sớm hơn bạn.", better=better)
        return said("Bạn nộp sớm nhất trong số đó.")


CRITERION = EarlierSubmission()
