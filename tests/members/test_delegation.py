"""Nobody hands on more than they hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.lib.errors import InvalidInput
from elearn.members.rules.delegation import DELEGATES, HeldGrant, WantedGrant, check_grant, paths_to_give, roles_to_give
from elearn.members.rules.permissions import Role

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PATHS = ["/1/", "/1/2/", "/1/2/3/", "/1/4/", "/1/4/5/", "/9/", "/1/20/"]
moments = st.integers(-3, 6).map(lambda days: NOW + timedelta(days=days))
wishes = st.tuples(st.sampled_from(Role), st.sampled_from(PATHS), moments, st.none() | moments)


def refusal(own, wanted, receiver=2):
    with pytest.raises(InvalidInput) as caught:
        check_grant(own, wanted, 1, receiver, NOW)
    return caught.value.code, caught.value.field


def test_it_names_the_field_that_is_wider():
    until = NOW + timedelta(days=10)
    own = [HeldGrant(Role.TRAINING_OFFICER, "/1/2/", NOW, until)]
    inside = NOW + timedelta(days=5)
    check_grant(own, WantedGrant(Role.EXAMINER, ("/1/2/3/",), NOW, inside), 1, 2, NOW)
    assert refusal(own, WantedGrant(Role.EXAMINER, ("/1/2/",), NOW, inside), 1) == ("grant_to_self", "member")
    assert refusal(own, WantedGrant(Role.REVIEWER, ("/1/2/",), NOW, inside)) == ("grant_role_wider", "role")
    assert refusal(own, WantedGrant(Role.EXAMINER, ("/1/",), NOW, inside)) == ("grant_unit_wider", "unit")
    assert refusal(own, WantedGrant(Role.EXAMINER, ("/1/2/", "/1/4/"), NOW, inside)) == ("grant_catchment_wider", "with_catchment")
    assert refusal(own, WantedGrant(Role.EXAMINER, ("/1/2/",), NOW, None)) == ("grant_period_wider", "last_day")
    assert refusal(own, WantedGrant(Role.EXAMINER, ("/1/2/",), NOW, until + timedelta(1))) == ("grant_period_wider", "last_day")
    assert refusal(own, WantedGrant(Role.EXAMINER, ("/1/2/",), NOW, NOW)) == ("grant_period", "last_day")


def test_it_says_what_one_may_give_and_where():
    own = [HeldGrant(Role.CONTENT_EDITOR, "/1/", NOW), HeldGrant(Role.EXAMINER, "/9/", NOW)]
    assert roles_to_give(own) == [Role.CONTENT_EDITOR, Role.REVIEWER]
    assert paths_to_give(own) == ["/1/"]
    assert paths_to_give(own, Role.EXAMINER) == []
    assert all(DELEGATES.get(inner, frozenset()) <= given_on for given_on in DELEGATES.values() for inner in given_on)


@given(root=st.tuples(st.sampled_from(Role), st.sampled_from(PATHS), st.none() | moments), chain=st.lists(wishes, max_size=6))
def test_it_never_widens_along_a_chain(root, chain):
    role, top, until = root
    held = HeldGrant(role, top, NOW - timedelta(days=3), until)
    for step, (wish, path, start, end) in enumerate(chain):
        start = max(start, NOW)
        try:
            check_grant([held], WantedGrant(wish, (path,), start, end), step, step + 1, NOW)
        except InvalidInput:
            continue
        held = HeldGrant(wish, path, NOW, end)
        assert wish in DELEGATES[role]
        assert path.startswith(top)
        assert until is None or (end is not None and end <= until)
