"""What the comparison of a round's written works needs; the work itself is `marking.services.comparing`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from elearn.contests.models import Round
from elearn.contests.queries.judges import list_piles_of
from elearn.core.db import db
from elearn.jobs.models import Job
from elearn.jobs.services import start_job
from elearn.lib.errors import DomainError
from elearn.marking.models import Script
from elearn.marking.services.comparing import COMPARISON
from elearn.quizzes.models import Attempt
from elearn.quizzes.services.scripts import ORIGIN

TITLE = "So sánh các bài viết"


def begin_due(now: datetime) -> int:
    """Queue a comparison for every written round that has closed and holds works nobody has compared; how many were queued.

    Works handed in with more time make it due again; a round whose comparison waits or runs is left alone.
    """
    waiting = (
        select(Round)
        .join(Attempt, Attempt.quiz_id == Round.quiz_id)
        .join(Script, and_(Script.origin == ORIGIN, Script.origin_id == Attempt.id))
        .where(Round.kind == "written", Round.closes_at <= now, Script.compared_at.is_(None))
        .distinct()
    )
    count = 0
    for found in db.session.scalars(waiting).all():
        arguments = arguments_of(found, now)
        under_way = select(Job.id).where(Job.kind == COMPARISON, Job.state.in_(("queued", "running")), Job.arguments == arguments)
        if db.session.scalar(under_way.limit(1)) is None:
            start_job(COMPARISON, TITLE, arguments, None, now)
            count += 1
    return count


def arguments_of(found: Round, now: datetime) -> dict[str, Any]:
    """Arguments of the job. Raises round_still_open while works can still be handed in, no_works where there are none."""
    if found.kind != "written":
        raise DomainError("no_works", "Vòng này không có bài viết để so sánh.")
    if now < found.closes_at:
        raise DomainError("round_still_open", "Vòng thi còn mở. Hãy so sánh các bài sau giờ đóng.")
    piles = list_piles_of(found)
    if not piles:
        raise DomainError("no_works", "Chưa có bài nào được nộp để so sánh.")
    return {"piles": piles, "least": found.own_rules.similar_from * 10}
