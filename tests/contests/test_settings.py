"""Settings travel to JSON and back, and say where they cannot be."""

from __future__ import annotations

import json
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.contests.rules.settings import (
    AUDIENCES,
    COUNTED,
    Advance,
    ContestSettings,
    Hours,
    PrizeKind,
    RoundSettings,
    UnitFormula,
    UnitTarget,
    within,
)
from elearn.lib.errors import InvalidInput

prizes = st.lists(
    st.builds(PrizeKind, title=st.text(min_size=1), count=st.integers(1, 9), amount=st.integers(0, 10**8)), max_size=3
)
contests = st.builds(
    ContestSettings,
    audience=st.sampled_from(AUDIENCES),
    unit_ids=st.lists(st.integers(1, 99), max_size=3).map(tuple),
    minimum_age=st.none() | st.integers(6, 90),
    age_on=st.none() | st.dates(),
    counted=st.sampled_from(COUNTED),
    prizes=prizes.map(tuple),
    units=st.builds(
        UnitFormula,
        weights=st.dictionaries(st.sampled_from(("rate", "mean")), st.integers(0, 100)),
        shrink_to=st.integers(0, 50),
        headcount_on=st.none() | st.dates(),
    ),
    unit_targets=st.lists(
        st.builds(UnitTarget, count=st.integers(1, 99), unit_ids=st.lists(st.integers(1, 9)).map(tuple)), max_size=2
    ).map(tuple),
)
hours = st.builds(
    Hours,
    days=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    begin=st.integers(0, 23).map(lambda hour: time(hour, 30)),
    end=st.just(time(23, 59)),
)
rounds = st.builds(
    RoundSettings,
    metric=st.sampled_from(("", "people", "percent_all_correct")),
    hours=st.lists(hours, max_size=2).map(tuple),
    attempt_limit=st.none() | st.integers(1, 9),
    advance=st.none() | st.builds(Advance, from_round=st.integers(1, 9), top=st.integers(1, 99)),
    prizes=st.none() | prizes.map(tuple),
)


@given(contests)
def test_it_stores_a_contest_and_reads_it_again(settings: ContestSettings) -> None:
    assert ContestSettings.read(json.loads(json.dumps(settings.store()))) == settings


@given(rounds)
def test_it_stores_a_round_and_reads_it_again(settings: RoundSettings) -> None:
    assert RoundSettings.read(json.loads(json.dumps(settings.store()))) == settings


def test_it_stores_nothing_that_equals_the_default() -> None:
    assert ContestSettings().store() == {}
    assert RoundSettings().store() == {}


def test_it_lets_a_round_decide_for_itself() -> None:
    contest = ContestSettings(prizes=(PrizeKind("Nhất", 1),))
    assert within(contest, RoundSettings()) == contest
    own = within(contest, RoundSettings(prizes=(), criteria=("highest_score",)))
    assert own.prizes == ()
    assert own.criteria == ("highest_score",)


@pytest.mark.parametrize(
    ("stored", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"prizes": ["Nhất"]}, "prizes"),
        ({"prizes": [{"title": "Nhất"}]}, "prizes"),
        ({"prizes": [{"title": "Nhất", "count": 1, "size": 2}]}, "size"),
        ({"age_on": "31/02/2026"}, "age_on"),
    ],
)
def test_it_names_what_cannot_be_read(stored: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ContestSettings.read(stored)
    assert refusal.value.field == field


@pytest.mark.parametrize("stored", [{"hours": [{"days": [0], "begin": "25:00", "end": "26:00"}]}, {"hours": [{"days": [0]}]}])
def test_it_names_hours_that_cannot_be_read(stored: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        RoundSettings.read(stored)
    assert refusal.value.field == "hours"


def test_it_keeps_days_as_they_are_written() -> None:
    assert ContestSettings(age_on=date(2026, 10, 14)).store() == {"age_on": "2026-10-14"}
