"""Invented people of an invented organisation: who they are, where they belong and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from elearn.demo.rules.chance import Lot, chance
from elearn.demo.rules.names import invent_name
from elearn.demo.rules.places import FOUNDED, MERGED, Place, cells_of
from elearn.lib.vietnamese import fold

_KINDS = Lot([("official", 86), ("probationary", 5), ("outstanding", 5), ("cadre", 3), ("guest", 1)])
_PRECISIONS = Lot([("day", 93), ("month", 1), ("year", 5), ("", 1)])
_YOUNG_KINDS = ("probationary", "outstanding")


@dataclass
class Stay:
    """A time in one unit; `unit` is an index into the places."""

    unit: int
    valid_from: date
    valid_to: date | None = None


@dataclass
class Person:
    """One invented person; `unit` is an index into the places."""

    code: str
    login: str
    name: str
    sex: str
    birth_date: date | None
    birth_precision: str
    phone: str
    email: str
    kind: str
    unit: int
    stays: list[Stay] = field(default_factory=list)


def plan_people(seed: int, places: Sequence[Place], wanted: int, reserved: Sequence[tuple[str, int]]) -> list[Person]:
    """`wanted` people, the first ones with the reserved (login, unit); always the same for a seed."""
    luck = chance(seed, "people")
    cells = cells_of(places)
    homes = Lot([(cell, luck.uniform(6, 40)) for cell in cells])
    former = _former_cells(places)
    taken = {login for login, _ in reserved}
    people = []
    for index in range(max(wanted, len(reserved))):
        kind = _KINDS.draw(luck) if index >= len(reserved) else "official"
        sex = "female" if luck.random() < 0.42 else "male"
        youngest, oldest = (2006, 1990) if kind in _YOUNG_KINDS else (2003, 1940)
        year = int(luck.triangular(oldest, youngest, 1979 if oldest == 1940 else 2000))
        name = invent_name(luck, sex, year)
        if index < len(reserved):
            login, unit = reserved[index]
        else:
            login, unit = _login(name, taken), homes.draw(luck)
        precision = _PRECISIONS.draw(luck)
        people.append(
            Person(
                code=f"DV{index + 1:06}",
                login=login,
                name=name,
                sex=sex,
                birth_date=_birth_date(luck, year, precision),
                birth_precision=precision,
                phone=f"0900{index:06}" if luck.random() < 0.85 else "",
                email=f"{login}@an-son.example" if luck.random() < 0.3 else "",
                kind=kind,
                unit=unit,
                stays=_stays(luck, places, cells, former, unit),
            )
        )
    return people


def _login(name: str, taken: set[str]) -> str:
    """Given name and initials, as in "hanhtt"; a number tells namesakes apart."""
    words = fold(name).split()
    stem = "".join(ch for ch in words[-1] if ch.isalpha()) + "".join(word[0] for word in words[:-1])
    number, login = 1, stem
    while login in taken:
        number += 1
        login = f"{stem}{number}"
        if number == 50:  # many namesakes: the numbers below are long taken
            number = len(taken)
    taken.add(login)
    return login


def _birth_date(luck: Random, year: int, precision: str) -> date | None:
    first, month, day = date(year, 1, 1), luck.randint(1, 12), luck.randint(0, 364)
    if not precision:
        return None
    return {"year": first, "month": first.replace(month=month), "day": first + timedelta(days=day)}[precision]


def _former_cells(places: Sequence[Place]) -> dict[int, list[int]]:
    """For each cell of today the ended cells whose people it took over."""
    found: dict[int, list[int]] = {}
    for index, place in enumerate(places):
        if place.kind == "cell":
            for successor in place.successors:
                found.setdefault(successor, []).append(index)
    return found


def _stays(luck: Random, places: Sequence[Place], cells: Sequence[int], former: dict[int, list[int]], unit: int) -> list[Stay]:
    """Where somebody who is in `unit` now has been: through a merger, through a move, or there alone."""
    joined = FOUNDED + timedelta(days=luck.randint(0, 1700))
    chance_of_move = luck.random()
    if unit in former and chance_of_move < 0.8:
        return [Stay(luck.choice(former[unit]), joined, MERGED), Stay(unit, MERGED)]
    if chance_of_move < 0.04:
        before = luck.choice(cells)
        moved = MERGED + timedelta(days=luck.randint(30, 400))
        if before != unit:
            return [Stay(before, max(joined, places[before].valid_from), moved), Stay(unit, moved)]
    return [Stay(unit, max(joined, places[unit].valid_from))]
