"""Questions of a bank as a file: what each format can say of them is told before anything is downloaded."""

from __future__ import annotations

from flask import render_template, request
from flask_login import current_user

from elearn.audit.services import note_export
from elearn.core import clock
from elearn.core.guards import requires
from elearn.lib.errors import DomainError, NotFound
from elearn.lib.periods import local_day
from elearn.questions import queries
from elearn.questions.queries import exports as found
from elearn.questions.queries.finding import Filters
from elearn.questions.rules.files import FORMATS
from elearn.questions.rules.levels import LEVELS
from elearn.questions.rules.versions import STATES
from elearn.questions.views.base import Answer, blueprint
from elearn.questions.views.files import file_answer, told_formats


@blueprint.get("/admin/questions/<code>/exports")
@requires("question.view")
def export(code: str) -> str:
    """Choose a format for the questions that the filters leave."""
    bank = queries.access_bank(current_user.actor, code)
    filters = Filters.read(request.args)
    counts = found.count_types(bank.id, filters, local_day(clock.now()), current_user.member_id)
    fits = [(found.fit_of(form, counts), reads) for form, reads in told_formats() if form.writes]
    return render_template(
        "questions/imports/export.html", bank=bank, filters=filters, fits=fits, total=sum(counts.values()), most=found.MOST, levels=LEVELS, states=STATES,
        topics=queries.list_topics(bank),
    )  # fmt: skip


@blueprint.get("/admin/questions/<code>/exports/<key>")
@requires("question.view")
def export_file(code: str, key: str) -> Answer:
    """The file itself; questions that the format cannot say are left out, as the page before has told."""
    bank = queries.access_bank(current_user.actor, code)
    if key not in FORMATS or not FORMATS[key].writes:
        raise NotFound()
    form, filters, now = FORMATS[key], Filters.read(request.args), clock.now()
    counts = found.count_types(bank.id, filters, local_day(now), current_user.member_id)
    if found.fit_of(form, counts).written > found.MOST:
        raise DomainError("too_many", "Mỗi tệp tối đa %(most)s câu. Hãy lọc hẹp hơn rồi tải lại.", most=found.MOST)
    drafts = found.list_drafts(bank.id, form, filters, local_day(now), current_user.member_id)
    content = form.write(drafts)
    subject = ("bank", bank.id, bank.title)
    note_export(current_user.named, subject, len(drafts), {"format": key, **filters.given()}, now)
    return file_answer(content, bank.code, form)
