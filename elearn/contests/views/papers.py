"""Officers' pages for documents of a closing and for the weekly bulletin."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.audit.services import note_export
from elearn.contests.forms import PaperForm
from elearn.contests.models import Round
from elearn.contests.queries import contests, standings
from elearn.contests.queries.bulletin import find_figures
from elearn.contests.rules import bulletin as rules
from elearn.contests.rules.awards import PAPERS
from elearn.contests.rules.papers import ISSUER, WRITERS, Typed
from elearn.contests.services.papers import closing_of
from elearn.contests.views.pages import blueprint, titled
from elearn.core import clock
from elearn.core.display import show_number, show_percent
from elearn.core.exports.pdf import pdf_answer, write_pdf
from elearn.core.exports.word import word_answer, write_word
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.lib.document import Letterhead
from elearn.lib.errors import NotFound

HERE = "/admin/contests/<code>/rounds/<int:number>"
ENDINGS = ("docx", "pdf")


@blueprint.get(f"{HERE}/papers")
@requires("prize.manage")
def papers(code: str, number: int) -> str | tuple[str, int]:
    """What an officer may type into the documents, and the documents themselves."""
    found = contests.access_round_to(current_user.actor, "prize.manage", code, number)
    form = _form(found)
    is_sound = form.validate() if request.args else True
    page = render_template(
        "contests/papers.html", contest=found.contest, round=found, latest=standings.find_latest(found.id), form=form, kinds=PAPERS
    )
    return page if is_sound else (page, 400)


def _form(found: Round) -> PaperForm:
    if request.args:
        return PaperForm(request.args)
    return PaperForm(formdata=None, style="party", superior=found.contest.unit.name, issuer=ISSUER, office="BTC")


@blueprint.get(f"{HERE}/papers/<kind>.<ending>")
@requires("prize.manage")
def paper(code: str, number: int, kind: str, ending: str) -> Response | str | tuple[str, int]:
    """A document of the latest settlement as Word or PDF; that names went out is recorded."""
    found = contests.access_round_to(current_user.actor, "prize.manage", code, number)
    latest = standings.find_latest(found.id)
    if latest is None or kind not in WRITERS or ending not in ENDINGS:
        raise NotFound()
    form = _form(found)
    if not form.validate():
        return papers(code, number)
    said = {name: (getattr(form, name).data or "") for name in ("post", "name", "secretary", "present")}
    head: dict[str, Any] = {name: (getattr(form, name).data or "") for name in ("superior", "issuer", "number", "office", "place")}
    closing = closing_of(found, latest)
    document = WRITERS[kind](closing, Typed(Letterhead(style=form.style.data, day=form.day.data, **head), **said))
    subject = ("round", found.id, f"{found.contest.title}, {found.title}")
    note_export(current_user.named, subject, len(closing.winners), {"list": kind, "format": ending}, clock.now())
    name = f"{gettext(PAPERS[kind])} {titled(found)}"
    return word_answer(write_word(document), name) if ending == "docx" else pdf_answer(write_pdf(document), name)


@blueprint.get(f"{HERE}/bulletin")
@requires("contest.oversee")
def bulletin(code: str, number: int) -> str:
    """Figures of a round for those above: page, chart, and text for a chat group."""
    found = contests.access_round_to(current_user.actor, "contest.oversee", code, number)
    figures = find_figures(found)
    return render_template(
        "contests/bulletin.html",
        contest=found.contest,
        round=found,
        figures=figures,
        sentences=[
            one for one in (*rules.main_sentences(figures), rules.unit_sentence(figures), rules.winner_sentence(figures)) if one
        ]
        if figures
        else [],
        text=rules.chat_text(figures) if figures else "",
        week_labels=rules.short_labels(figures.weeks) if figures else [],
        changes=_changes(figures),
        by_unit=rules.winners_by_unit(figures.winners) if figures else [],
        top=rules.TOP,
    )


def _changes(figures: rules.Figures | None) -> dict[str, tuple[str, bool | None]]:
    """By figure: how it differs from the round before, in words, and whether it rose."""
    if figures is None or figures.before is None:
        return {}
    told: dict[str, tuple[str, bool | None]] = {}
    for name in ("people", "attempts", "all_correct"):
        change = rules.growth(getattr(figures.this, name), getattr(figures.before, name))
        values = {
            "count": show_number(abs(change.difference)),
            "percent": show_percent(abs(change.difference), getattr(figures.before, name)),
        }
        if change.percent is None and change.difference:
            told[name] = gettext("tăng %(count)s", count=values["count"]), True
        elif not change.difference:
            told[name] = gettext("không đổi"), None
        elif change.difference > 0:
            told[name] = gettext("tăng %(count)s (%(percent)s)", **values), True
        else:
            told[name] = gettext("giảm %(count)s (%(percent)s)", **values), False
    return told


@blueprint.get(f"{HERE}/bulletin.<ending>")
@requires("contest.oversee")
def bulletin_file(code: str, number: int, ending: str) -> Response:
    """The bulletin as Word or PDF."""
    found = contests.access_round_to(current_user.actor, "contest.oversee", code, number)
    figures = find_figures(found)
    if figures is None or ending not in ENDINGS:
        raise NotFound()
    head = Letterhead("party", found.contest.unit.name, ISSUER, office="BTC", sign="BT")
    document = rules.write_bulletin(figures, head)
    subject = ("round", found.id, f"{found.contest.title}, {found.title}")
    note_export(current_user.named, subject, len(figures.winners), {"list": "bulletin", "format": ending}, clock.now())
    name = gettext("Bản tin %(round)s", round=titled(found))
    return word_answer(write_word(document), name) if ending == "docx" else pdf_answer(write_pdf(document), name)
