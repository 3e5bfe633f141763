"""Ranks counted attempts: places, and what parts each from the row above."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from elearn.contests.rules.candidates import Candidate, Criterion


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate in the standings. `position` is the row; equals share a `place`; `decided_by` is empty where nothing parts them."""

    position: int
    place: int
    candidate: Candidate
    decided_by: str


def rank(candidates: Iterable[Candidate], criteria: Sequence[Criterion], actual: int) -> list[Row]:
    """Rows from the best; places run 1, 2, 2, 4. Whoever is equal in every criterion shares a place; member id only orders their rows."""
    keyed = sorted(
        ((tuple(criterion.key_of(candidate, actual) for criterion in criteria), candidate) for candidate in candidates),
        key=lambda pair: (pair[0], pair[1].member_id),
    )
    rows: list[Row] = []
    above: tuple[int, ...] | None = None
    place = 0
    for position, (key, candidate) in enumerate(keyed, start=1):
        if key != above:
            place = position
        rows.append(Row(position, place, candidate, _decided_by(above, key, criteria)))
        above = key
    return rows


def _decided_by(above: tuple[int, ...] | None, key: tuple[int, ...], criteria: Sequence[Criterion]) -> str:
    """Key of the first criterion in which two neighbours differ."""
    if above is None:
        return ""
    return next((criterion.key for criterion, one, other in zip(criteria, above, key, strict=True) if one != other), "")
