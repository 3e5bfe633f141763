"""A bank of 30 questions whose key and explanation are canaries, a quiz on it, and a paper with a question of every type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.questions.models import Question
from elearn.questions.rules.exchange import Draft
from elearn.questions.services import BankSpec, QuestionSpec, put_bank, put_drafts, put_question
from elearn.quizzes import services
from elearn.quizzes.models import Attempt
from elearn.quizzes.services import QuizSpec, create_quiz

CANARY = "KHOA-DAP-AN"
OFFICER = (4, "Đặng Trung Kiên")
REASON = "Mất điện tại hội trường"


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
            others = [{"text": "sai một"}, {"text": "sai hai"}, {"text": "cả ba", "last": True}]
            drafts = [
                Draft(
                    "single_choice", f"Câu thử {number}?", {"options": [{"text": f"đúng {number}", "right": True}, *others]},
                    explanation=f"{CANARY} {number}", code=f"thu-{number:02}", topic="Thử", level="nhan_biet",
                )
                for number in range(30)
            ]  # fmt: skip
            put_drafts(session, bank, drafts, None, now, "in_use")
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


ANSWER, FEEDBACK, GUIDE, SECRET_NUMBER, TOLERANCE = "CANARY-ANSWER", "CANARY-FEEDBACK", "CANARY-GUIDE", "123454321", "0.0123454321"
HIDDEN = (CANARY, ANSWER, FEEDBACK, GUIDE, SECRET_NUMBER, "123.454.321", TOLERANCE, "0,0123454321")
"""What may not leave before its time."""
EVERY: dict[str, tuple[str, dict[str, Any], Any, Any]] = {
    # type: (stem, body, a right response by words or itself, a wrong one)
    "single_choice": (
        "Một?", {"options": [{"text": "phải", "right": True, "feedback": FEEDBACK}, {"text": "trái", "feedback": FEEDBACK}]}, "phải", "trái",
    ),
    "multiple_choice": (
        "Nhiều?",
        {
            "options": [{"text": "một", "right": True}, {"text": "hai", "right": True, "feedback": FEEDBACK}, {"text": "ba", "feedback": FEEDBACK}],
            "feedback": {"right": FEEDBACK, "partial": FEEDBACK, "wrong": FEEDBACK},
        },
        ["một", "hai"], ["ba"],
    ),
    "true_false": ("Đúng sai?", {"answer": True, "feedback": {"true": FEEDBACK, "false": FEEDBACK}}, None, None),
    "short_answer": ("Chữ?", {"answers": [{"text": ANSWER, "feedback": FEEDBACK}, {"text": "*", "fraction": "0", "feedback": FEEDBACK}]}, None, "sai"),
    "numeric": ("Số?", {"answers": [{"value": SECRET_NUMBER, "tolerance": TOLERANCE, "feedback": FEEDBACK}]}, None, "5"),
    "matching": ("Ghép?", {"pairs": [{"left": "cá", "right": "nước"}, {"left": "chim", "right": "trời"}]}, None, None),
    "ordering": ("Xếp?", {"items": ["thứ nhất", "thứ nhì", "thứ ba"]}, None, None),
    "gap_fill": ("Điền {#1}.", {"gaps": {"1": {"kind": "text", "answers": [{"text": ANSWER, "feedback": FEEDBACK}]}}}, None, {"1": "sai"}),
    "calculated": (
        "Tính {a} + {b}?",
        {"answers": [{"formula": "{a}+{b}+123454321-1", "tolerance": TOLERANCE, "tolerance_kind": "absolute"}], "variants": [{"a": "1", "b": "0"}]},
        None, "7",
    ),
    "essay": (
        "Viết?", {"lines": 5, "attachments": 2, "guide": GUIDE, "rubric": [{"name": GUIDE, "points": "4", "guide": GUIDE}]},
        {"text": "bài viết", "files": []}, {"text": "bài viết", "files": []},
    ),
    "description": ("Đọc đoạn sau.", {}, None, None),
}  # fmt: skip


@pytest.fixture
def make_every(app) -> Any:
    """Makes a quiz whose fixed paper holds a question of every type, in the order of EVERY."""

    def make(**changes: Any) -> Made:
        now = clock.now()
        with transaction() as session:
            bank = put_bank(session, BankSpec("moi-loai", "Mọi loại", "Every type", 1))
            blueprint = []
            for kind, (stem, body, _, _) in EVERY.items():
                put_question(session, bank.id, QuestionSpec(f"ml-{kind}", kind, "", "", stem, body, f"{CANARY} {kind}", None), now)
                question = session.query(Question).filter_by(code=f"ml-{kind}").one()
                blueprint.append({"question": question.id, "mark": "2" if kind == "essay" else "1"})
            base = {
                "code": "moi-loai", "title": "Đủ loại", "place": "", "unit_id": 1, "time_limit_seconds": 600, "attempt_limit": 2,
                "blueprint": blueprint, "pass_percent": 50, "shuffle_questions": False,
            }  # fmt: skip
            quiz = create_quiz(session, QuizSpec(**{**base, **changes}))
            return Made(quiz.id, bank.id, now)

    return make


def slot_of(kind: str) -> int:
    """Place of a type in the paper of EVERY."""
    return list(EVERY).index(kind) + 1


def start(made: Made, person: Any, at: datetime | None = None) -> int:
    return services.start_attempt(made.quiz_id, person.member_id, person.unit_id, at or clock.now())


def save(
    client: FlaskClient, attempt_id: int, slot: int = 1, response: Any = "A", client_seq: int = 1, key: str = "k1", **more: Any
) -> Any:
    body = {"slot": slot, "response": response, "client_seq": client_seq, "key": key, **more}
    return client.post(f"/attempts/{attempt_id}/responses", json=body)


def submit(client: FlaskClient, attempt_id: int) -> Any:
    return client.post(f"/attempts/{attempt_id}/submit", json={"key": "nop"})


def row_of(attempt_id: int) -> Attempt:
    """The attempt as it stands in the database now."""
    db.session.rollback()
    return db.session.get_one(Attempt, attempt_id)


def right_label(attempt_id: int, slot: int) -> str:
    """The label of the first option of the author, which is the right one."""
    return "ABCD"[row_of(attempt_id).paper[slot - 1]["order"].index(0)]


def soon(**amount: float) -> datetime:
    return clock.now() + timedelta(**amount)
