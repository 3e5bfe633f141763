"""Writes the bank with one question of every type, and the quiz that sits it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from elearn.demo.rules.sampler import (
    BANK,
    BANK_TITLE,
    BANK_TITLE_EN,
    QUIZ,
    QUIZ_INTRO,
    QUIZ_TITLE,
    QUIZ_TITLE_EN,
    sampler,
)
from elearn.lib.periods import local_day
from elearn.questions.models import Question
from elearn.questions.services import BankSpec, put_bank, put_drafts
from elearn.quizzes.services import QuizSpec, create_quiz

OPEN_FOR = timedelta(days=60)


def make_sampler(session: Session, unit_id: int, author: int, reviewer: int, now: datetime) -> None:
    """The bank, written by one person and read by another, and an open quiz of all its questions."""
    today = local_day(now)
    bank = put_bank(session, BankSpec(BANK, BANK_TITLE, BANK_TITLE_EN, unit_id, as_of=today, reviewed_on=today))
    drafts = sampler()
    numbers = put_drafts(session, bank, drafts, author, now)
    read = {"status": "in_use", "reviewed_by_id": reviewer, "reviewed_at": now}
    session.execute(update(Question).where(Question.id.in_(numbers)).values(read))
    paper = [{"question": number, "mark": str(draft.default_mark)} for number, draft in zip(numbers, drafts, strict=True)]
    create_quiz(
        session,
        QuizSpec(
            QUIZ, QUIZ_TITLE, "", unit_id, paper, 20 * 60, 3,
            title_en=QUIZ_TITLE_EN, intro=QUIZ_INTRO, pass_percent=50, closes_at=(now + OPEN_FOR).replace(microsecond=0), is_for_all=True,
            shuffle_questions=False, review="after_submit", made_by_id=author, made_at=now,
        ),
    )  # fmt: skip
