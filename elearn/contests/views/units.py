"""Units of a round for officers: places, targets, and formulas side by side before anything is published."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_login import current_user

from elearn.audit.services import note_export
from elearn.contests.queries import contests, standings, units
from elearn.contests.rules.settings import UNIT_MEASURES, UnitFormula
from elearn.contests.rules.unit_scores import MEASURES, UnitRow, rank_units, word_formula
from elearn.contests.services.excel import units_workbook
from elearn.contests.views.pages import blueprint, say, titled
from elearn.core import clock
from elearn.core.exports.excel import excel_answer
from elearn.core.guards import requires
from elearn.core.i18n import gettext

FORMULAS = ("a", "b")
"""Formulas that may be tried beside the one in force."""


def tried_formula(name: str) -> tuple[UnitFormula | None, str]:
    """The formula asked for in the address, and what is wrong with it; (None, "") where none is."""
    given = {key: request.args.get(f"{name}_{key}", "").strip() for key in UNIT_MEASURES}
    if not any(given.values()):
        return None, ""
    weights = {key: int(value) for key, value in given.items() if value.isdecimal() and len(value) <= 3 and int(value)}
    shrink = request.args.get(f"{name}_shrink", "").strip() or "0"
    if (
        any(value and not (value.isdecimal() and len(value) <= 3) for value in given.values())
        or not shrink.isdecimal()
        or len(shrink) > 6
    ):
        return None, gettext("Trọng số và số người là số nguyên không âm.")
    if sum(weights.values()) != 100:
        return None, gettext("Các trọng số đang cộng lại %(sum)s%%, cần đúng 100%%.", sum=sum(weights.values()))
    return UnitFormula(weights, int(shrink)), ""


@blueprint.get("/admin/contests/<code>/rounds/<int:number>/units")
@requires("contest.oversee")
def units_of_round(code: str, number: int) -> str:
    """Every unit with its figures; up to two other formulas beside the one in force."""
    found = contests.access_round_to(current_user.actor, "contest.oversee", code, number)
    settlement = standings.find_latest(found.id)
    figures = units.list_figures(settlement) if settlement else []
    tried, faults = {}, {}
    for name in FORMULAS:
        formula, faults[name] = tried_formula(name)
        if formula is not None:
            tried[name] = (formula, {row.figures.unit_id: row for row in rank_units(figures, formula)})
    in_force = found.rules.units
    rows: dict[int, UnitRow] = {row.figures.unit_id: row for row in rank_units(figures, in_force)}
    return render_template(
        "contests/units.html",
        contest=found.contest,
        round=found,
        settlement=settlement,
        competing=units.list_competing(found, settlement),
        rows=rows,
        tried=tried,
        faults=faults,
        formulas=FORMULAS,
        measures=MEASURES,
        words=[say(one) for one in word_formula(in_force)],
        say_formula=lambda formula: "; ".join(say(one) for one in word_formula(formula)),
        has_targets=bool(found.rules.unit_targets),
        is_final_day=clock.now() >= found.closes_at,
    )


@blueprint.get("/admin/contests/<code>/rounds/<int:number>/units.xlsx")
@requires("contest.oversee")
def units_excel(code: str, number: int) -> Response:
    """Every unit with people, attempts and what is missing to its target, for the weekly report."""
    found = contests.access_round_to(current_user.actor, "contest.oversee", code, number)
    settlement = standings.find_latest(found.id)
    competing = units.list_competing(found, settlement)
    content = units_workbook(found, settlement, competing)
    subject = ("round", found.id, f"{found.contest.title}, {found.title}")
    note_export(current_user.named, subject, len(competing), {"list": "units"}, clock.now())
    return excel_answer(content, gettext("Đơn vị %(round)s, %(contest)s", round=titled(found), contest=titled(found.contest)))
