"""What quizzes tell members about the rows that they keep of people, and marking about the scripts that they hand in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.core import clock
from elearn.core.contributions import Decision
from elearn.core.db import db
from elearn.core.i18n import gettext, ngettext
from elearn.jobs.hooks import Tell, works
from elearn.marking import hooks as marking
from elearn.members import hooks
from elearn.members.rules.permissions import Actor, may_anywhere
from elearn.quizzes.models import Accommodation, Allowance, Attempt, QuestionReport, Quiz
from elearn.quizzes.queries import list_accommodations, repair, things_shown
from elearn.quizzes.services import take_given_mark
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
