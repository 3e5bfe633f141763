"""Two records of one person become one, and two again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from elearn.lib.errors import DomainError
from elearn.members.models import Member, MemberMerge, MemberSensitive, Membership, Position
from elearn.members.queries.records import identity_of
from elearn.members.services.decisions import Decision, carry_out
from elearn.members.services.merging import merge, preview, undo_merge
from elearn.members.services.records import save_member, save_sensitive

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
NGA = (14, "Ngô Thị Nga")


@pytest.fixture
def twin(session) -> int:
    """A second record of Hạnh with a position, a phone and a number that the first has not."""
    values = {"full_name": "Trần Thị Hạnh", "phone": "0912345678", "unit": "4", "positions": "Bí thư"}
    number = save_member(NGA, None, values, "", datetime(2026, 1, 1, tzinfo=UTC))
    save_sensitive(NGA, number, {"national_id": "001180000123"}, "", NOW)
    carry_out(NGA, Decision("transfer", date(2026, 10, 1), 3), [number], NOW)
    return number


def everything(session):
    session.expire_all()
    tables = (Member, Membership, MemberSensitive, Position)
    return [sorted(map(repr, session.execute(sa.select(one.__table__)).all())) for one in tables]


def test_it_carries_over_and_back(session, twin):
    before = everything(session)
    number = merge(NGA, 1, twin, "Nhập hai lần", NOW)
    kept, gone = session.get(Member, 1), session.get(Member, twin)
    assert kept.phone == "0912345678" and (gone.status, gone.merged_into_id) == ("merged", 1)
    assert session.scalar(sa.select(Position.member_id)) == 1
    assert session.get(MemberSensitive, 1).national_id == "001180000123"
    assert set(session.scalars(sa.select(Membership.unit_id).where(Membership.member_id == 1))) == {3, 4}
    assert session.scalars(sa.select(Membership.valid_to).where(Membership.member_id == twin)).all() == [None]
    assert identity_of(1) == [1, twin]
    undo_merge(NGA, number, "Hai người", NOW)
    assert everything(session) == before and identity_of(1) == [1]
    with pytest.raises(DomainError):
        undo_merge(NGA, number, "", NOW)


def test_it_ends_sign_ins_and_refuses_what_is_merged_already(as_, session):
    binh = as_("binh")
    merge(NGA, 1, 2, "", NOW)
    assert binh.get("/me").status_code == 302
    for pair in ((1, 2), (3, 2), (1, 1)):
        with pytest.raises(DomainError):
            preview(*pair)
    number = session.scalar(sa.select(MemberMerge.id))
    merge(NGA, 3, 1, "", NOW)
    assert identity_of(3) == [3, 1, 2]
    with pytest.raises(DomainError):
        undo_merge(NGA, number, "", NOW)


def test_it_refuses_two_national_ids(session, twin):
    save_sensitive(NGA, 1, {"national_id": "001180000999"}, "", NOW)
    with pytest.raises(DomainError):
        merge(NGA, 1, twin, "", NOW)


def test_it_leads_through_the_pages(as_, session, twin):
    nga = as_("nga")
    path = f"/admin/duplicates/1/{twin}"
    assert "Chức vụ" in nga.get(path).get_data(as_text=True)
    assert nga.post(path, data={"do": "merge", "keep": twin, "reason": "Trùng"}).status_code == 302
    session.expire_all()
    assert session.get(Member, 1).merged_into_id == twin
    number = session.scalar(sa.select(MemberMerge.id))
    assert nga.get("/admin/duplicates").status_code == 200
    assert nga.get("/admin/members/1").status_code == 200
    assert nga.post(path, data={"do": "merge"}).status_code == 409
    assert as_("dung").post(f"/admin/duplicates/merges/{number}/undo").status_code == 403
    assert nga.post("/admin/duplicates/merges/99/undo").status_code == 404
    assert nga.post(f"/admin/duplicates/merges/{number}/undo").status_code == 302
    session.expire_all()
    assert session.get(Member, 1).status == "active"
