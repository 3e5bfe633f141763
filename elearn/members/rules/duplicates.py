"""Whether two records may be one person: a score from 0 to 100, with every reason in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache

from elearn.lib.vietnamese import fold
from elearn.members.rules.people import births_compatible

LIKELY = 60
MOST_OF_ONE_PHONE = 10
MOST_OF_ONE_NAME = 200

Reasons = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a record; `unit_id` is that of the unit which stands for the person's today."""

    id: int
    name: str
    birth: date | None = None
    precision: str = ""
    phone: str = ""
    unit_id: int = 0
    national_id: str = ""
    was_moved: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one; `reasons` are (points, source message)."""

    first_id: int
    second_id: int
    score: int
    reasons: Reasons


@lru_cache(maxsize=20_000)
def _word(text: str) -> str:
    return fold(text)


def folded(name: str) -> str:
    """The name without accents; names share few words, so that each word is folded once."""
    return " ".join(map(_word, name.split()))


def compare(first: Known, second: Known) -> Pair:
    """How likely it is that both are one person. The order of the two does not matter."""
    if second.id < first.id:
        first, second = second, first
    reasons: list[tuple[int, str]] = []
    if first.national_id and second.national_id:
        same = first.national_id == second.national_id
        reasons.append((80, "Trùng số định danh") if same else (-60, "Khác số định danh"))
    names = folded(first.name), folded(second.name)
    if names[0] == names[1]:
        same = first.name.casefold() == second.name.casefold()
        reasons.append((40, "Cùng họ tên") if same else (35, "Cùng họ tên, khác dấu"))
    elif SequenceMatcher(None, *names).ratio() >= 0.85:
        reasons.append((15, "Họ tên gần giống"))
    else:
        reasons.append((-40, "Khác họ tên"))
    if first.phone and second.phone:
        reasons.append((30, "Trùng số điện thoại") if first.phone == second.phone else (-5, "Khác số điện thoại"))
    births = births_compatible(first.birth, first.precision, second.birth, second.precision)
    if births:
        full = first.precision == second.precision == "day"
        reasons.append((30, "Trùng ngày sinh") if full else (15, "Ngày sinh khớp phần đã biết"))
    elif births is False:
        reasons.append((-40, "Khác ngày sinh"))
    if first.unit_id and first.unit_id == second.unit_id:
        moved = first.was_moved or second.was_moved
        reasons.append((15, "Đơn vị này kế tục đơn vị kia") if moved else (15, "Cùng đơn vị"))
    score = max(0, min(100, sum(points for points, _ in reasons)))
    return Pair(first.id, second.id, score, tuple(reasons))


def likely_pairs(people: Iterable[Known], told_apart: frozenset[tuple[int, int]] = frozenset()) -> list[Pair]:
    """Pairs that are likely one person, the likeliest first; only those that share a name and birth, a phone or a number are compared."""
    found: dict[tuple[int, int], Pair] = {}
    for first, second in _neighbours(people):
        key = (min(first.id, second.id), max(first.id, second.id))
        if key[0] == key[1] or key in found or key in told_apart:
            continue
        pair = compare(first, second)
        if pair.score >= LIKELY:
            found[key] = pair
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.first_id, pair.second_id))


def _neighbours(people: Iterable[Known]) -> Iterator[tuple[Known, Known]]:
    by_name: dict[tuple[str, int], list[Known]] = defaultdict(list)
    unborn: dict[str, list[Known]] = defaultdict(list)
    by_phone: dict[str, list[Known]] = defaultdict(list)
    by_number: dict[str, list[Known]] = defaultdict(list)
    for one in people:
        name = folded(one.name)
        if one.birth is None:
            unborn[name].append(one)
        else:
            by_name[name, one.birth.year].append(one)
        if one.phone:
            by_phone[one.phone].append(one)
        if one.national_id:
            by_number[one.national_id].append(one)
    for group in by_name.values():
        yield from _within_year(group)
    for (name, _year), group in by_name.items() if unborn else ():
        for other in unborn.get(name, ()):
            yield from ((one, other) for one in group if one.unit_id == other.unit_id or (one.phone and one.phone == other.phone))
    for group in unborn.values():
        yield from _all(group) if len(group) <= MOST_OF_ONE_NAME else ()
    for group in by_phone.values():
        yield from _all(group) if len(group) <= MOST_OF_ONE_PHONE else ()
    for group in by_number.values():
        yield from _all(group)


def _within_year(group: list[Known]) -> Iterator[tuple[Known, Known]]:
    """People of one name and year: those of one day, and those whose day is unknown with all others."""
    if len(group) < 2:
        return
    by_day: Mapping[object, list[Known]] = defaultdict(list)
    vague = []
    for one in group:
        if one.precision == "day":
            by_day[one.birth].append(one)
        else:
            vague.append(one)
    for some in by_day.values():
        yield from _all(some)
    for place, one in enumerate(vague[:MOST_OF_ONE_NAME]):
        yield from ((one, other) for other in vague[place + 1 : MOST_OF_ONE_NAME])
        yield from ((one, other) for some in by_day.values() for other in some)


def _all(group: list[Known]) -> Iterator[tuple[Known, Known]]:
    for place, one in enumerate(group):
        yield from ((one, other) for other in group[place + 1 :])
