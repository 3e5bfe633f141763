"""Pages on which more time and attempts at a quiz are granted, and what a person needs at every quiz."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext, ngettext
from elearn.core.pages import page_number
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.periods import local_day
from elearn.members.models import Member
from elearn.members.queries import below
from elearn.members.rules.permissions import role_paths
from elearn.quizzes import services
from elearn.quizzes.forms.granting import AccommodationForm, AllowanceForm, ReasonForm, UnitAllowanceForm
from elearn.quizzes.models import Quiz
from elearn.quizzes.queries import find_allowance, list_accommodations, list_allowances, managing, overseeing
from elearn.quizzes.services import NeedSpec, Who
from elearn.quizzes.services.looking import note_accommodation_look
from elearn.quizzes.views import blueprint
from elearn.quizzes.views.admin import tabs_of
from elearn.units import queries as units
from elearn.units.models import Unit

Answer = str | Response | tuple[str, int]
ID = "int(max=2147483647)"
_FIELDS = {"seconds": "minutes", "time_permille": "factor"}


def _words(name: str = "q") -> str:
    return request.args.get(name, "").replace("\0", "")[:100]


def _put_at_field(form: AllowanceForm | AccommodationForm | ReasonForm, refusal: InvalidInput) -> None:
    at = form[_FIELDS.get(refusal.field, refusal.field)]
    at.errors = [*at.errors, said(refusal)]


@blueprint.get("/admin/quizzes/<code>/allowances")
@requires("quiz.manage")
def allowances(code: str) -> str:
    """What is granted at a quiz, and the ways to grant more."""
    quiz, now = managing.access_by_code(current_user.actor, code, "quiz.manage"), clock.now()
    words = _words()
    return render_template(
        "quizzes/admin/allowances.html",
        quiz=quiz,
        tabs_here=tabs_of(quiz, "allowances", now),
        granted=list_allowances(quiz.id),
        running=services.count_open(quiz.id),
        words=words,
        found=overseeing.people_named(current_user.actor, "quiz.manage", words),
        now=now,
    )


@blueprint.route(f"/admin/quizzes/<code>/allowances/person/<{ID}:member_id>", methods=["GET", "POST"])
@requires("quiz.manage")
def allow_person(code: str, member_id: int) -> Answer:
    quiz = managing.access_by_code(current_user.actor, code, "quiz.manage")
    person = overseeing.access_person(current_user.actor, "quiz.manage", member_id)
    form, name = AllowanceForm(), person.display_name
    if form.validate_on_submit():
        done = _granted(quiz, form, Who(member_id=person.id), name)
        if done is not None:
            return done
    page = render_template(
        "quizzes/admin/allow.html",
        quiz=quiz,
        form=form,
        person=person,
        attempts=overseeing.list_own(quiz.id, member_id),
        now=clock.now(),
    )
    return page, 400 if request.method == "POST" else 200


@blueprint.route("/admin/quizzes/<code>/allowances/unit", methods=["GET", "POST"])
@requires("quiz.manage")
def allow_unit(code: str) -> Answer:
    quiz = managing.access_by_code(current_user.actor, code, "quiz.manage")
    form = UnitAllowanceForm()
    form.unit.choices = units.list_choices(below(Unit.path, role_paths(current_user.actor, "quiz.manage")), None)
    if form.validate_on_submit():
        unit = managing.access_owner(current_user.actor, form.unit.data)
        done = _granted(quiz, form, Who(unit_id=unit.id), unit.name)
        if done is not None:
            return done
    page = render_template("quizzes/admin/allow.html", quiz=quiz, form=form, person=None, attempts=[], now=clock.now())
    return page, 400 if request.method == "POST" else 200


@blueprint.route("/admin/quizzes/<code>/allowances/all", methods=["GET", "POST"])
@requires("quiz.manage")
def allow_all(code: str) -> Answer:
    """For everybody, after a look at how many attempts are under way."""
    quiz = managing.access_by_code(current_user.actor, code, "quiz.manage")
    form = AllowanceForm()
    if form.validate_on_submit():
        if not (form.minutes.data or form.attempts.data):
            form.minutes.errors = [gettext("Hãy ghi số phút hoặc số lượt được thêm.")]
        elif request.form.get("confirmed") == "yes":
            done = _granted(quiz, form, Who(), gettext("mọi người"))
            if done is not None:
                return done
        else:
            return render_template("quizzes/admin/allow_all.html", quiz=quiz, form=form, running=services.count_open(quiz.id))
    page = render_template(
        "quizzes/admin/allow.html",
        quiz=quiz,
        form=form,
        person=None,
        attempts=[],
        now=clock.now(),
        running=services.count_open(quiz.id),
    )
    return page, 400 if request.method == "POST" else 200


def _granted(quiz: Quiz, form: AllowanceForm, who: Who, name: str) -> Response | None:
    """Grant what the form says and lead back; None where it was refused at a field."""
    seconds, attempts, reason = (form.minutes.data or 0) * 60, form.attempts.data or 0, form.reason.data or ""
    code, quiz_id = quiz.code, quiz.id
    try:
        _, reached = services.grant_allowance(quiz_id, who, seconds, attempts, reason, current_user.named, clock.now())
    except InvalidInput as refusal:
        _put_at_field(form, refusal)
        return None
    told = gettext("Đã cho thêm: %(name)s.", name=name)
    if seconds and reached:
        told += " " + ngettext("%(num)s lượt chưa nộp được thêm giờ ngay.", "%(num)s lượt chưa nộp được thêm giờ ngay.", reached)
    flash(told, "success")
    return redirect(url_for("quizzes.allowances", code=code))


@blueprint.route(f"/admin/quizzes/allowances/<{ID}:allowance_id>/revoke", methods=["GET", "POST"])
@requires("quiz.manage")
def revoke_allowance(allowance_id: int) -> Answer:
    found = find_allowance(allowance_id)
    if found is None:
        raise NotFound()
    grant, quiz = found
    managing.access_by_code(current_user.actor, quiz.code, "quiz.manage")
    form, code = ReasonForm(), quiz.code
    if form.validate_on_submit():
        try:
            services.revoke_allowance(grant.id, form.reason.data or "", current_user.named, clock.now())
        except DomainError as refusal:
            flash(said(refusal), "warning")
        else:
            flash(gettext("Đã rút lại. Lượt đã bắt đầu vẫn giữ phần được thêm."), "success")
        return redirect(url_for("quizzes.allowances", code=code))
    page = render_template("quizzes/admin/revoke.html", quiz=quiz, grant=grant, form=form)
    return page, 400 if request.method == "POST" else 200


# What a person needs at every quiz


@blueprint.get("/admin/quizzes/accommodations")
@requires("accommodation.manage")
def accommodations() -> str:
    """Everybody in the officer's care who has help in force or to come; reasons stay closed until somebody asks."""
    words, now = _words(), clock.now()
    return render_template(
        "quizzes/admin/accommodations.html",
        page=overseeing.page_of_accommodations(current_user.actor, local_day(now), page_number()),
        words=words,
        found=overseeing.people_named(current_user.actor, "accommodation.manage", words),
        today=local_day(now),
        reasons={},
    )


