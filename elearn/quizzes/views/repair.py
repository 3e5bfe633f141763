"""Pages of officers: questions of a quiz that were sat, corrections from proposal to reverting, cases of reported questions."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from elearn.audit.services import note_export
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.exports.excel import Column, excel_answer, workbook
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.core.pages import page_number
from elearn.jobs.views import begin
from elearn.lib.errors import DomainError, InvalidInput
from elearn.questions.models import QuestionVersion
from elearn.questions.queries import TYPES
from elearn.questions.rules.texts import in_a_list
from elearn.quizzes.models import Quiz
from elearn.quizzes.queries import repair
from elearn.quizzes.rules.repair import KINDS, POLICIES, with_further_answer, with_further_option, with_right_options
from elearn.quizzes.services import cases, correcting
from elearn.quizzes.views import blueprint

ID = "int(max=9223372036854775807)"


@blueprint.get("/admin/quizzes/<code>/corrections")
@requires("quiz.repair")
def corrections(code: str) -> str:
    """Questions that were sat, and what was corrected."""
    quiz = repair.access_quiz_to_repair(current_user.actor, code)
    sat = repair.list_versions_sat(quiz.id)
    return render_template(
        "quizzes/repair/quiz.html", quiz=quiz, sat=sat, versions=repair.versions_by_id([one for one, _ in sat]),
        corrections=repair.list_corrections(quiz.id), kinds=KINDS, plain=in_a_list, types=TYPES,
    )  # fmt: skip


@blueprint.route(f"/admin/quizzes/<code>/corrections/new/<{ID}:version_id>", methods=["GET", "POST"])
@requires("quiz.repair")
def propose(code: str, version_id: int) -> str | Response | tuple[str, int]:
    """Write a proposal down; the next page shows what it would change."""
    quiz = repair.access_quiz_to_repair(current_user.actor, code)
    version = repair.access_version_of(quiz, version_id)
    faults: dict[str, str] = {}
    if request.method == "POST":
        kind = request.form.get("kind", "")
        try:
            detail = detail_of(version, kind, request.form)
            correction_id = correcting.propose_correction(
                quiz.id,
                version.id,
                kind,
                detail,
                request.form.get("policy", ""),
                request.form.get("reason", ""),
                current_user.named,
                clock.now(),
            )
        except InvalidInput as refusal:
            faults[refusal.field or "kind"] = said(refusal)
        else:
            return work_out(quiz, correction_id)
    page = render_template(
        "quizzes/repair/propose.html", quiz=quiz, version=version, later=repair.list_later_versions(version), kinds=KINDS,
        policies=POLICIES, faults=faults, form=request.form, type=TYPES[version.type], plain=in_a_list,
    )  # fmt: skip
    return (page, 400) if faults else page


def detail_of(version: QuestionVersion, kind: str, form: MultiDict[str, str]) -> dict[str, Any]:
    """What the form says of a correction; raises InvalidInput at its field."""
    if kind == "drop":
        return {"how": form.get("how", "")}
    if kind == "weight":
        return {"mark": form.get("mark", "")}
    chosen = form.get("from_version", "")
    if chosen:
        later = next((one for one in repair.list_later_versions(version) if str(one.id) == chosen), None)
        if later is None:
            raise InvalidInput("bad_correction", "Hãy chọn đáp án mới.", field="key")
        return {"body": later.body, "type": later.type}
    places = [int(one) for one in form.getlist("right") if one.isdecimal()]
    body = version.body
    if version.type == "true_false" and kind == "key":
        return {"body": {**body, "answer": not body["answer"]}}
    if version.type in ("single_choice", "multiple_choice"):
        if not places or max(places) >= len(body["options"]):
            raise InvalidInput("bad_correction", "Hãy chọn đáp án mới.", field="key")
        if kind == "accept" and version.type == "single_choice":
            for place in places:
                body = with_further_option(body, place)
            return {"body": body}
        return {"body": with_right_options(body, places)}
    if version.type in ("short_answer", "numeric"):
        name = "text" if version.type == "short_answer" else "value"
        answer = {name: form.get("answer", "").strip().replace(",", "." if name == "value" else ","), "fraction": "1"}
        kept = body if kind == "accept" else {**body, "answers": [one for one in body["answers"] if one.get("fraction") == "0"]}
        return {"body": with_further_answer(kept, answer)}
    raise InvalidInput(
        "needs_version", "Với loại câu này, hãy sửa câu hỏi trong ngân hàng để có bản mới rồi chọn bản đó ở đây.", field="key"
    )


def work_out(quiz: Quiz, correction_id: int) -> Response:
    """Let a worker find out what a proposal changes, and wait for it on the page of the job."""
    title = gettext("Tính trước việc sửa câu hỏi của “%(title)s”", title=quiz.title)
    job = begin("preview_correction", title, {"correction": correction_id}, current_user.member_id)
    return redirect(url_for("jobs.show", job_id=job, next=url_for("quizzes.correction", correction_id=correction_id)))


@blueprint.get(f"/admin/quizzes/corrections/<{ID}:correction_id>")
@requires("quiz.repair")
def correction(correction_id: int) -> str:
    """What a correction would change or has changed: counts, consequences, everybody who moves."""
    found = repair.access_correction(current_user.actor, correction_id)
    return render_template(
        "quizzes/repair/correction.html", correction=found, page=repair.page_of_moved(correction_id, page_number()), kinds=KINDS,
        policies=POLICIES, is_last=repair.is_last_applied(found), plain=in_a_list, type=TYPES[found.version.type],
    )  # fmt: skip


@blueprint.post(f"/admin/quizzes/corrections/<{ID}:correction_id>/preview")
@requires("quiz.repair")
def preview_again(correction_id: int) -> Response:
    found = repair.access_correction(current_user.actor, correction_id)
    return work_out(found.quiz, correction_id)


@blueprint.post(f"/admin/quizzes/corrections/<{ID}:correction_id>/apply")
@requires("quiz.repair")
def apply(correction_id: int) -> Response:
    repair.access_correction(current_user.actor, correction_id)
    try:
        correcting.apply_correction(correction_id, current_user.named, clock.now())
    except DomainError as refusal:
        flash(said(refusal), "error")
    else:
        flash(gettext("Đã áp dụng. Người làm bài thấy kết quả mới và lý do."), "success")
    return redirect(url_for("quizzes.correction", correction_id=correction_id))


@blueprint.post(f"/admin/quizzes/corrections/<{ID}:correction_id>/revert")
@requires("quiz.repair")
def revert(correction_id: int) -> Response:
    repair.access_correction(current_user.actor, correction_id)
    try:
        correcting.revert_correction(correction_id, current_user.named, request.form.get("reason", ""), clock.now())
    except DomainError as refusal:
        flash(said(refusal), "error")
    else:
        flash(gettext("Đã hoàn lại. Mọi kết quả trở về như trước lần sửa."), "success")
    return redirect(url_for("quizzes.correction", correction_id=correction_id))


@blueprint.post(f"/admin/quizzes/corrections/<{ID}:correction_id>/drop")
@requires("quiz.repair")
def drop(correction_id: int) -> Response:
    found = repair.access_correction(current_user.actor, correction_id)
    correcting.drop_proposal(correction_id, current_user.named, clock.now())
    flash(gettext("Đã bỏ đề nghị. Không kết quả nào thay đổi."), "info")
    return redirect(url_for("quizzes.corrections", code=found.quiz.code))


@blueprint.get(f"/admin/quizzes/corrections/<{ID}:correction_id>.xlsx")
@requires("quiz.repair")
def moved_excel(correction_id: int) -> Response:
    """Everybody who moves, as Excel."""
    found = repair.access_correction(current_user.actor, correction_id)
    page = repair.page_of_moved(correction_id, 1, size=1_000_000)
    yes_no = {True: gettext("Đạt"), False: gettext("Không đạt"), None: ""}
    columns = [
        Column(gettext("Họ và tên"), 28), Column(gettext("Đơn vị"), 32), Column(gettext("Lượt"), 8), Column(gettext("Điểm cũ"), 10),
        Column(gettext("Điểm mới"), 10), Column(gettext("Tối đa cũ"), 10), Column(gettext("Tối đa mới"), 10), Column(gettext("Đạt cũ"), 12),
        Column(gettext("Đạt mới"), 12),
    ]  # fmt: skip
    rows = (
        (
            one.name, one.unit_name, one.number, one.before.mark, one.after.mark, one.before.max_mark, one.after.max_mark,
            yes_no[one.before.is_passed], yes_no[one.after.is_passed],
        )
        for one in page.items
    )  # fmt: skip
    title = gettext("Thay đổi điểm câu %(code)s: %(title)s", code=found.version.question.code, title=found.quiz.title)
    note_export(current_user.named, ("quiz", found.quiz.id, found.quiz.title), page.total, {"correction": found.id}, clock.now())
    return excel_answer(workbook(title, [found.reason], columns, rows), f"sua-cau-hoi-{found.id}")


@blueprint.get("/admin/quizzes/cases")
@requires("quiz.repair")
def case_list() -> str:
    """Reported questions, one line a question."""
    state = request.args.get("state", "open")
    page = repair.page_of_cases(current_user.actor, state, page_number())
    return render_template("quizzes/repair/cases.html", page=page, state=state, decisions=cases.DECISIONS, plain=in_a_list)


@blueprint.route(f"/admin/quizzes/cases/<{ID}:case_id>", methods=["GET", "POST"])
@requires("quiz.repair")
def case(case_id: int) -> str | Response | tuple[str, int]:
    """One case: the question with its key, the reports, and the decision."""
    found = repair.access_case(current_user.actor, case_id)
    faults: dict[str, str] = {}
    if request.method == "POST":
        chosen = request.form.get("correction", "")
        try:
            cases.decide_case(
                found.id, request.form.get("decision", ""), request.form.get("answer", ""), int(chosen) if chosen.isdecimal() else None,
                current_user.named, clock.now(),
            )  # fmt: skip
        except InvalidInput as refusal:
            faults[refusal.field] = said(refusal)
        else:
            flash(gettext("Đã trả lời mọi người báo câu này."), "success")
            return redirect(url_for("quizzes.case_list"))
    page = render_template(
        "quizzes/repair/case.html", case=found, corrections=repair.corrections_for_case(found), decisions=cases.DECISIONS, faults=faults,
        form=request.form, plain=in_a_list, type=TYPES[found.version.type], kinds=KINDS,
    )  # fmt: skip
    return (page, 400) if faults else page


@blueprint.post(f"/admin/quizzes/cases/<{ID}:case_id>/reopen")
@requires("quiz.repair")
def reopen_case(case_id: int) -> Response:
    repair.access_case(current_user.actor, case_id)
    try:
        cases.reopen_case(case_id, current_user.named, request.form.get("reason", ""), clock.now())
    except InvalidInput as refusal:
        flash(said(refusal), "error")
    return redirect(url_for("quizzes.case", case_id=case_id))
