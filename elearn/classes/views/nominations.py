"""Pages of the unit that sends people, and of the unit above that confirms its list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from elearn.classes import services
from elearn.classes.forms import Pasted, PasteForm
from elearn.classes.models import CohortQuota
from elearn.classes.queries import cohorts, nominations, people
from elearn.classes.queries.conditions import list_reasons
from elearn.classes.rules.matching import Match, Verdict, match_all, parse
from elearn.classes.rules.nomination import STATE_NAMES, Act, State
from elearn.classes.views.acting import do, is_act, sent_ids
from elearn.classes.views.pages import Answer, blueprint
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext, ngettext
from elearn.core.pages import page_number
from elearn.lib.errors import InvalidInput
from elearn.members import queries as members
from elearn.members.rules.permissions import may_anywhere

HERE = "/admin/nominations/<int:cohort_id>/<int:unit_id>"
UNIT_ACTS = (Act.SUBMIT, Act.WITHDRAW, Act.ACCEPT, Act.AGAIN)
UPPER_ACTS = (Act.CONFIRM, Act.RETURN, Act.REFUSE)
_NOTHING_TO_DO = (Verdict.ENROLLED, Verdict.REPEATED)


@blueprint.get("/admin/nominations")
@requires("cohort.nominate")
def calls() -> str:
    """What classes ask of the units in one's care, and lists that wait for confirmation."""
    actor = current_user.actor
    return render_template(
        "classes/calls.html", page=nominations.page_of_calls(actor, page_number()), now=clock.now(),
        confirmations=nominations.list_confirmations(actor) if may_anywhere(actor, "cohort.confirm") else [],
    )  # fmt: skip


@blueprint.route(HERE, methods=["GET", "POST"])
@requires("cohort.nominate")
def nominate(cohort_id: int, unit_id: int) -> Answer:
    """The unit's list: drafts with what speaks against them, and what became of those sent."""
    quota = nominations.access_quota(current_user.actor, cohort_id, unit_id)
    if request.method == "POST" and is_act(UNIT_ACTS):
        chosen = nominations.list_of_unit(cohort_id, unit_id, sent_ids())
        if "all" in request.form:
            chosen = nominations.list_ids(cohort_id, [State.DRAFT], unit_id)
        answer = do(cohort_id, chosen, url_for("classes.nominate", cohort_id=cohort_id, unit_id=unit_id))
        if not isinstance(answer, services.Outcome | InvalidInput):
            return answer
        return _list_page(quota, answer), 400 if isinstance(answer, InvalidInput) else 200
    return _list_page(quota)


def _list_page(quota: CohortQuota, result: services.Outcome | InvalidInput | None = None) -> str:
    cohort = nominations.find_cohort(quota.cohort_id)
    page = nominations.page_of_nominations(cohort.id, page_number(), quota.unit_id)
    drafts = [one.member_id for one in page.items if one.state == State.DRAFT]
    count = next(one.count for one in nominations.list_counts(cohort.id) if one.unit_id == quota.unit_id)
    return render_template(
        "classes/nominate.html", quota=quota, cohort=cohort, page=page, count=count, names=STATE_NAMES, State=State,
        against=list_reasons(cohort, drafts) if drafts else {}, result=result, ticked=set(sent_ids()), now=clock.now(),
        is_error=isinstance(result, InvalidInput), said=said,
    )  # fmt: skip


@blueprint.route(f"{HERE}/add", methods=["GET", "POST"])
@requires("cohort.nominate")
def add_nominees(cohort_id: int, unit_id: int) -> Answer:
    """A list to tick people from: those of the unit and below it."""
    actor = current_user.actor
    quota = nominations.access_quota(actor, cohort_id, unit_id)
    if request.method == "POST":
        ticked = [int(one) for one in request.form.getlist("member") if one.isdecimal() and len(one) < 10]
        _added(services.add_nominees(
            current_user.named, cohort_id, unit_id, people.list_visible_ids(actor, ticked), clock.now()
        ))  # fmt: skip
        return redirect(url_for("classes.add_nominees", **_filters(cohort_id, unit_id)))
    words = request.args.get("q", "")
    page = members.page_of_members(actor, words, quota.unit, page_number())
    return render_template(
        "classes/nominate_add.html", quota=quota, cohort=nominations.find_cohort(cohort_id), page=page, words=words,
        known=nominations.list_states(cohort_id, [member.id for member in page.items]), names=STATE_NAMES,
        against=list_reasons(nominations.find_cohort(cohort_id), [member.id for member in page.items]),
    )  # fmt: skip


def _filters(cohort_id: int, unit_id: int) -> dict[str, Any]:
    kept: dict[str, Any] = {name: request.args[name] for name in ("q", "page") if name in request.args}
    return {**kept, "cohort_id": cohort_id, "unit_id": unit_id}


