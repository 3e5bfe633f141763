"""Places from criteria: 1, 2, 2, 4."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from elearn.contests.rules.criteria import Candidate, Criterion


@dataclass(frozen=True, slots=True)
class Row:
    """A place. `position` counts rows without gaps; `decided_by` is the criterion that parts it from the row above, or empty."""

    position: int
    place: int
    candidate: Candidate
    decided_by: str


def rank(candidates: Iterable[Candidate], criteria: Sequence[Criterion], actual: int | None) -> list[Row]:
    """Rows from the first place down. Equal by every criterion: one place; their rows stand by member id, which decides nothing.

    The order of two entrants depends on these two and `actual` alone, never on who else takes part or in which order they come.
    """
    keyed = [(tuple(criterion.key_of(one, actual) for criterion in criteria), one.member_id, one) for one in candidates]
    keyed.sort(key=lambda item: item[:2])
    rows: list[Row] = []
    above: tuple[int, ...] | None = None
    place = 0
    for position, (keys, _, candidate) in enumerate(keyed, start=1):
        decided_by = ""
        if keys != above:
            place = position
            if above is not None:
                decided_by = next(c.key for c, mine, theirs in zip(criteria, keys, above, strict=True) if mine != theirs)
        rows.append(Row(position, place, candidate, decided_by))
        above = keys
    return rows
