"""Scripts from handing in to the final mark, as examiners and overseers see them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from elearn.core import clock
from elearn.core.db import db, transaction, write_connection
from elearn.marking import hooks
from elearn.marking.models import Script
from elearn.marking.services import ScriptSpec, hand_in

RUBRIC = [{"name": "Nội dung", "points": "6"}, {"name": "Liên hệ", "points": "4", "guide": "Nêu việc của chi bộ"}]


@pytest.fixture
def told(monkeypatch):
    """What the feature that handed in is told; binh (2) wrote everything except what thanh (9) did."""
    found = []
    monkeypatch.setitem(hooks.owners, "attempt", lambda origin_id: 9 if origin_id == 99 else 2)
    monkeypatch.setitem(hooks.after_marked, "attempt", lambda session, marked: found.append(marked))
    return found


def hand(origin_id=1, unit_id=1, **changes):
    spec = {
        "origin": "attempt", "origin_id": origin_id, "slot": 3, "pile": "quiz:7:3", "title": "Thu hoạch, câu 3", "unit_id": unit_id,
        "prompt": "<p>Liên hệ bản thân</p>", "text": "Bài làm\n\nđoạn <b>hai</b>", "max_mark": Decimal(10), "rubric": RUBRIC,
    }  # fmt: skip
    with write_connection() as connection:
        hand_in(connection, ScriptSpec(**{**spec, **changes}), clock.now())


def take(client, pile="quiz:7:3"):
    answer = client.post(f"/admin/marking/{pile}/next")
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_one_examiner_marks_by_the_rubric(as_, told):
    hand()
    client = as_("thanh")
    assert "Thu hoạch, câu 3" in client.get("/admin/marking").text
    page = take(client)
    text = client.get(page).text
    assert "Liên hệ bản thân" in text
    assert "đoạn &lt;b&gt;hai&lt;/b&gt;" in text
    assert "Nguyễn Văn Bình" not in text
    refused = client.post(page, data={"points-0": "9", "points-1": "2,5", "comment": "Khá"})
    assert refused.status_code == 400
    assert "Điểm phải từ 0 đến 6" in refused.text
    assert 'value="2,5"' in refused.text
    assert client.post(page, data={"points-0": "5", "points-1": "2,5", "comment": "Khá"}).status_code == 302
    assert [(one.origin_id, one.slot, one.mark, one.comments) for one in told] == [(1, 3, Decimal("7.5"), ("Khá",))]
    assert client.post("/admin/marking/quiz:7:3/next", follow_redirects=True).text.count("Không còn bài nào chờ bạn chấm") == 1


def test_two_examiners_who_are_far_apart_need_a_third(as_, app, told):
    hand(examiners=2, difference=Decimal(1))
    db.session.rollback()
    from elearn.members.models import RoleGrant

    with transaction() as session:  # two more examiners
        for member_id in (10, 8):
            session.add(RoleGrant(member_id=member_id, role="examiner", unit_id=1, valid_from=clock.now()))
    first, second, third = as_("thanh"), as_("quang"), as_("phuoc")
    page = take(first)
    first.post(page, data={"points-0": "6", "points-1": "4"})
    assert not told
    assert take(second) == page
    assert "6" not in [line.strip() for line in second.get(page).text.splitlines()]  # nothing of the first one's marks
    second.post(page, data={"points-0": "3", "points-1": "3"})
    assert not told
    overseer = as_("mai")
    assert "Chờ thêm một người chấm" in overseer.get("/admin/marking/quiz:7:3?state=apart").text
    assert take(third) == page
    third.post(page, data={"points-0": "6", "points-1": "3"})
    assert told[0].mark == Decimal("9.5")
    # A settled script is opened again only by an overseer, with a reason.
    assert first.post(page, data={"points-0": "1", "points-1": "1"}).status_code == 409
    assert first.post(page + "/reopen", data={"reason": "x"}).status_code == 403
    overseer.post(page + "/reopen", data={"reason": ""})
    assert db.session.get(Script, 1).state == "marked"
    overseer.post(page + "/reopen", data={"reason": "Nhầm thang điểm"})
    first.post(page, data={"points-0": "5", "points-1": "4"})
    second.post(page, data={"points-0": "5", "points-1": "4"})
    assert told[-1].mark == Decimal(9)


def test_nobody_marks_their_own_work_or_reads_what_they_did_not_take(as_, told):
    hand(origin_id=99)
    client = as_("thanh")
    assert "Không còn bài nào chờ bạn chấm" in client.post("/admin/marking/quiz:7:3/next", follow_redirects=True).text
    assert client.get("/admin/marking/scripts/1").status_code == 404
    assert as_("hanh").get("/admin/marking").status_code == 403
    assert as_("dung").get("/admin/marking/scripts/1").status_code == 404  # trains below the owner of the pile
    assert as_("kien").get("/admin/marking/scripts/1").status_code == 200


def test_a_script_given_back_is_taken_by_another(as_, told):
    hand()
    client = as_("thanh")
    page = take(client)
    assert client.post(page + "/back").status_code == 302
    assert client.get(page).status_code == 404
    assert take(as_("kien")) == page


def test_handing_in_twice_changes_nothing_and_numbers_are_blind(app, told):
    for origin_id in (*range(1, 30), 5):
        hand(origin_id)
    numbers = list(db.session.scalars(db.select(Script.blind_number).order_by(Script.id)))
    assert len(numbers) == len(set(numbers)) == 29
    assert numbers != sorted(numbers)
