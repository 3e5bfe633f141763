"""Enters a person into a round and starts an attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from elearn.contests.models import Contest, Entry, Round
from elearn.contests.queries.entries import entrant_at, terms_at
from elearn.contests.rules.entry import reason_against
from elearn.core.db import read_connection, write_connection
from elearn.lib.errors import NotFound
from elearn.quizzes.services import start_attempt


@dataclass(frozen=True)
class Person:
    """Somebody who enters, as they are now; `roles` are those they hold anywhere."""

    member_id: int
    display_name: str
    unit_id: int
    unit_name: str
    roles: frozenset[str] = frozenset()


def enter_round(round_id: int, person: Person, now: datetime) -> int:
    """The id of the person's attempt: the one under way, or a new one. Name and unit are kept as on the first entry.

    Raises the DomainError that says why not; NotFound for no such round.
    """
    with read_connection() as connection:
        terms = terms_at(connection, round_id)
        if terms is None:
            raise NotFound()
        entrant = entrant_at(connection, round_id, person.member_id, person.roles, now)
        entered = connection.scalar(select(Entry.id).where(Entry.round_id == round_id, Entry.member_id == person.member_id))
        quiz_id = connection.execute(select(Round.quiz_id).where(Round.id == round_id)).scalar_one()
    reason = reason_against(entrant, terms, now)
    if reason is not None:
        raise reason
    if entered is None:
        _enter(round_id, person, now)
    return start_attempt(quiz_id, person.member_id, person.unit_id, now)


def _enter(round_id: int, person: Person, now: datetime) -> None:
    """Write name and unit of now, once; the rules of the contest are fixed from the opening of its first round on."""
    try:
        with write_connection() as connection:
            contest_id = connection.execute(select(Round.contest_id).where(Round.id == round_id)).scalar_one()
            connection.execute(
                insert(Entry).values(
                    round_id=round_id, member_id=person.member_id, display_name=person.display_name, unit_id=person.unit_id,
                    unit_name=person.unit_name, entered_at=now,
                )
            )  # fmt: skip
            frozen = connection.scalar(select(Contest.rules_frozen_at).where(Contest.id == contest_id))
            if frozen is None:
                first = connection.scalar(select(func.min(Round.opens_at)).where(Round.contest_id == contest_id))
                connection.execute(update(Contest).where(Contest.id == contest_id).values(rules_frozen_at=first))
    except IntegrityError:
        pass  # another page of the same person was first
