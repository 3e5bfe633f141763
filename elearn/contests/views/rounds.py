"""Pages on which rounds are made, changed and taken away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.contests.forms.parts import Prizes, chain_sent, prizes_sent
from elearn.contests.forms.rounds import PaperForm, RoundForm, WeeklyForm, values_of_round
from elearn.contests.models import Contest, Round
from elearn.contests.queries import contests
from elearn.contests.rules.settings import PrizeKind
from elearn.contests.rules.typed import prize_rows, read_chain, read_prizes
from elearn.contests.services import changing, editing
from elearn.contests.views.managing import Answer, Chain
from elearn.contests.views.pages import blueprint, titled
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext, ngettext
from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.periods import local_day
from elearn.questions.rules.levels import LEVELS
from elearn.quizzes.forms.blueprint import Rows, changed, rows_of, rows_sent
from elearn.quizzes.queries import managing as papers
from elearn.quizzes.rules.blueprints import read_parts
from elearn.quizzes.views.editing import available_of, is_untouched, with_typed

FIELDS = {"attempt_limit": "attempts", "opens_at": "opens_at", "advance": "advance_from"}
"""Fields of the forms by the names that services give them, where they differ."""


@dataclass(frozen=True)
class Parts:
    """Everything of a round that is rows: its paper, its own prizes, its own order of criteria."""

    rows: Rows
    prizes: Prizes
    chain: Chain

    @property
    def is_faulty(self) -> bool:
        return bool(self.rows.is_faulty or self.prizes.faults or self.chain.fault)


@dataclass(frozen=True)
class Values:
    """What the rows say: blueprint, prizes and criteria; None for those of the contest."""

    blueprint: list[dict[str, Any]]
    prizes: tuple[PrizeKind, ...] | None
    criteria: tuple[str, ...] | None


@blueprint.route("/admin/contests/<code>/rounds/new", methods=["GET", "POST"])
@requires("contest.manage")
def new_round(code: str) -> Answer:
    contest = contests.access_contest_to(current_user.actor, "contest.manage", code)
    form = RoundForm(data={"title": gettext("Vòng %(number)s", number=len(contest.rounds) + 1)})
    return _one_round(contest, None, form)


@blueprint.route("/admin/contests/<code>/rounds/<int:number>/edit", methods=["GET", "POST"])
@requires("contest.manage")
def edit_round(code: str, number: int) -> Answer:
    contest, one = _access(code, number)
    return _one_round(contest, one, RoundForm(data=values_of_round(one)))


def _access(code: str, number: int) -> tuple[Contest, Round]:
    one = contests.access_round_to(current_user.actor, "contest.manage", code, number)
    return one.contest, one


def _one_round(contest: Contest, one: Round | None, form: RoundForm) -> Answer:
    earlier = [each for each in contest.rounds if one is None or each.number < one.number]
    form.advance_from.choices = [
        (0, gettext("Ai đủ điều kiện đều vào được")),
        *((each.number, gettext("Chỉ người đứng đầu %(round)s", round=titled(each))) for each in earlier),
    ]
    form.sources.choices = [(each.number, titled(each)) for each in earlier if each.kind != "total"]
    if request.method == "GET":
        return _page("contests/round_edit.html", contest, one, form, _stored(contest, one))
    parts, values = _sent(contest, one, form, has_paper=form.kind.data in ("quiz", "written"))
    if values is None:
        return _page("contests/round_edit.html", contest, one, form, parts)
    if form.validate() and not parts.is_faulty:
        try:
            return _save_one(contest, one, form, values)
        except InvalidInput as problem:
            _put_fault(form, problem)
        except DomainError as problem:
            return _page("contests/round_edit.html", contest, one, form, parts, said(problem)), problem.status
    return _page("contests/round_edit.html", contest, one, form, parts), 400


def _save_one(contest: Contest, one: Round | None, form: RoundForm, values: Values) -> Response:
    by, now = current_user.named, clock.now()
    spec = form.spec(values.blueprint, values.prizes, values.criteria)
    if one is None:
        editing.add_rounds(contest.id, [spec], by, now)
        flash(gettext("Đã thêm vòng."), "success")
        return redirect(url_for("contests.contest_admin", code=contest.code))
    later = editing.change_round(one.id, spec, by, now)
    if later is not None:
        changing.propose_change(contest.id, one.id, later, form.reason.data or "", by, now)
        flash(gettext("Vòng đang áp dụng thể lệ này nên việc sửa chờ một cán bộ thứ hai đồng ý."), "warning")
        return redirect(url_for("contests.rule_changes", code=contest.code))
    flash(gettext("Đã lưu vòng."), "success")
    return redirect(url_for("contests.contest_admin", code=contest.code))


@blueprint.route("/admin/contests/<code>/rounds/weekly", methods=["GET", "POST"])
@requires("contest.manage")
def weekly_rounds(code: str) -> Answer:
    """Many rounds in one step: the windows are shown before anything is made."""
    contest = contests.access_contest_to(current_user.actor, "contest.manage", code)
    form = WeeklyForm()
    if request.method == "GET":
        return _page("contests/weekly.html", contest, None, form, _stored(contest, None))
    parts, values = _sent(contest, None, form)
    if values is None:
        return _page("contests/weekly.html", contest, None, form, parts)
    first = max((one.number for one in contest.rounds), default=0) + 1
    preview: list[Any] = []
    if form.validate():
        try:
            preview = form.named(first)
            if not parts.is_faulty and request.form.get("do") == "save":
                made = editing.add_rounds(
                    contest.id, form.specs(first, values.blueprint, values.prizes, values.criteria), current_user.named, clock.now()
                )
                flash(ngettext("Đã thêm %(num)s vòng.", "Đã thêm %(num)s vòng.", len(made)), "success")
                return redirect(url_for("contests.contest_admin", code=code))
            form.own_settings(values.prizes, values.criteria)
        except InvalidInput as problem:
            _put_fault(form, problem)
    is_sound = not form.errors and not parts.is_faulty
    return _page("contests/weekly.html", contest, None, form, parts, preview=preview), 200 if is_sound else 400


def _put_fault(form: PaperForm, problem: InvalidInput) -> None:
    name = FIELDS.get(problem.field, problem.field)
    name = name if name in form else "hours" if "hours" in name else "minutes"
    form[name].errors = [*form[name].errors, said(problem)]


def _stored(contest: Contest, one: Round | None) -> Parts:
    rules = one.rules if one else contest.rules
    like = one or next((each for each in reversed(contest.rounds) if each.paper is not None), None)
    names = papers.tag_names(like.paper.blueprint) if like and like.paper else {}
    rows = rows_of(like.paper, names) if like and like.paper else Rows()
    return Parts(rows, Prizes(prize_rows(rules.prizes)), Chain(rules.criteria))


def _sent(contest: Contest, one: Round | None, form: PaperForm, has_paper: bool = True) -> tuple[Parts, Values | None]:
    """The rows as sent; no values where a button only changed the rows on the page."""
    rows, prize_typed = rows_sent(), prizes_sent()
    chain = Chain(tuple(key for key in chain_sent() if key))
    deed = request.form.get("do", "save")
    other = changed(rows, deed)
    if other is not None or deed == "add-prize":
        return Parts(other or rows, Prizes(prize_typed), chain), None
    rows = replace(rows, parts=tuple(part for part in rows.parts if not is_untouched(part)))
    blueprint_read: list[dict[str, Any]] = []
    if has_paper:
        _, _, offer = papers.offer_for(current_user.actor, one.paper if one else None)
        blueprint_read, faults = read_parts(rows.parts, with_typed(offer, rows), 1)
        rows = replace(rows, faults=faults)
    prizes, prize_faults = read_prizes(prize_typed) if form.own_prizes.data else (None, {})
    criteria = None
    if form.own_chain.data:
        try:
            criteria = read_chain(chain.keys, contests.RANKINGS.keys())
        except InvalidInput as problem:
            chain = Chain(chain.keys, said(problem))
    return Parts(rows, Prizes(prize_typed, prize_faults), chain), Values(blueprint_read, prizes, criteria)


def _page(
    template: str, contest: Contest, one: Round | None, form: PaperForm, parts: Parts, refusal: str = "", preview: Any = ()
) -> str:
    banks, categories, _ = papers.offer_for(current_user.actor, one.paper if one else None)
    now = clock.now()
    typed = [int(part.question) for part in parts.rows.parts if part.question.isdecimal() and len(part.question) < 10]
    return render_template(
        template,
        contest=contest,
        round=one,
        form=form,
        rows=parts.rows,
        prizes=parts.prizes,
        chain=parts.chain,
        criteria=list(contests.RANKINGS),
        faults={place: say_fault(fault) for place, fault in parts.rows.faults.items()},
        banks=banks,
        categories=categories,
        available=[available_of(part, local_day(now)) for part in parts.rows.parts],
        chosen=papers.chosen_questions(typed),
        levels=LEVELS,
        refusal=refusal,
        preview=preview,
        is_in_force=one is not None and editing.is_in_force(contest.id, one.id, now),
    )


def say_fault(fault: Any) -> str:
    """A fault of a row in the reader's language."""
    return str(gettext(fault.message, **dict(fault.values)))


@blueprint.route("/admin/contests/<code>/rounds/<int:number>/remove", methods=["GET", "POST"])
@requires("contest.manage")
def remove_round(code: str, number: int) -> Answer:
    """Ask once more, then take the round away."""
    contest, one = _access(code, number)
    if request.method == "GET":
        return render_template("contests/round_remove.html", contest=contest, round=one)
    try:
        editing.remove_round(one.id, current_user.named, clock.now())
    except DomainError as refusal:
        flash(said(refusal), "warning")
    else:
        flash(gettext("Đã bỏ vòng."), "success")
    return redirect(url_for("contests.contest_admin", code=code))
