"""Decides the cases that takers' reports about a question make: one decision answers everybody who reported it."""

from __future__ import annotations

from datetime import datetime

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.quizzes.models import Correction, ReportCase

DECISIONS = {
    "kept": "Câu hỏi đúng, giữ nguyên",
    "corrected": "Đã sửa đáp án",
    "dropped": "Đã bỏ câu hỏi",
}


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
            if (
                correction is None
                or correction.state != "applied"
                or (correction.quiz_id, correction.version_id) != (case.quiz_id, case.version_id)
            ):
                raise InvalidInput(
                    "correction_missing",
                    "Hãy áp dụng việc sửa cho câu này trước, rồi mới ghi quyết định là đã sửa hoặc đã bỏ.",
                    field="decision",
                )
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
