"""The sitting page and the requests that it sends."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

from flask import Response, current_app, jsonify, redirect, render_template, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from jinja2.utils import htmlsafe_json_dumps
from werkzeug.wrappers import Response as AnyResponse

from elearn.core import clock
from elearn.core.display import keep_together, show_clock
from elearn.core.guards import guests_too, signed_in
from elearn.core.i18n import choose_locale
from elearn.lib.errors import DomainError
from elearn.lib.periods import as_json
from elearn.quizzes import queries, services
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.queries.papers import CHANGING, answer_json, checked_answer, paper_of, progress_of, question_at
from elearn.quizzes.views import ATTEMPT, blueprint
from elearn.quizzes.views.reading import bad_field, read_json, read_notes, read_save, read_words

# What the shell of the sitting page holds in place of the values of one attempt. The id stands in addresses, so it is a number.
SHELL_ID = 9_000_000_000_000_000_007
PLACES = {name: f"@@{name}@@" for name in ("number", "attempt_limit", "member_name", "deadline", "paper", "csrf")}
PLACE = re.compile(f'"@@(paper|csrf)@@"|@@({"|".join(PLACES)})@@|{SHELL_ID}')
LARGEST_SHELLS = 500
SCRIPTS = tuple(
    f"js/sitting/{part}.js"
    for part in ("base", "queue", "clock", "controls", "gaps", "essay", "question", "screens", "handing_in", "start")
)
"""Scripts of the page, in the order in which they are loaded: each adds to what those before it share."""
ENDPOINTS = {
    "responses": "respond", "flags": "flag", "hold": "hold", "submit": "submit", "state": "state", "result": "result",
    "position": "move", "notes": "note", "reports": "report", "check": "check", "clock": "show_clock_of", "files": "hand_in",
    "remove_file": "remove_file",
}  # fmt: skip
"""Views by the names under which the page knows their addresses."""


@blueprint.app_context_processor
def name_scripts() -> dict[str, Any]:
    """Whoever shows the page, with an attempt or as a preview, loads the same scripts."""
    return {"sitting_scripts": SCRIPTS}


@blueprint.get(ATTEMPT)
@signed_in
@guests_too
def sit(attempt_id: int) -> str | AnyResponse:
    now = clock.now()
    attempt = queries.access_attempt(current_user.actor, attempt_id, "attempt.sit")
    if attempt.state == "open" and now > attempt.deadline_at + timedelta(seconds=attempt.quiz.grace_seconds):
        services.finish_when_overdue(attempt_id, current_user.member_id, now)
        return redirect(url_for("quizzes.result", attempt_id=attempt_id))
    if attempt.state != "open":
        return redirect(url_for("quizzes.result", attempt_id=attempt_id))
    return sitting_page(attempt, current_user.display_name, now)


def sitting_page(attempt: Attempt, member_name: str, now: datetime) -> str:
    """The page of one attempt: the shell of its quiz with what is of this attempt and person filled in, in one pass."""
    values = {
        "number": str(attempt.number),
        "attempt_limit": str(attempt.attempt_limit),
        "member_name": str(keep_together(member_name)),
        "deadline": show_clock(attempt.deadline_at),
        "paper": as_script(paper_of(attempt, now)),
        "csrf": as_script(generate_csrf()),
    }

    def fill(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        return values[name] if name else str(attempt.id)

    return PLACE.sub(fill, shell_of(attempt.quiz))


def as_script(value: Any) -> str:
    """JSON that may stand inside a script element."""
    return str(htmlsafe_json_dumps(value, dumps=json.dumps, ensure_ascii=False, separators=(",", ":")))


def shell_of(quiz: Quiz) -> str:
    """The sitting page without anything of an attempt or a person, rendered once for a quiz, a language and an edition of the files."""
    shells: dict[tuple[object, ...], str] = current_app.extensions.setdefault("sitting_shells", {})
    asset: Any = current_app.jinja_env.globals["asset"]
    says = (
        quiz.title, quiz.place, quiz.question_count, quiz.prediction_prompt, quiz.prediction_unit, quiz.prediction_decimals, quiz.navigation, quiz.certainty,
        quiz.late_policy, quiz.grace_seconds, quiz.review,
    )  # fmt: skip
    files = [asset(path) for path in ("css/site.css", "css/sitting.css", "js/site.js", *SCRIPTS)]
    key = (quiz.id, choose_locale(), says, *files)
    # A message for this person would become part of the shell: then the page is rendered for this answer alone.
    is_personal = bool(session.get("_flashes"))
    if key in shells and not is_personal:
        return shells[key]
    urls = {name: url_for(f"quizzes.{endpoint}", attempt_id=SHELL_ID) for name, endpoint in ENDPOINTS.items()}
    urls["sign_in"] = url_for("members.sign_in", next=url_for("quizzes.sit", attempt_id=SHELL_ID))
    page = render_template("quizzes/sit.html", quiz=quiz, place=PLACES, urls=urls)
    if not is_personal:
        if len(shells) >= LARGEST_SHELLS:
            shells.clear()
        shells[key] = page
    return page


@blueprint.get(ATTEMPT + "/state")
@signed_in
@guests_too
def state(attempt_id: int) -> Response:
    attempt = queries.access_attempt(current_user.actor, attempt_id, "attempt.sit")
    progress = progress_of(attempt, clock.now())
    return jsonify({name: progress[name] for name in CHANGING})


@blueprint.get(ATTEMPT + "/clock")
@signed_in
@guests_too
def show_clock_of(attempt_id: int) -> Response:
    """What the page asks every few seconds, so that more time granted while it is open reaches it."""
    now, told = clock.now(), queries.clock_of(current_user.member_id, attempt_id)
    holder = request.args.get("holder", "")[:40]
    return jsonify(
        server_now=as_json(now),
        deadline=as_json(told.deadline_at),
        remaining_ms=max(0, int((told.deadline_at - now) / timedelta(milliseconds=1))),
        state=told.state,
        holder_is_other=bool(holder and told.holder and told.holder != holder),
    )


@blueprint.post(ATTEMPT + "/responses")
@signed_in
@guests_too
def respond(attempt_id: int) -> Response:
    return jsonify(services.save_response(attempt_id, current_user.member_id, read_save(), clock.now()))


@blueprint.post(ATTEMPT + "/flags")
@signed_in
@guests_too
def flag(attempt_id: int) -> Response:
    return jsonify(services.set_flag(attempt_id, current_user.member_id, read_save(), clock.now()))


@blueprint.post(ATTEMPT + "/hold")
@signed_in
@guests_too
def hold(attempt_id: int) -> Response:
    holder = read_json({"holder": str})["holder"][:40]
    return jsonify(remaining_seconds=services.take_hold(attempt_id, current_user.member_id, holder, clock.now()))


@blueprint.post(ATTEMPT + "/position")
@signed_in
@guests_too
def move(attempt_id: int) -> Response:
    """Go on to the next question where a quiz goes forward only; the answer holds that question."""
    save = read_save()
    told, is_present = services.move_on(attempt_id, current_user.member_id, save, clock.now())
    return jsonify(**told, **({"question": question_at(attempt_id, save.slot)} if is_present else {}))


@blueprint.post(ATTEMPT + "/check")
@signed_in
@guests_too
def check(attempt_id: int) -> Response:
    """Look, while the paper is sat, at what the quiz then shows of one question, which cannot be changed afterwards."""
    save = read_save()
    told = services.check_answer(attempt_id, current_user.member_id, save, clock.now())
    attempt = queries.access_attempt(current_user.actor, attempt_id, "attempt.sit")
    return jsonify(**told, result=answer_json(checked_answer(attempt, save.slot)))


@blueprint.post(ATTEMPT + "/notes")
@signed_in
@guests_too
def note(attempt_id: int) -> Response:
    key = read_json({"key": str})["key"]
    if not key:
        raise bad_field("key")
    services.take_notes(attempt_id, current_user.member_id, read_notes(), key, clock.now())
    return jsonify(ok=True)


@blueprint.post(ATTEMPT + "/reports")
@signed_in
@guests_too
def report(attempt_id: int) -> Response:
    """Say that a question is faulty."""
    slot = read_json({"slot": int})["slot"]
    services.report_question(attempt_id, current_user.member_id, slot, read_words("text", 1000), clock.now())
    return jsonify(reported=True)


@blueprint.post(ATTEMPT + "/submit")
@signed_in
@guests_too
def submit(attempt_id: int) -> Response | AnyResponse:
    """Submit; a script sends JSON, the form without scripts is led to the result."""
    if not request.is_json:
        try:
            services.submit_attempt(attempt_id, current_user.member_id, f"form-{attempt_id}", clock.now())
        except DomainError as refusal:
            if refusal.code != "deadline_passed":
                raise
        return redirect(url_for("quizzes.result", attempt_id=attempt_id))
    key = read_json({"key": str})["key"]
    if not key:
        raise bad_field("key")
    return jsonify(services.submit_attempt(attempt_id, current_user.member_id, key, clock.now()))
