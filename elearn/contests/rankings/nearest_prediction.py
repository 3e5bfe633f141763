"""The guess nearer to the true number stands above."""

from __future__ import annotations

from elearn.contests.rules.candidates import Candidate, Example, sample
from elearn.contests.rules.prediction import FARTHEST, distance


class NearestPrediction:
    """Orders by the distance between the prediction and the true number; nobody is punished for guessing above it."""

    key = "nearest_prediction"
    name = "Dự đoán gần nhất"
    sentence = "Ai đoán số người đúng hết gần hơn thì xếp trên; đoán thừa hay thiếu như nhau. Không đoán thì xếp sau người có đoán."
    examples = (
        Example(sample(prediction=3142), sample(prediction=3140), actual=3142),
        Example(sample(prediction=3140), sample(prediction=3144), actual=3142, is_equal=True),
        Example(sample(prediction=0), sample(prediction=None), actual=3142),
        Example(sample(prediction=None), sample(prediction=None), actual=3142, is_equal=True),
    )

    def key_of(self, candidate: Candidate, actual: int) -> int:
        """The distance; the largest number without a prediction."""
        far = distance(candidate.prediction, actual)
        return FARTHEST if far is None else far


CRITERION = NearestPrediction()
