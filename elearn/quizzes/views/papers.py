"""Papers of a quiz looked at as a taker sees them, and printed. Nothing of it is stored."""

from __future__ import annotations

import json
import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Response as FlaskResponse
from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from elearn.audit.services import note_export
from elearn.config import Config
from elearn.core import clock
from elearn.core.display import show_clock
from elearn.core.errors import said
from elearn.core.exports.excel import MIME as EXCEL
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.jobs.queries import access_job
from elearn.jobs.views import begin
from elearn.lib.errors import DomainError, NotFound
from elearn.lib.periods import local, local_day
from elearn.library.queries import is_in_force
from elearn.quizzes.forms.printing import PrintForm, first_values
from elearn.quizzes.models import Quiz
from elearn.quizzes.queries import managing
from elearn.quizzes.queries.previewing import marked_preview, preview_of
from elearn.quizzes.rules.grading import is_passed
from elearn.quizzes.rules.review import ALL
from elearn.quizzes.rules.sheets import DIRECTLY, fingerprint
from elearn.quizzes.services import preview_paper, printing
from elearn.quizzes.views import blueprint
from elearn.quizzes.views.admin import tabs_of
from elearn.units.queries import find_unit

SEED = re.compile("(?:[0-9a-f]{2}){4,32}")
LONGEST_RESPONSES = 400_000
MIMES = {"pdf": "application/pdf", "xlsx": EXCEL, "zip": "application/zip"}


def _seed() -> str:
    asked = request.args.get("seed", "").lower()
    return asked if SEED.fullmatch(asked) else ""


@blueprint.get("/admin/quizzes/<code>/preview")
@requires("quiz.preview")
def preview(code: str) -> str | Response:
    """The sitting page of a paper that nobody sits; the same seed shows the same paper as long as the banks stay as they are."""
    quiz, now = managing.access_by_code(current_user.actor, code, "quiz.preview"), clock.now()
    seed = _seed()
    if not seed:
        return redirect(url_for("quizzes.preview", code=code, seed=secrets.token_hex(4)))
    try:
        paper = preview_paper(quiz, seed, now)
    except DomainError as refusal:
        flash(said(refusal), "warning")
        return redirect(url_for("quizzes.show", code=code))
    deadline = now + timedelta(seconds=quiz.time_limit_seconds)
    place = {
        "number": "1", "attempt_limit": str(quiz.attempt_limit), "member_name": current_user.display_name, "deadline": show_clock(deadline),
        "paper": preview_of(quiz, paper, now, deadline), "csrf": generate_csrf(),
    }  # fmt: skip
    again = url_for("quizzes.preview", code=code, seed=secrets.token_hex(4))
    urls = {
        "preview_result": url_for("quizzes.preview_result", code=code, seed=seed, of=fingerprint(paper)),
        "result": url_for("quizzes.show", code=code),
    }
    return render_template(
        "quizzes/sit.html", quiz=quiz, place=place, urls=urls,
        preview={"seed": seed, "again": again, "back": url_for("quizzes.show", code=code)},
    )  # fmt: skip


@blueprint.post("/admin/quizzes/<code>/preview")
@requires("quiz.preview")
def preview_result(code: str) -> str | Response:
    """How the answers given in a preview would be marked, with everything that could ever be shown; nothing is kept."""
    quiz, now = managing.access_by_code(current_user.actor, code, "quiz.preview"), clock.now()
    seed = _seed()
    if not seed:
        raise NotFound()
    paper = preview_paper(quiz, seed, now)
    if request.args.get("of") != fingerprint(paper):
        flash(gettext("Ngân hàng câu hỏi vừa thay đổi nên đề của số này đã khác. Hãy xem thử lại."), "warning")
        return redirect(url_for("quizzes.preview", code=code, seed=seed))
    marks, answers = marked_preview(quiz, paper, _sent("responses"), _sent("certainties"))
    return render_template(
        "quizzes/admin/preview_result.html",
        quiz=quiz,
        seed=seed,
        marks=marks,
        is_passed=None if marks.is_pending else is_passed(marks.total, marks.max_total, quiz.pass_percent),
        answers=answers,
        shows=ALL,
        sections=quiz.sections if quiz.sections and len(quiz.sections) > 1 else [],
        again=url_for("quizzes.preview", code=code, seed=secrets.token_hex(4)),
        is_in_force=is_in_force,
        today=local_day(now),
    )


def _sent(name: str) -> dict[int, Any]:
    """A field that holds JSON by slot; nothing of what is malformed."""
    text = request.form.get(name, "")
    try:
        told = json.loads(text) if len(text) <= LONGEST_RESPONSES else None
    except (ValueError, RecursionError):
        return {}
    if not isinstance(told, dict):
        return {}
    return {int(slot): value for slot, value in told.items() if slot.isascii() and slot.isdigit() and len(slot) < 5}


