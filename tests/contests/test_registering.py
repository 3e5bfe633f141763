"""People without an account register, come back, and meet nobody else's pages; nothing says whose phone is known."""

from __future__ import annotations

import dataclasses
import logging
import re
from datetime import date, timedelta

import altcha
import pytest
from sqlalchemy import func, select

from elearn.contests.models import AttemptPermit, Contest, Entry, PublicEntrant, UsedChallenge
from elearn.contests.queries.entrants import list_claims
from elearn.contests.rules.registering import check_registration, needs_representative
from elearn.contests.rules.settings import ContestSettings
from elearn.contests.services import proofs
from elearn.contests.services.registering import choose_claim
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput
from elearn.members.models import Consent, ConsentText, Member, MemberMerge, RightsRequest, RoleGrant
from elearn.members.queries import covers_everybody
from elearn.members.services import retention
from elearn.members.services.merging import undo_merge
from elearn.members.services.passwords import hash_password
from elearn.quizzes.models import Attempt
from elearn.units.models import Unit
from tests.contests.conftest import AFTER, CLOSES, MAI, NOW, SETTINGS

OPEN = dataclasses.replace(SETTINGS, audience="everybody", attempts_per_contest=3)
PHONE = "0912345678"
TU = {
    "full_name": "Lý Thị Tư", "birth": "1952", "phone": "+84 912 345 678", "unit": "3", "consent": "y", "address": "",
}  # fmt: skip


@pytest.fixture
def work(app, monkeypatch):
    """`work(cost)` sets how much work is asked of people without an account, and how many start in a second."""

    def ask(cost: int = 0, starts: int = 0) -> None:
        config = dataclasses.replace(app.config["ELEARN"], challenge_cost=cost, starts_per_second=starts)
        monkeypatch.setitem(app.config, "ELEARN", config)

    ask()
    return ask


@pytest.fixture
def public(fair, work):
    """A contest for everybody, without proof of work."""
    with transaction():
        fair.round().contest.settings = OPEN.store()
    return fair


def register(as_, client=None, **changes):
    client = client or as_()
    return client, client.post("/contests/lich-su/register", data={**TU, **changes})


def code_of(client) -> str:
    return "".join(re.search(r'id="entry-code"[^>]*><span>([^<]+)</span><span>([^<]+)<', client.get("/entrant/code").text).groups())


def solve(client) -> str:
    told = client.get("/contests/lich-su/challenge").json
    challenge = altcha.Challenge.from_dict(told)
    return altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()


def entrants() -> list[PublicEntrant]:
    db.session.rollback()
    return list(db.session.scalars(select(PublicEntrant).order_by(PublicEntrant.id)))


def test_it_registers_and_lets_them_sit_and_come_back(public, as_):
    client, answer = register(as_)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/entrant/code")
    code = code_of(client)
    assert re.fullmatch(r"([A-Z0-9]{4}-){3}[A-Z0-9]{4}", code)
    assert code_of(client) == code  # it stays until it is written down
    assert client.post("/entrant/code").headers["Location"] == "/contests/lich-su"
    assert client.get("/entrant/code").headers["Location"] == "/entrant"
    own = entrants()[0]
    assert own.is_first
    assert code.lower() not in (own.code_hash, own.phone_digest)
    member = db.session.get_one(Member, own.member_id)
    assert (member.display_name, member.birth_date, member.birth_precision) == ("Lý Thị Tư", date(1952, 1, 1), "year")
    assert (member.phone, member.kind, member.password_hash, member.unit.code) == (PHONE, "guest", "", "NGOAI")
    consent = db.session.scalars(select(Consent).where(Consent.member_id == member.id)).one()
    assert (consent.is_given, consent.answered_at, len(consent.text_digest)) == (True, NOW, 64)
    started = client.post("/contests/lich-su/rounds/1/enter")
    assert started.headers["Location"].startswith("/attempts/")
    assert "Câu hỏi" in client.get(started.headers["Location"]).text
    entry = db.session.scalars(select(Entry)).one()
    assert (entry.unit_name, entry.competing_unit_name, entry.is_counted) == ("Chi bộ Khu phố 5", "Đảng bộ phường Bình Minh", True)
    assert client.get("/").headers["Location"] == "/contests/lich-su"
    assert "Lượt 1" in client.get("/entrant").text
    back = as_()
    for phone, typed in ((PHONE, "AAAA-BBBB-CCCC-DDDD"), ("0900000000", code), ("", code), (PHONE, "")):
        assert back.post("/contests/lich-su/return", data={"phone": phone, "code": typed}).status_code == 401
    again = back.post("/contests/lich-su/return", data={"phone": "84912345678", "code": code.lower().replace("-", " ")})
    assert again.headers["Location"] == "/contests/lich-su"
    assert back.get("/entrant").status_code == 200


