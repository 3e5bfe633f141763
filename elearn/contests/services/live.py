"""Makes the live standings of an open round anew, for whoever comes by when it is time."""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy import delete, func, insert, literal, select

from elearn.contests.models import LiveBoard, LiveRow, Round
from elearn.contests.queries.contests import criteria_of
from elearn.contests.queries.counted import counted_select, order_of
from elearn.contests.rules.live import LiveTerms, is_due, live_chain
from elearn.core.db import db, transaction
from elearn.lib.errors import NotFound


def terms_of(found: Round) -> LiveTerms:
    """What decides about the live standings of a round."""
    return LiveTerms(found.opens_at, found.closes_at, found.contest.rules.freeze_minutes)


def refresh_board(found: Round, now: datetime) -> None:
    """Make the live standings anew where it is time; otherwise nothing happens. Raises NotFound where the rules give none."""
    if not found.contest.rules.has_live_standings or found.quiz_id is None:
        raise NotFound()
    terms, round_id = terms_of(found), found.id
    board = db.session.get(LiveBoard, round_id)
    if not is_due(terms, board.made_at if board else None, board.took_ms if board else 0, now):
        return
    with transaction() as session:
        settled = session.get_one(Round, round_id)
        board = session.get(LiveBoard, round_id, with_for_update=True)
        # Somebody else may have been first: they were asked above before this writer had its turn.
        if not is_due(terms, board.made_at if board else None, board.took_ms if board else 0, now):
            return
        began = time.monotonic()
        rules = settled.rules
        rows = counted_select(settled, rules).subquery()
        keys = [order_of(one, rows.c) for one in criteria_of(live_chain(rules.criteria))]
        place = func.rank().over(order_by=keys) if keys else literal(1)
        placed = select(
            literal(round_id), func.row_number().over(order_by=[*keys, rows.c.entry_id]), place, rows.c.entry_id, rows.c.score,
            rows.c.correct_count, rows.c.working_ms,
        )  # fmt: skip
        session.execute(delete(LiveRow).where(LiveRow.round_id == round_id))
        names = ["round_id", "position", "place", "entry_id", "score", "correct_count", "working_ms"]
        session.execute(insert(LiveRow).from_select(names, placed))
        people = session.scalar(select(func.count()).select_from(LiveRow).where(LiveRow.round_id == round_id)) or 0
        took_ms = int((time.monotonic() - began) * 1000)
        if board is None:
            session.add(LiveBoard(round_id=round_id, made_at=now, took_ms=took_ms, people_count=people))
        else:
            board.made_at, board.took_ms, board.people_count = now, took_ms, people
