"""Decisions on people: previewed, carried out, taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from elearn.lib.errors import DomainError, InvalidInput
from elearn.members.models import Member, Membership, PersonnelDecision, SignInSession
from elearn.members.services.decisions import Decision, carry_out, preview, undo

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
NGA = (14, "Ngô Thị Nga")
DAY = date(2026, 10, 1)


def spans(session, member_id):
    session.expire_all()
    rows = session.execute(
        sa.select(Membership.unit_id, Membership.valid_from, Membership.valid_to)
        .where(Membership.member_id == member_id)
        .order_by(Membership.valid_from)
    )
    return [tuple(row) for row in rows]


def test_it_transfers_many_and_takes_it_back(session):
    before = spans(session, 1)
    number = carry_out(NGA, Decision("transfer", DAY, 4, "12-QĐ/ĐU", date(2026, 9, 28)), [1, 12, 2], NOW)
    assert session.get(Member, 1).unit_id == 4
    assert spans(session, 1) == [(3, date(2025, 7, 1), DAY), (4, DAY, None)]
    assert spans(session, 2) == [(4, date(2025, 7, 1), None)]  # was there already
    assert undo(NGA, number, "Nhầm", NOW) == (2, [])
    assert spans(session, 1) == before and session.get(Member, 1).unit_id == 3
    with pytest.raises(DomainError):
        undo(NGA, number, "", NOW)


def test_it_ends_sign_ins_at_leaving_and_lets_people_return(as_, session):
    hanh = as_("hanh")
    assert hanh.get("/me").status_code == 200
    carry_out(NGA, Decision("leave", DAY), [1], NOW)
    assert hanh.get("/me").status_code == 302
    assert session.scalar(sa.select(SignInSession.ended_at).where(SignInSession.member_id == 1)) is not None
    assert spans(session, 1) == [(3, date(2025, 7, 1), DAY)]
    with pytest.raises(InvalidInput):
        carry_out(NGA, Decision("return", date(2026, 9, 1), 4), [1], NOW)
    carry_out(NGA, Decision("return", date(2026, 10, 5), 4), [1], NOW)
    assert session.get(Member, 1).status == "active"
    assert spans(session, 1)[1] == (4, date(2026, 10, 5), None)


def test_it_lists_whom_it_cannot_bring_back(session):
    first = carry_out(NGA, Decision("transfer", DAY, 4), [1, 12], NOW)
    carry_out(NGA, Decision("death", date(2026, 10, 3)), [12], NOW)
    count, refused = undo(NGA, first, "", NOW)
    assert count == 1 and [name for name, _ in refused] == ["Lê Quốc Bảo"]
    assert session.get(Member, 12).status == "deceased"
    assert session.get(PersonnelDecision, first).undone_at is None


@pytest.mark.parametrize(
    ("decision", "field"),
    [
        (Decision("transfer", date(2027, 1, 1), 4), "effective_on"),
        (Decision("transfer", DAY, 99), "unit"),
        (Decision("transfer", DAY), "unit"),
        (Decision("promote", DAY), "kind"),
        (Decision("leave", DAY, decided_on=date(2027, 1, 1)), "decided_on"),
    ],
)
def test_it_refuses_what_cannot_be(session, decision, field):
    with pytest.raises(InvalidInput) as refusal:
        preview(decision, [1], date(2026, 10, 14))
    assert refusal.value.field == field


def test_it_says_the_problem_of_each_person(session):
    told = {fate.member_id: fate.problem for fate in preview(Decision("transfer", date(2025, 7, 1), 3), [1, 2], date(2026, 10, 14))}
    assert "đã ở đơn vị" in told[1] and "vào đơn vị hiện nay" in told[2]


def test_it_leads_from_the_list_through_the_preview_to_the_deed(as_, session):
    nga = as_("nga")
    form = {
        "kind": "transfer",
        "effective_on": "1/10/2026",
        "unit": "4",
        "people": "dv00012\nnghi\nkhong-co",
        "ids": "1",
        "number": "5-QĐ",
    }
    assert nga.get("/admin/decisions/new?ids=1&ids=2").status_code == 200
    page = nga.post("/admin/decisions/new", data=form).get_data(as_text=True)
    assert "Trần Thị Hạnh" in page and "Hà Văn Tuấn" in page and "khong-co" in page
    assert session.get(Member, 1).unit_id == 3
    answer = nga.post("/admin/decisions/new", data={**form, "do": "apply"})
    assert answer.status_code == 302
    session.expire_all()
    assert {session.get(Member, number).unit_id for number in (1, 12, 13)} == {4}
    shown = answer.headers["Location"]
    assert nga.get(shown).status_code == 200 and nga.get(f"{shown}/undo").status_code == 200
    assert "Chuyển sinh hoạt" in nga.get("/admin/decisions").get_data(as_text=True)
    assert nga.post(f"{shown}/undo", data={"reason": "Nhầm"}).status_code == 302
    session.expire_all()
    assert session.get(Member, 1).unit_id == 3
    assert nga.post("/admin/decisions/new", data={**form, "effective_on": "hôm nay"}).status_code == 400
    assert as_("dung").get("/admin/decisions").status_code == 403
    assert nga.get("/admin/decisions/99").status_code == 404
