"""What every ranking criterion must hold, the ones added later too."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.contests.queries.contests import DEFAULT_CHAIN, RANKINGS
from elearn.contests.rules.candidates import Candidate, Criterion
from elearn.contests.rules.standings import rank

CRITERIA = list(RANKINGS)
candidates = st.builds(
    Candidate,
    attempt_id=st.integers(1, 10**6),
    member_id=st.integers(1, 10**6),
    correct_count=st.integers(0, 20),
    question_count=st.just(20),
    prediction=st.none() | st.integers(0, 10**9),
    working_ms=st.integers(1, 600_000),
    submitted_ms=st.integers(1, 2**41),
)


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda one: one.key)
def test_it_says_who_it_is(criterion: Criterion) -> None:
    assert criterion.key == criterion.key.lower().strip()
    assert len(criterion.key) <= 30, "standings keep the key in thirty characters"
    assert criterion.name
    assert criterion.sentence.endswith(".")
    assert criterion.examples


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda one: one.key)
def test_it_keeps_its_own_examples(criterion: Criterion) -> None:
    for example in criterion.examples:
        better, worse = (criterion.key_of(one, example.actual) for one in (example.better, example.worse))
        assert better == worse if example.is_equal else better < worse


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda one: one.key)
def test_it_gives_whole_numbers_that_depend_on_nothing_else(criterion: Criterion) -> None:
    @given(candidates, st.integers(0, 10**6))
    def holds(candidate: Candidate, actual: int) -> None:
        key = criterion.key_of(candidate, actual)
        assert type(key) is int
        assert key == criterion.key_of(candidate, actual)

    holds()


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda one: one.key)
def test_it_ranks_alone_whatever_the_order_of_input(criterion: Criterion) -> None:
    @given(st.lists(candidates, unique_by=lambda one: one.member_id, max_size=12), st.integers(0, 30), st.randoms())
    def holds(found: list[Candidate], actual: int, chance: random.Random) -> None:
        shuffled = list(found)
        chance.shuffle(shuffled)
        assert rank(found, [criterion], actual) == rank(shuffled, [criterion], actual)

    holds()


def test_it_has_the_default_chain() -> None:
    assert set(DEFAULT_CHAIN) <= set(RANKINGS.keys())
