"""Pages on which a quiz is made and changed: settings, blueprint, hours, questions picked one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext, ngettext
from elearn.core.pages import page_number
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.periods import local_day
from elearn.members.queries import below
from elearn.members.rules.permissions import role_paths
from elearn.questions.queries import Filters, current_versions, list_usable_banks, page_of_questions
from elearn.questions.rules.levels import LEVELS
from elearn.questions.rules.texts import in_a_list, rich
from elearn.quizzes.forms.blueprint import FIRST_ROW, Rows, changed, rows_of, rows_sent
from elearn.quizzes.forms.settings import FIELDS, GRID, HoursForm, QuizForm, hours_of, values_of
from elearn.quizzes.models import Quiz
from elearn.quizzes.queries import managing
from elearn.quizzes.rules import wording
from elearn.quizzes.rules.blueprints import Offer, RawPart, read_parts, read_sections
from elearn.quizzes.rules.review import MOMENTS, THINGS, visible
from elearn.quizzes.services import editing
from elearn.quizzes.views import blueprint
from elearn.quizzes.views.admin import say
from elearn.units import queries as units
from elearn.units.models import Unit

Answer = str | Response | tuple[str, int]
NEXT = {"pick": "quizzes.pick", "preview": "quizzes.preview"}
"""Pages to which a button leads once everything is saved."""


@blueprint.route("/admin/quizzes/new", methods=["GET", "POST"])
@requires("quiz.manage")
def new() -> Answer:
    return _editor(None)


@blueprint.route("/admin/quizzes/<code>/edit", methods=["GET", "POST"])
@requires("quiz.manage")
def edit(code: str) -> Answer:
    quiz = managing.access_by_code(current_user.actor, code, "quiz.manage")
    if request.method == "GET":
        try:
            editing.check_changeable(quiz.id)
        except DomainError as refusal:
            flash(said(refusal), "warning")
            return redirect(url_for("quizzes.show", code=code))
    return _editor(quiz)


def _editor(quiz: Quiz | None) -> Answer:
    """The form of a new quiz or of a draft; its buttons either change the rows on the page or save everything."""
    form = QuizForm(data=values_of(quiz) if quiz else None)
    form.unit.choices = units.list_choices(
        below(Unit.path, role_paths(current_user.actor, "quiz.manage")), quiz.unit if quiz else None
    )
    names = managing.tag_names(quiz.blueprint) if quiz else {}
    if request.method == "GET":
        return _page(form, quiz, rows_of(quiz, names) if quiz else Rows())
    rows, deed = rows_sent(), request.form.get("do", "save")
    other = changed(rows, deed)
    if other is not None:
        return _page(form, quiz, other)
    rows = replace(rows, parts=tuple(part for part in rows.parts if not is_untouched(part)))
    _, _, offer = managing.offer_for(current_user.actor, quiz)
    offer = with_typed(offer, rows)
    sections, section_faults = read_sections(rows.sections)
    parts, faults = read_parts(rows.parts, offer, len(rows.sections))
    rows = replace(rows, faults=faults, section_faults=section_faults)
    is_sound = form.validate()
    if is_sound and not rows.is_faulty:
        try:
            owner = managing.access_owner(current_user.actor, form.unit.data)
            settings = replace(form.settings(parts, sections), unit_id=owner.id)
            code = _save(quiz, settings)
        except InvalidInput as refusal:
            at = form[FIELDS.get(refusal.field, refusal.field)]
            at.errors = [*at.errors, said(refusal)]
        except DomainError as refusal:
            return _page(form, quiz, rows, said(refusal)), refusal.status
        else:
            flash(gettext("Đã lưu bản nháp."), "success")
            return redirect(url_for(NEXT.get(deed, "quizzes.show"), code=code))
    return _page(form, quiz, rows), 400


def _save(quiz: Quiz | None, settings: editing.Settings) -> str:
    if quiz is None:
        return editing.make_quiz(settings, current_user.named, clock.now())
    code = quiz.code
    editing.change_quiz(quiz.id, settings, current_user.named, clock.now())
    return code


def is_untouched(part: RawPart) -> bool:
    """A row that nobody has filled in."""
    return part.kind == "draw" and replace(part, count="", section="") == RawPart() and part.count in ("", "5", FIRST_ROW.count)


def with_typed(offer: Offer, rows: Rows) -> Offer:
    """Chosen questions that the rows name stay on offer where the officer may draw from their banks."""
    typed = [int(part.question) for part in rows.parts if part.question.isdecimal() and len(part.question) < 10]
    more = managing.usable_questions(current_user.actor, typed) if typed else frozenset()
    return replace(offer, questions=offer.questions | more)


def _page(form: QuizForm, quiz: Quiz | None, rows: Rows, refusal: str = "") -> str:
    banks, categories, _ = managing.offer_for(current_user.actor, quiz)
    day = local_day(clock.now())
    grid = (
        form.grid()
        if request.method == "POST"
        else {moment: list(visible(quiz.review, quiz.review_grid, moment)) for moment in MOMENTS}
        if quiz
        else {}
    )
    return render_template(
        "quizzes/admin/edit.html",
        form=form,
        quiz=quiz,
        rows=rows,
        refusal=refusal,
        faults={place: say(fault) for place, fault in rows.faults.items()},
        section_faults={place: say(fault) for place, fault in rows.section_faults.items()},
        banks=banks,
        categories=categories,
        available=[available_of(part, day) for part in rows.parts],
        chosen=managing.chosen_questions(
            int(part.question) for part in rows.parts if part.question.isdecimal() and len(part.question) < 10
        ),
        levels=LEVELS,
        presets=wording.PRESETS,
        moments=[(key, gettext(wording.MOMENT_NAMES[key])) for key in MOMENTS],
        things=[(key, gettext(wording.THING_NAMES[key])) for key in THINGS],
        grid=grid,
        grid_name=GRID,
        certainty_words=gettext(wording.CERTAINTY),
    )


def available_of(part: RawPart, day: date) -> int | None:
    source = managing.source_asked({"bank": part.bank, "category": part.category, "level": part.level, "tags": part.tags})
    return managing.available(source, day) if part.kind == "draw" and source else None


@blueprint.get("/admin/quizzes/available")
@requires("quiz.manage")
def available() -> Response:
    """How many questions a row of the editor can draw from today, for its script."""
    source = managing.source_asked(request.args)
    if source is None or source.bank_id not in {bank.id for bank in list_usable_banks(current_user.actor)}:
        raise NotFound()
    return jsonify(available=managing.available(source, local_day(clock.now())))


@blueprint.route("/admin/quizzes/<code>/hours", methods=["GET", "POST"])
@requires("quiz.manage")
def hours(code: str) -> Answer:
    """The one thing that may change once a quiz has been sat."""
    quiz, now = managing.access_by_code(current_user.actor, code, "quiz.manage"), clock.now()
    form = HoursForm(data=hours_of(quiz))
    if form.validate_on_submit():
        try:
            editing.change_hours(quiz.id, **form.hours(), by=current_user.named, now=now)
        except InvalidInput as refusal:
            at = form[refusal.field]
            at.errors = [*at.errors, said(refusal)]
        else:
            flash(gettext("Đã đổi giờ của bài."), "success")
            return redirect(url_for("quizzes.show", code=code))
    page = render_template("quizzes/admin/hours.html", quiz=quiz, form=form, tally=managing.tallies_of([quiz.id], now)[quiz.id])
    return page, 400 if request.method == "POST" else 200


@blueprint.route("/admin/quizzes/<code>/questions", methods=["GET", "POST"])
@requires("quiz.manage")
def pick(code: str) -> Answer:
    """Find questions in the banks and put them into a draft one by one."""
    quiz, actor = managing.access_by_code(current_user.actor, code, "quiz.manage"), current_user.actor
    banks = list_usable_banks(actor)
    if request.method == "POST":
        ticked = [int(one) for one in request.form.getlist("question") if one.isdecimal() and len(one) < 10]
        try:
            count = editing.add_questions(
                quiz.id, sorted(managing.usable_questions(actor, ticked), key=ticked.index), current_user.named, clock.now()
            )
        except DomainError as refusal:
            flash(said(refusal), "warning")
        else:
            told = ngettext("Đã thêm %(num)s câu vào đề.", "Đã thêm %(num)s câu vào đề.", count)
            flash(
                told if count else gettext("Chưa thêm câu nào: hãy đánh dấu những câu chưa có trong đề."),
                "success" if count else "warning",
            )
        kept = {name: request.args[name] for name in ("q", "bank", "level", "page") if name in request.args}
        return redirect(url_for("quizzes.pick", code=code, **kept))  # type: ignore[arg-type]
    wanted = request.args.get("bank", "")
    bank = next((one for one in banks if str(one.id) == wanted), None)
    filters = replace(Filters.read({name: request.args.get(name, "") for name in ("q", "level")}), status="in_use")
    page = page_of_questions([bank.id] if bank else [one.id for one in banks], filters, page_number(), local_day(clock.now()))
    return render_template(
        "quizzes/admin/pick.html", quiz=quiz, banks=banks, bank=bank, filters=filters, page=page, levels=LEVELS,
        versions=current_versions(page.items), words_of=lambda version: in_a_list(rich(version.text, version.text_format)), held={part["question"] for part in quiz.blueprint if "question" in part},
    )  # fmt: skip
