"""Chance that a seed decides: independent streams for different purposes, so that a change of one leaves the others alone."""

from __future__ import annotations

import bisect
import itertools
import random
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


def chance(seed: int, purpose: str) -> random.Random:
    """A stream of numbers for one purpose; the same for the same seed on every machine."""
    return random.Random(f"{seed}|{purpose}")  # noqa: S311 - invented data, nothing is kept secret by it


class Lot(Generic[T]):
    """Things drawn by weight."""

    def __init__(self, weighted: Iterable[tuple[T, float]]) -> None:
        pairs = [(thing, weight) for thing, weight in weighted if weight > 0]
        self.things = [thing for thing, _ in pairs]
        self._ends = list(itertools.accumulate(weight for _, weight in pairs))

    def draw(self, luck: random.Random) -> T:
        """One of them."""
        return self.things[bisect.bisect(self._ends, luck.random() * self._ends[-1], hi=len(self.things) - 1)]
