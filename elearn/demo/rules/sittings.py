"""How invented people sit quizzes: when, how long, which answers; contests are sat again and again until all is right."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from elearn.lib.periods import local
from elearn.questions.rules.choices import labels
from elearn.questions.rules.texts import words_of
from elearn.questions.types import QuestionType


@dataclass(frozen=True)
class Sitting:
    """One attempt to be: when it begins, how long it takes, how many answers are wrong, what is predicted."""

    started_at: datetime
    seconds: int
    wrong: int
    prediction: int | None = None


def moment(luck: random.Random, start: datetime, end: datetime) -> datetime:
    """A moment between, in waking hours: many in the evening, some at noon, hardly any before six."""
    for _ in range(12):
        candidate = start + (end - start) * luck.random()
        hour = local(candidate).hour
        if luck.random() < (
            0.02 if hour < 6 or hour >= 23 else 1.0 if 19 <= hour < 22 else 0.6 if hour in (7, 11, 12, 13, 20) else 0.35
        ):
            break
    return candidate.replace(microsecond=candidate.microsecond // 1000 * 1000)


def contest_sittings(
    luck: random.Random, start: datetime, end: datetime, questions: int, limit: int, time_limit: int
) -> list[Sitting]:
    """What one person does in a round: three or four attempts on average, ever better, most stop once all is right."""
    skill = luck.betavariate(4, 2)
    wanted = min(limit, 1 + round(luck.expovariate(0.32)))
    begins = sorted(moment(luck, start, end - timedelta(seconds=time_limit)) for _ in range(wanted))
    found: list[Sitting] = []
    free_from = start
    for turn, begin in enumerate(begins):
        begin = max(begin, free_from)
        if begin + timedelta(seconds=time_limit) > end:
            break
        is_perfect = luck.random() < 0.015 + 0.16 * skill * skill + 0.045 * turn * skill
        mistakes = sum(luck.random() > 0.5 + 0.42 * skill + 0.03 * turn for _ in range(questions))
        seconds = min(time_limit - 5, round(questions * luck.triangular(6, 45, 16) * (1 - 0.08 * turn)) + 20)
        found.append(Sitting(begin, seconds, 0 if is_perfect else max(1, mistakes)))
        free_from = begin + timedelta(seconds=seconds + luck.randint(60, 1500))
        if is_perfect and luck.random() < 0.75:
            break
    return found


def guess(luck: random.Random, truth: int) -> int | None:
    """What somebody predicts where `truth` will be right: spread widely, often a round number, now and then nonsense."""
    kind = luck.random()
    if kind < 0.02:
        return None
    if kind < 0.04:
        return luck.choice((1, 100, 999, 12345, 100000))
    value = max(1, round(truth * luck.lognormvariate(0, 0.55)))
    step = 1 if kind < 0.5 else 5 if value < 200 else 10 if value < 1000 or kind < 0.8 else 100
    return max(1, round(value / step) * step)


def respond(luck: random.Random, kind: QuestionType, body: Mapping[str, Any], order: Sequence[int], is_right: bool) -> Any:
    """A response to a question with options, right or wrong as asked; now and then a wrong one is none at all."""
    right = kind.right(body, order)
    if is_right:
        return right
    if luck.random() < 0.04:
        return None
    others = [name for name in labels(len(kind.controls(body, order, words_of)["options"])) if name not in right]
    if not isinstance(right, list):
        return luck.choice(others)
    return sorted(right[:-1] if luck.random() < 0.6 or not others else [*right[:-1], luck.choice(others)])


def answer_times(luck: random.Random, sitting: Sitting, count: int) -> list[datetime]:
    """When each of `count` answers is saved: in order, the last one before the submission."""
    pauses = [0.3 + luck.expovariate(1.0) for _ in range(count + 1)]
    scale = max(0.001, sitting.seconds - 1) / sum(pauses)
    at, found = 0.0, []
    for pause in pauses[:-1]:
        at += pause * scale
        found.append(sitting.started_at + timedelta(milliseconds=round(at * 1000)))
    return found
