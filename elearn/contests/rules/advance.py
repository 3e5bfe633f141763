"""Who goes on to a later round: the first of an earlier one, and the next in place of whoever declines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Ranked:
    """A row of the earlier round; `among` is what it competes in: "" for all together, a unit, a group."""

    entry_id: int
    place: int
    among: str = ""


class Going(StrEnum):
    """How an entry stands towards the later round."""

    FIRST = "first"
    MOVED_UP = "moved_up"
    DECLINED = "declined"
    NO = "no"


def who_goes_on(rows: Sequence[Ranked], top: int, declined: Collection[int] = ()) -> dict[int, Going]:
    """By entry id, from rows in the order of the standings: the first `top` of each that have not declined.

    Whoever shares the place of the last one goes on too: nothing in the rules of the earlier round parts them.
    `MOVED_UP` are those who would not go on had nobody declined.
    """
    would = _first(rows, top, frozenset())
    does = _first(rows, top, frozenset(declined))
    found = {}
    for row in rows:
        if row.entry_id in declined:
            found[row.entry_id] = Going.DECLINED
        elif row.entry_id in does:
            found[row.entry_id] = Going.FIRST if row.entry_id in would else Going.MOVED_UP
        else:
            found[row.entry_id] = Going.NO
    return found


def _first(rows: Sequence[Ranked], top: int, without: frozenset[int]) -> set[int]:
    taken: dict[str, int] = {}
    last: dict[str, int] = {}
    found = set()
    for row in rows:
        if row.entry_id in without:
            continue
        if taken.get(row.among, 0) < top or last.get(row.among) == row.place:
            found.add(row.entry_id)
            taken[row.among] = taken.get(row.among, 0) + 1
            last[row.among] = row.place
    return found
