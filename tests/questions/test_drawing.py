"""Drawing: reproducible from the seed, uniform, nothing twice, overlapping pools included."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.lib.errors import DomainError
from elearn.questions.rules.drawing import Stream, _guarded, draw, is_enough

seeds = st.binary(min_size=32, max_size=32).map(bytes.hex)
pools_and_counts = st.lists(
    st.tuples(st.sets(st.integers(0, 11), max_size=8).map(sorted), st.integers(0, 4)), min_size=1, max_size=4
)


def stream(seed) -> Stream:
    return Stream(seed if isinstance(seed, str) else f"{seed:064x}", "questions")


@given(seeds, st.integers(1, 20), st.integers(0, 20))
def test_it_draws_the_same_from_the_same_seed(seed, count, more):
    pools, counts = [list(range(20)), list(range(40))], [count, more]
    drawn = draw(pools, counts, stream(seed))
    assert drawn == draw(pools, counts, stream(seed))
    assert len({version for part in drawn for version in part}) == count + more
    assert all(version < 20 for version in drawn[0])


@given(seeds, st.integers(0, 60))
def test_it_permutes(seed, count):
    assert sorted(Stream(seed, "x").permutation(count)) == list(range(count))


def test_it_refuses_a_pool_that_is_too_small():
    with pytest.raises(DomainError) as refusal:
        draw([[1, 2, 3]], [5], stream(0))
    assert refusal.value.code == "pool_too_small"


def can_be_filled(pools, counts) -> bool:
    """By trying everything."""
    if not pools:
        return True
    return any(
        can_be_filled([[v for v in pool if v not in taken] for pool in pools[1:]], counts[1:])
        for taken in combinations(pools[0], counts[0])
    )


@given(pools_and_counts, seeds)
def test_it_fills_overlapping_parts_exactly_when_they_can_be_filled(parts, seed):
    pools, counts = [list(pool) for pool, _ in parts], [count for _, count in parts]
    assert is_enough(pools, counts) == can_be_filled(pools, counts)
    if not can_be_filled(pools, counts):
        with pytest.raises(DomainError):
            draw(pools, counts, stream(seed))
        return
    order = sorted(range(len(pools)), key=lambda part: len(pools[part]))
    for drawn in (draw(pools, counts, stream(seed)), _guarded(pools, counts, order, stream(seed))):
        assert [len(part) for part in drawn] == counts
        assert all(set(part) <= set(pool) for part, pool in zip(drawn, pools, strict=True))
        flat = [version for part in drawn for version in part]
        assert len(flat) == len(set(flat))


def chi_square(observed: Counter, expected: float) -> float:
    return sum((count - expected) ** 2 / expected for count in observed.values())


def test_it_gives_every_question_the_same_chance():
    seen = Counter(v for n in range(4000) for v in draw([list(range(10))], [5], stream(n))[0])
    assert chi_square(seen, 2000) < 27.9  # 9 degrees of freedom, p = 0.001


@pytest.mark.parametrize(
    ("pools", "counts"),
    [
        ([[0, 1, 2], [2, 3, 4]], [1, 2]),  # overlapping
        ([[0, 1], [0, 1, 2, 3]], [1, 2]),  # one inside the other
        ([[0, 1, 2], [1, 2, 3], [0, 3, 4]], [1, 1, 1]),  # in a ring
        ([[0, 1], [1, 2]], [1, 1]),  # hardly more than is drawn
    ],
)
def test_it_gives_every_way_to_fill_overlapping_parts_the_same_chance(pools, counts):
    ways = {tuple(map(frozenset, way)) for way in _ways(pools, counts) if len({v for part in way for v in part}) == sum(counts)}
    rounds = 400 * len(ways)
    seen = Counter(tuple(map(frozenset, draw(pools, counts, stream(n)))) for n in range(rounds))
    assert set(seen) == ways
    # Mean and spread of chi-square with k degrees of freedom are k and sqrt(2k): four spreads above are p < 0.001.
    freedom = len(ways) - 1
    assert chi_square(seen, 400) < freedom + 4 * (2 * freedom) ** 0.5


def _ways(pools, counts):
    if not pools:
        yield ()
        return
    for first in combinations(pools[0], counts[0]):
        for rest in _ways(pools[1:], counts[1:]):
            yield (first, *rest)


def test_it_gives_every_order_the_same_chance():
    seen = Counter(tuple(Stream(f"{n:064x}", "options").permutation(4)) for n in range(12000))
    assert len(seen) == 24
    assert chi_square(seen, 500) < 49.7  # 23 degrees of freedom, p = 0.001


def test_it_keeps_streams_of_different_purposes_apart():
    assert Stream("00" * 32, "questions").permutation(50) != Stream("00" * 32, "options").permutation(50)


def test_it_takes_any_words_for_a_seed():
    assert Stream("kỳ thi tháng 10", "x").permutation(9) == Stream("kỳ thi tháng 10", "x").permutation(9)
    assert Stream("đề A", "x").permutation(9) != Stream("đề B", "x").permutation(9)


@given(seeds)
def test_it_never_uses_up_on_any_level_what_a_level_needs(seed):
    drawn = draw([list(range(15)), list(range(10))], [5, 10], stream(seed))
    assert sorted(drawn[0] + drawn[1]) == list(range(15))