def _added(added: services.Added) -> None:
    if added.new:
        flash(
            ngettext("Đã đưa %(num)s người vào danh sách đang lập.", "Đã đưa %(num)s người vào danh sách đang lập.", added.new),
            "success",
        )
    if added.known:
        flash(
            ngettext(
                "%(num)s người đã có trong danh sách của lớp này.", "%(num)s người đã có trong danh sách của lớp này.", added.known
            ),
            "info",
        )
    if added.foreign:
        flash(
            ngettext(
                "%(num)s người không thuộc đơn vị này nên không đưa vào.",
                "%(num)s người không thuộc đơn vị này nên không đưa vào.",
                added.foreign,
            ),
            "warning",
        )
    if not (added.new or added.known or added.foreign):
        flash(gettext("Chưa chọn ai. Hãy đánh dấu những người cần cử rồi bấm lại."), "warning")


@blueprint.route(f"{HERE}/paste", methods=["GET", "POST"])
@requires("cohort.nominate")
def paste_nominees(cohort_id: int, unit_id: int) -> Answer:
    """Paste a list, see what each line means, put doubtful lines right, take the people over. Only the last step writes."""
    quota = nominations.access_quota(current_user.actor, cohort_id, unit_id)
    cohort, form = nominations.find_cohort(cohort_id), PasteForm()
    if request.method == "GET":
        return render_template("classes/nominate_paste.html", quota=quota, cohort=cohort, form=form)
    pasted = Pasted.from_request()
    try:
        matches = _match(cohort_id, pasted)
    except InvalidInput as refusal:
        form.text.data = "\n".join(pasted.raws)
        form.text.errors = [said(refusal)]
        return render_template("classes/nominate_paste.html", quota=quota, cohort=cohort, form=form), 400
    if request.form.get("step") == "enrol":
        ready = [match.chosen.member_id for match in matches if match.is_ready and match.chosen]
        _added(services.add_nominees(current_user.named, cohort_id, unit_id, ready, clock.now()))
        matches = [match for match in matches if not match.is_ready and match.verdict not in _NOTHING_TO_DO]
        if not matches:
            return redirect(url_for("classes.nominate", cohort_id=cohort_id, unit_id=unit_id))
    return _preview(quota, form, matches)


def _preview(quota: CohortQuota, form: PasteForm, matches: Sequence[Match]) -> str:
    return render_template(
        "classes/paste_preview.html",
        cohort=nominations.find_cohort(quota.cohort_id),
        quota=quota,
        form=form,
        ready=[match for match in matches if match.is_ready],
        settled=[match for match in matches if match.verdict in _NOTHING_TO_DO],
        doubtful=[match for match in matches if not match.is_ready and match.verdict not in _NOTHING_TO_DO],
        enrolled="",
        Verdict=Verdict,
    )


def _match(cohort_id: int, pasted: Pasted) -> list[Match]:
    lines = parse(pasted.raws)
    by_key, by_name = people.find_candidates(current_user.actor, nominations.list_live_members(cohort_id), lines)
    return match_all(lines, by_key, by_name, pasted.choices)


@blueprint.route(f"{HERE}/confirm", methods=["GET", "POST"])
@requires("cohort.confirm")
def confirm(cohort_id: int, unit_id: int) -> Answer:
    """The unit above looks through a list: confirm, give back, or refuse with a reason."""
    quota = nominations.access_quota(current_user.actor, cohort_id, unit_id, "cohort.confirm")
    result: services.Outcome | InvalidInput | None = None
    if request.method == "POST" and is_act(UPPER_ACTS):
        chosen = nominations.list_of_unit(cohort_id, unit_id, sent_ids())
        if "all" in request.form:
            chosen = nominations.list_ids(cohort_id, [State.SUBMITTED], unit_id)
        answer = do(cohort_id, chosen, url_for("classes.confirm", cohort_id=cohort_id, unit_id=unit_id))
        if not isinstance(answer, services.Outcome | InvalidInput):
            return answer
        result = answer
    cohort = nominations.find_cohort(cohort_id)
    page = nominations.page_of_nominations(cohort_id, page_number(), unit_id, [State.SUBMITTED])
    shown = render_template(
        "classes/confirm.html", quota=quota, cohort=cohort, page=page, result=result, ticked=set(sent_ids()),
        is_error=isinstance(result, InvalidInput), said=said,
        against=list_reasons(cohort, [one.member_id for one in page.items]) if page.items else {},
        count=next(one.count for one in nominations.list_counts(cohort_id) if one.unit_id == unit_id),
    )  # fmt: skip
    return (shown, 400) if isinstance(result, InvalidInput) else shown


@blueprint.get("/admin/nominations/people/<int:nomination_id>")
@requires("admin.view")
def nomination(nomination_id: int) -> str:
    """One nomination and everything that was done with it."""
    found = nominations.access_nomination(current_user.actor, nomination_id)
    steps = nominations.list_steps([nomination_id]).get(nomination_id, [])
    return render_template(
        "classes/nomination.html", nomination=found, cohort=found.cohort, steps=steps, names=STATE_NAMES,
        against=list_reasons(found.cohort, [found.member_id]).get(found.member_id, ()),
        may_open_class=cohorts.may_see(current_user.actor, found.cohort),
    )  # fmt: skip
