"""One question of a file is put right: as typed text, or as fields where typed text has no words for it; read again while it is typed."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext, ngettext
from elearn.lib.errors import InvalidInput
from elearn.questions.models import QuestionImport, QuestionImportRow
from elearn.questions.queries import imports as found_imports
from elearn.questions.queries.imports import access_import
from elearn.questions.queries.looks import look_of
from elearn.questions.rules.answer_lines import HINTS, manner_of
from elearn.questions.rules.levels import LEVELS
from elearn.questions.rules.mending import Fields, fields_of, typed_text
from elearn.questions.rules.staging import draft_in
from elearn.questions.services import importing
from elearn.questions.services.importing.staging import Judged
from elearn.questions.views.base import Answer, blueprint
from elearn.questions.views.imports import parts_of_doubts, said_of, shown


def _asked() -> Fields | None:
    """The fields of the form; None where the question came as typed text."""
    if "typed" in request.form:
        return None
    return Fields(**{one.name: request.form.get(one.name, "").replace("\0", "")[:60_000] for one in fields(Fields)})


def _read(row: QuestionImportRow, bank_id: int) -> list[Judged]:
    asked = _asked()
    if asked is None:
        return importing.read_again(row, bank_id, request.form.get("typed", ""))
    return importing.read_fields(row, bank_id, asked)


def _looks(judged: list[Judged]) -> list[dict[str, Any]]:
    """Questions as they would now look, with their doubts."""
    return [
        {
            "draft": one.draft,
            "look": look_of(one.draft, one.files, not any(doubt.origin == "rule" for doubt in one.doubts)),
            "parts": parts_of_doubts(one.doubts),
        }
        for one in judged
    ]


@blueprint.route("/admin/questions/<code>/imports/<import_id>/rows/<int:place>", methods=["GET", "POST"])
@requires("question.edit")
def import_row(code: str, import_id: str, place: int) -> Answer:
    """The question as text or fields beside how it looks; what was typed stays whatever is wrong with it."""
    one = access_import(current_user.actor, code, import_id)
    row = found_imports.get_row(import_id, place)
    if one.state != "preview" or row.question_id is not None:
        return redirect(url_for("questions.import_preview", code=code, import_id=import_id))
    draft, _ = draft_in(row.draft)
    typed, values, looks, error, wrong = typed_text(draft), fields_of(draft), [shown(row)], "", ""
    if request.method == "POST":
        asked = _asked()
        typed, values = (request.form.get("typed", ""), values) if asked is None else (None, asked)
        try:
            judged = _read(row, one.bank_id)
            looks = _looks(judged)
            if request.form.get("do") != "look":
                left = importing.mend_row(import_id, one.bank_id, place, judged)
                if not left:
                    return _go_on(one, code, place, len(judged))
                row = found_imports.get_row(import_id, place)
                looks = [shown(row)] if len(judged) == 1 else looks
                error = gettext("Đã lưu, nhưng câu này vẫn phải sửa. Xem chỗ được khoanh.")
        except InvalidInput as refusal:
            error, wrong = said(refusal), refusal.field
    page = render_template(
        "questions/imports/row.html", one=one, bank=one.bank, row=row, typed=typed, values=values, looks=looks, error=error, wrong=wrong,
        said_of=said_of, levels=LEVELS, answers_hint=gettext(HINTS[manner_of(draft.type)]) if manner_of(draft.type) else "",
    )  # fmt: skip
    return page, 400 if error else 200


def _go_on(one: QuestionImport, code: str, place: int, count: int) -> Answer:
    """To the next question that has to be mended, or back to the list where there is none."""
    if count > 1:
        flash(ngettext("Đã tách thành %(num)s câu.", "Đã tách thành %(num)s câu.", count), "success")
    following = found_imports.next_to_mend(one.id, place)
    if following is None:
        flash(gettext("Câu %(place)s đã sửa xong. Không còn câu nào phải sửa.", place=place), "success")
        return redirect(url_for("questions.import_preview", code=code, import_id=one.id, show="all", _anchor=f"row-{place}"))
    flash(gettext("Câu %(place)s đã sửa xong. Đây là câu tiếp theo phải sửa.", place=place), "success")
    return redirect(url_for("questions.import_row", code=code, import_id=one.id, place=following))


@blueprint.post("/admin/questions/<code>/imports/<import_id>/rows/<int:place>/reading")
@requires("question.edit")
def import_reading(code: str, import_id: str, place: int) -> str:
    """How the question would be read as it is typed now, a piece of a page; nothing is kept."""
    one = access_import(current_user.actor, code, import_id)
    row = found_imports.get_row(import_id, place)
    try:
        looks, error = _looks(_read(row, one.bank_id)), ""
    except InvalidInput as refusal:
        looks, error = [], said(refusal)
    return render_template("questions/imports/_reading.html", looks=looks, error=error, said_of=said_of, levels=LEVELS)
