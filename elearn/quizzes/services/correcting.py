"""Corrections of questions after they were sat: proposed, looked at with all that would follow, applied by a second person, reverted.

A preview does exactly what applying does and takes it back at the end, so that it cannot tell anything else than what will happen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import db, read_connection, transaction
from elearn.jobs.hooks import Tell
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.questions.models import Question, QuestionVersion
from elearn.questions.queries import TYPES
from elearn.quizzes import hooks
from elearn.quizzes.models import Attempt, AttemptEvent, Correction, CorrectionChange, Quiz
from elearn.quizzes.queries.keys import corrections_of, items_of, scheme_of
from elearn.quizzes.rules.attempts import Answer, Event, event_digest, unwrap
from elearn.quizzes.rules.corrections import Corrected, marking_name
from elearn.quizzes.rules.grading import plain, read_marks, told
from elearn.quizzes.rules.repair import KINDS, POLICIES, Response, Result, by_policy, check_fits, is_same, remark, tally

CHUNK = 400
"""Attempts read in one statement; databases limit how many values one may hold."""
Actor = tuple[int, str]
_EVENTS = cast(Table, AttemptEvent.__table__)


@dataclass(frozen=True)
class Change:
    """What a correction does to one attempt."""

    attempt_id: int
    member_id: int
    submitted_at: datetime
    before: Result
    after: Result


class _TakeBack(Exception):
    """Ends a preview: everything that it wrote is rolled back."""


def propose_correction(
    quiz_id: int, version_id: int, kind: str, detail: Mapping[str, Any], policy: str, reason: str, by: Actor, now: datetime
) -> int:
    """Write the proposal down and return its id; nothing of any result changes.

    Raises InvalidInput for a key that does not fit the question, a reason that is missing, or a weight that is none.
    """
    if kind not in KINDS or policy not in POLICIES:
        raise InvalidInput("bad_correction", "Hãy chọn cách sửa.", field="kind")
    if not reason.strip():
        raise InvalidInput("reason_missing", "Hãy ghi lý do; người làm bài sẽ đọc được.", field="reason")
    version = db.session.get(QuestionVersion, version_id)
    if version is None:
        raise NotFound()
    checked = check_detail(version, kind, detail)
    with transaction() as session:
        correction = Correction(
            quiz_id=quiz_id, version_id=version_id, kind=kind, detail=checked, policy=policy, reason=reason.strip(), state="previewed",
            made_by_id=by[0], made_by_name=by[1], made_at=now,
        )  # fmt: skip
        session.add(correction)
        session.flush()
        quiz = session.get_one(Quiz, quiz_id)
        record(
            session,
            now,
            by,
            "propose_correction",
            ("quiz", quiz_id, quiz.title),
            after={"correction": correction.id, "kind": kind, "policy": policy},
            reason=reason.strip(),
        )
        return correction.id


def check_detail(version: QuestionVersion, kind: str, detail: Mapping[str, Any]) -> dict[str, Any]:
    """The detail as it is kept; raises InvalidInput at its field."""
    if kind == "drop":
        if detail.get("how") not in ("remove", "give"):
            raise InvalidInput("bad_correction", "Hãy chọn cách sửa.", field="how")
        return {"how": detail["how"]}
    if kind == "weight":
        try:
            mark = Decimal(str(detail.get("mark", "")).replace(",", "."))
        except InvalidOperation:
            mark = Decimal(-1)
        if not mark.is_finite() or not 0 < mark <= 1000 or mark != mark.quantize(Decimal("0.01")):
            raise InvalidInput(
                "bad_weight", "Điểm của câu phải lớn hơn 0, nhiều nhất 1.000, nhiều nhất hai chữ số sau dấu phẩy.", field="mark"
            )
        return {"mark": plain(mark)}
    body = detail.get("body")
    if not isinstance(body, Mapping):
        raise InvalidInput("bad_correction", "Hãy chọn đáp án mới.", field="key")
    check_fits(version.type, version.body, str(detail.get("type", version.type)), body)
    faults = TYPES[version.type].check(body, version.stem)
    if faults:
        raise InvalidInput("bad_key", faults[0], field="key")
    if dict(body) == dict(version.body):
        raise InvalidInput("same_key", "Đáp án này giống đáp án đang dùng nên không có gì thay đổi.", field="key")
    return {"body": dict(body)}


def find_changes(
    connection: Connection, correction: Correction, corrections: Sequence[Corrected], tell: Tell | None = None
) -> Iterator[Change]:
    """What the correction does to each submitted attempt that it moves, attempt by attempt in the order of their ids."""
    quiz = connection.execute(select(Quiz.__table__).where(Quiz.id == correction.quiz_id)).one()
    scheme = scheme_of(quiz)
    after = [*corrections, Corrected(correction.id, correction.version_id, correction.kind, correction.detail)]
    columns = (Attempt.id, Attempt.member_id, Attempt.submitted_at, Attempt.paper, Attempt.marks, Attempt.mark, Attempt.max_mark)
    query = select(*columns, Attempt.correct_count, Attempt.is_passed, Attempt.marking).where(
        Attempt.quiz_id == correction.quiz_id,
        Attempt.state == "submitted",
        Attempt.is_discarded.is_(False),
        Attempt.marks.is_not(None),
    )
    total = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
    last_id, done = 0, 0
    while True:
        rows = connection.execute(query.where(Attempt.id > last_id).order_by(Attempt.id).limit(CHUNK)).all()
        if not rows:
            return
        last_id, done = rows[-1].id, done + len(rows)
        concerned = {
            row.id: [slot for slot, asked in enumerate(row.paper, 1) if asked["version"] == correction.version_id] for row in rows
        }
        said = responses_to(connection, {number: slots for number, slots in concerned.items() if slots})
        for row in rows:
            slots = concerned[row.id]
            if not slots:
                continue
            paper = [row.paper[slot - 1] for slot in slots]
            pairs = zip(
                slots, items_of(connection, quiz.id, paper, corrections), items_of(connection, quiz.id, paper, after), strict=True
            )
            before = Result(read_marks(row.marks), row.mark, row.max_mark, row.correct_count or 0, row.is_passed, row.marking)
            changed = remark(
                before,
                {slot: (old, new, said[row.id][slot]) for slot, old, new in pairs},
                scheme,
                quiz.pass_percent,
                marking_name(after),
            )
            kept = by_policy(before, changed, correction.policy)
            if not is_same(before, kept):
                yield Change(row.id, row.member_id, row.submitted_at, before, kept)
        if tell:
            tell("Đang tính lại từng bài", done, total)


def responses_to(connection: Connection, slots: Mapping[int, Sequence[int]]) -> dict[int, dict[int, Response]]:
    """For each attempt the responses that count at those slots, with marks that people gave."""
    found: dict[int, dict[int, Response]] = {number: {slot: Response(None) for slot in wanted} for number, wanted in slots.items()}
    if not slots:
        return found
    newest: dict[tuple[int, int], tuple[int, int]] = {}
    columns = (
        AttemptEvent.attempt_id,
        AttemptEvent.slot,
        AttemptEvent.kind,
        AttemptEvent.data,
        AttemptEvent.client_seq,
        AttemptEvent.seq,
    )
    query = select(*columns).where(
        AttemptEvent.attempt_id.in_(slots), AttemptEvent.kind.in_(("answered", "late_taken", "marked")),
        AttemptEvent.slot.in_({slot for wanted in slots.values() for slot in wanted}),
    )  # fmt: skip
    given: dict[tuple[int, int], Decimal] = {}
    answers: dict[tuple[int, int], Answer] = {}
    for attempt_id, slot, kind, data, client_seq, seq in connection.execute(
        query.order_by(AttemptEvent.attempt_id, AttemptEvent.seq)
    ):
        place = (attempt_id, slot)
        if slot not in found[attempt_id]:
            continue
        if kind == "marked":
            given[place] = Decimal(data["mark"])
        elif newest.get(place, (-1, -1)) < (client_seq or 0, seq):
            newest[place], answers[place] = (client_seq or 0, seq), unwrap(data)
    for attempt_id, slot in {*given, *answers}:
        answer = answers.get((attempt_id, slot), Answer(None))
        found[attempt_id][slot] = Response(answer.response, answer.certainty, given.get((attempt_id, slot)))
    return found


def preview_correction(correction_id: int, now: datetime, tell: Tell | None = None) -> dict[str, Any]:
    """Work out who moves and what follows, keep it with the proposal, and return the summary; no result changes.

    Raises DomainError not_a_proposal for one that was applied or dropped.
    """
    with read_connection() as connection:
        correction = _proposal(connection, correction_id)
        changes = list(find_changes(connection, correction, corrections_of(connection, correction.quiz_id), tell))
    if tell:
        tell("Đang tính những gì sẽ thay đổi theo")
    consequences: list[hooks.Consequence] = []
    why = hooks.Why((correction.made_by_id, correction.made_by_name), now, correction.reason)
    try:
        with transaction() as session:
            _write(session, correction, changes, now)
            consequences = _follow(session, correction.quiz_id, changes, why)
            raise _TakeBack
    except _TakeBack:
        pass
    summary = summarise(changes, consequences)
    with transaction() as session:
        session.execute(delete(CorrectionChange).where(CorrectionChange.correction_id == correction_id))
        _keep_changes(session, correction_id, changes)
        session.execute(
            update(Correction).where(Correction.id == correction_id, Correction.state == "previewed").values(summary=summary)
        )
    return summary


def summarise(changes: Sequence[Change], consequences: Sequence[hooks.Consequence]) -> dict[str, Any]:
    """Counts and consequences as they are kept with a proposal."""
    return {
        "tally": tally([(one.member_id, one.before, one.after) for one in changes]).__dict__,
        "consequences": [
            {"area": one.area, "text": one.text, "values": dict(one.values), "names": list(one.names)} for one in consequences
        ],
    }


def apply_correction(correction_id: int, by: Actor, now: datetime) -> dict[str, Any]:
    """Change the results, all or none, and return the summary of what was done.

    Raises DomainError: same_person (a second person has to apply), not_a_proposal, not_previewed, preview_stale where attempts came since.
    """
    with transaction() as session:
        connection = session.connection()
        correction = _proposal(connection, correction_id, is_locked=True)
        if correction.made_by_id == by[0]:
            raise DomainError("same_person", "Người đề nghị không tự áp dụng được. Một cán bộ khác có quyền phải xem và áp dụng.")
        if correction.summary is None:
            raise DomainError("not_previewed", "Chưa tính xong những gì sẽ thay đổi nên chưa áp dụng được.")
        changes = list(find_changes(connection, correction, corrections_of(connection, correction.quiz_id)))
        previewed = select(CorrectionChange.attempt_id, CorrectionChange.before, CorrectionChange.after).where(
            CorrectionChange.correction_id == correction_id
        )
        seen = {row.attempt_id: (row.before, row.after) for row in connection.execute(previewed)}
        if seen != {one.attempt_id: (one.before.as_json(), one.after.as_json()) for one in changes}:
            raise DomainError("preview_stale", "Có bài nộp hoặc thay đổi sau lần xem trước. Hãy tính lại rồi áp dụng.")
        _write(session, correction, changes, now)
        consequences = _follow(session, correction.quiz_id, changes, hooks.Why(by, now, correction.reason))
        summary = summarise(changes, consequences)
        session.execute(
            update(Correction)
            .where(Correction.id == correction_id)
            .values(state="applied", applied_by_id=by[0], applied_by_name=by[1], applied_at=now, summary=summary)
        )
        _note(session, "apply_correction", correction, summary, by, now, correction.reason)
    return summary


def revert_correction(correction_id: int, by: Actor, reason: str, now: datetime) -> dict[str, Any]:
    """Put every result back as it was before the correction; return the summary of what follows.

    Raises InvalidInput without a reason, DomainError not_the_last where a later correction of the quiz stands on it,
    results_moved where a result has changed since in another way.
    """
    if not reason.strip():
        raise InvalidInput("reason_missing", "Hãy ghi lý do; người làm bài sẽ đọc được.", field="reason")
    with transaction() as session:
        connection = session.connection()
        correction = session.get(Correction, correction_id, with_for_update=True)
        if correction is None or correction.state != "applied":
            raise DomainError("not_applied", "Lần sửa này chưa áp dụng hoặc đã hoàn lại.")
        if corrections_of(connection, correction.quiz_id)[-1].id != correction_id:
            raise DomainError("not_the_last", "Có lần sửa khác sau lần này. Hãy hoàn lại lần sau trước.")
        query = (
            select(CorrectionChange, Attempt)
            .join(Attempt, Attempt.id == CorrectionChange.attempt_id)
            .where(CorrectionChange.correction_id == correction_id)
        )
        changes = []
        for row, attempt in session.execute(query.order_by(Attempt.id)):
            if (told(read_marks(attempt.marks)), attempt.max_mark) != (row.after["marks"], Decimal(row.after["max_mark"])):
                raise DomainError(
                    "results_moved", "Có bài đã đổi điểm vì việc khác sau lần sửa này nên không hoàn lại được cả loạt."
                )
            assert attempt.submitted_at is not None
            changes.append(
                Change(
                    attempt.id, attempt.member_id, attempt.submitted_at, Result.from_json(row.after), Result.from_json(row.before)
                )
            )
        _write(session, correction, changes, now, {"reverted": True, "reason": reason.strip()})
        consequences = _follow(session, correction.quiz_id, changes, hooks.Why(by, now, reason.strip()))
        correction.state, correction.reverted_at, correction.revert_reason = "reverted", now, reason.strip()
        correction.reverted_by_id, correction.reverted_by_name = by
        summary = summarise(changes, consequences)
        _note(session, "revert_correction", correction, summary, by, now, reason.strip())
    return summary


def drop_proposal(correction_id: int, by: Actor, now: datetime) -> None:
    """Give a proposal up; nothing else changes."""
    with transaction() as session:
        correction = _proposal(session.connection(), correction_id, is_locked=True)
        session.execute(update(Correction).where(Correction.id == correction_id).values(state="dropped"))
        _note(session, "drop_correction", correction, None, by, now, correction.reason)


def _proposal(connection: Connection, correction_id: int, is_locked: bool = False) -> Any:
    query = select(Correction.__table__).where(Correction.id == correction_id)
    found = connection.execute(query.with_for_update() if is_locked else query).one_or_none()
    if found is None:
        raise NotFound()
    if found.state != "previewed":
        raise DomainError("not_a_proposal", "Đề nghị này đã được áp dụng, hoàn lại hoặc bỏ.")
    return found


def _follow(session: Session, quiz_id: int, changes: Sequence[Change], why: hooks.Why) -> list[hooks.Consequence]:
    regraded = [
        hooks.Regraded(
            one.attempt_id, quiz_id, one.member_id, one.submitted_at, one.before.mark, one.after.mark, one.after.max_mark,
            one.before.is_passed, one.after.is_passed,
        )
        for one in changes
    ]  # fmt: skip
    return [found for follow in hooks.after_regrade for found in follow(session, regraded, why)]


def _write(
    session: Session, correction: Any, changes: Sequence[Change], now: datetime, told_besides: Mapping[str, Any] = {}
) -> None:
    """Results and lines of the logs, many rows a statement; `told_besides` goes into each line."""
    connection = session.connection()
    session.expire_all()
    change_row = (
        update(cast(Table, Attempt.__table__))
        .where(Attempt.__table__.c.id == bindparam("attempt"))
        .values({name: bindparam(f"new_{name}") for name in ("marks", "mark", "max_mark", "correct_count", "is_passed", "marking")})
    )
    for first in range(0, len(changes), CHUNK):
        part = changes[first : first + CHUNK]
        tails = _tails(connection, [one.attempt_id for one in part])
        rows, lines = [], []
        for one in part:
            after = one.after
            rows.append(
                {
                    "attempt": one.attempt_id, "new_marks": told(after.marks), "new_mark": after.mark, "new_max_mark": after.max_mark,
                    "new_correct_count": after.correct_count, "new_is_passed": after.is_passed, "new_marking": after.marking,
                }
            )  # fmt: skip
            seq, digest = tails[one.attempt_id]
            data = {
                "correction": correction.id,
                "marks": told(after.marks),
                "total": plain(after.mark),
                "max": plain(after.max_mark),
            }
            event = Event(seq + 1, now, "regraded", None, {**data, **told_besides})
            lines.append(
                {
                    "attempt_id": one.attempt_id, "seq": event.seq, "at": now, "kind": event.kind, "slot": None, "data": event.data,
                    "client_seq": None, "key": None, "digest": event_digest(digest, one.attempt_id, event, None),
                }
            )  # fmt: skip
        connection.execute(change_row, rows)
        connection.execute(insert(_EVENTS), lines)


def _tails(connection: Connection, attempt_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Last line of each log: its number and digest."""
    last = (
        select(AttemptEvent.attempt_id, func.max(AttemptEvent.seq).label("seq"))
        .where(AttemptEvent.attempt_id.in_(attempt_ids))
        .group_by(AttemptEvent.attempt_id)
        .subquery()
    )
    query = select(AttemptEvent.attempt_id, AttemptEvent.seq, AttemptEvent.digest).join(
        last, (last.c.attempt_id == AttemptEvent.attempt_id) & (last.c.seq == AttemptEvent.seq)
    )
    return {attempt_id: (seq, digest) for attempt_id, seq, digest in connection.execute(query)}


def _keep_changes(session: Session, correction_id: int, changes: Sequence[Change]) -> None:
    rows = [
        {"correction_id": correction_id, "attempt_id": one.attempt_id, "before": one.before.as_json(), "after": one.after.as_json()}
        for one in changes
    ]
    for first in range(0, len(rows), CHUNK):
        session.execute(insert(CorrectionChange), rows[first : first + CHUNK])


def _note(
    session: Session, action: str, correction: Any, summary: Mapping[str, Any] | None, by: Actor, now: datetime, reason: str
) -> None:
    code = session.scalar(
        select(Question.code)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(QuestionVersion.id == correction.version_id)
    )
    quiz = session.get_one(Quiz, correction.quiz_id)
    after = {
        "correction": correction.id,
        "question": code,
        "kind": correction.kind,
        "policy": correction.policy,
        **(summary or {}).get("tally", {}),
    }
    record(session, now, by, action, ("quiz", quiz.id, quiz.title), after=after, reason=reason)
