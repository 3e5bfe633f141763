"""Which attempt counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from elearn.quizzes.rules.grading import exact, is_passed

METHODS = ("best", "last", "first", "average")


class Sat(Protocol):
    """An attempt as counting sees it."""

    @property
    def id(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def submitted_at(self) -> datetime | None: ...
    @property
    def mark(self) -> Decimal | None: ...
    @property
    def max_mark(self) -> Decimal: ...
    @property
    def is_discarded(self) -> bool: ...
    @property
    def is_pending(self) -> bool: ...


@dataclass(frozen=True)
class Counted:
    """What counts: the mark of one attempt, or (`attempt_id` None) the average of all. Pending: some mark in it is not complete."""

    mark: Decimal
    max_mark: Decimal
    attempt_id: int | None
    is_pending: bool

    def is_passed(self, pass_percent: int | None) -> bool | None:
        """Whether it passes; None where there is no pass mark, or a mark is still to come."""
        return None if self.is_pending else is_passed(self.mark, self.max_mark, pass_percent)


def counted(attempts: Sequence[Sat], method: str) -> Counted | None:
    """What counts of a person's attempts at a quiz; None where none is submitted and counts.

    best: most marks, of equal ones the one submitted first. average: the mean of the shares of the highest mark, told out of the last
    attempt's highest mark, with seven places.
    """
    done = sorted((one for one in attempts if one.state == "submitted" and not one.is_discarded), key=lambda one: one.number)
    if not done:
        return None
    if method == "average":
        last = done[-1]
        shares = [Fraction(one.mark or 0) / Fraction(one.max_mark) if one.max_mark else Fraction(0) for one in done]
        mean = sum(shares, Fraction(0)) / len(shares) * Fraction(last.max_mark)
        return Counted(exact(mean), last.max_mark, None, any(one.is_pending for one in done))
    chosen = {"last": done[-1], "first": done[0]}.get(method)
    if chosen is None:
        # Marks fall, so that the first of the sorted ones has the most of them and among those came first.
        chosen = min(done, key=lambda one: (-(one.mark or Decimal(0)), one.submitted_at, one.number))
    return Counted(chosen.mark or Decimal(0), chosen.max_mark, chosen.id, chosen.is_pending)
