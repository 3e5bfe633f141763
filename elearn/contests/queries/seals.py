"""What a round would commit to, and what it has committed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from elearn.contests.models import LogCheckpoint, LogClosing, Round, Seal
from elearn.contests.rules.seals import Checkpoint, Closing, rules_of_round
from elearn.core.db import db
from elearn.lib.periods import local_day
from elearn.questions.models import Question, QuestionVersion
from elearn.questions.queries import TYPES
from elearn.quizzes.models import Quiz
from elearn.quizzes.queries.drawing import plan_of, pools_of
from elearn.quizzes.rules.grading import plain

CHUNK = 500


def rules_now(connection: Connection, sealed: Round) -> dict[str, Any]:
    """The rules of a round with the versions that may be asked, as they are now.

    A question whose fact ceases to hold before the round closes is not asked: the versions are the same for everybody.
    """
    quiz = sealed.quiz
    pools = pools_of(connection, plan_of(quiz), local_day(sealed.closes_at))
    return rules_of_round(sealed.contest.rules.store(), sealed.own_rules.store(), sealed.kind, _quiz(quiz), pools)


def _quiz(quiz: Quiz) -> dict[str, Any]:
    return {
        "blueprint": quiz.blueprint, "sections": quiz.sections, "question_count": quiz.question_count,
        "shuffle_questions": quiz.shuffle_questions, "shuffle_options": quiz.shuffle_options, "is_fixed": bool(quiz.paper_seed),
        "time_limit_seconds": quiz.time_limit_seconds, "late_policy": quiz.late_policy, "grace_seconds": quiz.grace_seconds,
        "wrong_penalty": None if quiz.wrong_penalty is None else plain(quiz.wrong_penalty), "certainty": quiz.certainty,
        "pass_percent": quiz.pass_percent, "prediction_decimals": quiz.prediction_decimals,
    }  # fmt: skip


def versions_of(connection: Connection, pools: Sequence[Sequence[int]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(words, keys) of every version in the pools, in the order of their ids: what papers show, and by what they are marked."""
    wanted = sorted({version for pool in pools for version in pool})
    words, keys = [], []
    for first in range(0, len(wanted), CHUNK):
        query = (
            select(
                QuestionVersion.id, Question.code, QuestionVersion.number, QuestionVersion.type, QuestionVersion.text,
                QuestionVersion.text_format, QuestionVersion.body, QuestionVersion.default_mark,
            )
            .join(Question, Question.id == QuestionVersion.question_id)
            .where(QuestionVersion.id.in_(wanted[first : first + CHUNK]))
            .order_by(QuestionVersion.id)
        )  # fmt: skip
        for row in connection.execute(query):
            words.append(
                {
                    "id": row.id, "question": row.code, "number": row.number, "type": row.type, "text": row.text,
                    "format": row.text_format, "options": TYPES[row.type].texts(row.body),
                    "mark": plain(row.default_mark),
                }
            )  # fmt: skip
            keys.append({"id": row.id, "type": row.type, "body": row.body})
    return words, keys


def find_seal(round_id: int) -> Seal | None:
    """The seal in force: the last one; None where the round has none."""
    return db.session.scalars(select(Seal).where(Seal.round_id == round_id).order_by(Seal.number.desc()).limit(1)).first()


def list_seals(round_id: int) -> Sequence[Seal]:
    """All seals of a round, the first one first."""
    return db.session.scalars(select(Seal).where(Seal.round_id == round_id).order_by(Seal.number)).all()


def find_closing(round_id: int) -> LogClosing | None:
    """The roots of the closing; None before it."""
    return db.session.get(LogClosing, round_id)


_MARKS = select(
    LogCheckpoint.number,
    LogCheckpoint.at,
    LogCheckpoint.count.label("events"),
    LogCheckpoint.head,
    LogCheckpoint.root,
    LogCheckpoint.signature,
)


def list_checkpoints(connection: Connection, round_id: int) -> Sequence[Any]:
    """Rows (number, at, count, head, root, signature) of a round's checkpoints in their order; without the lines."""
    return connection.execute(_MARKS.where(LogCheckpoint.round_id == round_id).order_by(LogCheckpoint.number)).all()


def list_all_checkpoints(round_id: int) -> Sequence[Any]:
    """The same, for a page."""
    return list_checkpoints(db.session.connection(), round_id)


def list_latest_checkpoints(round_id: int, count: int) -> Sequence[Any]:
    """The last so many of them, the latest first."""
    query = _MARKS.where(LogCheckpoint.round_id == round_id).order_by(LogCheckpoint.number.desc()).limit(count)
    return db.session.execute(query).all()


def checkpoint_says(name: str, row: Any) -> dict[str, Any]:
    """A checkpoint as it is published, with its signature."""
    return {**Checkpoint(name, row.number, row.at, row.events, row.head, row.root).says(), "signature": row.signature}


def closing_of(name: str, row: LogClosing) -> Closing:
    """A closing as the rules see it."""
    return Closing(name, row.at, row.entrants, row.entrants_root, row.events, row.log_head, row.predictions, row.predictions_root)
