"""Pages of the organisation tree."""

from __future__ import annotations

from collections import defaultdict

from flask import render_template, request
from flask_login import current_user

from elearn.admin.queries import people
from elearn.admin.rules.tree import branches
from elearn.admin.views.pages import blueprint
from elearn.core.guards import requires
from elearn.core.pages import page_number
from elearn.members.rules.permissions import Subject, may
from elearn.units import queries as units


@blueprint.get("/units", endpoint="units")
@requires("unit.view")
def list_units() -> str:
    """The tree, unfolded down to the unit that the address names; or the units that a search finds."""
    actor = current_user.actor
    words = request.args.get("q", "")
    if words.strip():
        page = units.page_of_units(people.visible_units(actor), words, page_number())
        above = units.list_names([unit.parent_id for unit in page.items if unit.parent_id])
        return render_template("admin/units.html", page=page, above=above, counts=people.count_people(page.items), words=words)
    tops = people.list_tops(actor)
    opened = {top.id for top in tops}
    raw = request.args.get("open", "")
    if raw.isdecimal() and len(raw) < 10:
        wanted = people.access_unit(actor, int(raw))
        opened |= {wanted.id, *(unit.id for unit in units.list_ancestors(wanted))}
    below = defaultdict(list)
    for unit in units.list_children(sorted(opened)):
        below[unit.parent_id].append(unit)
    shown = [*tops, *(unit for found in below.values() for unit in found)]
    rows = branches(
        tops, {number: below[number] for number in opened if number in below}, units.count_children([unit.id for unit in shown])
    )
    return render_template("admin/units.html", rows=rows, counts=people.count_people(shown), words="", page=None)


@blueprint.get("/units/<int:unit_id>")
@requires("unit.view")
def unit(unit_id: int) -> str:
    actor = current_user.actor
    found = people.access_unit(actor, unit_id)
    children = units.list_children([found.id])
    above = [one for one in units.list_ancestors(found) if may(actor, "unit.view", Subject(one.path))]
    return render_template(
        "admin/unit.html",
        unit=found,
        above=above,
        children=children,
        parents=units.list_parents(found.id),
        counts=people.count_people([found, *children]),
        sees_members=may(actor, "member.view", Subject(found.path)),
    )
