"""Records that may be one person: scores with reasons, pairs that are found, pairs told apart."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

from elearn.members.models import DuplicateVerdict
from elearn.members.rules.duplicates import Known, compare, likely_pairs
from elearn.members.services.records import save_member

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
NGA = (14, "Ngô Thị Nga")
HOA = Known(1, "Đặng Thị Hoà", date(1980, 10, 14), "day", "0912345678", 3)


def test_it_scores_what_agrees_and_says_why():
    same = compare(HOA, Known(2, "Đặng Thị Hòa", date(1980, 10, 14), "day", "0912345678", 3))
    assert same.score == 100 and "Trùng ngày sinh" in [words for _, words in same.reasons]
    assert compare(HOA, Known(2, "Đặng Thị Hoà", date(1980, 1, 1), "year", "", 9)).score == 55
    other = compare(HOA, Known(2, "Đặng Thị Hoà", date(1981, 1, 1), "day", "", 3))
    assert other.score < 60
    apart = compare(Known(1, "Lê An", national_id="001180000123"), Known(2, "Lê An", national_id="001180000124"))
    assert apart.score == 0
    moved = compare(HOA, Known(2, "Đặng Thị Hoà", None, "", "", 3, was_moved=True))
    assert "Đơn vị này kế tục đơn vị kia" in [words for _, words in moved.reasons]


def test_it_does_not_matter_in_which_order_two_are_compared():
    other = Known(2, "Đặng Thị Hòa", date(1980, 1, 1), "year", "", 3)
    assert compare(HOA, other) == compare(other, HOA)


def test_it_finds_pairs_by_name_phone_and_number():
    people = [
        HOA, Known(2, "Dang Thi Hoa", date(1980, 10, 1), "month", "", 3), Known(3, "Đặng Thị Hoa", None, "", "0912345678", 5),
        Known(4, "Lê Văn Tám", date(1970, 1, 1), "day", "0912345678", 3),
    ]  # fmt: skip
    assert {(pair.first_id, pair.second_id) for pair in likely_pairs(people)} == {(1, 2), (1, 3)}
    assert [(pair.first_id, pair.second_id) for pair in likely_pairs(people, frozenset({(1, 2)}))] == [(1, 3)]


def test_it_is_quick_for_many_people():
    names = [f"{family} {middle} {given}" for family in ["Nguyễn", "Trần", "Lê", "Phạm"] for middle in ["Văn", "Thị", "Đức"] for given in
             ["An", "Bình", "Cường", "Dũng", "Hạnh", "Hoà", "Khánh", "Lan", "Minh", "Nga", "Oanh", "Phúc"]]  # fmt: skip
    people = [
        Known(n, names[n % len(names)], date(1950 + n % 50, 1 + n % 12, 1 + n % 28), "day", f"09{n:08}", n % 900)
        for n in range(30_000)
    ]
    start = time.perf_counter()
    likely_pairs(people)
    assert time.perf_counter() - start < 5


def test_it_shows_pairs_side_by_side_and_takes_the_verdict(as_, session):
    twin = save_member(NGA, None, {"full_name": "Trần Thị Hạnh", "birth": "1/1/1980", "unit": "3"}, "", NOW)
    nga = as_("nga")
    assert f"/admin/duplicates/1/{twin}" in nga.get("/admin/duplicates").get_data(as_text=True)
    assert "Trùng ngày sinh" in nga.get(f"/admin/duplicates/1/{twin}").get_data(as_text=True)
    assert as_("dung").get("/admin/duplicates").status_code == 403
    assert nga.get("/admin/duplicates/1/999").status_code == 404
    assert nga.post(f"/admin/duplicates/1/{twin}", data={"do": "apart"}).status_code == 302
    assert session.get(DuplicateVerdict, (1, twin)) is not None
    assert f"/admin/duplicates/1/{twin}" not in nga.get("/admin/duplicates").get_data(as_text=True)
