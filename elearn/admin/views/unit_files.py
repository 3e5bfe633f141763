"""Files of the organisation tree: the mapping file and orgs.csv in, with preview and confirmation; lists out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flask import Response as FileAnswer
from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.admin.forms.units import OrgsForm, UploadForm
from elearn.admin.queries import units as managed
from elearn.admin.services import uploads
from elearn.admin.views.pages import Answer, blueprint
from elearn.audit.services import note_export
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.exports.excel import excel_answer
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.periods import local
from elearn.units.rules.organisation import Decision
from elearn.units.services import exports
from elearn.units.services.changes import CannotChange
from elearn.units.services.mapping_files import FileOutlook, apply_file, preview_mapping, preview_orgs

MOST_SHOWN = 500


def _folder() -> Path:
    folder: Path = current_app.config["ELEARN"].data_path / "uploads" / "units"
    return folder


def _max_bytes() -> int:
    return int(current_app.config["ELEARN"].max_upload_mb) * 1024 * 1024


def _day(words: str) -> date | None:
    return date.fromisoformat(words) if words else None


@blueprint.route("/units/mapping", methods=["GET", "POST"])
@requires("unit.manage")
def unit_mapping() -> Answer:
    """Upload of a mapping file."""
    form = UploadForm()
    if form.validate_on_submit():
        sent = request.files.get("file")
        data = sent.read() if sent else b""
        day = form.effective_on.data
        told = {"format": "mapping", "day": day.isoformat() if day else ""}
        name = (sent.filename if sent else "") or "mapping"
        try:
            preview_mapping(data, name, day, clock.now(), max_bytes=_max_bytes(), scope=managed.scope_of(current_user.actor))
            sign = uploads.keep(_folder(), current_user.member_id, name, data, told)
            return redirect(url_for("admin.unit_file", sign=sign))
        except InvalidInput as refusal:
            form.file.errors = [said(refusal)]
    return render_template("admin/unit_upload.html", form=form, is_mapping=True), 400 if form.errors else 200


@blueprint.route("/units/oneroster", methods=["GET", "POST"])
@requires("unit.manage")
def unit_orgs() -> Answer:
    """Upload of orgs.csv of OneRoster."""
    form = OrgsForm()
    if form.validate_on_submit():
        sent = request.files.get("file")
        data = sent.read() if sent else b""
        if data.strip():
            signed = form.decision_date.data
            told = {
                "format": "oneroster", "day": form.effective_on.data.isoformat(), "number": form.decision_number.data or "",
                "signed": signed.isoformat() if signed else "",
            }  # fmt: skip
            name = (sent.filename if sent else "") or "orgs.csv"
            sign = uploads.keep(_folder(), current_user.member_id, name, data, told)
            return redirect(url_for("admin.unit_file", sign=sign))
        form.file.errors = [gettext("Hãy chọn một tệp có nội dung.")]
    return render_template("admin/unit_upload.html", form=form, is_mapping=False), 400 if form.errors else 200


def _seen(upload: uploads.Upload) -> FileOutlook:
    now, scope = clock.now(), managed.scope_of(current_user.actor)
    day = _day(upload.told["day"])
    if upload.told["format"] == "mapping":
        return preview_mapping(upload.data, upload.name, day, now, max_bytes=_max_bytes(), scope=scope)
    assert day is not None
    return preview_orgs(upload.data, day, Decision(upload.told["number"], _day(upload.told["signed"])), now, scope)


@blueprint.route("/units/files/<sign>", methods=["GET", "POST"])
@requires("unit.manage")
def unit_file(sign: str) -> Answer:
    """What an uploaded file would do, row by row; confirmed, it is done as one change."""
    member_id = current_user.member_id
    upload = uploads.find(_folder(), member_id, sign)
    seen = _seen(upload)
    refused = ""
    if request.method == "POST":
        try:
            title = gettext("Bảng ánh xạ %(file)s", file=upload.name) if len(seen.operations) > 1 else ""
            scope = managed.scope_of(current_user.actor)
            number = apply_file(current_user.named, seen, title, upload.name, clock.now(), scope)
            uploads.drop(_folder(), member_id, sign)
            flash(gettext("Đã thực hiện %(n)s thao tác.", n=len(seen.operations)), "success")
            return redirect(url_for("admin.unit_change", change_id=number))
        except (CannotChange, InvalidInput) as refusal:
            refused = _why(refusal)
    actions: dict[str, int] = {}
    for row in seen.outlook.rows:
        actions[row.action] = actions.get(row.action, 0) + 1
    page = render_template(
        "admin/unit_file.html", upload=upload, seen=seen, actions=actions, refused=refused, most=MOST_SHOWN,
        lines=list(zip(seen.outlook.rows, seen.rows, strict=True))[:MOST_SHOWN],
    )  # fmt: skip
    return page, 409 if refused else 200


def _why(refusal: DomainError) -> str:
    if isinstance(refusal, CannotChange):
        first = refusal.problems[0]
        return gettext(first.message, **first.values)
    return said(refusal)


@blueprint.get("/units/mapping/template")
@requires("unit.manage")
def unit_mapping_template() -> Response:
    return excel_answer(exports.mapping_template(), "Bảng ánh xạ đơn vị")


@blueprint.get("/units/export/<form>")
@requires("unit.view")
def export_units(form: str) -> Response:
    """The units of a day (today unless asked) within the reader's scope as a file."""
    if form not in ("excel", "oneroster"):
        raise NotFound()
    day = managed.asked_day(request.args.get("on", "")) or local(clock.now()).date()
    only = managed.visible_ids(current_user.actor)
    subject = ("unit", current_user.unit_id, current_user.unit_name)
    note_export(current_user.named, subject, len(only), {"list": "units", "form": form}, clock.now())
    if form == "excel":
        return excel_answer(exports.units_workbook(day, only), gettext("Danh sách đơn vị"))
    headers = {"Content-Disposition": 'attachment; filename="orgs.csv"'}
    return FileAnswer(exports.orgs_csv(day, only), mimetype="text/csv", headers=headers)
