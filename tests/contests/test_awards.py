"""Prizes: refused winners give way, units get theirs, the organiser names others; verified, handed over, published."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from elearn.audit.models import AuditConcern, AuditDetail, AuditEntry
from elearn.contests.models import Contest, Entry, HandAward, PrizeDelivery, WinnerCheck
from elearn.contests.queries import awards, standings
from elearn.contests.queries.closing import facts_of
from elearn.contests.rules.awards import CHECKS, Recipient, hidden_phone, read_key, verification
from elearn.contests.rules.prizes import give_prizes, give_to_units
from elearn.contests.rules.settings import ContestSettings, PrizeKind
from elearn.contests.services import awarding
from elearn.contests.services.awarding import Handover, Named
from elearn.contests.services.publishing import publish_round
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.members.models import Member
from tests.contests.conftest import AFTER, KIEN, MAI, Fair

ADMIN = "/admin/contests/lich-su/rounds/1"
PRIZES = (
    PrizeKind("Nhất", 1, "First", 4_000_000), PrizeKind("Nhì", 1, "Second", 2_000_000),
    PrizeKind("Đông người dự", 1, given="units"), PrizeKind("Lan toả", 2, given="hand", amount=500_000),
)  # fmt: skip


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def with_rules(**changes: Any) -> None:
    with transaction() as session:
        rules = ContestSettings(**{"prizes": PRIZES, "per_person": "round", "reserves": 1, **changes})
        session.query(Contest).update({"settings": rules.store()})


@pytest.fixture
def settled(closed: Fair) -> Fair:
    """The closed round, with prizes of every sort, settled but not published."""
    with_rules()
    with transaction() as session:
        session.query(Member).filter(Member.id == 1).update({"phone": "0912345678"})
    closed.settle()
    return closed


def entry(member_id: int) -> int:
    return db.session.scalars(select(Entry.id).where(Entry.member_id == member_id)).one()


def prizes(fair: Fair) -> dict[str, str]:
    """Prize by name in the latest version."""
    latest = standings.find_latest(fair.round().id)
    return {one.name: one.prize for one in awards.list_awarded(fair.round(), latest)}


def named(fair: Fair, **who: Any) -> int:
    return awarding.award_by_hand(fair.round().id, "Lan toả", Named(**who), "Vận động cả khu phố dự thi", MAI, AFTER)


# The rules


@given(st.lists(st.integers(1, 40), unique=True), st.sets(st.integers(1, 40)), st.integers(0, 3), st.integers(0, 3))
def test_a_refused_winner_gives_way_and_nobody_else_loses(order: list[int], refused: set[int], count: int, reserves: int) -> None:
    kinds = (PrizeKind("Nhất", count + 1), PrizeKind("Tập thể", 2, given="units"))
    given_now = give_prizes([(one, one) for one in order], kinds, refused=refused, reserves=reserves)
    clear = [one for one in order if one not in refused]
    assert list(given_now.prizes) == clear[: count + 1]
    assert list(given_now.reserves) == clear[count + 1 : count + 1 + reserves]


def test_units_get_their_prizes_in_order() -> None:
    kinds = (PrizeKind("Nhất", 5), PrizeKind("Tập thể nhất", 1, given="units"), PrizeKind("Tập thể nhì", 2, given="units"))
    assert give_to_units([7, 3, 9, 4], kinds) == {7: "Tập thể nhất", 3: "Tập thể nhì", 9: "Tập thể nhì"}
    assert give_to_units([7], (PrizeKind("Nhất", 5),)) == {}


@pytest.mark.parametrize(
    ("checks", "state"),
    [
        ({}, "todo"),
        ({"phone": True}, "partly"),
        (dict.fromkeys(CHECKS, True), "verified"),
        ({**dict.fromkeys(CHECKS, True), "data": False}, "problem"),
    ],
)
def test_it_tells_how_far_a_winner_is_verified(checks: dict[str, bool], state: str) -> None:
    assert verification(checks) == state


@pytest.mark.parametrize("key", ["", "entry", "entry-", "entry-x", "member-1", "entry--1", "entry-²", "hand-9999999999999999"])
def test_it_knows_no_such_recipient(key: str) -> None:
    with pytest.raises(NotFound):
        read_key(key)


def test_it_hides_telephone_numbers() -> None:
    assert hidden_phone("0912345678") == "••••••• 678"
    assert hidden_phone("12") == "•••"
    assert hidden_phone("") == ""
    assert read_key(Recipient("unit", 5).key) == Recipient("unit", 5)


# Refusing


def test_it_gives_prizes_of_every_sort(settled: Fair) -> None:
    assert prizes(settled) == {
        "Trần Thị Hạnh": "Nhất", "Nguyễn Văn Bình": "Nhì", "Đảng bộ phường Bình Minh": "Đông người dự",
    }  # fmt: skip
    latest = standings.find_latest(settled.round().id)
    assert [one.display_name for one in awards.list_reserves(latest)] == ["Phạm Thị Lan Anh"]


def test_a_refusal_before_publication_changes_the_version_that_waits(settled: Fair) -> None:
    awarding.refuse_winner(settled.round().id, entry(1), "unreachable", "Gọi ba lần không gặp", MAI, AFTER)
    assert prizes(settled) == {
        "Nguyễn Văn Bình": "Nhất", "Phạm Thị Lan Anh": "Nhì", "Đảng bộ phường Bình Minh": "Đông người dự",
    }  # fmt: skip
    latest = standings.find_latest(settled.round().id)
    assert latest.version == 1
    assert [one.display_name for one in awards.list_reserves(latest)] == ["Vũ Đình Quang"]
    assert {one.unit_name: one.prize_count for one in standings.list_units(latest.id)} == {
        "Đảng bộ phường Bình Minh": 1, "Đảng bộ xã Đông Hoà": 1,
    }  # fmt: skip
    assert [row.place for row in standings.list_top(latest.id, 9)] == [1, 2, 3, 4]
    awarding.restore_winner(settled.round().id, entry(1), "Đã gọi được", MAI, AFTER)
    assert prizes(settled)["Trần Thị Hạnh"] == "Nhất"
    assert settled.settle().version == 1


def test_a_refusal_after_publication_waits_as_a_new_version(settled: Fair) -> None:
    publish_round(standings.find_latest(settled.round().id).id, KIEN, AFTER)
    awarding.refuse_winner(settled.round().id, entry(1), "false_data", "Khai năm sinh không đúng", MAI, AFTER)
    latest, published = standings.find_latest(settled.round().id), standings.find_published(settled.round())
    assert (latest.version, published.version) == (2, 1)
    assert latest.reason == awarding.VERIFIED_ANEW
    assert "năm sinh" not in latest.reason
    assert [one.prize for one in standings.list_winners(published.id)] == ["Nhất", "Nhì"]
    assert standings.list_winners(published.id)[0].display_name == "Trần Thị Hạnh"
    assert standings.list_winners(latest.id)[0].display_name == "Nguyễn Văn Bình"


def test_whoever_refused_a_winner_does_not_publish(settled: Fair) -> None:
    awarding.refuse_winner(settled.round().id, entry(1), "unreachable", "Gọi ba lần không gặp", KIEN, AFTER)
    latest = standings.find_latest(settled.round().id).id
    db.session.rollback()
    with pytest.raises(DomainError, match="hai cán bộ"):
        publish_round(latest, KIEN, AFTER)
    publish_round(latest, MAI, AFTER)


def test_the_list_before_publication_counts_winners_to_be_verified(settled: Fair, as_: Any) -> None:
    assert facts_of(settled.round()).unverified_winners == 2
    for kind in CHECKS:
        awarding.check_winners(settled.round().id, [entry(1), entry(2)], kind, True, "", MAI, AFTER)
    assert facts_of(settled.round()).unverified_winners == 0
    awarding.check_winners(settled.round().id, [entry(2)], "phone", False, "", MAI, AFTER)
    assert facts_of(settled.round()).unverified_winners == 1
    page = text(as_("mai").get(ADMIN))
    assert "1 người đạt giải chưa xác minh xong." in page
    assert f"{ADMIN}/prizes" in page
    assert awarding.check_winners(settled.round(2).id, [entry(2)], "phone", True, "", MAI, AFTER) == 0


def test_a_refusal_asks_for_a_reason_and_happens_once(settled: Fair) -> None:
    number = settled.round().id
    with pytest.raises(InvalidInput):
        awarding.refuse_winner(number, entry(1), "unreachable", "  ", MAI, AFTER)
    with pytest.raises(InvalidInput):
        awarding.refuse_winner(number, entry(1), "no-such", "x", MAI, AFTER)
    awarding.refuse_winner(number, entry(1), "declined", "Xin nhường", MAI, AFTER)
    with pytest.raises(DomainError, match="đã được ghi"):
        awarding.refuse_winner(number, entry(1), "declined", "Xin nhường", MAI, AFTER)
    with pytest.raises(NotFound):
        awarding.refuse_winner(settled.round(2).id, entry(2), "declined", "x", MAI, AFTER)
    with pytest.raises(NotFound):
        awarding.restore_winner(number, entry(2), "x", MAI, AFTER)


# By hand


def test_the_organiser_names_people_units_and_others(settled: Fair) -> None:
    named(settled, entry_id=entry(10))
    named(settled, unit_id=6)
    latest = standings.find_latest(settled.round().id)
    told = [(one.name, one.unit_name, one.is_person) for one in awards.list_awarded(settled.round(), latest) if one.given == "hand"]
    assert told == [("Vũ Đình Quang", "Đảng bộ phường Bình Minh", True), ("Chi bộ Thôn Thượng", "", False)]
    with pytest.raises(InvalidInput, match="Đã trao đủ 2"):
        named(settled, name="Cụ Sáu", unit_name="Khu phố 5")


def test_the_organiser_cannot_give_what_the_rules_do_not_hold(settled: Fair) -> None:
    number = settled.round().id
    for prize in ("Nhất", "Không có"):
        with pytest.raises(InvalidInput):
            awarding.award_by_hand(number, prize, Named(name="A"), "x", MAI, AFTER)
    with pytest.raises(InvalidInput, match="lý do"):
        awarding.award_by_hand(number, "Lan toả", Named(name="A"), "", MAI, AFTER)
    with pytest.raises(InvalidInput, match="chọn một người"):
        named(settled)
    with pytest.raises(InvalidInput, match="một giải"):
        named(settled, entry_id=entry(1))
    named(settled, name="Cụ Sáu")
    with pytest.raises(InvalidInput, match="Đã trao giải này"):
        named(settled, name="Cụ Sáu")
    with pytest.raises(NotFound):
        named(settled, entry_id=999)


@pytest.mark.parametrize(
    ("rule", "first"), [("round", "Nguyễn Văn Bình"), ("contest", "Nguyễn Văn Bình"), ("none", "Trần Thị Hạnh")]
)
def test_whoever_was_named_is_passed_over_where_a_person_gets_one_prize(closed: Fair, rule: str, first: str) -> None:
    with_rules(per_person=rule)
    named(closed, entry_id=entry(1))
    settlement = closed.settle()
    assert standings.list_winners(settlement.id)[0].display_name == first


def test_a_prize_by_hand_is_taken_back_with_a_reason(settled: Fair) -> None:
    award = named(settled, name="Cụ Sáu", unit_name="Khu phố 5")
    with pytest.raises(InvalidInput):
        awarding.withdraw_award(settled.round().id, award, "", MAI, AFTER)
    with pytest.raises(NotFound):
        awarding.withdraw_award(settled.round(2).id, award, "Nhầm", MAI, AFTER)
    awarding.withdraw_award(settled.round().id, award, "Nhầm người", MAI, AFTER)
    assert db.session.scalar(select(HandAward)) is None


# Handing over

HOW = Handover(date(2026, 10, 20), "Hoàng Thị Mai", "cash", "PC 12")
LATER = AFTER + timedelta(days=2)


def test_prizes_go_out_once_and_can_be_taken_back(settled: Fair) -> None:
    number = settled.round().id
    everybody = [one.recipient for one in awards.list_awarded(settled.round(), standings.find_latest(number))]
    with pytest.raises(DomainError, match="chưa công bố"):
        awarding.hand_over(number, everybody, HOW, MAI, LATER)
    publish_round(standings.find_latest(number).id, KIEN, AFTER)
    assert awarding.hand_over(number, everybody, HOW, MAI, LATER) == 3
    assert awarding.hand_over(number, everybody, HOW, MAI, LATER) == 0
    with pytest.raises(DomainError, match="đã trao"):
        awarding.refuse_winner(number, entry(1), "declined", "Xin nhường", MAI, LATER)
    delivery = db.session.scalars(select(PrizeDelivery.id).where(PrizeDelivery.entry_id == entry(1))).one()
    with pytest.raises(InvalidInput):
        awarding.undo_handover(number, delivery, " ", MAI, LATER)
    awarding.undo_handover(number, delivery, "Ghi nhầm người nhận", MAI, LATER)
    with pytest.raises(NotFound):
        awarding.undo_handover(number, delivery, "Lần nữa", MAI, LATER)
    assert awarding.hand_over(number, everybody, HOW, MAI, LATER) == 1
    kept = db.session.scalars(select(PrizeDelivery).where(PrizeDelivery.entry_id == entry(1)).order_by(PrizeDelivery.id)).all()
    assert [one.undone_reason for one in kept] == ["Ghi nhầm người nhận", ""]


@pytest.mark.parametrize("change", [{"day": date(2026, 12, 1)}, {"day": date(2026, 10, 1)}, {"how": "pigeon"}, {"by": " "}])
def test_a_handover_that_cannot_be(settled: Fair, change: dict[str, Any]) -> None:
    publish_round(standings.find_latest(settled.round().id).id, KIEN, AFTER)
    values = {"day": HOW.day, "by": HOW.by, "how": HOW.how, **change}
    with pytest.raises(InvalidInput):
        awarding.hand_over(settled.round().id, [Recipient("entry", entry(1))], Handover(**values), MAI, LATER)


# Pages


def test_an_officer_verifies_a_winner(settled: Fair, as_: Any) -> None:
    client, one = as_("mai"), f"{ADMIN}/prizes/entry-{entry(1)}"
    page = text(client.get(f"{ADMIN}/prizes"))
    assert "Chưa xác minh" in page
    assert "0912345678" not in page
    assert "••••••• 678" in page
    assert client.post(f"{one}/check", data={"kind": "phone", "is_good": "no", "note": "Thuê bao khoá"}).status_code == 302
    assert "Không gọi được" in text(client.get(one))
    assert "Có điều không khớp" in text(client.get(f"{ADMIN}/prizes"))
    found = db.session.get(WinnerCheck, (entry(1), "phone"))
    assert (found.is_good, found.note, found.by_id) == (False, "Thuê bao khoá", 6)
    assert client.post(f"{one}/check", data={"kind": "shoes", "is_good": "no"}).status_code == 400
    assert client.post(f"{one}/check", data={"kind": "phone", "is_good": "maybe"}).status_code == 400


def test_a_look_at_a_telephone_number_is_written_down(settled: Fair, as_: Any) -> None:
    client, one = as_("mai"), f"{ADMIN}/prizes/entry-{entry(1)}"
    assert "0912345678" not in text(client.get(one))
    answer = client.post(f"{one}/phone")
    assert "0912345678" in text(answer)
    assert "0912345678" not in text(client.get(one))
    look = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "view_phone")).one()
    assert db.session.scalars(select(AuditConcern.member_id).where(AuditConcern.seq == look.seq)).all() == [1]
    assert "0912345678" not in str(db.session.get(AuditDetail, look.seq).after)


def test_many_are_checked_and_handed_over_at_once(settled: Fair, as_: Any, at: Any) -> None:
    client = as_("mai")
    keys = [f"entry-{entry(1)}", f"entry-{entry(2)}", "unit-2"]
    for check in CHECKS:
        assert client.post(f"{ADMIN}/prizes", data={"keys": keys, "deed": check}).status_code == 302
    page = text(client.get(f"{ADMIN}/prizes"))
    assert page.count("Đã xác minh") >= 2
    assert client.post(f"{ADMIN}/prizes", data={"deed": "phone"}).status_code == 302
    assert client.post(f"{ADMIN}/prizes", data={"keys": keys, "deed": "shoes"}).status_code == 400
    publish_round(standings.find_latest(settled.round().id).id, KIEN, AFTER)
    at(LATER)
    client = as_("mai")  # the day after next the old sign-in is over
    away = client.post(f"{ADMIN}/prizes", data={"keys": keys, "deed": "deliver"}).headers["Location"]
    assert "Trần Thị Hạnh" in text(client.get(away))
    sent = {"key": keys, "handed_on": "20/10/2026", "handed_by": "Hoàng Thị Mai", "how": "transfer"}
    assert client.post(f"{ADMIN}/prizes/deliver", data={**sent, "handed_on": "20/12/2026"}).status_code == 400
    assert client.post(f"{ADMIN}/prizes/deliver", data={**sent, "handed_on": "hôm qua"}).status_code == 400
    assert client.post(f"{ADMIN}/prizes/deliver", data=sent).status_code == 302
    assert text(client.get(f"{ADMIN}/prizes")).count("Đã trao 20/10") == 3
    delivery = db.session.scalars(select(PrizeDelivery.id).where(PrizeDelivery.unit_id == 2)).one()
    assert client.post(f"{ADMIN}/prizes/unit-2/deliveries/{delivery}/undo", data={}).status_code == 400
    assert client.post(f"{ADMIN}/prizes/unit-2/deliveries/{delivery}/undo", data={"reason": "Nhầm"}).status_code == 302
    assert "Nhầm" in text(client.get(f"{ADMIN}/prizes/unit-2"))
    assert "Không có giải nào để trao" in text(client.get(f"{ADMIN}/prizes/deliver?key=entry-{entry(1)}"))


def test_an_officer_refuses_and_restores(settled: Fair, as_: Any) -> None:
    client, one = as_("mai"), f"{ADMIN}/prizes/entry-{entry(1)}"
    assert client.post(f"{one}/refuse", data={"kind": "unreachable"}).status_code == 400
    assert client.post(f"{one}/refuse", data={"kind": "unreachable", "reason": "Gọi ba lần"}).status_code == 302
    page = text(client.get(f"{ADMIN}/prizes"))
    assert "Không liên lạc được" in page
    assert "Gọi ba lần" in text(client.get(one))
    assert client.post(f"{one}/restore", data={"reason": ""}).status_code == 400
    assert client.post(f"{one}/restore", data={"reason": "Đã gặp"}).status_code == 302
    assert "Không liên lạc được" not in text(client.get(f"{ADMIN}/prizes"))


def test_an_officer_names_a_winner_and_everybody_sees_it_once_published(settled: Fair, as_: Any) -> None:
    client, here = as_("mai"), f"{ADMIN}/prizes/by-hand"
    assert "Vũ Đình Quang" in text(client.get(f"{here}?q=vu dinh"))
    assert "Chi bộ Thôn Thượng" in text(client.get(f"{here}?q=thon thuong"))
    assert "Không có người dự thi" in text(client.get(f"{here}?q=zzz"))
    sent = {"prize": "Lan toả", "recipient": f"entry-{entry(10)}", "reason": "Vận động 40 người dự thi"}
    assert client.post(f"{here}?q=vu dinh", data={**sent, "reason": ""}).status_code == 400
    assert client.post(here, data={**sent, "recipient": "entry-999"}).status_code == 400
    assert client.post(f"{here}?q=vu dinh", data=sent).status_code == 302
    assert (
        client.post(here, data={"prize": "Lan toả", "name": "Cụ Sáu", "unit_name": "Khu phố 5", "reason": "Gương mẫu"}).status_code
        == 302
    )
    assert client.post(here, data={"prize": "Lan toả", "name": "Cụ Bảy", "reason": "Gương mẫu"}).status_code == 400
    standing = "/contests/lich-su/rounds/1/standings"
    assert as_().get(standing).status_code == 404
    publish_round(standings.find_latest(settled.round().id).id, KIEN, AFTER)
    page = text(as_().get(standing))
    for words in ("Giải tập thể", "Vận động 40 người dự thi", "Cụ Sáu", "Đông người dự", "Đảng bộ phường Bình Minh"):
        assert words in page
    assert "Lan toả" in text(as_("quang").get("/results"))
    award = db.session.scalars(select(HandAward.id).where(HandAward.name == "Cụ Sáu")).one()
    assert "Gương mẫu" in text(client.get(f"{ADMIN}/prizes/hand-{award}"))
    assert client.post(f"{ADMIN}/prizes/hand-{award}/withdraw", data={"reason": "Nhầm"}).status_code == 302
    assert "Cụ Sáu" not in text(as_().get(standing))


def test_the_list_goes_out_as_a_file_and_is_recorded(settled: Fair, as_: Any) -> None:
    answer = as_("mai").get(f"{ADMIN}/prizes.xlsx")
    assert answer.data.startswith(b"PK")
    assert db.session.scalar(select(AuditEntry).where(AuditEntry.action == "export_list")) is not None


PATHS = ["prizes", "prizes.xlsx", "prizes/unit-2", "prizes/by-hand", "prizes/deliver", "papers", "papers/minutes.docx"]


@pytest.mark.parametrize("path", PATHS)
def test_only_those_who_run_the_contest_see_prizes(settled: Fair, as_: Any, path: str) -> None:
    assert as_("mai").get(f"{ADMIN}/{path}").status_code == 200
    assert as_("thanh").get(f"{ADMIN}/{path}").status_code == 403
    for name in ("hanh", "dung", "thuan", "quang"):
        assert as_(name).get(f"{ADMIN}/{path}").status_code in (403, 404)
    assert as_().get(f"{ADMIN}/{path}").status_code == 302


@pytest.mark.parametrize("deed", ["check", "phone", "refuse", "restore", "withdraw", "deliveries/1/undo"])
def test_only_those_who_run_the_contest_change_prizes(settled: Fair, as_: Any, deed: str) -> None:
    for name in ("hanh", "dung", "thanh", "thuan"):
        assert as_(name).post(f"{ADMIN}/prizes/entry-{entry(1)}/{deed}", data={"reason": "x", "kind": "other"}).status_code in (
            403,
            404,
        )
    for path in ("prizes", "prizes/by-hand", "prizes/deliver"):
        assert as_("thanh").post(f"{ADMIN}/{path}", data={}).status_code == 403
    assert as_("mai").post(f"{ADMIN}/prizes/entry-999/{deed}", data={"reason": "x", "kind": "other"}).status_code == 404


def test_a_person_takes_along_what_is_known_of_them_as_a_winner(settled: Fair, app: Any) -> None:
    from elearn.contests.wiring import erase_names, own_data

    awarding.check_winners(settled.round().id, [entry(1)], "phone", False, "Máy bận", MAI, AFTER)
    awarding.refuse_winner(settled.round().id, entry(1), "declined", "Xin nhường", MAI, AFTER)
    told = own_data(1)
    assert [one["note"] for one in told["winner_checks"]] == ["Máy bận"]
    assert [one["reason"] for one in told["refusals"]] == ["Xin nhường"]
    with transaction() as session:
        erase_names(session, 1, "Đã xoá")
    told = own_data(1)
    assert [one["note"] for one in told["winner_checks"]] == [""]
    assert [one["reason"] for one in told["refusals"]] == [""]
