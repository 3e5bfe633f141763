"""When a script is marked, and with what: one examiner, several who agree, or one more who decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from elearn.lib.errors import InvalidInput

PLACES = Decimal("0.0000001")
MOST_EXAMINERS = 5


@dataclass(frozen=True)
class Outcome:
    """What the opinions come to: `mark` is None until the script is marked, `needs` is the place that is still wanting, or None."""

    mark: Decimal | None
    needs: int | None
    lowest: Decimal | None = None
    """Lowest and highest of the examiners, without the one more; None until all have marked."""
    highest: Decimal | None = None

    @property
    def spread(self) -> Decimal | None:
        """How far apart they are; None where there are not two of them."""
        return None if self.lowest is None or self.highest is None else self.highest - self.lowest


def mean(marks: Sequence[Decimal]) -> Decimal:
    """The mean to seven places, half to even."""
    return (sum(marks, Decimal(0)) / len(marks)).quantize(PLACES, ROUND_HALF_EVEN).normalize() + Decimal(0)


def decide(given: Mapping[int, Decimal], examiners: int, difference: Decimal | None) -> Outcome:
    """The outcome of the marks given, by place: 1 to `examiners`, and one beyond for the one more.

    The mean counts where the highest and the lowest are no further apart than `difference` (None: however far). Otherwise one more marks.
    After two examiners the mean of the third with the nearer of them counts, of all three where both are equally near; after three or more
    the highest and the lowest of all marks are left out, and the mean of the rest counts.
    """
    missing = next((place for place in range(1, examiners + 1) if place not in given), None)
    if missing is not None:
        return Outcome(None, missing)
    marks = [given[place] for place in range(1, examiners + 1)]
    if examiners == 1:
        return Outcome(marks[0], None)
    lowest, highest = min(marks), max(marks)
    if difference is None or highest - lowest <= difference:
        return Outcome(mean(marks), None, lowest, highest)
    if examiners + 1 not in given:
        return Outcome(None, examiners + 1, lowest, highest)
    return Outcome(_with_one_more(marks, given[examiners + 1]), None, lowest, highest)


def _with_one_more(marks: Sequence[Decimal], last: Decimal) -> Decimal:
    if len(marks) > 2:
        return mean(sorted((*marks, last))[1:-1])
    first, second = marks
    to_first, to_second = abs(last - first), abs(last - second)
    if to_first == to_second:
        return mean([first, second, last])
    return mean([last, first if to_first < to_second else second])


def read_points(rubric: Sequence[Mapping[str, Any]], max_mark: Decimal, typed: Mapping[str, str]) -> tuple[dict[str, str], Decimal]:
    """The points by criterion ("0", "1", …; "0" alone where there is no rubric) as decimal strings, and their mark.

    Points of a rubric, times the weights of their criteria (1 where none is given), count in proportion to the sum of both, so that full
    points earn `max_mark`. Both decimal comma and point are read.
    Raises InvalidInput with the criterion as field for what is no number, below 0 or above its most.
    """
    most = [Decimal(str(one["points"])) for one in rubric] or [max_mark]
    weights = [Decimal(str(one.get("weight", 1))) for one in rubric] or [Decimal(1)]
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
        total += value * weights[index]
    highest_sum = sum((one * weight for one, weight in zip(most, weights, strict=True)), Decimal(0))
    share = total / highest_sum if highest_sum else Decimal(0)
    return points, (share * max_mark).quantize(PLACES, ROUND_HALF_EVEN).normalize() + Decimal(0)
