"""The accounts with which a visitor looks round: two for each role, one at the province and one at a commune."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from elearn.demo.rules.places import Place, cells_of, paths_below
from elearn.members.rules.permissions import Role

_LOGINS = {
    "quantri": Role.SYSTEM_ADMINISTRATOR,
    "daotao": Role.TRAINING_OFFICER,
    "cuocthi": Role.CONTEST_OFFICER,
    "bientap": Role.CONTENT_EDITOR,
    "thamdinh": Role.REVIEWER,
    "giamkhao": Role.EXAMINER,
    "xem": Role.UNIT_VIEWER,
}
COMMUNE = "Đảng bộ phường Bình Minh"


@dataclass(frozen=True)
class Guide:
    """An account of the tour. `home` and `scope` are indices into the places; no scope means no role."""

    login: str
    role: Role
    home: int
    scope: int | None = None
    must_change_password: bool = False


def plan_guides(places: Sequence[Place]) -> list[Guide]:
    """The accounts in the order in which they are printed."""
    cells = cells_of(places)
    commune = next(index for index, place in enumerate(places) if place.name == COMMUNE)
    of_commune = [cell for cell in cells if cell in paths_below(places, commune)]
    street = next(cell for cell in of_commune if places[cell].name == "Chi bộ Khu phố 5")
    bodies = [cell for cell in cells if places[cell].code.startswith("AS-C1-")]
    hamlet = next(cell for cell in cells if places[cell].short_name.startswith("Thôn"))
    guides = []
    for number, (login, role) in enumerate(_LOGINS.items()):
        guides.append(Guide(f"{login}1", role, bodies[number % len(bodies)], scope=0))
        guides.append(Guide(f"{login}2", role, of_commune[number % 2], scope=commune))
    guides.append(Guide("hocvien1", Role.LEARNER, street))
    guides.append(Guide("hocvien2", Role.LEARNER, hamlet))
    guides.append(Guide("moi", Role.LEARNER, street, must_change_password=True))
    return guides
