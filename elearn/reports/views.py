"""Pages of reports: the list, one report as page or file, the criteria of the yearly score."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.audit.services import note_export
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.exports.csv import csv_answer
from elearn.core.exports.excel import excel_answer
from elearn.core.exports.word import word_answer
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.lib.errors import InvalidInput, NotFound
from elearn.members.queries import managed_unit_name
from elearn.reports import queries
from elearn.reports.forms import read_criteria, read_plans
from elearn.reports.rules.asking import Context, Report, chosen
from elearn.reports.rules.written import MOST_ROWS_ON_PAGE, as_text, row_texts
from elearn.reports.services import files
from elearn.reports.services.scoring import set_class_plans, set_criteria

blueprint = Blueprint("reports", __name__, template_folder="templates", url_prefix="/admin/reports")
Answer = str | Response | tuple[str, int]
WRITERS = {
    "xlsx": (files.write_excel, excel_answer),
    "docx": (files.write_report, word_answer),
    "csv": (files.write_csv, csv_answer),
}


def _asked(key: str) -> tuple[Report, Context, dict[str, Any]]:
    """The report, what it is made from, and what may be chosen."""
    report = queries.access_report(current_user.actor, key)
    context = queries.context_of(current_user.actor, request.args.to_dict(), clock.now())
    context, options = chosen(report, context)
    return report, context, options


@blueprint.get("")
@requires("report.view")
def overview() -> str:
    return render_template("reports/overview.html", reports=queries.list_reports(current_user.actor))


@blueprint.get("/<key>")
@requires("report.view")
def show(key: str) -> str:
    report, context, options = _asked(key)
    written = report.build(context)
    return render_template(
        "reports/show.html", report=report, written=written, options=options, asked=context.asked, row_texts=row_texts, most=MOST_ROWS_ON_PAGE,
        text=as_text(written) if written else "", files={ending: _address(report, context, ending) for ending in WRITERS},
        unit=context.number("unit"), year=context.asked.get("year", "") or context.asked.get("span", "")[:4],
    )  # fmt: skip


def _address(report: Report, context: Context, ending: str) -> str:
    asked: dict[str, Any] = {choice.name: context.asked[choice.name] for choice in report.choices}
    return url_for("reports.download", key=report.key, ending=ending, **asked)


@blueprint.get("/<key>.<ending>")
@requires("report.view")
def download(key: str, ending: str) -> Response:
    if ending not in WRITERS:
        raise NotFound()
    report, context, _ = _asked(key)
    written = report.build(context)
    if written is None:
        raise NotFound()
    write, answer = WRITERS[ending]
    filters = {"format": ending, **{choice.name: context.asked[choice.name] for choice in report.choices}}
    note_export(current_user.named, ("report", report.key, written.title), written.row_count, filters, context.now)
    return answer(write(written), written.title)


@blueprint.route("/scorecard/criteria/<int:unit_id>/<int:year>", methods=["GET", "POST"])
@requires("score.manage")
def criteria(unit_id: int, year: int) -> Answer:
    unit = queries.access_scoring_unit(current_user.actor, unit_id)
    if not 2000 <= year <= 2100:
        raise NotFound()
    sources, error = queries.list_sources(), ("", "")
    if request.method == "POST":
        try:
            set_criteria(
                current_user.named, (unit.id, unit.name), year, read_criteria(request.form, sources), list(sources), clock.now()
            )
        except InvalidInput as refusal:
            error = (refusal.field, said(refusal))
        else:
            flash(gettext("Đã lưu tiêu chí chấm điểm năm %(year)s.", year=year), "success")
            return redirect(url_for("reports.show", key="scorecard", unit=unit.id, year=year))
    present = {one.source: one for one in queries.list_criteria(unit.id, year)}
    page = render_template(
        "reports/criteria.html", unit=unit, year=year, sources=sources, present=present, typed=request.form, error=error,
        managed=managed_unit_name(current_user.actor),
    )  # fmt: skip
    return page, 400 if error[1] else 200


@blueprint.route("/class_results/plan/<int:unit_id>/<int:year>", methods=["GET", "POST"])
@requires("score.manage")
def class_plan(unit_id: int, year: int) -> Answer:
    unit = queries.access_scoring_unit(current_user.actor, unit_id)
    if not 2000 <= year <= 2100:
        raise NotFound()
    planned, error = queries.list_planned(unit, year), ("", "")
    if request.method == "POST":
        ids = [number for number, _, _ in planned]
        try:
            set_class_plans(current_user.named, (unit.id, unit.name), year, read_plans(request.form, ids), ids, clock.now())
        except InvalidInput as refusal:
            error = (refusal.field, said(refusal))
        else:
            flash(gettext("Đã lưu kế hoạch mở lớp năm %(year)s.", year=year), "success")
            return redirect(url_for("reports.show", key="class_results", unit=unit.id, span=year))
    page = render_template("reports/class_plan.html", unit=unit, year=year, planned=planned, typed=request.form, error=error)
    return page, 400 if error[1] else 200
