"""A person's data is taken away; standings and log still fit."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from elearn.audit.models import AuditDetail
from elearn.audit.queries import check_chain
from elearn.contests.models import Entry, Standing
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError
from elearn.members.models import Member, MemberCard, MemberSensitive, Position, RightsRequest, RoleGrant, SignInSession
from elearn.members.services.erasure import ANONYMOUS, ask_erasure, erase_member
from elearn.members.services.merging import merge
from elearn.members.services.records import save_member, save_sensitive
from tests.contests.conftest import AFTER, Fair, at, closed, fair

__all__ = ["at", "closed", "fair"]

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
KIEN, YEN, NGA = (4, "Đặng Trung Kiên"), (7, "Bùi Ngọc Yến"), (14, "Ngô Thị Nga")


def places(settlement):
    query = sa.select(Standing.place, Entry.member_id, Standing.decided_by, Standing.prize, Entry.unit_name).join(
        Entry, Entry.id == Standing.entry_id
    )
    return [
        tuple(row) for row in db.session.execute(query.where(Standing.settlement_id == settlement.id).order_by(Standing.position))
    ]


def test_it_needs_two_administrators(session):
    with pytest.raises(DomainError):
        erase_member(YEN, 1, NOW)
    ask_erasure(KIEN, 1, "Đơn ngày 1/10", NOW)
    for actor in (KIEN, (1, "Trần Thị Hạnh")):
        with pytest.raises(DomainError):
            erase_member(actor, 1, NOW)
    with pytest.raises(DomainError):
        ask_erasure(YEN, 1, "", NOW)
    erase_member(YEN, 1, NOW)
    assert session.get(Member, 1).status == "erased"
    request = session.scalar(sa.select(RightsRequest))
    assert (request.state, request.answered_by_id, request.done_by_id) == ("done", 4, 7)
    with pytest.raises(DomainError):
        ask_erasure(KIEN, 1, "", NOW)


def test_it_leaves_nothing_personal_and_a_log_that_fits(as_, session):
    hanh = as_("hanh")
    values = {"full_name": "Trần Thị Hạnh", "phone": "0912345678", "email": "h@example.vn", "positions": "Bí thư"}
    save_member(NGA, 1, values, "Hạnh báo đổi số", NOW)
    save_sensitive(NGA, 1, {"national_id": "001180000123", "card_number": "A1"}, "", NOW)
    merge(NGA, 1, 2, "", NOW)
    ask_erasure(KIEN, 1, "Đơn của Hạnh", NOW)
    erase_member(YEN, 1, NOW)
    session.expire_all()
    for number in (1, 2):
        member = session.get(Member, number)
        assert (member.display_name, member.birth_date, member.phone, member.email) == (ANONYMOUS, None, "", "")
        assert "hanh" not in member.login + member.search_key and member.password_hash == ""
    for model in (MemberSensitive, MemberCard, Position, SignInSession):
        assert session.scalar(sa.select(sa.func.count()).select_from(model).where(model.member_id == 1)) == 0
    told = " ".join(
        f"{one.actor_name} {one.subject_name} {one.before} {one.after} {one.reason}"
        for one in session.scalars(sa.select(AuditDetail))
    )
    assert "Hạnh" not in told and "0912345678" not in told
    check = check_chain(session)
    assert check.broken_at is None and check.blanked >= 4
    assert hanh.get("/me").status_code == 302


def test_it_leaves_no_words_of_other_requests_and_no_clock_running(session):
    with transaction() as writing:
        for state in ("open", "answered", "refused"):
            request = RightsRequest(
                member_id=1, kind="see", body="Số của tôi 0912345678", asked_at=NOW, answer_due_at=NOW, done_due_at=NOW, state=state,
                answer="Gửi chị Hạnh", extension_reason="chờ chị Hạnh",
            )  # fmt: skip
            writing.add(request)
    ask_erasure(KIEN, 1, "Đơn ngày 1/10", NOW)
    erase_member(YEN, 1, NOW)
    session.expire_all()
    kept = session.scalars(sa.select(RightsRequest).order_by(RightsRequest.id)).all()
    assert [one.state for one in kept] == ["withdrawn", "withdrawn", "refused", "done"]
    assert {one.body + one.answer + one.extension_reason for one in kept} == {""}


def test_it_keeps_every_place_of_the_standings(closed: Fair, session):
    settlement = closed.publish()
    before = places(settlement)
    ask_erasure(KIEN, 2, "Đơn ngày 1/10", AFTER)
    erase_member(YEN, 2, AFTER)
    assert places(settlement) == before
    names = session.execute(sa.select(Entry.display_name, Entry.search_key).where(Entry.member_id == 2)).all()
    assert {name for name, _ in names} == {ANONYMOUS} and all("binh nguyen" not in key for _, key in names)
    assert set(session.scalars(sa.select(Entry.display_name).where(Entry.member_id == 2))) == {ANONYMOUS}
    again = closed.settle(reason="Kiểm tra lại")
    assert places(again) == before
    assert check_chain(session).broken_at is None


def test_it_leads_through_two_steps_on_the_page(as_, session):
    with transaction() as writing:
        writing.add(RoleGrant(member_id=7, role="system_administrator", unit_id=1, valid_from=datetime(2025, 7, 1, tzinfo=UTC)))
    kien, yen = as_("kien"), as_("yen")
    path = "/admin/members/1/erase"
    assert as_("nga").get(path).status_code == 403
    assert kien.get("/admin/members/999/erase").status_code == 404
    assert kien.post(path, data={"do": "ask", "reason": "x"}).status_code == 409
    assert kien.post(path, data={"do": "ask", "reason": "Đơn ngày 1/10"}).status_code == 302
    assert "Xác nhận và xoá" not in kien.get(path).get_data(as_text=True)
    assert kien.post(path, data={"do": "confirm"}).status_code == 409
    assert "Xác nhận và xoá" in yen.get(path).get_data(as_text=True)
    assert yen.post(path, data={"do": "confirm"}).status_code == 302
    session.expire_all()
    assert session.get(Member, 1).display_name == ANONYMOUS
    assert yen.get("/admin/members/1").status_code == 200
    assert session.get(Member, 2).birth_date == date(1980, 1, 2)
