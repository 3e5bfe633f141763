"""Pages of the import of people: choose a file, say what the columns are, look at each row, apply, undo."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.config import Config
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.exports.excel import excel_answer
from elearn.core.guards import requires, takes_file
from elearn.core.i18n import gettext
from elearn.core.pages import page_number
from elearn.jobs.views import begin
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.grid import column_letters
from elearn.lib.periods import local_day
from elearn.members.models import Import
from elearn.members.queries import imports as queries
from elearn.members.queries.imports import access_import
from elearn.members.rules.importing.columns import FIELDS
from elearn.members.rules.importing.masking import masked
from elearn.members.rules.permissions import Subject, forbidden, may
from elearn.members.services import importing
from elearn.members.services.importing.results import result_workbook, template_workbook
from elearn.members.services.importing.undoing import check_undo
from elearn.members.views import blueprint
from elearn.units import queries as units

Answer = str | Response | tuple[str, int]
HIDDEN_FIELDS = ("ordinal",)


def _config() -> Config:
    config: Config = current_app.config["ELEARN"]
    return config


@blueprint.route("/admin/imports", methods=["GET", "POST"])
@requires("member.import")
@takes_file("max_import_mb")
def imports() -> Answer:
    """Earlier imports, and the form for another."""
    actor = current_user.actor
    error, status = "", 200
    chosen = request.form.get("unit", "") or request.args.get("unit", "")
    unit = units.find_unit(int(chosen)) if chosen.isdecimal() and len(chosen) < 10 else None
    if unit is not None and not may(actor, "member.import", Subject(unit.path)):
        unit = None
    if request.method == "POST":
        file = request.files.get("file")
        try:
            if unit is None:
                raise InvalidInput("no_unit", "Hãy chọn đơn vị trong phạm vi của bạn.", "unit")
            if file is None or not file.filename:
                raise InvalidInput("no_file", "Hãy chọn một tệp.", "file")
            limit = _config().max_import_mb * 1024 * 1024
            import_id = importing.open_import(
                current_user.named, unit.id, file.read(limit + 1), file.filename, request.form.get("decision", ""), _config().data_path,
                limit, clock.now(),
            )  # fmt: skip
            return redirect(url_for("members.import_mapping", import_id=import_id))
        except InvalidInput as refusal:
            error, status = said(refusal), 400
    page = render_template(
        "members/imports/list.html",
        page=queries.page_of_imports(actor, page_number()),
        units=units.list_choices(queries.within_scope(actor), unit),
        unit=unit,
        error=error,
        decision=request.form.get("decision", ""),
        limit=_config().max_import_mb,
        now=clock.now(),
    )
    return page, status


@blueprint.get("/admin/imports/template.xlsx")
@requires("member.import")
def import_template() -> Response:
    return excel_answer(template_workbook(), gettext("Mẫu danh sách thành viên"))


@blueprint.route("/admin/imports/<int:import_id>/mapping", methods=["GET", "POST"])
@requires("member.import")
def import_mapping(import_id: int) -> Answer:
    """What each column holds, as recognised and as corrected."""
    one = access_import(current_user.actor, import_id)
    error, place = "", -1
    sheets = one.layout["sheets"]
    if request.method == "POST":
        chosen = [_chosen(number, sheet) for number, sheet in enumerate(sheets)]
        try:
            importing.choose_mapping(one.id, chosen, clock.now())
        except InvalidInput as refusal:
            error, place = said(refusal), int(refusal.field.removeprefix("sheet-"))
            sheets = [
                {
                    **sheet,
                    "is_used": used,
                    "columns": [{**column, "field": mapping.get(column["column"], "")} for column in sheet["columns"]],
                }
                for sheet, (used, mapping) in zip(sheets, chosen, strict=True)
            ]
        else:
            return _run("import_stage", gettext("Đọc và đối chiếu danh sách"), import_id, "members.import_preview")
    page = render_template(
        "members/imports/mapping.html", one=one, sheets=sheets, fields=FIELDS, letters=column_letters, error=error, wrong=place
    )
    return page, 400 if error else 200


def _chosen(number: int, sheet: dict[str, Any]) -> tuple[bool, dict[int, str]]:
    mapping = {}
    for column in sheet["columns"]:
        field = request.form.get(f"sheet-{number}-{column['column']}", "")
        if field in FIELDS:
            mapping[column["column"]] = field
    return request.form.get(f"sheet-{number}") == "1", mapping


def _run(kind: str, title: str, import_id: int, then: str) -> Response:
    """Start background work on an import and go to its progress page."""
    member_id, name = current_user.named
    job_id = begin(kind, title, {"import": import_id, "member": member_id, "name": name}, member_id)
    return redirect(url_for("jobs.show", job_id=job_id, next=url_for(then, import_id=import_id)))


@blueprint.get("/admin/imports/<int:import_id>")
@requires("member.import")
def import_preview(import_id: int) -> Answer:
    """Every row with its fate, or with what became of it."""
    one = access_import(current_user.actor, import_id)
    if one.state == "mapping":
        return redirect(url_for("members.import_mapping", import_id=import_id))
    counts = queries.count_rows(import_id)
    choice = request.args.get("show", "")
    if choice not in queries.FILTERS:
        is_problem = one.state == "ready" and counts["faulty"] + counts["doubtful"] + counts["warning"]
        choice = "problems" if is_problem else "kept" if counts["kept"] else "failed" if counts["failed"] else "all"
    page = queries.page_of_rows(import_id, choice, request.args.get("q", ""), page_number())
    fields = list(dict.fromkeys(
        column["field"] for sheet in one.layout["sheets"] if sheet["is_used"] for column in sheet["columns"]
        if column["field"] and column["field"] not in HIDDEN_FIELDS
    ))  # fmt: skip
    return render_template(
        "members/imports/preview.html", one=one, counts=counts, choice=choice, page=page, words=request.args.get("q", ""),
        fields=fields, labels=FIELDS, names=queries.unit_names(page.items), masked=masked, undo_days=_config().import_undo_days,
        can_undo=_can_undo(one), next_doubtful=queries.next_undecided(import_id, 0) if one.state == "ready" else None,
    )  # fmt: skip


def _can_undo(one: Import) -> bool:
    try:
        check_undo(one, _config().import_undo_days, clock.now())
    except DomainError:
        return False
    return True


@blueprint.route("/admin/imports/<int:import_id>/rows/<int:place>", methods=["GET", "POST"])
@requires("member.import")
def import_row(import_id: int, place: int) -> Answer:
    """One row: decide whom it is, or put its cells right."""
    one = access_import(current_user.actor, import_id)
    row = queries.find_row(import_id, place)
    error = ""
    if request.method == "POST" and request.form.get("do") == "decide":
        decision = request.form.get("decision", "")
        member = request.form.get("member", "")
        if decision.startswith("match-"):
            decision, member = "match", decision.removeprefix("match-")
        try:
            importing.decide_row(import_id, place, decision, int(member) if member.isdecimal() and len(member) < 10 else None)
        except InvalidInput as refusal:
            error = said(refusal)
        else:
            following = queries.next_undecided(import_id, place)
            if following is None:
                flash(gettext("Mọi dòng nghi trùng đã được quyết định."), "success")
                return redirect(url_for("members.import_preview", import_id=import_id, show="all"))
            return redirect(url_for("members.import_row", import_id=import_id, place=following))
    elif request.method == "POST":
        texts = {field: request.form.get(field, "")[:500].replace("\x00", "") for field in FIELDS}
        action = importing.change_row(import_id, place, texts, local_day(clock.now()))
        if action not in ("faulty", "doubtful"):
            flash(gettext("Đã sửa dòng %(n)s.", n=row.number), "success")
            return redirect(url_for("members.import_preview", import_id=import_id))
        row = queries.find_row(import_id, place)
        one = access_import(current_user.actor, import_id)
    page = render_template(
        "members/imports/row.html", one=one, row=row, candidates=queries.list_candidates(row), labels=FIELDS, masked=masked,
        names=queries.unit_names([row]), error=error, left=queries.count_rows(import_id)["undecided"],
        problems={problem[0]: problem for problem in reversed(row.problems)},
    )  # fmt: skip
    return page, 400 if error or (request.method == "POST" and row.action == "faulty") else 200


@blueprint.route("/admin/imports/<int:import_id>/apply", methods=["GET", "POST"])
@requires("member.import")
def import_apply(import_id: int) -> Answer:
    """What will be written, then the writing."""
    one = access_import(current_user.actor, import_id)
    if one.state not in ("ready", "applying"):
        return redirect(url_for("members.import_preview", import_id=import_id))
    if request.method == "POST":
        return _run("import_apply", gettext("Nhập danh sách vào hồ sơ"), import_id, "members.import_preview")
    return render_template(
        "members/imports/apply.html", one=one, counts=queries.count_rows(import_id), undo_days=_config().import_undo_days
    )


@blueprint.route("/admin/imports/<int:import_id>/undo", methods=["GET", "POST"])
@requires("member.import")
def import_undo(import_id: int) -> Answer:
    one = access_import(current_user.actor, import_id)
    check_undo(one, _config().import_undo_days, clock.now())
    if request.method == "POST":
        return _run("import_undo", gettext("Hoàn tác lần nhập"), import_id, "members.import_preview")
    return render_template("members/imports/undo.html", one=one, counts=queries.count_rows(import_id))


@blueprint.post("/admin/imports/<int:import_id>/discard")
@requires("member.import")
def import_discard(import_id: int) -> Response:
    one = access_import(current_user.actor, import_id)
    importing.discard_import(one.id, current_user.named, _config().data_path, clock.now())
    flash(gettext("Đã bỏ lần nhập này. Chưa có gì được ghi."), "success")
    return redirect(url_for("members.imports"))


@blueprint.get("/admin/imports/<int:import_id>/rows.xlsx")
@requires("member.import")
def import_excel(import_id: int) -> Response:
    """The rows with what became of each; `show=faulty` gives those to put right, in a form that can be imported again."""
    one = access_import(current_user.actor, import_id)
    choice = request.args.get("show", "all")
    if choice not in queries.FILTERS:
        raise NotFound()
    sees = may(current_user.actor, "member.sensitive", Subject(one.unit.path))
    if choice == "faulty" and not sees and one.made_by_id != current_user.member_id:
        raise forbidden("member.sensitive")
    rows = queries.list_result_rows(import_id, choice)
    return excel_answer(
        result_workbook(one, rows, choice, clock.now(), current_user.named),
        gettext("Dòng phải sửa") if choice == "faulty" else gettext("Kết quả nhập"),
    )
