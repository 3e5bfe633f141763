"""Officers' pages: contests in their care, and closing a round in three steps."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.contests import services
from elearn.contests.forms import PublishForm, SettleForm
from elearn.contests.models import Round
from elearn.contests.queries import contests, standings
from elearn.contests.queries.live import live_counts
from elearn.contests.rules.rounds import ROUND_STATE_NAMES, RoundState
from elearn.contests.rules.rules_text import order
from elearn.contests.services.columns import columns_of
from elearn.contests.views.pages import blueprint, prize_names, say, titled
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError

LOOKED_AT = 20
"""Rows shown before publishing: every prize of a usual round, and those just behind."""


@blueprint.get("/admin/contests")
@requires("contest.oversee")
def overview() -> str:
    now = clock.now()
    found = contests.list_overseen(current_user.actor)
    rounds = [one for contest in found for one in contest.rounds]
    return render_template(
        "contests/overview.html",
        contests=found,
        states=contests.states_of(rounds, now),
        entries=contests.count_entries([one.id for one in rounds]),
        names=ROUND_STATE_NAMES,
        now=now,
    )


@blueprint.get("/admin/contests/<code>/rounds/<int:number>")
@requires("contest.oversee")
def round_admin(code: str, number: int) -> str:
    return _closing_page(contests.access_round_to(current_user.actor, "contest.oversee", code, number), SettleForm())


def _closing_page(found: Round, form: SettleForm) -> str:
    now = clock.now()
    settlements = standings.list_settlements(found.id)
    latest = settlements[0][0] if settlements else None
    top = standings.list_top(latest.id, LOOKED_AT) if latest else []
    return render_template(
        "contests/round_admin.html",
        contest=found.contest,
        round=found,
        state=contests.states_of([found], now)[found.id],
        State=RoundState,
        names=ROUND_STATE_NAMES,
        counts=live_counts(found.quiz_id, now) if found.quiz_id else None,
        entries=contests.count_entries([found.id]).get(found.id, 0),
        settlements=settlements,
        latest=latest,
        is_published=latest is not None and latest.version == found.published_version,
        top=top,
        chain=say(order(contests.criteria_of(latest.criteria if latest else found.rules.criteria))),
        may_close=contests.may_close(current_user.actor, found.contest),
        columns=columns_of(found, latest, prize_names(found), [one.entry_id for one in top]) if latest else None,
        form=form,
        now=now,
    )


@blueprint.post("/admin/contests/<code>/rounds/<int:number>/settle")
@requires("round.close")
def settle(code: str, number: int) -> str | Response | tuple[str, int]:
    found = contests.access_round_to(current_user.actor, "round.close", code, number)
    form = SettleForm()
    if not form.validate_on_submit():
        return _closing_page(found, form), 400
    before = standings.find_latest(found.id)
    known = before.version if before else 0
    try:
        settlement = services.settle_round(found.id, current_user.named, clock.now(), form.reason.data or "")
    except DomainError as refusal:
        if refusal.code != "reason_needed":
            raise
        form.reason.errors = [said(refusal)]
        return _closing_page(contests.access_round_to(current_user.actor, "round.close", code, number), form), 400
    if settlement.version == known:
        flash(gettext("Không có gì thay đổi so với bản chốt %(version)s.", version=known), "info")
    else:
        flash(gettext("Đã chốt bản %(version)s. Hãy xem kỹ trước khi công bố.", version=settlement.version), "success")
    return redirect(url_for("contests.round_admin", code=code, number=number))


@blueprint.route("/admin/contests/<code>/rounds/<int:number>/publish", methods=["GET", "POST"])
@requires("round.close")
def publish(code: str, number: int) -> str | Response:
    """Ask once more, then let everybody see the version that was looked at."""
    found = contests.access_round_to(current_user.actor, "round.close", code, number)
    form = PublishForm()
    raw = form.version.data if request.method == "POST" else request.args.get("version", "")
    version = int(raw) if raw and raw.isdecimal() and len(raw) < 7 else 0
    settlement = standings.access_settlement(found.id, version)
    if form.validate_on_submit():
        services.publish_round(settlement.id, current_user.named, clock.now())
        flash(gettext("Đã công bố kết quả %(round)s. Ai cũng xem được.", round=titled(found)), "success")
        return redirect(url_for("contests.round_admin", code=code, number=number))
    return render_template("contests/publish.html", contest=found.contest, round=found, settlement=settlement)
