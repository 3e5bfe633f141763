"""Entries and what stands against them; objections, from those who make them and to those who answer; what changed between versions."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.contests import services
from elearn.contests.forms import AnswerForm, ObjectionForm, ReasonForm
from elearn.contests.models import Round
from elearn.contests.queries import closing, contests, standings
from elearn.contests.rules.checklist import objections_until
from elearn.contests.views.pages import blueprint, prize_names, reader, titled
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import guests_too, public, requires, signed_in
from elearn.core.i18n import gettext
from elearn.core.pages import page_number
from elearn.lib.errors import InvalidInput

ENTRIES = "/admin/contests/<code>/rounds/<int:number>/entries"
OBJECTIONS = "/admin/contests/<code>/rounds/<int:number>/objections"


def _overseen(code: str, number: int) -> Round:
    return contests.access_round_to(current_user.actor, "contest.oversee", code, number)


def _closed(code: str, number: int) -> Round:
    return contests.access_round_to(current_user.actor, "round.close", code, number)


@blueprint.get(ENTRIES)
@requires("contest.oversee")
def entries(code: str, number: int) -> str:
    """Who entered, by place; those of whom somebody doubts that they count, first to be decided."""
    found = _overseen(code, number)
    words = request.args.get("q", "")[:100]
    only_doubted = request.args.get("show") == "doubted"
    return render_template(
        "contests/entries.html",
        contest=found.contest,
        round=found,
        page=closing.page_of_entries(found, words, page_number(), only_doubted),
        words=words,
        only_doubted=only_doubted,
        waiting=[one for one in closing.list_doubts(found.id) if one.state == "proposed"],
        may_close=contests.may_close(current_user.actor, found.contest),
    )


@blueprint.route(f"{ENTRIES}/<int:entry_id>", methods=["GET", "POST"])
@requires("round.close")
def entry(code: str, number: int, entry_id: int) -> str | Response | tuple[str, int]:
    """One entry: propose that it does not count, or revoke that."""
    found = _closed(code, number)
    one = closing.access_entry(found.id, entry_id)
    doubt = closing.find_doubt(entry_id)
    form = ReasonForm()
    status = 200
    if form.validate_on_submit():
        try:
            if doubt is not None and doubt.state == "confirmed":
                services.revoke_disqualification(doubt.id, form.reason.data or "", current_user.named, clock.now())
                flash(gettext("Kết quả lại được tính từ lần chốt sau."), "success")
            else:
                services.propose_disqualification(entry_id, form.reason.data or "", current_user.named, clock.now())
                flash(gettext("Đã ghi đề nghị. Một cán bộ khác phải xem và quyết định."), "success")
            return redirect(url_for("contests.entries", code=code, number=number))
        except InvalidInput as refusal:
            form.reason.errors = [said(refusal)]
    if form.errors:
        status = 400
    page = render_template("contests/entry.html", contest=found.contest, round=found, entry=one, doubt=doubt, form=form)
    return (page, status) if status != 200 else page


@blueprint.post(f"{ENTRIES}/<int:entry_id>/decide")
@requires("round.close")
def decide_entry(code: str, number: int, entry_id: int) -> Response:
    """Confirm or refuse a proposal of somebody else."""
    found = _closed(code, number)
    closing.access_entry(found.id, entry_id)
    doubt = closing.find_doubt(entry_id)
    confirms = request.form.get("decision") == "confirm"
    services.decide_disqualification(doubt.id if doubt else 0, confirms, current_user.named, clock.now())
    if confirms:
        flash(gettext("Kết quả này không còn được tính. Hãy chốt lại để có bảng xếp hạng mới."), "success")
    else:
        flash(gettext("Đề nghị huỷ kết quả đã được bác."), "success")
    return redirect(url_for("contests.entries", code=code, number=number))


@blueprint.get(OBJECTIONS)
@requires("contest.oversee")
def objections(code: str, number: int) -> str:
    found = _overseen(code, number)
    return _objections_page(found, AnswerForm())


def _objections_page(found: Round, form: AnswerForm, answered: int = 0) -> str:
    return render_template(
        "contests/objections.html",
        contest=found.contest,
        round=found,
        objections=closing.list_objections(found.id),
        may_close=contests.may_close(current_user.actor, found.contest),
        form=form,
        answered=answered,
    )


@blueprint.post(f"{OBJECTIONS}/<int:objection_id>")
@requires("round.close")
def answer_objection(code: str, number: int, objection_id: int) -> str | Response | tuple[str, int]:
    found = _closed(code, number)
    closing.access_objection(found.id, objection_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _objections_page(found, form, objection_id), 400
    accepts = request.form.get("decision") == "accept"
    try:
        services.answer_objection(objection_id, accepts, form.answer.data or "", current_user.named, clock.now())
    except InvalidInput as refusal:
        form.answer.errors = [said(refusal)]
        return _objections_page(found, form, objection_id), 400
    flash(gettext("Đã trả lời. Người khiếu nại đọc được ở trang của họ."), "success")
    return redirect(url_for("contests.objections", code=code, number=number))


@blueprint.route("/contests/<code>/rounds/<int:number>/objections", methods=["GET", "POST"], endpoint="object_to_result")
@signed_in
@guests_too
def object_to(code: str, number: int) -> str | Response | tuple[str, int]:
    """What the reader objects to a provisional result, and the answers to it."""
    found = contests.access_round(current_user.actor, code, number)
    settlement = standings.access_published(found)
    form, status = ObjectionForm(), 200
    if form.validate_on_submit():
        try:
            person = (current_user.member_id, current_user.display_name)
            services.object_to_result(found.id, person, form.text.data or "", clock.now())
            flash(gettext("Đã ghi khiếu nại của bạn. Câu trả lời hiện ở trang này."), "success")
            return redirect(url_for("contests.object_to_result", code=code, number=number))
        except InvalidInput as refusal:
            form.text.errors = [said(refusal)]
    if form.errors:
        status = 400
    days, published_at = found.rules.objection_days, settlement.published_at
    until = objections_until(published_at, days) if published_at else None
    page = render_template(
        "contests/object.html",
        contest=found.contest,
        round=found,
        settlement=settlement,
        own=closing.list_own_objections(found.id, current_user.member_id),
        has_entry=contests.has_entry(found.id, current_user.member_id),
        until=until,
        is_open=settlement.status == "provisional" and until is not None and clock.now() < until,
        form=form,
    )
    return (page, status) if status != 200 else page


@blueprint.get("/contests/<code>/rounds/<int:number>/changes")
@public
def changes(code: str, number: int) -> str:
    """What changed from one published version to the next, with the reason."""
    found = contests.access_round(reader(), code, number)
    versions = standings.list_versions(found)
    asked = request.args.get("version", "")
    now = next((one for one in versions if str(one.version) == asked), versions[0])
    older = [one for one in versions if one.version < now.version]
    return render_template(
        "contests/changes.html",
        contest=found.contest,
        round=found,
        versions=versions,
        now=now,
        before=older[0] if older else None,
        page=closing.page_of_changes(older[0], now, page_number()) if older else None,
        prize_names=prize_names(found),
        title=gettext("Đính chính %(round)s", round=titled(found)),
    )