def _person(member_id: int) -> Member:
    return overseeing.access_person(current_user.actor, "accommodation.manage", member_id)


@blueprint.route(f"/admin/quizzes/accommodations/<{ID}:member_id>", methods=["GET", "POST"])
@requires("accommodation.manage")
def accommodate(member_id: int) -> Answer:
    """What one person has, and a form to grant more."""
    person, now = _person(member_id), clock.now()
    form = AccommodationForm()
    if form.validate_on_submit():
        spec = NeedSpec(
            int(form.factor.data), form.is_large_print.data, form.is_screen_reader.data, form.valid_from.data, form.valid_to.data
        )
        try:
            services.grant_accommodation(person.id, spec, form.reason.data or "", current_user.named, now)
        except InvalidInput as refusal:
            _put_at_field(form, refusal)
        else:
            flash(gettext("Đã ghi điều kiện hỗ trợ. Áp dụng ở mọi bài kiểm tra và cuộc thi."), "success")
            return redirect(url_for("quizzes.accommodate", member_id=member_id))
    return _accommodations_of(member_id, form, now), 400 if request.method == "POST" else 200


def _accommodations_of(member_id: int, form: AccommodationForm, now: datetime, shows_reasons: bool = False) -> str:
    return render_template(
        "quizzes/admin/accommodate.html", person=_person(member_id), held=list_accommodations(member_id), form=form, today=local_day(now),
        shows_reasons=shows_reasons,
    )  # fmt: skip


@blueprint.post(f"/admin/quizzes/accommodations/<{ID}:member_id>/reasons")
@requires("accommodation.manage")
def accommodation_reasons(member_id: int) -> str:
    """The reasons, on this answer only; the look is written down first and its subject can see it."""
    person, now = _person(member_id), clock.now()
    note_accommodation_look(person.id, current_user.named, now)
    return _accommodations_of(member_id, AccommodationForm(formdata=None), now, shows_reasons=True)


@blueprint.route(f"/admin/quizzes/accommodations/<{ID}:member_id>/<{ID}:accommodation_id>/end", methods=["GET", "POST"])
@requires("accommodation.manage")
def end_accommodation(member_id: int, accommodation_id: int) -> Answer:
    person, now = _person(member_id), clock.now()
    grant = next((one for one in list_accommodations(person.id) if one.id == accommodation_id), None)
    if grant is None:
        raise NotFound()
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            services.end_accommodation(accommodation_id, local_day(now), form.reason.data or "", current_user.named, now)
        except DomainError as refusal:
            flash(said(refusal), "warning")
        else:
            flash(gettext("Đã kết thúc hỗ trợ từ hôm nay. Lượt đã bắt đầu vẫn giữ."), "success")
        return redirect(url_for("quizzes.accommodate", member_id=member_id))
    page = render_template("quizzes/admin/end_accommodation.html", person=person, grant=grant, form=form)
    return page, 400 if request.method == "POST" else 200
