"""Drawing: reproducible from the seed, uniform, nothing twice."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.lib.errors import DomainError
from elearn.questions.rules.drawing import Draw, Stream, draw

seeds = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(seeds, st.integers(1, 20), st.integers(0, 20))
def test_it_draws_the_same_from_the_same_seed(seed, count, more):
    parts = [Draw(1, count, "nhan_biet"), Draw(1, more)]
    pools = {parts[0]: list(range(20)), parts[1]: list(range(40))}
    paper = draw(parts, pools, seed)
    assert paper == draw(parts, pools, seed)
    assert len(set(paper)) == count + more
    assert sum(version < 20 for version in paper) >= count


@given(seeds, st.integers(0, 60))
def test_it_permutes(seed, count):
    assert sorted(Stream(seed, "x").permutation(count)) == list(range(count))


def test_it_refuses_a_pool_that_is_too_small():
    part = Draw(1, 5)
    with pytest.raises(DomainError):
        draw([part], {part: [1, 2, 3]}, "00" * 32)


def chi_square(observed: Counter, expected: float) -> float:
    return sum((count - expected) ** 2 / expected for count in observed.values())


def test_it_gives_every_question_the_same_chance():
    part = Draw(1, 5)
    seen = Counter(v for n in range(4000) for v in draw([part], {part: list(range(10))}, f"{n:064x}"))
    assert chi_square(seen, 2000) < 27.9  # 9 degrees of freedom, p = 0.001


def test_it_gives_every_order_the_same_chance():
    seen = Counter(tuple(Stream(f"{n:064x}", "options").permutation(4)) for n in range(12000))
    assert len(seen) == 24
    assert chi_square(seen, 500) < 49.7  # 23 degrees of freedom, p = 0.001


def test_it_keeps_streams_of_different_purposes_apart():
    assert Stream("00" * 32, "questions").permutation(50) != Stream("00" * 32, "options").permutation(50)


@given(seeds)
def test_it_never_uses_up_on_any_level_what_a_level_needs(seed):
    parts = [Draw(1, 5), Draw(1, 10, "van_dung")]
    pools = {parts[0]: list(range(15)), parts[1]: list(range(10))}
    assert sorted(draw(parts, pools, seed)) == list(range(15))
