"""Which rows of the organisation tree are shown when some of its units are unfolded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Branch(Generic[T]):
    """One row: `level` counts from the top of what is shown, `is_open` is None where nothing lies below."""

    unit: T
    level: int
    is_open: bool | None


def branches(
    tops: Sequence[T], children: Mapping[int, Sequence[T]], sizes: Mapping[int, int], id_of: str = "id"
) -> list[Branch[T]]:
    """Rows from the top down. `children` holds the units below each unfolded one, `sizes` how many lie below each."""
    rows: list[Branch[T]] = []

    def add(unit: T, level: int) -> None:
        number = getattr(unit, id_of)
        rows.append(Branch(unit, level, number in children if sizes.get(number) else None))
        for below in children.get(number, ()):
            add(below, level + 1)

    for top in tops:
        add(top, 0)
    return rows
