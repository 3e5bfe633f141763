"""Pages of the organisation tree: the tree now or on a day, one unit through time, and facts beside the tree."""

from __future__ import annotations

from collections import defaultdict

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.admin.forms.units import CatchmentForm, DetailsForm, HeadcountForm
from elearn.admin.queries import people
from elearn.admin.queries import units as managed
from elearn.admin.rules.tree import branches
from elearn.admin.views.pages import Answer, blueprint
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.forms import Form
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.core.pages import page_number
from elearn.lib.errors import InvalidInput
from elearn.lib.periods import local
from elearn.members.rules.permissions import Actor, Subject, may, may_anywhere
from elearn.units import queries as units
from elearn.units.queries import history
from elearn.units.services import details

MOST_OPEN = 60


def _wanted() -> list[int]:
    """Units to unfold, as the address names them: open=2,5,9."""
    return [int(part) for part in request.args.get("open", "").split(",")[:MOST_OPEN] if part.isdecimal() and len(part) < 10]


@blueprint.get("/units", endpoint="units")
@requires("unit.view")
def list_units() -> str:
    """The tree, unfolded down to the units that the address names, now or on a day; or the units that a search finds."""
    actor: Actor = current_user.actor
    words, on = request.args.get("q", ""), managed.asked_day(request.args.get("on", ""))
    shared = {"words": words, "on": on, "may_manage": may_anywhere(actor, "unit.manage"), "asked": request.args.get("on", "")}
    if words.strip():
        page = units.page_of_units(people.visible_units(actor), words, page_number())
        above = units.list_names([unit.parent_id for unit in page.items if unit.parent_id])
        return render_template("admin/units.html", page=page, above=above, counts=people.count_people(page.items), **shared)
    wanted = _wanted()
    if on is not None:
        tree = managed.tree_on(actor, on)
        opened = tree.opened(wanted)
        rows = branches(
            tree.tops,
            {number: tree.children[number] for number in opened},
            {number: len(found) for number, found in tree.children.items()},
        )
        return render_template("admin/units.html", rows=rows, counts=tree.people, opened=opened, page=None, below=None, **shared)
    tops = people.list_tops(actor)
    opened = {top.id for top in tops}
    for number in wanted:
        # One unit of the address that is out of reach is no way to learn that it exists.
        found = people.access_unit(actor, number)
        opened |= {found.id, *(unit.id for unit in units.list_ancestors(found))}
    below = defaultdict(list)
    for unit in units.list_children(sorted(opened)):
        below[unit.parent_id].append(unit)
    shown = [*tops, *(unit for found in below.values() for unit in found)]
    sizes = units.count_children([unit.id for unit in shown])
    now_rows = branches(tops, {number: below[number] for number in opened if number in below}, sizes)
    return render_template(
        "admin/units.html", rows=now_rows, counts=people.count_people(shown), opened=opened, page=None, below=sizes, **shared
    )


@blueprint.get("/units/<int:unit_id>")
@requires("unit.view")
def unit(unit_id: int) -> str:
    """One unit: what it is, what it was, what carries it on."""
    actor: Actor = current_user.actor
    found = people.access_unit(actor, unit_id)
    children = units.list_children([found.id])
    above = [one for one in units.list_ancestors(found) if may(actor, "unit.view", Subject(one.path))]
    may_manage = may(actor, "unit.manage", Subject(found.path))
    return render_template(
        "admin/unit.html",
        unit=found,
        above=above,
        children=children,
        parents=units.list_parents(found.id),
        names=history.list_unit_names(found.id),
        kinds=history.list_kind_spans(found.id),
        successors=history.list_successors(found.id),
        predecessors=history.list_predecessors(found.id),
        headcounts=history.list_headcounts(found.id),
        catchment=history.list_catchment(found.id, local(clock.now()).date()),
        changes=managed.list_changes_of(found.id) if may_manage else [],
        counts=people.count_people([found, *children]),
        sees_members=may(actor, "member.view", Subject(found.path)),
        sees=lambda one: may(actor, "unit.view", Subject(one.path)),
        may_manage=may_manage,
    )


def _detail(unit_id: int, form: Form, title: str, lead: str) -> Answer:
    found = managed.access_managed_unit(current_user.actor, unit_id)
    page = render_template("admin/unit_detail.html", form=form, unit=found, title=title, lead=lead)
    return page, 400 if request.method == "POST" else 200


def _saved(unit_id: int) -> Answer:
    flash(gettext("Đã lưu."), "success")
    return redirect(url_for("admin.unit", unit_id=unit_id))


@blueprint.route("/units/<int:unit_id>/headcount", methods=["GET", "POST"])
@requires("unit.manage")
def unit_headcount(unit_id: int) -> Answer:
    managed.access_managed_unit(current_user.actor, unit_id)
    form = HeadcountForm()
    if form.validate_on_submit():
        try:
            details.set_headcount(
                current_user.named, unit_id, form.counted_on.data, form.people.data, form.source.data or "", clock.now()
            )
            return _saved(unit_id)
        except InvalidInput as refusal:
            form[refusal.field].errors = [said(refusal)]
    return _detail(
        unit_id, form, gettext("Ghi quân số"), gettext("Mẫu số của các tỉ lệ; mỗi ngày một con số, ghi lại thì thay số cũ.")
    )


@blueprint.route("/units/<int:unit_id>/catchment", methods=["GET", "POST"])
@requires("unit.manage")
def unit_catchment(unit_id: int) -> Answer:
    actor: Actor = current_user.actor
    managed.access_managed_unit(actor, unit_id)
    served = history.list_catchment(unit_id, local(clock.now()).date())
    form = CatchmentForm(data={"units": "\n".join(one.code for one in served)})
    if form.validate_on_submit():
        try:
            codes = managed.find_codes(actor, form.units.data or "", "units")
            ids = [one.id for one in history.find_by_codes(codes).values()]
            details.set_catchment(current_user.named, unit_id, ids, form.valid_from.data, form.decision.data or "", clock.now())
            return _saved(unit_id)
        except InvalidInput as refusal:
            form[refusal.field].errors = [said(refusal)]
    lead = gettext("Những đơn vị mà trung tâm này được phân công phục vụ, kể cả ngoài các đơn vị trực thuộc.")
    return _detail(unit_id, form, gettext("Địa bàn phụ trách"), lead)


@blueprint.route("/units/<int:unit_id>/details", methods=["GET", "POST"])
@requires("unit.manage")
def unit_details(unit_id: int) -> Answer:
    found = managed.access_managed_unit(current_user.actor, unit_id)
    form = DetailsForm(data={"segment": found.segment, "is_external": found.is_external})
    if form.validate_on_submit():
        details.edit_unit(current_user.named, unit_id, form.segment.data or "", bool(form.is_external.data), clock.now())
        return _saved(unit_id)
    return _detail(unit_id, form, gettext("Khối và phạm vi"), found.name)
