"""The sitting page, the requests that it sends, and the result."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from elearn.core import clock
from elearn.core.guards import signed_in
from elearn.lib.errors import DomainError, InvalidInput
from elearn.quizzes import queries, services
from elearn.quizzes.queries.papers import paper_of, result_of
from elearn.quizzes.services import Save

blueprint = Blueprint("quizzes", __name__, template_folder="templates")
LARGEST_NUMBER = 2**53
LONGEST_TEXT = 64


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
            or (isinstance(value, str) and len(value) > LONGEST_TEXT)
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


@blueprint.get("/attempts/<int:attempt_id>")
@signed_in
def sit(attempt_id: int) -> str | AnyResponse:
    now = clock.now()
    attempt = queries.access_attempt(current_user.actor, attempt_id, "attempt.sit")
    if attempt.state == "open" and now > attempt.deadline_at + timedelta(seconds=attempt.quiz.grace_seconds):
        services.finish_when_overdue(attempt_id, current_user.member_id, now)
        return redirect(url_for("quizzes.result", attempt_id=attempt_id))
    if attempt.state != "open":
        return redirect(url_for("quizzes.result", attempt_id=attempt_id))
    return render_template(
        "quizzes/sit.html", attempt=attempt, quiz=attempt.quiz, paper=paper_of(attempt, now), member_name=current_user.display_name
    )


@blueprint.get("/attempts/<int:attempt_id>/state")
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


@blueprint.post("/attempts/<int:attempt_id>/responses")
@signed_in
def respond(attempt_id: int) -> Response:
    return jsonify(services.save_response(attempt_id, current_user.member_id, read_save(), clock.now()))


@blueprint.post("/attempts/<int:attempt_id>/flags")
@signed_in
def flag(attempt_id: int) -> Response:
    return jsonify(services.set_flag(attempt_id, current_user.member_id, read_save(), clock.now()))


@blueprint.post("/attempts/<int:attempt_id>/hold")
@signed_in
def hold(attempt_id: int) -> Response:
    holder = read_json({"holder": str})["holder"][:40]
    return jsonify(remaining_seconds=services.take_hold(attempt_id, current_user.member_id, holder, clock.now()))


@blueprint.post("/attempts/<int:attempt_id>/submit")
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


@blueprint.get("/attempts/<int:attempt_id>/result")
@signed_in
def result(attempt_id: int) -> str | AnyResponse:
    now = clock.now()
    attempt = queries.access_attempt(current_user.actor, attempt_id)
    is_own = attempt.member_id == current_user.member_id
    if is_own and services.finish_when_overdue(attempt_id, current_user.member_id, now):
        attempt = queries.access_attempt(current_user.actor, attempt_id)
    if attempt.state == "open":
        if is_own:
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
        now=now,
    )