def test_it_gives_another_code_to_somebody_still_signed_in(public, as_):
    client, _ = register(as_)
    old = code_of(client)
    client.post("/entrant/code")
    assert client.post("/entrant/renew").headers["Location"] == "/entrant/code"
    assert code_of(client) != old
    assert as_().post("/contests/lich-su/return", data={"phone": PHONE, "code": old}).status_code == 401


def test_it_answers_alike_for_a_known_and_an_unknown_phone(public, as_, caplog):
    caplog.set_level(logging.DEBUG)
    first_client, first = register(as_)
    later_client, later = register(as_, full_name="Tô Văn Sáu", birth="1953")  # the same phone
    twin_client, twin = register(as_, phone="0987654321")  # the same person
    answers = {(one.status_code, len(one.data), one.headers["Location"], one.data) for one in (first, later, twin)}
    assert len(answers) == 1
    pages = []
    for client in (first_client, later_client, twin_client):
        page = client.get("/entrant/code")
        text = re.sub(r"[A-Z0-9]{4}-[A-Z0-9]{4}", "MÃ", page.text).replace("Tô Văn Sáu", "Lý Thị Tư")
        pages.append((page.status_code, re.sub(r'name="csrf_token" value="[^"]*"|aria-hidden="true">[^<]*<', "", text)))
    assert len(set(pages)) == 1
    wrong = {(a.status_code, len(a.data)) for a in (
        as_().post("/contests/lich-su/return", data={"phone": phone, "code": "AAAA-BBBB-CCCC-DDDD"}) for phone in (PHONE, "0900000001")
    )}  # fmt: skip
    assert len(wrong) == 1
    assert [one.is_first for one in entrants()] == [True, False, False]
    assert not re.search(r"0912345678|912 345 678|0987654321", caplog.text)


def test_it_lets_a_later_claim_play_and_counts_the_first(public, as_, at):
    for name in ("Lý Thị Tư", "Tô Văn Sáu"):
        client, _ = register(as_, full_name=name)
        attempt = client.post("/contests/lich-su/rounds/1/enter").headers["Location"]
        client.post(f"{attempt}/submit")
        assert client.get("/contests/lich-su/rounds/1").status_code == 200
        assert "bị huỷ" not in client.get("/contests/lich-su/rounds/1").text
        assert client.post("/contests/lich-su/rounds/1/enter").headers["Location"].startswith("/attempts/")
    db.session.rollback()
    assert [one.is_counted for one in db.session.scalars(select(Entry).order_by(Entry.id))] == [True, False]
    contest_id = public.round().contest_id
    [[first, later]] = list_claims(contest_id)
    assert (first.name, later.name, later.phone_end) == ("Lý Thị Tư", "Tô Văn Sáu", "678")
    page = as_("mai").get("/admin/contests/lich-su/claims")
    assert "Tô Văn Sáu" in page.text
    assert PHONE not in page.text
    address = f"/admin/contests/lich-su/claims/{later.id}"
    assert as_("thanh").post(address, data={"reason": "Đã gọi điện"}).status_code == 403
    assert as_("dung").get("/admin/contests/lich-su/claims").status_code == 403
    assert as_("mai").post(address, data={"reason": ""}).status_code == 400
    assert as_("mai").post(address, data={"reason": "Đã gọi điện, đối chiếu giấy tờ"}).status_code == 302
    db.session.rollback()
    assert [one.is_counted for one in db.session.scalars(select(Entry).order_by(Entry.id))] == [False, True]
    assert [one.is_first for one in entrants()] == [False, True]
    with pytest.raises(DomainError):
        choose_claim(MAI, contest_id + 1, later.id, "Không có ở đây", NOW)


