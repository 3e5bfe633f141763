"""More time and attempts, before and during the run; what somebody needs everywhere; and that it reaches the page."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.periods import as_json, local_day
from elearn.members.models import Member
from elearn.members.rules.permissions import Actor
from elearn.quizzes import queries, services
from elearn.quizzes.models import Quiz
from elearn.quizzes.rules.attempts import first_fault
from elearn.quizzes.services import NeedSpec, Who
from tests.quizzes.conftest import OFFICER, REASON, row_of, save, soon, start, submit


def grant(made, who=None, seconds=300, attempts=0, now=None):
    return services.grant_allowance(made.quiz_id, who or Who(), seconds, attempts, REASON, OFFICER, now or clock.now())


def audited(action) -> list:
    query = "SELECT d.reason, d.after FROM audit_entries e JOIN audit_details d ON d.seq = e.seq WHERE e.action = :a ORDER BY e.seq"
    return db.session.execute(sa.text(query), {"a": action}).all()


def test_it_extends_a_running_quiz_for_all_and_every_page_sees_it(as_, made, people):
    attempts = {name: start(made, getattr(people, name)) for name in ("hanh", "binh", "lan")}
    before = {name: row_of(number).deadline_at for name, number in attempts.items()}
    _, reached = grant(made)
    assert reached == 3
    for name, number in attempts.items():
        told = as_(name).get(f"/attempts/{number}/clock").json
        assert told["deadline"] == as_json(before[name] + timedelta(seconds=300))
        assert told["state"] == "open"
        assert row_of(number).extra_seconds == 300
        assert queries.state_of(number).extended_seconds == 300
        assert queries.timeline_of(actor(people, name), number, clock.now()).fault is None
    with time_machine.travel(before["hanh"] + timedelta(seconds=200), tick=False):
        assert save(as_("hanh"), attempts["hanh"]).status_code == 200
        assert services.finish_overdue(made.quiz_id, clock.now()) == 0
    assert audited("grant_allowance")[0].reason == REASON


def actor(people, name):
    return Actor(getattr(people, name).member_id, "/1/")


def test_it_reaches_only_whom_it_is_for(made, people):
    own, inside, outside = (start(made, person) for person in (people.hanh, people.binh, people.lan))
    before = {number: row_of(number).deadline_at for number in (own, inside, outside)}
    assert grant(made, Who(member_id=people.hanh.member_id), 60)[1] == 1
    assert grant(made, Who(unit_id=2), 30)[1] == 2  # hanh and binh are below Bình Minh
    moved = {number: (row_of(number).deadline_at - at).total_seconds() for number, at in before.items()}
    assert moved == {own: 90, inside: 30, outside: 0}


def test_it_holds_for_those_who_begin_later_and_for_the_close(make_quiz, people):
    with time_machine.travel(clock.now(), tick=False):
        made = make_quiz(closes_at=soon(minutes=5))
        number, _ = grant(made, Who(member_id=people.hanh.member_id), 600, 1)
        row = row_of(start(made, people.hanh))
        assert row.deadline_at == soon(minutes=15)  # the close moves with it
        assert (row.attempt_limit, row.extra_seconds) == (3, 600)
        services.submit_attempt(row.id, row.member_id, "s", clock.now())
        assert row_of(start(made, people.binh)).deadline_at == soon(minutes=5)
        later = soon(minutes=6)
        with pytest.raises(DomainError):
            start(made, people.lan, later)
        second = start(made, people.hanh, later)
        services.submit_attempt(second, people.hanh.member_id, "s", later)
        third = start(made, people.hanh, later)
        services.submit_attempt(third, people.hanh.member_id, "s", later)
        with pytest.raises(DomainError) as refused:
            start(made, people.hanh, later)
        assert (refused.value.code, refused.value.values["limit"]) == ("attempts_used_up", 3)
        services.revoke_allowance(number, REASON, OFFICER, clock.now())
        assert [one.revoked_at is None for one in queries.list_allowances(made.quiz_id)] == [False]


def test_it_takes_a_grant_back_for_those_who_have_not_begun(made, people):
    number, _ = grant(made)
    begun = start(made, people.hanh)
    deadline_at = row_of(begun).deadline_at
    services.revoke_allowance(number, REASON, OFFICER, clock.now())
    assert row_of(begun).deadline_at == deadline_at
    assert row_of(start(made, people.binh)).extra_seconds == 0
    with pytest.raises(DomainError) as refused:
        services.revoke_allowance(number, REASON, OFFICER, clock.now())
    assert refused.value.code == "already_revoked"
    with pytest.raises(NotFound):
        services.revoke_allowance(999, REASON, OFFICER, clock.now())


@pytest.mark.parametrize(
    ("who", "seconds", "attempts", "reason", "error"),
    [
        (Who(), 0, 0, REASON, InvalidInput), (Who(), -1, 0, REASON, InvalidInput), (Who(), 10**9, 0, REASON, InvalidInput),
        (Who(), 60, 0, " ", InvalidInput), (Who(1, 2), 60, 0, REASON, InvalidInput), (Who(member_id=999), 60, 0, REASON, NotFound),
        (Who(unit_id=999), 60, 0, REASON, NotFound),
    ],
)  # fmt: skip
def test_it_grants_nothing_without_sense_or_reason(made, who, seconds, attempts, reason, error):
    with pytest.raises(error):
        services.grant_allowance(made.quiz_id, who, seconds, attempts, reason, OFFICER, clock.now())
    with pytest.raises(NotFound):
        services.grant_allowance(999, Who(), 60, 0, REASON, OFFICER, clock.now())
    assert queries.list_allowances(made.quiz_id) == []


def test_it_revives_an_attempt_whose_time_is_over_but_that_nobody_has_closed(as_, made, people):
    attempt_id = start(made, people.hanh)
    with time_machine.travel(soon(seconds=700), tick=False):
        grant(made, Who(member_id=people.hanh.member_id), 600)
        assert save(as_("hanh"), attempt_id).status_code == 200


def test_it_applies_what_somebody_needs_everywhere(as_, make_quiz, people):
    with time_machine.travel(clock.now(), tick=False):
        today = local_day(clock.now())
        spec = NeedSpec(1250, is_large_print=True, is_screen_reader=True, valid_from=today, valid_to=today + timedelta(days=1))
        services.grant_accommodation(people.hanh.member_id, spec, "Khiếm thị", OFFICER, clock.now())
        made = make_quiz(closes_at=soon(minutes=10))
        attempt_id = start(made, people.hanh)
        row = row_of(attempt_id)
        assert (row.deadline_at, row.extra_seconds) == (soon(seconds=750), 150)
        paper = as_("hanh").get(f"/attempts/{attempt_id}").get_data(as_text=True)
        assert '"large_print":true' in paper
        assert '"screen_reader":true' in paper
        other = start(made, people.binh)
        assert row_of(other).deadline_at == soon(seconds=600)
        assert '"large_print":false' in as_("binh").get(f"/attempts/{other}").get_data(as_text=True)
        assert audited("grant_accommodation")[0].reason == "Khiếm thị"


def test_it_gives_time_to_attempts_under_way_once(made, people):
    attempt_id = start(made, people.hanh)
    before = row_of(attempt_id).deadline_at
    number = services.grant_accommodation(people.hanh.member_id, NeedSpec(1500), REASON, OFFICER, clock.now())
    assert row_of(attempt_id).deadline_at - before == timedelta(seconds=300)
    services.grant_accommodation(people.hanh.member_id, NeedSpec(1250), REASON, OFFICER, clock.now())
    assert row_of(attempt_id).deadline_at - before == timedelta(seconds=300)  # the longer one holds already
    day = local_day(clock.now())
    services.end_accommodation(number, day, REASON, OFFICER, clock.now())
    assert row_of(attempt_id).deadline_at - before == timedelta(seconds=300)
    assert queries.needs_of(db.session.connection(), people.hanh.member_id, day).time_permille == 1250
    with pytest.raises(DomainError):
        services.end_accommodation(number, day, REASON, OFFICER, clock.now())


@pytest.mark.parametrize("spec", [NeedSpec(999), NeedSpec(5001), NeedSpec(), NeedSpec(1250, valid_to=local_day(clock.now()))])
def test_it_refuses_what_is_no_accommodation(app, people, spec):
    with pytest.raises(InvalidInput):
        services.grant_accommodation(people.hanh.member_id, spec, REASON, OFFICER, clock.now())
    assert queries.list_accommodations(people.hanh.member_id) == []


def test_it_opens_nothing_of_the_key_while_somebody_with_more_time_sits(as_, make_quiz, people):
    """The close for those who read is the end of the last who writes."""
    with time_machine.travel(clock.now(), tick=False) as clock_hand:
        made = make_quiz(review="after_close", closes_at=soon(minutes=5))
        grant(made, Who(member_id=people.lan.member_id), 600)
        attempt_id = start(made, people.hanh)
        submit(as_("hanh"), attempt_id)
        quiz = db.session.get_one(Quiz, made.quiz_id)
        clock_hand.shift(timedelta(minutes=6))
        assert queries.things_shown(quiz, row_of(attempt_id), clock.now()) == frozenset()
        sitting = start(made, people.lan)
        clock_hand.shift(timedelta(minutes=8, seconds=59))
        assert queries.things_shown(quiz, row_of(attempt_id), clock.now()) == frozenset()
        services.submit_attempt(sitting, people.lan.member_id, "s", clock.now())
        clock_hand.shift(timedelta(seconds=2))
        assert "right_answer" in queries.things_shown(quiz, row_of(attempt_id), clock.now())


def test_it_tells_a_page_whether_another_one_holds_the_attempt(as_, made, people):
    attempt_id = start(made, people.hanh)
    client = as_("hanh")
    client.post(f"/attempts/{attempt_id}/hold", json={"holder": "mot"})
    assert client.get(f"/attempts/{attempt_id}/clock?holder=mot").json["holder_is_other"] is False
    assert client.get(f"/attempts/{attempt_id}/clock?holder=hai").json["holder_is_other"] is True
    assert client.get(f"/attempts/{attempt_id}/clock").json["holder_is_other"] is False
    assert as_("binh").get(f"/attempts/{attempt_id}/clock").status_code == 404


def test_it_extends_many_attempts_in_one_deed(app, made, people):
    with transaction() as session:
        members = [member.id for member in session.query(Member).order_by(Member.id)]
    numbers = [services.start_attempt(made.quiz_id, member, 3, clock.now()) for member in members]
    for who in range(3):
        save_ = services.Save(1, "A", 1, f"k{who}")
        services.save_response(numbers[who], members[who], save_, clock.now())
    assert grant(made)[1] == len(numbers)
    for number in numbers:
        events = queries.events_of(db.session.connection(), number)
        assert first_fault(number, events) is None
        assert events[-1].kind == "extended"
