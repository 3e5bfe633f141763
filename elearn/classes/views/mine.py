"""The learner's own pages: classes to which they are sent or in which they study."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.classes import services
from elearn.classes.queries import mine, nominations, results
from elearn.classes.queries.conditions import terms_of
from elearn.classes.rules.nomination import STATE_NAMES, Act, State
from elearn.classes.rules.sheet import show_mark
from elearn.classes.views.pages import Answer, blueprint
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import signed_in
from elearn.core.i18n import gettext
from elearn.lib.errors import InvalidInput, NotFound


@blueprint.get("/my-classes")
@signed_in
def my_classes() -> str:
    return render_template("classes/mine.html", rows=mine.list_classes(current_user.member_id), names=STATE_NAMES, now=clock.now())


@blueprint.get("/my-classes/<int:cohort_id>")
@signed_in
def my_class(cohort_id: int) -> str:
    """Everything about one class that concerns this person: place, days, what was decided and why."""
    return _page(cohort_id)


def _page(cohort_id: int, error: str = "") -> str:
    cohort, nomination, enrolment = mine.access_class(current_user.member_id, cohort_id)
    steps = nominations.list_steps([nomination.id]).get(nomination.id, []) if nomination else []
    result = results.find_own_result(enrolment, cohort)
    return render_template(
        "classes/my_class.html", cohort=cohort, nomination=nomination, enrolment=enrolment, terms=terms_of(cohort),
        steps=[step for step in steps if step.after != State.DRAFT], names=STATE_NAMES, State=State, now=clock.now(), error=error,
        result=result, appeals=results.list_own_appeals(enrolment.id) if result and enrolment else [], show_mark=show_mark,
    )  # fmt: skip


@blueprint.get("/my-classes/<int:cohort_id>/course")
@signed_in
def to_course(cohort_id: int) -> Response:
    """To the part that is studied on line."""
    cohort, _, _ = mine.access_class(current_user.member_id, cohort_id)
    if cohort.edition is None:
        raise NotFound()
    return redirect(url_for("courses.show", code=mine.course_code(cohort)))


@blueprint.post("/my-classes/<int:cohort_id>/appeal")
@signed_in
def appeal(cohort_id: int) -> Answer:
    """Ask to look at one's own result again."""
    cohort, _, enrolment = mine.access_class(current_user.member_id, cohort_id)
    if enrolment is None or results.find_own_result(enrolment, cohort) is None:
        raise NotFound()
    try:
        services.file_appeal(current_user.named, enrolment.id, request.form.get("text", "")[:4000], clock.now())
    except InvalidInput as refusal:
        return _page(cohort_id, said(refusal)), 400
    flash(gettext("Đã gửi đề nghị xem lại. Bạn được báo khi có trả lời."), "success")
    return redirect(url_for("classes.my_class", cohort_id=cohort_id))


@blueprint.post("/my-classes/<int:cohort_id>/<answer>")
@signed_in
def answer_offer(cohort_id: int, answer: str) -> Response | Answer:
    """Take an offered place, or give one's place up with a reason."""
    _, nomination, _ = mine.access_class(current_user.member_id, cohort_id)
    acts = {"accept": Act.ACCEPT, "withdraw": Act.WITHDRAW}
    if nomination is None or answer not in acts:
        raise NotFound()
    try:
        outcome = services.act(
            current_user.named, cohort_id, [nomination.id], acts[answer], request.form.get("reason", "")[:400], clock.now()
        )
    except InvalidInput as refusal:
        return _page(cohort_id, said(refusal)), 400
    if outcome.moved.get(State.LAPSED):
        flash(gettext("Đã quá hạn nhận chỗ; chỗ này được trao cho người kế tiếp."), "warning")
    elif outcome.refused:
        flash(gettext("Chưa làm được: %(reason)s.", reason=outcome.refused[0].reasons[0].words), "warning")
    elif answer == "accept":
        flash(gettext("Bạn đã nhận chỗ trong lớp."), "success")
    else:
        flash(gettext("Bạn đã xin rút. Đơn vị mở lớp thấy lý do này."), "success")
    return redirect(url_for("classes.my_class", cohort_id=cohort_id))
