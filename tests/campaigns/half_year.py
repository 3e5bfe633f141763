"""The first half of 2023 again, from invented units and people: 121 collectives and 344 individuals who owe a plan by 15 June.

`settle()` writes the organisation, `plans_of_2023()` lets them do through the services what was done then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, select

from elearn.campaigns import services
from elearn.campaigns.rules.audience import Audience
from elearn.core.db import db
from elearn.lib.vietnamese import fold, name_sort_key
from elearn.members.models import Member
from elearn.submissions import services as submissions
from elearn.submissions.models import AssignmentTarget
from elearn.submissions.rules.assignments import FIVE_CLEAR_POINTS
from elearn.units.models import Unit, UnitKind
from elearn.units.rules.tree_order import unit_sort_key

OFFICER = (4, "Đặng Trung Kiên")
OPENED = datetime(2023, 3, 1, 2, 0, tzinfo=UTC)
CUT_OFF = datetime(2023, 6, 15, 16, 59, tzinfo=UTC)
"""The end of 15 June on the clock of Viet Nam."""
COLLECTIVES, INDIVIDUALS = 121, 344
HANDED_IN = (62, 172)
FIRST_UNIT, FIRST_MEMBER = 1000, 5000
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
_GIVEN = (
    "An",
    "Bình",
    "Châu",
    "Dũng",
    "Đông",
    "Giang",
    "Hạnh",
    "Khoa",
    "Liên",
    "Minh",
    "Nga",
    "Oanh",
    "Phúc",
    "Quân",
    "Sơn",
    "Yến",
)


@dataclass(frozen=True)
class Plans:
    """Ids of the campaign and of its two requirements."""

    campaign: int
    collectives: int
    individuals: int


def settle() -> None:
    """121 grassroots organisations below the province, in them 344 cadres and a member who is asked nothing."""
    db.session.rollback()
    connection = db.session.connection(execution_options={"is_write": True})
    connection.execute(insert(UnitKind).values(id=9, code="committee", name="Đảng bộ cơ sở"))
    names = [f"Đảng uỷ cơ sở số {number:03}" for number in range(1, COLLECTIVES + 1)]
    connection.execute(
        insert(Unit),
        [
            {
                "id": FIRST_UNIT + place, "code": f"CS-{place:03}", "name": name, "short_name": name, "kind_id": 9, "parent_id": 1,
                "path": f"/1/{FIRST_UNIT + place}/", "depth": 1, "valid_from": date(2020, 1, 1), "sort_key": unit_sort_key(name),
                "search_key": fold(name), "segment": "", "is_external": False,
            }
            for place, name in enumerate(names)
        ],
    )  # fmt: skip
    connection.execute(
        insert(Member),
        [_person(number, "cadre" if number < INDIVIDUALS else "official") for number in range(INDIVIDUALS + 1)],
    )
    db.session.commit()


def _person(number: int, kind: str) -> dict[str, object]:
    name = f"{_FAMILY[number % 8]} Văn {_GIVEN[number % 16]} {_GIVEN[number // 16 % 16]}"
    return {
        "id": FIRST_MEMBER + number, "code": f"CB{number:05}", "login": f"cb{number}", "login_key": f"cb{number}", "display_name": name,
        "name_key": name_sort_key(name), "search_key": fold(f"{name} CB{number:05}"), "birth_precision": "", "sex": "", "phone": "", "email": "",
        "kind": kind, "unit_id": FIRST_UNIT + number % COLLECTIVES, "status": "active", "password_hash": "", "must_change_password": False,
        "created_at": OPENED,
    }  # fmt: skip


def plans_of_2023() -> Plans:
    """The campaign as it was asked, and what had been handed in by the cut-off; one collective and five people came after it."""
    spec = services.CampaignSpec(
        "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh năm 2023", 1, OPENED, CUT_OFF + timedelta(days=60),
        Audience(unit_kinds=("committee",), member_kinds=("cadre",)), decision="21-KH/TU",
    )  # fmt: skip
    campaign = services.make_campaign(OFFICER, spec, OPENED)
    asked = [
        services.RequirementSpec("submission", "unit", "Kế hoạch của tập thể", CUT_OFF, fields=FIVE_CLEAR_POINTS),
        services.RequirementSpec("submission", "member", "Kế hoạch của cá nhân", CUT_OFF, fields=FIVE_CLEAR_POINTS),
    ]
    collectives, individuals = (services.add_requirement(OFFICER, campaign, one, OPENED) for one in asked)
    services.take_list(OFFICER, campaign, OPENED)
    services.announce(OFFICER, campaign, OPENED)
    plans = Plans(campaign, collectives, individuals)
    for of, count, late in (("unit", HANDED_IN[0], 1), ("member", HANDED_IN[1], 5)):
        for place, (target_id, member_id, name) in enumerate(_targets(of)[: count + late]):
            at = CUT_OFF - timedelta(days=1 + place % 60) if place < count else CUT_OFF + timedelta(days=3)
            writer = OFFICER if member_id is None else (member_id, name)
            submissions.save_draft(
                writer, target_id, {one.key: f"{one.label}: việc số {place}" for one in FIVE_CLEAR_POINTS}, 0, at
            )
            submissions.hand_in(writer, target_id, at)
    return plans


def _targets(of: str) -> list[tuple[int, int | None, str]]:
    is_of_unit = AssignmentTarget.member_id.is_(None) if of == "unit" else AssignmentTarget.member_id.is_not(None)
    query = select(AssignmentTarget.id, AssignmentTarget.member_id, AssignmentTarget.name).where(is_of_unit)
    return [(row[0], row[1], row[2]) for row in db.session.execute(query.order_by(AssignmentTarget.id)).all()]
