"""Invented people of an invented organisation: who they are, where they belong and since when."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from elearn.demo.rules.chance import Lot, chance
from elearn.demo.rules.guided import GUIDED
from elearn.demo.rules.names import invent_name
from elearn.demo.rules.places import REFORM, Place
from elearn.lib.vietnamese import fold

Stay = tuple[int, date, date | None]
"""A time in one unit: number of the place, first day, day from which it no longer holds."""

_KINDS = Lot([("official", 86.0), ("probationary", 5.0), ("outstanding", 5.0), ("cadre", 3.0), ("guest", 1.0)])
_YOUNG_KINDS = ("probationary", "outstanding")
_YOUNG_YEARS = (1988, 2006, 2001)
_PRECISIONS = Lot([("day", 93.0), ("month", 1.0), ("year", 5.0), ("", 1.0)])
_YEARS = {  # of birth: earliest, latest, commonest
    "village": (1938, 2004, 1966),
    "army": (1975, 2004, 1992),
    "police": (1972, 2003, 1989),
}
_WORKING_YEARS = (1966, 2002, 1984)
_WOMEN = {"school": 0.76, "health": 0.62, "army": 0.06, "police": 0.15, "village": 0.36}


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person; `number` is the id and makes the code, `place` is where they are today."""

    number: int
    name: str
    login: str
    sex: str
    birth_date: date | None
    birth_precision: str
    phone: str
    kind: str
    place: int
    stays: tuple[Stay, ...]

    @property
    def code(self) -> str:
        return f"DV{self.number:06}"


class Logins:
    """Given name and initials, as in "hanhtt"; a number tells namesakes apart."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {account.login: 1 for account in GUIDED}

    def make(self, name: str) -> str:
        words = fold(name).split()
        stem = words[-1] + "".join(word[0] for word in words[:-1])
        used = self._used.get(stem, 0) + 1
        self._used[stem] = used
        return stem if used == 1 else f"{stem}{used}"


def invent_people(count: int, first: int, places: Sequence[Place], today: date, seed: int) -> Iterator[Person]:
    """`count` people numbered from `first`; the same for a seed and a size. Nobody has joined or moved after `today`."""
    luck, logins = chance(seed, "people"), Logins()
    homes = Lot([(place, place.weight) for place in places if place.weight])
    for number in range(first, first + count):
        home, kind, precision = homes.draw(luck), _KINDS.draw(luck), _PRECISIONS.draw(luck)
        sex = "female" if luck.random() < _WOMEN.get(home.milieu, 0.44) else "male"
        year = int(luck.triangular(*(_YOUNG_YEARS if kind in _YOUNG_KINDS else _YEARS.get(home.milieu, _WORKING_YEARS))))
        name = invent_name(luck, sex, year)
        yield Person(
            number=number,
            name=name,
            login=logins.make(name),
            sex=sex,
            birth_date=_birth_date(luck, year, precision),
            birth_precision=precision,
            phone=f"0900{number:06}" if luck.random() < 0.85 else "",
            kind=kind,
            place=home.number,
            stays=_stays(luck, places, homes, home, today),
        )


def _birth_date(luck: random.Random, year: int, precision: str) -> date | None:
    first, month, days = date(year, 1, 1), luck.randint(1, 12), luck.randint(0, 364)
    known = {"year": first, "month": first.replace(month=month), "day": first + timedelta(days=days)}
    return known.get(precision)


def _stays(luck: random.Random, places: Sequence[Place], homes: Lot[Place], home: Place, today: date) -> tuple[Stay, ...]:
    """Where somebody has been who is in `home` now: there alone, through a merger, or through a move."""
    above = places[home.parent] if home.parent is not None else home
    joined = min(date(2012, 1, 1) + timedelta(days=luck.randint(0, 5200)), today)
    turn = luck.random()
    if above.predecessors and turn < 0.8:
        before = places[luck.choice(above.predecessors)]
        return (before.number, min(max(joined, before.valid_from), date(2024, 9, 1)), REFORM), (home.number, REFORM, None)
    if turn < 0.04:
        earlier, moved = homes.draw(luck), REFORM + timedelta(days=luck.randint(30, 400))
        if earlier.number != home.number and moved < today:
            return (earlier.number, max(min(joined, REFORM), earlier.valid_from), moved), (home.number, moved, None)
    return ((home.number, max(joined, home.valid_from), None),)
