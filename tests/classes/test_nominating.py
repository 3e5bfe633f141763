"""Nominating in the database: what is written, who is told, and what is refused by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from elearn.audit.models import AuditEntry
from elearn.classes import services
from elearn.classes.models import Cohort, Enrolment, Nomination, NominationStep
from elearn.classes.queries import nominations
from elearn.classes.rules.nomination import Act, State
from elearn.classes.rules.programmes import Lesson, Part, Terms
from elearn.core.db import transaction
from elearn.lib.errors import InvalidInput, NotFound
from elearn.members.models import Member
from elearn.notices.models import Notice
from tests.classes.conftest import DUNG, NOW


def test_it_leads_people_into_the_class_and_writes_every_step_down(desk, session):
    assert desk.add(2, 1, 2, 2) == services.Added(2, 0, 0)
    desk.all_in()
    assert desk.states() == {1: "approved", 2: "approved"}
    assert session.query(Enrolment).count() == 0
    services.open_class(DUNG, desk.cohort, "12-QĐ/TTCT", date(2026, 10, 15), NOW)
    assert desk.states() == {1: "enrolled", 2: "enrolled"}
    row = session.query(Enrolment).filter_by(member_id=1).one()
    assert (row.display_name, row.unit_name) == ("Trần Thị Hạnh", "Chi bộ Khu phố 5")
    steps = nominations.list_steps(desk.ids(None, 1))
    assert [(one.before, one.after, one.by_name) for one in steps[desk.ids(None, 1)[0]]] == [
        ("", "draft", "Phan Đức Dũng"), ("draft", "submitted", "Phan Đức Dũng"), ("submitted", "confirmed", "Phan Đức Dũng"),
        ("confirmed", "approved", "Phan Đức Dũng"), ("approved", "enrolled", "Phan Đức Dũng"),
    ]  # fmt: skip
    assert {"nominate", "nomination_submit", "nomination_confirm", "nomination_approve", "decide_cohort", "enrol_nominees"} <= {
        one.action for one in session.query(AuditEntry)
    }
    assert session.query(Notice).filter(Notice.title.startswith("Bạn đã vào lớp")).count() == 1


def test_it_refuses_to_enrol_somebody_twice(desk, session):
    desk.add(2, 1)
    assert desk.add(2, 1, 2) == services.Added(1, 1, 0)
    assert desk.states() == {1: "draft", 2: "draft"}
    row = session.query(Nomination).filter_by(member_id=1).one()
    with pytest.raises(IntegrityError):
        with transaction() as writing:
            writing.execute(
                insert(Nomination).values(
                    cohort_id=desk.cohort,
                    member_id=1,
                    unit_id=2,
                    unit_name="a",
                    display_name="b",
                    home_unit_name="c",
                    state="draft",
                    is_late=False,
                    created_at=NOW,
                    changed_at=NOW,
                )
            )
    desk.all_in(1)
    services.open_class(DUNG, desk.cohort, "12", date(2026, 10, 15), NOW)
    again = services.act(DUNG, desk.cohort, [row.id], Act.APPROVE, "", NOW)
    assert again.total == 0
    assert again.refused[0].reasons[0].words == "đang ở trạng thái “Đã vào lớp”"
    assert session.query(Enrolment).filter_by(cohort_id=desk.cohort).count() == 1


def test_it_refuses_people_over_the_quota_of_their_unit(desk):
    desk.add(2, 1, 2, 12)
    outcome = desk.act(Act.SUBMIT)
    assert outcome.moved == {State.SUBMITTED: 2}
    assert [(one.name, one.reasons[0].key) for one in outcome.refused] == [("Lê Quốc Bảo", "over_quota")]
    assert sorted(desk.states().values()) == ["draft", "submitted", "submitted"]


def test_it_refuses_a_class_that_overlaps_another(desk):
    desk.add(2, 1)
    desk.all_in()
    other = desk.plan("NTVD-2026-11", starts_at=NOW + timedelta(days=9), due_at=NOW + timedelta(days=12))
    desk.add(2, 1, 2, cohort=other)
    outcome = desk.act(Act.SUBMIT, cohort=other)
    assert [(one.name, one.reasons[0].key) for one in outcome.refused] == [("Trần Thị Hạnh", "overlap")]
    later = desk.plan("NTVD-2026-12", starts_at=NOW + timedelta(days=20), due_at=NOW + timedelta(days=22))
    desk.add(2, 1, cohort=later)
    assert desk.act(Act.SUBMIT, cohort=later).total == 1


def test_it_refuses_the_wrong_kind_and_tells_why(desk, session):
    terms = Terms("Bồi dưỡng", (Lesson("Một", 1),), kinds=("outstanding",), parts=(Part("test", Decimal(100)),))
    programme = services.save_programme(DUNG, None, 1, "QCUT", terms, NOW)
    plan = services.Plan("Lớp QCUT", "QCUT-1", NOW + timedelta(days=30), NOW + timedelta(days=33), {2: 5})
    cohort = services.plan_cohort(DUNG, programme, 1, plan, NOW)
    desk.add(2, 1, 2, cohort=cohort)
    with transaction() as writing:
        writing.get_one(Member, 2).kind = "outstanding"
    outcome = desk.act(Act.SUBMIT, cohort=cohort)
    assert [(one.name, one.reasons[0].words) for one in outcome.refused] == [
        ("Trần Thị Hạnh", "không đúng đối tượng: đang là Đảng viên chính thức")
    ]


def test_it_takes_only_people_of_the_unit(desk):
    assert desk.add(2, 3, 13, 999) == services.Added(0, 0, 3)
    with pytest.raises(NotFound):
        desk.add(3, 1)


def test_it_calls_from_the_waiting_list_and_enrols_who_accepts(desk, session):
    desk.add(2, 1, 2)
    desk.add(5, 3, 11)
    desk.all_in()
    assert desk.states() == {1: "approved", 2: "approved", 3: "waiting", 11: "waiting"}
    services.open_class(DUNG, desk.cohort, "12", date(2026, 10, 15), NOW)
    enrolment = session.query(Enrolment).filter_by(member_id=1).one()
    services.withdraw(DUNG, enrolment.id, "Chuyển công tác", NOW)
    assert desk.states() == {1: "withdrawn", 2: "enrolled", 3: "offered", 11: "waiting"}
    assert services.lapse_due(NOW + timedelta(hours=47)) == 0
    assert services.lapse_due(NOW + timedelta(hours=49)) == 1
    assert desk.states()[3] == "lapsed"
    assert desk.act(Act.ACCEPT, 11, now=NOW + timedelta(hours=50)).moved == {State.ENROLLED: 1}
    session.expire_all()
    enrolled = {one.member_id for one in session.query(Enrolment).filter_by(withdrawn_at=None)}
    assert enrolled == {2, 11}
    last = session.query(NominationStep).filter_by(after="lapsed").one()
    assert (last.by_name, last.by_id) == ("Hệ thống", None)
    assert session.query(Notice).filter(Notice.title.startswith("Có chỗ cho bạn")).count() == 2


def test_it_adds_people_late_within_the_same_limits(desk, session):
    desk.add(2, 1)
    desk.all_in()
    services.open_class(DUNG, desk.cohort, "12", date(2026, 10, 15), NOW)
    outcome = services.enrol_late(DUNG, desk.cohort, 2, [2, 12], "Bổ sung theo đề nghị của đảng uỷ", NOW)
    assert outcome.moved == {State.ENROLLED: 1}
    assert [one.reasons[0].key for one in outcome.refused] == ["over_quota"]
    assert desk.states() == {1: "enrolled", 2: "enrolled", 12: "draft"}
    assert session.query(Nomination).filter_by(member_id=2).one().is_late


def test_it_marks_what_comes_after_the_day_set(desk, session):
    desk.add(2, 1)
    desk.act(Act.SUBMIT, now=NOW + timedelta(days=3))
    assert session.query(Nomination).one().is_late


def test_it_lets_somebody_be_nominated_again(desk):
    desk.add(2, 1)
    desk.act(Act.SUBMIT)
    desk.act(Act.REFUSE, reason="Chưa đủ hồ sơ")
    assert desk.states() == {1: "refused"}
    assert desk.add(2, 1).new == 1
    assert desk.states() == {1: "draft"}


def test_it_keeps_the_terms_of_the_day_it_was_opened(desk, session):
    changed = Terms("Tên mới", (Lesson("Hai", 2),), parts=(Part("essay", Decimal(100)),))
    services.save_programme(DUNG, desk.programme, 1, "NTVD", changed, NOW)
    assert session.get_one(Cohort, desk.cohort).terms["programme"] == "Bồi dưỡng nhận thức về Đảng"


def test_it_does_not_shrink_a_class_below_what_is_taken(desk):
    desk.add(2, 1, 2)
    desk.all_in()
    plan = services.Plan("Lớp", "NTVD-2026-10", NOW + timedelta(days=5), NOW + timedelta(days=9), {2: 2}, capacity=1)
    with pytest.raises(InvalidInput, match="2 người"):
        services.change_cohort(DUNG, desk.cohort, plan, NOW)
    desk.add(5, 3)
    desk.all_in(3)
    assert desk.states()[3] == "waiting"
    services.change_cohort(DUNG, desk.cohort, replace(plan, quotas={2: 2, 5: 2}, capacity=3), NOW)
    assert desk.states()[3] == "offered"


def test_it_enrols_nobody_past_the_nominations(desk):
    with pytest.raises(Exception, match="qua đề cử"):
        services.enrol_members(DUNG, desk.cohort, [1], NOW)
