"""Published standings: the table, the projector, the file."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal

from flask import Response, render_template, request
from flask_login import current_user

from elearn.audit.services import note_export
from elearn.contests.models import Round, Settlement, Standing
from elearn.contests.queries import awards, contests, standings
from elearn.contests.rules.candidates import Own
from elearn.contests.rules.reasons import explain
from elearn.contests.rules.rules_text import order
from elearn.contests.rules.units import competing_unit
from elearn.contests.rules.words import Words
from elearn.contests.services import neighbours
from elearn.contests.services.columns import columns_of
from elearn.contests.services.excel import standings_file
from elearn.contests.views.pages import blueprint, decimals_of, prize_names, reader, say, titled
from elearn.contests.views.public import current_round
from elearn.core import clock
from elearn.core.display import show_duration, show_number, show_scaled
from elearn.core.exports.excel import excel_answer
from elearn.core.guards import public
from elearn.core.i18n import gettext
from elearn.core.pages import Page, page_number
from elearn.core.types import MARK_SCALE
from elearn.members.rules.permissions import may_anywhere

UNITS_SHOWN = 7
ROWS_ON_SCREEN = 6
SHOWN_WITHOUT_PRIZES = 12
ALL_UNITS = "all"


@blueprint.get("/contests/<code>/rounds/<int:number>/standings", endpoint="standings")
@public
def standings_page(code: str, number: int) -> str:
    now = clock.now()
    found = contests.access_round(reader(), code, number)
    settlement = standings.access_version(found, request.args.get("version", ""))
    own = standings.find_own(settlement.id, current_user.member_id) if current_user.is_authenticated else None
    words = request.args.get("q", "")[:100]
    asked = request.args.get("unit", "")
    unit = standings.find_unit(settlement.id, int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
    page = standings.page_of_standings(settlement.id, words, page_number(), unit_id=unit.unit_id if unit else None)
    following = current_round(found.contest.rounds, now)
    all_units = request.args.get("units") == ALL_UNITS
    return render_template(
        "contests/standings.html",
        contest=found.contest,
        round=found,
        settlement=settlement,
        versions=standings.list_versions(found),
        is_present=settlement.version == found.published_version,
        page=page,
        words=words,
        unit=unit,
        own=own,
        reason=" ".join(say(one) for one in explain_own(found, settlement, own)) if own else "",
        open_round=following if following and following.opens_at <= now < following.closes_at else None,
        units=standings.list_units(settlement.id, None if all_units else UNITS_SHOWN),
        unit_count=standings.count_units(settlement.id),
        own_unit_id=competing_unit(found.contest.unit.path, current_user.unit_path) if current_user.is_authenticated else None,
        chain=say(order(contests.criteria_of(settlement.criteria))),
        tie=None if words or unit else first_tie(page.items, found.kind),
        criterion_names={one.key: one.name for one in contests.RANKINGS},
        others=awards.list_beside_ranking(found, settlement),
        prize_names=prize_names(found),
        why=neighbours.why_of(page.items, standings.rows_beside(settlement.id, page.items), settlement),
        columns=columns_of(found, settlement, prize_names(found), [one.entry_id for one in page.items]),
    )


def explain_own(found: Round, settlement: Settlement, own: Standing) -> list[Words]:
    """Why the reader stands where they stand."""
    decimals = decimals_of(settlement)
    guess, off, actual = (
        "" if value is None else show_scaled(value, decimals)
        for value in (own.prediction, own.prediction_distance, settlement.prediction_actual)
    )
    figures = Own(
        own.place, own.correct_count, settlement.question_count, guess, off, actual, own.prediction_distance == 0,
        show_duration(own.working_ms), show_number(Decimal(own.score) / MARK_SCALE), own.attempts_used,
    )  # fmt: skip
    return explain(figures, standings.list_steps(settlement, own), {one.key: one for one in contests.RANKINGS})


def first_tie(rows: Sequence[Standing], kind: str = "quiz") -> tuple[Standing, Standing] | None:
    """The first two neighbours about whom whoever reads the table will ask: with equal answers and distance, or in judged rounds one place."""
    for above, row in itertools.pairwise(rows):
        is_like = (above.correct_count, above.prediction_distance) == (row.correct_count, row.prediction_distance)
        if is_like if kind == "quiz" else above.place == row.place:
            return above, row
    return None


@blueprint.get("/contests/<code>/rounds/<int:number>/standings/screen")
@public
def screen(code: str, number: int) -> str:
    """For the projector: those with a prize, or the first rows where there are none."""
    now = clock.now()
    found = contests.access_round(reader(), code, number)
    settlement = standings.access_published(found)
    rows = standings.list_winners(settlement.id) or standings.list_top(settlement.id, SHOWN_WITHOUT_PRIZES)
    pages = Page(rows, 1, len(rows), ROWS_ON_SCREEN).pages
    number_shown = min(page_number(), pages)
    first = (number_shown - 1) * ROWS_ON_SCREEN
    following = current_round(found.contest.rounds, now)
    return render_template(
        "contests/screen.html",
        contest=found.contest,
        round=found,
        settlement=settlement,
        page=Page(rows[first : first + ROWS_ON_SCREEN], number_shown, len(rows), ROWS_ON_SCREEN),
        after=rows[first + ROWS_ON_SCREEN : first + 2 * ROWS_ON_SCREEN],
        open_round=following if following and following.opens_at <= now < following.closes_at else None,
        prize_names=prize_names(found),
        columns=columns_of(found, settlement, prize_names(found), [one.entry_id for one in rows]),
    )


@blueprint.get("/contests/<code>/rounds/<int:number>/standings.xlsx")
@public
def standings_excel(code: str, number: int) -> Response:
    """The published list, free for all; that an officer took it out is recorded, as of every list."""
    found = contests.access_round(reader(), code, number)
    settlement = standings.access_published(found)
    content = standings_file(found, settlement)
    title = gettext("Kết quả %(round)s, %(contest)s", round=titled(found), contest=titled(found.contest))
    if current_user.is_authenticated and may_anywhere(current_user.actor, "contest.oversee"):
        subject, rows = ("round", found.id, f"{found.contest.title}, {found.title}"), settlement.people_count
        note_export(current_user.named, subject, rows, {"list": "standings"}, clock.now())
    return excel_answer(content, title)
