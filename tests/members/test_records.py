"""One person's record: entered, corrected, its sensitive part looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from elearn.audit.models import AuditConcern, AuditDetail, AuditEntry
from elearn.lib.errors import InvalidInput
from elearn.members.models import Member, MemberCard, MemberSensitive, Membership, Position
from elearn.members.rules.people import births_compatible, person_keys, read_birth, show_birth
from elearn.members.services.records import save_member, save_sensitive

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
NGA = (14, "Ngô Thị Nga")
VALUES = {"full_name": "Đặng Thị Hoà", "birth": "10/1980", "sex": "female", "kind": "probationary", "phone": "912 345 678"}


def last_deed(session, action):
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.seq.desc())).first()
    return session.get(AuditDetail, entry.seq)


def test_it_enters_a_person_with_keys_login_and_unit(session):
    number = save_member(NGA, None, {**VALUES, "unit": "3", "positions": "Bí thư chi bộ"}, "", NOW)
    member = session.get(Member, number)
    assert (member.display_name, member.birth_date, member.birth_precision) == ("Đặng Thị Hoà", date(1980, 10, 1), "month")
    assert member.phone == "0912345678" and member.login == f"hoa.dt.{number:04}" and member.must_change_password
    assert (member.name_key, member.search_key) == person_keys("Đặng Thị Hoà", member.login, member.code)
    assert session.scalar(sa.select(Membership.unit_id).where(Membership.member_id == number)) == 3
    assert session.scalar(sa.select(Position.title).where(Position.member_id == number)) == "Bí thư chi bộ"


def test_it_takes_another_login_where_one_is_taken(session):
    first = save_member(NGA, None, {**VALUES, "unit": "3"}, "", NOW)
    taken = f"hoa.dt.{first + 1:04}"
    save_member(NGA, 1, {**VALUES, "full_name": "Trần Thị Hạnh", "login": taken}, "", NOW)
    second = save_member(NGA, None, {**VALUES, "unit": "3"}, "", NOW)
    assert session.get(Member, second).login not in (taken, session.get(Member, first).login)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", ""), ("birth", "31/2/1980"), ("birth", "ngày 5"), ("birth", "2990"), ("phone", "12ab"), ("email", "x@"),
        ("kind", "boss"), ("sex", "x"), ("unit", "99"), ("code", "a b"), ("login", "hạnh"[:1]), ("login", "binh"), ("code", "DV00002"),
    ],
)  # fmt: skip
def test_it_refuses_what_is_wrong_at_its_field(session, field, value):
    with pytest.raises(InvalidInput) as refusal:
        save_member(NGA, None, {**VALUES, "unit": "3", field: value}, "", NOW)
    assert refusal.value.field == field


def test_it_records_only_what_changed(session):
    save_member(NGA, 1, {"full_name": "Trần Thị Hạnh", "birth": "1980", "phone": "0912345678"}, "Đối chiếu hồ sơ", NOW)
    told = last_deed(session, "edit_member")
    assert told.before == {"birth_precision": "day", "phone": ""}
    assert told.after == {"birth_precision": "year", "phone": "0912345678"}
    count = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    save_member(NGA, 1, {"full_name": "Trần Thị Hạnh", "birth": "1980", "phone": "0912345678"}, "", NOW)
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == count


def test_it_ends_a_position_that_is_taken_from_the_list(session):
    base = {"full_name": "Trần Thị Hạnh", "birth": "01/01/1980"}
    save_member(NGA, 1, {**base, "positions": "Bí thư\nỦy viên"}, "", datetime(2026, 1, 1, tzinfo=UTC))
    save_member(NGA, 1, {**base, "positions": "Ủy viên"}, "", NOW)
    rows = dict(session.execute(sa.select(Position.title, Position.valid_to).where(Position.member_id == 1)).all())
    assert rows == {"Bí thư": date(2026, 10, 14), "Ủy viên": None}


def test_it_never_writes_sensitive_values_into_the_log(session):
    save_sensitive(NGA, 1, {"national_id": "001180000123", "card_number": "A1", "ethnicity": "Tày"}, "", NOW)
    save_sensitive(NGA, 1, {"card_number": "A2"}, "Mất thẻ", NOW)
    assert session.get(MemberSensitive, 1).national_id == "001180000123"
    cards = session.execute(sa.select(MemberCard.number, MemberCard.valid_to).where(MemberCard.member_id == 1)).all()
    assert dict(cards) == {"A1": date(2026, 10, 14), "A2": None}
    said = " ".join(f"{one.before}{one.after}" for one in session.scalars(sa.select(AuditDetail)))
    assert "001180000123" not in said and "Tày" not in said and "national_id" in said
    with pytest.raises(InvalidInput):
        save_sensitive(NGA, 2, {"national_id": "001180000123"}, "", NOW)


def test_it_shows_sensitive_columns_only_on_asking_and_records_the_look(as_, session):
    save_sensitive(NGA, 1, {"national_id": "001180000123"}, "", NOW)
    nga = as_("nga")
    page = nga.get("/admin/members/1").get_data(as_text=True)
    assert "••••••••0123" in page and "001180000123" not in page
    assert "001180000123" in nga.post("/admin/members/1/sensitive").get_data(as_text=True)
    assert session.scalars(sa.select(AuditEntry.subject_id).where(AuditEntry.action == "view_sensitive")).all() == ["1"]
    assert "0123" not in as_("kien").get("/admin/members/1").get_data(as_text=True)
    assert as_("kien").post("/admin/members/1/sensitive").status_code == 403
    assert as_("thuan").post("/admin/members/1/sensitive").status_code == 403


def test_it_exports_sensitive_columns_for_a_reason_that_is_recorded(as_, session):
    save_sensitive(NGA, 1, {"national_id": "001180000123"}, "", NOW)
    nga = as_("nga")
    assert nga.post("/admin/members/sensitive-export", data={"reason": "x"}).status_code == 400
    answer = nga.post("/admin/members/sensitive-export", data={"reason": "Rà soát thẻ", "unit": "3"})
    text = str(CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python())
    assert "001180000123" in text and "Nguyễn Văn Bình" not in text
    assert set(session.scalars(sa.select(AuditConcern.member_id))) == {1, 12, 13}
    assert as_("kien").get("/admin/members/sensitive-export").status_code == 403


def test_it_keeps_what_was_typed_and_says_what_is_wrong(as_, session):
    nga = as_("nga")
    answer = nga.post("/admin/members/new", data={**VALUES, "unit": "3", "birth": "40/13/1980"})
    assert answer.status_code == 400 and "40/13/1980" in answer.get_data(as_text=True)
    assert nga.post("/admin/members/new", data={**VALUES, "unit": "3"}).status_code == 302
    assert nga.get("/admin/members/1/edit").status_code == 200
    assert nga.post("/admin/members/1/edit", data={"full_name": "Trần Thị Hạnh", "birth": "2.1.1981"}).status_code == 302
    assert session.get(Member, 1).birth_date == date(1981, 1, 2)


def test_it_hides_people_out_of_scope_and_refuses_other_roles(as_):
    assert as_("dung").get("/admin/members/1/edit").status_code == 403
    assert as_("hanh").get("/admin/members/new").status_code == 403
    assert as_("nga").get("/admin/members/999/edit").status_code == 404


def test_it_compares_births_as_far_as_they_are_known():
    assert read_birth("1980-10-14", date(2026, 1, 1)) == (date(1980, 10, 14), "day")
    assert show_birth(*read_birth("5/1980", date(2026, 1, 1))) == "05/1980"
    assert births_compatible(date(1980, 1, 1), "year", date(1980, 5, 5), "day") is True
    assert births_compatible(date(1980, 1, 1), "month", date(1980, 5, 5), "day") is False
    assert births_compatible(None, "", date(1980, 5, 5), "day") is None
