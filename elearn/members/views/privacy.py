"""Pages of consent, of requests about one's own data, of who looked at it, and of how long data is kept."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.config import Config
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import guests_too, requires, signed_in
from elearn.core.i18n import choose_locale, gettext
from elearn.core.markdown import render_inline
from elearn.core.pages import page_number
from elearn.lib.errors import DomainError, InvalidInput
from elearn.members.queries import privacy as queries
from elearn.members.rules.rights import KINDS, STATES, parse_holidays
from elearn.members.services import privacy, retention
from elearn.members.views import blueprint

Answer = str | Response | tuple[str, int]


def _config() -> Config:
    config: Config = current_app.config["ELEARN"]
    return config


@blueprint.get("/me/consents")
@signed_in
@guests_too
def consents() -> str:
    """Each text in full with one's present answer; nothing is ticked beforehand."""
    answers = queries.list_answers(current_user.member_id)
    last: dict[int, Any] = {}
    for one in answers:
        last.setdefault(one.text_id, one)
    is_english = choose_locale() == "en"
    texts = [
        (
            text,
            text.title_en if is_english and text.title_en else text.title,
            _paragraphs(text.body_en if is_english else text.body),
        )
        for text in queries.list_texts()
    ]
    return render_template("members/privacy/consents.html", texts=texts, last=last, answers=answers)


def _paragraphs(body: str) -> list[str]:
    return [render_inline(part.strip()) for part in body.split("\n\n") if part.strip()]


@blueprint.post("/me/consents/<int:text_id>")
@signed_in
def answer_consent(text_id: int) -> Response:
    is_given = request.form.get("answer") == "yes"
    privacy.answer_consent(current_user.named, text_id, is_given, choose_locale(), clock.now())
    flash(gettext("Đã ghi nhận sự đồng ý của bạn.") if is_given else gettext("Đã ghi nhận: bạn không đồng ý."), "success")
    return redirect(url_for("members.consents"))


@blueprint.get("/me/looks")
@signed_in
@guests_too
def looks() -> str:
    """Who looked at one's record or changed it."""
    words = current_app.extensions["deed_words"]
    return render_template(
        "members/privacy/looks.html", page=queries.page_of_looks(current_user.member_id, page_number()), words=words
    )


@blueprint.route("/me/requests", methods=["GET", "POST"])
@signed_in
@guests_too
def requests() -> Answer:
    """One's own requests, and the form for another."""
    error, status, config = "", 200, _config()
    kind, body = request.form.get("kind", ""), request.form.get("body", "")
    if request.method == "POST":
        days = (config.rights_answer_days, config.rights_done_days)
        try:
            privacy.ask(current_user.named, kind, body, days, parse_holidays(config.holidays), clock.now())
        except InvalidInput as refusal:
            error, status = said(refusal), 400
        else:
            flash(gettext("Đã nhận yêu cầu. Hạn trả lời ghi bên dưới."), "success")
            return redirect(url_for("members.requests"))
    page = render_template(
        "members/privacy/requests.html", items=queries.list_requests(current_user.member_id), kinds=KINDS, states=STATES,
        error=error, kind=kind, body=body, now=clock.now(), config=config,
    )  # fmt: skip
    return page, status


@blueprint.post("/me/requests/<int:request_id>/withdraw")
@signed_in
@guests_too
def withdraw_request(request_id: int) -> Response:
    privacy.withdraw(current_user.named, request_id, clock.now())
    flash(gettext("Đã rút yêu cầu."), "success")
    return redirect(url_for("members.requests"))


@blueprint.get("/admin/privacy")
@requires("privacy.manage")
def privacy_overview() -> str:
    """Requests by their deadline, answers to each text, how long data is kept."""
    is_open = request.args.get("show") != "ended"
    return render_template(
        "members/privacy/overview.html", page=queries.page_of_requests(current_user.actor, is_open, page_number()), is_open=is_open,
        kinds=KINDS, states=STATES, texts=queries.list_texts(), counts=queries.count_answers(), now=clock.now(),
    )  # fmt: skip


@blueprint.route("/admin/privacy/requests/<int:request_id>", methods=["GET", "POST"])
@requires("privacy.manage")
def rights_request(request_id: int) -> Answer:
    """One request: answer, extend once, finish."""
    one = queries.access_request(current_user.actor, request_id)
    error, status, words = "", 200, request.form.get("words", "")
    if request.method == "POST":
        step, now = request.form.get("step", ""), clock.now()
        try:
            if step in ("accept", "refuse"):
                privacy.answer(current_user.named, one.id, words, step == "accept", now)
            elif step == "extend":
                privacy.extend(current_user.named, one.id, words, _config().rights_done_days, now)
            elif step == "finish":
                privacy.finish(current_user.named, one.id, now)
        except DomainError as refusal:
            error, status = said(refusal), refusal.status
        else:
            flash(gettext("Đã ghi nhận."), "success")
            return redirect(url_for("members.privacy_overview"))
        one = queries.access_request(current_user.actor, request_id)
    page = render_template(
        "members/privacy/request.html", one=one, kinds=KINDS, states=STATES, error=error, words=words, now=clock.now(),
        is_second=one.kind == "erase" and one.answered_by_id == current_user.member_id,
    )  # fmt: skip
    return page, status


@blueprint.route("/admin/privacy/retention", methods=["GET", "POST"])
@requires("privacy.manage")
def retention_periods() -> Answer:
    """Kinds of data, how long each is kept, how much is past its time today."""
    error, status = "", 200
    if request.method == "POST":
        raw = request.form.get("days", "")
        days = int(raw) if raw.isdecimal() and len(raw) < 7 else 0
        try:
            retention.set_period(
                current_user.named, request.form.get("kind", ""), days, request.form.get("reason", ""), clock.now()
            )
        except InvalidInput as refusal:
            error, status = said(refusal), 400
        else:
            flash(gettext("Đã đổi thời hạn lưu."), "success")
            return redirect(url_for("members.retention_periods"))
    page = render_template("members/privacy/retention.html", due=retention.report(clock.now()), error=error, form=request.form)
    return page, status


@blueprint.route("/admin/privacy/retention/run", methods=["GET", "POST"])
@requires("privacy.manage")
def retention_run() -> Answer:
    """What will be removed, then its removal."""
    if request.method == "POST":
        removed = retention.run(current_user.named, clock.now(), _config().data_path)
        flash(gettext("Đã xoá %(n)s dòng hết hạn lưu.", n=sum(removed.values())), "success")
        return redirect(url_for("members.retention_periods"))
    return render_template("members/privacy/run.html", due=[one for one in retention.report(clock.now()) if one.past])
