"""What every ranking criterion must hold, the ones added later too."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.contests.models import Standing
from elearn.contests.queries.contests import RANKINGS
from elearn.contests.rules.candidates import COLUMNS, Candidate, Criterion, Own, Step, key_of
from elearn.contests.rules.settings import DEFAULT_CHAIN
from elearn.contests.rules.standings import rank

CRITERIA = list(RANKINGS)
figure = st.none() | st.integers(0, 2**41)
candidates = st.builds(
    Candidate,
    entry_id=st.integers(1, 10**6),
    correct_count=st.integers(0, 20),
    question_count=st.just(20),
    score=st.integers(0, 10**9),
    prediction=figure,
    prediction_distance=figure,
    working_ms=st.integers(1, 600_000),
    submitted_ms=st.integers(1, 2**41),
    attempts_used=st.integers(1, 20),
    total_score=figure,
    best_score=figure,
    lot=figure,
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
        better, worse = (key_of(criterion, one) for one in (example.better, example.worse))
        assert better == worse if example.is_equal else better < worse


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda one: one.key)
def test_it_orders_by_a_figure_of_the_standings(criterion: Criterion) -> None:
    assert criterion.column in COLUMNS
    assert criterion.column in Standing.__table__.c


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda one: one.key)
@pytest.mark.parametrize("step", [(0, 0), (0, 3), (2, 0), (2, 3)])
def test_it_says_why_in_words(criterion: Criterion, step: tuple[int, int]) -> None:
    for guess in ("", "3.140"):
        own = Own(3, 20, 20, guess, "2", "3.142", False, "7 phút", "9,5", 2)
        for words in criterion.tell(own, Step(criterion.key, *step)):
            assert (words.message % words.values).endswith(".")


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda one: one.key)
def test_it_ranks_alone_whatever_the_order_of_input(criterion: Criterion) -> None:
    @given(st.lists(candidates, unique_by=lambda one: one.entry_id, max_size=12), st.randoms())
    def holds(found: list[Candidate], chance: random.Random) -> None:
        shuffled = list(found)
        chance.shuffle(shuffled)
        rows = rank(found, [criterion])
        assert rows == rank(shuffled, [criterion])
        for above, row in itertools.pairwise(rows):
            one, other = key_of(criterion, above.candidate), key_of(criterion, row.candidate)
            assert one <= other
            assert (above.place == row.place) == (one == other)

    holds()


def test_it_has_the_default_chain() -> None:
    assert set(DEFAULT_CHAIN) <= set(RANKINGS.keys())
