"""Pages of officers: today, members, roles, audit log; the blueprint that all of them share."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.admin import services
from elearn.admin.forms import StatusForm
from elearn.admin.queries import activity, people
from elearn.admin.rules.deeds import DEEDS, words_of
from elearn.admin.rules.weeks import change_percent, last_days, week_end, week_starts
from elearn.audit.services import note_export
from elearn.classes.queries.cohorts import list_cohorts_of
from elearn.classes.queries.people import find_filter_unit, list_filter_units
from elearn.core import clock
from elearn.core.contributions import Decision, Figure, contributions
from elearn.core.display import show_number, show_short_date
from elearn.core.exports.excel import excel_answer
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.core.pages import page_number
from elearn.lib.errors import DomainError, NotFound
from elearn.lib.periods import from_local
from elearn.members import queries as members
from elearn.members.queries import records
from elearn.members.queries.organised import NOBODY
from elearn.members.rules.decisions import KINDS as DECISION_NAMES
from elearn.members.rules.people import STATUSES
from elearn.members.rules.permissions import ROLE_NAMES, Actor, Role, Subject, forbidden, may
from elearn.members.services import accounts
from elearn.members.services.own_data import list_units_then
from elearn.members.services.second_factor import has_second_factor, reset_second_factor

blueprint = Blueprint("admin", __name__, template_folder="../templates", url_prefix="/admin")
WEEKS = 8
Answer = str | Response | tuple[str, int]


@blueprint.get("")
@requires("admin.view")
def today() -> str:
    """What waits for a decision, then figures with their trend."""
    now, actor = clock.now(), current_user.actor
    found: list[Decision] = [one for offer in contributions().decisions for one in offer(actor, now)]
    found.sort(key=lambda one: (one.due_at is None, one.due_at or now, one.title))
    starts = week_starts(now, WEEKS)
    sees_figures = activity.may_see_figures(actor)
    weeks = activity.count_by_period(actor, starts, now) if sees_figures else []
    return render_template(
        "admin/today.html",
        now=now,
        decisions=found,
        figures=(_figures(actor, now) if sees_figures else [])
        + [one for offer in contributions().figures for one in offer(actor, now)],
        labels=[show_short_date(start) for start in starts],
        weeks=weeks,
        appointments=activity.list_appointments(actor, now, week_end(now)),
    )


def _figures(actor: Actor, now: datetime) -> list[Figure]:
    days = activity.count_by_period(actor, last_days(now, 7), now)
    halves = activity.count_by_period(actor, [now - timedelta(days=14), now - timedelta(days=7)], now)
    figures = []
    for place, title in enumerate((gettext("Người làm bài"), gettext("Lượt làm bài"))):
        before, present = (half[place] for half in halves)
        change = change_percent(present, before)
        words, is_up = "", None
        if change:
            is_up = change > 0
            share = show_number(round(abs(change), 1))
            words = gettext("tăng %(share)s%%", share=share) if is_up else gettext("giảm %(share)s%%", share=share)
        figures.append(Figure(title, show_number(present), tuple(day[place] for day in days), words, is_up))
    return figures


@blueprint.get("/members", endpoint="members")
@requires("member.list")
def list_members() -> str:
    actor: Actor = current_user.actor
    words = request.args.get("q", "")
    unit = find_filter_unit(actor, request.args.get("unit", ""))
    return render_template(
        "admin/members.html",
        page=members.page_of_members(actor, words, unit, page_number()),
        words=words,
        unit=unit,
        units=list_filter_units(actor, unit),
        statuses=STATUSES,
        now=clock.now(),
    )


@blueprint.get("/members/excel")
@requires("member.list")
def members_excel() -> Response:
    actor: Actor = current_user.actor
    words = request.args.get("q", "")
    unit = find_filter_unit(actor, request.args.get("unit", ""))
    rows, now, unit_name = people.list_workbook_rows(actor, words, unit), clock.now(), unit.name if unit else ""
    content = services.members_workbook(rows, words, unit_name, now)
    subject = ("unit", unit.id if unit else current_user.unit_id, unit_name or current_user.unit_name)
    note_export(current_user.named, subject, len(rows), {"list": "members", "words": words}, now)
    return excel_answer(content, gettext("Danh sách thành viên"))


@blueprint.get("/members/<int:member_id>")
@requires("member.list")
def member(member_id: int) -> str:
    actor, now = current_user.actor, clock.now()
    person = members.access_member(actor, member_id)
    identity = records.identity_of(person.id)
    own = members.actor_of(person.id, person.unit.path, now)
    seen = [replace(own, member_id=number) for number in identity]
    return render_template(
        "admin/member.html",
        member=person,
        memberships=list_units_then(identity),
        grants=members.list_grants(person.id) if may(actor, "role.view", Subject(person.unit.path)) else [],
        classes=[row for number in identity for row in list_cohorts_of(actor, number)],
        studies=[one for each in seen for offer in contributions().studies for one in offer(each, now)],
        earned=sorted(
            (one for each in seen for offer in contributions().achievements for one in offer(each, now)),
            key=lambda one: one.at,
            reverse=True,
        ),
        may_manage=may(actor, "member.manage", Subject(person.unit.path, person.id)),
        may_edit=may(actor, "member.edit", Subject(person.unit.path)) and person.status not in NOBODY,
        may_erase=may(actor, "member.erase", Subject(person.unit.path)) and person.status not in NOBODY,
        decisions=records.list_decisions_of(identity),
        decision_names=DECISION_NAMES,
        positions=records.list_positions(person.id),
        sensitive=records.masked_sensitive(person.id) if may(actor, "member.sensitive", Subject(person.unit.path)) else None,
        statuses=STATUSES,
        is_self=person.id == current_user.member_id,
        has_second_factor=has_second_factor(person.id),
        may_accommodate=may(actor, "accommodation.manage", Subject(person.unit.path)) and person.status not in NOBODY,
        role_names=ROLE_NAMES,
        now=now,
    )


def _managed(member_id: int) -> Any:
    """Somebody else's account that the actor may change. NotFound for those not visible, Forbidden for those only visible."""
    actor: Actor = current_user.actor
    person = members.access_member(actor, member_id)
    if not may(actor, "member.manage", Subject(person.unit.path)):
        raise forbidden("member.manage")
    if person.id == current_user.member_id:
        raise DomainError("own_account", "Không tự khoá hay cấp lại mật khẩu cho chính mình được. Đổi mật khẩu ở trang “Của tôi”.")
    return person


