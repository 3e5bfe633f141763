"""Pages on which a person's record is entered, corrected and, where it is sensitive, looked at."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.core import clock
from elearn.core.errors import said
from elearn.core.exports.excel import excel_answer
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.lib.errors import InvalidInput
from elearn.members.models import Member
from elearn.members.queries import access_member, below, records
from elearn.members.rules.people import KINDS, SENSITIVE, SEXES, show_birth
from elearn.members.rules.permissions import Subject, forbidden, may, role_paths
from elearn.members.services import records as services
from elearn.members.services.record_files import sensitive_workbook
from elearn.members.views import blueprint
from elearn.units import queries as units
from elearn.units.models import Unit

Answer = str | Response | tuple[str, int]
FIELDS = ("full_name", "birth", "sex", "kind", "phone", "email", "positions", "login", "code")


def known(member_id: int, permission: str) -> Member:
    """A person the actor may know of. Raises NotFound, or Forbidden where the actor may only see them."""
    person = access_member(current_user.actor, member_id)
    if not may(current_user.actor, permission, Subject(person.unit.path)):
        raise forbidden(permission)
    return person


def typed(*fields: str) -> dict[str, str]:
    """What was typed into the fields."""
    return {field: request.form.get(field, "")[:4000].replace("\x00", "") for field in fields}


def unit_choices(permission: str) -> list[tuple[int, str]]:
    """Units for which the actor holds a permission, for a list to choose from."""
    return units.list_choices(below(Unit.path, role_paths(current_user.actor, permission)), None)


@blueprint.route("/admin/members/new", methods=["GET", "POST"])
@requires("member.edit")
def new_member() -> Answer:
    values, error = typed(*FIELDS, "unit", "reason"), None
    if request.method == "POST":
        try:
            chosen = values["unit"]
            unit_id = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None
            if not records.within(current_user.actor, "member.edit", unit_id):
                raise InvalidInput("no_unit", "Hãy chọn đơn vị trong phạm vi của bạn.", "unit")
            member_id = services.save_member(current_user.named, None, values, values["reason"], clock.now())
        except InvalidInput as refusal:
            error = refusal
        else:
            flash(gettext("Đã thêm người này vào danh sách."), "success")
            return redirect(url_for("admin.member", member_id=member_id))
    return _form(None, values, error)


@blueprint.route("/admin/members/<int:member_id>/edit", methods=["GET", "POST"])
@requires("member.edit")
def edit_member(member_id: int) -> Answer:
    person = known(member_id, "member.edit")
    values, error = typed(*FIELDS, "reason"), None
    if request.method == "POST":
        try:
            services.save_member(current_user.named, member_id, values, values["reason"], clock.now())
        except InvalidInput as refusal:
            error = refusal
            person = known(member_id, "member.edit")
        else:
            flash(gettext("Đã lưu hồ sơ."), "success")
            return redirect(url_for("admin.member", member_id=member_id))
    else:
        held = [one.title for one in records.list_positions(member_id) if one.valid_to is None]
        values = {
            "full_name": person.display_name, "birth": show_birth(person.birth_date, person.birth_precision), "sex": person.sex,
            "kind": person.kind, "phone": person.phone, "email": person.email, "positions": "\n".join(held), "login": person.login,
            "code": person.code, "reason": "",
        }  # fmt: skip
    return _form(person, values, error)


def _form(person: Member | None, values: dict[str, str], error: InvalidInput | None) -> Answer:
    page = render_template(
        "members/records/form.html",
        member=person,
        values=values,
        wrong=error.field if error else "",
        error=said(error) if error else "",
        kinds=KINDS,
        sexes=SEXES,
        units=unit_choices("member.edit") if person is None else [],
    )
    return page, 400 if error else 200


@blueprint.post("/admin/members/<int:member_id>/sensitive")
@requires("member.sensitive")
def sensitive(member_id: int) -> Answer:
    """Sensitive columns in clear, on this answer only; the look is recorded."""
    person = known(member_id, "member.sensitive")
    values: dict[str, Any]
    error, is_saving = None, request.form.get("do") == "save"
    if is_saving:
        values = typed(*SENSITIVE)
        try:
            services.save_sensitive(current_user.named, member_id, values, typed("reason")["reason"], clock.now())
        except InvalidInput as refusal:
            error = refusal
        else:
            flash(gettext("Đã lưu thông tin nhạy cảm."), "success")
            return redirect(url_for("admin.member", member_id=member_id))
    else:
        values = services.note_look(current_user.named, member_id, clock.now())
        person = known(member_id, "member.sensitive")
    page = render_template(
        "members/records/sensitive.html",
        member=person,
        values=values,
        reason=request.form.get("reason", ""),
        labels=SENSITIVE,
        cards=records.list_cards(member_id),
        wrong=error.field if error else "",
        error=said(error) if error else "",
        may_edit=may(current_user.actor, "member.edit", Subject(person.unit.path)),
    )
    return page, 400 if error else 200


@blueprint.route("/admin/members/sensitive-export", methods=["GET", "POST"])
@requires("member.sensitive")
def sensitive_export() -> Answer:
    """The list with sensitive columns, for a reason that is recorded with everybody whom the file names."""
    words, chosen = request.values.get("q", ""), request.values.get("unit", "")
    unit_id = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None
    if unit_id and not records.within(current_user.actor, "member.sensitive", unit_id):
        unit_id = None
    reason = " ".join(typed("reason")["reason"].split())
    rows = records.list_sensitive_rows(current_user.actor, words, unit_id)
    error = gettext("Hãy ghi rõ hơn một chút, ít nhất 5 ký tự.") if request.method == "POST" and len(reason) < 5 else ""
    if request.method == "POST" and not error:
        title = gettext("Danh sách thành viên có thông tin nhạy cảm")
        content = sensitive_workbook(title, rows, reason, current_user.display_name, clock.now())
        services.note_export(current_user.named, [row.id for row in rows], title, reason, clock.now())
        return excel_answer(content, title)
    page = render_template(
        "members/records/sensitive_export.html", words=words, unit=unit_id or "", count=len(rows), reason=reason, error=error
    )
    return page, 400 if error else 200


from elearn.members.views import decisions, duplicates, erasure, own_data  # noqa: E402, F401 - pages that stand beside these join the blueprint
