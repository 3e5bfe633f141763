"""Changing the organisation tree by hand: a form, what will happen in words, done; and the changes made, with undoing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.admin.forms.units import OPERATION_FORMS, DecidedForm, UndoForm
from elearn.admin.queries import units as managed
from elearn.admin.queries.people import visible_units
from elearn.admin.services.unit_operations import field_of, operation_of
from elearn.admin.views.pages import Answer, blueprint
from elearn.core import clock
from elearn.core.db import db
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.core.pages import Page, page_number
from elearn.lib.errors import InvalidInput, NotFound
from elearn.members.queries.organised import list_stranded_grants
from elearn.members.rules.permissions import ROLE_NAMES, Actor
from elearn.units import queries as units
from elearn.units.queries import history
from elearn.units.rules.operations import Problem
from elearn.units.services import undoing
from elearn.units.services.changes import CannotChange, apply_change, moves_of, preview_change

OPERATIONS_SHOWN = 100
ACTIONS = {
    "create": "Lập đơn vị mới", "rename": "Đổi tên", "move": "Chuyển trực thuộc", "merge": "Sáp nhập", "split": "Chia tách", "close": "Giải thể",
}  # fmt: skip


@blueprint.route("/units/new", methods=["GET", "POST"])
@requires("unit.manage")
def create_unit() -> Answer:
    """A unit that comes from none."""
    raw = request.args.get("parent", "")
    above = managed.access_managed_unit(current_user.actor, int(raw)) if raw.isdecimal() and len(raw) < 10 else None
    start = {"parent": above.code} if above else {}
    return _operation("create", None, start)


@blueprint.route("/units/<int:unit_id>/<action>", methods=["GET", "POST"])
@requires("unit.manage")
def change_unit(unit_id: int, action: str) -> Answer:
    """One of the operations on a unit that exists."""
    unit = managed.access_managed_unit(current_user.actor, unit_id)
    if unit.valid_to is not None or action == "create" or action not in ACTIONS:
        raise NotFound()
    start = {
        "rename": {"name": unit.name, "short_name": unit.short_name},
    }.get(action, {})
    return _operation(action, unit, start)


def _operation(action: str, unit: Any, start: dict[str, str]) -> Answer:
    actor: Actor = current_user.actor
    form: DecidedForm = OPERATION_FORMS[action](data=start)
    form.offer(history.kinds_by_code(db.session()), units.list_siblings(unit) if unit and action == "merge" else ())
    page = {"form": form, "unit": unit, "action": action, "title": gettext(ACTIONS[action])}
    is_sent = request.method == "POST"
    if is_sent and "back" not in request.form and form.validate():
        now = clock.now()
        try:
            operation = operation_of(action, form.data, unit.code if unit else "", actor)
            seen = preview_change([operation], now, managed.scope_of(actor))
            if seen.is_sound and "confirmed" in request.form:
                number = apply_change(current_user.named, "", [operation], now, scope=managed.scope_of(actor))
                flash(gettext("Đã thực hiện: %(what)s.", what=seen.rows[0].sentence), "success")
                return redirect(url_for("admin.unit_change", change_id=number))
            if seen.is_sound:
                sent = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "confirmed")]
                return render_template(
                    "admin/unit_preview.html", seen=seen, sent=sent, action_url=request.full_path.rstrip("?"), **page
                )
            _put(form, action, seen.problems)
        except InvalidInput as refusal:
            form[refusal.field].errors = [*form[refusal.field].errors, said(refusal)]
        except CannotChange as refusal:
            _put(form, action, refusal.problems)
    code = 400 if is_sent and form.errors else 200
    return render_template("admin/unit_operation.html", choices=units.list_codes(visible_units(actor)), **page), code


def _put(form: DecidedForm, action: str, problems: Sequence[Problem]) -> None:
    """Each problem at its field, in the reader's language."""
    for problem in problems:
        if problem.is_warning:
            continue
        name, words = field_of(action, problem), gettext(problem.message, **problem.values)
        if name in form:
            form[name].errors = [*form[name].errors, words]
        else:
            form.form_errors.append(words)


@blueprint.get("/units/changes")
@requires("unit.manage")
def unit_changes() -> str:
    """What was done to the tree, the latest first."""
    return render_template("admin/unit_changes.html", page=managed.page_of_changes(current_user.actor, page_number()))


@blueprint.get("/units/changes/<int:change_id>")
@requires("unit.manage")
def unit_change(change_id: int) -> str:
    """What one change did, and which roles it left for a person to decide about."""
    change = managed.access_change(current_user.actor, change_id)
    ended = [move.unit_id for move in moves_of(change)]
    total = len(change.operations)
    number = min(page_number(), max(1, -(-total // OPERATIONS_SHOWN)))
    first = (number - 1) * OPERATIONS_SHOWN
    return render_template(
        "admin/unit_change.html",
        change=change,
        page=Page(change.operations[first : first + OPERATIONS_SHOWN], number, total, OPERATIONS_SHOWN),
        stranded=list_stranded_grants(ended, clock.now()) if ended and change.undone_at is None else [],
        role_names=ROLE_NAMES,
    )


@blueprint.route("/units/changes/<int:change_id>/undo", methods=["GET", "POST"])
@requires("unit.manage")
def undo_unit_change(change_id: int) -> Answer:
    """Take a change back, after its consequences were shown and with a reason."""
    change = managed.access_change(current_user.actor, change_id)
    if change.undone_at is not None:
        return redirect(url_for("admin.unit_change", change_id=change_id))
    form, now = UndoForm(), clock.now()
    reasons: tuple[undoing.Reason, ...] = ()
    counts: dict[str, int] = {}
    title = change.title
    if form.validate_on_submit():
        scope = managed.scope_of(current_user.actor)
        try:
            counts = undoing.undo_change(current_user.named, change_id, form.reason.data or "", now, scope)
            flash(gettext("Đã hoàn tác: %(what)s.", what=title), "success")
            if counts.get("stayed"):
                flash(gettext("%(n)s người đã chuyển đi sau đó nên giữ nguyên nơi mới.", n=counts["stayed"]), "info")
            return redirect(url_for("admin.unit_change", change_id=change_id))
        except undoing.CannotUndo as refusal:
            reasons = refusal.reasons
    else:
        counts, reasons = undoing.preview_undo(current_user.named, change_id, now)
    page = render_template(
        "admin/unit_undo.html", form=form, change=managed.access_change(current_user.actor, change_id), counts=counts,
        reasons=[gettext(reason.message, **reason.values) for reason in reasons],
    )  # fmt: skip
    return page, 400 if request.method == "POST" else 200
