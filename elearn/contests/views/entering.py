"""Entering a round."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.contests import services
from elearn.contests.queries import contests, entries
from elearn.contests.rules.entry import is_unlimited, reason_against
from elearn.contests.rules.rules_text import duration
from elearn.contests.services import Person
from elearn.contests.views.devices import mark_device
from elearn.contests.views.pages import blueprint
from elearn.contests.views.public import round_word
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import signed_in


def own_roles() -> frozenset[str]:
    """Roles that the reader holds anywhere."""
    return frozenset(str(role) for role in current_user.actor.roles())


@blueprint.get("/contests/<code>/rounds/<int:number>")
@signed_in
def start(code: str, number: int) -> str | Response:
    """What to expect and the button to begin, or why not."""
    now = clock.now()
    found = contests.access_round(current_user.actor, code, number)
    if found.paper is None:
        return redirect(url_for("contests.show", code=code))
    entrant, terms = entries.find_entrant(found.id, current_user.member_id, own_roles(), now)
    refusal = reason_against(entrant, terms, now)
    return render_template(
        "contests/start.html",
        contest=found.contest,
        round=found,
        entrant=entrant,
        used=entries.list_used(current_user.member_id, [found], now).get(found.id, entries.Used()),
        refusal=refusal,
        reason=said(refusal) if refusal else "",
        duration=duration(found.quiz.time_limit_seconds),
        is_unlimited=is_unlimited(found.quiz.attempt_limit),
        round_word=round_word(found.contest),
        now=now,
    )


@blueprint.post("/contests/<code>/rounds/<int:number>/enter")
@signed_in
def enter(code: str, number: int) -> Response:
    found = contests.access_round(current_user.actor, code, number)
    person = Person(
        current_user.member_id, current_user.display_name, current_user.unit_id, current_user.unit_name, own_roles()
    )  # fmt: skip
    now = clock.now()
    attempt_id = services.enter_round(found.id, person, now)
    return mark_device(redirect(url_for("quizzes.sit", attempt_id=attempt_id)), found, person.member_id, now)
