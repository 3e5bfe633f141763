"""Makes quizzes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from elearn.quizzes.models import Quiz


@dataclass(frozen=True)
class QuizSpec:
    """What a quiz is; the fields are the columns of `Quiz`, where they are explained. What is not named is as courses want it."""

    code: str
    title: str
    place: str
    unit_id: int
    blueprint: Sequence[dict[str, Any]]
    time_limit_seconds: int
    attempt_limit: int
    title_en: str = ""
    pass_percent: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    prediction_prompt: str = ""
    prediction_unit: str = ""
    prediction_decimals: int = 0
    review: str = "after_submit"
    review_grid: Mapping[str, Sequence[str]] | None = None
    intro: str = ""
    state: str = "published"
    sections: Sequence[Mapping[str, Any]] | None = None
    shuffle_questions: bool = True
    shuffle_options: bool = True
    paper_seed: str = ""
    wait_seconds: int = 0
    counted: str = "best"
    navigation: str = "free"
    is_for_all: bool = False
    join_code: str | None = None
    password_hash: str = ""
    late_policy: str = "submit"
    grace_seconds: int = 5
    wrong_penalty: Decimal | None = None
    certainty: bool = False
    made_by_id: int | None = None
    made_at: datetime | None = None


def question_count_of(blueprint: Sequence[Mapping[str, Any]]) -> int:
    """Questions that a paper holds."""
    return sum(1 if "question" in part else int(part["count"]) for part in blueprint)


def create_quiz(session: Session, spec: QuizSpec) -> Quiz:
    """A new quiz, flushed, so that it has an id."""
    values = {**spec.__dict__, "blueprint": list(spec.blueprint)}
    quiz = Quiz(**values, question_count=question_count_of(spec.blueprint))
    session.add(quiz)
    session.flush()
    return quiz


def move_window(quiz: Quiz, opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Change the hours of a quiz: besides what is granted, the one thing that may change once it has been sat."""
    quiz.opens_at, quiz.closes_at = opens_at, closes_at
