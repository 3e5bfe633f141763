"""A written round: judges by name mark under blind numbers, see what is alike, and their mean ranks."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.contests import services
from elearn.contests.rules.settings import ContestSettings, RoundSettings
from elearn.contests.services import ContestSpec, RoundSpec
from elearn.contests.services.comparing import begin_due
from elearn.core import clock
from elearn.core.db import db, transaction, write_connection
from elearn.jobs.services import work_off
from elearn.lib.errors import DomainError
from elearn.marking.models import Script, ScriptLikeness
from elearn.marking.queries import list_piles
from elearn.marking.services import ScriptSpec, hand_in
from elearn.members.queries import actor_of
from elearn.members.rules.permissions import Subject, may
from elearn.questions.services import BankSpec, QuestionSpec, put_bank, put_question
from elearn.quizzes.services import submit_attempt
from elearn.units.models import Unit
from tests import cast
from tests.contests.conftest import AFTER, CLOSES, KIEN, MAI, NOW, OPENS, Fair

ADMIN = "/admin/contests/bai-viet/rounds/1"
HERE = "/contests/bai-viet/rounds/1"
SHARED = "Chi bộ tôi họp ngày mùng ba hằng tháng, mỗi đảng viên nêu một việc làm được và một việc còn vướng để cả chi bộ cùng gỡ"
WORKS = {
    1: f"Tôi nghĩ thế này. {SHARED}.",
    2: f"Xin kể chuyện cũ: {SHARED}!",
    10: "Phường tôi trồng cây ven kênh, tối thứ sáu nào cũng có người ra tưới nước, năm nay đã xanh một dải dài",
}
BODY = {
    "rubric": [{"name": "Nội dung", "points": "10", "weight": "2"}, {"name": "Trình bày", "points": "10"}], "examiners": 3, "difference": "2",
}  # fmt: skip


class Written(Fair):
    def prepare(self) -> None:
        with transaction() as session:
            bank = put_bank(session, BankSpec("viet", "Bài viết", "Essays", 1))
            put_question(
                session, bank.id, QuestionSpec("v-1", "essay", "t", "nhan_biet", "Viết về chi bộ của bạn.", BODY, "", None), NOW
            )
            parts = [{"bank": bank.id, "level": None, "count": 1, "mark": "10"}]
            one = RoundSpec("Thi viết", OPENS, CLOSES, parts, kind="written", settings=RoundSettings(attempt_limit=1))
            spec = ContestSpec("bai-viet", "Thi viết về chi bộ", 1, "Ban Tuyên giáo", (one,), ContestSettings(per_person="none"))
            services.create_contest(session, spec, NOW)

    def write(self, member_id: int) -> None:
        attempt_id = services.enter_round(self.round(1, "bai-viet").id, self.person(member_id), NOW)
        self.save(attempt_id, member_id, 1, {"text": WORKS[member_id], "files": []}, 1, NOW)
        submit_attempt(attempt_id, member_id, "end", NOW + timedelta(seconds=60 + member_id))
        db.session.rollback()


@pytest.fixture
def written(app: Flask, at: Any, as_: Any) -> Written:
    """After the close: three works, of Hạnh, Bình and Quang; Lan, Phước and Yến judge."""
    found = Written()
    found.prepare()
    for member_id in WORKS:
        found.write(member_id)
    at(AFTER)
    mai = as_("mai")
    for member_id in (3, 8, 7):
        assert mai.post(f"{ADMIN}/judges", data={"member": member_id}).status_code == 302
    return found


def pile() -> str:
    key = db.session.scalar(select(Script.pile).limit(1))
    db.session.rollback()
    assert key
    return key


def author_of(script_id: int) -> int:
    """By what was written: the pages of judges do not tell."""
    text = db.session.scalar(select(Script.text).where(Script.id == script_id))
    db.session.rollback()
    return next(member_id for member_id, work in WORKS.items() if work == text)


def mark_all(client: Any, points: dict[int, tuple[str, str]]) -> list[str]:
    """Take one after the other and give points by author; the pages that were read."""
    pages = []
    for _ in points:
        taken = client.post(f"/admin/marking/{pile()}/next")
        script_id = int(re.search(r"/scripts/(\d+)", taken.headers["Location"]).group(1))
        pages.append(client.get(taken.headers["Location"]).text)
        first, second = points[author_of(script_id)]
        assert client.post(taken.headers["Location"], data={"points-0": first, "points-1": second}).status_code == 302
    return pages


def test_judges_without_a_role_mark_and_their_mean_ranks(written: Written, as_: Any) -> None:
    lan = as_("lan")
    assert "Chấm điểm Thi viết" in lan.get("/").text
    assert "Thi viết" in lan.get("/marking").text
    pages = mark_all(lan, {1: ("9", "6"), 2: ("7", "7"), 10: ("8", "8")})
    assert not any(name in page for page in pages for name in ("Trần Thị Hạnh", "Nguyễn Văn Bình", "Vũ Đình Quang"))
    assert "hệ số 2" in pages[0]
    with pytest.raises(DomainError) as refusal:
        written_settle(written)
    assert refusal.value.code == "marking_open"
    mark_all(as_("yen"), {1: ("9", "9"), 2: ("7", "4"), 10: ("8", "8")})
    mark_all(as_("phuoc"), {1: ("9", "6"), 2: ("7", "7"), 10: ("8", "5")})
    pile_page = as_("mai").get(f"/admin/marking/{pile()}").text
    assert "8 – 9" in pile_page  # Hạnh: (9·2 + 6) of 30 twice, and 27 of 30
    settlement = written_settle(written)
    services.publish_round(settlement.id, KIEN, AFTER)
    page = as_("hanh").get(f"{HERE}/standings").text
    for words in ("8,33<", "7,67<", "trên 10", "Bạn được 8,3333333"):
        assert words in page
    assert page.index("Trần Thị Hạnh") < page.index("Vũ Đình Quang") < page.index("Nguyễn Văn Bình")
    assert "Số câu đúng" not in page
    assert "Điểm" in page


def written_settle(written: Written) -> Any:
    return services.settle_round(written.round(1, "bai-viet").id, MAI, AFTER)


def test_only_those_named_mark_the_pile(written: Written, as_: Any) -> None:
    key = pile()
    for login in ("thanh", "kien"):  # examiner and administrator of the province
        assert as_(login).post(f"/admin/marking/{key}/next").status_code == 404
    assert "Thi viết" not in as_("thanh").get("/admin/marking").text
    assert "Chấm bài tiếp theo" not in as_("kien").get("/admin/marking").text
    assert as_("hanh").post(f"/admin/marking/{key}/next").status_code == 404
    assert as_("hanh").get("/marking").status_code == 200
    assert "Thi viết" not in as_("hanh").get("/marking").text
    lan = as_("lan")
    assert lan.get("/admin/marking").status_code == 403
    assert lan.get(f"/admin/marking/{key}").status_code == 403
    taken = lan.post(f"/admin/marking/{key}/next").headers["Location"]
    assert as_("yen").get(taken).status_code == 404  # not taken by her
    as_("mai").post(f"{ADMIN}/judges/3/dismiss")
    assert lan.get(taken).status_code == 200  # has a work in hand, so stays a judge
    as_("mai").post(f"{ADMIN}/judges/8/dismiss")
    assert as_("phuoc").post(f"/admin/marking/{key}/next").status_code == 404


def test_where_nobody_is_named_the_examiners_mark(written: Written, as_: Any) -> None:
    for member_id in (3, 8, 7):
        as_("mai").post(f"{ADMIN}/judges/{member_id}/dismiss")
    assert "Thi viết" in as_("thanh").get("/admin/marking").text
    assert as_("thanh").post(f"/admin/marking/{pile()}/next").status_code == 302
    assert as_("lan").post(f"/admin/marking/{pile()}/next").status_code == 404


def test_the_list_of_piles_agrees_with_the_table_of_permissions(written: Written, app: Flask) -> None:
    for number, unit_id in enumerate((1, 2, 5), start=90):
        spec = ScriptSpec("other", number, 0, f"quiz:{number}:1", f"Bài {number}", unit_id, "<p>?</p>", "…", Decimal(1))
        with write_connection() as connection:
            hand_in(connection, spec, clock.now())
    units = {one.id: one.path for one in db.session.scalars(select(Unit))}
    owners = dict(db.session.execute(select(Script.pile, Script.unit_id)).all())
    named = {key: frozenset((3, 8, 7)) if owners[key] == 1 and key == pile() else frozenset() for key in owners}
    for number, _, unit, _ in cast.PEOPLE.values():
        actor = actor_of(number, cast.unit_path(unit), AFTER)
        may_see = {key for key in owners if may(actor, "script.view", Subject(units[owners[key]], named_ids=named[key]))}
        assert {one.key for one in list_piles(actor)} == may_see
        for one in list_piles(actor):
            assert one.named_ids == named[one.key]
            assert one.may_be_marked_by(actor) == may(
                actor, "script.mark", Subject(units[owners[one.key]], named_ids=named[one.key])
            )


def test_works_that_are_alike_stand_beside_each_other_under_their_numbers(written: Written, as_: Any, at: Any) -> None:
    mai = as_("mai")
    at(CLOSES - timedelta(minutes=1))
    assert "Hãy so sánh các bài sau giờ đóng" in as_("mai").post(f"{ADMIN}/judges/compare", follow_redirects=True).text
    at(AFTER)
    assert mai.post(f"{ADMIN}/judges/compare").status_code == 302
    assert work_off() == 1
    rows = db.session.scalars(select(ScriptLikeness)).all()
    assert len(rows) == 2
    assert all(one.passages == [SHARED] for one in rows)
    numbers = dict(db.session.execute(select(Script.id, Script.blind_number)).all())
    db.session.rollback()
    page = next(
        page for page in mark_all(as_("lan"), {1: ("5", "5"), 2: ("5", "5"), 10: ("5", "5")}) if "Bài giống bài này" in page
    )
    assert f"<mark>{SHARED}</mark>" in page
    assert "1 đoạn trùng" in page
    assert sum(f"Bài số {number}: giống" in page for number in numbers.values()) == 1
    # Alone it stands for what it is, and comparing again changes nothing.
    mai.post(f"{ADMIN}/judges/compare")
    work_off()
    assert len(db.session.scalars(select(ScriptLikeness)).all()) == 2
    assert as_("lan").post(f"{ADMIN}/judges/compare").status_code == 403


def test_works_are_compared_by_themselves_once_the_round_has_closed(written: Written, at: Any) -> None:
    assert begin_due(CLOSES - timedelta(minutes=1)) == 0
    at(AFTER)
    assert begin_due(AFTER) == 1
    assert begin_due(AFTER) == 0, "one that waits is enough"
    assert work_off() == 1
    assert len(db.session.scalars(select(ScriptLikeness)).all()) == 2
    db.session.rollback()
    assert begin_due(AFTER) == 0, "nothing new was handed in"
