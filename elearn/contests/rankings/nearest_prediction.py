"""The nearer the prediction to the true value, the higher; whoever made none stands after all who did."""

from __future__ import annotations

from elearn.contests.rules.criteria import Candidate, Example
from elearn.contests.rules.prediction import distance, distance_key
from elearn.contests.rules.words import Said, said


class NearestPrediction:
    key = "nearest_prediction"
    name = "dự đoán gần nhất"
    sentence = "Số dự đoán gần số thật hơn đứng trên; đoán thừa hay thiếu như nhau. Không dự đoán thì xếp sau người có dự đoán."
    examples = (
        Example(Candidate(1, 5, 98, 9_000, 50), Candidate(2, 5, 103, 1_000, 10), actual=100),
        Example(Candidate(1, 5, 97, 9_000, 50), Candidate(2, 5, 103, 1_000, 10), actual=100, is_tie=True),
        Example(Candidate(1, 5, 9_999_999, 9_000, 50), Candidate(2, 5, None, 1_000, 10), actual=100),
        Example(Candidate(1, 5, 98, 9_000, 50), Candidate(2, 5, None, 1_000, 10), actual=None, is_tie=True),
    )

    def key_of(self, candidate: Candidate, actual: int | None) -> int:
        return distance_key(candidate.prediction, actual)

    def reason(self, candidate: Candidate, other: Candidate, actual: int | None) -> Said:
        off, nearer = distance(candidate.prediction, actual), distance(other.prediction, actual)
        if off is None:
            return said("cùng số câu đúng, người có dự đoán đứng trên người không dự đoán")
        return said("cùng số câu đúng, người đoán lệch %(nearer)s đứng trên người lệch %(off)s", nearer=nearer or 0, off=off)

    def own(self, candidate: Candidate, better: int, same: int, actual: int | None) -> Said:
        off = distance(candidate.prediction, actual)
        if actual is None:
            return said("Vòng này không có câu dự đoán.")
        if off is None:
            return said("Bạn không dự đoán nên xếp sau %(better)s người có dự đoán.", better=better)
        told = said("Bạn đoán đúng số thật là %(actual)s", actual=actual)
        if off:
            told = said(
                "Bạn đoán %(guess)s, số thật là %(actual)s, lệch %(off)s", guess=candidate.prediction or 0, actual=actual, off=off
            )
        if better:
            return said("%(told)s; %(better)s người đoán gần hơn.", told=told, better=better)
        return said("%(told)s; không ai đoán gần hơn.", told=told) if off else said("%(told)s.", told=told)


CRITERION = NearestPrediction()
