"""Invented people: age, sex and standing by the milieu of their cell; codes, logins and telephone numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from elearn.demo.rules.chance import Lot, chance
from elearn.demo.rules.names import invent_name
from elearn.demo.rules.places import REFORM, Place
from elearn.lib.vietnamese import fold

Stay = tuple[int, date, date | None]
"""A time in one unit: number of the place, first day, day from which it no longer holds."""

_WOMEN = {"village": 0.42, "school": 0.78, "health": 0.66, "office": 0.46, "police": 0.13, "army": 0.08}
_KINDS = Lot([("official", 87.0), ("probationary", 5.0), ("outstanding", 5.0), ("cadre", 2.0), ("guest", 1.0)])
_PHONES = 1_000_000


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


def login_of(name: str, number: int) -> str:
    """Given name, initials of what stands before it, and the number: an.nv.0123."""
    words = fold(name).split()
    return f"{words[-1]}.{''.join(word[0] for word in words[:-1])}.{number:04}"


def invent_people(count: int, first: int, places: Sequence[Place], today: date, seed: int) -> Iterator[Person]:
    """`count` people numbered from `first`, always the same for a seed and a day; nobody has joined or moved after `today`."""
    luck = chance(seed, "people")
    homes = Lot([(place, place.weight) for place in places if place.weight and place.valid_to is None])
    cells = homes.things
    for index in range(count):
        # First every cell gets somebody, so that none stands empty; then chance decides.
        home = cells[index] if index < len(cells) else homes.draw(luck)
        yield _invent(luck, first + index, home, places, cells, today)


def _invent(luck: random.Random, number: int, home: Place, places: Sequence[Place], cells: Sequence[Place], today: date) -> Person:
    sex = "female" if luck.random() < _WOMEN[home.milieu] else "male"
    kind = _KINDS.draw(luck)
    year = today.year - _age(luck, home.milieu, kind)
    born, precision = _birth(luck, year)
    name = invent_name(luck, sex, year)
    return Person(
        number=number,
        name=name,
        login=login_of(name, number),
        sex=sex,
        birth_date=born,
        birth_precision=precision,
        phone=f"0900{number:06}" if number < _PHONES and luck.random() < 0.85 else "",
        kind=kind,
        place=home.number,
        stays=_stays(luck, home, places, cells, year, today),
    )


def _age(luck: random.Random, milieu: str, kind: str) -> int:
    if kind != "official":
        return luck.randint(19, 34) + luck.choice((0, 0, 0, 5))
    if milieu == "village":
        return round(luck.triangular(22, 81, 66))
    return round(luck.triangular(23, 60, 41))


def _birth(luck: random.Random, year: int) -> tuple[date | None, str]:
    """A day of birth as lists have it: of the old often only the year, of some nothing."""
    turn = luck.random()
    if turn < 0.01:
        return None, ""
    if year < 1970 and turn < 0.18:
        return date(year, 1, 1), "year"
    if turn < 0.03:
        return date(year, luck.randint(1, 12), 1), "month"
    return date(year, 1, 1) + timedelta(days=luck.randrange(365)), "day"


def _stays(
    luck: random.Random, home: Place, places: Sequence[Place], cells: Sequence[Place], birth_year: int, today: date
) -> tuple[Stay, ...]:
    """Where somebody has been who is in `home` now: there alone, through a merger, or through a move. Nobody joined under 18."""
    above = places[home.parent] if home.parent is not None else home
    year = min(birth_year + luck.randint(19, 34), today.year - 1)
    joined = max(date(year, luck.randint(1, 12), luck.choice((2, 3, 7, 19))), date(1998, 1, 1))
    turn = luck.random()
    if above.predecessors and turn < 0.8:
        before = places[luck.choice(above.predecessors)]
        start = max(joined, before.valid_from)
        if start < REFORM:
            return (before.number, start, REFORM), (home.number, REFORM, None)
    if turn < 0.06:
        before, moved = luck.choice(cells), today - timedelta(days=luck.randint(20, 400))
        start = max(joined, before.valid_from)
        if before is not home and start < moved and home.valid_from <= moved:
            return (before.number, start, moved), (home.number, moved, None)
    return ((home.number, max(joined, home.valid_from), None),)
