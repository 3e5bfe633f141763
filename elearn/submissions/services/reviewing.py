"""Officers return, accept and exempt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput
from elearn.submissions.models import AssignmentTarget
from elearn.submissions.rules.states import check_reviewable
from elearn.submissions.services.writing import ActorName, locked, note_step


def _refuse_own(actor: ActorName, target: AssignmentTarget) -> None:
    if target.member_id is not None and target.member_id == actor[0]:
        raise DomainError("own_work", "Không ai tự xét bài của mình. Hãy nhờ một cán bộ khác.")


def _reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < 5:
        raise InvalidInput("no_reason", "Hãy ghi rõ lý do, ít nhất 5 ký tự: người nộp sẽ đọc lý do này.", field="reason")
    return reason


def return_(actor: ActorName, target_id: int, reason: str, now: datetime) -> None:
    """Send it back for completion; the writer sees the reason. Raises DomainError where nothing was handed in."""
    reason = _reason(reason)
    with transaction() as session:
        target = locked(session, target_id)
        _refuse_own(actor, target)
        check_reviewable(target.state, "returned")
        target.state, target.submitted_at = "returned", None
        note_step(session, actor, target, "returned", now, reason)


def accept(actor: ActorName, target_id: int, now: datetime) -> None:
    """Take it as it is; accepting twice changes nothing."""
    accept_many(actor, [target_id], now)


def accept_many(actor: ActorName, target_ids: Sequence[int], now: datetime) -> int:
    """Accept several at once; return how many. What is accepted already, or not handed in, is passed over unless it is the only one."""
    done = 0
    with transaction() as session:
        for target_id in dict.fromkeys(target_ids):
            target = locked(session, target_id)
            if target.state == "accepted":
                continue
            if len(target_ids) == 1:
                _refuse_own(actor, target)
                check_reviewable(target.state, "accepted")
            if target.state != "submitted" or target.member_id == actor[0]:
                continue
            target.state = "accepted"
            note_step(session, actor, target, "accepted", now)
            done += 1
    return done


def exempt(actor: ActorName, target_id: int, reason: str, now: datetime) -> None:
    """Ask nothing more of a target: it counts as done, and is shown apart with the reason."""
    reason = _reason(reason)[:300]
    with transaction() as session:
        target = locked(session, target_id)
        _refuse_own(actor, target)
        if target.exempted_at is None:
            target.exempted_at, target.exempt_reason = now, reason
            note_step(session, actor, target, "exempted", now, reason)


def unexempt(actor: ActorName, target_id: int, now: datetime) -> None:
    """Ask again; what was written before is still there."""
    with transaction() as session:
        target = locked(session, target_id)
        if target.exempted_at is not None:
            target.exempted_at, target.exempt_reason = None, ""
            note_step(session, actor, target, "unexempted", now)
