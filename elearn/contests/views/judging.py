"""Pages of the judges of a stage: the contestant in front of them, and the chair's table."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.contests.models import Round, StageContestant, StagePart
from elearn.contests.queries import judges, stages
from elearn.contests.rules.stage import mark_of_part
from elearn.contests.services import scoring as services
from elearn.contests.views.judges import done
from elearn.contests.views.pages import blueprint
from elearn.core import clock
from elearn.core.display import show_clock
from elearn.core.errors import said, wants_json
from elearn.core.guards import requires, signed_in
from elearn.core.i18n import gettext
from elearn.core.types import MARK_SCALE
from elearn.lib.errors import InvalidInput, NotFound
from elearn.members.rules.permissions import Subject, may

ONE = "/judging/<int(max=2147483647):round_id>"
PART = f"{ONE}/parts/<int(max=2147483647):number>"


@blueprint.get("/judging")
@signed_in
def judging() -> str:
    """Rounds that the reader judges."""
    return render_template("contests/judging.html", rounds=judges.list_judged(current_user.member_id), now=clock.now())


def _staged(round_id: int, permission: str) -> Round:
    found = judges.access_judged(current_user.actor, round_id, permission)
    if found.kind != "stage":
        raise NotFound()
    return found


def _may_chair(found: Round) -> bool:
    named = {one.member_id for one in judges.list_judges(found.id) if one.is_chair}
    return may(current_user.actor, "round.chair", Subject(found.contest.unit.path, named_ids=frozenset(named)))


@blueprint.get(ONE)
@requires("round.score")
def judge_stage(round_id: int) -> str:
    """The programme with the judge's own progress."""
    found = _staged(round_id, "round.score")
    own = stages.list_own_scores(current_user.member_id, found.id)
    # What is being judged stands above what is over.
    parts = sorted(stages.list_parts(found.id), key=lambda one: one.locked_at is not None)
    contestants = stages.list_contestants(found.id)
    return render_template(
        "contests/judge_stage.html",
        contest=found.contest,
        round=found,
        stage_parts=parts,
        contestants=contestants,
        done={
            (part.id, one.entry_id): sum((one.entry_id, criterion.id) in own for criterion in part.criteria)
            for part in parts
            for one in contestants
        },
        may_chair=_may_chair(found),
        is_open=clock.now() >= found.opens_at,
    )


@blueprint.route(f"{PART}/entries/<int(max=9223372036854775807):entry_id>", methods=["GET", "POST"])
@requires("round.score")
def score(round_id: int, number: int, entry_id: int) -> str | Response | tuple[str, int]:
    """One contestant in one part. Points are saved as they are typed, and by the button where no script runs."""
    found = _staged(round_id, "round.score")
    part = stages.access_part(found.id, number)
    contestants = stages.list_contestants(found.id)
    place = next((at for at, one in enumerate(contestants) if one.entry_id == entry_id), None)
    if place is None:
        raise NotFound()
    faults: dict[str, str] = {}
    typed: dict[str, str] = {}
    if request.method == "POST":
        typed = {name[7:]: value for name, value in request.form.items() if name.startswith("points-") and name[7:].isdecimal()}
        now = clock.now()
        try:
            services.give_scores(
                part.id, entry_id, current_user.member_id, {int(key): value for key, value in typed.items()},
                request.form.get("key", ""), now, request.form.get("reason", ""),
            )  # fmt: skip
        except InvalidInput as refusal:
            if wants_json():
                return jsonify(error=refusal.code, message=said(refusal), field=refusal.field), 400  # type: ignore[return-value]
            faults[refusal.field] = said(refusal)
        else:
            if wants_json():
                return jsonify(saved_at=show_clock(now))
            flash(gettext("Đã lưu lúc %(time)s.", time=show_clock(now)), "success")
            return redirect(request.path)
    page = _score_page(found, number, contestants, place, typed, faults)
    return (page, 400) if faults else page


