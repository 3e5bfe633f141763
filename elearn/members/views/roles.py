"""Pages on which roles are given, approved and taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.core.pages import page_number
from elearn.lib.errors import DomainError, Forbidden, InvalidInput
from elearn.lib.periods import local_day
from elearn.members.forms import GrantForm, as_id
from elearn.members.queries import roles as queries
from elearn.members.rules.delegation import paths_to_give, roles_to_give
from elearn.members.rules.permissions import ROLE_NAMES, Role, forbidden
from elearn.members.services import roles as services
from elearn.members.views import blueprint

Answer = str | Response | tuple[str, int]


def _after() -> Response:
    may_list = any(grant.role is Role.SYSTEM_ADMINISTRATOR for grant in current_user.actor.grants)
    return redirect(url_for("admin.roles" if may_list else "members.role_requests"))


@blueprint.route("/admin/roles/new", methods=["GET", "POST"])
@requires("role.grant")
def grant_role() -> Answer:
    """Choose a person, say what they get, read it in words, give it."""
    now = clock.now()
    held = queries.list_held(current_user.member_id, now)
    paths, names = paths_to_give(held), {role.value: ROLE_NAMES[role] for role in roles_to_give(held)}
    if not names:
        raise forbidden("role.grant")
    member_id = as_id(request.values.get("member"))
    if not member_id:
        words = request.args.get("q", "")
        found = queries.find_receivers(paths, words, current_user.member_id)
        return render_template("members/roles/choose.html", words=words, found=found)
    member = queries.access_receiver(paths, member_id)
    form = GrantForm()
    if request.method == "GET":
        form.first_day.data = local_day(now)
    words = request.values.get("units", "")
    choices = {unit.id: unit.name for unit in queries.find_units(paths, words)}
    chosen = queries.find_chosen(paths, form.unit.data or 0) if request.method == "POST" else None
    if chosen is not None:
        choices.setdefault(chosen.id, chosen.name)
    form.unit.choices = list(choices.items())
    form.role.choices = [(value, gettext(name)) for value, name in names.items()]
    status = 200
    if request.method == "POST":
        status = 400
        try:
            if form.validate_on_submit() and form.first_day.data:
                role = next((role for role in Role if role.value == form.role.data and role.value in names), None)
                if role is None:
                    raise InvalidInput("grant_role_wider", "Quyền của bạn không cho phép giao lại quyền này.", field="role")
                wish = services.Wish(
                    member.id, role, form.unit.data or 0, form.first_day.data, form.last_day.data,
                    bool(form.with_catchment.data), form.reason.data or "",
                )  # fmt: skip
                needs_second = services.check_wish(current_user.member_id, wish, now)
                if request.form.get("confirmed") == "1":
                    outcome = services.grant_role(current_user.named, wish, now)
                    done = gettext("Đã gửi đề nghị, đang chờ người thứ hai duyệt.")
                    flash(gettext("Đã giao quyền.") if outcome.grant_id else done, "success")
                    return _after()
                return render_template(
                    "members/roles/confirm.html", form=form, member=member, role=ROLE_NAMES[role], unit=chosen,
                    needs_second=needs_second,
                )  # fmt: skip
        except InvalidInput as refusal:
            if refusal.field in form:
                form[refusal.field].errors = [*form[refusal.field].errors, said(refusal)]
            else:
                form.form_errors.append(said(refusal))
        except Forbidden:
            raise
        except DomainError as refusal:
            if refusal.status != 409:
                raise
            form.form_errors.append(said(refusal))
    return render_template("members/roles/grant.html", form=form, member=member, words=words), status


@blueprint.get("/admin/roles/requests")
@requires("role.grant")
def role_requests() -> str:
    """Requests that wait: to decide about, or one's own to take back."""
    page = queries.page_of_requests(current_user.actor, page_number())
    return render_template("members/roles/requests.html", page=page, names=ROLE_NAMES)


@blueprint.route("/admin/roles/requests/<int:request_id>", methods=["GET", "POST"])
@requires("role.grant")
def role_request(request_id: int) -> Answer:
    """Approve or refuse a request, or take one's own back."""
    found, error = queries.access_request(current_user.actor, request_id), ""
    if request.method == "POST":
        reason, deed, now = request.form.get("reason", ""), request.form.get("deed", ""), clock.now()
        try:
            if deed == "approve":
                services.approve_request(current_user.named, request_id, reason, now)
                flash(gettext("Đã duyệt. Quyền có hiệu lực từ ngày ghi trong đề nghị."), "success")
            elif deed == "refuse":
                services.refuse_request(current_user.named, request_id, reason, now)
                flash(gettext("Đã từ chối đề nghị."), "success")
            else:
                services.withdraw_request(current_user.named, request_id, now)
                flash(gettext("Đã rút đề nghị."), "success")
            return redirect(url_for("members.role_requests"))
        except Forbidden:
            raise
        except DomainError as refusal:
            error = said(refusal)
            found = queries.access_request(current_user.actor, request_id)
    page = render_template(
        "members/roles/request.html", one=found, names=ROLE_NAMES, error=error, reason=request.form.get("reason", ""),
        is_own=found.asked_by_id == current_user.member_id,
    )  # fmt: skip
    return page, 400 if error else 200


@blueprint.route("/admin/roles/<int:grant_id>/revoke", methods=["GET", "POST"])
@requires("role.grant")
def revoke_role(grant_id: int) -> Answer:
    """End a grant, and by a tick what was handed on by it."""
    actor, now, error = current_user.actor, clock.now(), ""
    queries.access_grant(actor, grant_id)
    if request.method == "POST":
        try:
            with_all = request.form.get("with_handed_on") == "1"
            services.revoke_role(actor, current_user.named, grant_id, request.form.get("reason", ""), with_all, now)
        except DomainError as refusal:
            error = said(refusal)
        else:
            flash(gettext("Đã thu quyền."), "success")
            return _after()
    grant = queries.access_grant(actor, grant_id)
    page = render_template(
        "members/roles/revoke.html", grant=grant, handed_on=queries.list_handed_on(grant, now), names=ROLE_NAMES, error=error,
        reason=request.form.get("reason", ""), is_over=grant.valid_to is not None and grant.valid_to <= now,
    )  # fmt: skip
    return page, 400 if error else 200
