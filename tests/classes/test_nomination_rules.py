"""The state machine of nominations: its law holds whatever is done in whatever order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.classes.rules.eligibility import Reason
from elearn.classes.rules.nomination import (
    ENDED,
    FROM,
    LIVE,
    PLACED,
    Act,
    Nominee,
    Places,
    State,
    carry_out,
    check_limits,
    check_reason,
    let_lapse,
    open_class,
)
from elearn.lib.errors import DomainError, InvalidInput

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)
QUOTAS = {1: 2, 2: 3, 3: 1}


def after(nominees, plan):
    """The list as it is once a plan is written down."""
    by_id = {one.id: one for one in nominees} | {move.after.id: move.after for move in plan.moves}
    return [by_id[one.id] for one in nominees]


def drafts(*units):
    return [Nominee(number, unit, State.DRAFT) for number, unit in enumerate(units, start=1)]


def states(nominees):
    return {one.id: one.state.value for one in nominees}


def through(nominees, places, *acts, now=NOW):
    for act in acts:
        nominees = after(nominees, carry_out(act, [one.id for one in nominees], nominees, places, now))
    return nominees


@st.composite
def stories(draw):
    """Nominees of three units, a capacity, and a line of acts upon some of them; hours pass between."""
    nominees = drafts(*draw(st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=10)))
    capacity = draw(st.one_of(st.none(), st.integers(1, 5)))
    ids = st.lists(st.sampled_from([one.id for one in nominees]), max_size=8, unique=True)
    deeds = st.one_of(st.tuples(st.sampled_from(list(Act)), ids), st.tuples(st.sampled_from(["open", "lapse"]), st.just([])))
    return nominees, capacity, draw(st.lists(st.tuples(deeds, st.integers(0, 30)), max_size=25))


@settings(max_examples=300, deadline=None)
@given(stories())
def test_it_never_exceeds_capacity_or_quota(story):
    nominees, capacity, deeds = story
    places, now = Places(capacity, QUOTAS, timedelta(hours=24)), NOW
    for (what, ids), hours in deeds:
        now += timedelta(hours=hours)
        if what == "open":
            plan, places = open_class(nominees, places, now), replace(places, is_opened=True)
        elif what == "lapse":
            plan = let_lapse(nominees, places, now)
        else:
            plan = carry_out(what, ids, nominees, places, now)
            moved = {move.before.id for move in plan.moves}
            assert all(one.nominee_id not in moved for one in plan.refusals)
            assert set(ids) <= moved | {one.nominee_id for one in plan.refusals}
        waited = [one.id for one in sorted(nominees, key=lambda one: (one.queued_at or now, one.id)) if one.state is State.WAITING]
        nominees = after(nominees, plan)
        live = Counter(one.unit_id for one in nominees if one.state in LIVE)
        assert all(count <= QUOTAS[unit] for unit, count in live.items())
        assert capacity is None or sum(one.state in PLACED for one in nominees) <= capacity
        assert all((one.state is State.OFFERED) == (one.offered_until is not None) for one in nominees)
        # Whoever waits longest is called first: those called are the front of the queue.
        called = [one.id for one in nominees if one.state is State.OFFERED and one.id in waited]
        still = {one.id for one in nominees if one.state is State.WAITING}
        assert not called or not any(one in still for one in waited[: waited.index(called[-1]) + 1])
        # A free place and a waiting person do not stand beside each other.
        taken = sum(one.state in PLACED for one in nominees)
        assert not still or (capacity is not None and taken >= capacity)


def test_it_leads_from_draft_to_the_class():
    places = Places(5, QUOTAS)
    nominees = through(drafts(1, 2), places, Act.SUBMIT, Act.CONFIRM, Act.APPROVE)
    assert states(nominees) == {1: "approved", 2: "approved"}
    assert states(after(nominees, open_class(nominees, places, NOW))) == {1: "enrolled", 2: "enrolled"}
    late = through(drafts(1), replace(places, is_opened=True), Act.SUBMIT, Act.CONFIRM, Act.APPROVE)
    assert states(late) == {1: "enrolled"}


def test_it_refuses_over_quota_with_the_reason():
    plan = carry_out(Act.SUBMIT, [1, 2, 3], drafts(1, 1, 1), Places(None, QUOTAS), NOW)
    assert [move.after.id for move in plan.moves] == [1, 2]
    assert plan.refusals[0].reasons[0].words == "vượt chỉ tiêu: đơn vị chỉ được cử 2 người"
    nobody = carry_out(Act.SUBMIT, [1], drafts(9), Places(None, QUOTAS), NOW)
    assert nobody.moves == ()


def test_it_keeps_whom_the_conditions_refuse_on_the_draft():
    why = (Reason("kind", "không đúng đối tượng: đang là %(kind)s", (("kind", "Khách mời"),)),)
    plan = carry_out(Act.SUBMIT, [1, 2], drafts(2, 2), Places(None, QUOTAS), NOW, {1: why})
    assert [move.after.id for move in plan.moves] == [2]
    assert plan.refusals[0].reasons == why


def test_it_calls_the_next_when_somebody_withdraws_and_again_when_they_let_it_lapse():
    places = Places(2, {1: 5}, timedelta(hours=48))
    nominees = through(drafts(1, 1, 1, 1), places, Act.SUBMIT, Act.CONFIRM, Act.APPROVE)
    assert states(nominees) == {1: "approved", 2: "approved", 3: "waiting", 4: "waiting"}
    nominees = after(nominees, carry_out(Act.WITHDRAW, [1], nominees, places, NOW))
    assert states(nominees) == {1: "withdrawn", 2: "approved", 3: "offered", 4: "waiting"}
    assert nominees[2].offered_until == NOW + timedelta(hours=48)
    nominees = after(nominees, let_lapse(nominees, places, NOW + timedelta(hours=48)))
    assert states(nominees) == {1: "withdrawn", 2: "approved", 3: "lapsed", 4: "offered"}
    nominees = after(nominees, carry_out(Act.ACCEPT, [4], nominees, places, NOW + timedelta(hours=49)))
    assert states(nominees)[4] == "approved"


def test_it_takes_no_place_that_is_past_its_time():
    places = Places(1, {1: 5}, timedelta(hours=1))
    nominees = through(drafts(1, 1, 1), places, Act.SUBMIT, Act.CONFIRM, Act.APPROVE)
    nominees = after(nominees, carry_out(Act.WITHDRAW, [1], nominees, places, NOW))
    nominees = after(nominees, carry_out(Act.ACCEPT, [2], nominees, places, NOW + timedelta(hours=2)))
    assert states(nominees) == {1: "withdrawn", 2: "lapsed", 3: "offered"}


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("state", list(State))
def test_it_takes_no_other_way_than_the_table(act, state):
    until = NOW + timedelta(hours=1) if state is State.OFFERED else None
    plan = carry_out(act, [1], [Nominee(1, 1, state, None, until)], Places(None, QUOTAS), NOW)
    assert bool(plan.moves) == (state in FROM[act])
    assert bool(plan.refusals) == (state not in FROM[act])


def test_it_begins_again_only_from_what_has_ended():
    assert FROM[Act.AGAIN] == ENDED


def test_it_wants_a_reason_for_what_hurts():
    for act in (Act.REFUSE, Act.WITHDRAW, Act.RETURN):
        with pytest.raises(InvalidInput):
            check_reason(act, " ốm ")
    check_reason(Act.CONFIRM, "")


def test_it_knows_no_nomination_of_another_class():
    with pytest.raises(DomainError):
        carry_out(Act.SUBMIT, [7], drafts(1), Places(None, QUOTAS), NOW)


def test_it_does_not_shrink_a_class_below_what_is_taken():
    nominees = [Nominee(1, 1, State.ENROLLED), Nominee(2, 2, State.APPROVED)]
    check_limits(nominees, 2, {1: 1, 2: 1}, {})
    with pytest.raises(InvalidInput, match="2 người được xếp chỗ"):
        check_limits(nominees, 1, {1: 1, 2: 1}, {})
    with pytest.raises(InvalidInput, match="Bình Minh đã cử 1 người"):
        check_limits(nominees, None, {2: 1}, {1: "Bình Minh"})
