"""What a reader does: begin, go on, come to the end, sit the quiz."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Session

from elearn.core.db import transaction
from elearn.courses.models import CourseEdition, Lesson, LessonProgress, Taking
from elearn.courses.rules.completion import after_part, is_complete
from elearn.lib.errors import DomainError, NotFound
from elearn.quizzes.hooks import Submitted
from elearn.quizzes.models import Attempt
from elearn.quizzes.services import start_attempt


def start_course(member_id: int, edition_id: int, now: datetime) -> None:
    """Begin an edition; beginning again changes nothing."""
    with transaction() as session:
        _taking(session, member_id, edition_id, now)


def switch_edition(member_id: int, edition_id: int, now: datetime) -> None:
    """Go over to another edition, marking as read those lessons whose text is the same in both."""
    with transaction() as session:
        edition = session.get_one(CourseEdition, edition_id)
        query = select(Lesson, LessonProgress).join(LessonProgress, LessonProgress.lesson_id == Lesson.id)
        query = query.join(Taking, Taking.id == LessonProgress.taking_id).join(CourseEdition, CourseEdition.id == Taking.edition_id)
        query = query.where(Taking.member_id == member_id, CourseEdition.course_id == edition.course_id)
        read = {str(lesson.parts): progress for lesson, progress in session.execute(query) if progress.completed_at}
        taking = _taking(session, member_id, edition_id, now)
        for lesson in edition.lessons:
            known = read.get(str(lesson.parts))
            if known and session.get(LessonProgress, (taking.id, lesson.id)) is None:
                values = {"part": known.part, "offset_permille": 0, "parts_done": known.parts_done, "updated_at": now}
                session.add(LessonProgress(taking_id=taking.id, lesson_id=lesson.id, completed_at=known.completed_at, **values))
        session.flush()
        _settle(session, taking, now)


def finish_part(member_id: int, lesson_id: int, part: int, now: datetime) -> None:
    """Note that a part was read to its end; completes lesson and course where it was the last one missing."""
    with transaction() as session:
        lesson = session.get_one(Lesson, lesson_id)
        if not 1 <= part <= len(lesson.parts):
            raise NotFound()
        taking = _taking(session, member_id, lesson.edition_id, now)
        progress = _progress(session, taking, lesson_id, now)
        done, is_done = after_part(len(lesson.parts), progress.parts_done, part)
        progress.parts_done = sorted(done)
        progress.part, progress.offset_permille, progress.updated_at = min(part + 1, len(lesson.parts)), 0, now
        if is_done and progress.completed_at is None:
            progress.completed_at = now
        taking.last_read_at = now
        session.flush()
        _settle(session, taking, now)


def note_position(member_id: int, lesson_id: int, part: int, offset_permille: int, now: datetime) -> None:
    """Remember where the reader is; only for a lesson that exists and a course that was begun."""
    with transaction() as session:
        lesson = session.get(Lesson, lesson_id)
        if lesson is None or not 1 <= part <= len(lesson.parts):
            raise NotFound()
        taking = _taking(session, member_id, lesson.edition_id, now)
        progress = _progress(session, taking, lesson_id, now)
        progress.part, progress.offset_permille, progress.updated_at = part, max(0, min(1000, offset_permille)), now
        taking.last_read_at = now


def start_quiz(member_id: int, unit_id: int, edition: CourseEdition, now: datetime) -> int:
    """Start or resume the quiz at the end; return the attempt's id.

    It may be sat at any time, also before the lessons are read: who knows the matter need not wait. Completion asks for both.
    """
    if edition.quiz_id is None:
        raise DomainError("no_quiz", "Khoá học này không có bài kiểm tra.")
    quiz_id = edition.quiz_id
    start_course(member_id, edition.id, now)
    return start_attempt(quiz_id, member_id, unit_id, now)


def note_passed(connection: Connection, done: Submitted) -> None:
    """Consequence of a submitted attempt: passed, best mark, completion, in the same transaction. Other quizzes are not touched."""
    lesson_count = select(func.count()).select_from(Lesson).where(Lesson.edition_id == Taking.edition_id).scalar_subquery()
    query = (
        select(
            Taking.id,
            Taking.lessons_done,
            Taking.passed_at,
            Taking.completed_at,
            Attempt.mark.label("best"),
            lesson_count.label("lessons"),
        )
        .join(CourseEdition, CourseEdition.id == Taking.edition_id)
        .join(Attempt, Attempt.id == Taking.best_attempt_id, isouter=True)
        .where(CourseEdition.quiz_id == done.quiz_id, Taking.member_id == done.member_id)
    )
    for row in connection.execute(query).all():
        values: dict[str, object] = {}
        if row.best is None or done.mark > row.best:
            values["best_attempt_id"] = done.attempt_id
        is_passed = bool(done.is_passed) or row.passed_at is not None
        if done.is_passed and row.passed_at is None:
            values["passed_at"] = done.submitted_at
        if row.completed_at is None and is_complete(row.lessons_done, row.lessons, has_quiz=True, is_passed=is_passed):
            values["completed_at"] = done.submitted_at
        if values:
            connection.execute(update(Taking).where(Taking.id == row.id).values(**values))


def _taking(session: Session, member_id: int, edition_id: int, now: datetime) -> Taking:
    taking = session.scalar(select(Taking).where(Taking.member_id == member_id, Taking.edition_id == edition_id))
    if taking is None:
        edition = session.get(CourseEdition, edition_id)
        if edition is None:
            raise NotFound()
        taking = Taking(member_id=member_id, edition_id=edition_id, started_at=now, last_read_at=now, lessons_done=0)
        # Another edition may have the same quiz: what was passed there stays passed.
        sat = select(Attempt).where(
            Attempt.quiz_id == edition.quiz_id, Attempt.member_id == member_id, Attempt.state == "submitted"
        )
        for attempt in session.scalars(sat.order_by(Attempt.mark.desc(), Attempt.submitted_at)):
            taking.best_attempt_id = taking.best_attempt_id or attempt.id
            if attempt.is_passed and attempt.submitted_at is not None:
                taking.passed_at = min(attempt.submitted_at, taking.passed_at or attempt.submitted_at)
        session.add(taking)
        session.flush()
    return taking


def _progress(session: Session, taking: Taking, lesson_id: int, now: datetime) -> LessonProgress:
    progress = session.get(LessonProgress, (taking.id, lesson_id))
    if progress is None:
        progress = LessonProgress(
            taking_id=taking.id, lesson_id=lesson_id, part=1, offset_permille=0, parts_done=[], updated_at=now
        )
        session.add(progress)
        session.flush()
    return progress


def _settle(session: Session, taking: Taking, now: datetime) -> None:
    count = select(func.count()).select_from(LessonProgress)
    taking.lessons_done = (
        session.scalar(count.where(LessonProgress.taking_id == taking.id, LessonProgress.completed_at.is_not(None))) or 0
    )
    edition = taking.edition or session.get_one(CourseEdition, taking.edition_id)
    is_done = is_complete(taking.lessons_done, len(edition.lessons), edition.quiz_id is not None, taking.passed_at is not None)
    if is_done and taking.completed_at is None:
        taking.completed_at = now
