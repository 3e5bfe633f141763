"""What quizzes tell members about the rows that they keep of people."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from elearn.core import clock
from elearn.core.db import db
from elearn.jobs.hooks import Tell, works
from elearn.members import hooks
from elearn.quizzes.models import Attempt, Quiz

ATTEMPTS = hooks.Carried(Attempt, "member_id", "Bài làm", ("quiz_id",))


def wire(app: Flask) -> None:
    """Attempts go over with their person, quiz by quiz, and are part of one's own data."""
    hooks.add(hooks.results, ATTEMPTS)
    hooks.add(hooks.own_data, own_data)
    works.update(quiz_statistics=work_out_statistics)


def work_out_statistics(arguments: Any, tell: Tell) -> Any:
    """The statistics of a quiz in the background; run again it replaces what was worked out before."""
    # numpy comes with it: only the worker needs that.
    from elearn.quizzes.services.analysing import analyse_quiz

    found = analyse_quiz(arguments["quiz"], arguments["which"], clock.now(), tell)
    return {"attempts": found.attempts}


def own_data(member_id: int) -> dict[str, Any]:
    """Attempts of a person; marks only once the quiz is closed, and never the paper, which may be in use."""
    query = select(Attempt, Quiz).join(Quiz, Quiz.id == Attempt.quiz_id).where(Attempt.member_id == member_id)
    found = []
    for one, quiz in db.session.execute(query.order_by(Attempt.id)):
        row = {
            "place": quiz.place, "quiz": quiz.title, "number": one.number, "state": one.state, "started_at": one.started_at.isoformat(),
            "submitted_at": one.submitted_at.isoformat() if one.submitted_at else None,
        }  # fmt: skip
        if one.state == "submitted" and (quiz.closes_at is None or quiz.closes_at <= clock.now()):
            row |= {
                "mark": str(one.mark),
                "max_mark": str(one.max_mark),
                "correct_count": one.correct_count,
                "is_passed": one.is_passed,
            }
        found.append(row)
    return {"attempts": found}
