"""Officers' pages: the judges of a round, and who goes on to it from an earlier one."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.contests.models import Round
from elearn.contests.queries import advance, contests, judges
from elearn.contests.rules.advance import Going
from elearn.contests.services import comparing
from elearn.contests.services import judges as services
from elearn.contests.views.pages import blueprint, titled
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.jobs.views import begin
from elearn.lib.errors import DomainError
from elearn.marking.services import COMPARISON
from elearn.members.queries.roles import access_receiver, find_receivers

NOBODY = 0
BASE = "/admin/contests/<code>/rounds/<int:number>"


def done(do: Callable[[], str], back: str) -> Response:
    """Do something small on a page and go back there, saying what came of it."""
    try:
        flash(do(), "success")
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        flash(said(refusal), "error")
    return redirect(back)


def prepared(code: str, number: int) -> Round:
    """The round for an officer who prepares it."""
    return contests.access_round_to(current_user.actor, "round.prepare", code, number)


@blueprint.get(f"{BASE}/judges")
@requires("round.prepare")
def round_judges(code: str, number: int) -> str:
    found = prepared(code, number)
    words = request.args.get("q", "")[:100]
    named = judges.list_judges(found.id)
    known = {one.member_id for one in named}
    people = find_receivers([found.contest.unit.path], words, NOBODY)
    return render_template(
        "contests/judges.html",
        contest=found.contest,
        round=found,
        judges=named,
        given=judges.count_given(found),
        words=words,
        people=[one for one in people if one.id not in known],
        is_over=clock.now() >= found.closes_at,
    )


@blueprint.post(f"{BASE}/judges")
@requires("round.prepare")
def name_judge(code: str, number: int) -> Response:
    found = prepared(code, number)
    member = access_receiver([found.contest.unit.path], request.form.get("member", 0, type=int))
    name, is_chair = member.display_name, request.form.get("chair") == "1"

    def do() -> str:
        services.name_judge(found.id, member.id, current_user.named, clock.now(), is_chair)
        if is_chair:
            return gettext("%(name)s là trưởng ban giám khảo.", name=name)
        return gettext("Đã cử %(name)s làm giám khảo.", name=name)

    return done(do, url_for("contests.round_judges", code=code, number=number))


@blueprint.post(f"{BASE}/judges/<int:member_id>/dismiss")
@requires("round.prepare")
def dismiss_judge(code: str, number: int, member_id: int) -> Response:
    found = prepared(code, number)

    def do() -> str:
        services.dismiss_judge(found.id, member_id, current_user.named, clock.now())
        return gettext("Đã rút giám khảo khỏi vòng này.")

    return done(do, url_for("contests.round_judges", code=code, number=number))


@blueprint.post(f"{BASE}/judges/compare")
@requires("round.prepare")
def compare_works(code: str, number: int) -> Response:
    """Compare the written works of a closed round with each other, in the background."""
    found = prepared(code, number)
    back = url_for("contests.round_judges", code=code, number=number)
    try:
        arguments = comparing.arguments_of(found, clock.now())
    except DomainError as refusal:
        flash(said(refusal), "error")
        return redirect(back)
    title = gettext("So sánh các bài của %(round)s", round=titled(found))
    return redirect(url_for("jobs.show", job_id=begin(COMPARISON, title, arguments, current_user.member_id), next=back))


@blueprint.get(f"{BASE}/advance")
@requires("round.prepare")
def round_advance(code: str, number: int) -> str:
    found = prepared(code, number)
    return render_template(
        "contests/advance.html",
        contest=found.contest,
        round=found,
        source=advance.find_source(found),
        rule=found.own_rules.advance,
        rows=advance.list_advancing(found),
        Going=Going,
    )


@blueprint.post(f"{BASE}/advance/<int:entry_id>/decline")
@requires("round.prepare")
def decline_place(code: str, number: int, entry_id: int) -> Response:
    found = prepared(code, number)

    def do() -> str:
        services.decline_place(found.id, entry_id, request.form.get("reason", ""), current_user.named, clock.now())
        return gettext("Đã ghi nhận. Người xếp kế tiếp được vào thay.")

    return done(do, url_for("contests.round_advance", code=code, number=number))


@blueprint.post(f"{BASE}/advance/<int:entry_id>/restore")
@requires("round.prepare")
def restore_place(code: str, number: int, entry_id: int) -> Response:
    found = prepared(code, number)

    def do() -> str:
        services.restore_place(found.id, entry_id, current_user.named, clock.now())
        return gettext("Đã trả lại quyền dự vòng này.")

    return done(do, url_for("contests.round_advance", code=code, number=number))
