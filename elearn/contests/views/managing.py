"""Pages on which contests are made, changed and let go live."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.contests.forms.contest import ContestForm, values_of
from elearn.contests.forms.parts import Prizes, chain_sent, prizes_sent
from elearn.contests.models import Contest
from elearn.contests.queries import contests
from elearn.contests.queries.readiness import facts_of
from elearn.contests.queries.terms import words_of_contest
from elearn.contests.rules.readiness import Item, check_list, is_ready
from elearn.contests.rules.rounds import ROUND_STATE_NAMES
from elearn.contests.rules.settings import DEFAULT_CHAIN, UNIT_MEASURES, PrizeKind
from elearn.contests.rules.typed import prize_rows, read_chain, read_prizes
from elearn.contests.rules.unit_scores import named_targets
from elearn.contests.services import changing, editing
from elearn.contests.services.posters import fetch_poster, keep_poster
from elearn.contests.views.pages import blueprint, reader
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import public, requires
from elearn.core.i18n import gettext
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.vietnamese import fold
from elearn.members.queries import below
from elearn.members.rules.permissions import may_anywhere, role_paths
from elearn.units import queries as units
from elearn.units.models import Unit
from elearn.units.rules.pasted import read_counts

Answer = str | Response | tuple[str, int]
FEW = 6
"""As many contests need no search."""
PLACES = 6
"""Places of the order of criteria that are offered at the least."""
FIELDS = {"unit_id": "unit", "unit_ids": "units"}
"""Fields of the form by the names that services give them, where they differ."""


@dataclass(frozen=True)
class Chain:
    """The order of criteria as shown, and what is wrong with it."""

    keys: tuple[str, ...]
    fault: str = ""

    def places(self) -> list[str]:
        """The keys with empty places below them."""
        return [*self.keys, *[""] * max(1, PLACES - len(self.keys))]


@blueprint.get("/admin/contests")
@requires("contest.oversee")
def overview() -> str:
    now = clock.now()
    every = contests.list_overseen(current_user.actor)
    words = request.args.get("q", "")[:100]
    wanted = fold(words).split()
    found = [one for one in every if all(word in fold(f"{one.title} {one.organiser_name} {one.join_code}") for word in wanted)]
    rounds = [one for contest in found for one in contest.rounds]
    return render_template(
        "contests/overview.html",
        contests=found,
        is_searched=len(every) > FEW or bool(words),
        words=words,
        states=contests.states_of(rounds, now),
        entries=contests.count_entries([one.id for one in rounds]),
        names=ROUND_STATE_NAMES,
        may_make=may_anywhere(current_user.actor, "contest.manage"),
        now=now,
    )


@blueprint.get("/admin/contests/<code>")
@requires("contest.oversee")
def contest_admin(code: str) -> str:
    """One contest for its officers: rounds, what stands against going live, what can be done."""
    now = clock.now()
    contest = contests.access_contest_to(current_user.actor, "contest.oversee", code)
    items = _check_list(contest)
    return render_template(
        "contests/contest_admin.html",
        contest=contest,
        states=contests.states_of(contest.rounds, now),
        entries=contests.count_entries([one.id for one in contest.rounds]),
        names=ROUND_STATE_NAMES,
        check_lines=items,
        mending=[_link(contest, item) for item in items],
        is_ready=is_ready(items),
        may_manage=contests.may_manage(current_user.actor, contest),
        waiting=[one for one in contests.list_rule_changes(contest.id) if one.state == "proposed"],
        told=words_of_contest(contest),
        now=now,
    )


def _check_list(contest: Contest) -> list[Item]:
    now = clock.now()
    return check_list(facts_of(contest, current_app.config["ELEARN"].data_path, now), now)


def _link(contest: Contest, item: Item) -> str:
    """Where a line of the check list is mended; "" for nowhere."""
    place, _, number = item.link.partition(":")
    edit = url_for("contests.edit", code=contest.code)
    if place == "round":
        return url_for("contests.edit_round", code=contest.code, number=int(number))
    if place == "rounds":
        return url_for("contests.weekly_rounds", code=contest.code)
    return {"who": f"{edit}#who", "prizes": f"{edit}#prizes"}.get(place, "")


@blueprint.route("/admin/contests/new", methods=["GET", "POST"])
@requires("contest.manage")
def new() -> Answer:
    return _editor(None)


@blueprint.route("/admin/contests/<code>/edit", methods=["GET", "POST"])
@requires("contest.manage")
def edit(code: str) -> Answer:
    return _editor(contests.access_contest_to(current_user.actor, "contest.manage", code))


def _editor(contest: Contest | None) -> Answer:
    form = ContestForm(data=values_of(contest) if contest else None)
    scope = below(Unit.path, role_paths(current_user.actor, "contest.manage"))
    form.unit.choices = units.list_choices(scope, contest.unit if contest else None)
    invited = contests.list_named_units(contest.rules.unit_ids) if contest else []
    form.units.choices = list({**dict(units.list_choices(scope, None)), **dict(invited)}.items())
    if request.method == "GET":
        rules = contest.rules if contest else None
        form.own_targets.data = contests.written_targets(rules) if rules else ""
        if rules is None:
            form.organiser_name.data = current_user.unit_name
        shown = prize_rows(rules.prizes) if rules else prize_rows((PrizeKind("Nhất", 1), PrizeKind("Nhì", 2), PrizeKind("Ba", 3)))
        return _page(form, contest, Prizes(shown), Chain(rules.criteria if rules else DEFAULT_CHAIN))
    rows = prizes_sent()
    prizes, faults = read_prizes(rows)
    chain, refusal = Chain(tuple(key for key in chain_sent() if key)), ""
    try:
        criteria = read_chain(chain.keys, contests.RANKINGS.keys())
    except InvalidInput as problem:
        criteria, chain = (), Chain(chain.keys, said(problem))
    if request.form.get("do") == "add-prize":
        return _page(form, contest, Prizes(rows, faults), chain)
    if form.validate() and not faults and not chain.fault:
        try:
            return _save(contest, form, prizes, criteria)
        except InvalidInput as problem:
            name = FIELDS.get(problem.field, problem.field)
            if name in form:
                form[name].errors = [*form[name].errors, said(problem)]
            else:
                refusal = said(problem)
        except DomainError as problem:
            return _page(form, contest, Prizes(rows), chain, said(problem)), problem.status
    return _page(form, contest, Prizes(rows, faults), chain, refusal), 400


def _save(contest: Contest | None, form: ContestForm, prizes: tuple[PrizeKind, ...], criteria: tuple[str, ...]) -> Response:
    by, now = current_user.named, clock.now()
    text = form.own_targets.data or ""
    own = named_targets(read_counts(text, *units.units_by_words(text), "own_targets"), form.target_counts.data)
    plain = form.plain(prizes, criteria, own)
    if contest is None or plain["unit_id"] != contest.unit_id:
        contests.access_owner(current_user.actor, plain["unit_id"])
    upload = form.poster.data
    data = upload.read() if upload and getattr(upload, "filename", "") else b""
    poster = keep_poster(data, by, now) if data else ""  # a bad picture is refused before anything is written
    if contest is None:
        code = editing.make_contest(plain, by, now)
        contest = contests.access_contest_to(current_user.actor, "contest.manage", code)
        later = None
    else:
        later = editing.change_contest(contest.id, plain, by, now)
    if poster or form.drops_poster.data:
        editing.set_poster(contest.id, poster, by, now)
    editing.set_password(contest.id, form.new_password(), by, now)
    if later is not None:
        changing.propose_change(contest.id, None, later, form.reason.data or "", by, now)
        flash(gettext("Thể lệ đang áp dụng nên việc sửa chờ một cán bộ thứ hai đồng ý."), "warning")
        return redirect(url_for("contests.rule_changes", code=contest.code))
    flash(gettext("Đã lưu cuộc thi."), "success")
    return redirect(url_for("contests.contest_admin", code=contest.code))


def _page(form: ContestForm, contest: Contest | None, prizes: Prizes, chain: Chain, refusal: str = "") -> str:
    return render_template(
        "contests/edit.html",
        form=form,
        contest=contest,
        prizes=prizes,
        chain=chain,
        criteria=list(contests.RANKINGS),
        refusal=refusal,
        measures=UNIT_MEASURES,
        is_in_force=contest is not None and editing.is_in_force(contest.id, None, clock.now()),
    )


@blueprint.post("/admin/contests/<code>/copy")
@requires("contest.manage")
def copy(code: str) -> Response:
    contest = contests.access_contest_to(current_user.actor, "contest.manage", code)
    made = editing.copy_contest(contest.id, current_user.named, clock.now())
    flash(gettext("Đã nhân bản, chưa công bố. Hãy xem lại tên và giờ các vòng."), "success")
    return redirect(url_for("contests.edit", code=made))


@blueprint.post("/admin/contests/<code>/go-live")
@requires("contest.manage")
def go_live(code: str) -> Response:
    """Publish, unless the check list holds something red."""
    contest = contests.access_contest_to(current_user.actor, "contest.manage", code)
    if is_ready(_check_list(contest)):
        editing.publish_contest(contest.id, current_user.named, clock.now())
        flash(gettext("Đã công bố cuộc thi. Ai cũng xem được trang cuộc thi và vào thi khi vòng mở."), "success")
    else:
        flash(gettext("Chưa công bố: bảng kiểm còn dòng phải sửa."), "warning")
    return redirect(url_for("contests.contest_admin", code=code))


@blueprint.post("/admin/contests/<code>/withdraw")
@requires("contest.manage")
def withdraw(code: str) -> Response:
    """Hide the contest again while nobody has entered."""
    contest = contests.access_contest_to(current_user.actor, "contest.manage", code)
    try:
        editing.unpublish_contest(contest.id, current_user.named, clock.now())
    except DomainError as refusal:
        flash(said(refusal), "warning")
    else:
        flash(gettext("Đã thôi công bố. Chỉ cán bộ phụ trách xem được cuộc thi."), "success")
    return redirect(url_for("contests.contest_admin", code=code))


@blueprint.get("/contests/<code>/poster")
@public
def poster(code: str) -> Response:
    """The picture on the page of the contest."""
    contest = contests.access_contest(reader(), code)
    if not contest.poster:
        raise NotFound()
    data, mimetype = fetch_poster(contest.poster)
    answer = Response(data, mimetype=mimetype)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.set_etag(contest.poster)
    return answer.make_conditional(request)
