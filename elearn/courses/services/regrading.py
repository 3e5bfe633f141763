"""What a corrected quiz means for those who take its course: best attempt, passing and completion, both ways."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.courses.models import CourseEdition, Taking
from elearn.courses.rules.completion import is_complete
from elearn.members.models import Member
from elearn.quizzes.hooks import Consequence, Regraded, Why
from elearn.quizzes.models import Attempt

CHUNK = 400
NAMES = 10
"""Names told with a consequence; the rest is counted."""


def follow_regrade(session: Session, regraded: Sequence[Regraded], why: Why) -> list[Consequence]:
    """Bring takings into line with the results as they are now; say whose completion came or went."""
    if not regraded:
        return []
    editions = {
        edition.id: edition
        for edition in session.scalars(select(CourseEdition).where(CourseEdition.quiz_id == regraded[0].quiz_id))
    }
    came: list[int] = []
    went: list[int] = []
    members = sorted({one.member_id for one in regraded})
    for first in range(0, len(members) if editions else 0, CHUNK):
        part = members[first : first + CHUNK]
        sat: dict[int, list[Attempt]] = {}
        for attempt in session.scalars(
            select(Attempt).where(Attempt.quiz_id == regraded[0].quiz_id, Attempt.member_id.in_(part), Attempt.state == "submitted")
        ):
            sat.setdefault(attempt.member_id, []).append(attempt)
        for taking in session.scalars(select(Taking).where(Taking.edition_id.in_(editions), Taking.member_id.in_(part))):
            was_complete = taking.completed_at is not None
            bring_into_line(taking, editions[taking.edition_id], sat.get(taking.member_id, []), why)
            if was_complete != (taking.completed_at is not None):
                (went if was_complete else came).append(taking.member_id)
    session.flush()
    found = []
    for people, text in (
        (came, "%(n)s người được công nhận hoàn thành khoá học."),
        (went, "%(n)s người không còn hoàn thành khoá học."),
    ):
        if people:
            names = session.scalars(select(Member.display_name).where(Member.id.in_(people[:NAMES])).order_by(Member.name_key))
            found.append(Consequence("Khoá học", text, {"n": len(people)}, tuple(names)))
    return found


def bring_into_line(taking: Taking, edition: CourseEdition, attempts: Sequence[Attempt], why: Why) -> None:
    """Set best attempt, passing and completion of one taking from the attempts as they are."""
    marked = [one for one in attempts if one.mark is not None and one.submitted_at is not None and not one.is_discarded]
    best = max(marked, key=lambda one: (one.mark, -one.submitted_at.timestamp() if one.submitted_at else 0), default=None)
    taking.best_attempt_id = best.id if best else None
    passed = [one.submitted_at for one in marked if one.is_passed and one.submitted_at is not None]
    taking.passed_at = min(passed) if passed else None
    is_done = is_complete(taking.lessons_done, len(edition.lessons), edition.quiz_id is not None, taking.passed_at is not None)
    if not is_done:
        taking.completed_at = None
    elif taking.completed_at is None:
        taking.completed_at = why.at