def test_it_marks_a_registration_of_somebody_who_plays_with_an_account(public, as_):
    with transaction() as session:
        session.get_one(Member, 1).phone = PHONE
    public.start(1)
    register(as_)
    assert [one.is_first for one in entrants()] == [False]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"full_name": ""}, "full_name"), ({"birth": "32/1/1950"}, "birth"), ({"birth": ""}, "birth"), ({"phone": "123"}, "phone"),
        ({"unit": ""}, "unit"), ({"unit": "5000"}, "unit"), ({"unit": "other"}, "unit_other"), ({"consent": ""}, "consent"),
        ({"birth": "2012"}, "representative"), ({"birth": "2012", "representative": "Lý Văn A"}, "representative_agrees"),
    ],
)  # fmt: skip
def test_it_says_what_is_missing_at_its_place(public, as_, changes, field):
    _, answer = register(as_, **changes)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert "Lý Thị Tư" in answer.text or "full_name" in changes
    assert entrants() == []


def test_it_takes_a_unit_outside_the_tree_and_a_child_with_a_representative(public, as_):
    agreed = {"representative": "Lý Văn A", "representative_agrees": "y"}
    client, answer = register(as_, unit="other", unit_other="Hội Cựu chiến binh xã Mỹ", birth="5/2011", **agreed)
    assert answer.status_code == 302
    own = entrants()[0]
    assert (own.unit_name, own.representative) == ("Hội Cựu chiến binh xã Mỹ", "Lý Văn A")
    assert "từ đủ 14 tuổi" not in client.get("/contests/lich-su/rounds/1").text
    client.post("/contests/lich-su/rounds/1/enter")
    assert db.session.scalars(select(Entry)).one().unit_name == "Hội Cựu chiến binh xã Mỹ"


def test_it_finds_units_without_accents_and_without_a_script(public, as_):
    client = as_()
    found = {"units": [{"id": 3, "name": "Chi bộ Khu phố 5, Bình Minh"}]}
    assert client.get("/contests/lich-su/units?q=khu pho").json == found
    assert (
        client.get("/contests/lich-su/units?q=binh minh khu").json == found
    )  # many cells are called alike: the unit above tells which
    found = client.post("/contests/lich-su/register", data={**TU, "unit": "", "unit_words": "dong hoa", "find": "1"})
    assert found.status_code == 200
    assert "Đảng bộ xã Đông Hoà" in found.text
    assert 'value="Lý Thị Tư"' in found.text
    with transaction():
        public.round().contest.settings = dataclasses.replace(OPEN, unit_ids=(2,)).store()
    assert client.get("/contests/lich-su/units?q=dong hoa").json == {"units": []}
    assert register(as_, unit="6")[1].status_code == 400


def test_it_needs_a_representative_while_somebody_may_be_under_sixteen():
    today = date(2026, 10, 14)
    assert needs_representative(date(2010, 1, 1), "year", today)
    assert not needs_representative(date(2009, 1, 1), "year", today)
    assert needs_representative(date(2010, 10, 15), "day", today)
    assert not needs_representative(date(2010, 10, 14), "day", today)
    assert not needs_representative(None, "", today)


