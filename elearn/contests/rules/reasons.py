"""Why somebody stands where they stand, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from elearn.contests.rules.rules_text import Value, Words


@dataclass(frozen=True)
class Step:
    """One criterion, among those equal in all before it: how many stand ahead by it, and how many others are equal in it too."""

    key: str
    ahead: int
    equal: int


@dataclass(frozen=True)
class Own:
    """The figures of the row that is explained. `time` is the working time as shown."""

    place: int
    correct_count: int
    question_count: int
    prediction: int | None
    distance: int | None
    actual: int | None
    time: str


def explain(own: Own, steps: Sequence[Step]) -> list[Words]:
    """Sentences from the first criterion to the one that leaves nobody equal, and what follows from them."""
    told: list[Words] = []
    for step in steps:
        told += _SENTENCES[step.key](own, step) if step.key in _SENTENCES else []
        if not step.equal:
            break
    else:
        if steps and steps[-1].equal:
            told.append(Words("%(count)s người khác bằng bạn ở mọi tiêu chí nên đồng hạng.", {"count": steps[-1].equal}))
    told.append(Words("Vì thế bạn xếp thứ %(place)s.", {"place": own.place}))
    return told


def _correct(own: Own, step: Step) -> list[Words]:
    values: dict[str, Value] = {"right": own.correct_count, "all": own.question_count, "equal": step.equal, "ahead": step.ahead}
    if step.ahead:
        return [Words("Bạn đúng %(right)s/%(all)s câu; %(ahead)s người đúng nhiều câu hơn.", values)]
    if step.equal:
        return [Words("Bạn đúng %(right)s/%(all)s câu, như %(equal)s người khác.", values)]
    return [Words("Bạn đúng %(right)s/%(all)s câu, nhiều nhất vòng này.", values)]


def _prediction(own: Own, step: Step) -> list[Words]:
    if own.prediction is None or own.distance is None or own.actual is None:
        return [Words("Bạn không dự đoán nên xếp sau những người cùng số câu đúng mà có dự đoán.")]
    values: dict[str, Value] = {"guess": own.prediction, "actual": own.actual, "distance": own.distance, "ahead": step.ahead}
    if not own.distance:
        return [Words("Bạn đoán %(guess)s, đúng bằng số thật.", values)]
    if step.ahead:
        return [
            Words(
                "Bạn đoán %(guess)s, số thật là %(actual)s, lệch %(distance)s; %(ahead)s người cùng số câu đúng đoán gần hơn.",
                values,
            )
        ]
    return [Words("Bạn đoán %(guess)s, số thật là %(actual)s, lệch %(distance)s; không ai cùng số câu đúng đoán gần hơn.", values)]


def _time(own: Own, step: Step) -> list[Words]:
    values: dict[str, Value] = {"time": own.time, "ahead": step.ahead}
    if step.ahead:
        return [Words("Bạn làm bài trong %(time)s; %(ahead)s người bằng bạn đến đây làm nhanh hơn.", values)]
    return [Words("Bạn làm bài trong %(time)s, nhanh nhất trong những người bằng bạn đến đây.", values)]


def _submission(own: Own, step: Step) -> list[Words]:
    if step.ahead:
        return [Words("%(ahead)s người bằng bạn đến đây nộp bài sớm hơn.", {"ahead": step.ahead})]
    return [Words("Bạn nộp sớm nhất trong những người bằng bạn đến đây.")]


_SENTENCES = {"most_correct": _correct, "nearest_prediction": _prediction, "shorter_time": _time, "earlier_submission": _submission}
