"""Roles are given within one's own, approved by a second person, taken back at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from elearn.audit.queries import check_chain
from elearn.core import clock
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.periods import local_day
from elearn.members.models import GrantRequest, Member, RoleGrant
from elearn.members.queries import actor_of
from elearn.members.queries.roles import list_handed_on
from elearn.members.rules.explaining import PERMISSION_NAMES, explain, other_ways
from elearn.members.rules.permissions import PERMISSIONS, Holds, Role, Subject, may, role_paths
from elearn.members.services import roles
from elearn.units.models import Unit
from tests.cast import LONG_AGO

KIEN, DUNG, NGA = (4, "Đặng Trung Kiên"), (5, "Phan Đức Dũng"), (14, "Ngô Thị Nga")


def wish(member=2, role=Role.UNIT_VIEWER, unit=2, days=30, **more):
    first = local_day(clock.now())
    last = first + timedelta(days=days) if days is not None else None
    return roles.Wish(member, role, unit, first, last, reason=more.pop("reason", "QĐ 12"), **more)


def second_administrator(member=6, unit=1):
    with transaction() as session:
        session.execute(
            insert(RoleGrant).values(member_id=member, role="system_administrator", unit_id=unit, valid_from=LONG_AGO, reason="")
        )
    return member, "Hoàng Thị Mai"


def test_it_gives_and_takes_back_at_once(app, as_, session):
    now = clock.now()
    client = as_("binh")
    assert client.get("/admin/units").status_code == 403
    grant = roles.grant_role(DUNG, wish(), now).grant_id
    assert client.get("/admin/units").status_code == 200
    assert roles.revoke_role(actor_of(5, "/1/2/", now), DUNG, grant, "thôi", False, clock.now()) == 1
    assert client.get("/admin/units").status_code == 403
    assert check_chain(session).broken_at is None
    with pytest.raises(DomainError):
        roles.revoke_role(actor_of(5, "/1/2/", now), DUNG, grant, "thôi", False, clock.now())


def test_it_refuses_what_is_wider_or_nonsense(app):
    now = clock.now()
    for given, code in [
        (wish(unit=1), "grant_unit_wider"),
        (wish(role=Role.REVIEWER), "grant_role_wider"),
        (wish(member=5), "grant_to_self"),
        (wish(days=-3), "grant_period"),
        (wish(member=13), "grant_disabled"),
        (wish(reason=" "), "grant_reason"),
        (roles.Wish(2, Role.EXAMINER, 2, date(2020, 1, 1), None, reason="x"), "grant_past"),
        (roles.Wish(2, Role.EXAMINER, 2, date(9999, 12, 31), date(9999, 12, 31), reason="x"), "grant_period"),
    ]:
        with pytest.raises(InvalidInput) as caught:
            roles.grant_role(DUNG, given, now)
        assert caught.value.code == code
    roles.grant_role(DUNG, wish(), now)
    with pytest.raises(InvalidInput, match="đã giữ quyền"):
        roles.grant_role(DUNG, wish(), now)


def test_it_asks_a_second_person_for_the_highest_roles(app, session):
    now = clock.now()
    high = wish(role=Role.PERSONNEL_OFFICER)
    with pytest.raises(DomainError) as caught:
        roles.grant_role(KIEN, high, now)
    assert caught.value.code == "no_second_administrator"
    second = second_administrator()
    request = roles.grant_role(KIEN, high, now).request_id
    assert request and not actor_of(2, "/1/2/4/", now).grants
    for actor, code in [(KIEN, "four_eyes_asker"), ((2, "Bình"), "four_eyes_receiver"), (DUNG, "forbidden")]:
        with pytest.raises(DomainError) as caught:
            roles.approve_request(actor, request, "", now)
        assert caught.value.code == code
    with pytest.raises(IntegrityError), transaction() as inner:
        inner.execute(update(GrantRequest).values(state="approved", decided_by_id=4))
    roles.approve_request(second, request, "", now)
    assert actor_of(2, "/1/2/4/", clock.now()).roles() == {Role.PERSONNEL_OFFICER}
    with pytest.raises(DomainError):
        roles.approve_request(second, request, "", now)


def test_it_refuses_and_withdraws_requests(app, session):
    now, second = clock.now(), second_administrator()
    request = roles.grant_role(NGA, wish(role=Role.PERSONNEL_OFFICER), now).request_id
    with pytest.raises(InvalidInput):
        roles.refuse_request(second, request, " ", now)
    roles.refuse_request(second, request, "chưa cần", now)
    again = roles.grant_role(NGA, wish(role=Role.PERSONNEL_OFFICER), now).request_id
    with pytest.raises(DomainError):
        roles.withdraw_request(KIEN, again, now)
    roles.withdraw_request(NGA, again, now)
    assert {one.state for one in session.query(GrantRequest)} == {"refused", "withdrawn"}


def test_it_keeps_the_last_administrator_and_takes_back_what_was_handed_on(app, session):
    now = clock.now()
    kien = actor_of(4, "/1/", now)
    own = session.query(RoleGrant).filter_by(member_id=4).one().id
    with pytest.raises(DomainError) as caught:
        roles.revoke_role(kien, KIEN, own, "nghỉ", False, now)
    assert caught.value.code == "last_administrator"
    first = roles.grant_role(KIEN, wish(member=2, role=Role.TRAINING_OFFICER), now).grant_id
    roles.grant_role((2, "Bình"), wish(member=1, role=Role.EXAMINER, days=5), now)
    assert [one.member_id for one in list_handed_on(session.get(RoleGrant, first), now)] == [1]
    with pytest.raises(NotFound):
        roles.revoke_role(actor_of(11, "/1/5/", now), (11, "Thuận"), first, "x", True, now)
    assert roles.revoke_role(kien, KIEN, first, "nghỉ", True, now) == 2
    assert not actor_of(1, "/1/2/3/", now).grants


def test_it_shows_each_page_and_gives_by_the_form(app, as_, session):
    dung = as_("dung")
    assert "Nguyễn Văn Bình" in dung.get("/admin/roles/new?q=nguyen binh").text
    assert "Phạm Thị Lan Anh" not in dung.get("/admin/roles/new?q=lan").text
    assert dung.get("/admin/roles/new?member=3").status_code == 404
    assert dung.get("/admin/roles/new?member=²").status_code == 200
    page = dung.get("/admin/roles/new?member=2").text
    assert "Giám khảo" in page and "Quản trị hệ thống" not in page.split("<main")[1] and "Đông Hoà" not in page
    first = local_day(clock.now()).isoformat()
    values = {"member": 2, "role": "examiner", "unit": 2, "first_day": first, "last_day": "", "reason": "QĐ 5"}
    for wrong in (
        {"unit": 1},
        {"unit": 999},
        {"role": "reviewer"},
        {"first_day": "hôm nay"},
        {"last_day": "2001-01-01"},
        {"unit": "x"},
    ):
        answer = dung.post("/admin/roles/new", data={**values, **wrong})
        assert answer.status_code == 400 and "QĐ 5" in answer.text
    assert "Giám khảo tại" in dung.post("/admin/roles/new", data=values).text
    assert not session.query(RoleGrant).filter_by(member_id=2).count()
    assert dung.post("/admin/roles/new", data={**values, "confirmed": "1"}).status_code == 302
    grant = session.query(RoleGrant).filter_by(member_id=2).one().id
    address = f"/admin/roles/{grant}/revoke"
    assert address in dung.get("/admin/units/2/access").text
    assert as_("thuan").get(address).status_code == 404
    assert as_("hanh").get(address).status_code == 403
    assert as_("thanh").get("/admin/roles/new").status_code == 403
    assert dung.get(address).status_code == 200
    assert dung.post(address, data={"reason": ""}).status_code == 400
    assert dung.post(address, data={"reason": "thôi"}).status_code == 302
    assert as_("kien").get("/admin/roles").status_code == 200


def test_it_shows_requests_to_whoever_may_decide(app, as_):
    second_administrator()
    request = roles.grant_role(KIEN, wish(role=Role.PERSONNEL_OFFICER), clock.now()).request_id
    address = f"/admin/roles/requests/{request}"
    assert "Rút đề nghị" in as_("kien").get(address).text
    assert as_("kien").post(address, data={"deed": "approve"}).status_code == 400
    assert as_("thuan").get(address).status_code == 404
    mai = as_("mai")
    assert "Duyệt giao quyền" in mai.get("/admin").text
    assert "Nguyễn Văn Bình" in mai.get("/admin/roles/requests").text
    assert mai.post(address, data={"deed": "refuse", "reason": ""}).status_code == 400
    assert mai.post(address, data={"deed": "approve"}).status_code == 302
    assert "Không có đề nghị" in mai.get("/admin/roles/requests").text


def test_it_says_who_may_do_what_and_why(app, as_):
    dung = as_("dung")
    page = dung.get("/admin/units/3/access").text
    assert "Phan Đức Dũng" in page and "Đặng Trung Kiên" in page and "Lò Văn Thuận" not in page
    assert "Trần Thị Hạnh" in dung.get("/admin/units/3/access?q=hanh").text
    person = dung.get("/admin/units/3/access?member=1").text
    assert "Chỉ quản trị hệ thống mới sắp xếp lại đơn vị được" in person
    assert dung.get("/admin/units/3/access?member=3").status_code == 404
    assert dung.get("/admin/units/1/access").status_code == 404
    assert as_("hanh").get("/admin/units/3/access").status_code == 403
    assert dung.get("/admin/units/3/access/excel").data[:2] == b"PK"
    assert dung.get("/admin/units/5/access/excel").status_code == 404


def test_it_names_who_can_help_where_something_is_refused(app, as_):
    page = as_("hanh").get("/admin/roles")
    assert page.status_code == 403
    assert "Đặng Trung Kiên, Đảng bộ tỉnh An Sơn" in page.text


def test_it_explains_as_the_table_decides(app, session):
    units = {unit.id: unit.path for unit in session.query(Unit)}
    now = clock.now()
    for member in session.query(Member).filter_by(status="active"):
        actor = actor_of(member.id, units[member.unit_id], now)
        for path in units.values():
            for answer in explain(actor, path):
                assert answer.holds == may(actor, answer.permission, Subject(path))
                assert bool(answer.grants) == any(
                    role_path and path.startswith(role_path) for role_path in role_paths(actor, answer.permission)
                )
    assert set(PERMISSION_NAMES) == set(PERMISSIONS)


def test_it_names_every_way_to_a_permission():
    for permission, ways in PERMISSIONS.items():
        assert len(other_ways(permission)) == sum(not isinstance(way, Holds) for way in ways), permission


def test_it_filters_grants_by_when_they_end(app, as_):
    roles.grant_role(DUNG, wish(days=5), clock.now())
    kien = as_("kien")
    assert "Nguyễn Văn Bình" in kien.get("/admin/roles?state=soon").text
    assert "Phan Đức Dũng" not in kien.get("/admin/roles?state=soon").text
    assert "Nguyễn Văn Bình" not in kien.get("/admin/roles?state=over").text
