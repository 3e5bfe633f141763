"""One question of a file is put right: as typed text, which is read again while one types, or in the editor's form."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext, ngettext
from elearn.lib.errors import InvalidInput, NotFound
from elearn.questions.forms.shapes import SHAPES
from elearn.questions.forms.sheets import act, read_sheet, sheet_of
from elearn.questions.models import QuestionImport, QuestionImportRow
from elearn.questions.queries import imports as found_imports
from elearn.questions.queries.imports import access_import
from elearn.questions.queries.looks import look_of
from elearn.questions.queries.telling import document_words
from elearn.questions.rules.mending import typed_text
from elearn.questions.rules.staging import draft_in
from elearn.questions.services import importing
from elearn.questions.services.importing.staging import Judged
from elearn.questions.views.base import Answer, blueprint
from elearn.questions.views.editing import editor_of, sound_draft, take_picture
from elearn.questions.views.imports import parts_of_doubts, said_of, shown


def _row_to_mend(code: str, import_id: str, place: int) -> tuple[QuestionImport, QuestionImportRow]:
    """The import and the row; NotFound where there is nothing to be put right any more."""
    one = access_import(current_user.actor, code, import_id)
    row = found_imports.get_row(import_id, place)
    if one.state != "preview" or row.question_id is not None:
        raise NotFound("not_open", "Lần nhập này không còn ở bước xem trước nên không sửa được nữa.")
    return one, row


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
    """The question as text beside how it looks; what was typed stays whatever is wrong with it."""
    one, row = _row_to_mend(code, import_id, place)
    typed, looks, error = typed_text(draft_in(row.draft)[0], place), [shown(row)], ""
    if request.method == "POST":
        typed = request.form.get("typed", "")
        try:
            judged = importing.read_again(row, one.bank_id, typed)
            looks = _looks(judged)
            if request.form.get("do") != "look":
                left = importing.mend_row(import_id, place, judged)
                if not left:
                    return _go_on(one, code, place, len(judged))
                row = found_imports.get_row(import_id, place)
                error = gettext("Đã lưu, nhưng câu này vẫn phải sửa. Xem chỗ được khoanh.")
        except InvalidInput as refusal:
            error = said(refusal)
    elif typed is None:
        return redirect(url_for("questions.import_form", code=code, import_id=import_id, place=place))
    page = render_template(
        "questions/imports/row.html", one=one, bank=one.bank, row=row, typed=typed, looks=looks, error=error, said_of=said_of
    )
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
    one, row = _row_to_mend(code, import_id, place)
    try:
        looks, error = _looks(importing.read_again(row, one.bank_id, request.form.get("typed", ""))), ""
    except InvalidInput as refusal:
        looks, error = [], said(refusal)
    return render_template("questions/imports/_reading.html", looks=looks, error=error, said_of=said_of)


@blueprint.route("/admin/questions/<code>/imports/<import_id>/rows/<int:place>/form", methods=["GET", "POST"])
@requires("question.edit")
def import_form(code: str, import_id: str, place: int) -> Answer:
    """The question in the form in which questions of the bank are written; every type has one."""
    one, row = _row_to_mend(code, import_id, place)
    draft, files = draft_in(row.draft)
    if draft.type not in SHAPES:
        raise NotFound("no_form", "Loại câu này chưa sửa được ở đây. Hãy bỏ qua câu này hoặc sửa trong tệp.")
    if request.method == "GET":
        document = found_imports.document_by_key(draft.document)
        return _form(one, row, editor_of(one.bank, sheet_of(draft, files, document_words(document) if document else ""), False))
    sheet, do = read_sheet(draft.type, request.form.to_dict()), request.form.get("do", "save")
    if do == "picture":
        take_picture(sheet, request.files.get("picture"))
    elif do != "save":
        if not act(sheet, do) and do != "preview":
            raise NotFound()
    elif (changed := sound_draft(sheet, draft)) is not None:
        judged = importing.read_form(row, one.bank_id, changed, sheet.pictures)
        importing.mend_row(import_id, place, judged)
        return _go_on(one, code, place, 1)
    return _form(one, row, editor_of(one.bank, sheet, do == "preview", do, True), 400 if sheet.errors else 200)


def _form(one: QuestionImport, row: QuestionImportRow, context: dict[str, Any], status: int = 200) -> Answer:
    page = render_template(
        "questions/imports/form.html", one=one, row=row, item=shown(row), said_of=said_of, question=None, **context
    )
    return page, status
