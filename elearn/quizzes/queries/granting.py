"""What is granted to people: more time and attempts at one quiz, and what somebody needs at every quiz."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.quizzes.models import Accommodation, Allowance, Attempt, Quiz
from elearn.quizzes.rules.timing import Granted, Need, Needs, last_end, needs_on
from elearn.units.models import Unit

_GRANTS = (
    select(Allowance.extra_seconds, Allowance.extra_attempts, Allowance.member_id, Unit.path)
    .join(Unit, Unit.id == Allowance.unit_id, isouter=True)
    .where(Allowance.revoked_at.is_(None), Allowance.quiz_id == bindparam("quiz"))
)
_NEEDS = select(
    Accommodation.time_permille,
    Accommodation.valid_from,
    Accommodation.valid_to,
    Accommodation.is_large_print,
    Accommodation.is_screen_reader,
).where(Accommodation.member_id == bindparam("member"))


def grants_of(connection: Connection, quiz_id: int) -> list[Granted]:
    """What is granted at the quiz and not taken back."""
    return [Granted(*row) for row in connection.execute(_GRANTS, {"quiz": quiz_id})]


def needs_of(connection: Connection, member_id: int, day: date) -> Needs:
    """What holds for the person on the day; the usual where nothing is granted."""
    return needs_on([Need(*row) for row in connection.execute(_NEEDS, {"member": member_id})], day)


def last_end_of(connection: Connection, quiz_id: int, closes_at: datetime | None) -> datetime | None:
    """The moment from which on nobody can be at the quiz any more, with all that was granted; None for a quiz that never closes."""
    if closes_at is None:
        return None
    running = connection.scalars(select(Attempt.deadline_at).where(Attempt.quiz_id == quiz_id, Attempt.state == "open"))
    return last_end(closes_at, grants_of(connection, quiz_id), running)


def list_allowances(quiz_id: int) -> Sequence[Allowance]:
    """All that was ever granted at the quiz, with person and unit, the newest first."""
    query = select(Allowance).where(Allowance.quiz_id == quiz_id).options(joinedload(Allowance.member), joinedload(Allowance.unit))
    return db.session.scalars(query.order_by(Allowance.id.desc())).all()


def list_accommodations(member_id: int) -> Sequence[Accommodation]:
    """All that was ever granted to the person, the newest first."""
    return db.session.scalars(
        select(Accommodation).where(Accommodation.member_id == member_id).order_by(Accommodation.id.desc())
    ).all()


def find_allowance(allowance_id: int) -> tuple[Allowance, Quiz] | None:
    """What was granted, and at which quiz; None where there is none of that number."""
    query = select(Allowance, Quiz).join(Quiz, Quiz.id == Allowance.quiz_id).where(Allowance.id == allowance_id)
    found = db.session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None
