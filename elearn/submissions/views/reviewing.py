"""Officers: the list with its states, the reader, return, acceptance, exemption."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.audit.services import note_export
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.exports.excel import excel_answer
from elearn.core.guards import requires
from elearn.core.i18n import gettext, ngettext
from elearn.core.pages import page_number
from elearn.lib.errors import InvalidInput
from elearn.members.rules.permissions import may, role_paths
from elearn.submissions import services
from elearn.submissions.forms import ExemptForm, ReturnForm
from elearn.submissions.hooks import Origin, origins
from elearn.submissions.models import Assignment, AssignmentTarget
from elearn.submissions.queries import access, targets
from elearn.submissions.rules.states import STATE_NAMES, STEP_NAMES
from elearn.submissions.services.listing import targets_workbook
from elearn.submissions.views import TARGET, blueprint
from elearn.submissions.views.writing import version_file
from elearn.units.models import Unit

LIST = "/admin/submissions/<int(max=2147483647):assignment_id>"
ONE = f"/admin/submissions/targets/{TARGET}"
Answer = Response | str | tuple[str, int]


def origin_of(assignment: Assignment) -> Origin | None:
    """What asks for it, where that has a page."""
    find = origins.get(assignment.origin)
    return find(assignment.origin_id) if find else None


def scope() -> tuple[list[str], Unit | None]:
    """The subtrees that the officer sees, narrowed to the unit named in the address where it lies in them."""
    paths = role_paths(current_user.actor, "submission.list")
    unit = access.find_scope_unit(paths, request.args.get("unit", ""))
    return ([unit.path] if unit else paths), unit


@blueprint.get(LIST)
@requires("submission.list")
def listing(assignment_id: int) -> str:
    """Whom it is asked of, by state and name."""
    assignment = access.access_assignment(current_user.actor, assignment_id)
    paths, unit = scope()
    words, state = request.args.get("q", ""), request.args.get("state", "")
    review = role_paths(current_user.actor, "submission.review")
    return render_template(
        "submissions/listing.html",
        assignment=assignment, origin=origin_of(assignment), unit=unit, words=words, state=state, now=clock.now(),
        counts=targets.count_of(assignment_id, paths), page=targets.page_of_targets(assignment_id, state, words, paths, page_number()),
        states=STATE_NAMES, may_review=bool(review), may_arrange=may_arrange(), deadlines=targets.deadlines_of(assignment),
    )  # fmt: skip


def may_arrange() -> bool:
    """Whether to offer earlier deadlines and the naming of writers."""
    return bool(role_paths(current_user.actor, "submission.arrange"))


@blueprint.get(f"{LIST}/excel")
@requires("submission.list")
def excel(assignment_id: int) -> Response:
    assignment = access.access_assignment(current_user.actor, assignment_id)
    paths, _ = scope()
    state, now = request.args.get("state", ""), clock.now()
    rows = targets.list_targets(assignment_id, state, paths)
    content = targets_workbook(assignment, rows, targets.count_of(assignment_id, paths), now)
    note_export(current_user.named, ("assignment", assignment_id, assignment.title), len(rows), {"state": state}, now)
    return excel_answer(content, gettext("Tình hình nộp, %(title)s", title=assignment.title))


@blueprint.post(f"{LIST}/accept")
@requires("submission.review")
def accept_many(assignment_id: int) -> Response:
    """Accept what was ticked, as far as the officer may review it."""
    assignment = access.access_assignment(current_user.actor, assignment_id)
    ticked = [int(one) for one in request.form.getlist("target") if one.isdecimal() and len(one) < 19]
    allowed = targets.list_reviewable_ids(assignment, ticked, role_paths(current_user.actor, "submission.review"))
    count = services.accept_many(current_user.named, allowed, clock.now()) if allowed else 0
    if not ticked:
        flash(gettext("Chưa đánh dấu bài nào."), "warning")
    else:
        flash(ngettext("Đã nhận %(num)s bài.", "Đã nhận %(num)s bài.", count), "success")
    return redirect(url_for("submissions.listing", assignment_id=assignment_id, state="submitted", unit=request.args.get("unit")))


def _one(target_id: int, **more: Any) -> str:
    target = access.access_target(current_user.actor, target_id)
    paths, unit = scope()
    state = request.args.get("state", "submitted")
    before, after = targets.neighbours(target, state, paths)
    versions = targets.list_versions(target_id)
    wanted = request.args.get("version", "")
    return render_template(
        "submissions/read.html",
        target=target, assignment=target.assignment, origin=origin_of(target.assignment), versions=versions,
        version=next((one for one in versions if str(one.number) == wanted), versions[0] if versions else None),
        steps=targets.list_steps(target_id), step_names=STEP_NAMES, states=STATE_NAMES, state=state, unit=unit, before=before, after=after,
        may_review=access.may_review(current_user.actor, target) and target.member_id != current_user.member_id,
        may_write=may(current_user.actor, "submission.write", access.written_by(target)),
        may_name=target.member_id is None and may_arrange(), now=clock.now(),
        **{"return_form": ReturnForm(prefix="return"), "exempt_form": ExemptForm(prefix="exempt"), **more},
    )  # fmt: skip


@blueprint.get(ONE)
@requires("submission.read")
def read(target_id: int) -> str:
    """What was handed in, its history, and what may be done."""
    return _one(target_id)


@blueprint.get(f"{ONE}/versions/<int(max=2147483647):number>/file")
@requires("submission.read")
def handed_file(target_id: int, number: int) -> Response:
    access.access_target(current_user.actor, target_id)
    return version_file(target_id, number)


def _review(target_id: int) -> AssignmentTarget:
    return access.access_target(current_user.actor, target_id, "submission.review")


def _on(target: AssignmentTarget) -> Response:
    """To the next one that waits, or back to the list."""
    paths, unit = scope()
    _, after = targets.neighbours(target, "submitted", paths)
    kept: dict[str, Any] = {"unit": unit.id if unit else None}
    if after is not None:
        return redirect(url_for("submissions.read", target_id=after, **kept))
    return redirect(url_for("submissions.listing", assignment_id=target.assignment_id, **kept))


@blueprint.post(f"{ONE}/accept")
@requires("submission.review")
def accept(target_id: int) -> Response:
    _review(target_id)
    services.accept(current_user.named, target_id, clock.now())
    target = _review(target_id)
    flash(gettext("Đã nhận bài của %(name)s.", name=target.name), "success")
    return _on(target)


@blueprint.post(f"{ONE}/return")
@requires("submission.review")
def return_(target_id: int) -> Answer:
    _review(target_id)
    form = ReturnForm(prefix="return")
    if form.validate_on_submit():
        try:
            services.return_(current_user.named, target_id, form.reason.data or "", clock.now())
        except InvalidInput as refusal:
            form.reason.errors = [said(refusal)]
        else:
            target = _review(target_id)
            flash(gettext("Đã trả lại bài của %(name)s để bổ sung.", name=target.name), "success")
            return _on(target)
    return _one(target_id, return_form=form), 400


@blueprint.post(f"{ONE}/exempt")
@requires("submission.review")
def exempt(target_id: int) -> Answer:
    _review(target_id)
    form = ExemptForm(prefix="exempt")
    if form.validate_on_submit():
        try:
            services.exempt(current_user.named, target_id, form.reason.data or "", clock.now())
        except InvalidInput as refusal:
            form.reason.errors = [said(refusal)]
        else:
            flash(gettext("Đã cho miễn. Bỏ miễn được bất cứ lúc nào."), "success")
            return redirect(url_for("submissions.read", target_id=target_id))
    return _one(target_id, exempt_form=form), 400


@blueprint.post(f"{ONE}/unexempt")
@requires("submission.review")
def unexempt(target_id: int) -> Response:
    _review(target_id)
    services.unexempt(current_user.named, target_id, clock.now())
    flash(gettext("Đã bỏ miễn: bài này lại nằm trong danh sách phải nộp."), "success")
    return redirect(url_for("submissions.read", target_id=target_id))
