"""The running total of a stage on the wall of the hall."""

from __future__ import annotations

import hashlib

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from elearn.contests.queries import contests, stages
from elearn.contests.views.pages import blueprint, reader
from elearn.core.guards import public
from elearn.core.i18n import choose_locale
from elearn.core.pages import Page, page_number
from elearn.lib.canonical import canonical
from elearn.lib.errors import NotFound

ROWS = 8


@blueprint.get("/contests/<code>/rounds/<int:number>/stage")
@public
def stage_screen(code: str, number: int) -> Response:
    """Parts that the chair has released, and their sum; nothing of the others, not even who leads in them."""
    found = contests.access_round(reader(), code, number)
    if found.kind != "stage":
        raise NotFound()
    parts = [one for one in stages.list_parts(found.id) if one.released_at is not None]
    rows = stages.running_total(found)
    page = Page(rows, 1, len(rows), ROWS)
    shown = min(page_number(), page.pages)
    state = [
        choose_locale(), shown, [[one.id, one.title] for one in parts],
        [[one.place, one.contestant.entry_id, one.contestant.appears, one.total, sorted(one.parts.items())] for one in rows],
    ]  # fmt: skip
    answer = make_response()
    tag = hashlib.sha256(canonical(state).encode()).hexdigest()[:32]
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "no-cache"
    if request.if_none_match.contains(tag):
        answer.status_code = 304
        return answer
    if not parts:
        rows = sorted(rows, key=lambda one: (one.contestant.appears or 0, one.contestant.entry.search_key))
    first = (shown - 1) * ROWS
    answer.set_data(
        render_template(
            "contests/stage_screen.html",
            contest=found.contest,
            round=found,
            stage_parts=parts,
            page=Page(rows[first : first + ROWS], shown, len(rows), ROWS),
        )
    )
    return answer
