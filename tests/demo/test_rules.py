"""The invented organisation as it is drawn from a seed, before anything is written."""

from __future__ import annotations

import unicodedata
from collections import Counter
from datetime import date

import pytest

from elearn.demo.rules import names, people, places
from elearn.demo.rules.chance import chance
from elearn.demo.rules.guided import GUIDED, home_of
from elearn.members.rules.logins import login_key
from elearn.members.rules.passwords import check_new_password
from elearn.members.rules.permissions import OFFICERS, Role

TODAY = date(2026, 11, 23)
TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def crowd(count: int, seed: int, units: int = 80) -> list[people.Person]:
    return list(people.invent_people(count, 1, places.lay_out(units, seed), TODAY, seed))


def test_it_invents_the_same_people_for_the_same_seed() -> None:
    assert crowd(300, seed=4) == crowd(300, seed=4)
    assert [one.name for one in crowd(300, seed=4)] != [one.name for one in crowd(300, seed=5)]


def test_it_names_nobody_after_somebody_of_note() -> None:
    assert names.is_known("Hồ Chí Minh")
    assert names.is_known("ho chi minh")
    assert names.is_known("Võ Nguyên Giáp")
    assert not any(names.is_known(one.name) for one in crowd(4000, seed=1))
    assert not any(names.is_known(account.name) for account in GUIDED)


def test_it_draws_family_names_about_as_often_as_they_are_borne() -> None:
    families = Counter(one.name.split()[0] for one in crowd(6000, seed=2))
    assert 0.28 < families["Nguyễn"] / 6000 < 0.36
    assert families["Trần"] > families["Phạm"] > families["Đặng"]
    assert {"Lò", "Quàng", "Vừ", "Giàng", "Lường", "Nông"} <= set(families)


def test_it_writes_all_tones_and_both_spellings() -> None:
    letters = "".join(one.name for one in crowd(3000, seed=3))
    assert {mark for mark in unicodedata.normalize("NFD", letters) if mark in TONES} == TONES
    assert letters == unicodedata.normalize("NFC", letters)
    assert names.old_spelling("Trần Thị Hoà Thuỷ") == "Trần Thị Hòa Thủy"
    assert names.old_spelling("Nguyễn Văn Quý") == "Nguyễn Văn Quý"
    given = {one.name.split()[-1] for one in crowd(3000, seed=3)}
    assert {"Hoà", "Hòa"} <= given


def test_it_gives_each_person_a_login_of_their_own() -> None:
    logins = [one.login for one in crowd(5000, seed=6)] + [account.login for account in GUIDED]
    assert all(login.isascii() and login.replace(".", "").isalnum() and login == login.lower() for login in logins)
    assert len({login_key(login) for login in logins}) == len(logins)


@pytest.mark.parametrize("units", [places.FEWEST_UNITS, 100, 700, 4000])
def test_it_lays_out_a_tree(units: int) -> None:
    found = places.lay_out(units, seed=1)
    today = [place for place in found if place.valid_to is None]
    assert abs(len(today) - units) <= max(10, units // 20)
    assert [place.number for place in found] == list(range(len(found)))
    assert [place for place in found if place.parent is None] == [found[0]]
    depths = {0: 0}
    for place in found[1:]:
        assert place.parent is not None
        assert place.parent < place.number
        depths[place.number] = depths[place.parent] + 1
        assert place.valid_to is not None or found[place.parent].valid_to is None
    assert max(depths[place.number] for place in today) == 3
    kinds = {kind for kind, _, _ in places.KINDS}
    assert all(place.kind in kinds for place in found)
    assert len({(place.parent, place.name) for place in found}) == len(found)


def test_it_hands_on_what_ended_with_the_reform() -> None:
    found = places.lay_out(300, seed=1)
    ended = [place for place in found if place.valid_to is not None]
    assert all(place.valid_to == places.REFORM for place in ended)
    assert all(place.successors for place in ended if place.kind != "district")
    assert all(found[number].valid_to is None for place in ended for number in place.successors)
    mergers = Counter(number for place in ended for number in place.successors)
    assert max(mergers.values()) > 1


def test_it_puts_people_where_people_belong() -> None:
    found = places.lay_out(100, seed=1)
    moved = 0
    for one in people.invent_people(2000, 1, found, TODAY, 1):
        assert found[one.place].weight > 0
        assert one.stays[-1][0] == one.place
        assert one.stays[-1][2] is None
        for number, start, end in one.stays:
            place = found[number]
            assert start >= place.valid_from
            assert end is None or start < end
            assert place.valid_to is None or (end is not None and end <= place.valid_to)
            assert start <= TODAY
        for (_, _, end), (_, start, _) in zip(one.stays, one.stays[1:], strict=False):
            assert end == start
        moved += len(one.stays) > 1
    assert moved > 50


def test_it_guides_through_every_role_twice() -> None:
    roles = Counter(account.role for account in GUIDED if not account.must_change_password)
    assert roles == {str(role): 2 for role in (*OFFICERS, Role.LEARNER)}
    found = places.lay_out(places.FEWEST_UNITS, seed=1)
    assert all(home_of(account, found).weight for account in GUIDED)


def test_it_invents_passwords_that_may_be_used() -> None:
    from elearn.demo.rules.guided import invent_password

    for seed in range(50):
        check_new_password(invent_password(chance(seed, "password")))
