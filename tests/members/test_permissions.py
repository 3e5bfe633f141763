"""The access table and names for signing in, as plain values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.lib.errors import InvalidInput
from elearn.members.rules.logins import login_key
from elearn.members.rules.passwords import check_new_password
from elearn.members.rules.permissions import PERMISSIONS, Actor, Grant, InBranch, Role, Subject, may, may_anywhere, role_paths

units = st.sampled_from(["/1/", "/1/2/", "/1/2/3/", "/1/4/", "/11/"])
grants = st.lists(st.builds(Grant, st.sampled_from(list(Role)), units), max_size=4).map(tuple)
actors = st.builds(Actor, st.integers(1, 5), units, grants)
subjects = st.builds(Subject, units, st.one_of(st.none(), st.integers(1, 5)), st.booleans())


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
@given(actors, subjects)
def test_it_shows_in_menus_whatever_may_be_done(permission, actor, subject):
    assert not may(actor, permission, subject) or may_anywhere(actor, permission)


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
@given(actors, units)
def test_it_describes_roles_by_subtrees(permission, actor, path):
    within = any(path.startswith(top) for top in role_paths(actor, permission))
    # What a unit offers to all below it needs no role there.
    is_offered = any(isinstance(one, InBranch) and one(actor, Subject(path)) for one in PERMISSIONS[permission])
    assert (within or is_offered) == may(actor, permission, Subject(path)) or may(actor, permission, Subject("/none/"))


@given(actors)
def test_it_gives_a_learner_nothing_of_others(actor):
    learner = Actor(actor.member_id, actor.unit_path, ())
    foreign = Subject("/1/", owner_id=actor.member_id + 1)
    held = [name for name, predicates in PERMISSIONS.items() if not any(isinstance(one, InBranch) for one in predicates)]
    assert not any(may(learner, permission, foreign) for permission in held)
    elsewhere = Subject(f"{learner.unit_path}99/", owner_id=actor.member_id + 1)
    assert not any(may(learner, permission, elsewhere) for permission in PERMISSIONS)


@given(actors, subjects, grants)
def test_it_never_takes_away_by_granting(actor, subject, more):
    richer = Actor(actor.member_id, actor.unit_path, actor.grants + more)
    assert all(may(richer, permission, subject) for permission in PERMISSIONS if may(actor, permission, subject))


@pytest.mark.parametrize("written", ["admin", " admin ", "ADMIN", "аdmin", "ad\u200bmin", "ａｄｍｉｎ"])
def test_it_makes_look_alikes_collide(written):
    assert login_key(written) == "admin"


@pytest.mark.parametrize("written", ["0912345678", "+84912345678", "84 912 345 678", "0912.345.678", "(091) 234-5678"])
def test_it_knows_a_phone_however_it_is_written(written):
    assert login_key(written) == "0912345678"


@pytest.mark.parametrize("password", ["ngan", "x" * 129, "12345678", "mat khau", "aaaaaaaaaa", "tranthihanh99"])
def test_it_refuses_poor_passwords(password):
    with pytest.raises(InvalidInput):
        check_new_password(password, ("hanh", "Trần Thị Hạnh"))


@pytest.mark.parametrize("password", ["bốn con trâu già", "lua-nuoc-tre-xanh", "x1" * 4 + "yz", "密码很长很长而且不同"])
def test_it_takes_any_long_password(password):
    check_new_password(password, ("hanh", "Trần Thị Hạnh"))
