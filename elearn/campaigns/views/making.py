"""Officers of the organiser: a campaign, what it asks, its list, announcing and ending it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.campaigns import services
from elearn.campaigns.forms import CampaignForm, RequirementForm
from elearn.campaigns.models import Campaign
from elearn.campaigns.queries import campaigns
from elearn.campaigns.rules.audience import Audience
from elearn.campaigns.services.taking import MOST_AT_ONCE
from elearn.campaigns.views import HERE, blueprint
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.jobs.views import begin
from elearn.lib.errors import InvalidInput
from elearn.lib.periods import local_day
from elearn.members.rules.people import KINDS

Answer = Response | str | tuple[str, int]
PEOPLE = [(key, name) for key, name in KINDS.items() if key != "guest"]


def _form() -> CampaignForm:
    form = CampaignForm()
    people = [(key, gettext(name)) for key, name in PEOPLE]
    units = campaigns.list_organisers(current_user.actor)
    form.offer(units, campaigns.list_courses(), campaigns.list_unit_kinds(), people, campaigns.list_segments())
    return form


def _saved(form: CampaignForm, save: Callable[[services.CampaignSpec], int]) -> int | None:
    """The campaign's id once what was typed has been taken; None with the reason at its place."""
    known = campaigns.find_documents(form.typed_documents)
    strange = [one for one in form.typed_documents if one not in known]
    unknown = [one for one in form.typed_codes if one not in campaigns.list_member_ids_by_code(form.typed_codes)]
    if strange:
        form.documents.errors = [gettext("Không có trong mục Tài liệu: %(numbers)s.", numbers=", ".join(strange[:5]))]
    if unknown:
        form.codes.errors = [gettext("Không có thành viên nào mang mã: %(codes)s.", codes=", ".join(unknown[:5]))]
    if strange or unknown:
        return None
    try:
        return save(form.spec([known[one] for one in form.typed_documents]))
    except InvalidInput as refusal:
        at: Any = getattr(form, refusal.field, form.title)
        at.errors = [*at.errors, said(refusal)]
        return None


@blueprint.route("/admin/campaigns/new", methods=["GET", "POST"])
@requires("campaign.manage")
def new() -> Answer:
    form, now = _form(), clock.now()
    if form.validate_on_submit():
        made = _saved(form, lambda spec: services.make_campaign(current_user.named, spec, now))
        if made is not None:
            flash(gettext("Đã lập đợt học tập. Bước tiếp theo: giao việc."), "success")
            return redirect(url_for("campaigns.plan", campaign_id=made))
    elif request.method == "GET":
        form.starts_on.data = local_day(now)
        form.member_kinds.data = ["official", "probationary"]
    page = render_template("campaigns/edit.html", form=form, campaign=None)
    return page, 400 if request.method == "POST" else 200


def _campaign(campaign_id: int) -> Campaign:
    return campaigns.access_campaign(current_user.actor, campaign_id, "campaign.manage")


@blueprint.route(f"{HERE}/edit", methods=["GET", "POST"])
@requires("campaign.manage")
def edit(campaign_id: int) -> Answer:
    campaign, form = _campaign(campaign_id), _form()

    def save(spec: services.CampaignSpec) -> int:
        services.edit_campaign(current_user.named, campaign_id, spec, clock.now())
        return campaign_id

    if request.method == "GET":
        numbers = [one.document.number or one.document.key for one in campaigns.list_documents(campaign_id)]
        form.show(campaign, numbers)
    elif form.validate_on_submit() and _saved(form, save) is not None:
        flash(gettext("Đã lưu. Danh sách chưa đổi: muốn lấy theo đối tượng mới thì chốt lại."), "success")
        return redirect(url_for("campaigns.plan", campaign_id=campaign_id))
    page = render_template("campaigns/edit.html", form=form, campaign=campaign)
    return page, 400 if request.method == "POST" else 200


@blueprint.get(f"{HERE}/plan")
@requires("campaign.manage")
def plan(campaign_id: int) -> str:
    """What it asks, of whom; the takings of its list; the steps still to be made."""
    campaign = _campaign(campaign_id)
    audience, kinds, people = Audience.from_data(campaign.audience), dict(campaigns.list_unit_kinds()), dict(PEOPLE)
    return render_template(
        "campaigns/plan.html",
        campaign=campaign, takings=campaigns.list_takings(campaign_id), documents=campaigns.list_documents(campaign_id),
        audience=audience, kinds=kinds, people=people, unit_names=", ".join(kinds.get(one, one) for one in audience.unit_kinds),
        people_names=", ".join(gettext(people[one]) for one in audience.member_kinds if one in people), now=clock.now(),
    )  # fmt: skip


