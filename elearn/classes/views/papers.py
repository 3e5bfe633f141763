"""Documents of a class as Word, PDF and Excel; a learner's own summons and calendar."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.audit.services import note_export
from elearn.classes.forms.papers import PaperForm
from elearn.classes.models import Cohort
from elearn.classes.queries import cohorts, mine
from elearn.classes.queries.papers import facts_of, results_of
from elearn.classes.rules.calendar import Entry, write_calendar
from elearn.classes.rules.papers import PAPERS, WRITERS, Typed, write_summons
from elearn.classes.rules.result_papers import RESULT_PAPERS
from elearn.classes.rules.result_papers import WRITERS as RESULT_WRITERS
from elearn.classes.services.papers import people_workbook, results_workbook
from elearn.classes.views.pages import Answer, blueprint
from elearn.core import clock
from elearn.core.exports.excel import excel_answer
from elearn.core.exports.pdf import pdf_answer, write_pdf
from elearn.core.exports.word import word_answer, write_word
from elearn.core.guards import requires, signed_in
from elearn.core.i18n import gettext
from elearn.lib.document import Letterhead
from elearn.lib.errors import DomainError, NotFound
from elearn.lib.periods import local_day
from elearn.members.rules.permissions import Subject, forbidden, may

ENDINGS = ("docx", "pdf", "xlsx")


def _form(cohort: Cohort) -> PaperForm:
    if request.args:
        return PaperForm(request.args)
    return PaperForm(formdata=None, style="party", superior="", issuer=cohort.unit.name, day=cohort.decided_on)


def may_see_sensitive(cohort: Cohort) -> bool:
    """Whether this officer may have ethnicity and religion of people of the class: held for the organiser and all below it."""
    return may(current_user.actor, "member.sensitive", Subject(cohort.unit.path))


@blueprint.get("/admin/classes/<int:cohort_id>/papers")
@requires("cohort.view")
def papers(cohort_id: int) -> Answer:
    """What an officer may type into the documents, and the documents themselves."""
    cohort = cohorts.access_planned(current_user.actor, cohort_id)
    form = _form(cohort)
    is_sound = form.validate() if request.args else True
    page = render_template(
        "classes/papers.html",
        cohort=cohort,
        form=form,
        kinds={**PAPERS, **RESULT_PAPERS} if cohort.results_at else PAPERS,
        may_sensitive=may_see_sensitive(cohort),
    )
    return page if is_sound else (page, 400)


def typed_of(form: PaperForm) -> Typed:
    """The officer's words as documents take them."""
    head: dict[str, Any] = {name: (getattr(form, name).data or "") for name in ("superior", "issuer", "number", "office", "place")}
    said = {name: (getattr(form, name).data or "") for name in ("post", "name", "maker")}
    return Typed(Letterhead(style=form.style.data, day=form.day.data, **head), **said)


@blueprint.get("/admin/classes/<int:cohort_id>/papers/<kind>.<ending>")
@requires("cohort.view")
def paper(cohort_id: int, kind: str, ending: str) -> Response | Answer:
    """A document; that names went out is recorded, and whether ethnicity and religion were among them."""
    cohort = cohorts.access_planned(current_user.actor, cohort_id)
    if kind not in {**WRITERS, **RESULT_WRITERS} or ending not in ENDINGS:
        raise NotFound()
    form = _form(cohort)
    if not form.validate():
        return papers(cohort_id)
    if kind in RESULT_WRITERS:
        return _result_paper(cohort, kind, ending, form)
    wants_sensitive = bool(form.sensitive.data)
    if wants_sensitive and not may_see_sensitive(cohort):
        raise forbidden("member.sensitive")
    facts, name = facts_of(cohort, wants_sensitive, local_day(clock.now())), f"{gettext(PAPERS[kind])} {cohort.code}"
    detail = {"list": kind, "format": ending, "sensitive": wants_sensitive}
    note_export(current_user.named, ("cohort", cohort_id, cohort.title), len(facts.people), detail, clock.now())
    if ending == "xlsx":
        return excel_answer(people_workbook(facts, clock.now()), name)
    document = WRITERS[kind](facts, typed_of(form))
    return word_answer(write_word(document), name) if ending == "docx" else pdf_answer(write_pdf(document), name)


def _result_paper(cohort: Cohort, kind: str, ending: str, form: PaperForm) -> Response:
    """A document of the results; there is none before the council has decided."""
    now = clock.now()
    results, name = results_of(cohort, local_day(now)), f"{gettext(RESULT_PAPERS[kind])} {cohort.code}"
    if not results.people:
        raise DomainError("undecided", "Hội đồng chưa kết luận kết quả của lớp này.")
    detail = {"list": kind, "format": ending}
    note_export(current_user.named, ("cohort", cohort.id, cohort.title), len(results.people), detail, now)
    if ending == "xlsx":
        return excel_answer(results_workbook(results, now), name)
    document = RESULT_WRITERS[kind](results, typed_of(form))
    return word_answer(write_word(document), name) if ending == "docx" else pdf_answer(write_pdf(document), name)


@blueprint.get("/my-classes/<int:cohort_id>/summons.pdf")
@signed_in
def my_summons(cohort_id: int) -> Response:
    """One's own giấy triệu tập, once the class is decided."""
    cohort, _, enrolment = mine.access_class(current_user.member_id, cohort_id)
    if enrolment is None or enrolment.withdrawn_at or cohort.terms is None:
        raise NotFound()
    facts = facts_of(cohort, False, local_day(clock.now()), only=current_user.member_id)
    document = write_summons(facts, Typed(Letterhead(issuer=cohort.unit.name, day=cohort.decided_on)))
    return pdf_answer(write_pdf(document), gettext("Giấy triệu tập %(code)s", code=cohort.code))


@blueprint.get("/my-classes/<int:cohort_id>/calendar.ics")
@signed_in
def my_calendar(cohort_id: int) -> Response:
    """One's own class as a calendar file."""
    cohort, _, enrolment = mine.access_class(current_user.member_id, cohort_id)
    if enrolment is None or enrolment.withdrawn_at:
        raise NotFound()
    entry = Entry(
        f"cohort-{cohort.id}@{request.host}", cohort.title, cohort.place, local_day(cohort.starts_at), local_day(cohort.due_at),
        gettext("Đơn vị mở lớp: %(unit)s", unit=cohort.unit.name),
    )  # fmt: skip
    text = write_calendar([entry], current_app.config["SITE_NAME"], clock.now())
    headers = {"Content-Disposition": 'attachment; filename="class.ics"', "Cache-Control": "no-store"}
    return Response(text, mimetype="text/calendar", headers=headers)
