"""Officers below arrange their part: an earlier deadline, and who writes for a unit."""

from __future__ import annotations

from datetime import datetime, time

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.core import clock
from elearn.core.display import show_date
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.periods import from_local
from elearn.members.rules.permissions import role_paths
from elearn.submissions import services
from elearn.submissions.forms import TightenForm, WriterForm
from elearn.submissions.queries import access, targets
from elearn.submissions.views import blueprint
from elearn.submissions.views.reviewing import LIST, origin_of
from elearn.units.models import Unit

WRITERS = "/admin/submissions/writers/<int(max=2147483647):unit_id>"
Answer = Response | str | tuple[str, int]


@blueprint.route(f"{LIST}/deadline", methods=["GET", "POST"])
@requires("submission.arrange")
def tighten(assignment_id: int) -> Answer:
    """An earlier deadline for a unit of one's own and all below it."""
    assignment = access.access_assignment(current_user.actor, assignment_id)
    form, paths = TightenForm(), role_paths(current_user.actor, "submission.arrange")
    form.unit.choices = access.list_tightenable(assignment, paths)
    if form.validate_on_submit():
        due_at = from_local(datetime.combine(form.due_on.data, time(23, 59)))
        try:
            services.tighten(current_user.named, assignment_id, form.unit.data, due_at, clock.now())
        except InvalidInput as refusal:
            form.due_on.errors = [said(refusal)]
        else:
            flash(gettext("Đã đặt hạn %(date)s cho đơn vị và các đơn vị trực thuộc.", date=show_date(due_at)), "success")
            return redirect(url_for("submissions.listing", assignment_id=assignment_id))
    page = render_template(
        "submissions/tighten.html", assignment=assignment, origin=origin_of(assignment), form=form,
        deadlines=access.list_deadlines(assignment_id, paths),
    )  # fmt: skip
    return page, 400 if request.method == "POST" else 200


def _unit(unit_id: int) -> Unit:
    unit = access.find_scope_unit(role_paths(current_user.actor, "submission.arrange"), str(unit_id))
    if unit is None:
        raise NotFound()
    return unit


@blueprint.route(WRITERS, methods=["GET", "POST"])
@requires("submission.arrange")
def writers(unit_id: int) -> Answer:
    """Who writes for a unit besides its officers."""
    unit, form = _unit(unit_id), WriterForm()
    if form.validate_on_submit():
        try:
            services.name_writer(current_user.named, unit_id, form.code.data or "", clock.now())
        except DomainError as refusal:
            form.code.errors = [said(refusal)]
        else:
            flash(gettext("Đã giao việc viết bài của đơn vị."), "success")
            return redirect(url_for("submissions.writers", unit_id=unit_id))
    page = render_template("submissions/writers.html", unit=unit, form=form, writers=targets.list_writers(unit_id))
    return page, 400 if request.method == "POST" else 200


@blueprint.post(f"{WRITERS}/<int(max=2147483647):member_id>/remove")
@requires("submission.arrange")
def unname_writer(unit_id: int, member_id: int) -> Response:
    _unit(unit_id)
    services.unname_writer(current_user.named, unit_id, member_id, clock.now())
    flash(gettext("Đã thôi giao việc viết bài."), "success")
    return redirect(url_for("submissions.writers", unit_id=unit_id))
