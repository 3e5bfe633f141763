"""The yearly score of units: criteria with weights, each a share of what was asked of the unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from elearn.lib.errors import InvalidInput

FULL = Decimal(100)
MOST_CRITERIA = 20


@dataclass(frozen=True)
class Criterion:
    """What is scored: where its figures come from, its title in the scorecard, and its weight in points."""

    source: str
    title: str
    weight: Decimal


@dataclass(frozen=True)
class Fact:
    """How much of what was asked of a unit is done."""

    done: int
    total: int


@dataclass(frozen=True)
class Scored:
    """A unit with the points of each criterion (None where nothing was asked of it), their sum to 100, and its place among all."""

    unit_id: int
    name: str
    points: tuple[Decimal | None, ...]
    score: Decimal | None
    place: int


def points_of(criterion: Criterion, fact: Fact | None) -> Decimal | None:
    """Weight times the share done, at most the weight, two decimals; None where nothing was asked."""
    if fact is None or fact.total <= 0:
        return None
    return (criterion.weight * min(fact.done, fact.total) / fact.total).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def score_units(
    criteria: Sequence[Criterion], units: Sequence[tuple[int, str]], facts: Mapping[str, Mapping[int, Fact]]
) -> list[Scored]:
    """Every unit scored, the best first, equals sharing a place; units of which nothing was asked stand last without a place (0).

    A criterion by which nothing was asked of a unit does not count for it: the others are scaled to 100.
    """
    rows = []
    for unit_id, name in units:
        exact, possible, points = Decimal(0), Decimal(0), []
        for criterion in criteria:
            fact = facts.get(criterion.source, {}).get(unit_id)
            one = points_of(criterion, fact)
            points.append(one)
            if one is not None and fact is not None:
                possible += criterion.weight
                exact += criterion.weight * min(fact.done, fact.total) / fact.total
        score = (exact * FULL / possible).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) if possible else None
        rows.append((unit_id, name, tuple(points), score))
    rows.sort(key=lambda row: -row[3] if row[3] is not None else Decimal(1))
    found: list[Scored] = []
    for number, (unit_id, name, points_, score) in enumerate(rows, start=1):
        is_equal = bool(found) and found[-1].score == score
        place = 0 if score is None else found[-1].place if is_equal else number
        found.append(Scored(unit_id, name, points_, score, place))
    return found


def check_criteria(criteria: Sequence[Criterion], known: Sequence[str]) -> None:
    """Raise InvalidInput where criteria cannot score: none, twice the same source, weights that do not add up to 100."""
    if not criteria:
        raise InvalidInput("none", "Hãy cho ít nhất một tiêu chí một số điểm.", "weights")
    sources = [one.source for one in criteria]
    if len(set(sources)) < len(sources) or not set(sources) <= set(known) or len(sources) > MOST_CRITERIA:
        raise InvalidInput("sources", "Mỗi tiêu chí chỉ được dùng một lần.", "weights")
    if any(one.weight <= 0 for one in criteria):
        raise InvalidInput("weight", "Điểm của tiêu chí phải lớn hơn 0.", "weights")
    whole = sum((one.weight for one in criteria), Decimal(0))
    if whole != FULL:
        raise InvalidInput(
            "sum",
            "Tổng điểm các tiêu chí phải bằng 100, hiện là %(sum)s.",
            "weights",
            sum=f"{whole.normalize():f}".replace(".", ","),
        )