def test_it_finds_one_identity_however_it_is_typed():
    rules, today = ContestSettings(audience="everybody"), date(2026, 10, 14)
    typed = {**TU, "consent": "yes"}
    first = check_registration(typed, rules, today)
    assert first.identity == check_registration({**typed, "full_name": " LÝ  thị tư "}, rules, today).identity
    assert first.identity != check_registration({**typed, "birth": "1953"}, rules, today).identity
    assert first.phone == check_registration({**typed, "phone": "0912.345.678"}, rules, today).phone == PHONE
    with pytest.raises(InvalidInput):
        check_registration({**typed, "consent": ""}, rules, today)


def test_it_shows_people_without_an_account_nothing_but_their_contest(app, public, as_):
    client, _ = register(as_)
    for path in ("/quizzes", "/courses", "/me", "/results", "/admin", "/password", "/quizzes/join", "/me/consents"):
        assert client.get(path).status_code == (200 if path == "/me/consents" else 404), path
    menu = client.get("/contests/lich-su/rounds/1").text
    assert "/courses" not in menu
    open_to = {name for name, view in app.view_functions.items() if getattr(view, "for_guests", False)}
    assert {name.split(".")[0] for name in open_to} == {"contests", "members", "quizzes"}
    assert {name for name in open_to if name.startswith("members.")} == {
        "members.sign_out", "members.own_data", "members.consents", "members.looks", "members.requests", "members.withdraw_request",
    }  # fmt: skip
    export = client.post("/me/data/json").json
    assert export["registrations"][0]["contest"] == "Tìm hiểu lịch sử Đảng"
    assert export["consents"][0]["is_given"]
    assert "members.account" not in menu


def test_it_keeps_people_without_an_account_out_of_every_list(public, as_):
    register(as_)
    assert covers_everybody(["/1/"])
    assert "Lý Thị Tư" not in as_("kien").get("/admin/members").text
    assert "Lý Thị Tư" not in as_("kien").get("/admin/members?q=ly+thi+tu").text
    assert "không có tài khoản" not in as_("kien").get("/admin/units").text
    assert "không có tài khoản" not in as_().get("/contests/lich-su/units?q=khong+co").text
    unit = db.session.scalars(select(Unit).where(Unit.code == "NGOAI")).one()
    assert (unit.path, unit.parent_id, unit.is_external) == (f"/{unit.id}/", None, True)
    assert as_("hanh").get("/me/consents").text.count("Đồng ý về dữ liệu cá nhân khi dự thi") == 0


def test_it_opens_only_the_contest_they_registered_for(public, as_):
    public.contest("khac", join_code="111222", settings=OPEN)
    client, _ = register(as_)
    assert client.post("/contests/khac/rounds/1/enter").status_code == 409
    assert "chưa đăng ký" in client.get("/contests/khac/rounds/1").text


def test_it_takes_nobody_where_the_contest_is_for_members_or_over(fair, work, as_, at):
    assert as_().get("/contests/lich-su/register").status_code == 404
    assert register(as_)[1].status_code == 404
    with transaction():
        fair.round().contest.settings = OPEN.store()
    at(CLOSES + timedelta(days=8))
    assert "đã kết thúc" in register(as_)[1].text
    assert as_("hanh").get("/contests/lich-su/register").status_code == 302


def test_it_asks_the_password_of_a_contest_once(public, as_):
    with transaction():
        public.round().contest.password_hash = hash_password("hoa-sen")
    _, answer = register(as_)
    assert 'id="contest_password-error"' in answer.text
    client, answer = register(as_, contest_password="hoa-sen")
    assert answer.status_code == 302
    assert client.post("/contests/lich-su/rounds/1/enter").headers["Location"].startswith("/attempts/")
    hanh = as_("hanh")
    assert 'name="contest_password"' in hanh.get("/contests/lich-su/rounds/1").text
    assert hanh.post("/contests/lich-su/rounds/1/enter", data={"contest_password": "sai"}).status_code == 400
    entered = hanh.post("/contests/lich-su/rounds/1/enter", data={"contest_password": "hoa-sen"})
    hanh.post(f"{entered.headers['Location']}/submit")
    assert 'name="contest_password"' not in hanh.get("/contests/lich-su/rounds/1").text
    assert hanh.post("/contests/lich-su/rounds/1/enter").headers["Location"].startswith("/attempts/")