@blueprint.route("/admin/quizzes/<code>/papers", methods=["GET", "POST"])
@requires("quiz.preview")
def papers(code: str) -> str | Response | tuple[str, int]:
    """Order papers under several codes; few are made at once, many in the background."""
    quiz, now = managing.access_by_code(current_user.actor, code, "quiz.preview"), clock.now()
    may_key = managing.may_do(current_user.actor, quiz, "quiz.manage")
    above = find_unit(quiz.unit.parent_id) if quiz.unit.parent_id else None
    form = PrintForm(data=first_values(quiz, above, local_day(now), _proposed(quiz, now)))
    if form.validate_on_submit():
        output = request.form.get("do", "papers")
        if output not in printing.OUTPUTS:
            raise NotFound()
        if output in printing.WITH_KEY:
            managing.access_by_code(current_user.actor, code, "quiz.manage")
        try:
            return _made(quiz, output, form.order(), now)
        except DomainError as refusal:
            flash(said(refusal), "warning")
            return redirect(url_for("quizzes.show", code=code))
    page = render_template(
        "quizzes/admin/papers.html",
        quiz=quiz,
        form=form,
        tabs_here=tabs_of(quiz, "papers", now),
        may_key=may_key,
        now=now,
        directly=DIRECTLY,
    )
    return page, 400 if request.method == "POST" else 200


def _proposed(quiz: Quiz, now: datetime) -> dict[str, str]:
    """Lines of the head that are proposed in words; Vietnamese, as papers are."""
    day, minutes = local(now), round(quiz.time_limit_seconds / 60)
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    place = (quiz.unit.short_name or quiz.unit.name)[:60]
    note = "Trả lời sai bị trừ điểm; bỏ trống không bị trừ." if quiz.wrong_penalty is not None else ""
    return {
        "place": f"{place}, ngày {day.day:02} tháng {month} năm {day.year}",
        "title": "Đề kiểm tra",
        "duration": f"Thời gian làm bài: {minutes} phút, không kể thời gian phát đề",
        "note": note,
    }


def _made(quiz: Quiz, output: str, order: printing.Order, now: datetime) -> Response:
    quiz_id, title, code = quiz.id, quiz.title, quiz.code
    what = {"list": "key" if output in printing.WITH_KEY else "papers", "output": output, "seed": order.seed}
    if len(order.codes) <= DIRECTLY:
        content = printing.make_file(output, quiz, order, now)
        note_export(current_user.named, ("quiz", quiz_id, title), len(order.codes), what, now)
        return _file(content, output, len(order.codes), title)
    note_export(current_user.named, ("quiz", quiz_id, title), len(order.codes), what, now)
    arguments: dict[str, object] = {
        "quiz": quiz_id, "output": output, "order": printing.order_told(order),
        "file": f"papers-{secrets.token_urlsafe(16)}.{printing.ending_of(output, len(order.codes))}",
    }  # fmt: skip
    job_id = begin("quiz_papers", gettext("In đề: %(title)s", title=title), arguments, current_user.member_id)
    return redirect(url_for("jobs.show", job_id=job_id, next=url_for("quizzes.papers_ready", code=code, job_id=job_id)))


def _file(content: bytes, output: str, count: int, title: str) -> Response:
    names = {
        "papers": gettext("Đề %(title)s", title=title), "sheets": gettext("Phiếu trả lời %(title)s", title=title),
        "key": gettext("Đáp án %(title)s", title=title), "excel": gettext("Đáp án %(title)s", title=title),
        "all": gettext("Đề và đáp án %(title)s", title=title),
    }  # fmt: skip
    ending = printing.ending_of(output, count)
    answer = FlaskResponse(content, mimetype=MIMES[ending], headers={"Cache-Control": "no-store"})
    answer.headers.set("Content-Disposition", "attachment", filename=f"{names[output]}.{ending}")
    return answer


@blueprint.get("/admin/quizzes/<code>/papers/ready/<job_id>")
@requires("quiz.preview")
def papers_ready(code: str, job_id: str) -> str:
    """Where papers that were made in the background are fetched."""
    quiz, job = managing.access_by_code(current_user.actor, code, "quiz.preview"), access_job(current_user.member_id, job_id)
    return render_template("quizzes/admin/papers_ready.html", quiz=quiz, job=job)


@blueprint.get("/admin/quizzes/<code>/papers/ready/<job_id>/file")
@requires("quiz.preview")
def papers_file(code: str, job_id: str) -> Response:
    """The file, for its owner and for an hour."""
    quiz, job = managing.access_by_code(current_user.actor, code, "quiz.preview"), access_job(current_user.member_id, job_id)
    config: Config = current_app.config["ELEARN"]
    folder, told = config.data_path / "files", job.arguments
    printing.drop_old_files(folder)
    is_late = job.finished_at is None or clock.now() - job.finished_at > printing.KEPT
    if job.kind != "quiz_papers" or job.state != "done" or is_late or told.get("quiz") != quiz.id:
        raise NotFound()
    if told["output"] in printing.WITH_KEY:
        managing.access_by_code(current_user.actor, code, "quiz.manage")
    path = folder / told["file"]
    if not path.is_file():
        raise NotFound()
    return _file(path.read_bytes(), told["output"], len(told["order"]["codes"]), quiz.title)
