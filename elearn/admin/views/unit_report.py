"""Units as then and as now: people and attempts of a period, counted both ways."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.admin.queries.unit_report import unit_report
from elearn.admin.queries.units import asked_day
from elearn.admin.services.unit_report import report_workbook
from elearn.admin.views.pages import blueprint
from elearn.audit.services import note_export
from elearn.core import clock
from elearn.core.exports.excel import excel_answer
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.lib.periods import local

DEEPEST = 3


@blueprint.get("/units/report")
@requires("unit.view")
def units_report() -> str | Response:
    """Both ways beside each other, or as an Excel file."""
    today = local(clock.now()).date()
    problems = []
    asked = {name: request.args.get(name, "") for name in ("since", "until")}
    days = {name: asked_day(words) for name, words in asked.items()}
    if any(words and days[name] is None for name, words in asked.items()):
        problems.append(gettext("Ngày không đúng. Ví dụ: 14/10/2026."))
    until = days["until"] or today
    since = days["since"] or until - timedelta(days=30)
    if since > until:
        problems.append(gettext("Ngày đầu phải trước ngày cuối."))
        since = until - timedelta(days=30)
    raw = request.args.get("levels", "1")
    levels = min(int(raw), DEEPEST) if raw.isdecimal() and len(raw) < 3 else 1
    report = unit_report(current_user.actor, since, until, today, levels)
    if request.args.get("format") == "excel" and not problems:
        content = report_workbook(report, since, until)
        note_export(
            current_user.named,
            ("unit", current_user.unit_id, current_user.unit_name),
            len(report.now.lines),
            {"list": "unit_report"},
            clock.now(),
        )
        return excel_answer(content, gettext("Đơn vị như khi đó, như bây giờ"))
    return render_template(
        "admin/unit_report.html",
        report=report,
        since=since,
        until=until,
        today=today,
        levels=levels,
        asked=asked,
        problems=problems,
    )
