"""Entering a round, and waiting for it where too many come at once."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, jsonify, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.contests import services
from elearn.contests.forms import EnterForm
from elearn.contests.models import Round
from elearn.contests.queries import contests, entrants, entries
from elearn.contests.rules import waiting as rules
from elearn.contests.rules.entry import is_unlimited, reason_against
from elearn.contests.rules.rules_text import duration
from elearn.contests.services import Person, waiting
from elearn.contests.services.registering import check_contest_password
from elearn.contests.views.devices import mark_device
from elearn.contests.views.pages import blueprint
from elearn.contests.views.public import round_word
from elearn.contests.views.registering import challenge_cost, take_proof, trial
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import guests_too, signed_in
from elearn.core.i18n import gettext
from elearn.lib.errors import InvalidInput
from elearn.members.views import sign_in_limits

Answer = str | Response | tuple[str, int]


def own_roles() -> frozenset[str]:
    """Roles that the reader holds anywhere."""
    return frozenset(str(role) for role in current_user.actor.roles())


def own_person() -> Person:
    """The reader as they enter: somebody without an account for the unit that they chose."""
    own = entrants.find_own(current_user.member_id) if current_user.is_guest else None
    unit_id, unit_name = (own.unit_id, own.unit_name) if own else (current_user.unit_id, current_user.unit_name)
    return Person(current_user.member_id, current_user.display_name, unit_id, unit_name, own_roles())


def starts_per_second() -> int:
    """Starts that the server admits in a second; 0 for any number."""
    return int(current_app.config["ELEARN"].starts_per_second)


@blueprint.get("/contests/<code>/rounds/<int:number>")
@signed_in
@guests_too
def start(code: str, number: int) -> Answer:
    """What to expect and the button to begin, or why not."""
    return _start_page(contests.access_round(current_user.actor, code, number), EnterForm())


def _start_page(found: Round, form: EnterForm) -> str:
    now = clock.now()
    entrant, terms = entries.find_entrant(found.id, current_user.member_id, own_roles(), now)
    refusal = reason_against(entrant, terms, now)
    return render_template(
        "contests/start.html",
        contest=found.contest,
        round=found,
        entrant=entrant,
        own=own_person(),
        form=form,
        asks_password=asks_password(found),
        has_proof=current_user.is_guest and bool(challenge_cost()) and not entrant.has_open_attempt,
        used=entries.list_used(current_user.member_id, [found], now).get(found.id, entries.Used()),
        refusal=refusal,
        reason=said(refusal) if refusal else "",
        duration=duration(found.quiz.time_limit_seconds),
        is_unlimited=is_unlimited(found.quiz.attempt_limit),
        round_word=round_word(found.contest),
        now=now,
    )


def asks_password(found: Round) -> bool:
    """Whether the contest's password is still to be asked: of people without an account it was at their registration."""
    has_one = bool(found.contest.password_hash) and not current_user.is_guest
    return has_one and not entries.has_entered(found.contest_id, current_user.member_id)


@blueprint.post("/contests/<code>/rounds/<int:number>/enter")
@signed_in
@guests_too
def enter(code: str, number: int) -> Answer:
    found, now = contests.access_round(current_user.actor, code, number), clock.now()
    round_id, person, form = found.id, own_person(), EnterForm()
    if not entries.is_under_way(found.quiz_id, person.member_id, now):
        try:
            _let_ask(found, form, now)
        except InvalidInput as refusal:
            form.contest_password.errors = [said(refusal)]
            return _start_page(contests.access_round(current_user.actor, code, number), form), 400
        if not waiting.take_turn(round_id, person.member_id, starts_per_second(), now):
            return redirect(url_for("contests.queue", code=code, number=number))
    attempt_id = services.enter_round(round_id, person, now)
    found = contests.access_round(current_user.actor, code, number)
    return mark_device(redirect(url_for("quizzes.sit", attempt_id=attempt_id)), found, person.member_id, now)


def _let_ask(found: Round, form: EnterForm, now: datetime) -> None:
    """Password and proof of work, of whoever has not given them before the queue. Raises DomainError."""
    if waiting.find_due(found.id, current_user.member_id, now) is not None:
        return
    if asks_password(found):
        hashes = trial(found.contest, "contest_password", str(current_user.member_id))
        check_contest_password(found.contest, form.contest_password.data or "", hashes, sign_in_limits(), now)
    if current_user.is_guest:
        take_proof(found.contest)


@blueprint.get("/contests/<code>/rounds/<int:number>/queue")
@signed_in
@guests_too
def queue(code: str, number: int) -> Answer:
    """The place of somebody who waits; it is kept while the page is reloaded or away."""
    found, now = contests.access_round(current_user.actor, code, number), clock.now()
    due_at = waiting.find_due(found.id, current_user.member_id, now)
    if due_at is None or now >= found.closes_at:
        return redirect(url_for("contests.start", code=code, number=number))
    seconds = rules.seconds_left(due_at, now)
    return render_template(
        "contests/queue.html", contest=found.contest, round=found, seconds=seconds, due_at=due_at,
        place=rules.place_of(due_at, now, starts_per_second() or 1), is_admitted=rules.is_admitted(due_at, now),
        ask_again=rules.ask_again_after(seconds), is_too_late=due_at >= found.closes_at, now=now,
    )  # fmt: skip


@blueprint.get("/contests/<code>/rounds/<int:number>/queue/place")
@signed_in
@guests_too
def queue_place(code: str, number: int) -> Response:
    """What the waiting page asks every few seconds."""
    found, now = contests.find_window(code, number), clock.now()
    due_at = waiting.find_due(found.id, current_user.member_id, now)
    if now >= found.closes_at:
        return jsonify(state="closed", message=gettext("Vòng thi đã đóng trong khi bạn chờ. Các lượt đã nộp vẫn được tính."))
    if due_at is None:
        return jsonify(state="gone", message=gettext("Chỗ chờ của bạn không còn. Hãy bấm vào thi lại."))
    seconds = rules.seconds_left(due_at, now)
    state = "admitted" if rules.is_admitted(due_at, now) else "waiting"
    answer = jsonify(state=state, place=rules.place_of(due_at, now, starts_per_second() or 1), seconds=seconds)
    answer.headers["Retry-After"] = str(rules.ask_again_after(seconds))
    return answer


@blueprint.post("/contests/<code>/rounds/<int:number>/queue/leave")
@signed_in
@guests_too
def leave_queue(code: str, number: int) -> Response:
    found = contests.access_round(current_user.actor, code, number)
    waiting.leave_queue(found.id, current_user.member_id, clock.now())
    return redirect(url_for("contests.show", code=code))
