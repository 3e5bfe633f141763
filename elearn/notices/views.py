"""A person's messages."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.core import clock, mail
from elearn.core.guards import signed_in
from elearn.core.i18n import gettext
from elearn.core.pages import page_number
from elearn.notices import queries, services

blueprint = Blueprint("notices", __name__, template_folder="templates", url_prefix="/notices")


@blueprint.get("")
@signed_in
def mine() -> str:
    me = current_user.member_id
    page = queries.page_of_copies(me, page_number())
    return render_template(
        "notices/mine.html",
        page=page,
        unread=queries.count_unread(me),
        sends_mail=mail.is_configured(),
        wants_mail=queries.wants_mail(me),
    )


@blueprint.get("/<int:copy_id>")
@signed_in
def show(copy_id: int) -> str:
    copy = queries.access_copy(current_user.member_id, copy_id)
    notice = copy.notice
    if copy.read_at is None:
        services.mark_read(current_user.member_id, copy_id, clock.now())
    return render_template("notices/show.html", notice=notice)


@blueprint.post("/read")
@signed_in
def read_all() -> Response:
    services.mark_all_read(current_user.member_id, clock.now())
    return redirect(url_for("notices.mine"))


@blueprint.post("/mail")
@signed_in
def choose_mail() -> Response:
    wants = request.form.get("mail") == "on"
    services.choose_mail(current_user.named, wants, clock.now())
    flash(
        gettext("Từ nay thông báo cũng được gửi qua thư điện tử.") if wants else gettext("Từ nay không gửi thư điện tử nữa."),
        "success",
    )
    return redirect(url_for("notices.mine"))
