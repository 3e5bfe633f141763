"""The page of one piece of background work: progress, cancel, result."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.core import clock
from elearn.core.guards import signed_in
from elearn.core.i18n import gettext
from elearn.core.redirects import safe_next
from elearn.jobs import queries, services

blueprint = Blueprint("jobs", __name__, template_folder="templates")
ROOT = Path(__file__).parents[2]


def begin(kind: str, title: str, arguments: dict[str, object], owner_id: int) -> str:
    """Queue work for the person behind this request, start a worker, and return the job's id."""
    job_id = services.start_job(kind, title, arguments, owner_id, clock.now())
    start_worker()
    return job_id


def start_worker() -> None:
    """A worker process with this application's settings; tests run the work themselves."""
    if not current_app.testing:
        services.wake(ROOT, dict(os.environ))


@blueprint.get("/jobs/<job_id>")
@signed_in
def show(job_id: str) -> Response | str:
    """The job as a page, or as JSON for the page's own script."""
    job = queries.access_job(current_user.member_id, job_id)
    if queries.lacks_worker(job, clock.now()):
        start_worker()
    if request.accept_mimetypes.best == "application/json":
        return jsonify(
            state=job.state, step=gettext(job.step) if job.step else "", done=job.done, total=job.total,
            message=gettext(job.message) if job.message else "",
        )  # fmt: skip
    return render_template("jobs/show.html", job=job, next_url=safe_next(request.args.get("next", "")))


@blueprint.post("/jobs/<job_id>/cancel")
@signed_in
def cancel(job_id: str) -> Response:
    job = queries.access_job(current_user.member_id, job_id)
    services.ask_to_cancel(job.id, clock.now())
    return redirect(url_for("jobs.show", job_id=job_id, next=safe_next(request.form.get("next", "")) or None))
