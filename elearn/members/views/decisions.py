"""Pages of decisions on people: fill in, look at each person, carry out, take back."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.core.pages import page_number
from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.periods import local_day
from elearn.members.queries import decisions as queries
from elearn.members.queries import records
from elearn.members.rules.decisions import KINDS, NEEDS_UNIT, read_names
from elearn.members.rules.people import read_birth
from elearn.members.services import decisions as services
from elearn.members.services.decisions import Decision, Fate
from elearn.members.views import blueprint
from elearn.members.views.records import Answer, typed, unit_choices
from elearn.units import queries as units

FIELDS = ("kind", "number", "decided_on", "effective_on", "unit", "people", "note")


def _day(text: str, field: str) -> date | None:
    try:
        day, precision = read_birth(text, date(9999, 12, 31))
    except InvalidInput:
        precision, day = "", None
    if text.strip() and precision != "day":
        raise InvalidInput("day_invalid", "Ngày không đúng. Ví dụ: 14/10/2026.", field)
    return day


def _decision(values: dict[str, str]) -> Decision:
    chosen = values["unit"]
    unit_id = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None
    if values["kind"] in NEEDS_UNIT and not records.within(current_user.actor, "member.edit", unit_id):
        raise InvalidInput("no_unit", "Hãy chọn đơn vị trong phạm vi của bạn.", "unit")
    effective_on = _day(values["effective_on"], "effective_on")
    if effective_on is None:
        raise InvalidInput("no_day", "Hãy ghi ngày.", "effective_on")
    number, note = " ".join(values["number"].split()), " ".join(values["note"].split())
    return Decision(values["kind"], effective_on, unit_id, number, _day(values["decided_on"], "decided_on"), note)


@blueprint.get("/admin/decisions")
@requires("member.edit")
def decisions() -> str:
    return render_template(
        "members/decisions/list.html", page=queries.page_of_decisions(current_user.actor, page_number()), kinds=KINDS
    )


@blueprint.route("/admin/decisions/new", methods=["GET", "POST"])
@requires("member.edit")
def new_decision() -> Answer:
    """The form; then each person with what stands against it; then the deed."""
    ids = [int(one) for one in request.values.getlist("ids") if one.isdecimal() and len(one) < 10]
    values, error = typed(*FIELDS), None
    values["people"] = request.form.get("people", "")[:100_000]
    fates: list[Fate] = []
    member_ids, missing = queries.find_people(current_user.actor, read_names(values["people"]), ids)
    if request.method == "POST":
        try:
            one = _decision(values)
            fates = services.preview(one, member_ids, local_day(clock.now()))
            if request.form.get("do") == "apply":
                decision_id = services.carry_out(current_user.named, one, member_ids, clock.now())
                flash(gettext("Đã thực hiện quyết định."), "success")
                return redirect(url_for("members.decision", decision_id=decision_id))
        except InvalidInput as refusal:
            error = refusal
    chosen = units.list_names([int(values["unit"])]) if values["unit"].isdecimal() and len(values["unit"]) < 10 else {}
    is_preview = bool(fates) and error is None and request.form.get("do") != "back"
    page = render_template(
        "members/decisions/preview.html" if is_preview else "members/decisions/form.html",
        values=values,
        ids=ids,
        fates=fates,
        able=sum(not fate.problem for fate in fates),
        missing=missing,
        count=len(member_ids),
        kinds=KINDS,
        needs_unit=NEEDS_UNIT,
        units=unit_choices("member.edit"),
        unit_name=next(iter(chosen.values()), ""),
        wrong=error.field if error else "",
        error=said(error) if error else "",
    )
    return page, 400 if error else 200


@blueprint.get("/admin/decisions/<int:decision_id>")
@requires("member.edit")
def decision(decision_id: int) -> str:
    one = queries.access_decision(current_user.actor, decision_id)
    return render_template("members/decisions/show.html", **_shown(decision_id, one.unit_id))


def _shown(decision_id: int, unit_id: int | None) -> dict[str, object]:
    return {
        "one": queries.access_decision(current_user.actor, decision_id),
        "people": queries.list_people(decision_id),
        "unit_name": units.list_names([unit_id]).get(unit_id, "") if unit_id else "",
        "kinds": KINDS,
    }


@blueprint.route("/admin/decisions/<int:decision_id>/undo", methods=["GET", "POST"])
@requires("member.edit")
def undo_decision(decision_id: int) -> Answer:
    one = queries.access_decision(current_user.actor, decision_id)
    if request.method == "POST":
        try:
            count, refused = services.undo(current_user.named, decision_id, typed("reason")["reason"], clock.now())
        except DomainError as refusal:
            flash(said(refusal), "error")
        else:
            flash(gettext("Đã hoàn tác cho %(n)s người.", n=count), "success")
            for name, why in refused:
                flash(f"{name}: {gettext(why)}", "warning")
        return redirect(url_for("members.decisions"))
    shown = _shown(decision_id, one.unit_id)
    return render_template("members/decisions/undo.html", refused=services.refusals(decision_id), **shown)
