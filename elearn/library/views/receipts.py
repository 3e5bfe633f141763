"""Who of a branch has read a bulletin, unit by unit, and a reminder to those who have not."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.audit.services import note_export
from elearn.core import clock
from elearn.core.display import show_date, show_number
from elearn.core.exports.excel import Column, excel_answer, workbook
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.core.pages import page_number
from elearn.jobs.views import start_worker
from elearn.library.models import Document
from elearn.library.queries import receipts as found
from elearn.library.services.receipts import remind as send
from elearn.library.views.base import Answer, blueprint
from elearn.notices.rules.texts import paste_text

MOST_NAMES = 60


def _unit() -> int | None:
    asked = request.values.get("unit", "")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else None


def _text(document: Document, counted: found.Receipts, names: list[str], missing: int) -> str:
    """What is pasted into a chat group: how many, who is missing, where to read."""
    lines = [
        gettext(
            "%(unit)s: %(read)s/%(asked)s đảng viên đã đọc, còn %(missing)s.",
            unit=counted.whole.name, read=show_number(counted.whole.read), asked=show_number(counted.whole.asked), missing=show_number(missing),
        ),
        *(f"{number}. {name}" for number, name in enumerate(names, start=1)),
    ]  # fmt: skip
    if missing > len(names):
        lines.append(gettext("… và %(n)s người nữa.", n=show_number(missing - len(names))))
    return paste_text(document.title, lines, url_for("library.show", key=document.key, _external=True))


@blueprint.get("/admin/documents/<int:document_id>/receipts")
@requires("document.receipts")
def receipts(document_id: int) -> str:
    document = found.access_bulletin(current_user.actor, document_id)
    counted = found.count_receipts(current_user.actor, document, _unit())
    page = found.page_of_missing(document, counted.whole.unit_id, page_number())
    text = _text(document, counted, [member.display_name for member in page.items[:MOST_NAMES]], page.total)
    return render_template("library/admin/receipts.html", document=document, counted=counted, page=page, text=text)


@blueprint.get("/admin/documents/<int:document_id>/receipts.xlsx")
@requires("document.receipts")
def receipts_excel(document_id: int) -> Answer:
    document = found.access_bulletin(current_user.actor, document_id)
    counted, now = found.count_receipts(current_user.actor, document, _unit()), clock.now()
    columns = [
        Column(gettext("STT"), 6),
        Column(gettext("Đơn vị"), 44),
        Column(gettext("Số đảng viên"), 14),
        Column(gettext("Đã đọc"), 12),
    ]
    columns += [Column(gettext("Chưa đọc"), 12), Column(gettext("Tỷ lệ (%)"), 12)]
    rows = [
        (
            number,
            line.name,
            line.asked,
            line.read,
            line.asked - line.read,
            round(line.read * 100 / line.asked, 2) if line.asked else None,
        )
        for number, line in enumerate([*counted.lines, counted.whole] if counted.lines else [counted.whole], start=1)
    ]
    notes = [document.title, gettext("Đảng viên của đơn vị vào ngày công bố %(day)s.", day=show_date(counted.day))]
    note_export(current_user.named, ("document", document.id, document.name), len(rows), {"unit": counted.whole.unit_id}, now)
    name = gettext("Đọc bản tin")
    return excel_answer(workbook(name, notes, columns, rows), name)


@blueprint.post("/admin/documents/<int:document_id>/remind")
@requires("document.receipts")
def remind(document_id: int) -> Answer:
    document = found.access_bulletin(current_user.actor, document_id)
    unit_id = found.count_receipts(current_user.actor, document, _unit()).whole.unit_id
    missing = found.list_missing_ids(document, unit_id)
    outcome = send(current_user.named, document, missing, url_for("library.show", key=document.key), clock.now())
    back = url_for("library.receipts", document_id=document_id, unit=unit_id)
    if isinstance(outcome, str):
        start_worker()
        return redirect(url_for("jobs.show", job_id=outcome, next=back))
    if outcome.sent:
        flash(gettext("Đã nhắc %(n)s người.", n=show_number(outcome.sent)), "success")
    if outcome.held_back:
        flash(
            gettext("%(n)s người vừa được nhắc trong hai ngày qua nên lần này không nhắc lại.", n=show_number(outcome.held_back)),
            "info",
        )
    return redirect(back)
