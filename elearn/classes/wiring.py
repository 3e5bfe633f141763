"""What classes offer to courses and to the first pages."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from elearn.classes.models import (
    Cohort,
    CohortStaff,
    Enrolment,
    LearnerMark,
    MarkChange,
    Nomination,
    NominationStep,
    Result,
    ResultAppeal,
    ResultChange,
)
from elearn.classes.queries import cohorts, learners, mine, nominations, results
from elearn.classes.services import essays, lapse_due
from elearn.core import clock
from elearn.core.contributions import Contributions, Decision, Task
from elearn.core.db import db
from elearn.core.display import show_date, show_number
from elearn.core.i18n import choose_locale, gettext
from elearn.courses import hooks
from elearn.marking import hooks as marking_hooks
from elearn.members import hooks as member_hooks
from elearn.members.rules.permissions import Actor
from elearn.submissions import hooks as submission_hooks
from elearn.submissions.models import AssignmentTarget

SOON = timedelta(days=7)
AHEAD = timedelta(days=14)
PASS_SECONDS = 60
MOST_DECISIONS = 5
NOMINATIONS = member_hooks.Carried(Nomination, "member_id", "Đề cử đi học", ("cohort_id",))
STAFF = member_hooks.Carried(CohortStaff, "member_id", "Lớp đã giảng hoặc làm cán sự")
ENROLMENTS = member_hooks.Carried(Enrolment, "member_id", "Lớp học", ("cohort_id",))


def wire(app: Flask) -> None:
    """A class decides which edition its learners read; its deadlines are tasks of learners and decisions of officers."""
    if cohorts.find_edition_for not in hooks.edition_choosers:
        hooks.edition_choosers.append(cohorts.find_edition_for)
    member_hooks.add(member_hooks.results, ENROLMENTS, NOMINATIONS, STAFF)
    member_hooks.add(member_hooks.erasers, erase_names)
    member_hooks.add(member_hooks.own_data, own_data)
    marking_hooks.owners[essays.ORIGIN] = owner_of_essay
    marking_hooks.after_marked[essays.ORIGIN] = essays.take_mark
    submission_hooks.origins[results.ESSAY] = page_of_cohort
    offered: Contributions = app.extensions["contributions"]
    offered.tasks += [tasks_of_learner, offered_places, classes_to_attend]
    offered.decisions += [decisions_of_officer, nominations_to_decide]
    app.extensions["class_passes"] = {"last": time.monotonic()}
    app.after_request(pass_by)


def owner_of_essay(target_id: int) -> int | None:
    """Whose essay a script is; never shown."""
    return db.session.scalar(select(AssignmentTarget.member_id).where(AssignmentTarget.id == target_id))


def page_of_cohort(cohort_id: int) -> submission_hooks.Origin | None:
    """The class that asks for an essay."""
    title = db.session.scalar(select(Cohort.title).where(Cohort.id == cohort_id))
    return submission_hooks.Origin(title, url_for("classes.show", cohort_id=cohort_id)) if title else None


def pass_by(response: Response) -> Response:
    """Once a minute and process, behind the answer to a request that only reads: offered places whose time has run out go to the next."""
    state = current_app.extensions["class_passes"]
    moment = time.monotonic()
    if request.method != "GET" or moment - state["last"] < PASS_SECONDS:
        return response
    state["last"] = moment
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    response.call_on_close(lambda: _lapse(app))
    return response


def _lapse(app: Flask) -> None:
    """What passing by does; a failure is written into the log of the server and harms no request."""
    with app.app_context():
        try:
            lapse_due(clock.now())
        except Exception:
            app.logger.exception("offered places were not looked through")


def offered_places(actor: Actor, now: datetime) -> list[Task]:
    """Places in classes that wait for a person's answer."""
    return [
        Task(
            gettext("Nhận chỗ: %(title)s", title=cohort.title), gettext("Bạn được gọi từ danh sách chờ"), gettext("Trả lời"),
            url_for("classes.my_class", cohort_id=cohort.id), one.offered_until,
        )
        for one, cohort in nominations.list_offers(actor.member_id, now)
    ]  # fmt: skip


