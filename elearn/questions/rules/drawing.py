"""Drawing a paper from pools of questions: decided wholly by the seed, every question of a pool equally likely.

The seed keys a stream of bytes (HMAC-SHA256 in counter mode); numbers are taken from it by rejection, so that no remainder favours
small ones; permutations are Fisher–Yates. Where parts of a paper draw from pools that overlap, whole draws are rejected with exactly the
probability that leaves every possible paper equally likely.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import comb

from elearn.lib.errors import DomainError

TRIES = 1000
"""Draws rejected before the guarded way is taken: reached only where overlapping pools hold hardly more than is drawn."""


def _key(seed: str) -> bytes:
    try:
        return bytes.fromhex(seed)
    except ValueError:
        return hashlib.sha256(seed.encode()).digest()


class Stream:
    """Random numbers that the seed alone decides."""

    def __init__(self, seed: str, purpose: str) -> None:
        """`seed` is hexadecimal, or any words, of which the digest is taken; streams of different purposes are independent."""
        self._bytes = self._produce(_key(seed), purpose)

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
            value = next(self._bytes)
            for _ in range(width - 1):
                value = value << 8 | next(self._bytes)
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


def draw(pools: Sequence[Sequence[int]], counts: Sequence[int], stream: Stream) -> list[list[int]]:
    """For each part the members of its pool that were drawn, `counts[part]` of them in random order; no member twice in the whole.

    Every way to fill the parts is equally likely. Pools stand in an order that does not depend on the database. Raises DomainError
    pool_too_small where the parts cannot be filled together.
    """
    check_enough(pools, counts)
    members = [set(pool) for pool in pools]
    # The smallest pools first: a part that may take from many could otherwise use up what they need.
    order = sorted(range(len(pools)), key=lambda part: (len(members[part]), part))
    room = _room(members, counts, order)
    for _ in range(TRIES):
        drawn = _try(pools, counts, order, room, stream)
        if drawn is not None:
            return drawn
    return _guarded(pools, counts, order, stream)


def _room(members: Sequence[set[int]], counts: Sequence[int], order: Sequence[int]) -> list[int]:
    """For each part how many members at most are left when its turn comes: what parts inside its own pool take is gone for certain."""
    room = [0] * len(members)
    for place, part in enumerate(order):
        inner = [other for other in order[:place] if members[other] <= members[part]]
        room[part] = len(members[part]) - sum(counts[other] for other in inner)
    return room


def _try(
    pools: Sequence[Sequence[int]], counts: Sequence[int], order: Sequence[int], room: Sequence[int], stream: Stream
) -> list[list[int]] | None:
    """One draw, part by part without what is taken, or None where it is rejected.

    A part that finds n members left draws each choice with the chance 1/C(n, k). Accepting with C(n, k)/C(room, k), where room is the most
    it can ever find, makes the product the same for every outcome.
    """
    taken: set[int] = set()
    drawn: list[list[int]] = [[] for _ in pools]
    kept, all_ways = 1, 1
    for part in order:
        left = [member for member in pools[part] if member not in taken] if taken else list(pools[part])
        if len(left) < counts[part]:
            return None
        drawn[part] = stream.sample(left, counts[part])
        taken.update(drawn[part])
        if len(left) < room[part]:
            kept, all_ways = kept * comb(len(left), counts[part]), all_ways * comb(room[part], counts[part])
    return drawn if kept == all_ways or stream.below(all_ways) < kept else None


def _guarded(pools: Sequence[Sequence[int]], counts: Sequence[int], order: Sequence[int], stream: Stream) -> list[list[int]]:
    """A draw that never fails: each member is taken only if the rest can still be filled. Not every paper is equally likely then."""
    left_pools, left_counts = [list(pool) for pool in pools], list(counts)
    drawn: list[list[int]] = [[] for _ in pools]
    for part in order:
        for _ in range(counts[part]):
            for member in stream.sample(left_pools[part], len(left_pools[part])):
                next_pools = [[other for other in pool if other != member] for pool in left_pools]
                next_counts = [count - (place == part) for place, count in enumerate(left_counts)]
                if is_enough(next_pools, next_counts):
                    left_pools, left_counts = next_pools, next_counts
                    drawn[part].append(member)
                    break
    return drawn


def check_enough(pools: Sequence[Sequence[int]], counts: Sequence[int]) -> None:
    """Raise DomainError pool_too_small where the parts cannot be filled together."""
    if not is_enough(pools, counts):
        raise DomainError("pool_too_small", "Ngân hàng chưa đủ câu hỏi để ra đề. Hãy báo cho đơn vị tổ chức.")


def is_enough(pools: Sequence[Sequence[int]], counts: Sequence[int]) -> bool:
    """Whether all parts can be filled without taking a member twice: a flow from parts to groups of members that the same parts may take."""
    wanting: dict[int, list[int]] = defaultdict(list)
    for part, pool in enumerate(pools):
        if len(pool) < counts[part]:
            return False
        for member in pool:
            wanting[member].append(part)
    if sum(map(len, pools)) == len(wanting):
        return True  # no member is in two pools
    groups: dict[tuple[int, ...], int] = defaultdict(int)
    for parts in wanting.values():
        groups[tuple(parts)] += 1
    kinds = list(groups)
    free = [groups[kind] for kind in kinds]
    flow = [[0] * len(kinds) for _ in pools]
    return all(_augment(part, counts[part], kinds, free, flow) for part in range(len(pools)))


def _augment(part: int, wanted: int, kinds: Sequence[tuple[int, ...]], free: list[int], flow: list[list[int]]) -> bool:
    """Give a part `wanted` members, moving other parts to other groups where that is needed; whether it could be done."""
    while wanted:
        # Breadth first over groups; `came[kind]` is the part by which a group was reached.
        came: dict[int, int] = {}
        reached, queue = {part: -1}, [part]
        goal = -1
        while queue and goal < 0:
            current = queue.pop(0)
            for kind, parts in enumerate(kinds):
                if kind in came or current not in parts:
                    continue
                came[kind] = current
                if free[kind]:
                    goal = kind
                    break
                for other in parts:
                    if flow[other][kind] and other not in reached:
                        reached[other] = kind
                        queue.append(other)
        if goal < 0:
            return False
        amount, kind = min(wanted, free[goal]), goal
        while True:  # how much the way there lets through
            current = came[kind]
            if reached[current] < 0:
                break
            kind = reached[current]
            amount = min(amount, flow[current][kind])
        free[goal] -= amount
        kind = goal
        while True:
            current = came[kind]
            flow[current][kind] += amount
            if reached[current] < 0:
                break
            kind = reached[current]
            flow[current][kind] -= amount
        wanted -= amount
    return True
