"""The prediction question: what it asks for, its true value, and how far a guess is from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PERCENT_DECIMALS = 5
"""A percentage is kept as a whole number of hundred-thousandths of a percent: 40,67981 % is 4067981."""


@dataclass(frozen=True)
class Totals:
    """Counts after disqualifications: people (người) and attempts (lượt) of the round, and of the contest up to this round."""

    people: int
    attempts: int
    all_correct: int
    contest_people: int
    contest_attempts: int


@dataclass(frozen=True)
class Metric:
    """What a prediction is about. `prompt` is the question, `unit` what the number counts."""

    prompt: str
    unit: str
    decimals: int = 0


METRICS: Mapping[str, Metric] = {
    "people_all_correct": Metric("Có bao nhiêu người trả lời đúng tất cả các câu hỏi trong vòng này?", "người"),
    "people": Metric("Có bao nhiêu người dự vòng này?", "người"),
    "attempts": Metric("Có bao nhiêu lượt dự thi trong vòng này?", "lượt"),
    "contest_people": Metric("Có bao nhiêu người dự cuộc thi, tính đến hết vòng này?", "người"),
    "contest_attempts": Metric("Có bao nhiêu lượt dự thi trong cả cuộc thi, tính đến hết vòng này?", "lượt"),
    "percent_all_correct": Metric("Bao nhiêu phần trăm người dự vòng này trả lời đúng tất cả các câu hỏi?", "%", PERCENT_DECIMALS),
}


def true_value(metric: str, totals: Totals) -> int:
    """The true value of a metric; a percentage in hundred-thousandths of a percent, rounded half up, 0 where nobody took part."""
    if metric == "percent_all_correct":
        scale = 100 * 10**PERCENT_DECIMALS
        return (totals.all_correct * scale * 2 + totals.people) // (2 * totals.people) if totals.people else 0
    values = {
        "people_all_correct": totals.all_correct, "people": totals.people, "attempts": totals.attempts,
        "contest_people": totals.contest_people, "contest_attempts": totals.contest_attempts,
    }  # fmt: skip
    return values[metric]


def distance(prediction: int | None, actual: int | None) -> int | None:
    """How far the guess is from the true value, above and below alike; None without a guess."""
    return None if prediction is None or actual is None else abs(prediction - actual)


def is_told_by_counts(metric: str) -> bool:
    """Whether the numbers of people and attempts that a contest page shows would give the answer away while a round is open."""
    return metric in ("people", "attempts", "contest_people", "contest_attempts")
