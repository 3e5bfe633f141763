"""People and attempts over time: one grouped statement each, whatever the number of attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from elearn.classes.queries.cohorts import list_deadlines
from elearn.contests.models import Contest, Round
from elearn.core.db import db
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, role_paths
from elearn.quizzes.models import Attempt
from elearn.units.models import Unit


def _within(actor: Actor) -> ColumnElement[bool]:
    return below(Unit.path, role_paths(actor, "unit.view"))


def may_see_figures(actor: Actor) -> bool:
    """Whether some role covers figures of units."""
    return bool(role_paths(actor, "unit.view"))


def count_by_period(actor: Actor, starts: Sequence[datetime], end: datetime) -> list[tuple[int, int]]:
    """(people, attempts) submitted in each half-open period from one start to the next, the last up to `end`.

    People are counted once a period. The condition on state and deadline lets the database use their index: an attempt is
    submitted before its deadline, or at it.
    """
    index = case(*((Attempt.submitted_at < start, number) for number, start in enumerate(starts[1:])), else_=len(starts) - 1)
    period = index.label("period")
    query = (
        select(period, func.count(Attempt.member_id.distinct()), func.count())
        .join(Unit, Unit.id == Attempt.unit_id)
        .where(
            Attempt.state == "submitted",
            Attempt.deadline_at >= starts[0],
            Attempt.submitted_at >= starts[0],
            Attempt.submitted_at < end,
            _within(actor),
        )
        .group_by(period)
    )
    found = {number: (people, attempts) for number, people, attempts in db.session.execute(query)}
    return [found.get(number, (0, 0)) for number in range(len(starts))]


@dataclass(frozen=True)
class Appointment:
    """A moment of the week; `kind` is course_due, round_opens or round_closes."""

    at: datetime
    kind: str
    title: str
    url_id: int | None = None


def list_appointments(actor: Actor, start: datetime, end: datetime) -> list[Appointment]:
    """Deadlines of visible classes and hours of the rounds of published contests, in order of time."""
    found = [Appointment(due_at, "course_due", title, number) for number, title, due_at in list_deadlines(actor, start, end)]
    rounds = select(Contest.title, Round.title, Round.opens_at, Round.closes_at).join(Contest, Contest.id == Round.contest_id)
    rounds = rounds.where(Contest.is_published, Round.closes_at >= start, Round.opens_at < end)
    for contest, title, opens_at, closes_at in db.session.execute(rounds):
        name = f"{title}, {contest}"
        found += [
            Appointment(at, kind, name)
            for at, kind in ((opens_at, "round_opens"), (closes_at, "round_closes"))
            if start <= at < end
        ]
    return sorted(found, key=lambda one: (one.at, one.title))
