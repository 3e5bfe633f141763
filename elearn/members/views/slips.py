"""Pages on which officers print slips for the first sign-in."""

from __future__ import annotations

import secrets

from flask import current_app, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.config import Config
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.exports.pdf import pdf_answer
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.jobs.queries import access_job
from elearn.jobs.views import begin
from elearn.lib.errors import InvalidInput, NotFound
from elearn.members.queries import slips as queries
from elearn.members.queries.slips import access_newcomer, access_slip_unit
from elearn.members.rules.permissions import Subject, may
from elearn.members.services import slips as printing
from elearn.members.views import blueprint
from elearn.units import queries as units

DIRECTLY = 200


def _config() -> Config:
    config: Config = current_app.config["ELEARN"]
    return config


def _number(name: str) -> int | None:
    given = request.values.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


@blueprint.route("/admin/slips", methods=["GET", "POST"])
@requires("member.slips")
def slips() -> str | Response | tuple[str, int]:
    """Choose a unit or one person, see how many are new, confirm, get the PDF."""
    actor, now = current_user.actor, clock.now()
    unit_id, member_id = _number("unit"), _number("member")
    person = access_newcomer(actor, member_id) if member_id is not None else None
    unit = person.unit if person else access_slip_unit(actor, unit_id) if unit_id is not None else None
    count, with_staff, error = 0, False, ""
    if unit is not None:
        with_staff = may(actor, "member.manage", Subject(unit.path))
        count = queries.count_newcomers(unit.path, member_id, with_staff, now)
    if request.method == "POST":
        try:
            if unit is None:
                raise InvalidInput("no_unit", "Hãy chọn đơn vị trong phạm vi của bạn.", "unit")
            if count <= DIRECTLY or count > printing.MOST:
                return _print(unit.path, unit.name, member_id, with_staff)
            arguments = {
                "path": unit.path, "with_staff": with_staff, "member": current_user.member_id, "name": current_user.display_name,
                "file": f"slips-{secrets.token_urlsafe(16)}",
            }  # fmt: skip
            job_id = begin("slips", gettext("In phiếu đăng nhập: %(name)s", name=unit.name), arguments, current_user.member_id)
            return redirect(url_for("jobs.show", job_id=job_id, next=url_for("members.slips_ready", job_id=job_id)))
        except InvalidInput as refusal:
            error = said(refusal)
    page = render_template(
        "members/slips.html", units=units.list_choices(queries.within_scope(actor), unit), unit=unit, person=person, count=count,
        error=error, days=_config().initial_code_days, most=printing.MOST,
    )  # fmt: skip
    return page, 400 if error else 200


def _print(path: str, name: str, member_id: int | None, with_staff: bool) -> Response:
    config, now = _config(), clock.now()
    people = queries.list_newcomers(path, member_id, with_staff, now)
    site = (config.site_name, config.base_url)
    content, _ = printing.print_slips(
        current_user.named, people, site, now, config.initial_code_days, current_app.config["SECRET_KEY"]
    )
    return pdf_answer(content, gettext("Phiếu đăng nhập %(name)s", name=name))


@blueprint.get("/admin/slips/ready/<job_id>")
@requires("member.slips")
def slips_ready(job_id: str) -> str:
    """Where the slips that were set in the background are fetched."""
    job = access_job(current_user.member_id, job_id)
    return render_template("members/slips_ready.html", job=job)


@blueprint.get("/admin/slips/ready/<job_id>/pdf")
@requires("member.slips")
def slips_pdf(job_id: str) -> Response:
    """The PDF, for its owner and for an hour."""
    job, folder = access_job(current_user.member_id, job_id), _config().data_path / "files"
    printing.drop_old_files(folder)
    late = job.finished_at is None or clock.now() - job.finished_at > printing.KEPT
    path = folder / f"{job.arguments.get('file', '')}.pdf"
    if job.kind != "slips" or job.state != "done" or late or not path.is_file():
        raise NotFound()
    return pdf_answer(path.read_bytes(), job.title.replace(":", ""))
