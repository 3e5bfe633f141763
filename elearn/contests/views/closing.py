"""Officers' pages: contests in their care, and closing a round: the list to look at, settling, publishing, the final result."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.contests import services
from elearn.contests.forms import PublishForm, SettleForm
from elearn.contests.models import Round, Settlement
from elearn.contests.queries import closing, contests, standings
from elearn.contests.queries.live import live_counts
from elearn.contests.rules import checklist
from elearn.contests.rules.rounds import ROUND_STATE_NAMES, RoundState
from elearn.contests.rules.rules_text import order
from elearn.contests.rules.words import Words
from elearn.contests.views.pages import blueprint, decimals_of, prize_names, say, titled
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.jobs.views import begin
from elearn.lib.errors import DomainError
from elearn.quizzes.services.outages import list_outages

MOST_AT_ONCE = 20_000
"""Entries up to which a round is settled while its officer waits."""
LOOKED_AT = 20
"""Rows shown before publishing: every prize of a usual round, and those just behind."""


@blueprint.get("/admin/contests/<code>/rounds/<int:number>")
@requires("contest.oversee")
def round_admin(code: str, number: int) -> str:
    return _closing_page(contests.access_round_to(current_user.actor, "contest.oversee", code, number), SettleForm())


def _closing_page(found: Round, form: SettleForm) -> str:
    now = clock.now()
    settlements = standings.list_settlements(found.id)
    facts = closing.facts_of(found)
    latest = settlements[0][0] if settlements else None
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
        top=standings.list_top(latest.id, LOOKED_AT) if latest else [],
        chain=say(order(contests.criteria_of(latest.criteria if latest else found.rules.criteria))),
        may_close=contests.may_close(current_user.actor, found.contest),
        prize_names=prize_names(found),
        question_count=latest.question_count if latest else 0,
        decimals=decimals_of(latest),
        findings=checklist.check(facts),
        outages=list_outages(found.opens_at, found.closes_at),
        not_final=_not_final(found, latest, facts, now),
        objections_until=_objections_until(found, latest),
        may_publish=latest is not None and latest.settled_by_id != current_user.member_id,
        finding_url=partial(_finding_url, found),
        form=form,
        now=now,
    )


def _not_final(found: Round, latest: Settlement | None, facts: checklist.Facts, now: datetime) -> Words | None:
    """Why the published version is not final yet."""
    if latest is None or latest.published_at is None or latest.status == "final":
        return None
    return checklist.reason_against_final(facts, latest.published_at, found.rules.objection_days, now)


def _objections_until(found: Round, latest: Settlement | None) -> datetime | None:
    if latest is None or latest.published_at is None or not found.rules.objection_days:
        return None
    return checklist.objections_until(latest.published_at, found.rules.objection_days)


def _finding_url(found: Round, page: str) -> str:
    """Where a line of the list is settled."""
    if page in ("entries", "objections", "prizes"):
        return url_for(f"contests.{page}", code=found.contest.code, number=found.number)
    if page == "marking":
        return url_for("marking.overview")
    if page == "attempts" and found.paper is not None:
        return url_for("quizzes.attempts", code=found.paper.code)
    return url_for("quizzes.case_list")


@blueprint.post("/admin/contests/<code>/rounds/<int:number>/settle")
@requires("round.close")
def settle(code: str, number: int) -> str | Response | tuple[str, int]:
    found = contests.access_round_to(current_user.actor, "round.close", code, number)
    form = SettleForm()
    if not form.validate_on_submit():
        return _closing_page(found, form), 400
    before = standings.find_latest(found.id)
    known = before.version if before else 0
    if contests.count_entries([found.id]).get(found.id, 0) > MOST_AT_ONCE:
        return _settle_in_background(found, form.reason.data or "")
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


def _settle_in_background(found: Round, reason: str) -> Response:
    """A large round is settled by a worker, with progress; it can be stopped and done again."""
    arguments: dict[str, object] = {"round": found.id, "reason": reason, "by": list(current_user.named)}
    job = begin("close_round", gettext("Chốt %(round)s", round=titled(found)), arguments, current_user.member_id)
    back = url_for("contests.round_admin", code=found.contest.code, number=found.number)
    return redirect(url_for("jobs.show", job_id=job, next=back))


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
    return render_template("contests/publish.html", contest=found.contest, round=found, settlement=settlement, step="publish")


@blueprint.route("/admin/contests/<code>/rounds/<int:number>/final", methods=["GET", "POST"])
@requires("round.close")
def finalise(code: str, number: int) -> str | Response:
    """Ask once more, then make the published result the final one."""
    found = contests.access_round_to(current_user.actor, "round.close", code, number)
    settlement = standings.access_published(found)
    form = PublishForm()
    if form.validate_on_submit():
        services.finalise_round(settlement.id, current_user.named, clock.now())
        flash(gettext("Kết quả %(round)s đã là kết quả chính thức.", round=titled(found)), "success")
        return redirect(url_for("contests.round_admin", code=code, number=number))
    return render_template("contests/publish.html", contest=found.contest, round=found, settlement=settlement, step="final")
