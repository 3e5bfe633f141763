"""Takers say that a question is faulty; what they say about one question of one quiz is one case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from elearn.core.db import write_connection
from elearn.lib.errors import InvalidInput
from elearn.quizzes.models import QuestionReport, ReportCase
from elearn.quizzes.rules.saving import check_late
from elearn.quizzes.services.log import lock_attempt, sitting_of

LONGEST = 1000


def report_question(attempt_id: int, member_id: int, slot: int, text: str, now: datetime) -> int:
    """Enter a report about the question in a slot; its id. Once for each question of an attempt: saying it again changes nothing.

    While the paper is sat and after it; where a quiz goes forward only, only about the present question. Raises NotFound, InvalidInput.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise InvalidInput("bad_report", "Hãy ghi câu hỏi có vấn đề gì, nhiều nhất 1.000 ký tự.", field="text")
    for _ in range(2):
        try:
            with write_connection() as connection:
                return _enter(connection, attempt_id, member_id, slot, text, now)
        except IntegrityError:
            continue  # another report opened the case at the same moment
    raise InvalidInput("bad_report", "Chưa ghi nhận được. Hãy gửi lại.", field="text")


def _enter(connection: Connection, attempt_id: int, member_id: int, slot: int, text: str, now: datetime) -> int:
    attempt = lock_attempt(connection, attempt_id, member_id)
    if not 1 <= slot <= len(attempt.paper):
        raise InvalidInput("bad_slot", "Đề này không có câu đó.", field="slot")
    if attempt.state == "open":
        check_late(sitting_of(attempt, None), slot)
    known = connection.scalar(select(QuestionReport.id).where(QuestionReport.attempt_id == attempt_id, QuestionReport.slot == slot))
    if known is not None:
        return known
    version_id = attempt.paper[slot - 1]["version"]
    case_id = connection.scalar(
        select(ReportCase.id).where(ReportCase.quiz_id == attempt.quiz_id, ReportCase.version_id == version_id)
    )
    if case_id is None:
        case = insert(ReportCase).values(quiz_id=attempt.quiz_id, version_id=version_id, state="open", opened_at=now)
        case_id = connection.execute(case.returning(ReportCase.id)).scalar_one()
    report = insert(QuestionReport).values(
        case_id=case_id, attempt_id=attempt_id, slot=slot, member_id=member_id, text=text, reported_at=now
    )
    return connection.execute(report.returning(QuestionReport.id)).scalar_one()
