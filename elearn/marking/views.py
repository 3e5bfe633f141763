"""Pages of examiners and judges: piles, the script in hand, and the overseer's list."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from elearn.core import blobs, clock
from elearn.core.db import transaction
from elearn.core.errors import said
from elearn.core.guards import requires, signed_in
from elearn.core.i18n import gettext
from elearn.core.pages import page_number
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.marking import queries, services
from elearn.marking.forms import OpinionForm, ReopenForm
from elearn.marking.rules.similarity import pieces_of
from elearn.members.rules.permissions import Subject, may, may_anywhere

blueprint = Blueprint("marking", __name__, template_folder="templates")
ADMIN = "/admin/marking"
SCRIPT = f"{ADMIN}/scripts/<int(max=9223372036854775807):script_id>"


@blueprint.get(ADMIN)
@requires("script.list")
def overview() -> str:
    return render_template("marking/overview.html", piles=queries.list_piles(current_user.actor))


@blueprint.get("/marking")
@signed_in
def mine() -> str:
    """Piles that the reader marks by name, for judges without any role."""
    return render_template("marking/mine.html", piles=queries.list_own_piles(current_user.actor))


def way_back() -> str:
    """Where whoever has marked a script goes on: the officers' list, or the judge's own."""
    return url_for("marking.overview" if may_anywhere(current_user.actor, "script.list") else "marking.mine")


@blueprint.post(f"{ADMIN}/<pile>/next")
@requires("script.mark")
def take(pile: str) -> AnyResponse:
    queries.access_pile(current_user.actor, pile, "script.mark")
    try:
        with transaction() as session:
            script_id = services.take_next(session, pile, current_user.named, clock.now()).id
    except DomainError as refusal:
        if refusal.code != "nothing_to_mark":
            raise
        flash(said(refusal), "info")
        return redirect(way_back())
    return redirect(url_for("marking.script", script_id=script_id))


@blueprint.route(SCRIPT, methods=["GET", "POST"])
@requires("script.view")
def script(script_id: int) -> str | AnyResponse | tuple[str, int]:
    found = queries.access_script(current_user.actor, script_id)
    own = next((one for one in found.opinions if one.examiner_id == current_user.member_id), None)
    form, faults, typed = OpinionForm(), {}, {name[7:]: value for name, value in request.form.items() if name.startswith("points-")}
    if request.method == "POST" and own is not None and form.validate_on_submit():
        try:
            with transaction() as session:
                again = session.merge(found)
                services.give_opinion(session, again, current_user.named, typed, form.comment.data or "", clock.now())
        except InvalidInput as refusal:
            faults[refusal.field] = said(refusal)
        else:
            flash(gettext("Đã lưu điểm của bài số %(n)s.", n=found.blind_number), "success")
            return redirect(way_back())
    if request.method == "GET" and own is not None:
        form.comment.data, typed = own.comment, {key: value.replace(".", ",") for key, value in (own.points or {}).items()}
    alike = queries.list_alike(found)
    page = render_template(
        "marking/script.html", script=found, own=own, form=form, typed=typed, faults=faults, reopening=ReopenForm(), alike=alike,
        pieces=pieces_of(found.text, [passage for one in alike for passage in one.passages]), way_back=way_back(),
        may_oversee=may(current_user.actor, "script.oversee", Subject(found.unit.path)),
    )  # fmt: skip
    return page if request.method == "GET" else (page, 400)


@blueprint.post(SCRIPT + "/back")
@requires("script.mark")
def give_back(script_id: int) -> AnyResponse:
    found = queries.access_script(current_user.actor, script_id)
    with transaction() as session:
        services.give_back(session, session.merge(found), current_user.member_id)
    flash(gettext("Đã trả lại bài số %(n)s để người khác chấm.", n=found.blind_number), "info")
    return redirect(way_back())


@blueprint.post(SCRIPT + "/reopen")
@requires("script.oversee")
def reopen(script_id: int) -> AnyResponse:
    found = queries.access_script(current_user.actor, script_id, "script.oversee")
    try:
        with transaction() as session:
            services.reopen(session, session.merge(found), current_user.named, request.form.get("reason", ""), clock.now())
    except InvalidInput as refusal:
        flash(said(refusal), "error")
        return redirect(url_for("marking.script", script_id=script_id))
    flash(gettext("Đã mở lại bài số %(n)s. Điểm cũ giữ nguyên cho đến khi chấm xong.", n=found.blind_number), "success")
    return redirect(url_for("marking.pile", pile=found.pile))


@blueprint.get(SCRIPT + "/files/<int:index>")
@requires("script.view")
def file(script_id: int, index: int) -> Response:
    """A file handed in with the work; always as a download, whatever it says it is."""
    found = queries.access_script(current_user.actor, script_id)
    files = found.files or []
    if index >= len(files):
        raise NotFound()
    answer = Response(blobs.fetch(files[index]["digest"]), mimetype="application/octet-stream")
    suffix = files[index]["name"].rsplit(".", 1)[-1][:8] if "." in files[index]["name"] else "bin"
    # The name could tell whose work it is.
    answer.headers.set("Content-Disposition", "attachment", filename=f"bai-{found.blind_number}-{index + 1}.{suffix}")
    return answer


@blueprint.get(f"{ADMIN}/<pile>")
@requires("script.oversee")
def pile(pile: str) -> str:
    found = queries.access_pile(current_user.actor, pile, "script.oversee")
    state = request.args.get("state", "")
    return render_template("marking/pile.html", pile=found, page=queries.page_of_scripts(pile, state, page_number()), state=state)
