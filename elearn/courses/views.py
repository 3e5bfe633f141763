"""The catalogue, a course, its lessons, and the way to its quiz."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from elearn.core import clock
from elearn.core.guards import signed_in
from elearn.core.i18n import gettext
from elearn.courses import queries, services
from elearn.courses.models import Lesson
from elearn.courses.queries import CourseView
from elearn.lib.errors import InvalidInput, NotFound
from elearn.lib.periods import local_day
from elearn.library.queries import is_in_force, list_attached, list_by_keys

blueprint = Blueprint("courses", __name__, template_folder="templates")


@blueprint.get("/courses")
@signed_in
def catalogue() -> str:
    return render_template("courses/catalogue.html", rows=queries.list_catalogue(current_user.actor))


def _view(code: str) -> CourseView:
    return queries.view_course(current_user.member_id, queries.access_course(current_user.actor, code))


def _before(view: CourseView, number: int, part: int) -> str:
    """Address of the part before this one: the course itself before the very first."""
    code = view.course.code
    if part > 1:
        return url_for("courses.lesson", code=code, number=number, part=part - 1)
    if number > 1:
        return url_for("courses.lesson", code=code, number=number - 1, part=len(view.edition.lessons[number - 2].parts))
    return url_for("courses.show", code=code)


def _lesson(view: CourseView, number: int) -> Lesson:
    if not 1 <= number <= len(view.edition.lessons):
        raise NotFound()
    return view.edition.lessons[number - 1]


@blueprint.get("/courses/<code>")
@signed_in
def show(code: str) -> str:
    view = _view(code)
    keys = list(dict.fromkeys(key for lesson in view.edition.lessons for key in lesson.sources))
    return render_template(
        "courses/show.html",
        view=view,
        documents=list_by_keys(keys),
        attached=list_attached(current_user.actor, "course", view.course.id),
        is_in_force=is_in_force,
        today=local_day(clock.now()),
    )


@blueprint.post("/courses/<code>/start")
@signed_in
def start(code: str) -> AnyResponse:
    """ "Bắt đầu học": from now on the course counts as begun. Doing it again only leads on."""
    view = _view(code)
    services.start_course(current_user.member_id, view.edition.id, clock.now())
    step = view.step
    return redirect(url_for("courses.lesson", code=code, number=step.lesson or 1, part=step.part))


@blueprint.get("/courses/<code>/lessons/<int:number>")
@signed_in
def lesson(code: str, number: int) -> str | AnyResponse:
    view = _view(code)
    found = _lesson(view, number)
    progress = queries.find_progress(view.taking, found)
    asked = request.args.get("part", "")
    if not asked:
        return redirect(url_for("courses.lesson", code=code, number=number, part=progress.part if progress else 1))
    if not asked.isdigit() or len(asked) > 3 or not 1 <= int(asked) <= len(found.parts):
        raise NotFound()
    part = int(asked)
    offset = progress.offset_permille if progress and progress.part == part else 0
    return render_template(
        "courses/lesson.html", view=view, lesson=found, part=part, state=view.states[number - 1], offset=offset,
        previous=_before(view, number, part), cited=queries.cited_in(found, part), is_in_force=is_in_force, today=local_day(clock.now()),
    )  # fmt: skip


@blueprint.post("/courses/<code>/lessons/<int:number>/parts/<int:part>/done")
@signed_in
def finish_part(code: str, number: int, part: int) -> AnyResponse:
    """ "Tiếp tục": the part was read to its end; on to the next part, or back to the course, which says what comes next."""
    view = _view(code)
    found = _lesson(view, number)
    services.finish_part(current_user.member_id, found.id, part, clock.now())
    if part < len(found.parts):
        return redirect(url_for("courses.lesson", code=code, number=number, part=part + 1))
    flash(gettext("Đã đọc xong “%(title)s”.", title=found.title), "success")
    return redirect(url_for("courses.show", code=code))


@blueprint.post("/courses/<code>/lessons/<int:number>/position")
@signed_in
def note_position(code: str, number: int) -> Response:
    found = _lesson(_view(code), number)
    body = request.get_json(silent=True)
    part, offset = (body.get("part"), body.get("offset")) if isinstance(body, dict) else (None, None)
    if not isinstance(part, int) or not isinstance(offset, int) or isinstance(part, bool) or isinstance(offset, bool):
        raise InvalidInput("bad_json", "Yêu cầu không đúng dạng.")
    services.note_position(current_user.member_id, found.id, part, offset, clock.now())
    return jsonify(saved=True)


@blueprint.post("/courses/<code>/quiz")
@signed_in
def start_quiz(code: str) -> AnyResponse:
    view = _view(code)
    attempt_id = services.start_quiz(current_user.member_id, current_user.unit_id, view.edition, clock.now())
    return redirect(url_for("quizzes.sit", attempt_id=attempt_id))


@blueprint.post("/courses/<code>/edition")
@signed_in
def switch_edition(code: str) -> AnyResponse:
    view = _view(code)
    if view.newer is not None:
        services.switch_edition(current_user.member_id, view.newer.id, clock.now())
        flash(gettext("Bạn đang học bản mới. Bài không thay đổi vẫn được tính là đã đọc."), "success")
    return redirect(url_for("courses.show", code=code))
