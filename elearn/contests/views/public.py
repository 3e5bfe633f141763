"""Pages about contests that anybody may read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from elearn.contests.forms import JoinForm
from elearn.contests.models import Contest, Round
from elearn.contests.queries import contests, entries, standings
from elearn.contests.queries.live import live_counts
from elearn.contests.queries.terms import terms_in
from elearn.contests.rules.entry import is_unlimited
from elearn.contests.rules.prediction import is_told_by_counts
from elearn.contests.rules.rounds import RoundState, state_at
from elearn.contests.rules.rules_text import Rule, Terms, same_rules, word_for_rounds, word_rules
from elearn.contests.views.pages import blueprint, prize_names, prizes_of, reader, titled
from elearn.core import clock
from elearn.core.guards import public
from elearn.core.i18n import gettext
from elearn.core.markdown import render
from elearn.quizzes.queries import Counts

DIGITS = 6


@blueprint.get("/contests")
@public
def catalogue() -> str:
    now = clock.now()
    found = contests.list_public()
    states = contests.states_of([one for contest in found for one in contest.rounds], now)
    current = {contest.id: current_round(contest.rounds, now) for contest in found}
    return render_template("contests/catalogue.html", contests=found, current=current, states=states, State=RoundState, now=now)


def current_round(rounds: Sequence[Round], now: datetime) -> Round | None:
    """The round that is open; else the next to open; else the last."""
    not_over = [one for one in rounds if now < one.closes_at]
    return min(not_over, key=lambda one: one.opens_at) if not_over else (rounds[-1] if rounds else None)


@blueprint.get("/contests/<code>")
@public
def show(code: str) -> str:
    now = clock.now()
    contest = contests.access_contest(reader(), code)
    current = current_round(contest.rounds, now)
    settlement = standings.find_published(current) if current else None
    used = None
    if current and current_user.is_authenticated:
        used = entries.list_used(current_user.member_id, [current], now).get(current.id, entries.Used())
    return render_template(
        "contests/show.html",
        contest=contest,
        current=current,
        state=state_at(current.opens_at, current.closes_at, now, is_published=settlement is not None) if current else None,
        counts=shown_counts(current, now),
        has_live=current is not None and current.quiz_id is not None and contest.rules.has_live_standings,
        settlement=settlement,
        used=used,
        rules=[rule for rule in word_rules(worded(contest, current)) if rule.is_main] if current else [],
        corrections=contests.list_corrections(contest.id),
        past=standings.list_past(contest.rounds),
        prize_names=prize_names(current) if current else {},
        is_unlimited=current is not None and current.paper is not None and is_unlimited(current.paper.attempt_limit),
        round_word=round_word(contest),
        is_open_to_all=contest.rules.audience == "everybody" and contest.is_published,
        State=RoundState,
        now=now,
    )


def shown_counts(current: Round | None, now: datetime) -> Counts | None:
    """People and attempts of the round; nothing while it is open where people have to guess just that."""
    if current is None or current.quiz_id is None or (now < current.closes_at and is_told_by_counts(current.own_rules.metric)):
        return None
    return live_counts(current.quiz_id, now)


def round_word(contest: Contest) -> str:
    """What rounds of the contest are called: tuần, vòng …"""
    return word_for_rounds([titled(one) for one in contest.rounds], gettext("vòng"))


def worded(contest: Contest, one: Round) -> Terms:
    """The rules in force in a round, named in the reader's language."""
    return terms_in(contest, one, titled, prizes_of, gettext("vòng"))


def grouped_rules(contest: Contest) -> list[tuple[list[Round], list[Rule]]]:
    """Rounds beside the rules that they follow; those that follow the same stand together."""
    groups: list[tuple[list[Round], Terms]] = []
    for one in contest.rounds:
        terms = worded(contest, one)
        alike = next((rounds for rounds, told in groups if same_rules(told, terms)), None)
        if alike is None:
            groups.append(([one], terms))
        else:
            alike.append(one)
    return [(rounds, word_rules(terms)) for rounds, terms in groups]


@blueprint.get("/contests/<code>/rules")
@public
def full_rules(code: str) -> str:
    """The whole rules (thể lệ), made to be printed."""
    contest = contests.access_contest(reader(), code)
    return render_template(
        "contests/rules.html",
        contest=contest,
        groups=grouped_rules(contest),
        extra=Markup(render(contest.rules_extra)) if contest.rules_extra.strip() else "",  # noqa: S704 — made safe by `render`
        corrections=contests.list_corrections(contest.id),
        round_word=round_word(contest),
    )


@blueprint.get("/join")
@public
def join() -> str | Response | tuple[str, int]:
    """Type the six digits of a contest."""
    form = JoinForm(request.args)
    if "code" not in request.args:
        return render_template("contests/join.html", form=form)
    if not form.validate():
        return render_template("contests/join.html", form=form), 400
    digits = "".join(sign for sign in form.code.data or "" if sign in "0123456789")
    found = contests.find_code(digits) if len(digits) == DIGITS else None
    if found:
        return redirect(url_for("contests.show", code=found))
    message = gettext("Không có cuộc thi nào mang mã này. Hãy xem lại từng chữ số.")
    form.code.errors = [gettext("Mã cuộc thi gồm sáu chữ số.") if len(digits) != DIGITS else message]
    return render_template("contests/join.html", form=form), 404


@blueprint.get("/join/<code>")
@public
def join_code(code: str) -> Response:
    """The address in the QR code: leads to the contest, or to the page where the digits can be typed again."""
    found = contests.find_code(code)
    return redirect(url_for("contests.show", code=found) if found else url_for("contests.join", code=code[:20]))
