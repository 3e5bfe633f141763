"""The sitting page, the requests that it sends, and the result."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from jinja2.utils import htmlsafe_json_dumps
from werkzeug.wrappers import Response as AnyResponse

from elearn.core import clock
from elearn.core.display import keep_together, show_clock
from elearn.core.guards import signed_in
from elearn.core.i18n import choose_locale
from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.periods import local_day
from elearn.library.queries import is_in_force
from elearn.quizzes import queries, services
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.queries.papers import paper_of, result_of
from elearn.quizzes.services import Save

blueprint = Blueprint("quizzes", __name__, template_folder="templates")
LARGEST_NUMBER = 2**53
LONGEST_TEXT = 64
# Ids are 64-bit; a larger number in an address is no attempt rather than an error of the database.
ATTEMPT = "/attempts/<int(max=9223372036854775807):attempt_id>"

# What the shell of the sitting page holds in place of the values of one attempt. The id stands in addresses, so it is a number.
SHELL_ID = 9_000_000_000_000_000_007
PLACES = {name: f"@@{name}@@" for name in ("number", "attempt_limit", "member_name", "deadline", "paper", "csrf")}
PLACE = re.compile(f'"@@(paper|csrf)@@"|@@({"|".join(PLACES)})@@|{SHELL_ID}')
LARGEST_SHELLS = 500


def read_json(fields: dict[str, type | tuple[type, ...]], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """The named fields of the JSON body; raises InvalidInput for what is missing or of another kind. Other fields are not looked at."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise InvalidInput("bad_json", "Yêu cầu không đúng dạng.")
    values = {}
    for name, kind in fields.items():
        value = body.get(name)
        if value is None and name in optional:
            continue
        is_wrong = kind is not object and (not isinstance(value, kind) or (kind is int and isinstance(value, bool)))
        if (
            is_wrong
            or (isinstance(value, str) and not (len(value) <= LONGEST_TEXT and value.isascii() and value.isprintable()))
            or (isinstance(value, int) and abs(value) > LARGEST_NUMBER)
        ):
            raise InvalidInput("bad_field", "Trường %(name)s thiếu hoặc không đúng.", field=name, name=name)
        values[name] = value
    return values


def read_save() -> Save:
    """The body of a save."""
    read = read_json({"slot": int, "client_seq": int, "key": str, "holder": str}, optional=("holder",))
    if not read["key"] or read["client_seq"] < 0:
        raise InvalidInput("bad_field", "Trường %(name)s thiếu hoặc không đúng.", field="key", name="key")
    response = request.get_json().get("response")
    if len(json.dumps(response)) > 1000:
        raise InvalidInput("bad_response", "Câu trả lời không hợp lệ. Hãy chọn lại.", field="response")
    return Save(read["slot"], response, read["client_seq"], read["key"], read.get("holder", ""))


@blueprint.get(ATTEMPT)
@signed_in
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
    says = (quiz.title, quiz.place, quiz.question_count, quiz.prediction_prompt, quiz.prediction_unit)
    files = [asset(path) for path in ("css/site.css", "css/sitting.css", "js/site.js", "js/sitting.js")]
    key = (quiz.id, choose_locale(), says, *files)
    # A message for this person would become part of the shell: then the page is rendered for this answer alone.
    is_personal = bool(session.get("_flashes"))
    if key in shells and not is_personal:
        return shells[key]
    endpoints = {"responses": "respond", "flags": "flag", "hold": "hold", "submit": "submit", "state": "state", "result": "result"}
    urls = {name: url_for(f"quizzes.{endpoint}", attempt_id=SHELL_ID) for name, endpoint in endpoints.items()}
    urls["sign_in"] = url_for("members.sign_in", next=url_for("quizzes.sit", attempt_id=SHELL_ID))
    page = render_template("quizzes/sit.html", quiz=quiz, place=PLACES, urls=urls)
    if not is_personal:
        if len(shells) >= LARGEST_SHELLS:
            shells.clear()
        shells[key] = page
    return page


@blueprint.get(ATTEMPT + "/state")
@signed_in
def state(attempt_id: int) -> Response:
    attempt = queries.access_attempt(current_user.actor, attempt_id, "attempt.sit")
    paper = paper_of(attempt, clock.now())
    return jsonify(
        {
            name: paper[name]
            for name in ("responses", "saved", "flags", "prediction", "server_now", "deadline", "remaining_ms", "state")
        }
    )


@blueprint.post(ATTEMPT + "/responses")
@signed_in
def respond(attempt_id: int) -> Response:
    return jsonify(services.save_response(attempt_id, current_user.member_id, read_save(), clock.now()))


@blueprint.post(ATTEMPT + "/flags")
@signed_in
def flag(attempt_id: int) -> Response:
    return jsonify(services.set_flag(attempt_id, current_user.member_id, read_save(), clock.now()))


@blueprint.post(ATTEMPT + "/hold")
@signed_in
def hold(attempt_id: int) -> Response:
    holder = read_json({"holder": str})["holder"][:40]
    return jsonify(remaining_seconds=services.take_hold(attempt_id, current_user.member_id, holder, clock.now()))


@blueprint.post(ATTEMPT + "/submit")
@signed_in
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
    return jsonify(services.submit_attempt(attempt_id, current_user.member_id, key, clock.now()))


@blueprint.get(ATTEMPT + "/result")
@signed_in
def result(attempt_id: int) -> str | AnyResponse:
    now = clock.now()
    attempt = queries.access_attempt(current_user.actor, attempt_id)
    is_own = attempt.member_id == current_user.member_id
    if attempt.state == "open":
        if is_own:  # its page decides: it goes on, or is finished where its time is over and comes back here
            return redirect(url_for("quizzes.sit", attempt_id=attempt_id))
        raise DomainError("still_open", "Bài này đang được làm. Kết quả có khi bài đã nộp.")
    return render_template(
        "quizzes/result.html",
        attempt=attempt,
        quiz=attempt.quiz,
        result=result_of(attempt, now),
        siblings=queries.attempts_at(attempt.member_id, attempt.quiz_id),
        way_back=queries.find_way_back(attempt.quiz_id, attempt.member_id),
        is_own=is_own,
        is_in_force=is_in_force,
        today=local_day(now),
    )