def classes_to_attend(actor: Actor, now: datetime) -> list[Task]:
    """Classes with sessions to go to: those that begin soon, and those under way."""
    found = []
    for cohort in mine.list_to_attend(actor.member_id, now, now + AHEAD):
        is_on = cohort.starts_at <= now
        note = gettext("Đang học, đến hết ngày %(day)s", day=show_date(cohort.due_at)) if is_on else ""
        title, url = gettext("Dự lớp: %(title)s", title=cohort.title), url_for("classes.my_class", cohort_id=cohort.id)
        found.append(Task(title, cohort.place, gettext("Xem lớp"), url, None if is_on else cohort.starts_at, note=note))
    return found


def nominations_to_decide(actor: Actor, now: datetime) -> list[Decision]:
    """Lists to confirm, people to approve, quotas not used up."""
    found = []
    for lists in _by_class(nominations.list_confirmations(actor)):
        one, people = lists[0], sum(each.waiting for each in lists)
        url = (
            url_for("classes.confirm", cohort_id=one.cohort_id, unit_id=one.unit_id)
            if len(lists) == 1
            else url_for("classes.calls")
        )
        title = gettext("%(n)s đề cử chờ xác nhận", n=show_number(people))
        found.append(Decision(title, _whose(lists), gettext("Xác nhận"), url, one.nominate_until))
    for cohort_id, name, people in nominations.list_to_approve(actor, MOST_DECISIONS):
        title = gettext("%(n)s người được đề cử chờ duyệt", n=show_number(people))
        found.append(Decision(title, name, gettext("Duyệt đề cử"), url_for("classes.approve", cohort_id=cohort_id)))
    for cohort_id, name, people in results.list_waiting_appeals(actor, MOST_DECISIONS):
        title = gettext("%(n)s đề nghị xem lại kết quả", n=show_number(people))
        found.append(Decision(title, name, gettext("Xem và trả lời"), url_for("classes.appeals", cohort_id=cohort_id)))
    for lists in _by_class(nominations.list_unfilled(actor, now)):
        one, live, quota = lists[0], sum(each.live for each in lists), sum(each.quota for each in lists)
        url = (
            url_for("classes.nominate", cohort_id=one.cohort_id, unit_id=one.unit_id)
            if len(lists) == 1
            else url_for("classes.calls")
        )
        title = gettext("Cử người đi học: đã gửi %(live)s trên %(quota)s", live=show_number(live), quota=show_number(quota))
        found.append(Decision(title, _whose(lists), gettext("Cử người"), url, one.nominate_until))
    return found


def _by_class(calls: Sequence[nominations.Call]) -> list[list[nominations.Call]]:
    """Calls of one class together, the first few classes."""
    found: dict[int, list[nominations.Call]] = {}
    for one in calls:
        found.setdefault(one.cohort_id, []).append(one)
    return list(found.values())[:MOST_DECISIONS]


def _whose(calls: Sequence[nominations.Call]) -> str:
    """Whose lists of which class: the unit by name, several by their number."""
    if len(calls) == 1:
        return f"{calls[0].unit_name}, {calls[0].title}"
    return gettext("%(n)s đơn vị, %(title)s", n=show_number(len(calls)), title=calls[0].title)


def own_data(member_id: int) -> dict[str, Any]:
    """Classes of a person, for the export of their own data."""
    query = (
        select(Enrolment, Cohort.title, Result)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(Result, Result.enrolment_id == Enrolment.id)
        .where(Enrolment.member_id == member_id)
    )
    return {
        "classes": [
            {
                "title": title, "name": one.display_name, "unit": one.unit_name, "enrolled_at": one.enrolled_at.isoformat(),
                "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else None, "reason": one.withdrawn_reason,
                "result": result.grade if result else None, "mark": str(result.mark) if result and result.mark is not None else None,
                "appeals": [appeal.text for appeal in results.list_own_appeals(one.id)],
            }
            for one, title, result in db.session.execute(query.order_by(Enrolment.id))
        ],
        "nominations": [
            {
                "title": title, "name": one.display_name, "unit": one.unit_name, "state": one.state,
                "steps": [{"at": step.at.isoformat(), "state": step.after, "reason": step.reason} for step in steps],
            }
            for one, title, steps in nominations.list_own(member_id)
        ],
    }  # fmt: skip