def _score_page(found: Round, number: int, contestants: Any, place: int, typed: dict[str, str], faults: dict[str, str]) -> str:
    part = stages.access_part(found.id, number)
    contestant: StageContestant = contestants[place]
    own = stages.list_own_scores(current_user.member_id, found.id)
    given = {one.id: own.get((contestant.entry_id, one.id)) for one in part.criteria}
    return render_template(
        "contests/score.html",
        contest=found.contest,
        round=found,
        part=part,
        contestant=contestant,
        place=place + 1,
        total=len(contestants),
        before=contestants[place - 1] if place else None,
        after=contestants[place + 1] if place + 1 < len(contestants) else None,
        given=given,
        typed=typed,
        faults=faults,
        key=secrets.token_hex(8),
        is_open=clock.now() >= found.opens_at,
    )


@blueprint.get(f"{ONE}/chair")
@requires("round.chair")
def chair(round_id: int) -> str:
    """Every judge's points by part, what is missing, and the buttons that lock, reopen and release."""
    found = _staged(round_id, "round.chair")
    parts = stages.list_parts(found.id)
    return render_template(
        "contests/chair.html",
        contest=found.contest,
        round=found,
        stage_parts=[_chaired(found, one) for one in parts],
        judges=judges.list_judges(found.id),
        contestants=stages.list_contestants(found.id),
        running=stages.running_total(found, only_released=False) if parts else [],
    )


def _chaired(found: Round, part: StagePart) -> dict[str, Any]:
    """A part as the chair sees it: `points` by entry and judge summed over the criteria, `marks` by entry in ten-millionths."""
    scores = stages.list_scores_of(part)
    points: dict[int, dict[int, Any]] = {}
    marks: dict[int, int] = {}
    for entry_id, by_criterion in scores.items():
        sums: dict[int, Any] = {}
        for by_judge in by_criterion.values():
            for judge_id, given in by_judge.items():
                sums[judge_id] = sums.get(judge_id, 0) + given
        points[entry_id] = sums
        whole = {key: [int(one * MARK_SCALE) for one in by_judge.values()] for key, by_judge in by_criterion.items()}
        marks[entry_id] = mark_of_part(stages.rule_of(part), whole, found.own_rules.leaves_out_extremes)
    return {
        "part": part, "points": points, "marks": marks, "missing": stages.missing_in(part), "changes": stages.list_changes(part),
    }  # fmt: skip


def _decide(round_id: int, number: int, what: str) -> Response:
    found = _staged(round_id, "round.chair")
    part = stages.access_part(found.id, number)
    part_id, title = part.id, part.title
    back = url_for("contests.chair", round_id=round_id, _anchor=f"part-{number}")

    def do() -> str:
        by, now = current_user.named, clock.now()
        if what == "lock":
            services.lock_part(part_id, by, now)
            return gettext("Đã khoá điểm phần %(part)s.", part=title)
        if what == "reopen":
            services.reopen_part(part_id, request.form.get("reason", ""), by, now)
            return gettext("Đã mở lại phần %(part)s. Giám khảo sửa điểm phải ghi lý do.", part=title)
        services.release_part(part_id, what == "release", by, now)
        if what == "release":
            return gettext("Điểm phần %(part)s đã lên màn chiếu.", part=title)
        return gettext("Điểm phần %(part)s không còn trên màn chiếu.", part=title)

    return done(do, back)


@blueprint.post(f"{PART}/lock")
@requires("round.chair")
def lock_part(round_id: int, number: int) -> Response:
    return _decide(round_id, number, "lock")


@blueprint.post(f"{PART}/reopen")
@requires("round.chair")
def reopen_part(round_id: int, number: int) -> Response:
    return _decide(round_id, number, "reopen")


@blueprint.post(f"{PART}/release")
@requires("round.chair")
def release_part(round_id: int, number: int) -> Response:
    return _decide(round_id, number, "release")


@blueprint.post(f"{PART}/hide")
@requires("round.chair")
def hide_part(round_id: int, number: int) -> Response:
    return _decide(round_id, number, "hide")
