"""Lists of banks and of their questions; banks made and described; the list as Excel."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.audit.services import note_export
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.exports.excel import Column, excel_answer, workbook
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.core.pages import page_number
from elearn.lib.errors import InvalidInput
from elearn.members.rules.permissions import may_anywhere
from elearn.questions import queries
from elearn.questions.forms.banks import BankForm, NewBankForm
from elearn.questions.hooks import performance_of
from elearn.questions.queries import finding, telling
from elearn.questions.rules.levels import LEVELS
from elearn.questions.rules.linting import RULES
from elearn.questions.rules.versions import STATES
from elearn.questions.services import banks as services
from elearn.questions.views.base import Answer, blueprint, filter_choices, rights, take_undo, today

MOST_EXPORTED = 20_000


@blueprint.get("/admin/questions")
@requires("question.view")
def overview() -> str:
    actor = current_user.actor
    shelves = queries.list_banks(actor)
    own = [shelf.bank.id for shelf in shelves if shelf.is_open]
    return render_template(
        "questions/overview.html", own=[shelf for shelf in shelves if shelf.is_open], lent=[shelf for shelf in shelves if not shelf.is_open],
        waiting=queries.count_waiting(own, actor.member_id) if may_anywhere(actor, "question.review") else 0,
        expired=queries.count_expired(own, today()),
    )  # fmt: skip


@blueprint.get("/admin/questions/all")
@requires("question.view")
def all_questions() -> str:
    """Questions of every bank that the reader may open."""
    filters = queries.Filters.read(request.args)
    ids = [shelf.bank.id for shelf in queries.list_banks(current_user.actor) if shelf.is_open]
    page = queries.page_of_questions(ids, filters, page_number(), today(), current_user.member_id)
    return render_template("questions/all.html", page=page, filters=filters, choices=filter_choices(filters), **_beside(page.items))


def _beside(questions: object) -> dict[str, object]:
    items = list(questions) if isinstance(questions, list | tuple) else []
    versions = queries.current_versions(items)
    return {
        "versions": versions,
        "titles": {number: queries.shorten(telling.title_of(version), 160) for number, version in versions.items()},
        "outdated": {number for number, version in versions.items() if telling.is_out_of_date(version, today())},
        "findings": queries.findings_of([question.id for question in items]),
        "most": finding.MOST_COUNTED,
    }


@blueprint.get("/admin/questions/<code>")
@requires("question.view")
def bank(code: str) -> str:
    found = queries.access_bank(current_user.actor, code)
    filters = queries.Filters.read(request.args)
    page = queries.page_of_questions([found.id], filters, page_number(), today(), current_user.member_id)
    topics, categories = queries.list_topics(found), queries.list_paths(found.id)
    return render_template(
        "questions/bank.html", bank=found, page=page, filters=filters, topics=topics, categories=categories,
        choices=filter_choices(filters, topics, categories),
        undo=take_undo(found.id), **rights(found), **_beside(page.items),
    )  # fmt: skip


@blueprint.route("/admin/questions/new", methods=["GET", "POST"])
@requires("question.edit")
def new_bank() -> Answer:
    form = NewBankForm()
    form.unit.choices = queries.list_owners(current_user.actor)
    if form.validate_on_submit():
        unit = queries.access_unit(current_user.actor, form.unit.data)
        try:
            code = services.make_bank(
                current_user.named,
                form.title.data,
                form.summary.data or "",
                unit.id,
                bool(form.is_lent.data),
                clock.now(),
                form.code.data or "",
            )
        except InvalidInput as refusal:
            form[refusal.field].errors = [said(refusal)]
        else:
            flash(gettext("Đã lập ngân hàng. Bước tiếp theo: viết câu đầu tiên."), "success")
            return redirect(url_for("questions.bank", code=code))
    return render_template("questions/new_bank.html", form=form), 400 if request.method == "POST" else 200


@blueprint.route("/admin/questions/<code>/settings", methods=["GET", "POST"])
@requires("question.edit")
def bank_settings(code: str) -> Answer:
    found = queries.access_editable_bank(current_user.actor, code)
    form = BankForm(data={"title": found.title, "summary": found.summary, "is_lent": found.is_lent})
    if form.validate_on_submit():
        services.edit_bank(
            current_user.named, found.id, form.title.data, form.summary.data or "", bool(form.is_lent.data), clock.now()
        )
        flash(gettext("Đã lưu."), "success")
        return redirect(url_for("questions.bank", code=code))
    return render_template("questions/bank_settings.html", form=form, bank=found), 400 if request.method == "POST" else 200


@blueprint.get("/admin/questions/<code>/list.xlsx")
@requires("question.view")
def bank_excel(code: str) -> Answer:
    """What the filters leave, with the key: it goes into the log."""
    found = queries.access_bank(current_user.actor, code)
    filters = queries.Filters.read(request.args)
    now = clock.now()
    ids = queries.list_ids([found.id], filters, today(), current_user.member_id, MOST_EXPORTED)
    findings, performance = queries.findings_of(ids), performance_of(ids)
    headings = [
        (gettext("Mã"), 16), (gettext("Câu hỏi"), 70), (gettext("Đáp án"), 40), (gettext("Loại"), 18), (gettext("Mức độ"), 14), (gettext("Chủ đề"), 24),
        (gettext("Chuyên mục"), 24), (gettext("Nhãn"), 20), (gettext("Trạng thái"), 16), (gettext("Nguồn"), 30), (gettext("Điều, khoản"), 14),
        (gettext("Tính đến ngày"), 14), (gettext("Người viết"), 22), (gettext("Người thẩm định"), 22), (gettext("Bản"), 8), (gettext("Nên xem lại"), 40),
        (gettext("Lượt làm"), 10), (gettext("Tỉ lệ đúng"), 12), (gettext("Độ phân biệt"), 12),
    ]  # fmt: skip

    def rows() -> object:
        for question, version in telling.rows_of(ids):
            did = performance.get(question.id)
            yield (
                question.code, telling.title_of(version), telling.key_words(version), gettext(queries.TYPES[version.type].name),
                gettext(LEVELS[question.level]) if question.level else "", question.topic, question.category.path if question.category else "",
                ", ".join(tag.tag for tag in question.tags), gettext(STATES[question.status]),
                version.document.name if version.document else version.source, version.clause, version.as_of,
                question.author.display_name if question.author else "", question.reviewer.display_name if question.reviewer else "", version.number,
                "; ".join(gettext(RULES[rule].name) for rule in findings[question.id] if rule in RULES),
                did.attempts if did else None, did.facility if did else None, did.discrimination if did else None,
            )  # fmt: skip

    notes = [
        gettext("Có đáp án: chỉ dùng trong việc biên tập, thẩm định."),
        gettext("Tính đến %(day)s.", day=f"{today():%d/%m/%Y}"),
    ]
    if len(ids) == MOST_EXPORTED:
        notes.append(gettext("Chỉ gồm %(count)s câu đầu. Hãy lọc để lấy phần còn lại.", count=MOST_EXPORTED))
    content = workbook(found.title, notes, [Column(heading, width) for heading, width in headings], rows())  # type: ignore[arg-type]
    note_export(current_user.named, ("bank", found.id, found.title), len(ids), filters.given(), now)
    return excel_answer(content, f"ngan-hang-{found.code}")
