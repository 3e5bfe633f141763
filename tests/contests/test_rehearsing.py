"""A rehearsal: its verdict in words, and a small one against a real server."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from elearn.contests.models import Entry
from elearn.contests.rules.rehearsals import SLOW_MS, STEPS, Rehearsal, step_of, verdict
from elearn.core.db import db
from elearn.quizzes.models import Attempt
from tests.contests.conftest import Fair


def rehearsal(**changes: Any) -> Rehearsal:
    steps = tuple(step_of(key, [0.1, 0.2, 0.3]) for key in STEPS)
    return Rehearsal(**{"entrants": 3, "finished": 3, "failures": (), "start_seconds": 6.0, "steps": steps, **changes})


def test_it_reads_figures_off_single_times() -> None:
    step = step_of("save", [n / 100 for n in range(1, 101)])
    assert (step.count, step.p50_ms, step.p95_ms, step.max_ms) == (100, 510, 960, 1000)
    assert step_of("save", []).count == 0


def test_it_counts_starts_a_minute() -> None:
    assert rehearsal().starts_per_minute == 30
    assert rehearsal(start_seconds=0.0).starts_per_minute == 0


@pytest.mark.parametrize(
    ("changes", "is_good"),
    [
        ({}, True),
        ({"finished": 2}, False),
        ({"failures": ("Refused: 503",)}, False),
        ({"steps": (step_of("start", [SLOW_MS / 1000]),)}, False),
        ({"steps": (step_of("start", [(SLOW_MS - 1) / 1000]),)}, True),
    ],
)
def test_it_gives_a_plain_verdict(changes: dict[str, Any], is_good: bool) -> None:
    found = rehearsal(**changes)
    assert found.is_good == is_good
    said = [one.message % one.values for one in verdict(found)]
    assert ("chịu được số người này." in said[-1]) == is_good
    assert all(one.endswith(".") or "Refused" in one for one in said)


def test_it_lets_invented_people_sit_a_shadow_and_touches_nothing_real(app: Any, fair: Fair, at: Any) -> None:
    at(datetime.now(UTC))  # the server of the shadow has a clock of its own
    answer = app.test_cli_runner().invoke(args=["contests", "rehearse", "1", "--entrants", "6", "--seconds", "1", "--json"])
    assert answer.output, answer.exception
    told = json.loads(answer.output)
    assert (told["entrants"], told["finished"], told["failures"]) == (6, 6, 0), told
    assert set(told["steps"]) == set(STEPS)
    assert told["starts_per_minute"] > 0
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 0


def test_it_knows_no_other_rounds(app: Any, fair: Fair) -> None:
    answer = app.test_cli_runner().invoke(args=["contests", "rehearse", "99", "--entrants", "1"])
    assert answer.exit_code == 1
    assert "Không có vòng thi" in answer.output
    assert app.test_cli_runner().invoke(args=["contests", "rehearse", "1", "--entrants", "0"]).exit_code == 2
