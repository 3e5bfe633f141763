"""Officers' pages of quizzes: the list, one quiz, and its steps from draft to archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import segno
from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from elearn.core import clock
from elearn.core.display import show_number
from elearn.core.errors import said
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.core.markdown import render
from elearn.core.pages import page_number
from elearn.lib.errors import DomainError, NotFound
from elearn.lib.periods import local_day
from elearn.questions.rules.levels import LEVELS
from elearn.quizzes.models import Quiz
from elearn.quizzes.queries import managing
from elearn.quizzes.queries.attempts import find_way_back
from elearn.quizzes.rules import wording
from elearn.quizzes.rules.blueprints import check_list, is_ready, total_mark
from elearn.quizzes.rules.timeline import Said
from elearn.quizzes.services import editing
from elearn.quizzes.views import blueprint

TABS = (
    ("show", "Tổng quan", "quiz.view", ""),
    ("attempts", "Lượt làm", "quiz.view", "attempts"),
    ("late", "Gửi muộn", "quiz.manage", "late"),
    ("allowances", "Gia hạn", "quiz.manage", ""),
    ("papers", "In đề", "quiz.preview", ""),
    ("statistics", "Số liệu", "quiz.analyse", ""),
    ("corrections", "Sửa đáp án", "quiz.repair", ""),
)
"""Pages of a quiz: endpoint, name, permission, the figure shown beside."""
Deed = Callable[[int, tuple[int, str], datetime], Any]
DEEDS: dict[str, tuple[Deed, str]] = {
    "publish": (editing.publish_quiz, "Đã công bố bài. Người làm thấy bài khi đến giờ mở."),
    "unpublish": (editing.unpublish_quiz, "Đã đưa bài về bản nháp. Sửa xong thì công bố lại."),
    "archive": (editing.archive_quiz, "Đã lưu trữ bài. Kết quả được giữ nguyên."),
    "restore": (editing.restore_quiz, "Đã lấy bài ra khỏi kho lưu trữ."),
}


def say(told: Said) -> str:
    """A source message in the reader's language, its figures as that language writes them."""
    values = {name: show_number(value) if isinstance(value, int | Decimal) else value for name, value in told.values.items()}
    return gettext(told.message, **values)


def tabs_of(quiz: Quiz, here: str, now: datetime) -> list[dict[str, Any]]:
    """The pages of a quiz that the reader may open."""
    tally = managing.tallies_of([quiz.id], now)[quiz.id]
    counts = {"attempts": tally.begun, "late": tally.late}
    return [
        {
            "label": gettext(name),
            "url": url_for(f"quizzes.{endpoint}", code=quiz.code),
            "active": endpoint == here,
            "count": counts.get(figure) if figure else None,
        }
        for endpoint, name, permission, figure in TABS
        if f"quizzes.{endpoint}" in current_app.view_functions
        and managing.may_do(current_user.actor, quiz, permission)
        and (figure != "late" or counts["late"] or endpoint == here)
    ]


@blueprint.get("/admin/quizzes")
@requires("quiz.view")
def overview() -> str:
    words, state, now = request.args.get("q", "").replace("\0", ""), request.args.get("state", "current"), clock.now()
    page = managing.page_of_quizzes(current_user.actor, words, state, now, page_number())
    return render_template(
        "quizzes/admin/overview.html", page=page, tallies=managing.tallies_of([quiz.id for quiz in page.items], now), words=words,
        state=state, now=now,
    )  # fmt: skip


