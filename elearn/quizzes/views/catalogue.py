"""Takers' pages of quizzes that stand alone: what is open, one quiz before it is started, joining by a code."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from elearn.core import clock
from elearn.core.errors import said, wants_json
from elearn.core.guards import signed_in
from elearn.core.i18n import gettext
from elearn.core.markdown import render
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.quizzes import queries, services
from elearn.quizzes.forms.starting import JoinForm, StartForm
from elearn.quizzes.queries import catalogue as listing
from elearn.quizzes.views import blueprint
from elearn.quizzes.views.admin import terms_of

Answer = str | Response | tuple[str, int]


@blueprint.get("/quizzes")
@signed_in
def catalogue() -> str:
    """What is open, what is still to open, and what the reader has done."""
    actor, now = current_user.actor, clock.now()
    listed = listing.list_open_to(actor)
    standings = listing.standings_of(actor, listed, now)
    before = listing.list_begun(actor)
    known = {quiz.id for quiz in listed}
    past = listing.standings_of(actor, [quiz for quiz in before if quiz.id not in known], now)
    return render_template(
        "quizzes/catalogue.html",
        current=[one for one in standings if one.phase(now) == "current"],
        ahead=[one for one in standings if one.phase(now) == "ahead"],
        past=[one for one in standings if one.phase(now) == "over" and one.done]
        + [one for one in past if one.done or one.open_attempt],
        needs=listing.own_needs(actor, now),
        now=now,
    )


@blueprint.route("/quizzes/<code>", methods=["GET", "POST"])
@signed_in
def front(code: str) -> Answer:
    """What is asked, by which rules, how often one may still try; the button that starts."""
    entrance = queries.find_entrance(listing.find_quiz_id(code))
    if entrance is not None:
        if wants_json():
            raise DomainError("started_elsewhere", "Bài này chỉ mở từ trang của cuộc thi. Hãy vào từ trang ấy.")
        return redirect(url_for(entrance.endpoint, **entrance.values))
    quiz, now = listing.access_front(current_user.actor, code), clock.now()
    form = StartForm()
    if request.method == "GET":
        form.join_code.data = request.args.get("join", "")[:20].replace("\0", "")
    elif form.validate_on_submit():
        try:
            attempt_id = services.open_attempt(
                current_user.actor, current_user.unit_id, quiz.id, now, form.password.data or "", form.join_code.data or ""
            )
            return redirect(url_for("quizzes.sit", attempt_id=attempt_id))
        except InvalidInput as refusal:
            at = form[refusal.field]
            at.errors = [*at.errors, said(refusal)]
        except NotFound:
            raise
        except DomainError as refusal:
            flash(said(refusal), "warning")
            return redirect(url_for("quizzes.front", code=code))
    standing = listing.standings_of(current_user.actor, [listing.access_front(current_user.actor, code)], now)[0]
    if standing.overdue is not None:
        services.finish_when_overdue(standing.overdue.id, current_user.member_id, now)
        standing = listing.standings_of(current_user.actor, [listing.access_front(current_user.actor, code)], now)[0]
    quiz = standing.quiz
    page = render_template(
        "quizzes/front.html",
        quiz=quiz,
        standing=standing,
        form=form,
        terms=terms_of(quiz),
        intro=Markup(render(quiz.intro)),  # noqa: S704 - sanitised by render
        reason=said(standing.refusal) if standing.refusal else "",
        granted=standing.granted,
        own_minutes=round(standing.own_seconds / 60),
        now=now,
    )
    return page, 400 if request.method == "POST" else 200


@blueprint.route("/quizzes/join", methods=["GET", "POST"])
@signed_in
def join() -> Answer:
    """By the code that an officer told; the address in a QR code brings it along."""
    form = JoinForm()
    typed: Any = form.code.data if request.method == "POST" else request.args.get("code", "")
    typed = (typed or "")[:20].replace("\0", "")
    if request.method == "POST" and not form.validate():
        return render_template("quizzes/catalogue_join.html", form=form), 400
    if typed:
        number = queries.find_by_join_code(typed)
        entrance = queries.find_entrance(number or 0)
        if entrance is not None:
            return redirect(url_for(entrance.endpoint, **entrance.values))
        try:
            quiz = queries.access_quiz(current_user.actor, number or 0)
            return redirect(url_for("quizzes.front", code=listing.access_front(current_user.actor, quiz.code).code, join=typed))
        except NotFound:
            form.code.data = typed
            form.code.errors = [
                gettext("Không có bài nào mở cho bạn với mã này. Hãy xem lại sáu chữ số, hoặc hỏi người phụ trách.")
            ]
            return render_template("quizzes/catalogue_join.html", form=form), 404
    return render_template("quizzes/catalogue_join.html", form=form)
