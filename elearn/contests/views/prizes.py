"""Officers' pages on prizes: who gets one, verifying them, prizes given by hand, handing over."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.audit.services import note_export
from elearn.contests.forms import CheckForm, HandAwardForm, HandoverForm, RefuseForm, WhyForm
from elearn.contests.models import Round
from elearn.contests.queries import awards, contests, standings
from elearn.contests.rules.awards import CHECKS, CHECKS_FAILED, HOW, REFUSED, Recipient, read_key
from elearn.contests.services import awarding
from elearn.contests.services.award_files import awards_workbook
from elearn.contests.views.pages import blueprint, prize_names, titled
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.exports.excel import excel_answer
from elearn.core.forms import Form
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.periods import local_day

HERE = "/admin/contests/<code>/rounds/<int:number>/prizes"
STATES = {
    "todo": ("Chưa xác minh", "quiet"),
    "partly": ("Đang xác minh", "wait"),
    "verified": ("Đã xác minh", "done"),
    "problem": ("Có điều không khớp", "problem"),
}


def _round(code: str, number: int) -> Round:
    return contests.access_round_to(current_user.actor, "prize.manage", code, number)


@blueprint.get(HERE)
@requires("prize.manage")
def prizes(code: str, number: int) -> str:
    """Everybody who gets a prize, those who stand by, those passed over."""
    found = _round(code, number)
    latest = standings.find_latest(found.id)
    winners = awards.list_awarded(found, latest)
    return render_template(
        "contests/prizes.html",
        contest=found.contest,
        round=found,
        latest=latest,
        winners=winners,
        prize_count=sum(one.count for one in awards.rules_of(found, latest).prizes),
        reserves=awards.list_reserves(latest),
        refused=awards.list_refused(found.id),
        by_hand=awards.prizes_by_hand(found),
        prize_names=prize_names(found),
        checks=CHECKS,
        refusals=REFUSED,
        how=HOW,
        states=STATES,
    )


@blueprint.get(f"{HERE}.xlsx")
@requires("prize.manage")
def prizes_excel(code: str, number: int) -> Response:
    """The list as a file, telephone numbers hidden as on the page."""
    found = _round(code, number)
    winners = awards.list_awarded(found, standings.find_latest(found.id))
    content = awards_workbook(found, winners)
    subject = ("round", found.id, f"{found.contest.title}, {found.title}")
    note_export(current_user.named, subject, len(winners), {"list": "prizes"}, clock.now())
    return excel_answer(content, gettext("Giải thưởng %(round)s, %(contest)s", round=titled(found), contest=titled(found.contest)))


@blueprint.post(HERE)
@requires("prize.manage")
def prizes_bulk(code: str, number: int) -> Response:
    """One deed for all that are ticked: a check that came out well, or on to handing over."""
    found, form = _round(code, number), Form()
    keys, deed = request.form.getlist("keys"), request.form.get("deed", "")
    if not form.validate_on_submit() or not keys:
        flash(gettext("Hãy đánh dấu ít nhất một dòng."), "info")
    elif deed == "deliver":
        return redirect(url_for("contests.deliver", code=code, number=number, key=keys))
    else:
        latest = standings.find_latest(found.id)
        wanted = {read_key(key) for key in keys}
        ids = [one.entry_id for one in awards.list_awarded(found, latest) if one.recipient in wanted and one.entry_id is not None]
        count = awarding.check_winners(found.id, ids, deed, True, "", current_user.named, clock.now())
        flash(gettext("Đã ghi “%(check)s” cho %(count)s người.", check=gettext(CHECKS[deed]), count=count), "success")
    return redirect(url_for("contests.prizes", code=code, number=number))


@blueprint.get(f"{HERE}/<key>")
@requires("prize.manage")
def winner(code: str, number: int, key: str) -> str:
    return _winner_page(_round(code, number), read_key(key))


def _winner_page(found: Round, recipient: Recipient, phone: str | None = None, forms: dict[str, Form] | None = None) -> str:
    """A winner with all that can be done; `phone` in clear only in the answer to whoever asked."""
    latest = standings.find_latest(found.id)
    one = awards.access_winner(found, latest, recipient)
    refusal = awards.find_refusal(one.entry_id) if recipient.kind == "entry" and one.entry_id else None
    deliveries = awards.list_deliveries(recipient, found.id)
    officers = [check.by_id for check in one.checks.values()]
    officers += [entry.recorded_by_id for entry in deliveries] + ([refusal.by_id] if refusal else [])
    return render_template(
        "contests/winner.html",
        contest=found.contest,
        round=found,
        latest=latest,
        one=one,
        key=recipient.key,
        phone=phone,
        refusal=refusal,
        deliveries=deliveries,
        officers=awards.names_of(officers),
        prize_names=prize_names(found),
        checks=CHECKS,
        failed=CHECKS_FAILED,
        refusals=REFUSED,
        how=HOW,
        states=STATES,
        forms={
            "check": CheckForm(formdata=None),
            "refuse": RefuseForm(formdata=None),
            "reason": WhyForm(formdata=None),
            **(forms or {}),
        },
    )


def _back(code: str, number: int, key: str) -> Response:
    return redirect(url_for("contests.winner", code=code, number=number, key=key))


@blueprint.post(f"{HERE}/<key>/check")
@requires("prize.manage")
def check_winner(code: str, number: int, key: str) -> str | Response | tuple[str, int]:
    found, form, recipient = _round(code, number), CheckForm(), read_key(key)
    one = awards.access_winner(found, standings.find_latest(found.id), recipient)
    if not form.validate_on_submit() or not form.is_known or one.entry_id is None:
        return _winner_page(found, recipient, forms={"check": form}), 400
    is_good = form.is_good.data == "yes"
    awarding.check_winners(
        found.id, [one.entry_id], form.kind.data or "", is_good, form.note.data or "", current_user.named, clock.now()
    )
    words = CHECKS if is_good else CHECKS_FAILED
    flash(gettext("Đã ghi: %(check)s.", check=gettext(words[form.kind.data or ""])), "success" if is_good else "info")
    return _back(code, number, key)


@blueprint.post(f"{HERE}/<key>/phone")
@requires("prize.manage")
def show_phone(code: str, number: int, key: str) -> str | tuple[str, int]:
    """The telephone number in clear, in this answer only; the look is recorded."""
    found, recipient, form = _round(code, number), read_key(key), Form()
    one = awards.access_winner(found, standings.find_latest(found.id), recipient)
    if not form.validate_on_submit() or one.entry_id is None:
        return _winner_page(found, recipient), 400
    phone = awarding.show_phone(one.entry_id, current_user.named, clock.now())
    return _winner_page(_round(code, number), recipient, phone=phone)


@blueprint.post(f"{HERE}/<key>/refuse")
@requires("prize.manage")
def refuse_winner(code: str, number: int, key: str) -> str | Response | tuple[str, int]:
    found, form, recipient = _round(code, number), RefuseForm(), read_key(key)
    one = awards.access_winner(found, standings.find_latest(found.id), recipient)
    if not form.validate_on_submit() or recipient.kind != "entry" or one.entry_id is None:
        return _winner_page(found, recipient, forms={"refuse": form}), 400
    settlement = awarding.refuse_winner(
        found.id, one.entry_id, form.kind.data, form.reason.data or "", current_user.named, clock.now()
    )
    if settlement is not None and settlement.version > 1 and settlement.published_at is None:
        flash(
            gettext("Đã ghi. Người kế tiếp được đưa lên trong bản chốt %(version)s, chờ công bố.", version=settlement.version),
            "success",
        )
    else:
        flash(gettext("Đã ghi. Người kế tiếp được đưa lên."), "success")
    return _back(code, number, key)


@blueprint.post(f"{HERE}/<key>/restore")
@requires("prize.manage")
def restore_winner(code: str, number: int, key: str) -> str | Response | tuple[str, int]:
    found, form, recipient = _round(code, number), WhyForm(), read_key(key)
    if not form.validate_on_submit() or recipient.kind != "entry":
        return _winner_page(found, recipient, forms={"reason": form}), 400
    awarding.restore_winner(found.id, recipient.id, form.reason.data or "", current_user.named, clock.now())
    flash(gettext("Đã công nhận lại. Giải được xếp lại theo thứ hạng."), "success")
    return redirect(url_for("contests.prizes", code=code, number=number))


@blueprint.post(f"{HERE}/<key>/withdraw")
@requires("prize.manage")
def withdraw_award(code: str, number: int, key: str) -> str | Response | tuple[str, int]:
    found, form, recipient = _round(code, number), WhyForm(), read_key(key)
    if not form.validate_on_submit() or recipient.kind != "hand":
        return _winner_page(found, recipient, forms={"reason": form}), 400
    awarding.withdraw_award(found.id, recipient.id, form.reason.data or "", current_user.named, clock.now())
    flash(gettext("Đã rút giải này."), "success")
    return redirect(url_for("contests.prizes", code=code, number=number))


@blueprint.route(f"{HERE}/by-hand", methods=["GET", "POST"])
@requires("prize.manage")
def award_by_hand(code: str, number: int) -> str | Response | tuple[str, int]:
    """Give a prize to whom the organiser names."""
    found = _round(code, number)
    names = prize_names(found)
    words = request.args.get("q", "")[:100]
    entries, units = awards.find_candidates(found, words)
    form = HandAwardForm()
    people = {Recipient("entry", one.id).key: f"{one.display_name}, {one.competing_unit_name}" for one in entries}
    offered = people | {Recipient("unit", one.id).key: one.name for one in units}
    form.offer({one.title: names[one.title] for one in awards.prizes_by_hand(found)}, offered)
    if form.validate_on_submit():
        to = awarding.Named(name=form.name.data or "", unit_name=form.unit_name.data or "")
        if form.recipient.data in offered:
            chosen = read_key(form.recipient.data)
            to = awarding.Named(entry_id=chosen.id) if chosen.kind == "entry" else awarding.Named(unit_id=chosen.id)
        try:
            awarding.award_by_hand(found.id, form.prize.data, to, form.reason.data or "", current_user.named, clock.now())
        except InvalidInput as refusal:
            getattr(form, refusal.field or "prize").errors = [said(refusal)]
        else:
            flash(gettext("Đã trao giải %(prize)s.", prize=names[form.prize.data]), "success")
            return redirect(url_for("contests.prizes", code=code, number=number))
    found = _round(code, number)
    page = render_template("contests/award_by_hand.html", contest=found.contest, round=found, form=form, words=words)
    return (page, 400) if form.errors else page


@blueprint.route(f"{HERE}/deliver", methods=["GET", "POST"])
@requires("prize.manage")
def deliver(code: str, number: int) -> str | Response | tuple[str, int]:
    """Write down that prizes were handed over, for one or for many."""
    found = _round(code, number)
    wanted = {read_key(key) for key in request.values.getlist("key")}
    published = standings.find_published(found)
    winners = [one for one in awards.list_awarded(found, published) if one.recipient in wanted and one.delivery is None]
    form = HandoverForm()
    if request.method == "GET":
        form.handed_on.data, form.handed_by.data, form.how.data = local_day(clock.now()), current_user.display_name, "cash"
    if form.validate_on_submit() and form.handed_on.data:
        handover = awarding.Handover(form.handed_on.data, form.handed_by.data or "", form.how.data, form.note.data or "")
        try:
            count = awarding.hand_over(found.id, [one.recipient for one in winners], handover, current_user.named, clock.now())
        except DomainError as refusal:
            field = getattr(form, getattr(refusal, "field", None) or "handed_on")
            field.errors = [said(refusal)]
        else:
            flash(gettext("Đã ghi trao %(count)s giải.", count=count), "success")
            return redirect(url_for("contests.prizes", code=code, number=number))
        found = _round(code, number)
        winners = [one for one in awards.list_awarded(found, standings.find_published(found)) if one.recipient in wanted]
    page = render_template(
        "contests/deliver.html",
        contest=found.contest,
        round=found,
        winners=winners,
        published=published,
        form=form,
        prize_names=prize_names(found),
    )
    return (page, 400) if form.errors else page


@blueprint.post(f"{HERE}/<key>/deliveries/<int:delivery_id>/undo")
@requires("prize.manage")
def undo_handover(code: str, number: int, key: str, delivery_id: int) -> str | Response | tuple[str, int]:
    found, form, recipient = _round(code, number), WhyForm(), read_key(key)
    if not form.validate_on_submit():
        return _winner_page(found, recipient, forms={"reason": form}), 400
    awarding.undo_handover(found.id, delivery_id, form.reason.data or "", current_user.named, clock.now())
    flash(gettext("Đã hoàn lại việc trao giải."), "success")
    return _back(code, number, key)
