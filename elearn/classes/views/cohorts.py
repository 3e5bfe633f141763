"""Pages of officers about classes."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.audit.services import note_export
from elearn.classes import services
from elearn.classes.forms import CohortForm, Pasted, PasteForm, WithdrawForm
from elearn.classes.models import Cohort
from elearn.classes.queries import cohorts, learners, nominations, people
from elearn.classes.queries.conditions import terms_of
from elearn.classes.rules.cohorts import suggest_code, suggest_title
from elearn.classes.rules.matching import Match, Verdict, match_all, parse
from elearn.classes.rules.progress import PROGRESS_NAMES, Progress, Tally, ten_point
from elearn.classes.views.pages import Answer, at_hour, blueprint, end_of
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.exports.excel import excel_answer
from elearn.core.guards import requires
from elearn.core.i18n import gettext, ngettext
from elearn.core.pages import page_number
from elearn.lib.errors import InvalidInput
from elearn.lib.periods import local_day
from elearn.members import queries as members

ROOT = "/admin/classes"
MOST_NAMES = 200
_FIELDS = {"due_at": "due_on", "starts_at": "starts_on"}
_NOTHING_TO_DO = (Verdict.ENROLLED, Verdict.REPEATED)


@blueprint.get(ROOT)
@requires("cohort.view")
def overview() -> str:
    words, state = request.args.get("q", ""), request.args.get("state", "open")
    page = cohorts.page_of_cohorts(current_user.actor, words, state, page_number())
    tallies = learners.list_tallies([cohort.id for cohort in page.items])
    return render_template("classes/overview.html", page=page, tallies=tallies, words=words, state=state, now=clock.now())


@blueprint.route(f"{ROOT}/new", methods=["GET", "POST"])
@requires("cohort.manage")
def new() -> Answer:
    now = clock.now()
    form = CohortForm()
    form.course.choices = [(row[0], row[1]) for row in cohorts.list_open_courses()]
    form.unit.choices = [(row[0], row[1]) for row in cohorts.list_organisers(current_user.actor)]
    if request.method == "GET":
        form.starts_on.data = local_day(now)
        wanted = request.args.get("course", "")
        form.course.data = int(wanted) if wanted.isdecimal() else None
        return render_template("classes/new.html", form=form)
    if form.validate_on_submit():
        starts_at, due_at = at_hour(form.starts_on.data, time(0)), end_of(form.due_on.data)
        course_title = dict(form.course.choices)[form.course.data]
        code = (form.code.data or "").upper() or suggest_code(course_title, starts_at, cohorts.list_codes(""))
        title = form.title.data or suggest_title(course_title, starts_at)
        try:
            cohort_id = services.open_cohort(
                current_user.named, form.course.data, form.unit.data, title, code, starts_at, due_at, now
            )
        except InvalidInput as refusal:
            at = form[_FIELDS.get(refusal.field, refusal.field)]
            at.errors = [*at.errors, said(refusal)]
        else:
            flash(gettext("Đã mở lớp %(code)s. Bước tiếp theo: ghi danh học viên.", code=code), "success")
            return redirect(url_for("classes.enrol", cohort_id=cohort_id))
    return render_template("classes/new.html", form=form), 400


@blueprint.get(f"{ROOT}/<int:cohort_id>")
@requires("cohort.view")
def show(cohort_id: int) -> str:
    cohort = cohorts.access_cohort(current_user.actor, cohort_id)
    words, state = request.args.get("q", ""), request.args.get("state", "")
    tally = learners.list_tallies([cohort.id])[cohort.id]
    if cohort.terms is not None:
        return _planned(cohort, words, tally)
    return render_template(
        "classes/show.html",
        cohort=cohort,
        lessons=cohorts.count_lessons(cohort),
        tally=tally,
        page=learners.page_of_learners(cohort.id, words, state, page_number()),
        waiting=learners.list_names(cohort.id, Progress.NOT_STARTED, MOST_NAMES) if tally.not_started else [],
        withdrawn=learners.count_withdrawn(cohort.id),
        words=words,
        state=state,
        may_manage=cohorts.may_manage(current_user.actor, cohort),
        names=PROGRESS_NAMES,
        ten_point=ten_point,
        now=clock.now(),
    )


def _planned(cohort: Cohort, words: str, tally: Tally) -> str:
    """The page of a class of a programme: nominations, people, what comes next."""
    return render_template(
        "classes/planned.html",
        cohort=cohort,
        terms=terms_of(cohort),
        counts=nominations.list_counts(cohort.id),
        tally=tally,
        page=learners.page_of_learners(cohort.id, words, "", page_number()),
        words=words,
        may_manage=cohorts.may_manage(current_user.actor, cohort),
        now=clock.now(),
    )


@blueprint.get(f"{ROOT}/<int:cohort_id>/excel")
@requires("cohort.view")
def excel(cohort_id: int) -> Response:
    cohort = cohorts.access_cohort(current_user.actor, cohort_id)
    lessons = cohorts.count_lessons(cohort)
    tally = learners.list_tallies([cohort.id])[cohort.id]
    rows, code, now = learners.list_learners(cohort.id), cohort.code, clock.now()
    content = services.cohort_workbook(cohort, rows, lessons, tally, now)
    note_export(current_user.named, ("cohort", cohort_id, cohort.title), len(rows), {"list": "learners"}, now)
    return excel_answer(content, gettext("Danh sách lớp %(code)s", code=code))


@blueprint.route(f"{ROOT}/<int:cohort_id>/enrol", methods=["GET", "POST"])
@requires("cohort.manage")
def enrol(cohort_id: int) -> Answer:
    """A list to tick people in."""
    actor = current_user.actor
    cohort = cohorts.access_cohort(actor, cohort_id, "cohort.manage")
    if request.method == "POST":
        ticked = [int(one) for one in request.form.getlist("member") if one.isdecimal() and len(one) < 10]
        count = services.enrol_members(current_user.named, cohort.id, people.list_visible_ids(actor, ticked), clock.now())
        if not ticked:
            flash(gettext("Chưa chọn ai. Hãy đánh dấu những người cần ghi danh rồi bấm lại."), "warning")
        else:
            flash(_enrolled(count), "success")
        kept: dict[str, Any] = {name: request.args[name] for name in ("q", "unit", "page") if name in request.args}
        return redirect(url_for("classes.enrol", cohort_id=cohort_id, **kept))
    words = request.args.get("q", "")
    unit = people.find_filter_unit(actor, request.args.get("unit", ""))
    page = members.page_of_members(actor, words, unit, page_number())
    return render_template(
        "classes/enrol.html",
        cohort=cohort,
        page=page,
        enrolled=learners.list_enrolled_ids(cohort.id, [member.id for member in page.items]),
        words=words,
        unit=unit,
        units=people.list_filter_units(actor, unit),
    )


def _enrolled(count: int) -> str:
    if not count:
        return gettext("Những người đã chọn đều có trong lớp từ trước.")
    return ngettext("Đã ghi danh %(num)s người.", "Đã ghi danh %(num)s người.", count)


@blueprint.route(f"{ROOT}/<int:cohort_id>/enrol-all", methods=["GET", "POST"])
@requires("cohort.manage")
def enrol_all(cohort_id: int) -> Answer:
    """Everybody whom a search finds, after a look at how many that are."""
    actor = current_user.actor
    cohort = cohorts.access_cohort(actor, cohort_id, "cohort.manage")
    words, unit = request.args.get("q", ""), people.find_filter_unit(actor, request.args.get("unit", ""))
    found = people.list_found_ids(actor, words, unit)
    if request.method == "POST":
        flash(_enrolled(services.enrol_members(current_user.named, cohort.id, found, clock.now())), "success")
        return redirect(url_for("classes.show", cohort_id=cohort.id))
    return render_template("classes/enrol_all.html", cohort=cohort, count=len(found), words=words, unit=unit)


@blueprint.route(f"{ROOT}/<int:cohort_id>/paste", methods=["GET", "POST"])
@requires("cohort.manage")
def paste(cohort_id: int) -> Answer:
    """Paste a list, see what each line means, put doubtful lines right, enrol. Only the last step writes."""
    cohort = cohorts.access_cohort(current_user.actor, cohort_id, "cohort.manage")
    form = PasteForm()
    if request.method == "GET":
        return render_template("classes/paste.html", cohort=cohort, form=form)
    pasted = Pasted.from_request()
    try:
        matches = _match(cohort.id, pasted)
    except InvalidInput as refusal:
        form.text.data = "\n".join(pasted.raws)
        form.text.errors = [said(refusal)]
        return render_template("classes/paste.html", cohort=cohort, form=form), 400
    count = None
    if request.form.get("step") == "enrol":
        ready = [match.chosen.member_id for match in matches if match.is_ready and match.chosen]
        count = services.enrol_members(current_user.named, cohort.id, ready, clock.now())
        matches = [match for match in matches if not match.is_ready and match.verdict not in _NOTHING_TO_DO]
        if not matches:
            flash(_enrolled(count), "success")
            return redirect(url_for("classes.show", cohort_id=cohort.id))
    return render_template(
        "classes/paste_preview.html",
        cohort=cohort,
        form=form,
        ready=[match for match in matches if match.is_ready],
        settled=[match for match in matches if match.verdict in _NOTHING_TO_DO],
        doubtful=[match for match in matches if not match.is_ready and match.verdict not in _NOTHING_TO_DO],
        enrolled=_enrolled(count) if count is not None else "",
        Verdict=Verdict,
    )


def _match(cohort_id: int, pasted: Pasted) -> list[Match]:
    lines = parse(pasted.raws)
    by_key, by_name = people.find_candidates(current_user.actor, learners.list_enrolled_ids(cohort_id), lines)
    return match_all(lines, by_key, by_name, pasted.choices)


@blueprint.route(f"{ROOT}/enrolments/<int:enrolment_id>/withdraw", methods=["GET", "POST"])
@requires("cohort.manage")
def withdraw(enrolment_id: int) -> Answer:
    enrolment, cohort = cohorts.access_enrolment(current_user.actor, enrolment_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        name = enrolment.display_name
        services.withdraw(current_user.named, enrolment.id, form.reason.data or "", clock.now())
        if cohort.terms is not None:
            flash(gettext("Đã rút %(name)s khỏi lớp.", name=name), "success")
        else:
            flash(gettext("Đã rút %(name)s khỏi lớp. Hoàn tác được ở mục “Đã rút”.", name=name), "success")
        return redirect(url_for("classes.show", cohort_id=cohort.id))
    page = render_template("classes/withdraw.html", form=form, enrolment=enrolment, cohort=cohort)
    return page, 400 if request.method == "POST" else 200


@blueprint.post(f"{ROOT}/enrolments/<int:enrolment_id>/restore")
@requires("cohort.manage")
def restore(enrolment_id: int) -> Response:
    enrolment, cohort = cohorts.access_enrolment(current_user.actor, enrolment_id)
    name = enrolment.display_name
    services.restore(current_user.named, enrolment.id, clock.now())
    flash(gettext("Đã đưa %(name)s trở lại lớp.", name=name), "success")
    return redirect(url_for("classes.show", cohort_id=cohort.id))


@blueprint.route(f"{ROOT}/<int:cohort_id>/close", methods=["GET", "POST"])
@requires("cohort.manage")
def close(cohort_id: int) -> Answer:
    cohort = cohorts.access_cohort(current_user.actor, cohort_id, "cohort.manage")
    if request.method == "POST":
        services.close_cohort(current_user.named, cohort.id, clock.now())
        flash(gettext("Đã kết thúc lớp. Danh sách và kết quả được giữ nguyên."), "success")
        return redirect(url_for("classes.show", cohort_id=cohort_id))
    return render_template("classes/close.html", cohort=cohort, tally=learners.list_tallies([cohort.id])[cohort.id])


@blueprint.post(f"{ROOT}/<int:cohort_id>/reopen")
@requires("cohort.manage")
def reopen(cohort_id: int) -> Response:
    cohort = cohorts.access_cohort(current_user.actor, cohort_id, "cohort.manage")
    services.reopen_cohort(current_user.named, cohort.id, clock.now())
    flash(gettext("Đã mở lại lớp."), "success")
    return redirect(url_for("classes.show", cohort_id=cohort_id))
