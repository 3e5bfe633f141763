"""Beats, and gives back the time for which beats were missing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from elearn.audit.services import record
from elearn.core.db import db, transaction
from elearn.quizzes.models import Attempt, ServerBeat, ServerOutage
from elearn.quizzes.rules.attempts import OUTAGE
from elearn.quizzes.rules.outages import Outage, credit, outage_between
from elearn.quizzes.services.granting import extend

NOBODY = (None, "Hệ thống")


def beat(now: datetime, own_silence: timedelta | None) -> Outage | None:
    """Write that the server is alive; where it had not been, give the time back to every attempt that was under way. The outage, if any.

    One transaction: a second process that comes back at the same moment finds the beat of the first.
    """
    with transaction() as session:
        last = session.scalar(select(ServerBeat.beat_at).where(ServerBeat.id == 1).with_for_update())
        if last is None:
            session.execute(insert(ServerBeat).values(id=1, beat_at=now))
            return None
        outage = outage_between(last, now, own_silence)
        session.execute(update(ServerBeat).where(ServerBeat.id == 1).values(beat_at=now))
        if outage is None:
            return None
        running = session.execute(
            select(Attempt.id, Attempt.started_at, Attempt.deadline_at, Attempt.extra_seconds)
            .where(Attempt.state == "open", Attempt.deadline_at > outage.began_at)
            .order_by(Attempt.id)
        ).all()
        by_seconds: dict[int, list[object]] = {}
        for one in running:
            seconds = credit(outage, one.started_at, one.deadline_at)
            if seconds:
                by_seconds.setdefault(seconds, []).append(one)
        for seconds, attempts in sorted(by_seconds.items()):
            extend(session.connection(), attempts, seconds, now, OUTAGE)
        count = sum(len(attempts) for attempts in by_seconds.values())
        made = ServerOutage(began_at=outage.began_at, ended_at=outage.ended_at, attempts=count)
        session.add(made)
        session.flush()
        after = {"from": outage.began_at.isoformat(), "to": outage.ended_at.isoformat(), "attempts": count}
        record(session, now, NOBODY, "credit_outage", ("outage", made.id, "Máy chủ"), after=after)
    return outage


def list_outages(since: datetime, until: datetime) -> list[ServerOutage]:
    """Outages that touch the time from `since` to `until`, the earliest first."""
    query = select(ServerOutage).where(ServerOutage.began_at < until, ServerOutage.ended_at > since)
    return list(db.session.scalars(query.order_by(ServerOutage.began_at)))
