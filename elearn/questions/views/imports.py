"""Pages of the import of questions: choose a file, look at each question, put it right, apply, undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.config import Config
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires, takes_file
from elearn.core.i18n import gettext, ngettext, with_values
from elearn.core.pages import page_number
from elearn.jobs.views import begin
from elearn.lib.errors import InvalidInput, NotFound
from elearn.questions import queries
from elearn.questions.models import QuestionImport, QuestionImportRow
from elearn.questions.queries import imports as found_imports
from elearn.questions.queries.imports import FILTERS, Narrowed, access_import
from elearn.questions.queries.looks import look_of, looks_of
from elearn.questions.rules.files import FORMATS
from elearn.questions.rules.levels import LEVELS
from elearn.questions.rules.staging import Doubt, doubts_in, draft_in
from elearn.questions.rules.typed import as_text
from elearn.questions.services import faults_of, importing
from elearn.questions.services.importing.applying import CHUNK
from elearn.questions.services.importing.deciding import ForAll
from elearn.questions.views.base import Answer, blueprint
from elearn.questions.views.files import file_answer, format_names, told_formats

SAMPLES = ("xlsx", "docx", "text")
PASTED = "Văn bản dán vào"


def _config() -> Config:
    config: Config = current_app.config["ELEARN"]
    return config


def said_of(doubt: Doubt) -> str:
    """The doubt in the reader's language."""
    return with_values(doubt.message, doubt.values)


def _run(kind: str, title: str, one: QuestionImport) -> Answer:
    """Start background work on an import and go to its progress page."""
    member_id, name = current_user.named
    job_id = begin(kind, title, {"import": one.id, "member": member_id, "name": name}, member_id)
    return redirect(url_for("jobs.show", job_id=job_id, next=_preview_url(one)))


def _preview_url(one: QuestionImport, **more: Any) -> str:
    return url_for("questions.import_preview", code=one.bank.code, import_id=one.id, **more)


@blueprint.route("/admin/questions/<code>/imports", methods=["GET", "POST"])
@requires("question.edit")
@takes_file("max_import_mb")
def imports(code: str) -> Answer:
    """Earlier imports, and the form for another file or for pasted text."""
    bank = queries.access_editable_bank(current_user.actor, code)
    error, doubts = "", list[Doubt]()
    if request.method == "POST":
        try:
            return _take_file(bank.id, code)
        except InvalidInput as refusal:
            error, doubts = said(refusal), importing.doubts_of_refusal(refusal)
    page = render_template(
        "questions/imports/list.html",
        bank=bank, page=found_imports.page_of_imports(bank, page_number()), formats=told_formats(), samples=[FORMATS[key] for key in SAMPLES if key in FORMATS],
        error=error, doubts=doubts if len(doubts) > 1 else [], said_of=said_of, limit=_config().max_import_mb, text=request.form.get("text", ""),
        chosen=request.form.get("format", ""), format_names=format_names(),
    )  # fmt: skip
    return page, 400 if error else 200


def _take_file(bank_id: int, code: str) -> Answer:
    """Read what was sent: a short file at once, a long one in the background."""
    file, text, key = request.files.get("file"), request.form.get("text", ""), request.form.get("format", "")
    limit = _config().max_import_mb * 1024 * 1024
    if file is not None and file.filename:
        data, name = file.read(limit + 1), file.filename
        if len(data) > limit:
            raise InvalidInput(
                "file_too_large", "Tệp lớn hơn %(limit)s MB. Hãy chia thành nhiều tệp.", "file", limit=_config().max_import_mb
            )
    elif text.strip():
        data, name, key = text.encode(errors="replace"), gettext(PASTED), key or "text"
    else:
        raise InvalidInput("no_file", "Hãy chọn một tệp hoặc dán văn bản có câu hỏi.", "file")
    actor, now = current_user.named, clock.now()
    if not importing.is_large(data):
        import_id = importing.take_file(bank_id, data, name, key, actor, now)
        return redirect(url_for("questions.import_preview", code=code, import_id=import_id))
    import_id = importing.keep_for_later(bank_id, data, name, key, actor, _config().data_path, now)
    one = access_import(current_user.actor, code, import_id)
    return _run("questions_read", gettext("Đọc tệp câu hỏi"), one)


