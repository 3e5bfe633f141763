"""After the close: disqualification by two officers, objections, the final result, and what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from elearn.contests import services
from elearn.contests.models import Disqualification, Entry, Objection, Round, Settlement
from elearn.contests.queries.closing import facts_of, page_of_changes
from elearn.contests.rules.checklist import Facts, check, objections_until, reason_against_final
from elearn.contests.rules.settings import RoundSettings
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput
from tests.contests.conftest import AFTER, KIEN, MAI, NOW, SETTINGS, Fair
from tests.contests.test_closing import places

DAY = timedelta(days=1)
ADMIN = "/admin/contests/lich-su/rounds/1"
HERE = "/contests/lich-su/rounds/1"


def entry_of(member_id: int) -> int:
    return db.session.scalars(select(Entry.id).where(Entry.member_id == member_id)).one()


@pytest.fixture
def disputed(closed: Fair) -> Fair:
    """The closed round, published provisionally with two days for objections."""
    with transaction() as session:
        contest = closed.round().contest
        session.merge(contest).settings = replace(SETTINGS, objection_days=2).store()
    closed.publish()
    return closed


def test_it_takes_two_officers_to_disqualify(closed: Fair) -> None:
    proposal = services.propose_disqualification(entry_of(1), "Khai sai ngày sinh", MAI, AFTER)
    with pytest.raises(DomainError) as refusal:
        services.decide_disqualification(proposal, True, MAI, AFTER)
    assert refusal.value.code == "same_person"
    with pytest.raises(DomainError) as twice:
        services.propose_disqualification(entry_of(1), "Lần nữa", KIEN, AFTER)
    assert twice.value.code == "already_proposed"
    assert places(closed.settle())[0][1] == 1, "a proposal alone changes nothing"
    services.decide_disqualification(proposal, True, KIEN, AFTER)
    settlement = closed.settle(reason="Khai sai ngày sinh")
    # One person fewer is all correct, so Bình's guess of 5 is now further off, but nobody else is all right.
    assert (settlement.people_count, settlement.all_correct_count, settlement.prediction_actual) == (3, 1, 1)
    assert [(place, member, prize) for place, member, _, prize in places(settlement)] == [
        (1, 2, "Nhất"),
        (2, 3, "Nhì"),
        (3, 10, ""),
    ]
    with pytest.raises(DomainError) as again:
        services.decide_disqualification(proposal, False, KIEN, AFTER)
    assert again.value.code == "already_decided"


def test_it_lets_a_result_count_again(closed: Fair) -> None:
    proposal = services.propose_disqualification(entry_of(1), "Khai sai ngày sinh", MAI, AFTER)
    services.decide_disqualification(proposal, True, KIEN, AFTER)
    closed.settle()
    with pytest.raises(InvalidInput):
        services.revoke_disqualification(proposal, " ", MAI, AFTER)
    services.revoke_disqualification(proposal, "Giấy khai sinh khớp", MAI, AFTER)
    assert places(closed.settle(reason="Giấy khai sinh khớp"))[0][1] == 1
    assert services.propose_disqualification(entry_of(1), "Việc khác", KIEN, AFTER), "another proposal may follow"


def test_it_takes_objections_only_while_the_result_is_provisional(disputed: Fair) -> None:
    round_id = disputed.round().id
    hanh = (1, "Trần Thị Hạnh")
    with pytest.raises(InvalidInput):
        services.object_to_result(round_id, hanh, "  ", AFTER)
    with pytest.raises(DomainError) as stranger:
        services.object_to_result(round_id, (12, "Lê Quốc Bảo"), "Tôi không dự.", AFTER)
    assert stranger.value.code == "no_entry"
    objection = services.object_to_result(round_id, hanh, "Tôi nộp sớm hơn.", AFTER + DAY)
    with pytest.raises(DomainError) as late:
        services.object_to_result(round_id, hanh, "Nữa.", AFTER + 2 * DAY)
    assert late.value.code == "objections_over"
    settlement = db.session.scalars(select(Settlement)).one()
    for moment in (AFTER + DAY, AFTER + 2 * DAY):
        with pytest.raises(DomainError) as early:
            services.finalise_round(settlement.id, MAI, moment)
        assert early.value.code == "not_yet"
    services.answer_objection(objection, False, "Giờ nộp theo máy chủ là 10:33.", KIEN, AFTER + 2 * DAY)
    services.finalise_round(settlement.id, MAI, AFTER + 2 * DAY)
    db.session.rollback()
    assert db.session.scalars(select(Settlement)).one().status == "final"
    with pytest.raises(DomainError) as over:
        services.object_to_result(round_id, hanh, "Nữa.", AFTER + DAY)
    assert over.value.code == "not_provisional"


def test_it_is_final_at_once_where_the_rules_give_no_days(closed: Fair) -> None:
    closed.publish()
    assert db.session.scalars(select(Settlement)).one().status == "final"


def test_it_lists_what_changed_between_versions(disputed: Fair, as_: Any) -> None:
    proposal = services.propose_disqualification(entry_of(1), "Khai sai ngày sinh", MAI, AFTER)
    services.decide_disqualification(proposal, True, KIEN, AFTER)
    second = disputed.settle(reason="Một người khai sai ngày sinh")
    services.publish_round(second.id, KIEN, AFTER + DAY)
    first = db.session.scalars(select(Settlement).where(Settlement.version == 1)).one()
    rows = page_of_changes(first, db.session.get_one(Settlement, second.id), 1).items
    told = [(one.entry.member_id, one.before and one.before.place, one.now and one.now.place) for one in rows]
    assert told == [(1, 1, None), (2, 2, 1), (3, 3, 2), (10, 4, 3)]
    page = as_().get(f"{HERE}/changes").text
    assert "Một người khai sai ngày sinh" in page
    assert "4 người đổi hạng hoặc giải." in page
    old = as_().get(f"{HERE}/standings?version=1").text
    assert "Đây là bản chốt cũ" in old
    assert "Trần Thị Hạnh" in old
    assert "Trần Thị Hạnh" not in as_().get(f"{HERE}/standings").text
    for version in ("3", "0", "x"):
        assert as_().get(f"{HERE}/standings?version={version}").status_code == 404


def test_it_keeps_versions_that_were_never_published_to_officers(disputed: Fair, as_: Any) -> None:
    with transaction() as session:
        session.execute(db.text("UPDATE attempts SET correct_count = 2 WHERE member_id = 2"))
    disputed.settle(reason="Sửa đáp án")
    assert as_().get(f"{HERE}/standings?version=2").status_code == 404
    assert "Chưa có đính chính" in as_().get(f"{HERE}/changes").text


def test_it_says_what_is_in_the_way() -> None:
    levels = {one.key: one.level for one in check(Facts())}
    assert set(levels.values()) == {"fine"}
    found = {one.key: one for one in check(Facts(open_attempts=2, open_objections=1, without_birth_date=3))}
    assert (found["open_attempts"].level, found["open_objections"].level, found["without_birth_date"].level) == (
        "stop",
        "look",
        "look",
    )
    assert found["open_attempts"].words.values == {"n": 2}
    assert reason_against_final(Facts(), AFTER, 0, AFTER) is None
    assert reason_against_final(Facts(), AFTER, 1, objections_until(AFTER, 1)) is None
    told = reason_against_final(Facts(), AFTER, 1, AFTER + timedelta(hours=23, minutes=1))
    assert told is not None
    assert told.values == {"hours": 1}


def test_a_total_says_which_teams_it_leaves_out(fair: Fair) -> None:
    assert "teams_left_out" not in {one.key for one in check(Facts())}
    assert {one.key: one.level for one in check(Facts(teams_left_out=0))}["teams_left_out"] == "fine"
    with transaction() as session:
        first, second = fair.round(1), fair.round(2)
        second.kind, second.quiz_id, second.settings = "total", None, RoundSettings(sources=(1,)).store()
        session.add(
            Entry(
                round_id=first.id, member_id=None, display_name="Đội một", unit_id=2, unit_name="x", competing_unit_id=2,
                competing_unit_name="x", search_key="doi mot", entered_at=NOW, is_counted=True, pseudonym="ab" * 8,
            )
        )  # fmt: skip
        session.flush()
        assert facts_of(second).teams_left_out == 1
        assert facts_of(first).teams_left_out is None


def test_it_counts_what_is_in_the_way(disputed: Fair) -> None:
    services.propose_disqualification(entry_of(1), "Khai sai", MAI, AFTER)
    services.object_to_result(disputed.round().id, (2, "Nguyễn Văn Bình"), "Xem lại giúp.", AFTER)
    with transaction() as session:
        session.execute(db.text("UPDATE members SET birth_date = NULL WHERE id = 3"))
    facts = facts_of(disputed.round())
    assert (facts.proposed_disqualifications, facts.open_objections, facts.without_birth_date) == (1, 1, 1)


def test_an_officer_disqualifies_and_another_confirms(closed: Fair, as_: Any) -> None:
    mai, kien, url = as_("mai"), as_("kien"), f"{ADMIN}/entries/{entry_of(1)}"
    assert "Trần Thị Hạnh" in mai.get(f"{ADMIN}/entries?q=hanh").text
    assert "Không có ai ở đây" in mai.get(f"{ADMIN}/entries?q=khongco").text
    assert mai.post(url, data={"reason": " "}).status_code == 400
    assert mai.post(url, data={"reason": "Khai sai ngày sinh"}).status_code == 302
    assert "Rút lại đề nghị" in mai.get(f"{ADMIN}/entries").text
    assert mai.post(f"{url}/decide", data={"decision": "confirm"}).status_code == 409
    assert "Huỷ kết quả này" in kien.get(f"{ADMIN}/entries").text
    assert kien.post(f"{url}/decide", data={"decision": "confirm"}).status_code == 302
    assert "không được tính" in kien.get(f"{ADMIN}/entries?show=doubted").text
    assert "Lý do: Khai sai ngày sinh" in as_("hanh").get("/").text, "the entrant is told"
    assert "đề nghị, Đặng Trung Kiên quyết định" in kien.get(url).text
    db.session.rollback()
    assert db.session.scalars(select(Disqualification)).one().state == "confirmed"


def test_somebody_objects_and_reads_the_answer(disputed: Fair, as_: Any) -> None:
    hanh, kien = as_("hanh"), as_("kien")
    assert "Khiếu nại kết quả" in hanh.get(f"{HERE}/standings").text
    assert "Khiếu nại kết quả" not in as_("moi").get(f"{HERE}/standings").text
    assert hanh.post(f"{HERE}/objections", data={"text": ""}).status_code == 400
    assert hanh.post(f"{HERE}/objections", data={"text": "Tên tôi sai chính tả."}).status_code == 302
    assert "chờ trả lời" in hanh.get(f"{HERE}/objections").text
    number = db.session.scalars(select(Objection.id)).one()
    db.session.rollback()
    assert "Tên tôi sai chính tả." in as_("thanh").get(f"{ADMIN}/objections").text
    assert kien.post(f"{ADMIN}/objections/{number}", data={"answer": " ", "decision": "accept"}).status_code == 400
    assert kien.post(f"{ADMIN}/objections/{number}", data={"answer": "Đã sửa.", "decision": "accept"}).status_code == 302
    assert "Đã sửa." in hanh.get(f"{HERE}/objections").text
    assert "Đã sửa." not in as_("binh").get(f"{HERE}/objections").text


def test_an_officer_makes_the_result_final(disputed: Fair, as_: Any, at: Any) -> None:
    mai = as_("mai")
    assert "Còn nhận khiếu nại trong 48 giờ nữa." in mai.get(ADMIN).text
    assert mai.post(f"{ADMIN}/final", data={"version": "1"}).status_code == 409
    at(AFTER + 2 * DAY)
    mai = as_("mai")
    assert "Là kết quả chính thức" in mai.get(f"{ADMIN}/final").text
    assert mai.post(f"{ADMIN}/final", data={"version": "1"}).location == ADMIN
    assert "Kết quả chính thức." in as_().get(f"{HERE}/standings").text


@pytest.mark.parametrize("login", [None, "hanh", "thuan", "dung", "thanh"])
def test_it_lets_only_officers_of_the_contest_decide(disputed: Fair, as_: Any, login: str | None) -> None:
    entry_id = entry_of(1)
    services.propose_disqualification(entry_id, "Khai sai", MAI, AFTER)
    number = services.object_to_result(disputed.round().id, (1, "Trần Thị Hạnh"), "Xem lại.", AFTER)
    client, status = as_(login), 401 if login is None else 403
    for path, data in (
        (f"{ADMIN}/entries/{entry_id}", {"reason": "x"}),
        (f"{ADMIN}/entries/{entry_id}/decide", {"decision": "confirm"}),
        (f"{ADMIN}/objections/{number}", {"answer": "x", "decision": "accept"}),
        (f"{ADMIN}/final", {"version": "1"}),
    ):
        assert client.post(path, data=data).status_code == status
    db.session.rollback()
    assert db.session.scalars(select(Disqualification)).one().state == "proposed"


def test_it_settles_a_large_round_in_the_background(closed: Fair, as_: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from elearn.contests.views import closing
    from elearn.jobs.services import work_off

    monkeypatch.setattr(closing, "MOST_AT_ONCE", 3)
    answer = as_("mai").post(f"{ADMIN}/settle")
    assert answer.location.startswith("/jobs/")
    assert work_off() == 1
    db.session.rollback()
    settlement = db.session.scalars(select(Settlement)).one()
    assert (settlement.version, settlement.settled_by_id, settlement.people_count) == (1, 6, 4)
    assert db.session.get_one(Round, settlement.round_id).published_version is None
