"""Who is missing: the first screen of every officer, names, files, reminders, earlier deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.audit.services import note_export
from elearn.campaigns import services
from elearn.campaigns.forms import TightenForm, end_of
from elearn.campaigns.models import Campaign, Requirement
from elearn.campaigns.queries import board, campaigns
from elearn.campaigns.rules.progress import Missing, outlook, overdue_days, paste_lines
from elearn.campaigns.services.excel import missing_workbook, tree_workbook
from elearn.campaigns.views import HERE, blueprint
from elearn.core import clock
from elearn.core.display import show_date, show_datetime, show_number
from elearn.core.errors import said
from elearn.core.exports.excel import excel_answer
from elearn.core.guards import requires
from elearn.core.i18n import gettext, ngettext
from elearn.core.pages import page_number
from elearn.jobs.views import start_worker
from elearn.lib.errors import InvalidInput
from elearn.members.rules.permissions import Subject, demand, may
from elearn.notices.rules.texts import paste_text
from elearn.units.models import Unit

Answer = Response | str | tuple[str, int]
MOST_PASTED = 300


@blueprint.get("/admin/campaigns")
@requires("campaign.view")
def overview() -> str:
    """Campaigns that the officer sees, with how far their own part is."""
    actor, now, state = current_user.actor, clock.now(), request.args.get("state", "open")
    page = campaigns.page_of_campaigns(actor, state, page_number())
    parts = {one.id: campaigns.parts_of(actor, one) for one in page.items}
    sums = {one.id: board.sums_of(one, parts[one.id][0]) if parts[one.id] else {} for one in page.items}
    return render_template("campaigns/overview.html", page=page, parts=parts, sums=sums, state=state, now=now)


def place(campaign_id: int) -> tuple[Campaign, Unit, list[Unit], Requirement | None]:
    """(campaign, unit looked at, tops of the officer's part, requirement chosen) as the address says."""
    campaign = campaigns.access_campaign(current_user.actor, campaign_id)
    unit, tops = campaigns.access_part(current_user.actor, campaign, request.args.get("unit", ""))
    wanted = request.args.get("requirement", "")
    if not wanted:
        return campaign, unit, tops, campaign.requirements[0] if campaign.requirements else None
    return (
        campaign,
        unit,
        tops,
        campaigns.access_requirement(campaign, int(wanted) if wanted.isdecimal() and len(wanted) < 10 else 0),
    )


@blueprint.get(HERE)
@requires("campaign.view")
def show(campaign_id: int) -> Response | str:
    """The tree with done and asked, and the names of those missing in the unit looked at."""
    campaign, unit, tops, chosen = place(campaign_id)
    actor, now = current_user.actor, clock.now()
    may_manage = may(actor, "campaign.manage", campaigns.subject_of(campaign))
    if chosen is None:
        return (
            redirect(url_for("campaigns.plan", campaign_id=campaign_id))
            if may_manage
            else render_template("campaigns/empty.html", campaign=campaign)
        )
    found = board.board_of(campaign, chosen, unit)
    names = board.list_missing(chosen, unit, MOST_PASTED)
    takings = campaigns.list_takings(campaign_id)
    return render_template(
        "campaigns/show.html",
        campaign=campaign, unit=unit, tops=tops, trail=campaigns.list_trail(unit, tops), chosen=chosen, board=found, names=names, now=now,
        due_at=found.deadlines[chosen.id].of(unit.path), taking=takings[0] if takings else None, may_manage=may_manage,
        may_remind=may(actor, "campaign.remind", Subject(unit.path)), outlook=outlook, overdue_days=overdue_days,
        paste=paste_of(campaign, chosen, unit, names, found.sums[chosen.id].missing) if names else "",
    )  # fmt: skip


def paste_of(campaign: Campaign, chosen: Requirement, unit: Unit, rows: Sequence[Missing], total: int) -> str:
    """The text for a chat group: what is missing, who, by when, where to do it."""
    lines = [head_of(chosen, unit, total), *paste_lines(rows, clock.now())]
    if total > len(rows):
        lines.append(gettext("… và %(n)s nữa, xem trong tệp Excel.", n=show_number(total - len(rows))))
    link = "campaigns.own" if chosen.asked_of == "member" else "campaigns.show"
    return paste_text(f"{campaign.title}: {chosen.title}", lines, url_for(link, campaign_id=campaign.id, _external=True))


def head_of(chosen: Requirement, unit: Unit, total: int) -> str:
    """ "Tính đến …, Đảng bộ … còn 06 người chưa xong, hạn …"."""
    due_at = campaigns.deadlines_of([chosen])[chosen.id].of(unit.path)
    message = (
        ngettext(
            "Tính đến %(moment)s, %(unit)s còn %(n)s người chưa xong, hạn %(due)s:",
            "Tính đến %(moment)s, %(unit)s còn %(n)s người chưa xong, hạn %(due)s:",
            total, moment=show_datetime(clock.now()), unit=unit.name, n=show_number(total), due=show_date(due_at),
        )
        if chosen.asked_of == "member"
        else ngettext(
            "Tính đến %(moment)s, %(unit)s còn %(n)s đơn vị chưa xong, hạn %(due)s:",
            "Tính đến %(moment)s, %(unit)s còn %(n)s đơn vị chưa xong, hạn %(due)s:",
            total, moment=show_datetime(clock.now()), unit=unit.name, n=show_number(total), due=show_date(due_at),
        )
    )  # fmt: skip
    return message.replace("\u00a0", " ")


@blueprint.get(f"{HERE}/missing")
@requires("campaign.view")
def missing(campaign_id: int) -> str:
    """Every name that is missing in the unit looked at, to search, to print."""
    campaign, unit, tops, chosen = place(campaign_id)
    chosen = campaigns.access_requirement(campaign, chosen.id if chosen else 0)
    words = request.args.get("q", "")
    size = 2000 if request.args.get("print") else 50
    return render_template(
        "campaigns/missing.html",
        campaign=campaign, unit=unit, trail=campaigns.list_trail(unit, tops), chosen=chosen, words=words, now=clock.now(),
        page=board.page_of_missing(chosen, unit, words, page_number(), size=size), overdue_days=overdue_days, is_print=size > 50,
        may_read=may(current_user.actor, "submission.read", Subject(unit.path)),
    )  # fmt: skip


@blueprint.get(f"{HERE}/excel")
@requires("campaign.view")
def excel(campaign_id: int) -> Response:
    """The tree as a file, or the names of those missing."""
    campaign, unit, _, chosen = place(campaign_id)
    chosen = campaigns.access_requirement(campaign, chosen.id if chosen else 0)
    now, title = clock.now(), chosen.title
    rows: list[Any]
    if request.args.get("list") == "missing":
        rows = board.list_missing(chosen, unit)
        content, name = missing_workbook(campaign, chosen, unit, rows, now), gettext("Còn thiếu, %(title)s", title=title)
    else:
        rows = board.tree_of(campaign, chosen, unit)
        content, name = tree_workbook(campaign, chosen, unit, rows, now), gettext("Tiến độ, %(title)s", title=title)
    note_export(
        current_user.named, ("campaign", campaign_id, campaign.title), len(rows), {"requirement": title, "unit": unit.name}, now
    )
    return excel_answer(content, name)


@blueprint.route(f"{HERE}/remind", methods=["GET", "POST"])
@requires("campaign.remind")
def remind(campaign_id: int) -> Answer:
    """Remind whoever is missing in the unit looked at, after a look at how many that are."""
    campaign, unit, _, chosen = place(campaign_id)
    demand(current_user.actor, "campaign.remind", Subject(unit.path))
    chosen = campaigns.access_requirement(campaign, chosen.id if chosen else 0)
    here: dict[str, Any] = {"campaign_id": campaign_id, "unit": unit.id, "requirement": chosen.id}
    if request.method == "POST":
        done = services.remind(current_user.named, chosen.id, unit.id, clock.now())
        if done.job_id:
            start_worker()
            return redirect(url_for("jobs.show", job_id=done.job_id, next=url_for("campaigns.show", **here)))
        flash(_told(done), "success" if done.sent else "warning")
        return redirect(url_for("campaigns.show", **here))
    people, without = services.reminding.recipients_of(chosen, unit)
    total = board.sum_of(chosen, unit).missing
    return render_template(
        "campaigns/remind.html",
        campaign=campaign,
        unit=unit,
        chosen=chosen,
        people=len(people),
        total=total,
        without=without,
        here=here,
    )


def _told(done: services.Reminded) -> str:
    """What became of a reminder, in sentences."""
    parts = [ngettext("Đã nhắc %(n)s người.", "Đã nhắc %(n)s người.", done.sent, n=show_number(done.sent))]
    if done.held_back:
        parts.append(
            ngettext(
                "%(n)s người đã được nhắc trong hôm nay nên không nhắc lại.", "%(n)s người đã được nhắc trong hôm nay nên không nhắc lại.",
                done.held_back, n=show_number(done.held_back),
            )
        )  # fmt: skip
    if done.without_anybody:
        parts.append(
            ngettext(
                "%(n)s đơn vị chưa có cán bộ hay người được giao viết, hãy gửi vào nhóm.",
                "%(n)s đơn vị chưa có cán bộ hay người được giao viết, hãy gửi vào nhóm.",
                len(done.without_anybody), n=show_number(len(done.without_anybody)),
            )
        )  # fmt: skip
    return " ".join(parts)


@blueprint.route(f"{HERE}/deadline", methods=["GET", "POST"])
@requires("campaign.remind")
def tighten(campaign_id: int) -> Answer:
    """An earlier deadline for the unit looked at and all below it."""
    campaign, unit, _, chosen = place(campaign_id)
    demand(current_user.actor, "campaign.remind", Subject(unit.path))
    chosen = campaigns.access_requirement(campaign, chosen.id if chosen else 0)
    form, deadlines = TightenForm(), campaigns.deadlines_of([chosen])[chosen.id]
    if form.validate_on_submit():
        try:
            services.tighten(current_user.named, chosen.id, unit.id, end_of(form.due_on.data), clock.now())
        except InvalidInput as refusal:
            form.due_on.errors = [said(refusal)]
        else:
            flash(gettext("Đã đặt hạn %(date)s cho %(unit)s.", date=show_date(form.due_on.data), unit=unit.name), "success")
            return redirect(url_for("campaigns.show", campaign_id=campaign_id, unit=unit.id, requirement=chosen.id))
    page = render_template(
        "campaigns/tighten.html",
        campaign=campaign,
        unit=unit,
        chosen=chosen,
        form=form,
        above=deadlines.above(unit.path),
        due_at=deadlines.of(unit.path),
    )
    return page, 400 if request.method == "POST" else 200
