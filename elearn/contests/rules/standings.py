"""Ranks what counts: places, and what parts each from the row above. The closing says the same in SQL; tests compare both."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from elearn.contests.rules.candidates import Candidate, Criterion, key_of

LOTS = "drawn_lots"


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate in the standings. `position` is the row; equals share a `place`; `decided_by` is empty where nothing parts them."""

    position: int
    place: int
    candidate: Candidate
    decided_by: str


def rank(candidates: Iterable[Candidate], criteria: Sequence[Criterion]) -> list[Row]:
    """Rows from the best; places run 1, 2, 2, 4. Whoever is equal in every criterion shares a place; the entry id only orders their rows."""
    keyed = sorted(
        ((tuple(key_of(criterion, candidate) for criterion in criteria), candidate) for candidate in candidates),
        key=lambda pair: (pair[0], pair[1].entry_id),
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


def draw_lot(seed: str, pseudonym: str) -> int:
    """The lot of an entry: the first 62 bits of SHA-256 over the public seed and the pseudonym; the smallest wins."""
    return int.from_bytes(hashlib.sha256(f"lot|{seed}|{pseudonym}".encode()).digest()[:8], "big") >> 2


def with_lots(candidates: Sequence[Candidate], criteria: Sequence[Criterion], seed: str, names: dict[int, str]) -> list[Candidate]:
    """The candidates, those with a lot who are equal to another in every other criterion; `names` holds pseudonyms by entry id."""
    others = [criterion for criterion in criteria if criterion.key != LOTS]
    if len(others) == len(criteria):
        return list(candidates)
    places: dict[int, int] = {}
    rows = rank(candidates, others)
    for row in rows:
        places[row.place] = places.get(row.place, 0) + 1
    return [
        replace(row.candidate, lot=draw_lot(seed, names[row.candidate.entry_id])) if places[row.place] > 1 else row.candidate
        for row in rows
    ]
