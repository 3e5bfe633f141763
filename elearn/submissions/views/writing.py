"""Writing, looking at it once more, handing in, taking back."""

from __future__ import annotations

import io

from flask import flash, jsonify, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.core import blobs, clock
from elearn.core.display import show_clock, show_date
from elearn.core.errors import said, wants_json
from elearn.core.guards import signed_in
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.uploads import MIMES, ending_of
from elearn.submissions import services
from elearn.submissions.forms import Typed
from elearn.submissions.hooks import is_asking
from elearn.submissions.models import AssignmentTarget
from elearn.submissions.queries import access, targets
from elearn.submissions.rules.states import BEING_WRITTEN, STATE_NAMES, STEP_NAMES, check_complete, check_withdrawable
from elearn.submissions.views import TARGET, blueprint

Answer = Response | str | tuple[Response | str, int]


@blueprint.get("/submissions")
@signed_in
def mine() -> str:
    """Everything that the person writes, for themselves and for units."""
    now = clock.now()
    works = targets.list_works(current_user.actor, now)
    return render_template("submissions/mine.html", works=works, states=STATE_NAMES, now=now)


@blueprint.get(f"/submissions/{TARGET}")
@signed_in
def write(target_id: int) -> str:
    return _page(access.access_own(current_user.actor, target_id))


def _page(target: AssignmentTarget, typed: Typed | None = None, refusal: DomainError | None = None) -> str:
    """The page for writing, or for reading what was handed in; `typed` stands in the boxes after a refusal."""
    draft, now = targets.find_submission(target.id), clock.now()
    assignment = target.assignment
    due_at = targets.deadlines_of(assignment).of(target.unit.path)
    is_closed = assignment.closes_at is not None and now > assignment.closes_at
    is_closed = is_closed or not is_asking(assignment.origin, assignment.origin_id, now)
    is_open = target.state in BEING_WRITTEN and not target.exempted_at and not target.removed_at and not is_closed
    return render_template(
        "submissions/write.html" if is_open else "submissions/handed_in.html",
        target=target, assignment=assignment, draft=draft, answers=typed.answers if typed else (draft.answers if draft else {}),
        field=getattr(refusal, "field", ""), fault=said(refusal) if refusal else "", due_at=due_at, now=now, is_closed=is_closed,
        steps=targets.list_steps(target.id), step_names=STEP_NAMES, states=STATE_NAMES, versions=targets.list_versions(target.id),
        may_withdraw=target.state == "submitted" and now <= due_at,
    )  # fmt: skip


@blueprint.post(f"/submissions/{TARGET}")
@signed_in
def save(target_id: int) -> Answer:
    """Keep the draft: for the page's script as it is typed, or for its buttons."""
    target = access.access_own(current_user.actor, target_id)
    typed, now = Typed.from_request(), clock.now()
    try:
        revision = services.save_draft(current_user.named, target_id, typed.answers, typed.revision, now)
        if typed.file_name:
            services.attach(current_user.named, target_id, typed.file_name, typed.file_data, now)
        elif request.form.get("do") == "detach":
            services.detach(current_user.named, target_id, now)
    except DomainError as refusal:
        if wants_json():
            raise
        return _page(access.access_own(current_user.actor, target.id), typed, refusal), refusal.status
    if wants_json():
        return jsonify(revision=revision, saved_at=show_clock(now))
    if request.form.get("do") == "preview":
        return redirect(url_for("submissions.preview", target_id=target_id))
    flash(gettext("Đã lưu bản nháp lúc %(time)s. Bài chưa nộp.", time=show_clock(now)), "success")
    return redirect(url_for("submissions.write", target_id=target_id))


@blueprint.get(f"/submissions/{TARGET}/preview")
@signed_in
def preview(target_id: int) -> Answer:
    """A last look before handing in; names the box that is still empty."""
    target = access.access_own(current_user.actor, target_id)
    draft = targets.find_submission(target_id)
    if target.state not in BEING_WRITTEN:
        return redirect(url_for("submissions.write", target_id=target_id))
    try:
        check_complete(target.assignment.fields, draft.answers if draft else {}, bool(draft and draft.file_digest))
        fault = ""
    except InvalidInput as refusal:
        fault = said(refusal)
    due_at = targets.deadlines_of(target.assignment).of(target.unit.path)
    return render_template(
        "submissions/preview.html",
        target=target,
        assignment=target.assignment,
        draft=draft,
        fault=fault,
        due_at=due_at,
        now=clock.now(),
    )


@blueprint.post(f"/submissions/{TARGET}/hand-in")
@signed_in
def hand_in(target_id: int) -> Response:
    access.access_own(current_user.actor, target_id)
    services.hand_in(current_user.named, target_id, clock.now())
    flash(gettext("Đã nộp bài."), "success")
    return redirect(url_for("submissions.write", target_id=target_id))


@blueprint.route(f"/submissions/{TARGET}/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw(target_id: int) -> Answer:
    target = access.access_own(current_user.actor, target_id)
    due_at = targets.deadlines_of(target.assignment).of(target.unit.path)
    if request.method == "POST":
        services.withdraw(current_user.named, target_id, clock.now())
        flash(gettext("Đã rút bài lại. Nhớ nộp trước hết ngày %(date)s.", date=show_date(due_at)), "warning")
        return redirect(url_for("submissions.write", target_id=target_id))
    check_withdrawable(target.state, due_at, clock.now())
    return render_template("submissions/withdraw.html", target=target, due_at=due_at)


@blueprint.get(f"/submissions/{TARGET}/file")
@signed_in
def draft_file(target_id: int) -> Response:
    """The file of the draft, for who writes."""
    access.access_own(current_user.actor, target_id)
    draft = targets.find_submission(target_id)
    return file_answer(draft.file_name if draft else "", draft.file_digest if draft else "")


@blueprint.get(f"/submissions/{TARGET}/versions/<int(max=2147483647):number>/file")
@signed_in
def own_file(target_id: int, number: int) -> Response:
    """A file that was handed in, for who handed it in."""
    access.access_own(current_user.actor, target_id)
    return version_file(target_id, number)


def version_file(target_id: int, number: int) -> Response:
    """The file of one version."""
    found = next((one for one in targets.list_versions(target_id) if one.number == number), None)
    return file_answer(found.file_name if found else "", found.file_digest if found else "")


def file_answer(name: str, digest: str) -> Response:
    """The file as it was sent, as a download: never shown inside a page of ours."""
    if not digest:
        raise NotFound()
    data = io.BytesIO(blobs.fetch(digest))
    return send_file(data, mimetype=MIMES[ending_of(name)], as_attachment=True, download_name=name)
