"""What keeps a person out of a round or lets them in that neither their record nor their roles tell."""

from __future__ import annotations

from sqlalchemy import Connection, exists, func, or_, select
from sqlalchemy.orm import aliased

from elearn.contests.models import Entry, Round, Settlement, Standing
from elearn.contests.rules.settings import Advance
from elearn.questions.models import Question, QuestionVersion
from elearn.quizzes.models import Quiz
from elearn.units.models import Unit


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


def has_advanced(connection: Connection, contest_id: int, advance: Advance, member_id: int) -> bool:
    """Whether the person is among those who go on, by the latest settlement of the earlier round; nobody is before there is one.

    Equals share a place and go on together. Within a unit or a group (the segment of the unit for which one stands) it is the place among its own
    people that counts.
    """
    latest = (
        select(func.max(Settlement.id))
        .join(Round, Round.id == Settlement.round_id)
        .where(Round.contest_id == contest_id, Round.number == advance.from_round)
        .scalar_subquery()
    )
    query = (
        select(Standing.place, Standing.unit_id, Unit.segment)
        .join(Entry, Entry.id == Standing.entry_id)
        .join(Unit, Unit.id == Standing.unit_id)
        .where(Standing.settlement_id == latest, Entry.member_id == member_id, Entry.is_counted)
    )
    own = connection.execute(query).one_or_none()
    if own is None:
        return False
    if advance.per == "all":
        return bool(own.place <= advance.top)
    ahead = select(func.count()).select_from(Standing).where(Standing.settlement_id == latest, Standing.place < own.place)
    if advance.per == "unit":
        ahead = ahead.where(Standing.unit_id == own.unit_id)
    else:
        theirs = aliased(Unit)
        ahead = ahead.join(theirs, theirs.id == Standing.unit_id).where(theirs.segment == own.segment)
    return (connection.scalar(ahead) or 0) < advance.top
