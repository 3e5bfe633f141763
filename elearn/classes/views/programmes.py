"""Officers' pages: programmes, and classes planned on them."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.classes import services
from elearn.classes.forms import OpenForm, PlanForm, ProgrammeForm
from elearn.classes.models import Cohort
from elearn.classes.queries import cohorts, nominations, programmes
from elearn.classes.queries.conditions import terms_of
from elearn.classes.rules.cohorts import Helper, read_helpers, suggest_code, suggest_title
from elearn.classes.rules.programmes import Terms, from_json
from elearn.classes.services.planning import staff_of
from elearn.classes.views.pages import Answer, at_hour, blueprint, end_of, tell_at
from elearn.core import clock
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.core.pages import page_number
from elearn.lib.errors import InvalidInput
from elearn.lib.periods import local_day
from elearn.units.queries import units_by_words
from elearn.units.rules.pasted import read_counts

_FIELDS = {"due_at": "due_on", "starts_at": "starts_on", "no_quotas": "quotas"}


@blueprint.get("/admin/programmes")
@requires("programme.use")
def programme_list() -> str:
    page = programmes.page_of_programmes(current_user.actor, page_number())
    return render_template(
        "classes/programmes.html", page=page, counts=programmes.count_cohorts([one.id for one in page.items]),
        terms={one.id: from_json(one.terms) for one in page.items},
    )  # fmt: skip


@blueprint.route("/admin/programmes/new", methods=["GET", "POST"])
@requires("programme.manage")
def new_programme() -> Answer:
    form = ProgrammeForm()
    form.unit.choices = [(row[0], row[1]) for row in cohorts.list_organisers(current_user.actor, "programme.manage")]
    if request.method == "GET":
        form.fill(Terms(""), "")
    elif form.validate_on_submit():
        try:
            services.save_programme(
                current_user.named, None, form.unit.data, (form.code.data or "").upper(), form.terms(), clock.now()
            )
        except InvalidInput as refusal:
            tell_at(form, refusal)
        else:
            flash(gettext("Đã lưu chương trình. Bước tiếp theo: mở lớp và giao chỉ tiêu."), "success")
            return redirect(url_for("classes.programme_list"))
    page = render_template("classes/programme.html", form=form, programme=None)
    return page if request.method == "GET" else (page, 400)


@blueprint.route("/admin/programmes/<int:programme_id>", methods=["GET", "POST"])
@requires("programme.use")
def programme(programme_id: int) -> Answer:
    """The terms; whoever only uses the programme reads them."""
    found = programmes.access_programme(current_user.actor, programme_id)
    if not programmes.may_change(current_user.actor, found):
        if request.method == "POST":
            programmes.access_programme(current_user.actor, programme_id, "programme.manage")
        return render_template("classes/programme_read.html", programme=found, terms=from_json(found.terms))
    form = ProgrammeForm()
    form.unit.choices = [(found.unit_id, found.unit.name)]
    if request.method == "GET":
        form.fill(from_json(found.terms), found.code)
    elif form.validate_on_submit():
        try:
            services.save_programme(
                current_user.named, found.id, found.unit_id, (form.code.data or "").upper(), form.terms(), clock.now()
            )
        except InvalidInput as refusal:
            tell_at(form, refusal)
        else:
            flash(gettext("Đã lưu. Những lớp đã mở vẫn giữ quy định cũ."), "success")
            return redirect(url_for("classes.programme_list"))
    page = render_template("classes/programme.html", form=form, programme=found)
    return page if request.method == "GET" else (page, 400)


@blueprint.post("/admin/programmes/<int:programme_id>/offer")
@requires("programme.manage")
def offer_programme(programme_id: int) -> Response:
    found = programmes.access_programme(current_user.actor, programme_id, "programme.manage")
    services.set_programme_open(current_user.named, found.id, not found.is_open, clock.now())
    return redirect(url_for("classes.programme_list"))


def _choices(form: PlanForm, chosen: Cohort | None) -> None:
    if chosen is not None:
        form.programme.choices = [(chosen.programme_id, chosen.subject)]
        form.unit.choices = [(chosen.unit_id, chosen.unit.name)]
    else:
        form.programme.choices = [(row[0], row[1]) for row in programmes.list_offered(current_user.actor)]
        form.unit.choices = [(row[0], row[1]) for row in cohorts.list_organisers(current_user.actor)]
    courses = [(row[0], row[1]) for row in cohorts.list_open_courses()]
    form.course.choices = [(0, gettext("Không có")), *courses]


def _plan(form: PlanForm, had: Cohort | None = None) -> services.Plan:
    """What was typed. Raises InvalidInput naming the field."""
    by_code, by_name = units_by_words(form.quotas.data or "")
    quotas = read_counts(form.quotas.data or "", by_code, by_name, "quotas")
    starts_at = at_hour(form.starts_on.data, time(7))
    name = dict(form.programme.choices)[form.programme.data]
    until = end_of(form.nominate_on.data) if form.nominate_on.data else None
    if until is not None and form.nominate_on.data > form.due_on.data:
        raise InvalidInput("nominate_late", "Hạn cử người phải trước ngày bế giảng.", field="nominate_on")
    return services.Plan(
        title=form.title.data or suggest_title(name, starts_at),
        code=(form.code.data or "").upper() or suggest_code(name, starts_at, cohorts.list_codes("")),
        starts_at=starts_at, due_at=end_of(form.due_on.data), quotas=quotas, capacity=form.capacity.data, mode=form.mode.data,
        place=form.place.data or "", nominate_until=until, confirm_hours=form.confirm_hours.data or 48,
        course_id=form.course.data or None, quiz_id=had.quiz_id if had else None, test_choice=had.test_choice if had else "best",
        lecturers=read_helpers(form.lecturers.data or ""), committee=read_helpers(form.committee.data or ""),
    )  # fmt: skip


@blueprint.route("/admin/classes/plan", methods=["GET", "POST"])
@requires("cohort.manage")
def plan() -> Answer:
    """A new class on a programme, with the units that send people."""
    form = PlanForm()
    _choices(form, None)
    if request.method == "GET":
        form.starts_on.data = local_day(clock.now())
        wanted = request.args.get("programme", "")
        form.programme.data = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else None
        form.quotas.data = "\n".join(f"{name} | " for name in cohorts.list_quota_units(current_user.actor))
        form.course.data = 0
        return render_template("classes/plan.html", form=form, cohort=None)
    if form.validate_on_submit():
        try:
            programmes.access_programme(current_user.actor, form.programme.data)
            cohort_id = services.plan_cohort(current_user.named, form.programme.data, form.unit.data, _plan(form), clock.now())
        except InvalidInput as refusal:
            tell_at(form, refusal, _FIELDS)
        else:
            flash(gettext("Đã lập lớp. Các đơn vị được giao chỉ tiêu cử người ở trang Đề cử."), "success")
            return redirect(url_for("classes.show", cohort_id=cohort_id))
    return render_template("classes/plan.html", form=form, cohort=None), 400


def _written(helpers: tuple[Helper, ...]) -> str:
    return "\n".join(f"{one.name} | {one.duty}" if one.duty else one.name for one in helpers)


def _show(form: PlanForm, found: Cohort) -> None:
    values: dict[str, Any] = {
        "programme": found.programme_id, "unit": found.unit_id, "title": found.title, "code": found.code,
        "starts_on": local_day(found.starts_at), "due_on": local_day(found.due_at), "capacity": found.capacity, "mode": found.mode,
        "nominate_on": local_day(found.nominate_until) if found.nominate_until else None, "confirm_hours": found.confirm_hours,
        "place": found.place, "course": found.edition.course_id if found.edition else 0,
        "quotas": cohorts.written_quotas(found.id),
        "lecturers": _written(staff_of(found.staff, "lecturer")), "committee": _written(staff_of(found.staff, "committee")),
    }  # fmt: skip
    for name, value in values.items():
        form[name].data = value


@blueprint.route("/admin/classes/<int:cohort_id>/plan", methods=["GET", "POST"])
@requires("cohort.manage")
def change_plan(cohort_id: int) -> Answer:
    found = cohorts.access_planned(current_user.actor, cohort_id, "cohort.manage")
    form = PlanForm()
    _choices(form, found)
    if request.method == "GET":
        _show(form, found)
        return render_template("classes/plan.html", form=form, cohort=found)
    if form.validate_on_submit():
        try:
            services.change_cohort(current_user.named, cohort_id, _plan(form, found), clock.now())
        except InvalidInput as refusal:
            tell_at(form, refusal, _FIELDS)
        else:
            flash(gettext("Đã lưu kế hoạch của lớp."), "success")
            return redirect(url_for("classes.show", cohort_id=cohort_id))
    return render_template("classes/plan.html", form=form, cohort=found), 400


@blueprint.route("/admin/classes/<int:cohort_id>/open", methods=["GET", "POST"])
@requires("cohort.manage")
def open_class(cohort_id: int) -> Answer:
    """Enter the decision that opens the class: approved people are enrolled."""
    found = cohorts.access_planned(current_user.actor, cohort_id, "cohort.manage")
    form = OpenForm()
    if request.method == "GET":
        form.number.data, form.decided_on.data = found.decision_number, found.decided_on or local_day(clock.now())
    elif form.validate_on_submit():
        outcome = services.open_class(current_user.named, cohort_id, form.number.data or "", form.decided_on.data, clock.now())
        flash(gettext("Đã ghi quyết định mở lớp. %(n)s người vào lớp và được báo.", n=outcome.total), "success")
        return redirect(url_for("classes.show", cohort_id=cohort_id))
    page = render_template(
        "classes/open.html", cohort=found, form=form, counts=nominations.list_counts(cohort_id), terms=terms_of(found)
    )
    return page if request.method == "GET" else (page, 400)
