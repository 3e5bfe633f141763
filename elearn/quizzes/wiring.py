"""What quizzes tell features below, what they do in the background, and what they offer to the first pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Flask, current_app, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.core import clock
from elearn.core.contributions import Contributions, Decision, Task
from elearn.core.db import db
from elearn.core.i18n import gettext, ngettext
from elearn.jobs.hooks import Tell, works
from elearn.marking import hooks as marking
from elearn.members import hooks
from elearn.members.rules.permissions import Actor, may_anywhere
from elearn.questions import hooks as banks
from elearn.quizzes import hooks as own_hooks
from elearn.quizzes.models import Accommodation, Allowance, Attempt, QuestionReport, Quiz
from elearn.quizzes.queries import catalogue, list_accommodations, overseeing, repair, things_shown
from elearn.quizzes.queries.uses import usages_of
from elearn.quizzes.services import printing, take_given_mark
from elearn.quizzes.services.correcting import preview_correction
from elearn.quizzes.services.scripts import ORIGIN

ATTEMPTS = hooks.Carried(Attempt, "member_id", "Bài làm", ("quiz_id",))
ALLOWANCES = hooks.Carried(Allowance, "member_id", "Thời gian và lượt làm bài được thêm")
ACCOMMODATIONS = hooks.Carried(Accommodation, "member_id", "Điều kiện hỗ trợ khi làm bài")
REPORTS = hooks.Carried(QuestionReport, "member_id", "Câu hỏi đã báo có vấn đề")


def wire(app: Flask) -> None:
    """Attempts go over with their person, quiz by quiz, and are part of one's own data."""
    hooks.add(hooks.results, ATTEMPTS, ALLOWANCES, ACCOMMODATIONS, REPORTS)
    hooks.add(hooks.own_data, own_data)
    works["preview_correction"] = preview
    app.extensions["contributions"].decisions.append(decisions_of_officer)
    works.update(quiz_statistics=work_out_statistics)
    marking.owners[ORIGIN] = taker_of
    marking.after_marked[ORIGIN] = take_mark
    hooks.add(own_hooks.way_back, page_of_quiz)
    hooks.add(banks.uses, uses_of_questions)
    works.update(quiz_papers=print_papers)
    offered: Contributions = app.extensions["contributions"]
    offered.tasks.append(tasks_of_member)
    offered.decisions.append(late_to_decide)


def page_of_quiz(quiz_id: int, member_id: int) -> str | None:
    """Address of the front page of a quiz that stands alone; None for one that a course or contest keeps."""
    quiz = db.session.get(Quiz, quiz_id)
    return url_for("quizzes.front", code=quiz.code) if quiz and quiz.made_by_id is not None else None


def tasks_of_member(actor: Actor, now: datetime) -> list[Task]:
    """Open quizzes of which the member has no attempt that counts yet, or has seen that it failed and may try again."""
    standings = catalogue.standings_of(actor, catalogue.list_open_to(actor), now)
    return [_task(one) for one in standings if one.phase(now) == "current" and one.is_asked]


def _task(one: catalogue.Standing) -> Task:
    detail = gettext(
        "%(unit)s. %(count)s câu, %(minutes)s phút.", unit=one.quiz.unit.name, count=one.quiz.question_count,
        minutes=round(one.own_seconds / 60),
    )  # fmt: skip
    if one.attempts and not one.open_attempt:
        detail += " " + gettext("Đã làm %(done)s trên %(limit)s lượt.", done=len(one.attempts), limit=one.limit)
    due_at = one.open_attempt.deadline_at if one.open_attempt else one.closes_at
    return Task(
        title=gettext("Làm bài kiểm tra: %(title)s", title=one.quiz.title),
        detail=detail,
        action=gettext("Làm tiếp") if one.open_attempt else gettext("Vào bài"),
        url=url_for("quizzes.front", code=one.quiz.code),
        due_at=due_at,
    )


def late_to_decide(actor: Actor, now: datetime) -> list[Decision]:
    """Quizzes in the officer's care with answers that came too late and wait for a decision."""
    return [
        Decision(
            ngettext("%(num)s câu trả lời gửi muộn: %(title)s", "%(num)s câu trả lời gửi muộn: %(title)s", count, title=quiz.title),
            gettext("Được giữ riêng, chưa tính điểm. Người làm đang chờ biết có được tính hay không."),
            gettext("Xem và quyết định"),
            url_for("quizzes.late", code=quiz.code),
        )
        for quiz, count, _ in overseeing.quizzes_with_late(actor)
    ]


def print_papers(arguments: Any, tell: Tell) -> Any:
    """Make many papers in the background; run again it makes the same file."""
    quiz = db.session.get_one(Quiz, arguments["quiz"])
    order = printing.read_order(arguments["order"])
    content = printing.make_file(arguments["output"], quiz, order, clock.now(), tell)
    printing.keep_file(current_app.config["ELEARN"].data_path / "files", arguments["file"], content)
    return {"codes": len(order.codes)}


