"""Changes of rules in force: one officer proposes, another agrees or refuses; what is agreed is applied at once and told to everybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.contests.models import Contest, Round, RulesChange
from elearn.contests.queries.terms import words_of_contest, words_of_round
from elearn.contests.rules.editing import Told, check_may_change, check_never, differences
from elearn.contests.services.chaining import cut_checkpoint
from elearn.contests.services.editing import By, held_of, locked_contest, plain_contest, plain_round, put_contest, put_round
from elearn.contests.services.sealing import amend
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound


def propose_change(contest_id: int, round_id: int | None, after: Mapping[str, Any], reason: str, by: By, now: datetime) -> int:
    """Write down what shall change in a round in force, or in the contest where `round_id` is None; the id of the proposal.

    Raises InvalidInput without a reason or for what cannot be, DomainError for what never changes and while another proposal waits.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidInput("reason_needed", "Hãy ghi lý do: người duyệt và mọi người dự thi sẽ đọc.", field="reason")
    with transaction() as session:
        contest = locked_contest(session, contest_id)
        one = _round(session, contest, round_id)
        held = held_of(session, contest, one)
        before = plain_round(one) if one else plain_contest(contest)
        check_may_change(held, now)
        check_never(before, after, held, now)
        waiting = select(RulesChange.id).where(
            RulesChange.contest_id == contest_id,
            RulesChange.round_id.is_not_distinct_from(round_id),
            RulesChange.state == "proposed",
        )
        if session.scalar(waiting) is not None:
            raise DomainError("change_waits", "Đang có một đề nghị sửa chưa được trả lời. Hãy đợi hoặc rút đề nghị ấy trước.")
        change = RulesChange(
            contest_id=contest_id, round_id=round_id, before=before, after={**before, **after},
            told=[told.store() for told in _told(session, contest, one, after, now)], entrants_count=held.entrants, attempts_count=held.attempts,
            reason=reason[:400], proposed_by_id=by[0], proposed_by_name=by[1], proposed_at=now,
        )  # fmt: skip
        session.add(change)
        session.flush()
        record(session, now, by, "propose_rules_change", _subject(contest, one), after={"told": change.told}, reason=change.reason)
        return change.id


def agree_change(change_id: int, by: By, now: datetime) -> None:
    """Apply a proposal. Raises DomainError own_change for whoever proposed it, stale_change where something else was changed meanwhile."""
    with transaction() as session:
        change, contest, one = _waiting(session, change_id)
        if change.proposed_by_id == by[0]:
            raise DomainError("own_change", "Người đề nghị không tự duyệt được. Cần một cán bộ thứ hai.")
        held = held_of(session, contest, one)
        check_may_change(held, now)
        if (plain_round(one) if one else plain_contest(contest)) != change.before:
            raise DomainError("stale_change", "Quy tắc đã đổi khác sau khi có đề nghị này. Hãy từ chối và làm đề nghị mới.")
        check_never(change.before, change.after, held, now)
        _apply(session, contest, one, change.after)
        touched = [one] if one else contest.rounds
        for each in touched:
            amend(session, each, change.reason, now)
        _decide(change, "agreed", by, now)
        record(session, now, by, "agree_rules_change", _subject(contest, one), after={"told": change.told}, reason=change.reason)
        numbers = [each.id for each in touched]
    for number in numbers:
        cut_checkpoint(number, now)


def refuse_change(change_id: int, answer: str, by: By, now: datetime) -> None:
    """Turn a proposal down with a reason, or withdraw one's own. Raises InvalidInput without a reason."""
    with transaction() as session:
        change, contest, one = _waiting(session, change_id)
        is_own = change.proposed_by_id == by[0]
        answer = " ".join(answer.split())[:400]
        if not answer and not is_own:
            raise InvalidInput("reason_needed", "Hãy ghi lý do từ chối để người đề nghị biết.", field="answer")
        change.answer = answer
        _decide(change, "withdrawn" if is_own else "refused", by, now)
        deed = "withdraw_rules_change" if is_own else "refuse_rules_change"
        record(session, now, by, deed, _subject(contest, one), after={"told": change.told}, reason=answer)


def _waiting(session: Session, change_id: int) -> tuple[RulesChange, Contest, Round | None]:
    change = session.get(RulesChange, change_id, with_for_update=True)
    if change is None:
        raise NotFound()
    if change.state != "proposed":
        raise DomainError("decided_already", "Đề nghị này đã được trả lời. Hãy tải lại trang.")
    contest = locked_contest(session, change.contest_id)
    return change, contest, _round(session, contest, change.round_id)


def _round(session: Session, contest: Contest, round_id: int | None) -> Round | None:
    if round_id is None:
        return None
    one = session.get(Round, round_id)
    if one is None or one.contest_id != contest.id:
        raise NotFound()
    return one


def _told(session: Session, contest: Contest, one: Round | None, after: Mapping[str, Any], now: datetime) -> list[Told]:
    """The difference in words: the rules are read, changed, read again, and put back. Raises what agreeing would raise."""
    before = words_of_round(one) if one else words_of_contest(contest)
    savepoint = session.begin_nested()
    _apply(session, contest, one, after)
    for each in [one] if one else contest.rounds:
        amend(session, each, "", now)
    told = differences(before, words_of_round(one) if one else words_of_contest(contest))
    savepoint.rollback()
    return told or [Told("Thiết lập khác", "", "")]


def _apply(session: Session, contest: Contest, one: Round | None, after: Mapping[str, Any]) -> None:
    if one is not None:
        put_round(session, one, {**plain_round(one), **after})
    else:
        put_contest(contest, {**plain_contest(contest), **after})
    session.flush()


def _decide(change: RulesChange, state: str, by: By, now: datetime) -> None:
    change.state, change.decided_by_id, change.decided_by_name, change.decided_at = state, by[0], by[1], now


def _subject(contest: Contest, one: Round | None) -> tuple[str, int, str]:
    return ("round", one.id, f"{contest.title}, {one.title}") if one else ("contest", contest.id, contest.title)
