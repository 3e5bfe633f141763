"""When a script is marked, and with what: one examiner, two who agree, or a third who decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from elearn.lib.errors import InvalidInput

PLACES = Decimal("0.0000001")


@dataclass(frozen=True)
class Outcome:
    """What the opinions come to: `mark` is None until the script is marked, `needs` is the place that is still wanting (1, 2, 3 or None)."""

    mark: Decimal | None
    needs: int | None
    spread: Decimal | None
    """How far apart the first two are; None while there are no two."""


def mean(marks: Sequence[Decimal]) -> Decimal:
    """The mean to seven places, half to even."""
    return (sum(marks, Decimal(0)) / len(marks)).quantize(PLACES, ROUND_HALF_EVEN).normalize() + Decimal(0)


def decide(given: Mapping[int, Decimal], examiners: int, difference: Decimal | None) -> Outcome:
    """The outcome of the marks given, by place (1, 2, 3).

    Two that are no further apart than `difference` (None: however far) give their mean. Otherwise a third marks, and the mean of the
    third with the nearer of the two counts; where both are equally near, the mean of all three.
    """
    if 1 not in given or (examiners == 2 and 2 not in given):
        return Outcome(None, 1 if 1 not in given else 2, None)
    if examiners == 1:
        return Outcome(given[1], None, None)
    spread = abs(given[1] - given[2])
    if difference is None or spread <= difference:
        return Outcome(mean([given[1], given[2]]), None, spread)
    if 3 not in given:
        return Outcome(None, 3, spread)
    first, second, third = given[1], given[2], given[3]
    to_first, to_second = abs(third - first), abs(third - second)
    if to_first == to_second:
        return Outcome(mean([first, second, third]), None, spread)
    return Outcome(mean([third, first if to_first < to_second else second]), None, spread)


def read_points(rubric: Sequence[Mapping[str, Any]], max_mark: Decimal, typed: Mapping[str, str]) -> tuple[dict[str, str], Decimal]:
    """The points by criterion ("0", "1", …; "0" alone where there is no rubric) as decimal strings, and their mark.

    Points of a rubric count in proportion to its sum, so that full points earn `max_mark`. Both decimal comma and point are read.
    Raises InvalidInput with the criterion as field for what is no number, below 0 or above its most.
    """
    most = [Decimal(str(one["points"])) for one in rubric] or [max_mark]
    points: dict[str, str] = {}
    total = Decimal(0)
    for index, highest in enumerate(most):
        raw = typed.get(str(index), "").strip().replace(",", ".")
        try:
            value = Decimal(raw)
        except InvalidOperation:
            raise InvalidInput("not_points", "Hãy ghi điểm bằng số, ví dụ 2,5.", field=str(index)) from None
        if not value.is_finite() or value < 0 or value > highest:
            raise InvalidInput(
                "points_out_of_range",
                "Điểm phải từ 0 đến %(most)s.",
                field=str(index),
                most=f"{highest.normalize():f}".replace(".", ","),
            )
        if value != value.quantize(Decimal("0.01")):
            raise InvalidInput("points_too_fine", "Điểm có nhiều nhất hai chữ số sau dấu phẩy.", field=str(index))
        points[str(index)] = f"{value.normalize():f}"
        total += value
    highest_sum = sum(most, Decimal(0))
    share = total / highest_sum if highest_sum else Decimal(0)
    return points, (share * max_mark).quantize(PLACES, ROUND_HALF_EVEN).normalize() + Decimal(0)
