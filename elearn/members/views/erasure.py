"""The page on which a person's data is taken away: one administrator asks, another confirms."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError, NotFound
from elearn.members import queries
from elearn.members.rules.people import GUEST_UNIT
from elearn.members.services import erasure as services
from elearn.members.views import blueprint
from elearn.members.views.records import Answer, typed


@blueprint.route("/admin/members/<int:member_id>/erase", methods=["GET", "POST"])
@requires("member.erase")
def erase_member(member_id: int) -> Answer:
    member = queries.find_member(member_id)
    if member is None or not queries.may_for(current_user.actor, "member.erase", member):
        raise NotFound()
    is_guest = member.unit.code == GUEST_UNIT
    error, reason = "", " ".join(typed("reason")["reason"].split())
    if request.method == "POST":
        try:
            if request.form.get("do") == "confirm":
                services.erase_member(current_user.named, member_id, clock.now())
                flash(gettext("Đã xoá dữ liệu cá nhân. Thứ hạng, số liệu và nhật ký vẫn kiểm chứng được."), "success")
            elif request.form.get("do") == "withdraw":
                services.withdraw_erasure(current_user.named, member_id, clock.now())
                flash(gettext("Đã rút đề nghị xoá."), "success")
            elif len(reason) < 5:
                raise DomainError("no_reason", "Hãy ghi rõ hơn một chút, ít nhất 5 ký tự.")
            else:
                services.ask_erasure(current_user.named, member_id, reason, clock.now())
                flash(gettext("Đã ghi đề nghị. Một quản trị hệ thống khác phải xác nhận."), "success")
            return redirect(url_for("members.privacy_overview") if is_guest else url_for("admin.member", member_id=member_id))
        except DomainError as refusal:
            error = said(refusal)
    asked = services.find_asked(member_id)
    page = render_template(
        "members/records/erase.html",
        member=queries.find_member(member_id),
        asked=asked,
        is_other=asked is not None and current_user.member_id not in (asked.answered_by_id, member_id),
        reason=reason,
        error=error,
    )
    return page, 409 if error else 200
