"""Drawing a paper from pools of questions: decided wholly by the seed, every question of a pool equally likely.

The seed keys a stream of bytes (HMAC-SHA256 in counter mode); numbers are taken from it by rejection, so that no remainder favours
small ones; permutations are Fisher–Yates.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from elearn.lib.errors import DomainError


@dataclass(frozen=True)
class Draw:
    """So many questions from one bank, of one level or of any (None)."""

    bank_id: int
    count: int
    level: str | None = None


class Stream:
    """Random numbers that the seed alone decides."""

    def __init__(self, seed: str, purpose: str) -> None:
        """`seed` is hexadecimal; streams of different purposes are independent."""
        self._bytes = self._produce(bytes.fromhex(seed), purpose)

    @staticmethod
    def _produce(key: bytes, purpose: str) -> Iterator[int]:
        counter = 0
        while True:
            yield from hmac.digest(key, f"{purpose}|{counter}".encode(), "sha256")
            counter += 1

    def below(self, bound: int) -> int:
        """A whole number from 0 up to, but without, `bound`."""
        if bound <= 1:
            return 0
        width = (bound.bit_length() + 7) // 8
        ceiling = (256**width // bound) * bound
        while True:
            value = int.from_bytes(bytes(next(self._bytes) for _ in range(width)), "big")
            if value < ceiling:
                return value % bound

    def permutation(self, count: int) -> list[int]:
        """range(count), mixed."""
        places = list(range(count))
        for index in range(count - 1, 0, -1):
            other = self.below(index + 1)
            places[index], places[other] = places[other], places[index]
        return places

    def sample(self, pool: Sequence[int], count: int) -> list[int]:
        """`count` different members of the pool, in random order."""
        rest = list(pool)
        for index in range(count):
            other = index + self.below(len(rest) - index)
            rest[index], rest[other] = rest[other], rest[index]
        return rest[:count]


def draw(draws: Sequence[Draw], pools: Mapping[Draw, Sequence[int]], seed: str) -> list[int]:
    """Ids of the versions drawn, in the order of the paper; none twice. Raises DomainError where a pool is too small.

    `pools` gives for each draw the ids it may take, in an order that does not depend on the database.
    """
    stream = Stream(seed, "questions")
    taken: list[int] = []
    # Parts of one level first: a part of any level could otherwise use up what they need, for some seeds only.
    for part in sorted(draws, key=lambda part: part.level is None):
        pool = [version for version in pools[part] if version not in taken]
        if len(pool) < part.count:
            raise DomainError("pool_too_small", "Ngân hàng chưa đủ câu hỏi để ra đề. Hãy báo cho đơn vị tổ chức.")
        taken += stream.sample(pool, part.count)
    return [taken[place] for place in stream.permutation(len(taken))]
