"""The guess nearer to the true number stands above."""

from __future__ import annotations

from elearn.contests.rules.candidates import Example, Own, Step, sample
from elearn.contests.rules.words import Value, Words


class NearestPrediction:
    """Orders by the distance between the prediction and the true number; nobody is punished for guessing above it."""

    key = "nearest_prediction"
    name = "Dự đoán gần nhất"
    sentence = "Ai dự đoán gần số thật hơn thì xếp trên; đoán thừa hay thiếu như nhau. Không đoán thì xếp sau người có đoán."
    column = "prediction_distance"
    is_largest_first = False
    examples = (
        Example(sample(prediction_distance=0), sample(prediction_distance=2)),
        Example(sample(prediction=3140, prediction_distance=2), sample(prediction=3144, prediction_distance=2), is_equal=True),
        Example(sample(prediction_distance=3142), sample(prediction=None, prediction_distance=None)),
        Example(sample(prediction_distance=None), sample(prediction_distance=None), is_equal=True),
    )

    def tell(self, own: Own, step: Step) -> list[Words]:
        """How one's figure compares."""
        if not own.guess:
            return [Words("Bạn không dự đoán nên xếp sau những người bằng bạn đến đây mà có dự đoán.")]
        values: dict[str, Value] = {"guess": own.guess, "actual": own.actual, "distance": own.distance, "ahead": step.ahead}
        if own.is_exact:
            return [Words("Bạn đoán %(guess)s, đúng bằng số thật.", values)]
        if step.ahead:
            return [
                Words(
                    "Bạn đoán %(guess)s, số thật là %(actual)s, lệch %(distance)s; %(ahead)s người bằng bạn đến đây đoán gần hơn.",
                    values,
                )
            ]
        return [
            Words("Bạn đoán %(guess)s, số thật là %(actual)s, lệch %(distance)s; không ai bằng bạn đến đây đoán gần hơn.", values)
        ]


CRITERION = NearestPrediction()
