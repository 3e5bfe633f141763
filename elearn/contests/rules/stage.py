"""The mark of a contestant on a stage: the judges' mean by criterion, weights, the sum of the parts.

All figures are whole ten-millionths and all weights whole percent, so that every step is exact but two, which are rounded half up to the
ten-millionth: the mean of a criterion and the mark of a part. `queries.stage_marks` says the same in SQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from elearn.lib.errors import InvalidInput

SCALE = 10_000_000
LEAST_TO_LEAVE_OUT = 3
"""With fewer judges leaving out the highest and the lowest would leave nobody."""
FINEST = Decimal("0.01")


@dataclass(frozen=True)
class Criterion:
    """A criterion with its highest number of points, in ten-millionths, and its weight in percent."""

    key: int
    most: int
    weight: int = 100


@dataclass(frozen=True)
class Part:
    """A part of the stage; `weight` in percent multiplies all that is earned in it."""

    key: int
    criteria: tuple[Criterion, ...]
    weight: int = 100


def mean_of_judges(points: Sequence[int], leaves_out_extremes: bool = False) -> int:
    """What the judges of a criterion come to; without the highest and the lowest where asked for and three or more have given points."""
    total, count = sum(points), len(points)
    if leaves_out_extremes and count >= LEAST_TO_LEAVE_OUT:
        total, count = total - max(points) - min(points), count - 2
    return (2 * total + count) // (2 * count)


def mark_of_part(part: Part, given: Mapping[int, Sequence[int]], leaves_out_extremes: bool = False) -> int:
    """The mark of one contestant in a part; `given` holds the points of the judges by criterion, one without any earns nothing."""
    earned = sum(mean_of_judges(given[one.key], leaves_out_extremes) * one.weight for one in part.criteria if given.get(one.key))
    return _weighed(earned, part)


def highest_of_part(part: Part) -> int:
    """The mark of a part in which every judge gives everything."""
    return _weighed(sum(one.most * one.weight for one in part.criteria), part)


def _weighed(earned: int, part: Part) -> int:
    return (earned * part.weight + 5000) // 10_000


def read_points(typed: str, most: Decimal) -> Decimal | None:
    """Points as a judge types them, with decimal comma or point; None for an empty box. Raises InvalidInput."""
    raw = typed.strip().replace(",", ".")
    if not raw:
        return None
    try:
        value = Decimal(raw)
    except InvalidOperation:
        raise InvalidInput("not_points", "Hãy ghi điểm bằng số, ví dụ 8,5.") from None
    if not value.is_finite() or value < 0 or value > most:
        raise InvalidInput("points_out_of_range", "Điểm phải từ 0 đến %(most)s.", most=f"{most.normalize():f}".replace(".", ","))
    if value != value.quantize(FINEST):
        raise InvalidInput("points_too_fine", "Điểm có nhiều nhất hai chữ số sau dấu phẩy.")
    return value.normalize() + Decimal(0)


def order_of_appearance(lots: Mapping[int, int], groups: Mapping[int, str]) -> list[int]:
    """Entries in the order in which they appear: group after group by name, within a group by lot, the smallest first."""
    return sorted(lots, key=lambda entry_id: (groups.get(entry_id, ""), lots[entry_id], entry_id))
