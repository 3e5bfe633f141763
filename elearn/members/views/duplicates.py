"""Pages of records that may be one person: side by side, made one, told apart, made two again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.core.pages import PAGE_SIZE, Page, page_number
from elearn.lib.errors import DomainError
from elearn.members.queries import duplicates as queries
from elearn.members.rules.people import show_birth
from elearn.members.services import merging
from elearn.members.views import blueprint
from elearn.members.views.records import Answer, known, typed


@blueprint.get("/admin/duplicates")
@requires("member.edit")
def duplicates() -> str:
    """Likely pairs, and the mergers that were made."""
    pairs = queries.list_pairs(current_user.actor)
    number = min(page_number(), max(1, -(-len(pairs) // PAGE_SIZE)))
    shown = pairs[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return render_template(
        "members/duplicates/list.html",
        page=Page(shown, number, len(pairs)),
        members=queries.find_members([one for pair in shown for one in (pair.first_id, pair.second_id)]),
        merges=queries.list_merges(current_user.actor),
        show_birth=show_birth,
    )


@blueprint.route("/admin/duplicates/<int:first_id>/<int:second_id>", methods=["GET", "POST"])
@requires("member.edit")
def duplicate(first_id: int, second_id: int) -> Answer:
    """Two records side by side: what would be carried over to the one that stays."""
    known(first_id, "member.edit")
    known(second_id, "member.edit")
    keep = request.values.get("keep", "")
    kept_id, gone_id = (second_id, first_id) if keep == str(second_id) else (first_id, second_id)
    error = ""
    if request.method == "POST":
        try:
            if request.form.get("do") == "apart":
                merging.tell_apart(current_user.named, first_id, second_id, clock.now())
                flash(gettext("Đã ghi: đây là hai người. Cặp này không được nêu lại nữa."), "success")
            else:
                merging.merge(current_user.named, kept_id, gone_id, typed("reason")["reason"], clock.now())
                flash(gettext("Đã gộp hai hồ sơ làm một. Lần gộp này hoàn tác được."), "success")
            return redirect(url_for("members.duplicates"))
        except DomainError as refusal:
            error = said(refusal)
    parts = []
    try:
        parts = merging.preview(kept_id, gone_id)
    except DomainError as refusal:
        error = error or said(refusal)
    found = queries.find_members([first_id, second_id])
    page = render_template(
        "members/duplicates/pair.html",
        pair=queries.compare_two(first_id, second_id),
        first=found[first_id],
        second=found[second_id],
        kept=found[kept_id],
        gone=found[gone_id],
        tables=parts,
        error=error,
        show_birth=show_birth,
    )
    return page, 409 if error and request.method == "POST" else 200


@blueprint.post("/admin/duplicates/merges/<int:merge_id>/undo")
@requires("member.edit")
def undo_merge(merge_id: int) -> Response:
    one = queries.access_merge(current_user.actor, merge_id)
    try:
        merging.undo_merge(current_user.named, one.id, typed("reason")["reason"], clock.now())
    except DomainError as refusal:
        flash(said(refusal), "error")
    else:
        flash(gettext("Đã tách lại thành hai hồ sơ."), "success")
    return redirect(url_for("members.duplicates"))