@blueprint.get("/admin/quizzes/<code>")
@requires("quiz.view")
def show(code: str) -> str:
    quiz, now = managing.access_by_code(current_user.actor, code), clock.now()
    facts, tally = managing.facts_of(quiz, now), managing.tallies_of([quiz.id], now)[quiz.id]
    findings = check_list(facts, now)
    return render_template(
        "quizzes/admin/show.html",
        quiz=quiz,
        tabs_here=tabs_of(quiz, "show", now),
        now=now,
        tally=tally,
        findings=[(finding.severity, say(finding.said)) for finding in findings],
        is_ready=is_ready(findings),
        rows=list(zip(quiz.blueprint, facts.parts, strict=True)),
        total=total_mark(facts.parts),
        banks={bank.id: bank for bank in managing.banks_of(quiz.blueprint)},
        categories=managing.category_paths(quiz.blueprint),
        chosen=managing.chosen_questions(part["question"] for part in quiz.blueprint if "question" in part),
        tag_names=managing.tag_names(quiz.blueprint),
        levels=LEVELS,
        may_manage=managing.may_do(current_user.actor, quiz, "quiz.manage"),
        may_preview=managing.may_do(current_user.actor, quiz, "quiz.preview"),
        is_own=quiz.made_by_id is not None,
        is_sat=bool(tally.begun),
        place_url=find_way_back(quiz.id, current_user.member_id) if quiz.made_by_id is None else None,
        qr=qr_of(quiz),
        address=url_for("quizzes.front", code=quiz.code, _external=True),
        terms=terms_of(quiz),
        intro=Markup(render(quiz.intro)),  # noqa: S704 - sanitised by render
    )


def qr_of(quiz: Quiz) -> Markup | None:
    """The address by which the quiz is joined, as a picture to scan; None where it needs no code."""
    if quiz.join_code is None:
        return None
    address = url_for("quizzes.join", code=quiz.join_code, _external=True)
    return Markup(segno.make(address, error="m", micro=False).svg_inline(border=0, omitsize=True))  # noqa: S704 - drawn by segno


def terms_of(quiz: Quiz) -> dict[str, Any]:
    """The settings in words, for officers and takers alike."""
    return {
        "counted": gettext(wording.COUNTED[quiz.counted]),
        "navigation": gettext(wording.NAVIGATION[quiz.navigation]),
        "late": say(wording.late_said(quiz)),
        "review": [_shown_when(*one) for one in wording.review_said(quiz)],
        "preset": gettext(wording.PRESETS[quiz.review][0]) if quiz.review in wording.PRESETS else gettext("Đặt riêng"),
        "certainty": gettext(wording.CERTAINTY),
    }


def _shown_when(how: str, moment: str, things: list[str]) -> str:
    """One sentence of what is shown when."""
    values = {"moment": gettext(moment), "things": ", ".join(gettext(thing) for thing in things)}
    if how == "adds":
        return gettext("%(moment)s có thêm: %(things)s.", **values)
    if how == "keeps":
        return (
            gettext("%(moment)s chỉ còn: %(things)s.", **values)
            if things
            else gettext("%(moment)s không còn xem được gì thêm.", **values)
        )
    return gettext("%(moment)s: %(things)s.", **values)


@blueprint.route("/admin/quizzes/<code>/steps/<deed>", methods=["GET", "POST"])
@requires("quiz.manage")
def step(code: str, deed: str) -> str | Response:
    """Publish, take back, archive or restore a quiz, after a look at what that means."""
    quiz, now = managing.access_by_code(current_user.actor, code, "quiz.manage"), clock.now()
    if deed not in DEEDS:
        raise NotFound()
    back = url_for("quizzes.show", code=code)
    if request.method == "POST":
        do, done = DEEDS[deed]
        try:
            do(quiz.id, current_user.named, now)
        except DomainError as refusal:
            flash(said(refusal), "warning")
        else:
            flash(gettext(done), "success")
        return redirect(back)
    findings = managing.check_list_of(quiz, now)
    if deed == "publish" and not is_ready(findings):
        flash(gettext("Bài chưa công bố được. Hãy xem bảng kiểm và sửa những chỗ phải sửa."), "warning")
        return redirect(back)
    return render_template(
        "quizzes/admin/step.html", quiz=quiz, deed=deed, back=back, tally=managing.tallies_of([quiz.id], now)[quiz.id],
        warnings=[say(finding.said) for finding in findings if finding.severity == "warn"], total=total_mark(managing.parts_of(quiz, local_day(now))),
    )  # fmt: skip


@blueprint.post("/admin/quizzes/<code>/copy")
@requires("quiz.manage")
def copy(code: str) -> Response:
    quiz = managing.access_by_code(current_user.actor, code, "quiz.manage")
    made = editing.duplicate_quiz(quiz.id, current_user.named, clock.now())
    flash(gettext("Đã nhân bản thành bản nháp mới. Hãy đặt lại tên và giờ."), "success")
    return redirect(url_for("quizzes.edit", code=made))
