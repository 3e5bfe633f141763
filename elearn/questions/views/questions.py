"""One question: what it says, where it stands, where it is used; its versions; its steps between states; many changed at once."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext, ngettext
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.members.rules.permissions import demand, may
from elearn.questions import queries
from elearn.questions.hooks import performance_of, uses_of
from elearn.questions.queries import telling
from elearn.questions.queries.doubles import find_doubles, parts_of
from elearn.questions.queries.preview import preview_of
from elearn.questions.rules.differences import compare, is_key_touched
from elearn.questions.rules.versions import STEPS, problem_of
from elearn.questions.services import changing
from elearn.questions.views.base import Answer, blueprint, offer_undo, rights, today


@blueprint.get("/admin/questions/<code>/<question_code>")
@requires("question.view")
def question(code: str, question_code: str) -> Answer:
    return _page(code, question_code)


def _page(code: str, question_code: str, error: str = "", step: str = "", reason: str = "") -> Answer:
    found, versions = queries.access_question(current_user.actor, code, question_code)
    version, subject, actor = versions[0], queries.subject_of(found.bank), current_user.actor
    standing = changing.standing_of(found)
    steps = [
        (key, one, problem_of(key, standing, actor.member_id, "x"))
        for key, one in STEPS.items()
        if found.status in one.since and may(actor, one.permission, subject) and not (found.bank.is_from_files and key != "review")
    ]
    double = None
    if found.status != "retired":
        double = find_doubles([found.bank_id], [parts_of(version.type, version.stem, version.body)], without=[found.id])[0]
    page = render_template(
        "questions/question.html", question=found, bank=found.bank, version=version, versions=versions, steps=steps, double=double,
        preview=preview_of(version.type, version.stem, version.body, version.files, version.reason),
        is_outdated=telling.is_out_of_date(version, today()), findings=queries.findings_of([found.id])[found.id], uses=uses_of([found.id])[found.id],
        performance=performance_of([found.id]).get(found.id), title=queries.shorten(telling.title_of(version), 90), error=error, step=step,
        reason=reason, **rights(found.bank),
    )  # fmt: skip
    return page, 400 if error else 200


@blueprint.post("/admin/questions/<code>/<question_code>/status")
@requires("question.review")
def change_status(code: str, question_code: str) -> Answer:
    """Take the question a step on."""
    step, reason = request.form.get("step", ""), request.form.get("reason", "")
    if step not in STEPS:
        raise NotFound()
    found, _ = queries.access_question(current_user.actor, code, question_code)
    demand(current_user.actor, STEPS[step].permission, queries.subject_of(found.bank))
    if found.bank.is_from_files and step != "review":
        raise NotFound("from_files", "Ngân hàng này được nạp từ tệp nội dung, không sửa trên trang.")
    try:
        changing.change_status(current_user.named, found.id, step, reason, clock.now())
    except InvalidInput as refusal:
        return _page(code, question_code, said(refusal), step, reason)
    flash(gettext("Đã lưu: %(step)s.", step=gettext(STEPS[step].name)), "success")
    return redirect(url_for("questions.question", code=code, question_code=question_code))


@blueprint.get("/admin/questions/<code>/<question_code>/versions")
@requires("question.view")
def versions(code: str, question_code: str) -> str:
    """Two versions side by side in one text; the latest and the one before unless the address says otherwise."""
    found, all_of_it = queries.access_question(current_user.actor, code, question_code)
    by_number = {version.number: version for version in all_of_it}

    def asked(name: str, usual: int) -> int:
        words = request.args.get(name, "")
        number = int(words) if words.isdecimal() and len(words) < 7 else usual
        return number if number in by_number else usual

    newest = all_of_it[0].number
    new = asked("new", newest)
    old = asked("old", max([number for number in by_number if number < new], default=new))
    differences = compare(queries.content_of(by_number[old]), queries.content_of(by_number[new]))
    return render_template(
        "questions/versions.html", question=found, bank=found.bank, versions=all_of_it, old=by_number[old], new=by_number[new],
        differences=differences, is_key_touched=is_key_touched(differences),
    )  # fmt: skip


@blueprint.post("/admin/questions/<code>/bulk")
@requires("question.review")
def bulk(code: str) -> Answer:
    """One change for all chosen questions, or for all that the filters leave."""
    bank = queries.access_bank(current_user.actor, code)
    what, _, step = request.form.get("what", "").partition(":")
    permission = STEPS[step].permission if what == "step" and step in STEPS else "question.edit"
    if permission == "question.edit" or bank.is_from_files:
        queries.access_editable_bank(current_user.actor, code)
    else:
        demand(current_user.actor, permission, queries.subject_of(bank))
    filters = queries.Filters.read(
        {name.removeprefix("f-"): value for name, value in request.form.items() if name.startswith("f-")}
    )
    back = redirect(url_for("questions.bank", code=code, **filters.given()))  # type: ignore[arg-type]
    if what == "step" and step not in STEPS:
        raise NotFound()
    ids = [int(number) for number in request.form.getlist("ids") if number.isdecimal() and len(number) < 12]
    if request.form.get("everything"):
        ids = queries.list_ids([bank.id], filters, today(), current_user.member_id, changing.MOST + 1)
    value = step if what == "step" else request.form.get(f"value-{'tag' if what == 'untag' else what}", "")
    change = changing.Change(what, value, request.form.get("reason", ""))
    try:
        done = changing.change_many(current_user.named, bank.id, ids, change, clock.now())
    except InvalidInput as refusal:
        flash(said(refusal), "error")
        return back
    for problem, count in done.refused.items():
        told = ngettext("%(num)s câu giữ nguyên: %(why)s", "%(num)s câu giữ nguyên: %(why)s", count, why=gettext(problem))
        flash(told, "warning")
    words = (
        ngettext("Đã đổi %(num)s câu.", "Đã đổi %(num)s câu.", done.count) if done.count else gettext("Không có câu nào phải đổi.")
    )
    if done.undo is None:
        flash(words, "info")
    offer_undo(bank.id, done.undo, words)
    return back


@blueprint.post("/admin/questions/<code>/undo")
@requires("question.review")
def undo(code: str) -> Answer:
    """Take one's own change of many back."""
    bank = queries.access_bank(current_user.actor, code, "question.review")
    seq = request.form.get("seq", "")
    try:
        count = changing.undo_change(current_user.named, bank.id, int(seq) if seq.isdecimal() and len(seq) < 12 else 0, clock.now())
    except DomainError as refusal:
        flash(said(refusal), "error")
    else:
        flash(ngettext("Đã trả %(num)s câu về như trước.", "Đã trả %(num)s câu về như trước.", count), "success")
    return redirect(url_for("questions.bank", code=code))
