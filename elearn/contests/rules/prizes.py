"""Gives prizes down the rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from elearn.contests.rules.settings import PrizeKind


@dataclass(frozen=True)
class Given:
    """Titles of prizes by entry id, and the entries that stand by, the first to move up at the head."""

    prizes: dict[int, str]
    reserves: tuple[int, ...]


def give_prizes(
    takers: Iterable[tuple[int, int | None]],
    prizes: Sequence[PrizeKind],
    passed_over: Collection[int] = (),
    refused: Collection[int] = (),
    reserves: int = 0,
) -> Given:
    """Give the prizes that ranking decides. `takers` are (entry id, member id) from the best; read only as far as needed.

    Members in `passed_over` have had their prize, entries in `refused` were found not to be entitled: the next move up. People who share a
    place at the border of a prize are taken by row, so the counts are never exceeded.
    """
    titles = [prize.title for prize in prizes if prize.given == "ranking" for _ in range(prize.count)]
    found: list[int] = []
    for entry_id, member_id in takers:
        if len(found) >= len(titles) + (reserves if titles else 0):
            break
        if entry_id not in refused and (member_id is None or member_id not in passed_over):
            found.append(entry_id)
    return Given(dict(zip(found, titles, strict=False)), tuple(found[len(titles) :]))


def give_to_units(unit_ids: Iterable[int], prizes: Sequence[PrizeKind]) -> dict[int, str]:
    """Titles of the prizes that units get, by unit id; `unit_ids` from the best."""
    titles = [prize.title for prize in prizes if prize.given == "units" for _ in range(prize.count)]
    return dict(zip(unit_ids, titles, strict=False))
