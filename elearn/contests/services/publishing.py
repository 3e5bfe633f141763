"""Publishes standings, provisionally first, and makes them final. Who settled a round does not publish it: two people answer for a result."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.contests.models import Contest, Round, Settlement
from elearn.contests.queries.closing import facts_of
from elearn.contests.rules.checklist import reason_against_final
from elearn.contests.services.chaining import close_log
from elearn.contests.services.fairness import forget_signals
from elearn.contests.services.sealing import reveal
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, NotFound

ActorName = tuple[int | None, str]


def publish_round(settlement_id: int, actor: ActorName, now: datetime) -> None:
    """Let everybody see this version: as the provisional result, or at once as the final one where the rules give no days for objections.

    Publishing it again changes nothing.

    Raises stale_version where a later version exists, same_person for whoever settled it, NotFound for no such settlement. The server's
    command line (no id) is nobody in particular: whoever holds the console may do both.
    """
    round_id = db.session.scalar(select(Settlement.round_id).where(Settlement.id == settlement_id))
    if round_id is not None:
        close_log(round_id, now)  # what a correction wrote since the closing
    with transaction() as session:
        settlement, published = _load(session, settlement_id)
        if published.published_version == settlement.version:
            return
        _check_latest(session, settlement)
        if actor[0] is not None and actor[0] == settlement.settled_by_id:
            raise DomainError(
                "same_person",
                "Người chốt không tự công bố được: mỗi kết quả cần hai cán bộ. Hãy nhờ một cán bộ khác xem và công bố.",
            )
        before = {"version": published.published_version}
        settlement.published_at, settlement.published_by_id, settlement.status = now, actor[0], "provisional"
        if not published.rules.objection_days:
            settlement.status, settlement.final_at, settlement.final_by_id = "final", now, actor[0]
            forget_signals(session, published.id)
        published.published_version = settlement.version
        reveal(session, published.id, now)
        after = {"version": settlement.version, "people": settlement.people_count}
        record(
            session, now, actor, "publish_round", _subject(session, published), before=before, after=after, reason=settlement.reason
        )


def finalise_round(settlement_id: int, actor: ActorName, now: datetime) -> None:
    """Make the published version the final result. Doing it again changes nothing.

    Raises stale_version, not_published, not_yet with the reason (objections still taken or unanswered, a disqualification undecided), NotFound.
    """
    with transaction() as session:
        settlement, published = _load(session, settlement_id)
        if settlement.status == "final":
            return
        _check_latest(session, settlement)
        if published.published_version != settlement.version or settlement.published_at is None:
            raise DomainError("not_published", "Hãy công bố kết quả tạm thời trước.")
        reason = reason_against_final(facts_of(published), settlement.published_at, published.rules.objection_days, now)
        if reason is not None:
            raise DomainError("not_yet", reason.message, **reason.values)
        settlement.status, settlement.final_at, settlement.final_by_id = "final", now, actor[0]
        forget_signals(session, published.id)
        after = {"version": settlement.version, "people": settlement.people_count}
        record(session, now, actor, "finalise_round", _subject(session, published), after=after)


def _load(session: Session, settlement_id: int) -> tuple[Settlement, Round]:
    settlement = session.get(Settlement, settlement_id)
    if settlement is None:
        raise NotFound()
    return settlement, session.get_one(Round, settlement.round_id)


def _check_latest(session: Session, settlement: Settlement) -> None:
    latest = session.scalar(select(func.max(Settlement.version)).where(Settlement.round_id == settlement.round_id))
    if settlement.version != latest:
        raise DomainError("stale_version", "Đã có bản chốt mới hơn. Hãy xem lại bản mới rồi công bố.")


def _subject(session: Session, found: Round) -> tuple[str, object, str]:
    contest = session.get_one(Contest, found.contest_id)
    return ("round", found.id, f"{contest.title}, {found.title}")