def test_it_stops_those_who_try_passwords_and_codes(public, as_):
    with transaction():
        public.round().contest.password_hash = hash_password("hoa-sen")
    hanh = as_("hanh")
    codes = [hanh.post("/contests/lich-su/rounds/1/enter", data={"contest_password": "sai"}).status_code for _ in range(11)]
    assert codes == [400] * 10 + [429]
    tries = [as_().post("/contests/lich-su/return", data={"phone": PHONE, "code": f"sai-{n}"}).status_code for n in range(11)]
    assert tries == [401] * 10 + [429]


def test_it_asks_for_a_proof_of_work_once_each(public, as_, at, work):
    work(cost=1)
    _, refused = register(as_)
    assert refused.status_code == 400
    assert "chưa làm xong bước kiểm tra" in refused.text
    client = as_()
    proof = solve(client)
    client, answer = register(as_, client, proof=proof)
    assert answer.status_code == 302
    _, replayed = register(as_, proof=proof, phone="0977777777")
    assert "đã được dùng" in replayed.text
    assert len(entrants()) == 1
    old, tampered = solve(client), solve(client)[:-8] + "AAAAAAA="
    assert "không đúng" in register(as_, proof=tampered)[1].text
    assert "không đúng" in register(as_, proof="@@@")[1].text
    at(NOW + timedelta(minutes=31))
    assert "quá hạn" in register(as_, proof=old)[1].text
    assert client.post("/contests/lich-su/rounds/1/enter").status_code == 409
    started = client.post("/contests/lich-su/rounds/1/enter", data={"proof": solve(client)})
    assert started.headers["Location"].startswith("/attempts/")
    assert (
        client.post("/contests/lich-su/rounds/1/enter").headers["Location"] == started.headers["Location"]
    )  # going on costs nothing
    assert db.session.scalar(select(func.count()).select_from(UsedChallenge)) == 1  # the expired one is forgotten


def test_it_binds_a_proof_to_its_contest(public):
    challenge = altcha.Challenge.from_dict(proofs.make_challenge("k", 1, 1, NOW))
    payload = altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()
    with pytest.raises(DomainError) as refused:
        proofs.spend_proof("k", 2, payload, NOW)
    assert refused.value.code == "proof_wrong"
    with pytest.raises(DomainError):
        proofs.spend_proof("another key", 1, payload, NOW)
    proofs.spend_proof("k", 1, payload, NOW)


def test_it_hands_everything_to_an_account_and_back(public, as_, session):
    client, _ = register(as_)
    code, gone_id = code_of(client), entrants()[0].member_id
    attempt = client.post("/contests/lich-su/rounds/1/enter").headers["Location"]
    client.post(f"{attempt}/submit")
    hanh, typed = as_("hanh"), {"phone": PHONE, "code": code}
    assert hanh.post("/contests/lich-su/claim", data={**typed, "code": "sai"}).status_code == 401
    assert "Lý Thị Tư" in hanh.post("/contests/lich-su/claim", data=typed).text
    assert session.get_one(Member, gone_id).status == "active"
    assert hanh.post("/contests/lich-su/claim", data={**typed, "confirmed": "1"}).status_code == 302

    def holders() -> tuple[list[int], ...]:
        session.rollback()
        return tuple(sorted(session.scalars(select(one.member_id))) for one in (Attempt, Entry, AttemptPermit))

    assert holders() == ([1], [1], [1])
    assert hanh.get(f"{attempt}/result").status_code == 200
    assert client.get("/entrant").status_code == 302  # signed out
    assert as_().post("/contests/lich-su/return", data=typed).status_code == 401  # the code opens no account
    undo_merge(MAI, session.scalar(select(MemberMerge.id)), "Nhầm người", NOW)
    assert holders() == ([gone_id], [gone_id], [gone_id])