def erase_names(session: Session, member_id: int, name: str) -> None:
    """Put another name into the lists of classes."""
    for model in (Enrolment, Nomination, CohortStaff):
        session.execute(update(model).where(model.member_id == member_id).values(display_name=name))
    for written, who, called in (
        (NominationStep, NominationStep.by_id, "by_name"), (LearnerMark, LearnerMark.set_by_id, "set_by_name"),
        (MarkChange, MarkChange.by_id, "by_name"), (Result, Result.decided_by_id, "decided_by_name"),
        (ResultChange, ResultChange.by_id, "by_name"), (ResultAppeal, ResultAppeal.answered_by_id, "answered_by_name"),
    ):  # fmt: skip
        session.execute(update(written).where(who == member_id).values({called: name}))
    own = select(Enrolment.id).where(Enrolment.member_id == member_id)
    session.execute(update(ResultAppeal).where(ResultAppeal.enrolment_id.in_(own)).values(text=""))


def course_url(code: str) -> str:
    """Address of a course's page."""
    return url_for("courses.show", code=code) if "courses.show" in current_app.view_functions else "/courses"


def tasks_of_learner(actor: Actor, now: datetime) -> list[Task]:
    """The courses that classes under way ask for, until they are completed."""
    found = []
    for one in cohorts.list_assignments(actor.member_id, now):
        course = one.course_title_en if choose_locale() == "en" and one.course_title_en else one.course_title
        has_begun = one.lessons_done > 0
        all_read = bool(one.lessons_total) and one.lessons_done >= one.lessons_total
        if all_read and not one.has_passed:
            note, action = gettext("Đã đọc đủ bài, còn bài kiểm tra cuối khoá"), gettext("Làm bài kiểm tra")
        else:
            note, action = "", gettext("Học tiếp") if has_begun else gettext("Bắt đầu học")
        found.append(
            Task(
                title=gettext("Học khoá: %(course)s", course=course),
                detail=one.cohort_title if one.cohort_title != one.course_title else "",
                action=action,
                url=course_url(one.course_code),
                due_at=one.due_at,
                done=one.lessons_done,
                total=one.lessons_total,
                unit=gettext("bài"),
                note=note,
            )
        )
    return found


def decisions_of_officer(actor: Actor, now: datetime) -> list[Decision]:
    """Classes whose deadline is near while people have not begun, and classes past their deadline that are still open."""
    due = cohorts.list_due(actor, now + SOON)
    tallies = learners.list_tallies([cohort.id for cohort in due])
    found = []
    for cohort in due:
        tally = tallies[cohort.id]
        if cohort.terms is not None and cohort.due_at <= now and cohort.results_at is None and tally.enrolled:
            detail = gettext("%(title)s, %(n)s học viên", title=cohort.title, n=show_number(tally.enrolled))
            url = url_for("classes.council", cohort_id=cohort.id)
            found.append(Decision(gettext("Lớp đã học xong, chưa xét kết quả"), detail, gettext("Xét kết quả"), url, cohort.due_at))
            continue
        if cohort.edition_id is None and cohort.due_at > now:
            continue
        done = gettext(
            "%(title)s. Đã xong %(done)s trên %(all)s người.",
            title=cohort.title, done=show_number(tally.completed), all=show_number(tally.enrolled),
        ) if cohort.edition_id else cohort.title  # fmt: skip
        if cohort.due_at <= now:
            title = gettext("Lớp đã đến hạn, chưa kết thúc")
            found.append(
                Decision(title, done, gettext("Xem và kết thúc"), url_for("classes.show", cohort_id=cohort.id), cohort.due_at)
            )
        elif tally.not_started:
            title = gettext("%(n)s người chưa học", n=show_number(tally.not_started))
            url = url_for("classes.show", cohort_id=cohort.id, state="not_started")
            found.append(Decision(title, done, gettext("Xem ai thiếu"), url, cohort.due_at))
    return found
