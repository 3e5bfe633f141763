"""Live standings of an open round, and the ceremony that reveals winners from the bottom on a projector."""

from __future__ import annotations

from flask import render_template, request
from flask_login import current_user

from elearn.contests.queries import contests, live, standings
from elearn.contests.rules.live import is_frozen, live_chain
from elearn.contests.rules.rules_text import order
from elearn.contests.services.columns import columns_of
from elearn.contests.services.live import refresh_board, terms_of
from elearn.contests.views.pages import blueprint, prize_names, reader, say
from elearn.core import clock
from elearn.core.guards import public, requires
from elearn.lib.errors import NotFound

SHOWN = 100
NEXT_ROWS = 5
"""Rows without a prize that a ceremony shows where nothing is given."""


@blueprint.get("/contests/<code>/rounds/<int:number>/live", endpoint="live")
@public
def live_board(code: str, number: int) -> str:
    now = clock.now()
    found = contests.access_round(reader(), code, number)
    if now < found.opens_at:
        raise NotFound("round_not_open", "Vòng thi chưa mở. Hãy quay lại khi đến giờ.")
    refresh_board(found, now)
    own = live.find_own_live(found.id, current_user.member_id) if current_user.is_authenticated else None
    return render_template(
        "contests/live.html",
        contest=found.contest,
        round=found,
        board=live.find_board(found.id),
        rows=live.list_live(found.id, SHOWN),
        own=own,
        terms=terms_of(found),
        is_frozen=is_frozen(terms_of(found), now),
        question_count=found.quiz.question_count,
        chain=say(order(contests.criteria_of(live_chain(found.rules.criteria)))),
    )


@blueprint.get("/admin/contests/<code>/rounds/<int:number>/ceremony")
@requires("round.close")
def ceremony(code: str, number: int) -> str:
    """Winners one after the other, the lowest prize first; `shown` says how many are on the screen."""
    found = contests.access_round_to(current_user.actor, "round.close", code, number)
    settlement = standings.find_latest(found.id)
    if settlement is None:
        raise NotFound("not_settled", "Hãy chốt vòng trước.")
    winners = list(standings.list_winners(settlement.id)) or list(standings.list_top(settlement.id, NEXT_ROWS))
    asked = request.args.get("shown", "0")
    shown = min(int(asked), len(winners)) if asked.isdecimal() and len(asked) < 4 else 0
    return render_template(
        "contests/ceremony.html",
        contest=found.contest,
        round=found,
        settlement=settlement,
        winners=winners[len(winners) - shown :],
        shown=shown,
        total=len(winners),
        prize_names=prize_names(found),
        columns=columns_of(found, settlement, prize_names(found), [one.entry_id for one in winners]),
        is_published=settlement.version == found.published_version,
    )