def test_it_keeps_both_readable_where_both_have_entered(public, as_, session):
    client, _ = register(as_)
    code, gone_id = code_of(client), entrants()[0].member_id
    theirs = client.post("/contests/lich-su/rounds/1/enter").headers["Location"]
    client.post(f"{theirs}/submit")
    public.start(1)
    hanh, typed = as_("hanh"), {"phone": PHONE, "code": code}
    assert "Tuần 1" in hanh.post("/contests/lich-su/claim", data=typed).text
    hanh.post("/contests/lich-su/claim", data={**typed, "confirmed": "1"})
    assert "dự cả hai lần" in hanh.get("/contests/lich-su").text
    session.rollback()
    counted = dict(session.execute(select(Entry.member_id, Entry.is_counted)).all())
    assert counted == {1: True, gone_id: False}
    assert session.scalar(select(func.count()).select_from(Attempt)) == 2


def test_it_forgets_them_when_their_time_is_over(public, as_, at, session, tmp_path):
    client, _ = register(as_, address="12 Lê Lợi")
    attempt = client.post("/contests/lich-su/rounds/1/enter").headers["Location"]
    client.post(f"{attempt}/submit")
    member_id = entrants()[0].member_id
    at(AFTER)
    public.publish()
    later = AFTER + timedelta(days=200)
    assert retention.run((None, "Hệ thống"), later, tmp_path).get("public_entrants") is None  # round 2 is not published
    public.publish(2, CLOSES + timedelta(days=8))
    assert retention.run((None, "Hệ thống"), CLOSES + timedelta(days=97), tmp_path).get("public_entrants") is None
    assert retention.run((None, "Hệ thống"), later, tmp_path)["public_entrants"] == 1
    session.rollback()
    member = session.get_one(Member, member_id)
    assert (member.status, member.phone, member.birth_date) == ("erased", "", None)
    entry = session.scalars(select(Entry)).one()
    assert "Tư" not in entry.display_name
    assert entrants() == []


def test_it_counts_versions_of_the_consent(public, as_):
    register(as_)
    register(as_, phone="0911111111", full_name="Mai Văn Bảy")
    with transaction() as session:
        session.scalars(select(Contest)).one().consent_text = "Chúng tôi chỉ dùng tên của bạn."
    register(as_, phone="0922222222", full_name="Cù Thị Tám")
    db.session.rollback()
    texts = db.session.scalars(select(ConsentText).order_by(ConsentText.version)).all()
    assert [one.version for one in texts] == [1, 2]
    assert all(one.withdrawn_at for one in texts)  # asked of nobody else


def test_it_lets_the_administrators_of_the_whole_answer_what_they_ask_about_their_data(public, as_, session):
    client, _ = register(as_)
    member_id = entrants()[0].member_id
    client.post("/me/requests", data={"kind": "erase", "body": "Xin xoá dữ liệu của tôi"})
    number = session.scalar(select(RightsRequest.id))
    assert "Lý Thị Tư" in as_("kien").get("/admin/privacy").text
    kien = as_("kien")
    answered = kien.post(f"/admin/privacy/requests/{number}", data={"step": "accept", "words": "Sẽ xoá trong tuần này"})
    assert answered.status_code == 302
    assert kien.get(f"/admin/members/{member_id}/erase").status_code == 200
    with transaction() as writing:
        writing.add(RoleGrant(member_id=14, role="system_administrator", unit_id=1, valid_from=NOW - timedelta(days=1)))
        writing.add(RoleGrant(member_id=5, role="system_administrator", unit_id=2, valid_from=NOW - timedelta(days=1)))
    assert as_("dung").get(f"/admin/privacy/requests/{number}").status_code == 404  # of one ward only
    assert as_("dung").get(f"/admin/members/{member_id}/erase").status_code == 404
    done = as_("nga").post(f"/admin/members/{member_id}/erase", data={"do": "confirm"})
    assert done.headers["Location"] == "/admin/privacy"
    session.rollback()
    assert session.get_one(Member, member_id).status == "erased"
    assert client.get("/entrant").status_code == 302
