"""Gives prizes down the rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from elearn.contests.rules.standings import Row


@dataclass(frozen=True)
class Prize:
    """A kind of prize and how many of it a round gives."""

    title: str
    count: int
    title_en: str = ""


def parse_prizes(stored: Iterable[dict[str, object]]) -> list[Prize]:
    """Prizes from their stored form."""
    return [Prize(str(one["title"]), int(str(one["count"])), str(one.get("title_en", ""))) for one in stored]


def give_prizes(rows: Sequence[Row], prizes: Sequence[Prize], already_won: Collection[int]) -> dict[int, str]:
    """Title of the prize by member id. Somebody in `already_won` is passed over, and the next moves up.

    People who share a place at the border of a prize are taken by row, so the counts are never exceeded.
    """
    titles = [prize.title for prize in prizes for _ in range(prize.count)]
    takers = [row.candidate.member_id for row in rows if row.candidate.member_id not in already_won]
    return dict(zip(takers, titles, strict=False))
