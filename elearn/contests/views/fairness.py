"""Signals of unfair play: what was seen, how often chance does it, what else explains it; a person decides."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.contests.forms import NoteForm
from elearn.contests.models import Round
from elearn.contests.queries import contests, fairness, standings
from elearn.contests.rules.signals import KINDS
from elearn.contests.services.fairness import decide_signal
from elearn.contests.views.pages import blueprint, titled
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.jobs.views import begin
from elearn.lib.errors import DomainError, InvalidInput

SIGNALS = "/admin/contests/<code>/rounds/<int:number>/signals"


def _page(found: Round, form: NoteForm, answered: int = 0) -> str:
    return render_template(
        "contests/signals.html",
        contest=found.contest,
        round=found,
        cases=fairness.list_cases(found.id),
        kinds=KINDS,
        settlement=standings.find_latest(found.id),
        form=form,
        answered=answered,
    )


@blueprint.get(SIGNALS)
@requires("integrity.view")
def signals(code: str, number: int) -> str:
    return _page(contests.access_round_to(current_user.actor, "integrity.view", code, number), NoteForm())


@blueprint.post(f"{SIGNALS}/find")
@requires("integrity.view")
def look_for_signals(code: str, number: int) -> Response:
    """Let a worker look through the round."""
    found = contests.access_round_to(current_user.actor, "integrity.view", code, number)
    if standings.find_latest(found.id) is None:
        raise DomainError("not_settled", "Hãy chốt vòng trước: dấu hiệu được tìm trong các lượt được tính.")
    title = gettext("Tìm dấu hiệu bất thường %(round)s", round=titled(found))
    job = begin("find_signals", title, {"round": found.id}, current_user.member_id)
    return redirect(url_for("jobs.show", job_id=job, next=url_for("contests.signals", code=code, number=number)))


@blueprint.post(f"{SIGNALS}/<int:case_id>")
@requires("integrity.view")
def decide_case(code: str, number: int, case_id: int) -> Response | tuple[str, int]:
    found = contests.access_round_to(current_user.actor, "integrity.view", code, number)
    fairness.access_case(found.id, case_id)
    form = NoteForm()
    if not form.validate_on_submit():
        return _page(found, form, case_id), 400
    is_upheld = request.form.get("decision") == "uphold"
    try:
        decide_signal(case_id, is_upheld, form.note.data or "", current_user.named, clock.now())
    except InvalidInput as refusal:
        form.note.errors = [said(refusal)]
        return _page(found, form, case_id), 400
    flash(gettext("Đã ghi kết luận."), "success")
    if is_upheld:
        flash(
            gettext("Kết quả chưa đổi. Muốn huỷ kết quả của ai, hãy mở tên người ấy và đề nghị; một cán bộ khác quyết định."),
            "info",
        )
    return redirect(url_for("contests.signals", code=code, number=number))
