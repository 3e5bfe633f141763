"""Invented people of an invented organisation: who they are, where they belong and since when."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from elearn.demo.rules.chance import Lot, chance
from elearn.demo.rules.guided import GUIDED, home_of
from elearn.demo.rules.names import invent_name
from elearn.demo.rules.places import REFORM, Place
from elearn.lib.vietnamese import fold

_KINDS = Lot([("official", 86.0), ("probationary", 5.0), ("outstanding", 5.0), ("cadre", 3.0), ("guest", 1.0)])
_YOUNG_KINDS = ("probationary", "outstanding")
_PRECISIONS = Lot([("day", 93.0), ("month", 1.0), ("year", 5.0), ("", 1.0)])
_YEARS = {  # of birth: earliest, latest, commonest
    "village": (1938, 2004, 1966),
    "army": (1975, 2004, 1992),
    "police": (1972, 2003, 1989),
}
_WORKING_YEARS = (1966, 2002, 1984)
_WOMEN = {"school": 0.76, "health": 0.62, "army": 0.06, "police": 0.15, "village": 0.36}


@dataclass(frozen=True)
class Stay:
    """A time in one unit; `place` is the number of a place."""

    place: int
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class Person:
    """One invented person; the last stay is where they are today."""

    code: str
    login: str
    name: str
    sex: str
    birth_date: date | None
    birth_precision: str
    phone: str
    email: str
    kind: str
    stays: tuple[Stay, ...]
    must_change_password: bool = False

    @property
    def place(self) -> int:
        return self.stays[-1].place


def invent_people(places: Sequence[Place], wanted: int, seed: int) -> list[Person]:
    """`wanted` people, the guided accounts first; always the same for a seed."""
    luck = chance(seed, "people")
    homes = Lot([(place, place.weight) for place in places if place.weight])
    taken = {account.login for account in GUIDED}
    people = []
    for index in range(max(wanted, len(GUIDED))):
        if index < len(GUIDED):
            account = GUIDED[index]
            login, name, sex, year, kind = account.login, account.name, account.sex, account.birth_year, "official"
            stays: tuple[Stay, ...] = (Stay(home_of(account, places).number, REFORM),)
            must_change, precision = account.must_change_password, "day"
        else:
            home, kind, must_change, precision = homes.draw(luck), _KINDS.draw(luck), False, _PRECISIONS.draw(luck)
            sex = "female" if luck.random() < _WOMEN.get(home.milieu, 0.44) else "male"
            year = int(luck.triangular(*((1988, 2006, 2001) if kind in _YOUNG_KINDS else _YEARS.get(home.milieu, _WORKING_YEARS))))
            name = invent_name(luck, sex, year)
            login, stays = _login(name, taken), _stays(luck, places, homes, home)
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
                stays=stays,
                must_change_password=must_change,
            )
        )
    return people


def _login(name: str, taken: set[str]) -> str:
    """Given name and initials, as in "hanhtt"; a number tells namesakes apart."""
    words = fold(name).split()
    stem = words[-1] + "".join(word[0] for word in words[:-1])
    number, login = 1, stem
    while login in taken:
        number += 1
        login = f"{stem}{number}"
    taken.add(login)
    return login


def _birth_date(luck: random.Random, year: int, precision: str) -> date | None:
    first, month, days = date(year, 1, 1), luck.randint(1, 12), luck.randint(0, 364)
    known = {"year": first, "month": first.replace(month=month), "day": first + timedelta(days=days)}
    return known.get(precision)


def _stays(luck: random.Random, places: Sequence[Place], homes: Lot[Place], home: Place) -> tuple[Stay, ...]:
    """Where somebody has been who is in `home` now: there alone, through a merger, or through a move."""
    above = places[home.parent] if home.parent is not None else home
    joined = date(2012, 1, 1) + timedelta(days=luck.randint(0, 5200))
    turn = luck.random()
    if above.predecessors and turn < 0.8:
        before = places[luck.choice(above.predecessors)]
        return (Stay(before.number, min(max(joined, before.valid_from), date(2024, 9, 1)), REFORM), Stay(home.number, REFORM))
    if turn < 0.04:
        earlier, moved = homes.draw(luck), REFORM + timedelta(days=luck.randint(30, 400))
        if earlier.number != home.number:
            return (Stay(earlier.number, max(min(joined, REFORM), earlier.valid_from), moved), Stay(home.number, moved))
    return (Stay(home.number, max(joined, home.valid_from)),)
