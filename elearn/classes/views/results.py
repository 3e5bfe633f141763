"""Officers' pages: the mark sheet, the council's decision, recognition, requests to look again, corrections, the essay."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice as Choice

from elearn.classes import services
from elearn.classes.forms.results import (
    AnswerForm,
    CorrectForm,
    DecideForm,
    EssayForm,
    PasteMarksForm,
    RubricForm,
    SheetForm,
    cells_sent,
)
from elearn.classes.models import Cohort
from elearn.classes.queries import cohorts, results
from elearn.classes.queries.conditions import terms_of
from elearn.classes.rules.programmes import PARTS
from elearn.classes.rules.sheet import Row, Typed, read_paste, show_mark
from elearn.classes.services.essays import DEFAULT_RUBRIC
from elearn.classes.views.pages import Answer, blueprint, end_of, tell_at
from elearn.core import clock
from elearn.core.guards import requires
from elearn.core.i18n import gettext, ngettext
from elearn.lib.errors import InvalidInput, NotFound
from elearn.lib.periods import local_day

HERE = "/admin/classes/<int:cohort_id>"
HEADS = {"attended": "Số buổi dự", **PARTS}


def _sheet_page(
    cohort: Cohort,
    typed: dict[tuple[int, str], str] | None = None,
    notes: dict[tuple[int, str], str] | None = None,
    wrong: tuple[str, ...] = (),
) -> str:
    terms = terms_of(cohort)
    return render_template(
        "classes/marks.html", cohort=cohort, terms=terms, columns=results.columns_of(terms), rows=results.list_sheet(cohort), heads=HEADS,
        typed=typed or {}, notes=notes or {}, wrong=wrong, show_mark=show_mark, paste=PasteMarksForm(),
        may_mark=cohorts.may_do(current_user.actor, cohort, "cohort.mark") and cohort.recognised_on is None and not cohort.closed_at,
        changes=results.list_mark_changes(cohort.id, 10), essay=results.find_essay(cohort.id),
    )  # fmt: skip


@blueprint.route(f"{HERE}/marks", methods=["GET", "POST"])
@requires("cohort.view")
def marks(cohort_id: int) -> Answer:
    """The mark sheet. A save writes only what was changed here; what somebody else has changed meanwhile is shown beside it."""
    cohort = cohorts.access_planned(current_user.actor, cohort_id)
    if request.method == "GET":
        return _sheet_page(cohort)
    cohort = cohorts.access_planned(current_user.actor, cohort_id, "cohort.mark")
    cells, faults = cells_sent(results.columns_of(terms_of(cohort)))
    settled = services.save_marks(current_user.named, cohort_id, cells, clock.now())
    notes = {key: words for key, (_, words) in faults.items()}
    typed = {key: text for key, (text, _) in faults.items()}
    for conflict in settled.conflicts:
        typed[conflict.key] = show_mark(conflict.typed)
        current = show_mark(conflict.current) or gettext("ô trống")
        notes[conflict.key] = gettext("Người khác vừa ghi %(mark)s. Lưu lần nữa để thay bằng số của bạn.", mark=current)
    if settled.writes:
        count = len(settled.writes)
        flash(ngettext("Đã lưu %(num)s ô điểm.", "Đã lưu %(num)s ô điểm.", count), "success")
    if notes:
        return _sheet_page(cohort, typed, notes), 409 if settled.conflicts and not faults else 400
    if not settled.writes:
        flash(gettext("Không có ô nào thay đổi."), "info")
    return redirect(url_for("classes.marks", cohort_id=cohort_id))


@blueprint.post(f"{HERE}/marks/paste")
@requires("cohort.mark")
def paste_marks(cohort_id: int) -> Answer:
    """Lines from Excel: a code or a name, then the marks in the order of the columns."""
    cohort = cohorts.access_planned(current_user.actor, cohort_id, "cohort.mark")
    rows = results.list_sheet(cohort)
    known = [Row(row.enrolment_id, row.code, row.name) for row in rows]
    found, wrong = read_paste(request.form.get("text", ""), known, results.columns_of(terms_of(cohort)))
    current = results.current_marks(cohort_id)
    settled = services.save_marks(
        current_user.named, cohort_id, [Typed(key, current.get(key), mark) for key, mark in found.items()], clock.now()
    )
    flash(ngettext("Đã ghi %(num)s ô điểm từ bảng dán.", "Đã ghi %(num)s ô điểm từ bảng dán.", len(settled.writes)), "success")
    return (_sheet_page(cohort, wrong=wrong), 400) if wrong else redirect(url_for("classes.marks", cohort_id=cohort_id))


@blueprint.route(f"{HERE}/marks/settings", methods=["GET", "POST"])
@requires("cohort.manage")
def sheet_settings(cohort_id: int) -> Answer:
    """How many sessions are counted on paper, and which quiz is the test."""
    cohort = cohorts.access_planned(current_user.actor, cohort_id, "cohort.manage")
    form = SheetForm()
    none = gettext("Bài cuối khoá của phần học trực tuyến") if cohort.edition_id else gettext("Không lấy từ hệ thống")
    form.quiz.choices = [
        Choice(0, none),
        *(Choice(number, title) for number, title in results.list_quizzes(current_user.actor, cohort.quiz_id)),
    ]
    if request.method == "GET":
        form.sessions_total.data, form.quiz.data, form.test_choice.data = (
            cohort.sessions_total,
            cohort.quiz_id or 0,
            cohort.test_choice,
        )
    elif form.validate_on_submit():
        services.set_sheet(
            current_user.named, cohort_id, form.sessions_total.data, form.quiz.data or None, form.test_choice.data, clock.now()
        )
        flash(gettext("Đã lưu cách lấy điểm."), "success")
        return redirect(url_for("classes.marks", cohort_id=cohort_id))
    page = render_template("classes/marks_settings.html", cohort=cohort, form=form)
    return page if request.method == "GET" else (page, 400)


@blueprint.route(f"{HERE}/council", methods=["GET", "POST"])
@requires("cohort.view")
def council(cohort_id: int) -> Answer:
    """What the rules propose, what the council decides; a difference needs its reason."""
    cohort = cohorts.access_planned(current_user.actor, cohort_id)
    form = DecideForm()
    if request.method == "GET":
        form.number.data, form.day.data = cohort.minutes_number, cohort.minutes_on or local_day(clock.now())
        return _council_page(cohort, form)
    cohort = cohorts.access_planned(current_user.actor, cohort_id, "cohort.manage")
    verdicts = _verdicts_sent()
    if form.validate_on_submit():
        try:
            count = services.decide_results(
                current_user.named, cohort_id, verdicts, form.number.data or "", form.day.data, clock.now()
            )
        except InvalidInput as refusal:
            tell_at(form, refusal)
        else:
            flash(gettext("Đã ghi kết luận về %(n)s người. Học viên thấy kết quả khi có quyết định công nhận.", n=count), "success")
            return redirect(url_for("classes.council", cohort_id=cohort_id))
    return _council_page(cohort, form, verdicts), 400


def _verdicts_sent() -> dict[int, services.Verdict]:
    found = {}
    for name, grade in request.form.items():
        number = name.removeprefix("grade-")
        if name != number and number.isdecimal() and len(number) < 10 and grade:
            found[int(number)] = services.Verdict(grade[:60], request.form.get(f"reason-{number}", "")[:400])
    return found


def _council_page(cohort: Cohort, form: DecideForm, verdicts: dict[int, services.Verdict] | None = None) -> str:
    rows = results.list_sheet(cohort)
    return render_template(
        "classes/council.html", cohort=cohort, form=form, rows=rows, terms=terms_of(cohort), verdicts=verdicts or {},
        lacking=sum(not row.proposal.is_complete for row in rows), show_mark=show_mark, changes=results.list_result_changes(cohort.id), certifiable=len(results.list_passed(cohort.id)),
        may_manage=cohorts.may_manage(current_user.actor, cohort) and not cohort.closed_at, open_appeals=[
            one for one in results.list_appeals(cohort.id) if one.answered_at is None
        ],
    )  # fmt: skip


@blueprint.route(f"{HERE}/recognise", methods=["GET", "POST"])
@requires("cohort.manage")
def recognise(cohort_id: int) -> Answer:
    """Enter the decision that recognises the results; learners see them from then on."""
    cohort = cohorts.access_planned(current_user.actor, cohort_id, "cohort.manage")
    form = DecideForm()
    if request.method == "GET":
        form.number.data, form.day.data = cohort.recognition_number, cohort.recognised_on or local_day(clock.now())
    elif form.validate_on_submit():
        count = services.recognise_results(current_user.named, cohort_id, form.number.data or "", form.day.data, clock.now())
        flash(gettext("Đã ghi quyết định công nhận. %(n)s học viên được báo.", n=count), "success")
        return redirect(url_for("classes.council", cohort_id=cohort_id))
    page = render_template("classes/recognise.html", cohort=cohort, form=form)
    return page if request.method == "GET" else (page, 400)


@blueprint.route("/admin/classes/results/<int:enrolment_id>/correct", methods=["GET", "POST"])
@requires("cohort.manage")
def correct(enrolment_id: int) -> Answer:
    """Change one decided result, with a reason."""
    enrolment, cohort = cohorts.access_enrolment(current_user.actor, enrolment_id)
    found = next((one for one in results.list_results(cohort.id) if one.enrolment_id == enrolment_id), None)
    if found is None:
        raise NotFound()
    form = CorrectForm()
    form.grade.choices = [Choice(band.name, band.name) for band in terms_of(cohort).bands]
    if request.method == "GET":
        form.grade.data = found.grade
    elif form.validate_on_submit():
        try:
            services.correct_result(current_user.named, enrolment_id, form.grade.data, form.reason.data or "", clock.now())
        except InvalidInput as refusal:
            tell_at(form, refusal)
        else:
            flash(gettext("Đã sửa kết quả của %(name)s.", name=enrolment.display_name), "success")
            return redirect(url_for("classes.council", cohort_id=cohort.id))
    page = render_template("classes/correct.html", cohort=cohort, enrolment=enrolment, result=found, form=form)
    return page if request.method == "GET" else (page, 400)


@blueprint.get(f"{HERE}/appeals")
@requires("cohort.view")
def appeals(cohort_id: int) -> str:
    cohort = cohorts.access_planned(current_user.actor, cohort_id)
    return render_template(
        "classes/appeals.html", cohort=cohort, rows=results.list_appeals(cohort_id),
        may_manage=cohorts.may_manage(current_user.actor, cohort),
    )  # fmt: skip


@blueprint.route("/admin/classes/appeals/<int:appeal_id>", methods=["GET", "POST"])
@requires("cohort.manage")
def answer_appeal(appeal_id: int) -> Answer:
    """Answer a request to look at a result again: kept, or another grade."""
    appeal = results.find_appeal(appeal_id)
    enrolment, cohort = cohorts.access_enrolment(current_user.actor, appeal.enrolment_id)
    row = next((one for one in results.list_sheet(cohort) if one.enrolment_id == enrolment.id), None)
    if row is None or row.result is None:
        raise NotFound()
    form = AnswerForm()
    form.grade.choices = [Choice(band.name, band.name) for band in terms_of(cohort).bands]
    if request.method == "GET":
        form.grade.data = row.result.grade
    elif form.validate_on_submit():
        try:
            services.answer_appeal(current_user.named, appeal_id, form.grade.data, form.answer.data or "", clock.now())
        except InvalidInput as refusal:
            tell_at(form, refusal)
        else:
            flash(gettext("Đã trả lời %(name)s.", name=enrolment.display_name), "success")
            return redirect(url_for("classes.appeals", cohort_id=cohort.id))
    page = render_template(
        "classes/appeal.html", cohort=cohort, appeal=appeal, row=row, form=form, show_mark=show_mark, heads=HEADS
    )
    return page if request.method == "GET" else (page, 400)


@blueprint.route(f"{HERE}/essay", methods=["GET", "POST"])
@requires("cohort.manage")
def essay(cohort_id: int) -> Answer:
    """Ask for the essay; once it is asked, give what was handed in to examiners under blind numbers."""
    cohort = cohorts.access_planned(current_user.actor, cohort_id, "cohort.manage")
    asked = results.find_essay(cohort_id)
    form = RubricForm() if asked else EssayForm()
    if request.method == "GET":
        if isinstance(form, RubricForm):
            form.rubric.data = DEFAULT_RUBRIC
        else:
            form.title.data, form.due_on.data = gettext("Bài thu hoạch"), local_day(cohort.due_at)
    elif form.validate_on_submit():
        try:
            return _essay_done(cohort, form)
        except InvalidInput as refusal:
            tell_at(form, refusal)
    page = render_template("classes/essay.html", cohort=cohort, form=form, essay=asked)
    return page if request.method == "GET" else (page, 400)


def _essay_done(cohort: Cohort, form: RubricForm | EssayForm) -> Response:
    if isinstance(form, RubricForm):
        count = services.give_to_examiners(
            current_user.named, cohort.id, form.rubric.data or "", form.examiners.data or 1, clock.now()
        )
        flash(gettext("Đã giao %(n)s bài cho giám khảo, mỗi bài một số phách.", n=count), "success")
        return redirect(url_for("classes.essay", cohort_id=cohort.id))
    services.ask_essay(
        current_user.named, cohort.id, form.title.data or "", form.prompt.data or "", end_of(form.due_on.data),
        bool(form.takes_file.data), clock.now(),
    )  # fmt: skip
    flash(gettext("Đã giao bài thu hoạch cho cả lớp."), "success")
    return redirect(url_for("classes.essay", cohort_id=cohort.id))
