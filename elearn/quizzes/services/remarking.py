"""Marks that change after the submission: given by a person, or by late answers that were accepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import transaction, write_connection
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.quizzes.models import Attempt, LateResponse, Quiz
from elearn.quizzes.queries.attempts import events_of
from elearn.quizzes.queries.keys import corrections_of, items_of, scheme_of
from elearn.quizzes.rules.attempts import PREDICTION_SLOT, State, fold, unwrap, wrap
from elearn.quizzes.rules.corrections import marking_name
from elearn.quizzes.rules.grading import TYPES, ZERO, Item, Marks, mark_item, maximum, plain, read_marks, told
from elearn.quizzes.rules.timing import is_over
from elearn.quizzes.services.finishing import finish, mark_state, write_marks
from elearn.quizzes.services.log import append, lock_attempt, tail
from elearn.quizzes.services.scripts import hand_in_scripts

By = tuple[int, str]
"""Id and name of the person who does it."""


def set_given_mark(attempt_id: int, slot: int, mark: Decimal, by: By, now: datetime) -> None:
    """Give an answer the mark that a person decided on, in a transaction of its own; see `take_given_mark`."""
    with write_connection() as connection:
        take_given_mark(connection, attempt_id, slot, mark, by, now)


def take_given_mark(
    connection: Connection, attempt_id: int, slot: int, mark: Decimal, by: By, now: datetime, comments: Sequence[str] = ()
) -> None:
    """Give an answer the mark that a person decided on, with what examiners say to the taker, inside the caller's transaction.

    Other marks stay as they are. Once no mark is missing, passed or not is decided and its consequences follow; giving another mark later
    does the same again. Raises NotFound, InvalidInput bad_slot and bad_mark, DomainError still_open.
    """
    attempt = lock_attempt(connection, attempt_id, None)
    if attempt.state != "submitted":
        raise DomainError("still_open", "Bài này đang được làm. Kết quả có khi bài đã nộp.")
    items, marking = _key(connection, attempt)
    if not 1 <= slot <= len(items) or not TYPES[items[slot - 1].type].needs_marker:
        raise InvalidInput("bad_slot", "Câu này không do người chấm.", field="slot")
    if not ZERO <= mark <= items[slot - 1].max:
        raise InvalidInput("bad_mark", "Điểm phải từ 0 đến %(most)s.", field="mark", most=plain(items[slot - 1].max))
    before = fold(events_of(connection, attempt_id))
    after = replace(before, given={**before.given, slot: mark})
    marks = change_slots(attempt, items, before, after, [slot])
    last, _ = tail(connection, attempt_id, None)
    data: dict[str, Any] = {"mark": plain(mark), "marks": told(marks.by_slot), "total": plain(marks.total), "by": by[0]}
    if comments:
        data["comments"] = list(comments)
    append(connection, attempt_id, last, now, "marked", slot=slot, data=data)
    write_marks(connection, attempt, marks, marking)


def _key(connection: Connection, attempt: Row[Any]) -> tuple[list[Item], str]:
    corrections = corrections_of(connection, attempt.quiz_id)
    return items_of(connection, attempt.quiz_id, attempt.paper, corrections), marking_name(corrections)


def change_slots(attempt: Row[Any], items: Sequence[Item], before: State, after: State, slots: Iterable[int]) -> Marks:
    """Marks in which these slots are worked out anew and all others stand as they were written: a correction that lowered nobody's mark
    must not do so now."""
    scheme, by_slot = scheme_of(attempt), list(read_marks(attempt.marks))
    correct = attempt.correct_count or 0
    for slot in slots:
        item = items[slot - 1]
        _, was_right = mark_item(item, before.responses.get(slot), scheme, before.certainties.get(slot), before.given.get(slot))
        mark, is_right = mark_item(item, after.responses.get(slot), scheme, after.certainties.get(slot), after.given.get(slot))
        by_slot[slot - 1], correct = mark, correct + is_right - was_right
    total = sum((mark for mark in by_slot if mark is not None), ZERO)
    return Marks(tuple(by_slot), total, maximum(items, scheme), correct, any(mark is None for mark in by_slot))


def accept_late(late_ids: Sequence[int], reason: str, by: By, now: datetime) -> int:
    """Take late answers into the log and mark them, with the reason; return how many. Work that was not counted counts from then on.

    Raises NotFound, InvalidInput reason_needed, DomainError already_decided.
    """
    with transaction() as session:
        for attempt_id, rows in _waiting(session, late_ids, reason).items():
            _accept(session.connection(), attempt_id, rows, by, now)
            _decide(session, attempt_id, rows, "accepted", reason, by, now)
    return len(late_ids)


def refuse_late(late_ids: Sequence[int], reason: str, by: By, now: datetime) -> int:
    """Leave late answers out, with the reason; return how many. They stay where they are kept. Raises as `accept_late`."""
    with transaction() as session:
        for attempt_id, rows in _waiting(session, late_ids, reason).items():
            _decide(session, attempt_id, rows, "refused", reason, by, now)
    return len(late_ids)


def _waiting(session: Session, late_ids: Sequence[int], reason: str) -> dict[int, list[LateResponse]]:
    if not reason.strip():
        raise InvalidInput("reason_needed", "Hãy ghi lý do của quyết định, người làm bài sẽ đọc được.", field="reason")
    query = select(LateResponse).where(LateResponse.id.in_(late_ids)).order_by(LateResponse.client_seq, LateResponse.id)
    rows = session.scalars(query.with_for_update()).all()
    if len(rows) != len(set(late_ids)) or not rows:
        raise NotFound()
    if any(row.decision != "waiting" for row in rows):
        raise DomainError("already_decided", "Câu trả lời này đã có quyết định. Hãy tải lại trang.")
    found: dict[int, list[LateResponse]] = {}
    for row in rows:
        found.setdefault(row.attempt_id, []).append(row)
    return found


def _accept(connection: Connection, attempt_id: int, rows: Sequence[LateResponse], by: By, now: datetime) -> None:
    attempt = lock_attempt(connection, attempt_id, None)
    if attempt.state == "open" and is_over(attempt.deadline_at, attempt.grace_seconds, now):
        finish(connection, attempt_id, None, now)
        attempt = lock_attempt(connection, attempt_id, None)
    before = fold(events_of(connection, attempt_id))
    last, _ = tail(connection, attempt_id, None)
    for row in rows:
        data = (
            row.response if row.slot == PREDICTION_SLOT else wrap(replace(unwrap(row.response), waited_seconds=row.waited_seconds))
        )
        last = append(connection, attempt_id, last, now, "late_taken", slot=row.slot, data=data, client_seq=row.client_seq)
    if attempt.state == "open":
        return  # it was given more time meanwhile: the answers count like all others when it is submitted
    after = fold(events_of(connection, attempt_id))
    changed = {row.slot for row in rows} - {PREDICTION_SLOT}
    if attempt.is_discarded:
        marks, marking = mark_state(connection, attempt, after)
    else:
        items, marking = _key(connection, attempt)
        marks = change_slots(attempt, items, before, after, sorted(changed))
    summary = {"marks": told(marks.by_slot), "total": plain(marks.total), "why": "late_taken", "by": by[0]}
    append(connection, attempt_id, last, now, "regraded", data=summary)
    connection.execute(update(Attempt).where(Attempt.id == attempt_id).values(prediction=after.prediction))
    write_marks(connection, attempt, marks, marking)
    if marks.is_pending:
        hand_in_scripts(connection, attempt, after, marks, now, None if attempt.is_discarded else changed)


def _decide(
    session: Session, attempt_id: int, rows: Sequence[LateResponse], decision: str, reason: str, by: By, now: datetime
) -> None:
    for row in rows:
        row.decision, row.reason = decision, reason.strip()[:400]
        row.decided_by_id, row.decided_by_name, row.decided_at = by[0], by[1], now
    attempt, title = session.execute(
        select(Attempt, Quiz.title).join(Quiz, Quiz.id == Attempt.quiz_id).where(Attempt.id == attempt_id)
    ).one()
    deed = "accept_late" if decision == "accepted" else "refuse_late"
    slots = sorted({row.slot for row in rows})
    record(
        session, now, by, deed, ("attempt", attempt_id, title), after={"slots": slots}, reason=reason, concerns=[attempt.member_id]
    )
