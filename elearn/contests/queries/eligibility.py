"""What keeps a person out of a round or lets them in that neither their record nor their roles tell."""

from __future__ import annotations

from sqlalchemy import Connection, exists, or_, select

from elearn.questions.models import Question, QuestionVersion
from elearn.quizzes.models import Quiz


def has_written(connection: Connection, quiz_id: int, member_id: int) -> bool:
    """Whether the person wrote a version of, or reviewed, a question of the banks and questions from which the paper is drawn.

    Retired questions count too: who wrote them has seen the bank.
    """
    blueprint = connection.scalar(select(Quiz.blueprint).where(Quiz.id == quiz_id)) or []
    banks = {part["bank"] for part in blueprint if part.get("bank") is not None}
    questions = {part["question"] for part in blueprint if part.get("question") is not None}
    within = or_(Question.bank_id.in_(banks), Question.id.in_(questions))
    wrote = exists().where(QuestionVersion.question_id == Question.id, QuestionVersion.author_id == member_id)
    theirs = or_(Question.author_id == member_id, Question.reviewed_by_id == member_id, wrote)
    return connection.scalar(select(Question.id).where(within, theirs).limit(1)) is not None
