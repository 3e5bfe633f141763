"""Makes quizzes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from elearn.quizzes.models import Quiz


@dataclass(frozen=True)
class QuizSpec:
    """What a quiz is. `blueprint` holds {"bank": id, "level": key or None, "count": n} for each part of the paper."""

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
    review: str = "after_submit"


def create_quiz(session: Session, spec: QuizSpec) -> Quiz:
    """A new quiz, flushed, so that it has an id."""
    values = {**spec.__dict__, "blueprint": list(spec.blueprint)}
    quiz = Quiz(**values, question_count=sum(part["count"] for part in spec.blueprint))
    session.add(quiz)
    session.flush()
    return quiz


def move_window(quiz: Quiz, opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Change the hours of a quiz: the one thing that may change once it has been sat."""
    quiz.opens_at, quiz.closes_at = opens_at, closes_at
