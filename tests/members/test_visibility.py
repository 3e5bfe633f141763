"""Lists show exactly what the access table allows: random trees, grants and people against brute force."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert

from elearn.admin.queries.people import access_unit, page_of_grants, visible_units
from elearn.classes.models import Cohort
from elearn.classes.queries.cohorts import list_organisers, page_of_cohorts
from elearn.classes.queries.people import find_candidates, list_visible_ids
from elearn.classes.rules.matching import parse
from elearn.core.db import db, transaction
from elearn.lib.errors import NotFound
from elearn.lib.tree import child_path
from elearn.lib.vietnamese import fold, name_sort_key
from elearn.members.models import Member, RoleGrant
from elearn.members.queries import access_member, actor_of, page_of_members
from elearn.members.rules.permissions import Role, Subject, may
from elearn.units.models import Unit
from tests.cast import FIRST_DAY, LONG_AGO
from tests.classes.conftest import NOW, School


def grow(seed: int) -> dict[int, str]:
    """Forty more units hung anywhere, eighty people, twenty classes and grants of every kind; returns the path of each unit."""
    chance = random.Random(seed)
    paths = {unit.id: unit.path for unit in db.session.query(Unit)}
    with transaction() as session:
        for number in range(100, 140):
            parent = chance.choice([*paths, None]) if number == 100 else chance.choice(list(paths))
            paths[number] = child_path(paths[parent] if parent else None, number)
            session.execute(
                insert(Unit).values(
                    id=number, code=f"u{number}", name=f"Đơn vị {number}", short_name=f"{number}", kind_id=3, parent_id=parent,
                    path=paths[number], depth=paths[number].count("/") - 2, valid_from=FIRST_DAY, sort_key=f"{number}", search_key=f"{number}",
                )
            )  # fmt: skip
        for number in range(200, 280):
            name = f"Người Thứ {chance.choice('ABCDEĐÊ')}{number}"
            session.execute(
                insert(Member).values(
                    id=number, code=f"N{number}", login=f"n{number}", login_key=f"n{number}", display_name=name, name_key=name_sort_key(name),
                    search_key=fold(f"{name} n{number} N{number}"), unit_id=chance.choice(list(paths)), status="active", password_hash="x",
                    must_change_password=False, created_at=LONG_AGO,
                )
            )  # fmt: skip
        session.execute(delete(RoleGrant))
        for member in range(200, 240):
            for _ in range(chance.randint(0, 3)):
                start = chance.choice([NOW - timedelta(days=9), NOW + timedelta(days=9)])
                end = chance.choice([None, NOW, NOW - timedelta(days=1), NOW + timedelta(days=1)])
                end = end if end is None or end > start else None
                session.execute(
                    insert(RoleGrant).values(
                        member_id=member,
                        role=chance.choice(list(Role)),
                        unit_id=chance.choice(list(paths)),
                        valid_from=start,
                        valid_to=end,
                    )
                )
    return paths


@pytest.mark.parametrize("seed", range(4))
def test_it_lists_exactly_what_the_table_allows(app, seed):
    paths = grow(seed)
    school = School()
    course_id = school.course()
    for number, unit in enumerate(random.Random(seed).choices(list(paths), k=20)):
        school.cohort(course_id, unit_id=unit, code=f"LOP-{number}")
    units_of = {member.id: member.unit_id for member in db.session.query(Member)}
    cohorts = {cohort.id: cohort.unit_id for cohort in db.session.query(Cohort)}
    grants = [(grant.id, grant.unit_id) for grant in db.session.query(RoleGrant)]
    lines = parse([f"N{number}" for number in range(200, 280)])
    for person in range(200, 240):
        actor = actor_of(person, paths[units_of[person]], NOW)
        expected = {number for number, unit in units_of.items() if may(actor, "member.view", Subject(paths[unit], number))}
        shown = [member.id for page in (1, 2) for member in page_of_members(actor, "", None, page).items]
        assert set(shown) == expected
        assert set(list_visible_ids(actor, [*units_of, 9999])) == expected - {13}  # 13 is disabled
        by_key, _ = find_candidates(actor, set(), lines)
        assert {one.member_id for found in by_key.values() for one in found if one.is_in_scope} == {n for n in expected if n >= 200}
        visible = {number for number, unit in cohorts.items() if may(actor, "cohort.view", Subject(paths[unit]))}
        assert {cohort.id for cohort in page_of_cohorts(actor, "", "all", 1).items} == visible
        assert {n for n, _ in list_organisers(actor)} == {
            n for n, path in paths.items() if may(actor, "cohort.manage", Subject(path))
        }
        seen_units = {unit.id for unit in db.session.query(Unit).filter(visible_units(actor))}
        assert seen_units == {number for number, path in paths.items() if may(actor, "unit.view", Subject(path))}
        seen_grants = {grant.id for page in (1, 2, 3) for grant in page_of_grants(actor, "", "", page).items}
        assert seen_grants == {number for number, unit in grants if may(actor, "role.view", Subject(paths[unit]))}


def test_it_loads_by_number_only_what_it_lists(app):
    paths = grow(7)
    for person in range(200, 220):
        member = db.session.get_one(Member, person)
        actor = actor_of(person, paths[member.unit_id], NOW)
        for number in (1, 3, 210, 250):
            unit = paths[db.session.get_one(Member, number).unit_id]
            if may(actor, "member.view", Subject(unit, number)):
                assert access_member(actor, number).id == number
            else:
                with pytest.raises(NotFound):
                    access_member(actor, number)
        for number in (1, 110, 130, 999):
            if number in paths and may(actor, "unit.view", Subject(paths[number])):
                assert access_unit(actor, number).id == number
            else:
                with pytest.raises(NotFound):
                    access_unit(actor, number)


def test_it_orders_people_by_given_name(app):
    grow(1)
    with transaction() as session:
        session.execute(insert(RoleGrant).values(member_id=4, role="system_administrator", unit_id=1, valid_from=LONG_AGO))
    actor = actor_of(4, "/1/", NOW)
    keys = [member.name_key for member in page_of_members(actor, "", None, 1).items]
    assert keys == sorted(keys)
