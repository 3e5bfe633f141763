"""Limits hold when sixty-four starts arrive at once: exactly one attempt, fifty times, on SQLite and on PostgreSQL."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from elearn.contests import services
from elearn.contests.models import AttemptPermit, Entry, Round
from elearn.contests.rules.settings import RoundSettings
from elearn.contests.services import Person
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError
from elearn.members.models import Member
from elearn.members.rules.people import person_keys
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.services import submit_attempt
from tests.contests.conftest import NOW, SETTINGS

STARTS = 64
TRIES = 50
FEWER = 6


def newcomers(count: int) -> list[Person]:
    """People of Khu phố 5 who have not entered anything."""
    with transaction() as session:
        for n in range(count):
            name_key, search_key = person_keys(f"Người {n}", f"nguoi{n}", f"N{n}")
            session.add(
                Member(
                    code=f"N{n}", login=f"nguoi{n}", login_key=f"nguoi{n}", display_name=f"Người {n}", name_key=name_key,
                    search_key=search_key, unit_id=3, password_hash="", created_at=NOW,
                )
            )  # fmt: skip
        session.flush()
        ids = list(session.scalars(select(Member.id).where(Member.code.startswith("N")).order_by(Member.id)))
    return [Person(number, f"Người {n}", 3, "Khu phố 5") for n, number in enumerate(ids)]


def at_once(app: Any, pool: ThreadPoolExecutor, deeds: list[Callable[[], int]]) -> list[int | str]:
    """What each deed gives when all begin together: an id, or the code of the refusal."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], int]) -> int | str:
        with app.app_context():
            barrier.wait(30)
            try:
                return deed()
            except DomainError as refusal:
                return refusal.code

    return list(pool.map(run, deeds))


@pytest.fixture
def pool() -> Any:
    with ThreadPoolExecutor(STARTS) as found:
        yield found


def of(person: Person) -> tuple[int, int]:
    """(attempts, entries) of a person."""
    db.session.rollback()
    count = select(func.count())
    return (
        db.session.scalar(count.select_from(Attempt).where(Attempt.member_id == person.member_id)) or 0,
        db.session.scalar(count.select_from(Entry).where(Entry.member_id == person.member_id)) or 0,
    )


def test_it_begins_one_attempt_where_the_round_allows_one(app, fair, pool):
    """Where the limit is one, the open attempt is given to all; once it is submitted, all are refused."""
    with transaction() as session:
        fair.round().settings = RoundSettings(attempt_limit=1).store()
        session.get_one(Quiz, fair.round().quiz_id).attempt_limit = 1
    round_id = fair.round().id
    for person in newcomers(TRIES):
        got = at_once(app, pool, [lambda who=person: services.enter_round(round_id, who, NOW)] * STARTS)
        assert len(set(got)) == 1, got
        assert of(person) == (1, 1)
    submit_attempt(int(got[0]), person.member_id, "end", NOW + timedelta(minutes=1))
    again = at_once(app, pool, [lambda: services.enter_round(round_id, person, NOW + timedelta(minutes=2))] * STARTS)
    assert set(again) == {"attempts_used_up"}


@pytest.mark.parametrize("limit", ["attempts_per_day", "attempts_per_contest"])
def test_it_begins_one_attempt_over_two_rounds(app, fair, pool, limit):
    """Two rounds open together: an open attempt of one does not shield the other, only the permit does."""
    with transaction() as session:
        fair.round().contest.settings = dataclasses.replace(SETTINGS, **{limit: 1}).store()
        second = fair.round(2)
        second.opens_at = NOW - timedelta(hours=1)
        session.get_one(Quiz, second.quiz_id).opens_at = second.opens_at
    ids = list(db.session.scalars(select(Round.id).order_by(Round.number)))
    for person in newcomers(FEWER):
        deeds = [lambda who=person, which=ids[n % 2]: services.enter_round(which, who, NOW) for n in range(STARTS)]
        got = at_once(app, pool, deeds)
        assert of(person)[0] == 1
        assert {one for one in got if isinstance(one, str)} == {"permits_used_up"}, got
        db.session.rollback()
        permits = select(func.count()).select_from(AttemptPermit).where(AttemptPermit.member_id == person.member_id)
        assert db.session.scalar(permits) == 1
