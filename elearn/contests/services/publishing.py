"""Publishes standings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from elearn.audit.services import record
from elearn.contests.models import Contest, Round, Settlement
from elearn.contests.services.sealing import reveal
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, NotFound

ActorName = tuple[int | None, str]


def publish_round(settlement_id: int, actor: ActorName, now: datetime) -> None:
    """Let everybody see this version. Publishing it again changes nothing.

    Raises stale_version where a later version exists, NotFound for no such settlement.
    """
    with transaction() as session:
        settlement = session.get(Settlement, settlement_id)
        if settlement is None:
            raise NotFound()
        published = session.get_one(Round, settlement.round_id)
        if published.published_version == settlement.version:
            return
        latest = session.scalar(select(func.max(Settlement.version)).where(Settlement.round_id == published.id))
        if settlement.version != latest:
            raise DomainError("stale_version", "Đã có bản chốt mới hơn. Hãy xem lại bản mới rồi công bố.")
        contest = session.get_one(Contest, published.contest_id)
        before = {"version": published.published_version}
        settlement.published_at, settlement.published_by_id = now, actor[0]
        published.published_version = settlement.version
        reveal(session, published.id, now)
        subject = ("round", published.id, f"{contest.title}, {published.title}")
        after = {"version": settlement.version, "people": settlement.people_count}
        record(session, now, actor, "publish_round", subject, before=before, after=after, reason=settlement.reason)
