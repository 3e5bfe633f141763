"""What happened to an attempt after it was submitted, for its taker: marks worked out again, and what became of reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.quizzes.models import Attempt, Correction, QuestionReport
from elearn.quizzes.queries.attempts import events_of, late_of
from elearn.quizzes.rules.attempts import Event, fold


@dataclass(frozen=True)
class Regraded:
    """Marks worked out again: totals before and after, and the reason that was given; `is_back`: a correction was taken back."""

    at: datetime
    before: Decimal | None
    after: Decimal | None
    reason: str
    is_back: bool = False


def regraded_of(attempt: Attempt) -> list[Regraded]:
    """Every time that the marks of an attempt were worked out again, the first one first; what examiners give is not among them."""
    events = events_of(db.session.connection(), attempt.id)
    if not any(event.kind == "regraded" for event in events):
        return []
    reasons = _reasons(attempt, events)
    found, total = [], None
    for event in events:
        told = event.data if isinstance(event.data, Mapping) else {}
        after = Decimal(str(told["total"])) if event.kind in ("submitted", "marked", "regraded") and "total" in told else total
        if event.kind == "regraded":
            found.append(Regraded(event.at, total, after, reasons.get(event.seq, ""), bool(told.get("reverted"))))
        total = after
    return found


def _reasons(attempt: Attempt, events: Sequence[Event]) -> dict[int, str]:
    """The reasons by line: of the correction that the line names, or of the decision on late answers taken at that moment."""
    corrections = {one.id: one for one in db.session.scalars(select(Correction).where(Correction.quiz_id == attempt.quiz_id))}
    late = {one.decided_at: one.reason for one in late_of(attempt.id) if one.decided_at is not None}
    found = {}
    for event in events:
        if event.kind == "regraded" and isinstance(event.data, Mapping):
            correction = corrections.get(event.data.get("correction", 0))
            why = "" if correction is None else correction.revert_reason if event.data.get("reverted") else correction.reason
            found[event.seq] = str(event.data.get("reason") or why or late.get(event.at) or "")
    return found


def reports_of(attempt_id: int) -> dict[int, QuestionReport]:
    """What the taker reported, by slot, with the case that answers it."""
    query = select(QuestionReport).where(QuestionReport.attempt_id == attempt_id).options(joinedload(QuestionReport.case))
    return {one.slot: one for one in db.session.scalars(query)}


def receipts_of(attempt_id: int) -> dict[int, str]:
    """The receipt of the answer that counts, by slot."""
    return fold(events_of(db.session.connection(), attempt_id)).receipts