@blueprint.route(f"{HERE}/requirements/new", methods=["GET", "POST"])
@requires("campaign.manage")
def add_requirement(campaign_id: int) -> Answer:
    campaign, form = _campaign(campaign_id), RequirementForm()
    audience = Audience.from_data(campaign.audience)
    units = dict(campaigns.list_unit_kinds())
    form.kinds.choices = [
        *((one, units.get(one, one)) for one in audience.unit_kinds),
        *((key, gettext(name)) for key, name in PEOPLE if key in audience.member_kinds or audience.codes),
    ]
    if form.validate_on_submit():
        try:
            services.add_requirement(current_user.named, campaign_id, form.spec(), clock.now())
        except InvalidInput as refusal:
            at = {"kind": form.what, "due_on": form.due_on, "closes_at": form.closes_on}.get(refusal.field, form.title)
            at.errors = [said(refusal)]
        else:
            flash(gettext("Đã thêm việc. Người được giao biết sau khi chốt danh sách và công bố."), "success")
            return redirect(url_for("campaigns.plan", campaign_id=campaign_id))
    elif request.method == "GET":
        form.due_on.data = local_day(campaign.due_at)
    page = render_template("campaigns/requirement.html", campaign=campaign, form=form)
    return page, 400 if request.method == "POST" else 200


@blueprint.post(f"{HERE}/requirements/<int(max=2147483647):requirement_id>/remove")
@requires("campaign.manage")
def remove_requirement(campaign_id: int, requirement_id: int) -> Response:
    made = campaigns.access_requirement(_campaign(campaign_id), requirement_id)
    services.remove_requirement(current_user.named, made.id, clock.now())
    flash(gettext("Đã bỏ việc này khỏi đợt."), "success")
    return redirect(url_for("campaigns.plan", campaign_id=campaign_id))


@blueprint.route(f"{HERE}/take", methods=["GET", "POST"])
@requires("campaign.manage")
def take(campaign_id: int) -> Answer:
    """Take the list after a look at how many it will be; very long ones in the background."""
    campaign = _campaign(campaign_id)
    units, people = services.count_audience(Audience.from_data(campaign.audience), campaign.unit_id)
    after = url_for("campaigns.plan", campaign_id=campaign_id)
    if request.method == "GET":
        before = campaigns.count_list(campaign_id)
        return render_template("campaigns/take.html", campaign=campaign, units=units, people=people, before=before)
    now = clock.now()
    if people > MOST_AT_ONCE:
        arguments = {
            "campaign": campaign_id,
            "member": current_user.member_id,
            "name": current_user.display_name,
            "at": now.isoformat(),
        }
        title = gettext("Chốt danh sách: %(title)s", title=campaign.title)
        return redirect(url_for("jobs.show", job_id=begin("campaign_take", title, arguments, current_user.member_id), next=after))
    services.take_list(current_user.named, campaign_id, now)
    flash(gettext("Đã chốt danh sách."), "success")
    return redirect(after)


@blueprint.route(f"{HERE}/announce", methods=["GET", "POST"])
@requires("campaign.manage")
def announce(campaign_id: int) -> Answer:
    campaign = _campaign(campaign_id)
    if request.method == "GET":
        units, people = campaigns.count_list(campaign_id)
        return render_template("campaigns/announce.html", campaign=campaign, units=units, people=people)
    services.announce(current_user.named, campaign_id, clock.now())
    flash(gettext("Đã công bố. Việc hiện ở trang “Việc cần làm” của từng người từ ngày bắt đầu."), "success")
    return redirect(url_for("campaigns.show", campaign_id=campaign_id))


@blueprint.route(f"{HERE}/close", methods=["GET", "POST"])
@requires("campaign.manage")
def close(campaign_id: int) -> Answer:
    campaign = _campaign(campaign_id)
    if request.method == "GET":
        return render_template("campaigns/close.html", campaign=campaign)
    services.close(current_user.named, campaign_id, clock.now())
    flash(gettext("Đã kết thúc đợt. Số liệu được giữ nguyên."), "success")
    return redirect(url_for("campaigns.show", campaign_id=campaign_id))


@blueprint.post(f"{HERE}/reopen")
@requires("campaign.manage")
def reopen(campaign_id: int) -> Response:
    _campaign(campaign_id)
    services.reopen(current_user.named, campaign_id, clock.now())
    flash(gettext("Đã mở lại đợt."), "success")
    return redirect(url_for("campaigns.plan", campaign_id=campaign_id))
