"""A bank of 30 questions whose key and explanation are canaries, and a quiz on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from elearn.core import clock
from elearn.core.db import transaction
from elearn.questions.services import BankSpec, QuestionSpec, put_bank, put_question
from elearn.quizzes.services import QuizSpec, create_quiz

CANARY = "KHOA-DAP-AN"


@dataclass
class Made:
    quiz_id: int
    bank_id: int
    now: datetime


@pytest.fixture
def make_quiz(app) -> Any:
    def make(**changes: Any) -> Made:
        now = clock.now()
        with transaction() as session:
            bank = put_bank(session, BankSpec("thu", "Ngân hàng thử", "Trial bank", 1))
            for number in range(30):
                options = [
                    {"text": f"đúng {number}", "right": True},
                    {"text": "sai một"},
                    {"text": "sai hai"},
                    {"text": "cả ba", "last": True},
                ]
                spec = QuestionSpec(
                    f"thu-{number:02}",
                    "single_choice",
                    "Thử",
                    "nhan_biet",
                    f"Câu thử {number}?",
                    {"options": options},
                    f"{CANARY} {number}",
                    None,
                )
                put_question(session, bank.id, spec, now)
            base = {
                "code": "thu", "title": "Bài thử", "place": "Khoá thử", "unit_id": 1, "time_limit_seconds": 600, "attempt_limit": 2,
                "blueprint": [{"bank": bank.id, "level": None, "count": 20}], "pass_percent": 50,
                "prediction_prompt": "Bao nhiêu người?", "prediction_unit": "người",
            }  # fmt: skip
            quiz = create_quiz(session, QuizSpec(**{**base, **changes}))
            return Made(quiz.id, bank.id, now)

    return make


@pytest.fixture
def made(make_quiz) -> Made:
    return make_quiz()


def soon(**amount: float) -> datetime:
    return clock.now() + timedelta(**amount)
