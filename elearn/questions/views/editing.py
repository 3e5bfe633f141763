"""The editor: one form for each type, which works without a script; a preview as the taker sees it; what an edit touches before it is saved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.questions import queries
from elearn.questions.forms.shapes import COMMON, SHAPES
from elearn.questions.forms.sheets import Sheet, act, add_picture, draft_from, new_sheet, read_sheet, sheet_of
from elearn.questions.hooks import uses_of
from elearn.questions.models import Bank, Question, QuestionVersion
from elearn.questions.queries import telling
from elearn.questions.queries.doubles import find_doubles, parts_of
from elearn.questions.queries.preview import preview_of
from elearn.questions.rules.differences import compare, is_key_touched
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.linting import RULES, Item, lint
from elearn.questions.rules.versions import Content
from elearn.questions.services import editing, faults_of
from elearn.questions.views.base import Answer, blueprint

_FIELDS = {one.name: one for one in COMMON}
# Where an error of a part of a draft is shown, when the part has no control of its own.
_PLACES = {"picture": "picture", "type": "text"}


@blueprint.get("/admin/questions/<code>/new")
@requires("question.edit")
def choose_type(code: str) -> str:
    bank = queries.access_editable_bank(current_user.actor, code)
    return render_template("questions/choose_type.html", bank=bank, category=request.args.get("category", ""))


@blueprint.route("/admin/questions/<code>/new/<kind>", methods=["GET", "POST"])
@requires("question.edit")
def new_question(code: str, kind: str) -> Answer:
    bank = queries.access_editable_bank(current_user.actor, code)
    if kind not in SHAPES or kind not in queries.TYPES:
        raise NotFound()
    if request.method == "GET":
        sheet = new_sheet(kind)
        sheet.values["category"] = request.args.get("category", "")[:400]
        sheet.values["topic"] = request.args.get("topic", "")[:200]
        return _show(bank, sheet)
    sheet = read_sheet(kind, request.form.to_dict())
    do = request.form.get("do", "save")
    if do != "save":
        return _work(bank, sheet, do, None, None)
    draft = sound_draft(sheet, None)
    if draft is None:
        return _show(bank, sheet, status=400)
    try:
        made = editing.create_question(current_user.named, bank.id, draft, sheet.pictures, clock.now())
    except InvalidInput as refusal:
        sheet.fault(_PLACES.get(refusal.field, refusal.field), said(refusal))
        return _show(bank, sheet, status=400)
    flash(gettext("Đã lưu câu %(code)s ở dạng bản nháp. Người khác thẩm định xong mới đưa vào dùng được.", code=made), "success")
    if request.form.get("next"):
        return redirect(url_for("questions.new_question", code=code, kind=kind, category=draft.category, topic=draft.topic))
    return redirect(url_for("questions.question", code=code, question_code=made))


@blueprint.route("/admin/questions/<code>/<question_code>/edit", methods=["GET", "POST"])
@requires("question.edit")
def edit_question(code: str, question_code: str) -> Answer:
    question, versions = queries.access_question(current_user.actor, code, question_code, "question.edit")
    version = versions[0]
    old = replace(queries.draft_of(version, with_files=False), files={})
    if request.method == "GET":
        sheet = sheet_of(old, version.files or {}, telling.document_words(version.document) if version.document else "")
        sheet.values["seen"] = str(question.version_number)
        return _show(question.bank, sheet, question)
    sheet = read_sheet(version.type, request.form.to_dict())
    do = request.form.get("do", "save")
    if do != "save":
        return _work(question.bank, sheet, do, question, old)
    draft = sound_draft(sheet, old)
    if draft is None:
        return _show(question.bank, sheet, question, status=400)
    touched = _touched(question, version, draft, sheet)
    if touched is not None and not request.form.get("confirmed"):
        return render_template(
            "questions/confirm_edit.html", bank=question.bank, question=question, controls=list(sheet.controls), **touched
        )
    try:
        number = editing.save_question(
            current_user.named, question.id, draft, sheet.pictures, sheet.get("note"), int(sheet.get("seen") or 0), clock.now()
        )
    except InvalidInput as refusal:
        sheet.fault(_PLACES.get(refusal.field, refusal.field), said(refusal))
    except DomainError as refusal:
        sheet.fault("text", said(refusal))
    else:
        if number is None:
            flash(gettext("Đã lưu. Lời và đáp án không đổi nên không có bản mới."), "success")
        else:
            flash(
                gettext("Đã lưu bản %(n)s ở dạng bản nháp. Người khác thẩm định xong mới đưa vào dùng lại được.", n=number),
                "success",
            )
        return redirect(url_for("questions.question", code=code, question_code=question_code))
    return _show(question.bank, sheet, question, status=400)


@blueprint.post("/admin/questions/<code>/preview/<kind>")
@requires("question.edit")
def preview_part(code: str, kind: str) -> str:
    """Only the preview, for the script that keeps it fresh while one types."""
    queries.access_editable_bank(current_user.actor, code)
    if kind not in SHAPES or kind not in queries.TYPES:
        raise NotFound()
    sheet = read_sheet(kind, request.form.to_dict())
    return render_template("questions/_preview.html", **_preview(sheet, draft_from(sheet, None)))


def sound_draft(sheet: Sheet, old: Draft | None) -> Draft | None:
    """The draft, or None with its errors put at their places."""
    draft = draft_from(sheet, old)
    try:
        document = telling.find_document(sheet.get("document"))
        draft.document = document.key if document else ""
    except InvalidInput as refusal:
        sheet.fault("document", said(refusal))
    if not sheet.errors:
        first = SHAPES[sheet.kind].groups[0].name if SHAPES[sheet.kind].groups else "text"
        first = "body-answer" if sheet.kind == "true_false" else first
        for fault in faults_of(draft):
            sheet.fault(first if fault.field == "body" else _PLACES.get(fault.field, fault.field), gettext(fault.message))
    return None if sheet.errors else draft


def _touched(question: Question, version: QuestionVersion, draft: Draft, sheet: Sheet) -> dict[str, Any] | None:
    """What the edit would touch, for the page before it; None where nobody needs to look: nothing changes, or nobody uses the question."""
    content = Content(
        type=draft.type, text=draft.text, body=draft.body, explanation=draft.explanation, name=draft.name, default_mark=draft.default_mark,
        files=sheet.pictures, source=draft.source, clause=draft.clause, as_of=draft.as_of, valid_to=draft.valid_to, extra=draft.extra,
        document_id=version.document_id if draft.document == (version.document.key if version.document else "") else 0,
    )  # fmt: skip
    differences = compare(queries.content_of(version), content)
    uses = uses_of([question.id])[question.id]
    if not differences or (question.status != "in_use" and not uses):
        return None
    return {
        "differences": differences, "is_key_touched": is_key_touched(differences), "live": [use for use in uses if use.is_live],
        "past": [use for use in uses if not use.is_live], "attempts": sum(use.attempts for use in uses),
    }  # fmt: skip


def _work(bank: Bank, sheet: Sheet, do: str, question: Question | None, old: Draft | None) -> Answer:
    """What the other buttons do: rows, a picture, the preview; then the same page again, with everything still in it."""
    if do == "picture":
        take_picture(sheet, request.files.get("picture"))
    elif not act(sheet, do) and do not in ("preview", "back"):
        raise NotFound()
    return _show(bank, sheet, question, with_preview=do == "preview", status=400 if sheet.errors else 200, moved=do)


def take_picture(sheet: Sheet, file: FileStorage | None) -> None:
    """Keep the picture that came with the form and put it into the stem; errors go to their places."""
    alt = sheet.get("alt")
    if not alt:
        sheet.fault("alt", "Hãy viết lời mô tả hình, để người dùng trình đọc màn hình cũng làm được câu này.")
    if file is None or not file.filename:
        sheet.fault("picture", "Hãy chọn tệp hình.")
    if sheet.errors or file is None:
        return
    try:
        digest = editing.upload_picture(current_user.named, file.read(), clock.now())
    except InvalidInput as refusal:
        sheet.fault("picture", said(refusal))
        return
    add_picture(sheet, file.filename or "hinh.png", digest, alt)
    sheet.values["alt"] = ""


def _preview(sheet: Sheet, draft: Draft) -> dict[str, Any]:
    found = preview_of(draft.type, draft.text, draft.body, sheet.pictures, draft.explanation)
    faults = [gettext(fault.message) for fault in faults_of(draft) if fault.field in ("body", "text")]
    item = Item(draft.type, draft.text, draft.body, draft.explanation, bool(sheet.get("document") or draft.source))
    return {"preview": found, "preview_faults": faults, "preview_findings": lint(item) if found else {}, "lint_rules": RULES}


def editor_of(bank: Bank, sheet: Sheet, with_preview: bool = True, moved: str = "", is_new: bool = False) -> dict[str, Any]:
    """What the editor's page shows. A preview is drawn from a copy, so that half-written controls are not called wrong before saving."""
    copy = Sheet(sheet.kind, dict(sheet.values), dict(sheet.rows), dict(sheet.pictures))
    draft = draft_from(copy, None)
    has_words = bool(sheet.get("text").strip())
    double = None
    if with_preview and has_words and is_new and moved == "preview":
        double = find_doubles([bank.id], [parts_of(draft.type, draft.text, draft.body)])[0]
    shown = _preview(copy, draft) if has_words else {"preview": None, "preview_faults": [], "preview_findings": {}}
    return {
        "bank": bank, "sheet": sheet, "shape": SHAPES[sheet.kind], "kind": queries.TYPES[sheet.kind], "common": _FIELDS,
        "topics": queries.list_topics(bank), "categories": queries.list_paths(bank.id), "documents": telling.list_documents(),
        "double": double, "moved": moved, **shown,
    }  # fmt: skip


def _show(
    bank: Bank, sheet: Sheet, question: Question | None = None, with_preview: bool = True, status: int = 200, moved: str = ""
) -> Answer:
    page = render_template(
        "questions/edit.html", question=question, **editor_of(bank, sheet, with_preview, moved, question is None)
    )
    return page, status
