"""Time for which the server did not answer is given back, and is no working time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from elearn.core.db import db
from elearn.quizzes.models import Attempt, AttemptEvent, ServerOutage
from elearn.quizzes.rules.attempts import working_ms
from elearn.quizzes.rules.outages import LONGEST, THRESHOLD, Outage, credit, outage_between
from elearn.quizzes.services import submit_attempt
from elearn.quizzes.services.outages import beat, list_outages
from tests.contests.conftest import NOW, Fair, at, fair

__all__ = ["at", "fair"]
T = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
S = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("gap", "own_silence", "seconds"),
    [
        (THRESHOLD - S, None, None),
        (THRESHOLD, None, 15),
        (LONGEST, None, 6 * 3600),
        (LONGEST + S, None, None),
        (timedelta(hours=2), 5 * S, None),  # the clock was set, this process has been beating all the time
        (timedelta(hours=2), 40 * S, 40),
        (5 * S, 40 * S, None),  # this process stood still, another one answered
        (-timedelta(hours=2), None, None),
    ],
)
def test_it_knows_an_outage_from_a_clock_that_was_set(gap: timedelta, own_silence: timedelta | None, seconds: int | None) -> None:
    found = outage_between(T, T + gap, own_silence)
    assert (found.duration.total_seconds() if found else None) == seconds
    assert outage_between(None, T, None) is None


@given(st.integers(-3600, 3600), st.integers(60, 3600), st.integers(15, 3600))
def test_it_gives_back_what_was_lost_and_never_more(start: int, minutes: int, length: int) -> None:
    outage = Outage(T, T + length * S)
    started_at, deadline_at = T + start * S, T + start * S + minutes * S
    seconds = credit(outage, started_at, deadline_at)
    assert 0 <= seconds <= length
    if seconds and started_at <= T:
        left_before = deadline_at - T
        assert deadline_at + seconds * S - outage.ended_at == left_before, "as much is left after the outage as before it"
    if deadline_at <= T or started_at >= outage.ended_at:
        assert seconds == 0


def test_it_counts_no_outage_as_work() -> None:
    assert working_ms(T, T + 90 * S, 30) == 60_000
    assert working_ms(T, T + 90 * S, 0) == 90_000
    assert working_ms(T, T + 10 * S, 30) == 0


def test_it_gives_time_back_to_every_running_clock(fair: Fair) -> None:
    running, later = fair.start(1), fair.start(2, NOW + timedelta(minutes=2))
    done = fair.sit(3, 2)
    deadline = db.session.get_one(Attempt, running).deadline_at
    before = db.session.get_one(Attempt, done).deadline_at
    db.session.rollback()
    assert beat(NOW + timedelta(minutes=1), None) is None
    outage = beat(NOW + timedelta(minutes=4), None)
    assert outage is not None
    db.session.rollback()
    assert db.session.get_one(Attempt, running).deadline_at == deadline + timedelta(minutes=3)
    assert db.session.get_one(Attempt, later).deadline_at == deadline + timedelta(minutes=2) + timedelta(minutes=2)
    assert db.session.get_one(Attempt, done).deadline_at == before
    told = db.session.scalars(select(AttemptEvent).where(AttemptEvent.kind == "extended", AttemptEvent.attempt_id == running)).one()
    assert (told.data["seconds"], told.data["why"]) == (180, "outage")
    (kept,) = db.session.scalars(select(ServerOutage))
    assert kept.attempts == 2
    db.session.rollback()
    assert beat(NOW + timedelta(minutes=4), None) is None, "the second process finds the beat of the first"
    assert len(list_outages(NOW, NOW + timedelta(hours=1))) == 1
    assert list_outages(NOW + timedelta(hours=1), NOW + timedelta(hours=2)) == []
    submit_attempt(running, 1, "end", NOW + timedelta(minutes=10))
    db.session.rollback()
    assert db.session.get_one(Attempt, running).working_ms == 7 * 60_000


def test_a_serving_process_beats_before_it_answers(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from elearn import heart

    seen: list[Any] = []
    monkeypatch.setattr(heart, "beat", lambda now, silence: seen.append(silence))
    monkeypatch.setattr(heart.threading, "Thread", lambda **_: type("Still", (), {"start": lambda self: seen.append("thread")})())
    from flask import Flask

    serving = Flask("serving")
    heart.init_heart(serving)
    serving.add_url_rule("/", "x", lambda: "ok")
    assert serving.test_client().get("/").data == b"ok"
    serving.test_client().get("/")
    assert seen == [None, "thread"], "once a process"
    quiet = Flask("tests")
    quiet.testing = True
    heart.init_heart(quiet)
    assert not quiet.before_request_funcs


def test_it_goes_on_when_a_beat_cannot_be_written(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from elearn import heart

    def full(*_: Any) -> None:
        raise OSError("database or disk is full")

    monkeypatch.setattr(heart, "beat", full)
    assert heart._beat(app, 7.0) == 7.0, "the next beat knows how long it was silent"
