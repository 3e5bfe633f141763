"""Officers' page of registrations that share a phone or an identity: which one counts."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.contests.forms import ChooseClaimForm
from elearn.contests.queries import contests, entrants
from elearn.contests.services import registering
from elearn.contests.views.pages import blueprint
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.lib.errors import InvalidInput

Answer = str | Response | tuple[str, int]


@blueprint.get("/admin/contests/<code>/claims")
@requires("contest.oversee")
def claims(code: str) -> Answer:
    """Groups of registrations with one phone or identity; phones are shown by their last digits."""
    return _page(code, ChooseClaimForm())


def _page(code: str, form: ChooseClaimForm) -> str:
    contest = contests.access_contest_to(current_user.actor, "contest.oversee", code)
    return render_template(
        "contests/claims.html", contest=contest, groups=entrants.list_claims(contest.id), form=form,
        may_choose=contests.may_close(current_user.actor, contest),
    )  # fmt: skip


@blueprint.post("/admin/contests/<code>/claims/<int(max=9223372036854775807):entrant_id>")
@requires("round.close")
def choose_claim(code: str, entrant_id: int) -> Answer:
    contest = contests.access_contest_to(current_user.actor, "round.close", code)
    form = ChooseClaimForm()
    if form.validate():
        try:
            registering.choose_claim(current_user.named, contest.id, entrant_id, form.reason.data or "", clock.now())
            flash(gettext("Đã ghi nhận lượt đăng ký được tính. Vòng đã chốt cần chốt lại để đổi bảng xếp hạng."), "success")
            return redirect(url_for("contests.claims", code=code))
        except InvalidInput as refusal:
            form.reason.errors = [said(refusal)]
    return _page(code, form), 400
