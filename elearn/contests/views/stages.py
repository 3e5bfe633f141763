"""Officers' pages of a stage: parts and criteria, who appears, the draw."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.contests.forms.stages import ContestantForm, CriterionForm, DrawForm, PartForm
from elearn.contests.models import Round, StagePart
from elearn.contests.queries import judges, stages
from elearn.contests.services import staging as services
from elearn.contests.services.staging import Contestant
from elearn.contests.views.judges import BASE, NOBODY, done, prepared
from elearn.contests.views.pages import blueprint
from elearn.core import clock
from elearn.core.guards import requires
from elearn.core.i18n import gettext, ngettext
from elearn.lib.errors import InvalidInput, NotFound
from elearn.members.queries import below
from elearn.members.queries.roles import access_receiver, find_receivers
from elearn.units.models import Unit
from elearn.units.queries import list_children, list_choices

STAGE = f"{BASE}/stage"


def staged(code: str, number: int) -> Round:
    """The stage for an officer who prepares it; NotFound for a round of another kind."""
    found = prepared(code, number)
    if found.kind != "stage":
        raise NotFound()
    return found


def _part(found: Round, number: int) -> StagePart:
    return stages.access_part(found.id, number)


def _back(code: str, number: int, part: str = "") -> str:
    return url_for("contests.stage_admin", code=code, number=number, _anchor=part or None)


def _contestant_form(found: Round) -> ContestantForm:
    form = ContestantForm()
    form.unit.choices = list_choices(below(Unit.path, [found.contest.unit.path]), None)
    return form


@blueprint.get(STAGE)
@requires("round.prepare")
def stage_admin(code: str, number: int) -> str:
    found = staged(code, number)
    words = request.args.get("q", "")[:100]
    contestants = stages.list_contestants(found.id)
    present = {one.entry.member_id for one in contestants}
    return render_template(
        "contests/stage_admin.html",
        contest=found.contest,
        round=found,
        stage_parts=stages.list_parts(found.id),
        highest=stages.highest_on_stage(found.id),
        contestants=contestants,
        judges=judges.list_judges(found.id),
        draw=stages.find_draw(found.id),
        has_scores=stages.has_scores(found.id),
        words=words,
        people=[one for one in find_receivers([found.contest.unit.path], words, NOBODY) if one.id not in present],
        contestant_form=_contestant_form(found),
        draw_form=DrawForm(formdata=None),
    )


def _first_fault(form: PartForm | CriterionForm | ContestantForm) -> InvalidInput:
    message = next((str(one) for faults in form.errors.values() for one in faults), "Hãy xem lại các ô đã điền.")
    return InvalidInput("bad_form", message.replace("%", "%%"))


@blueprint.post(f"{STAGE}/parts")
@requires("round.prepare")
def add_part(code: str, number: int) -> Response:
    found, form = staged(code, number), PartForm()

    def do() -> str:
        if not form.validate_on_submit():
            raise _first_fault(form)
        services.add_part(found.id, form.title.data or "", form.weight.data or 0, current_user.named, clock.now())
        return gettext("Đã thêm phần thi. Hãy ghi các tiêu chí chấm của phần này.")

    return done(do, _back(code, number, "parts"))


@blueprint.post(f"{STAGE}/parts/<int:part>/remove")
@requires("round.prepare")
def remove_part(code: str, number: int, part: int) -> Response:
    found = staged(code, number)
    part_id = _part(found, part).id

    def do() -> str:
        services.remove_part(part_id, current_user.named, clock.now())
        return gettext("Đã bỏ phần thi.")

    return done(do, _back(code, number, "parts"))


@blueprint.post(f"{STAGE}/parts/<int:part>/criteria")
@requires("round.prepare")
def add_criterion(code: str, number: int, part: int) -> Response:
    found, form = staged(code, number), CriterionForm()
    part_id = _part(found, part).id
    form.points.raw_data = [text.replace(",", ".") for text in form.points.raw_data or []]
    form.points.process_formdata(form.points.raw_data)

    def do() -> str:
        if not form.validate_on_submit() or form.points.data is None:
            raise _first_fault(form)
        services.add_criterion(
            part_id, form.title.data or "", form.points.data, form.weight.data or 0, current_user.named, clock.now()
        )
        return gettext("Đã thêm tiêu chí.")

    return done(do, _back(code, number, f"part-{part}"))


@blueprint.post(f"{STAGE}/parts/<int:part>/criteria/<int:criterion>/remove")
@requires("round.prepare")
def remove_criterion(code: str, number: int, part: int, criterion: int) -> Response:
    found = staged(code, number)
    chosen = next((one for one in _part(found, part).criteria if one.number == criterion), None)
    if chosen is None:
        raise NotFound()
    criterion_id = chosen.id

    def do() -> str:
        services.remove_criterion(criterion_id, current_user.named, clock.now())
        return gettext("Đã bỏ tiêu chí.")

    return done(do, _back(code, number, f"part-{part}"))


def _came(count: int) -> str:
    if not count:
        return gettext("Không có thí sinh nào mới: tất cả đã có trong danh sách.")
    return ngettext("Đã thêm %(n)s thí sinh, đội thi.", "Đã thêm %(n)s thí sinh, đội thi.", count, n=count)


@blueprint.post(f"{STAGE}/contestants")
@requires("round.prepare")
def add_contestant(code: str, number: int) -> Response:
    """A team or guest by name, or a member found by search."""
    found, form = staged(code, number), _contestant_form(prepared(code, number))
    member_id = request.form.get("member", 0, type=int)
    member = access_receiver([found.contest.unit.path], member_id) if member_id else None

    def do() -> str:
        if member is None and not form.validate_on_submit():
            raise _first_fault(form)
        one = (
            Contestant(member.display_name, member.unit_id, member.id)
            if member
            else Contestant(form.name.data or "", form.unit.data, None, form.group.data or "")
        )
        return _came(services.add_contestants(found.id, [one], current_user.named, clock.now()))

    return done(do, _back(code, number, "contestants"))


@blueprint.post(f"{STAGE}/contestants/units")
@requires("round.prepare")
def add_teams_of_units(code: str, number: int) -> Response:
    """A team for each unit directly below the organiser."""
    found = staged(code, number)
    teams = [Contestant(unit.short_name, unit.id, None, unit.segment) for unit in list_children([found.contest.unit_id])]

    def do() -> str:
        return _came(services.add_contestants(found.id, teams, current_user.named, clock.now()))

    return done(do, _back(code, number, "contestants"))


@blueprint.post(f"{STAGE}/contestants/advance")
@requires("round.prepare")
def add_advancing(code: str, number: int) -> Response:
    found = staged(code, number)

    def do() -> str:
        return _came(services.add_advancing(found.id, current_user.named, clock.now()))

    return done(do, _back(code, number, "contestants"))


@blueprint.post(f"{STAGE}/contestants/<int:entry_id>/remove")
@requires("round.prepare")
def remove_contestant(code: str, number: int, entry_id: int) -> Response:
    found = staged(code, number)

    def do() -> str:
        services.remove_contestant(found.id, entry_id, current_user.named, clock.now())
        return gettext("Đã rút khỏi danh sách thí sinh.")

    return done(do, _back(code, number, "contestants"))


@blueprint.post(f"{STAGE}/contestants/<int:entry_id>/group")
@requires("round.prepare")
def set_group(code: str, number: int, entry_id: int) -> Response:
    found = staged(code, number)

    def do() -> str:
        services.set_group(found.id, entry_id, request.form.get("group", ""), current_user.named, clock.now())
        return gettext("Đã xếp bảng.")

    return done(do, _back(code, number, "contestants"))


@blueprint.post(f"{STAGE}/draw")
@requires("round.prepare")
def draw_order(code: str, number: int) -> Response:
    found, form = staged(code, number), DrawForm()

    def do() -> str:
        seed = services.draw_order(found.id, form.seed.data or "", current_user.named, clock.now())
        return gettext("Đã bốc thăm thứ tự thi với số %(seed)s.", seed=seed)

    return done(do, _back(code, number, "contestants"))