@blueprint.route("/members/<int:member_id>/status", methods=["GET", "POST"])
@requires("member.manage")
def member_status(member_id: int) -> Answer:
    """Disable an active account, enable a disabled one, with a reason."""
    person = _managed(member_id)
    form = StatusForm()
    target = "disabled" if person.status == "active" else "active"
    if form.validate_on_submit():
        wanted = request.form.get("status", "")
        if wanted not in ("active", "disabled"):
            raise NotFound()
        name = person.display_name
        accounts.set_status(current_user.named, person.id, wanted, form.reason.data or "", clock.now())
        done = gettext("Đã khoá tài khoản của %(name)s.", name=name)
        flash(done if wanted == "disabled" else gettext("Đã mở lại tài khoản của %(name)s.", name=name), "success")
        return redirect(url_for("admin.member", member_id=member_id))
    page = render_template("admin/member_status.html", form=form, member=person, target=target)
    return page, 400 if request.method == "POST" else 200


@blueprint.route("/members/<int:member_id>/password", methods=["GET", "POST"])
@requires("member.manage")
def member_password(member_id: int) -> str:
    """A code for the next sign-in, shown on the answer itself and nowhere else."""
    person = _managed(member_id)
    days, initial = current_app.config["ELEARN"].initial_code_days, ""
    if request.method == "POST":
        initial = accounts.reset_password(current_user.named, person.id, clock.now(), days, current_app.config["SECRET_KEY"])
    return render_template(
        "admin/member_password.html", member=members.access_member(current_user.actor, member_id), initial=initial, days=days
    )


@blueprint.route("/members/<int:member_id>/second-factor", methods=["GET", "POST"])
@requires("member.manage")
def member_second_factor(member_id: int) -> Answer:
    """Take the second factor off somebody who lost it, with a reason."""
    person = _managed(member_id)
    form = StatusForm()
    if form.validate_on_submit():
        name = person.display_name
        reset_second_factor(current_user.named, person.id, form.reason.data or "", clock.now())
        flash(gettext("Đã gỡ xác thực hai bước của %(name)s.", name=name), "success")
        return redirect(url_for("admin.member", member_id=member_id))
    page = render_template("admin/member_second_factor.html", form=form, member=person)
    return page, 400 if request.method == "POST" else 200


@blueprint.get("/roles")
@requires("role.view")
def roles() -> str:
    words, role = request.args.get("q", ""), request.args.get("role", "")
    role = role if role in set(Role) else ""
    now, wanted = clock.now(), request.args.get("state", "")
    period = {"soon": (now, now + timedelta(days=30)), "over": (None, now)}.get(wanted)
    return render_template(
        "admin/roles.html",
        page=people.page_of_grants(current_user.actor, words, role, page_number(), period),
        period=wanted,
        words=words,
        role=role,
        names={one.value: name for one, name in ROLE_NAMES.items() if one is not Role.LEARNER},
        now=clock.now(),
    )


def _deed_filter() -> people.DeedFilter:
    """What the address asks of the log; nonsense is left out."""

    def moment(name: str, days: int) -> datetime | None:
        try:
            day = datetime.strptime(request.args.get(name, "").strip(), "%d/%m/%Y")
            return from_local(day + timedelta(days=days))
        except (ValueError, OverflowError):
            return None

    member = request.args.get("member", "")
    return people.DeedFilter(
        request.args.get("q", "").replace("\x00", ""), request.args.get("action", "").replace("\x00", ""),
        int(member) if member.isdecimal() and len(member) < 10 else None, moment("since", 0), moment("until", 1),
    )  # fmt: skip


def _asked_of_log() -> dict[str, str]:
    """What of the address narrows the log, as it was typed."""
    return {key: request.args[key] for key in ("q", "action", "member", "since", "until") if request.args.get(key)}


@blueprint.get("/audit", endpoint="audit")
@requires("audit.view")
def audit_log() -> str:
    wanted = _deed_filter()
    return render_template(
        "admin/audit.html",
        page=people.page_of_deeds(current_user.actor, wanted, page_number()),
        wanted=wanted,
        filters=_asked_of_log(),
        deeds=DEEDS,
        words_of=words_of,
        lines_of=services.lines_of,
        check=people.check_log() if request.args.get("check") else None,
        now=clock.now(),
    )


@blueprint.get("/audit/excel")
@requires("audit.view")
def audit_excel() -> Response:
    """The entries that a search finds, as a file; that it went out is itself recorded."""
    wanted, now = _deed_filter(), clock.now()
    rows = people.list_deeds(current_user.actor, wanted)
    content = services.deeds_workbook(rows, now)
    note_export(current_user.named, ("audit", "log", "Nhật ký"), len(rows), _asked_of_log(), now)
    return excel_answer(content, gettext("Nhật ký"))
