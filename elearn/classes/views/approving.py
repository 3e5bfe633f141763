"""Pages of the organiser: all nominations of a class, the waiting list, late additions."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.classes import services
from elearn.classes.forms import LateForm
from elearn.classes.models import Cohort
from elearn.classes.queries import cohorts, nominations, people
from elearn.classes.queries.conditions import list_reasons
from elearn.classes.rules.matching import match_all, parse
from elearn.classes.rules.nomination import STATE_NAMES, Act, State
from elearn.classes.views.acting import do, is_act, sent_ids
from elearn.classes.views.pages import Answer, blueprint, tell_at
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import ngettext
from elearn.core.pages import page_number
from elearn.lib.errors import InvalidInput
from elearn.members.rules.permissions import forbidden

ACTS = (Act.APPROVE, Act.RETURN, Act.REFUSE, Act.WITHDRAW, Act.CONFIRM)
TABS = {
    State.CONFIRMED: "Chờ duyệt", State.SUBMITTED: "Chờ xác nhận", State.APPROVED: "Đã duyệt", State.ENROLLED: "Đã vào lớp",
    State.WAITING: "Danh sách chờ", State.OFFERED: "Được gọi", State.REFUSED: "Không duyệt", State.WITHDRAWN: "Đã rút",
    State.LAPSED: "Quá hạn",
}  # fmt: skip
_CHECKED = (State.SUBMITTED, State.CONFIRMED, State.WAITING)


@blueprint.route("/admin/classes/<int:cohort_id>/nominations", methods=["GET", "POST"])
@requires("cohort.view")
def approve(cohort_id: int) -> Answer:
    """By state and unit, with what speaks against somebody; approving in bulk, the waiting list in its order."""
    actor = current_user.actor
    cohort = cohorts.access_planned(actor, cohort_id)
    state = request.args.get("state", State.CONFIRMED.value)
    state = state if state in list(State) else State.CONFIRMED.value
    unit_id = int(raw) if (raw := request.args.get("unit", "")).isdecimal() and len(raw) < 10 else None
    result: services.Outcome | InvalidInput | None = None
    if request.method == "POST" and is_act(ACTS):
        cohorts.access_planned(actor, cohort_id, "cohort.manage")
        if request.form["act"] == Act.CONFIRM and not nominations.may_confirm_all(actor, cohort_id):
            raise forbidden("cohort.confirm")
        chosen = nominations.list_ids(cohort_id, [state], unit_id) if "all" in request.form else sent_ids()
        answer = do(cohort_id, chosen, url_for("classes.approve", cohort_id=cohort_id, state=state, unit=unit_id))
        if not isinstance(answer, services.Outcome | InvalidInput):
            return answer
        result = answer
    page = _page(cohort, state, unit_id, result)
    return (page, 400) if isinstance(result, InvalidInput) else page


def _page(cohort: Cohort, state: str, unit_id: int | None, result: services.Outcome | InvalidInput | None) -> str:
    words = request.args.get("q", "")
    page = nominations.page_of_nominations(cohort.id, page_number(), unit_id, [state], words)
    checked = [one.member_id for one in page.items] if state in _CHECKED else []
    return render_template(
        "classes/approve.html", cohort=cohort, page=page, state=state, unit_id=unit_id, words=words, names=STATE_NAMES, shown_states=list(TABS), short=TABS,
        State=State, counts=nominations.list_counts(cohort.id), against=list_reasons(cohort, checked) if checked else {},
        may_manage=cohorts.may_manage(current_user.actor, cohort) and not cohort.closed_at, result=result, ticked=set(sent_ids()),
        may_confirm=nominations.may_confirm_all(current_user.actor, cohort.id), is_error=isinstance(result, InvalidInput), said=said,
        now=clock.now(),
    )  # fmt: skip


@blueprint.route("/admin/classes/<int:cohort_id>/late", methods=["GET", "POST"])
@requires("cohort.manage")
def late(cohort_id: int) -> Answer:
    """People who come in after the list: nominated, confirmed and approved at one stroke, within quota and capacity."""
    cohort = cohorts.access_planned(current_user.actor, cohort_id, "cohort.manage")
    form = LateForm()
    form.unit.choices = [(one.unit_id, one.unit_name) for one in nominations.list_counts(cohort_id)]
    refused: tuple[services.Refused, ...] = ()
    if request.method == "POST" and form.validate_on_submit():
        try:
            found = _people(cohort_id, form.text.data or "")
            outcome = services.enrol_late(current_user.named, cohort_id, form.unit.data, found, form.reason.data or "", clock.now())
        except InvalidInput as refusal:
            tell_at(form, refusal)
        else:
            if outcome.total:
                flash(ngettext("Đã bổ sung %(num)s người.", "Đã bổ sung %(num)s người.", outcome.total), "success")
            if not outcome.refused:
                return redirect(
                    url_for("classes.approve", cohort_id=cohort_id, state=State.ENROLLED if cohort.decided_on else State.APPROVED)
                )
            refused = outcome.refused
    page = render_template("classes/late.html", cohort=cohort, form=form, refused=refused)
    return (page, 400) if form.errors else page


def _people(cohort_id: int, text: str) -> list[int]:
    """The members whom the lines mean, each without doubt. Raises InvalidInput naming the first line that is not clear."""
    lines = parse(text.splitlines())
    by_key, by_name = people.find_candidates(current_user.actor, set(), lines)
    matches = match_all(lines, by_key, by_name)
    for match in matches:
        if match.chosen is None:
            raise InvalidInput(
                "line_unclear",
                "Dòng “%(line)s” không chỉ rõ một người. Hãy ghi mã hoặc số điện thoại.",
                field="text",
                line=match.line.raw,
            )
    return [match.chosen.member_id for match in matches if match.chosen]
