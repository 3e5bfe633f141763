"""The page that says who may do what at a unit, and why."""

from __future__ import annotations

from flask import render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.audit.services import note_export
from elearn.core import clock
from elearn.core.display import show_date, show_datetime
from elearn.core.exports.excel import Column, excel_answer, workbook
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.members.forms import as_id
from elearn.members.queries import actor_of
from elearn.members.queries import roles as queries
from elearn.members.rules.explaining import explain, other_ways, permission_name, roles_that_give
from elearn.members.rules.permissions import PERMISSIONS, ROLE_NAMES, Role
from elearn.members.views import blueprint


@blueprint.get("/admin/units/<int:unit_id>/access")
@requires("access.view")
def unit_access(unit_id: int) -> str:
    """Every permission with the people who hold it; for a person chosen, the answer to each with its rule."""
    now = clock.now()
    unit = queries.access_unit(current_user.actor, unit_id)
    grants = queries.list_grants_over(unit, now)
    words, member_id = request.args.get("q", ""), as_id(request.args.get("member"))
    person, answers = None, []
    if member_id:
        person = next((one.member for one in grants if one.member_id == member_id), None)
        person = person or queries.access_receiver([unit.path], member_id)
        answers = explain(actor_of(person.id, person.unit.path, now), unit.path)
    groups = [
        (permission_name(name), other_ways(name), [one for one in grants if Role(one.role) in roles_that_give(name)])
        for name in PERMISSIONS
    ]
    return render_template(
        "members/roles/access.html", unit=unit, groups=groups, words=words, person=person, answers=answers, names=ROLE_NAMES,
        found=queries.find_receivers([unit.path], words, 0),
    )  # fmt: skip


@blueprint.get("/admin/units/<int:unit_id>/access/excel")
@requires("access.view")
def unit_access_excel(unit_id: int) -> Response:
    """The same as a sheet: one line for each permission and grant."""
    now = clock.now()
    unit = queries.access_unit(current_user.actor, unit_id)
    grants = queries.list_grants_over(unit, now)
    headings = (
        gettext("Việc"), gettext("Họ và tên"), gettext("Quyền"), gettext("Giao tại"), gettext("Từ ngày"), gettext("Đến trước ngày"),
        gettext("Người giao"), gettext("Lý do"),
    )  # fmt: skip
    rows = (
        (
            gettext(permission_name(name)), one.member.display_name, gettext(ROLE_NAMES[Role(one.role)]), one.unit.name,
            show_date(one.valid_from), show_date(one.valid_to) if one.valid_to else "",
            one.granted_by.display_name if one.granted_by else "", one.reason,
        )
        for name in PERMISSIONS
        for one in grants
        if Role(one.role) in roles_that_give(name)
    )  # fmt: skip
    title = gettext("Ai được làm gì: %(unit)s", unit=unit.name)
    notes = [gettext("Tính đến %(moment)s.", moment=show_datetime(now))]
    content = workbook(title, notes, [Column(one, 26) for one in headings], rows)
    note_export(current_user.named, ("unit", unit_id, unit.name), len(grants), {"list": "access"}, now)
    return excel_answer(content, title.replace(":", ""))
