"""Marks: exact, one for each question, a pure function of paper, key and responses.

Version 2 of the rules:
- A question earns its share of its mark. Questions that have no mark (descriptions) and those taken out of the paper count nothing.
- Where the quiz takes off for wrong answers, an answered question with no share loses that part of its mark; a share below 0 stays.
- Where takers say how sure they are, a share above 0 earns 1, 2 or 3 times as much, and none costs 0, 2 or 6 times the mark.
- A question that a person marks earns what that person gave, without either of the two.
The sum may be below 0; it is kept as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from elearn.lib.registry import Registry
from elearn.questions.types import QuestionType

TYPES: Registry[QuestionType] = Registry("elearn.questions.types", "TYPE")
MARKING_VERSION = "2"
PLACES = Decimal("0.0000001")
ZERO = Decimal(0)
CERTAINTIES = (1, 2, 3)
WRONG_WHEN_SURE = {1: 0, 2: -2, 3: -6}
HIGHEST = 3
"""Times its mark that a question can earn where takers say how sure they are."""


@dataclass(frozen=True)
class Item:
    """A question of a paper with its key.

    `is_dropped`: out of the paper and of its maximum. `is_given`: everybody gets the full mark, answered or not.
    """

    type: str
    body: Mapping[str, Any]
    order: Any
    max: Decimal = Decimal(1)
    is_dropped: bool = False
    is_given: bool = False


@dataclass(frozen=True)
class Scheme:
    """What a quiz says of marks: the part taken off for a wrong answer, None for nothing; whether takers say how sure they are."""

    wrong_penalty: Decimal | None = None
    certainty: bool = False


PLAIN = Scheme()


@dataclass(frozen=True)
class Marks:
    """Marks of an attempt by slot from 1, None where a person has still to mark; their sum, the highest sum, how many are wholly right."""

    by_slot: tuple[Decimal | None, ...]
    total: Decimal
    max_total: Decimal
    correct_count: int
    is_pending: bool


@lru_cache(4096)
def exact(share: Fraction) -> Decimal:
    """A share of a mark as a decimal with seven places, half to even."""
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(PLACES, ROUND_HALF_EVEN)


def max_of(item: Item, scheme: Scheme = PLAIN) -> Decimal:
    """The most that a question can earn; 0 where it has no mark."""
    kind = TYPES[item.type]
    if item.is_dropped or not kind.is_marked:
        return ZERO
    return item.max * HIGHEST if scheme.certainty and not kind.needs_marker else item.max


def maximum(items: Sequence[Item], scheme: Scheme = PLAIN) -> Decimal:
    """The most that a paper can earn."""
    return sum((max_of(item, scheme) for item in items), ZERO)


def mark_item(
    item: Item, response: Any, scheme: Scheme = PLAIN, certainty: int | None = None, given: Decimal | None = None
) -> tuple[Decimal | None, bool]:
    """Mark of one question, None where a person has still to mark it, and whether it is wholly right."""
    kind = TYPES[item.type]
    if item.is_dropped:
        return ZERO, True  # in nobody's way: whoever has all others right has all right
    if not kind.is_marked:
        return ZERO, False
    if item.is_given:
        return max_of(item, scheme), True
    if given is not None:
        return given, given == item.max
    share = kind.mark(item.body, item.order, response)
    if share is None:
        return None, False
    full = Fraction(item.max)
    if not kind.needs_marker and (scheme.certainty or scheme.wrong_penalty is not None):
        is_answered = kind.read(item.body, item.order, response) is not None
        if scheme.certainty:
            sure = certainty if certainty in CERTAINTIES else 1
            factor = Fraction(sure) * share if share > 0 else Fraction(WRONG_WHEN_SURE[sure] if is_answered else 0)
            return exact(factor * full), share == 1
        if is_answered and share == 0 and scheme.wrong_penalty is not None:
            share = -Fraction(scheme.wrong_penalty)
    return exact(full if share == 1 else share * full), share == 1


def grade(
    items: Sequence[Item],
    responses: Mapping[int, Any],
    scheme: Scheme = PLAIN,
    given: Mapping[int, Decimal] = {},
    certainties: Mapping[int, int] = {},
) -> Marks:
    """Marks of the responses; a slot without a response gets 0. `given` holds marks by people, by slot."""
    marked = [
        mark_item(item, responses.get(slot), scheme, certainties.get(slot), given.get(slot))
        for slot, item in enumerate(items, start=1)
    ]
    by_slot = tuple(mark for mark, _ in marked)
    return Marks(
        by_slot,
        sum((mark for mark in by_slot if mark is not None), ZERO),
        maximum(items, scheme),
        sum(is_right for _, is_right in marked),
        any(mark is None for mark in by_slot),
    )


def is_passed(mark: Decimal, max_mark: Decimal, pass_percent: int | None) -> bool | None:
    """Whether the share of the marks reaches the pass mark; None where there is none."""
    return None if pass_percent is None else mark * 100 >= max_mark * pass_percent


def told(marks: Sequence[Decimal | None]) -> list[str | None]:
    """Marks as they stand in logs and rows: decimal strings without needless noughts."""
    return [None if mark is None else plain(mark) for mark in marks]


def plain(mark: Decimal) -> str:
    """A mark as a decimal string without needless noughts and without an exponent."""
    return format(mark.normalize() + ZERO, "f")


def read_marks(marks: Sequence[str | None]) -> tuple[Decimal | None, ...]:
    """The way back from `told`."""
    return tuple(None if mark is None else Decimal(mark) for mark in marks)
