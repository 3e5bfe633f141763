"""Marks: exact, one for each question, a pure function of paper, key and responses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from elearn.lib.registry import Registry
from elearn.questions.types import QuestionType

TYPES: Registry[QuestionType] = Registry("elearn.questions.types", "TYPE")
PLACES = Decimal("0.0000001")


@dataclass(frozen=True)
class Item:
    """A question of a paper with its key."""

    type: str
    body: Mapping[str, Any]
    order: Any


@dataclass(frozen=True)
class Marks:
    """Marks of an attempt: by slot from 1, their sum, and how many questions were wholly right."""

    by_slot: tuple[Decimal, ...]
    total: Decimal
    correct_count: int


def exact(share: Fraction) -> Decimal:
    """A share of a mark as a decimal with seven places."""
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(PLACES, ROUND_HALF_EVEN)


def grade(items: Sequence[Item], responses: Mapping[int, Any]) -> Marks:
    """Marks of the responses; a slot without a response gets 0, and so does one that a person has yet to mark."""
    shares = [
        TYPES[item.type].mark(item.body, item.order, responses.get(slot)) or Fraction(0) for slot, item in enumerate(items, start=1)
    ]
    by_slot = tuple(exact(share) for share in shares)
    return Marks(by_slot, sum(by_slot, Decimal(0)), sum(share == 1 for share in shares))


def is_passed(mark: Decimal, max_mark: Decimal, pass_percent: int | None) -> bool | None:
    """Whether the share of the marks reaches the pass mark; None where there is none."""
    return None if pass_percent is None else mark * 100 >= max_mark * pass_percent