def uses_of_questions(question_ids: Sequence[int]) -> Mapping[int, Sequence[banks.Use]]:
    """Quizzes in which questions stand, for the pages of their banks."""
    now = clock.now()
    return {
        number: [
            banks.Use(
                title=f"{one.quiz.place}: {one.quiz.title}" if one.quiz.place else one.quiz.title,
                url=url_for("quizzes.show", code=one.quiz.code),
                detail=gettext("câu chọn sẵn") if one.is_chosen else gettext("rút từ ngân hàng"),
                is_live=one.is_live,
                attempts=one.attempts,
                version=one.version,
            )
            for one in told
        ]
        for number, told in usages_of(question_ids, now).items()
    }


def preview(arguments: dict[str, Any], tell: Tell) -> Any:
    """Background work: what a proposed correction would change."""
    return preview_correction(arguments["correction"], clock.now(), tell)


def decisions_of_officer(actor: Actor, now: datetime) -> list[Decision]:
    """Reported questions without an answer, and corrections that wait for a second person."""
    if not may_anywhere(actor, "quiz.repair"):
        return []
    found = [
        Decision(
            gettext("Xem việc sửa câu hỏi của “%(title)s”", title=one.quiz.title),
            gettext("%(name)s đề nghị; một người thứ hai phải xem và áp dụng.", name=one.made_by_name),
            gettext("Xem"),
            url_for("quizzes.correction", correction_id=one.id),
        )
        for one in repair.list_waiting_corrections(actor)
    ]
    waiting = repair.count_open_cases(actor)
    if waiting:
        title = ngettext("%(num)s câu hỏi bị báo, chờ quyết định", "%(num)s câu hỏi bị báo, chờ quyết định", waiting)
        found.append(
            Decision(
                title, gettext("Một quyết định trả lời mọi người đã báo câu đó."), gettext("Xem"), url_for("quizzes.case_list")
            )
        )
    return found


def work_out_statistics(arguments: Any, tell: Tell) -> Any:
    """The statistics of a quiz in the background; run again it replaces what was worked out before."""
    # numpy comes with it: only the worker needs that.
    from elearn.quizzes.services.analysing import analyse_quiz

    found = analyse_quiz(arguments["quiz"], arguments["which"], clock.now(), tell)
    return {"attempts": found.attempts}


def taker_of(attempt_id: int) -> int | None:
    """Whose work an attempt is."""
    return db.session.scalar(select(Attempt.member_id).where(Attempt.id == attempt_id))


def take_mark(session: Session, done: marking.Marked) -> None:
    """A script has its mark: it becomes that of the answer."""
    take_given_mark(session.connection(), done.origin_id, done.slot, done.mark, done.by, done.at, done.comments)


def own_data(member_id: int) -> dict[str, Any]:
    """Attempts of a person, what was granted to them and what they reported; marks only where their quiz shows them by now, and never the
    paper, which may be in use."""
    now = clock.now()
    query = select(Attempt, Quiz).join(Quiz, Quiz.id == Attempt.quiz_id).where(Attempt.member_id == member_id)
    found = []
    for one, quiz in db.session.execute(query.order_by(Attempt.id)):
        row = {
            "place": quiz.place, "quiz": quiz.title, "number": one.number, "state": one.state, "started_at": one.started_at.isoformat(),
            "submitted_at": one.submitted_at.isoformat() if one.submitted_at else None,
        }  # fmt: skip
        if one.state == "submitted" and "marks" in things_shown(quiz, one, now):
            row |= {
                "mark": str(one.mark),
                "max_mark": str(one.max_mark),
                "correct_count": one.correct_count,
                "is_passed": one.is_passed,
            }
        found.append(row)
    reports = select(QuestionReport).where(QuestionReport.member_id == member_id).order_by(QuestionReport.id)
    allowances = select(Allowance, Quiz.title).join(Quiz, Quiz.id == Allowance.quiz_id).where(Allowance.member_id == member_id)
    return {
        "attempts": found,
        "accommodations": [
            {
                "time_permille": one.time_permille, "large_print": one.is_large_print, "screen_reader": one.is_screen_reader,
                "reason": one.reason, "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat() if one.valid_to else None,
            }
            for one in list_accommodations(member_id)
        ],
        "allowances": [
            {"quiz": title, "seconds": one.extra_seconds, "attempts": one.extra_attempts, "reason": one.reason}
            for one, title in db.session.execute(allowances.order_by(Allowance.id))
        ],
        "question_reports": [{"text": one.text, "at": one.reported_at.isoformat()} for one in db.session.scalars(reports)],
    }  # fmt: skip
