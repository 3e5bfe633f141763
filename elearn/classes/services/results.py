"""The mark sheet, the council's decision, its recognition, requests to look again and corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.classes.models import Cohort, Enrolment, LearnerMark, MarkChange, Result, ResultAppeal, ResultChange
from elearn.classes.queries.conditions import terms_of
from elearn.classes.queries.results import current_marks, list_sheet
from elearn.classes.rules.results import SHORTEST_REASON, check_change, is_pass
from elearn.classes.rules.sheet import Key, Settled, Typed, settle
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.notices.services import notify

ActorName = tuple[int | None, str]


@dataclass(frozen=True)
class Verdict:
    """What the council decides of a learner; `reason` where it differs from the proposal."""

    grade: str
    reason: str = ""


def lock_cohort(session: Session, cohort_id: int) -> Cohort:
    """The class, held against others who write its results. Raises NotFound."""
    found = session.scalar(select(Cohort).where(Cohort.id == cohort_id).with_for_update().execution_options(populate_existing=True))
    if found is None or found.terms is None:
        raise NotFound()
    return found


def _check_undecided(cohort: Cohort) -> None:
    if cohort.recognised_on is not None:
        raise DomainError("recognised", "Kết quả đã được công nhận. Muốn sửa thì dùng mục sửa kết quả, kèm lý do.")


def save_marks(actor: ActorName, cohort_id: int, cells: Sequence[Typed], now: datetime) -> Settled:
    """Write the cells that were changed; a cell that somebody else has changed meanwhile stays, and is told."""
    with transaction() as session:
        cohort = lock_cohort(session, cohort_id)
        _check_undecided(cohort)
        known = set(session.scalars(select(Enrolment.id).where(Enrolment.cohort_id == cohort_id, Enrolment.withdrawn_at.is_(None))))
        settled = settle([cell for cell in cells if cell.key[0] in known], current_marks(cohort_id))
        write_marks(session, settled.writes, actor, now)
        if settled.writes:
            record(session, now, actor, "save_marks", ("cohort", cohort_id, cohort.title), after={"cells": len(settled.writes)})
        return settled


def write_marks(session: Session, writes: Mapping[Key, Decimal | None], actor: ActorName, now: datetime) -> None:
    """Put marks into cells and the change into their history."""
    if not writes:
        return
    query = select(LearnerMark).where(LearnerMark.enrolment_id.in_({key[0] for key in writes}))
    had = {(row.enrolment_id, row.part): row for row in session.scalars(query)}
    for key, mark in writes.items():
        row = had.get(key)
        session.add(
            MarkChange(
                enrolment_id=key[0],
                part=key[1],
                before=row.mark if row else None,
                after=mark,
                at=now,
                by_id=actor[0],
                by_name=actor[1],
            )
        )
        if mark is None:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(
                LearnerMark(enrolment_id=key[0], part=key[1], mark=mark, set_at=now, set_by_id=actor[0], set_by_name=actor[1])
            )
        else:
            row.mark, row.set_at, row.set_by_id, row.set_by_name = mark, now, actor[0], actor[1]
    session.flush()


def set_sheet(
    actor: ActorName, cohort_id: int, sessions_total: int | None, quiz_id: int | None, test_choice: str, now: datetime
) -> None:
    """Say how many sessions a class has that are counted on paper, and which quiz is its test."""
    with transaction() as session:
        cohort = lock_cohort(session, cohort_id)
        _check_undecided(cohort)
        before = {"sessions": cohort.sessions_total, "quiz": cohort.quiz_id, "choice": cohort.test_choice}
        cohort.sessions_total, cohort.quiz_id, cohort.test_choice = sessions_total, quiz_id, test_choice
        after = {"sessions": sessions_total, "quiz": quiz_id, "choice": test_choice}
        record(session, now, actor, "set_mark_sheet", ("cohort", cohort_id, cohort.title), before=before, after=after)


def decide_results(
    actor: ActorName, cohort_id: int, verdicts: Mapping[int, Verdict], minutes_number: str, minutes_on: date, now: datetime
) -> int:
    """The council decides of everybody enrolled: as proposed, or otherwise with a reason; returns how many.

    Decided again before the recognition, what changed goes into the history. Raises InvalidInput where somebody has neither a proposal nor a
    reasoned verdict.
    """
    if not minutes_number.strip():
        raise InvalidInput("minutes", "Hãy ghi số biên bản xét kết quả.", field="number")
    with transaction() as session:
        cohort = lock_cohort(session, cohort_id)
        _check_undecided(cohort)
        terms, sheet = terms_of(cohort), list_sheet(cohort)
        if not sheet:
            raise InvalidInput("nobody", "Lớp chưa có ai để xét kết quả.")
        for row in sheet:
            verdict = verdicts.get(row.enrolment_id, Verdict(row.proposal.grade))
            if not verdict.grade:
                raise InvalidInput(
                    "incomplete", "%(name)s: %(why)s. Hãy nhập cho đủ, hoặc kết luận kèm lý do.",
                    field="verdicts", name=row.name, why=row.proposal.why,
                )  # fmt: skip
            check_change(row.proposal.grade, verdict.grade, verdict.reason, row.name)
            passes = is_pass(terms, verdict.grade)
            reason = verdict.reason.strip()[:400] if verdict.grade != row.proposal.grade else ""
            values = {
                "attended": row.figures.attended, "total": row.figures.total, "mark": row.proposal.mark,
                "proposed_grade": row.proposal.grade, "grade": verdict.grade, "is_passed": passes, "why": row.proposal.why[:600],
                "reason": reason, "decided_at": now, "decided_by_id": actor[0], "decided_by_name": actor[1],
            }  # fmt: skip
            had = row.result
            if had is None:
                session.add(Result(enrolment_id=row.enrolment_id, version=1, **values))
                continue
            if (had.grade, had.mark) != (verdict.grade, row.proposal.mark):
                _note_change(session, had, verdict.grade, row.proposal.mark, reason or "Hội đồng xét lại", actor, now)
                had.version += 1
            for name, value in values.items():
                setattr(had, name, value)
        cohort.minutes_number, cohort.minutes_on, cohort.results_at = minutes_number.strip()[:60], minutes_on, now
        changed = sum(1 for row in sheet if (one := verdicts.get(row.enrolment_id)) and one.grade != row.proposal.grade)
        after = {"minutes": cohort.minutes_number, "people": len(sheet), "differing": changed}
        record(session, now, actor, "decide_results", ("cohort", cohort_id, cohort.title), after=after)
        return len(sheet)


def _note_change(
    session: Session, had: Result, grade: str, mark: Decimal | None, reason: str, actor: ActorName, now: datetime
) -> None:
    session.add(
        ResultChange(
            enrolment_id=had.enrolment_id, at=now, by_id=actor[0], by_name=actor[1], grade_before=had.grade, grade_after=grade,
            mark_before=had.mark, mark_after=mark, reason=reason,
        )
    )  # fmt: skip


def recognise_results(actor: ActorName, cohort_id: int, number: str, day: date, now: datetime) -> int:
    """Enter the decision that recognises the results: learners see them and are told; returns how many. Entered again, it is put right."""
    if not number.strip():
        raise InvalidInput("number", "Hãy ghi số quyết định công nhận.", field="number")
    with transaction() as session:
        cohort = lock_cohort(session, cohort_id)
        if cohort.results_at is None:
            raise DomainError("undecided", "Hội đồng chưa kết luận kết quả của lớp này.")
        is_first = cohort.recognised_on is None
        cohort.recognition_number, cohort.recognised_on = number.strip()[:60], day
        members = list(
            session.scalars(
                select(Enrolment.member_id)
                .join(Result, Result.enrolment_id == Enrolment.id)
                .where(Enrolment.cohort_id == cohort_id, Enrolment.withdrawn_at.is_(None))
            )
        )
        record(
            session, now, actor, "recognise_results", ("cohort", cohort_id, cohort.title),
            after={"number": cohort.recognition_number, "day": day.isoformat(), "people": len(members)},
        )  # fmt: skip
        if is_first:
            notify(
                session, actor, "results", cohort_id, members, f"Đã có kết quả lớp {cohort.title}"[:150],
                "Kết quả và cách tính có ở trang lớp của bạn. Nếu thấy chưa đúng, bạn đề nghị xem lại ngay tại đó.",
                f"/my-classes/{cohort_id}", now, timedelta(0),
            )  # fmt: skip
        return len(members)


def file_appeal(member: ActorName, enrolment_id: int, text: str, now: datetime) -> int:
    """A learner asks to look at their result again; one request at a time. Whose enrolment it is, is decided before. Returns its id."""
    text = text.strip()
    if len(text) < SHORTEST_REASON:
        raise InvalidInput("appeal_text", "Hãy nói rõ bạn thấy chỗ nào chưa đúng.", field="text")
    try:
        with transaction() as session:
            enrolment = session.get_one(Enrolment, enrolment_id)
            cohort = session.get_one(Cohort, enrolment.cohort_id)
            if cohort.recognised_on is None or session.get(Result, enrolment_id) is None:
                raise DomainError("no_result", "Lớp này chưa công bố kết quả.")
            appeal = ResultAppeal(enrolment_id=enrolment_id, text=text[:4000], filed_at=now)
            session.add(appeal)
            session.flush()
            record(session, now, member, "appeal_result", ("cohort", cohort.id, cohort.title), after={"appeal": appeal.id})
            return appeal.id
    except IntegrityError as error:
        raise DomainError("appeal_open", "Bạn đã có một đề nghị đang chờ trả lời.") from error


def answer_appeal(actor: ActorName, appeal_id: int, grade: str, answer: str, now: datetime) -> None:
    """Answer a request: with another grade the result is corrected, with the same it is kept; the learner is told either way."""
    if len(answer.strip()) < SHORTEST_REASON:
        raise InvalidInput("answer", "Hãy ghi câu trả lời, người học đọc được.", field="answer")
    with transaction() as session:
        appeal = session.get_one(ResultAppeal, appeal_id, with_for_update=True)
        if appeal.answered_at is not None:
            raise DomainError("answered", "Đề nghị này đã được trả lời.")
        enrolment = session.get_one(Enrolment, appeal.enrolment_id)
        cohort = session.get_one(Cohort, enrolment.cohort_id)
        result = session.get_one(Result, appeal.enrolment_id)
        appeal.outcome, appeal.answer, appeal.answered_at = ("kept" if grade == result.grade else "changed"), answer.strip(), now
        appeal.answered_by_id, appeal.answered_by_name = actor
        if grade != result.grade:
            _correct(session, actor, cohort, result, grade, answer.strip(), now)
        subject = ("member", enrolment.member_id, enrolment.display_name)
        record(session, now, actor, "answer_appeal", subject, after={"outcome": appeal.outcome, "cohort": cohort.code})
        notify(
            session, actor, "results", cohort.id, [enrolment.member_id], f"Trả lời đề nghị xem lại kết quả lớp {cohort.title}"[:150],
            appeal.answer[:1000], f"/my-classes/{cohort.id}", now, timedelta(0),
        )  # fmt: skip


def correct_result(actor: ActorName, enrolment_id: int, grade: str, reason: str, now: datetime) -> None:
    """Change a decided result, with a reason that stays in its history."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInput("reason_needed", "Hãy ghi lý do, ít nhất %(n)s ký tự.", field="reason", n=SHORTEST_REASON)
    with transaction() as session:
        enrolment = session.get_one(Enrolment, enrolment_id)
        cohort = lock_cohort(session, enrolment.cohort_id)
        result = session.get(Result, enrolment_id)
        if result is None:
            raise DomainError("undecided", "Hội đồng chưa kết luận kết quả của lớp này.")
        if grade == result.grade:
            raise InvalidInput("same_grade", "Kết quả mới trùng với kết quả đang có.", field="grade")
        _correct(session, actor, cohort, result, grade, reason.strip(), now)


def _correct(session: Session, actor: ActorName, cohort: Cohort, result: Result, grade: str, reason: str, now: datetime) -> None:
    passes = is_pass(terms_of(cohort), grade)
    _note_change(session, result, grade, result.mark, reason[:400], actor, now)
    enrolment = session.get_one(Enrolment, result.enrolment_id)
    record(
        session, now, actor, "correct_result", ("member", enrolment.member_id, enrolment.display_name),
        before={"grade": result.grade}, after={"grade": grade, "cohort": cohort.code}, reason=reason,
    )  # fmt: skip
    result.grade, result.is_passed, result.reason = grade, passes, reason[:400] if grade != result.proposed_grade else ""
    result.version, result.decided_at, result.decided_by_id, result.decided_by_name = result.version + 1, now, actor[0], actor[1]
