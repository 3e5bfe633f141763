"""Prizes down the rows: so many of each, one a person in the whole contest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from elearn.contests.rules.standings import Row


@dataclass(frozen=True)
class Prize:
    """A prize of each round, and how many there are."""

    title: str
    count: int
    title_en: str = ""


def read_prizes(stored: Sequence[dict[str, Any]]) -> list[Prize]:
    """The prizes of a contest as stored, the highest first."""
    return [Prize(one["title"], int(one["count"]), one.get("title_en", "")) for one in stored]


def award(rows: Sequence[Row], prizes: Sequence[Prize], already_won: Collection[int]) -> dict[int, str]:
    """Title of the prize by member id.

    Whoever won in an earlier round is passed over and the next in rank moves up. Those who share a place receive the same prize, the
    highest that any of them reaches; so a tie at the last prize can make one prize more than was planned.
    """
    slots = [prize.title for prize in prizes for _ in range(prize.count)]
    won: dict[int, str] = {}
    taken, place, shared = 0, 0, ""
    for row in rows:
        if taken >= len(slots) and row.place != place:
            break
        if row.candidate.member_id in already_won:
            continue
        if row.place != place:
            place, shared = row.place, slots[taken]
        won[row.candidate.member_id] = shared
        taken += 1
    return won