@blueprint.get("/admin/questions/<code>/imports/samples/<key>")
@requires("question.edit")
def import_sample(code: str, key: str) -> Response:
    """A small sound file of a format, to fill in or to look at."""
    queries.access_editable_bank(current_user.actor, code)
    if key not in FORMATS or not FORMATS[key].examples:
        raise NotFound()
    return file_answer(FORMATS[key].examples[0], gettext("Mẫu câu hỏi"), FORMATS[key])


def _narrowed(given: Any, default: str = "all") -> Narrowed:
    show = given.get("show", "")
    return Narrowed(show if show in FILTERS else default, given.get("q", "").replace("\0", "")[:200])


@blueprint.get("/admin/questions/<code>/imports/<import_id>")
@requires("question.edit")
def import_preview(code: str, import_id: str) -> str:
    """Every question as it will look, with its doubts; afterwards what became of it."""
    one = access_import(current_user.actor, code, import_id)
    counts = found_imports.count_rows(import_id)
    default = "fix" if one.state == "preview" and counts.fix else "all"
    narrowed = _narrowed(request.args, default)
    page = found_imports.page_of_rows(import_id, narrowed, page_number())
    doubles = found_imports.questions_by_id(row.double_of_id for row in page.items)
    return render_template(
        "questions/imports/preview.html", one=one, bank=one.bank, counts=counts, narrowed=narrowed, page=page, shown=[shown(row) for row in page.items],
        doubles=doubles, known_looks=looks_of(doubles.values()), said_of=said_of, levels=LEVELS,
        made=found_imports.questions_by_id(row.question_id for row in page.items), about_file=doubts_in(one.problems), format_name=format_names().get(one.format, one.format),
        documents=found_imports.list_documents() if one.state == "preview" else [], next_to_mend=found_imports.next_to_mend(import_id, 0),
    )  # fmt: skip


def shown(row: QuestionImportRow) -> dict[str, Any]:
    """A row with all that the page says of it."""
    draft, files = draft_in(row.draft)
    faults = faults_of(draft) if row.worst == "error" else []
    parts = parts_of_doubts(doubts_in(row.problems))
    return {"row": row, "draft": draft, "look": look_of(draft, files, not faults), "parts": parts, "is_sound": not faults}


def parts_of_doubts(doubts: Sequence[Doubt]) -> dict[str, list[Doubt]]:
    """Doubts by the part of the question beside which they stand."""
    parts: dict[str, list[Doubt]] = {}
    for doubt in doubts:
        parts.setdefault(doubt.part, []).append(doubt)
    return parts


@blueprint.get("/admin/questions/<code>/imports/<import_id>/faulty.txt")
@requires("question.edit")
def import_faulty(code: str, import_id: str) -> Response:
    """The questions that have to be mended, as typed text, for who would rather do it in a file."""
    one = access_import(current_user.actor, code, import_id)
    rows = found_imports.list_rows(one.id, Narrowed("fix"))
    text = "\n\n".join(as_text(draft_in(row.draft)[0], row.place) for row in rows)
    return file_answer((text + "\n").encode(), gettext("Câu phải sửa"), FORMATS["text"])


@blueprint.post("/admin/questions/<code>/imports/<import_id>/choose")
@requires("question.edit")
def import_choose(code: str, import_id: str) -> Answer:
    """Take or skip one question or all that are shown, or confirm that one is right as it stands."""
    one = access_import(current_user.actor, code, import_id)
    narrowed, place = _narrowed(request.form), request.form.get("place", "")
    choice, number = request.form.get("choice", ""), int(place) if place.isdecimal() and len(place) < 9 else None
    if number is not None and choice == "confirm":
        importing.confirm_row(one.id, number)
    else:
        changed, left = importing.choose_rows(one.id, choice, narrowed, number)
        if number is None:
            words = gettext("Đã chọn nhập %(n)s câu.") if choice == "take" else gettext("Đã bỏ qua %(n)s câu.")
            more = gettext(" %(n)s câu phải sửa trước khi nhập được.") % {"n": left} if left else ""
            flash(words % {"n": changed} + more, "warning" if left else "success")
        elif left:
            flash(gettext("Câu này phải sửa trước khi nhập được."), "warning")
    place_shown = {"show": narrowed.show, "q": narrowed.words or None, "page": request.form.get("page") or None}
    return redirect(_preview_url(one, **place_shown, _anchor=f"row-{number}" if number else "list"))


