"""People follow their unit when the organisation changes, and come back exactly where that is undone."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import insert, select, update

from elearn.core.db import transaction
from elearn.members.models import Member, Membership, RoleGrant
from elearn.members.queries import actor_of
from elearn.members.queries.organised import count_now, count_on, list_stranded_grants
from elearn.members.rules.permissions import Subject, may
from elearn.units.models import Unit
from elearn.units.rules.operations import Close, Create, Merge
from elearn.units.rules.organisation import Decision
from elearn.units.services import details
from elearn.units.services.changes import apply_change, preview_change
from elearn.units.services.undoing import undo_change

NOW = datetime(2026, 11, 2, 3, tzinfo=UTC)
DAY = date(2026, 11, 1)
KIEN = (4, "Đặng Trung Kiên")
MERGER = Merge(
    units=("khu-pho-5", "truong"), into="bm1", name="Chi bộ Bình Minh 1", effective_on=DAY, decision=Decision("12-QĐ/TU")
)  # fmt: skip


def state(session):
    session.rollback()
    columns = (
        Membership.member_id,
        Membership.unit_id,
        Membership.valid_from,
        Membership.valid_to,
        Membership.decision,
        Membership.origin,
    )
    return (
        sorted(map(str, session.execute(select(*columns)).all())),
        sorted(session.execute(select(Member.id, Member.unit_id)).all()),
    )


def test_people_follow_and_come_back(app, session, people):
    before = state(session)
    assert preview_change([MERGER], NOW).counts == {"people": 4, "people_without_unit": 0, "grants": 0}
    number = apply_change(KIEN, "", [MERGER], NOW)
    new = session.scalar(select(Unit.id).where(Unit.code == "bm1"))
    assert session.get(Member, people.hanh.member_id).unit_id == session.get(Member, people.binh.member_id).unit_id == new
    rows = session.scalars(select(Membership).where(Membership.member_id == people.hanh.member_id).order_by(Membership.id)).all()
    assert [(row.unit_id, row.valid_from, row.valid_to) for row in rows] == [(3, date(2025, 7, 1), DAY), (new, DAY, None)]
    assert (rows[1].decision, rows[1].origin) == ("12-QĐ/TU", f"unit_change:{number}")
    assert undo_change(KIEN, number, "ghi nhầm", NOW) == {"back": 4, "stayed": 0}
    assert state(session) == before


def test_those_who_moved_on_stay(app, session, people):
    number = apply_change(KIEN, "", [MERGER], NOW)
    with transaction() as writing:
        row = writing.scalar(select(Membership).where(Membership.member_id == people.hanh.member_id, Membership.valid_to.is_(None)))
        row.valid_to = date(2026, 11, 20)
        writing.add(Membership(member_id=people.hanh.member_id, unit_id=6, valid_from=date(2026, 11, 20)))
        writing.execute(update(Member).where(Member.id == people.hanh.member_id).values(unit_id=6))
    assert undo_change(KIEN, number, "ghi nhầm", NOW) == {"back": 3, "stayed": 1}
    rows = session.scalars(select(Membership).where(Membership.member_id == people.hanh.member_id).order_by(Membership.valid_from))
    assert [(row.unit_id, row.valid_to) for row in rows] == [(3, date(2026, 11, 20)), (6, None)]
    assert session.get(Member, people.hanh.member_id).unit_id == 6


def test_rows_that_are_not_as_usual_come_back_too(app, session, people):
    with transaction() as writing:
        # Hạnh entered the unit after the day of the decision; Bình belongs to both; Bảo has no membership at all.
        first = writing.scalar(select(Membership).where(Membership.member_id == people.hanh.member_id))
        first.valid_from, first.origin, first.decision = date(2026, 11, 2), "import:3", "7-QĐ"
        writing.add(Membership(member_id=people.binh.member_id, unit_id=3, valid_from=date(2026, 1, 1)))
        writing.delete(writing.scalar(select(Membership).where(Membership.member_id == people.moi.member_id)))
    before = state(session)
    number = apply_change(KIEN, "", [MERGER], NOW)
    new = session.scalar(select(Unit.id).where(Unit.code == "bm1"))
    homes = dict(session.execute(select(Member.id, Member.unit_id)).all())
    assert {homes[people.hanh.member_id], homes[people.binh.member_id], homes[people.moi.member_id]} == {new}
    undo_change(KIEN, number, "ghi nhầm", NOW)
    assert state(session) == before


def test_people_go_along_a_chain_of_operations(app, session, people):
    before = state(session)
    chain = [
        MERGER,
        Create(code="x", name="Chi bộ X", kind="cell", parent="dong-hoa", effective_on=date(2026, 11, 2)),
        Close(unit="bm1", successor="x", effective_on=date(2026, 11, 2)),
    ]
    number = apply_change(KIEN, "", chain, NOW)
    last = session.scalar(select(Unit.id).where(Unit.code == "x"))
    rows = session.scalars(select(Membership).where(Membership.member_id == people.hanh.member_id).order_by(Membership.valid_from))
    assert [row.valid_to for row in rows] == [DAY, date(2026, 11, 2), None]
    assert session.get(Member, people.hanh.member_id).unit_id == last
    undo_change(KIEN, number, "ghi nhầm", NOW)
    assert state(session) == before


def test_roles_are_not_widened_but_listed(app, session, people):
    with transaction() as writing:
        writing.execute(
            insert(RoleGrant).values(
                member_id=people.lan.member_id, role="unit_viewer", unit_id=3, valid_from=datetime(2025, 7, 1, tzinfo=UTC)
            )
        )
    assert preview_change([MERGER], NOW).counts["grants"] == 1
    apply_change(KIEN, "", [MERGER], NOW)
    new = session.scalar(select(Unit).where(Unit.code == "bm1"))
    actor = actor_of(people.lan.member_id, "/1/5/6/", NOW)
    assert not may(actor, "unit.view", Subject(new.path)) and may(actor, "unit.view", Subject("/1/2/3/"))
    assert [(grant.member_id, heir.id) for grant, heir in list_stranded_grants([3, 4], NOW)] == [(people.lan.member_id, new.id)]


def test_a_role_with_catchment_holds_for_the_units_served_that_day(app, session, people):
    with transaction() as writing:
        writing.execute(update(RoleGrant).where(RoleGrant.member_id == people.dung.member_id).values(with_catchment=True))
    details.set_catchment(KIEN, 2, [6], date(2026, 10, 1), "3-QĐ", NOW)
    assert may(actor_of(people.dung.member_id, "/1/2/", NOW), "member.view", Subject("/1/5/6/"))
    assert not may(actor_of(people.dung.member_id, "/1/2/", NOW), "member.view", Subject("/1/5/"))
    assert not may(actor_of(people.dung.member_id, "/1/2/", datetime(2026, 9, 1, tzinfo=UTC)), "member.view", Subject("/1/5/6/"))


def test_people_are_counted_as_then_and_as_now(app, session):
    assert count_on(date(2026, 10, 31)) == {1: 6, 2: 2, 3: 3, 4: 1, 5: 1, 6: 1}
    apply_change(KIEN, "", [MERGER], NOW)
    new = session.scalar(select(Unit.id).where(Unit.code == "bm1"))
    assert count_on(date(2026, 10, 31)) == {1: 6, 2: 2, 3: 3, 4: 1, 5: 1, 6: 1}
    assert count_on(DAY) == {1: 6, 2: 2, new: 4, 5: 1, 6: 1}
    assert count_now(date(2026, 10, 31)) == ({1: 6, 2: 2, new: 4, 5: 1, 6: 1}, {})
