"""Attempts of a quiz for its officers, and the answers that came too late."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.audit.services import note_export
from elearn.core import clock
from elearn.core.errors import said
from elearn.core.exports.excel import excel_answer
from elearn.core.guards import requires
from elearn.core.i18n import gettext, ngettext
from elearn.core.pages import page_number
from elearn.lib.errors import DomainError, NotFound
from elearn.members.rules.permissions import Subject, may
from elearn.quizzes import services
from elearn.quizzes.forms.granting import LateForm
from elearn.quizzes.models import Quiz
from elearn.quizzes.queries import late_waiting, managing, overseeing
from elearn.quizzes.queries.overseeing import AttemptLine, Narrowed
from elearn.quizzes.queries.timelines import words_in
from elearn.quizzes.rules.attempts import unwrap
from elearn.quizzes.services.listing import attempts_workbook
from elearn.quizzes.views import blueprint
from elearn.quizzes.views.admin import tabs_of
from elearn.units.queries import find_unit

Answer = str | Response | tuple[str, int]


def _narrowed(quiz: Quiz) -> Narrowed:
    wanted = request.args.get("unit", "")
    unit = find_unit(int(wanted)) if wanted.isdecimal() and len(wanted) < 10 else None
    words, state = request.args.get("q", "").replace("\0", ""), request.args.get("state", "")
    return Narrowed(words, state, unit, overseeing.scope_of(current_user.actor, quiz))


@blueprint.get("/admin/quizzes/<code>/attempts")
@requires("quiz.view")
def attempts(code: str) -> str:
    quiz, now = managing.access_by_code(current_user.actor, code), clock.now()
    narrowed = _narrowed(quiz)
    return render_template(
        "quizzes/admin/attempts.html",
        quiz=quiz,
        tabs_here=tabs_of(quiz, "attempts", now),
        page=overseeing.page_of_attempts(quiz.id, narrowed, page_number()),
        tally=managing.tallies_of([quiz.id], now)[quiz.id],
        units=overseeing.units_of_attempts(quiz.id, narrowed.paths),
        words=narrowed.words,
        state=narrowed.state,
        unit=narrowed.unit,
        may_open=_may_open,
        may_manage=managing.may_do(current_user.actor, quiz, "quiz.manage"),
        now=now,
    )


def _may_open(line: AttemptLine) -> bool:
    """Whether the reader may look into the attempt itself."""
    return may(current_user.actor, "attempt.view", Subject(line.unit_path, line.member_id))


@blueprint.post("/admin/quizzes/<code>/attempts/finish")
@requires("quiz.manage")
def finish_attempts(code: str) -> Response:
    """Submit what time has ended and whose takers have not come back."""
    quiz = managing.access_by_code(current_user.actor, code, "quiz.manage")
    count = services.finish_overdue(quiz.id, clock.now())
    told = ngettext("Đã chốt %(num)s lượt hết giờ.", "Đã chốt %(num)s lượt hết giờ.", count)
    flash(told if count else gettext("Không có lượt nào cần chốt."), "success")
    return redirect(url_for("quizzes.attempts", code=code))


@blueprint.get("/admin/quizzes/<code>/attempts.xlsx")
@requires("quiz.view")
def attempts_excel(code: str) -> Response:
    quiz, now = managing.access_by_code(current_user.actor, code), clock.now()
    narrowed = _narrowed(quiz)
    lines = overseeing.list_attempts(quiz.id, narrowed)
    title, quiz_id = quiz.title, quiz.id
    content = attempts_workbook(quiz, lines, now)
    told = {"list": "attempts", "q": narrowed.words, "state": narrowed.state, "unit": narrowed.unit.name if narrowed.unit else ""}
    note_export(current_user.named, ("quiz", quiz_id, title), len(lines), told, now)
    return excel_answer(content, gettext("Lượt làm %(title)s", title=title))


@blueprint.route("/admin/quizzes/<code>/late", methods=["GET", "POST"])
@requires("quiz.manage")
def late(code: str) -> Answer:
    """Answers that came after their time: each with what the page said of it, to be taken or left, with a reason."""
    quiz, now = managing.access_by_code(current_user.actor, code, "quiz.manage"), clock.now()
    waiting, form = late_waiting(quiz.id), LateForm()
    known = {one.id for rows in waiting.values() for one in rows}
    ticked = [int(one) for one in request.form.getlist("late") if one.isdecimal() and len(one) < 19]
    error = ""
    if form.validate_on_submit():
        if not set(ticked) <= known:
            raise NotFound()
        if not ticked:
            error = gettext("Chưa chọn câu trả lời nào. Hãy đánh dấu rồi bấm lại.")
        else:
            return _decided(code, ticked, form.reason.data or "")
    people = overseeing.people_of_attempts(list(waiting))
    page = render_template(
        "quizzes/admin/late.html",
        quiz=quiz,
        tabs_here=tabs_of(quiz, "late", now),
        form=form,
        error=error,
        ticked=set(ticked),
        groups=[
            (people[attempt_id], [(one, words_in(people[attempt_id])(one.slot, unwrap(one.response).response)) for one in rows])
            for attempt_id, rows in waiting.items()
        ],
        may_open=lambda attempt: may(current_user.actor, "attempt.view", Subject(attempt.unit.path, attempt.member_id)),
        now=now,
    )
    return page, 400 if request.method == "POST" else 200


def _decided(code: str, ticked: list[int], reason: str) -> Response:
    decide = services.accept_late if request.form.get("do") == "accept" else services.refuse_late
    try:
        count = decide(ticked, reason, current_user.named, clock.now())
    except DomainError as refusal:
        flash(said(refusal), "warning")
    else:
        if request.form.get("do") == "accept":
            told = ngettext(
                "Đã tính %(num)s câu trả lời gửi muộn; điểm được tính lại ngay.",
                "Đã tính %(num)s câu trả lời gửi muộn; điểm được tính lại ngay.",
                count,
            )
        else:
            told = ngettext(
                "Đã ghi là không tính %(num)s câu trả lời gửi muộn.", "Đã ghi là không tính %(num)s câu trả lời gửi muộn.", count
            )
        flash(told, "success")
    return redirect(url_for("quizzes.late", code=code))