@blueprint.post("/admin/questions/<code>/imports/<import_id>/all")
@requires("question.edit")
def import_set(code: str, import_id: str) -> Answer:
    """Say the same of all questions that are shown: category, topic, level, tags, source."""
    one = access_import(current_user.actor, code, import_id)
    names = ("category", "topic", "level", "tags", "document", "clause", "source")
    wanted = ForAll(**{name: request.form.get(name, "").replace("\0", "")[:500].strip() for name in names})
    narrowed = _narrowed(request.form)
    try:
        count = importing.set_for_all(one.id, narrowed, wanted)
    except InvalidInput as refusal:
        flash(said(refusal), "error")
    else:
        flash(ngettext("Đã đặt cho %(num)s câu.", "Đã đặt cho %(num)s câu.", count), "success")
    return redirect(_preview_url(one, show=narrowed.show, q=narrowed.words or None))


@blueprint.route("/admin/questions/<code>/imports/<import_id>/apply", methods=["GET", "POST"])
@requires("question.edit")
def import_apply(code: str, import_id: str) -> Answer:
    """What will be written, then the writing: at once where there is little, in the background where there is much."""
    one = access_import(current_user.actor, code, import_id)
    counts = found_imports.count_rows(import_id)
    if one.state not in ("preview", "applying"):
        return redirect(_preview_url(one))
    if request.method == "GET":
        return render_template("questions/imports/apply.html", one=one, bank=one.bank, counts=counts)
    if counts.take > CHUNK:
        return _run("questions_apply", gettext("Nhập câu hỏi vào ngân hàng"), one)
    address = _preview_url(one)
    importing.apply_import(import_id, current_user.named, clock.now)
    return redirect(address)


@blueprint.route("/admin/questions/<code>/imports/<import_id>/undo", methods=["GET", "POST"])
@requires("question.edit")
def import_undo(code: str, import_id: str) -> Answer:
    one = access_import(current_user.actor, code, import_id)
    counts = found_imports.count_rows(import_id)
    if one.state not in ("applied", "applying", "undoing"):
        return redirect(_preview_url(one))
    if request.method == "GET":
        return render_template("questions/imports/undo.html", one=one, bank=one.bank, counts=counts)
    if counts.done > CHUNK:
        return _run("questions_undo", gettext("Hoàn tác lần nhập câu hỏi"), one)
    address = _preview_url(one)
    importing.undo_import(import_id, current_user.named, clock.now)
    return redirect(address)


@blueprint.route("/admin/questions/<code>/imports/<import_id>/drop", methods=["GET", "POST"])
@requires("question.edit")
def import_drop(code: str, import_id: str) -> Answer:
    one = access_import(current_user.actor, code, import_id)
    if request.method == "GET":
        return render_template("questions/imports/drop.html", one=one, bank=one.bank)
    importing.drop_import(one.id, current_user.named, _config().data_path, clock.now())
    flash(gettext("Đã bỏ lần nhập này. Ngân hàng không thay đổi."), "success")
    return redirect(url_for("questions.imports", code=code))


@blueprint.post("/admin/questions/<code>/imports/<import_id>/reopen")
@requires("question.edit")
def import_reopen(code: str, import_id: str) -> Answer:
    """An undone import is laid out again; one that was not read to its end is read again."""
    one = access_import(current_user.actor, code, import_id)
    if one.state == "reading":
        return _run("questions_read", gettext("Đọc tệp câu hỏi"), one)
    address = _preview_url(one)
    importing.reopen_import(one.id, current_user.named, clock.now())
    return redirect(address)
