"""Search of people: by beginnings of words, without accents; the index of words and the walk through rows find the same."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from elearn.core import clock
from elearn.core.db import db
from elearn.members.models import Member
from elearn.members.queries import actor_of, beginning_with, page_of_members, starting_words


@pytest.mark.parametrize(
    "words",
    [
        "tran thi hanh",
        "Hạnh",
        "ha",
        "t",
        "DV00001",
        "kien",
        "ng",
        "văn bì",
        "anh lan",
        "zzz",
        "dv00001 hanh",
        "%",
        "' OR 1",
        'a"b*',
        "Ж",
        "n n",
    ],
)
def test_it_finds_the_same_both_ways(app, words):
    by_index = set(db.session.scalars(select(Member.id).where(beginning_with(words))))
    by_rows = set(db.session.scalars(select(Member.id).where(starting_words(words))))
    assert by_index == by_rows


@pytest.mark.parametrize(
    ("words", "names"), [("dang trung", ["Đặng Trung Kiên"]), ("lan anh pham", ["Phạm Thị Lan Anh"]), ("rần", []), ("0000", [])]
)
def test_it_searches_without_accents_by_beginnings(app, people, words, names):
    actor = actor_of(people.kien.member_id, "/1/", clock.now())
    page = page_of_members(actor, words, None, 1)
    assert [member.display_name for member in page.items] == names
    assert page.total == len(names)


def test_it_finds_a_person_by_a_new_name_at_once(app, people):
    actor = actor_of(people.kien.member_id, "/1/", clock.now())
    from elearn.core.db import transaction
    from elearn.lib.vietnamese import fold

    with transaction() as session:
        session.get_one(Member, 1).search_key = fold("Trần Thị Hoà Bình hanh")
    assert [one.id for one in page_of_members(actor, "hoa binh", None, 1).items] == [1]
    assert [one.id for one in page_of_members(actor, "tran hanh", None, 1).items] == [1]


def test_it_turns_pages_of_what_was_found(app, people):
    actor = actor_of(people.kien.member_id, "/1/", clock.now())
    first, last = page_of_members(actor, "n", None, 1, size=3), page_of_members(actor, "n", None, 99, size=3)
    assert first.total == last.total > 3
    assert first.number == 1
    assert last.number == last.pages
    assert not {one.id for one in first.items} & {one.id for one in last.items}
