"""Takers say that a question is faulty; all reports about one question are one case, and its decision answers everybody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.quizzes.models import Attempt, Correction, QuestionReport, ReportCase

LONGEST = 1000
DECISIONS = {
    "kept": "Câu hỏi đúng, giữ nguyên",
    "corrected": "Đã sửa đáp án",
    "dropped": "Đã bỏ câu hỏi",
}


def report_question(attempt_id: int, member_id: int, slot: int, text: str, now: datetime) -> int:
    """Put the report with its case (a decided case opens again for what is new) and return the case's id.

    Reporting a question of one attempt again replaces the words. Raises NotFound for somebody else's attempt, InvalidInput at its field.
    """
    words = " ".join(text.split())
    if not words:
        raise InvalidInput("report_empty", "Hãy ghi câu hỏi sai ở đâu.", field="text")
    if len(words) > LONGEST:
        raise InvalidInput("report_too_long", "Viết ngắn hơn %(most)s ký tự.", field="text", most=LONGEST)
    for _ in range(2):
        try:
            return _report(attempt_id, member_id, slot, words, now)
        except IntegrityError:
            continue  # another taker opened the case in the same moment: take that one
    raise DomainError("try_again", "Máy chủ đang bận. Hãy gửi lại sau ít giây.")


def _report(attempt_id: int, member_id: int, slot: int, words: str, now: datetime) -> int:
    with transaction() as session:
        attempt = session.get(Attempt, attempt_id)
        if attempt is None or attempt.member_id != member_id:
            raise NotFound()
        if not 1 <= slot <= len(attempt.paper):
            raise InvalidInput("bad_slot", "Đề này không có câu đó.", field="slot")
        version_id = attempt.paper[slot - 1]["version"]
        case = session.scalar(select(ReportCase).where(ReportCase.quiz_id == attempt.quiz_id, ReportCase.version_id == version_id))
        if case is None:
            case = ReportCase(quiz_id=attempt.quiz_id, version_id=version_id, state="open", opened_at=now)
            session.add(case)
            session.flush()
        report = session.scalar(select(QuestionReport).where(QuestionReport.attempt_id == attempt_id, QuestionReport.slot == slot))
        if report is None:
            session.add(QuestionReport(case_id=case.id, attempt_id=attempt_id, slot=slot, member_id=member_id, text=words, reported_at=now))
        elif case.state == "decided":
            raise DomainError("already_answered", "Câu này đã có trả lời của đơn vị tổ chức.")
        else:
            report.text, report.reported_at = words, now
        session.flush()
        return case.id


def decide_case(case_id: int, decision: str, answer: str, correction_id: int | None, by: tuple[int, str], now: datetime) -> None:
    """Decide the case; everybody who reported reads `answer`. Raises InvalidInput at its field, DomainError already_decided."""
    if decision not in DECISIONS:
        raise InvalidInput("bad_decision", "Hãy chọn một quyết định.", field="decision")
    if not answer.strip():
        raise InvalidInput("answer_missing", "Hãy ghi lời trả lời; mọi người đã báo câu này sẽ đọc được.", field="answer")
    with transaction() as session:
        case = session.get(ReportCase, case_id, with_for_update=True)
        if case is None:
            raise NotFound()
        if case.state == "decided":
            raise DomainError("already_decided", "Câu này đã được quyết định.")
        if decision != "kept":
            correction = session.get(Correction, correction_id) if correction_id else None
            if correction is None or correction.state != "applied" or (correction.quiz_id, correction.version_id) != (case.quiz_id, case.version_id):
                raise InvalidInput("correction_missing", "Hãy áp dụng việc sửa cho câu này trước, rồi mới ghi quyết định là đã sửa hoặc đã bỏ.", field="decision")
            case.correction_id = correction.id
        case.state, case.decision, case.answer = "decided", decision, answer.strip()
        case.decided_by_id, case.decided_by_name, case.decided_at = by[0], by[1], now
        reporters = {report.member_id for report in case.reports}
        record(
            session, now, by, "decide_case", ("quiz", case.quiz_id, case.quiz.title),
            after={"case": case.id, "decision": decision, "reports": len(case.reports)}, reason=answer.strip(), concerns=reporters,
        )  # fmt: skip


def reopen_case(case_id: int, by: tuple[int, str], reason: str, now: datetime) -> None:
    """Open a decided case again, with a reason; its former answer stands in the audit log."""
    if not reason.strip():
        raise InvalidInput("reason_missing", "Hãy ghi lý do mở lại.", field="reason")
    with transaction() as session:
        case = session.get(ReportCase, case_id, with_for_update=True)
        if case is None or case.state != "decided":
            raise NotFound()
        record(
            session, now, by, "reopen_case", ("quiz", case.quiz_id, case.quiz.title),
            before={"case": case.id, "decision": case.decision, "answer": case.answer}, reason=reason.strip(),
        )  # fmt: skip
        case.state, case.decision, case.answer, case.correction_id = "open", "", "", None
