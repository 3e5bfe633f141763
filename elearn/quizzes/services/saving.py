"""Saves what a page sends: each request an event or a few in one short transaction, acknowledged only when it is on disk.

Every function here asks `rules.saving` before it writes; there is no other way into a log for a taker.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, bindparam, insert, select, update

from elearn.core.db import write_connection
from elearn.lib.canonical import canonical
from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.numbers import parse_scaled
from elearn.lib.periods import as_json
from elearn.questions.queries import TYPES, render_versions
from elearn.quizzes.hooks import told_beside
from elearn.quizzes.models import Attempt, AttemptEvent, AttemptFile, LateResponse
from elearn.quizzes.rules.attempts import CHECKED, MOVED, PREDICTION_SLOT, Answer, receipt, unwrap, wrap
from elearn.quizzes.rules.review import visible
from elearn.quizzes.rules.saving import Sitting, check_late, check_move, check_write
from elearn.quizzes.rules.timing import LATE_LIMIT, is_over, is_worth_keeping
from elearn.quizzes.services.log import Written, append, lock_attempt, sitting_of, tail

_ATTEMPT = cast(Table, Attempt.__table__)
_TAKE = update(_ATTEMPT).where(_ATTEMPT.c.id == bindparam("attempt")).values(holder=bindparam("page"))
_MOVE = update(_ATTEMPT).where(_ATTEMPT.c.id == bindparam("attempt")).values(position=bindparam("slot"))
LONGEST_SHORT = 4000
"""Characters of a response, as JSON, to a question that no person reads."""
TOLD_FROM = 5
"""Seconds from which it is written down that the page had held an answer back."""


@dataclass(frozen=True)
class Note:
    """What a page tells beside its saves: a question shown, the network lost or regained, for how many seconds."""

    kind: str
    slot: int | None = None
    seconds: int | None = None


@dataclass(frozen=True)
class Save:
    """What a page asks to be saved. `key` names the request, `client_seq` orders the saves of a page, `holder` names the page.

    `waited_seconds`: how long the page says that it had held the answer back. It decides nothing.
    """

    slot: int
    response: Any
    client_seq: int
    key: str
    holder: str = ""
    certainty: int | None = None
    waited_seconds: int | None = None
    notes: tuple[Note, ...] = ()


def save_response(attempt_id: int, member_id: int, save: Save, now: datetime) -> dict[str, Any]:
    """Save an answer; return saved_at, seq, receipt and remaining_seconds, and what features put beside the receipt.

    Repeating a key gives the first answer again and changes nothing. Raises NotFound, InvalidInput, or DomainError with the codes of
    `rules.saving`; an answer that comes too late is then kept beside the log, and the message says so.
    """
    refused: DomainError | None = None
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        last, same = tail(connection, attempt_id, save.key)
        if same is None:
            sitting = sitting_of(attempt, last)
            try:
                check_write(sitting, save.slot, save.holder, now, checked_slots(connection, attempt))
            except DomainError as refusal:
                if refusal.code not in ("deadline_passed", "already_submitted"):
                    raise
                refused = refusal
            data = check_response(connection, attempt, save)
            if refused is None:
                same = write_save(connection, attempt_id, last, save, data, now)
            elif keep_late(connection, attempt, sitting, save, data, now):
                refused = kept_late(refused.code)
    if same is None:
        assert refused is not None  # either something was written, or there is a reason why not
        raise refused
    return {**acknowledgement(same, attempt.deadline_at, now), **told_beside(attempt.quiz_id, same.at)}


def write_save(connection: Connection, attempt_id: int, last: Written | None, save: Save, data: Any, now: datetime) -> Written:
    """The notes that came with an answer, then the answer."""
    last = write_notes(connection, attempt_id, last, save.notes, now)
    return append(
        connection, attempt_id, last, now, "answered", slot=save.slot, data=data, client_seq=save.client_seq, key=save.key
    )


def write_notes(
    connection: Connection, attempt_id: int, last: Written | None, notes: tuple[Note, ...], now: datetime, key: str | None = None
) -> Written | None:
    """A line for each note, the first one under `key`; the last line afterwards."""
    for note in notes:
        data = None if note.seconds is None else {"seconds": note.seconds}
        last = append(connection, attempt_id, last, now, note.kind, slot=note.slot, data=data, key=key)
        key = None
    return last


def set_flag(attempt_id: int, member_id: int, save: Save, now: datetime) -> dict[str, Any]:
    """Mark a question to look at again, or take the mark off; like `save_response`, but what comes too late is not kept."""
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        last, same = tail(connection, attempt_id, save.key)
        if same is None:
            check_write(sitting_of(attempt, last), save.slot, save.holder, now)
            if save.slot == PREDICTION_SLOT or not isinstance(save.response, bool):
                raise InvalidInput("bad_slot", "Đề này không có câu đó.", field="slot")
            last = write_notes(connection, attempt_id, last, save.notes, now)
            same = append(
                connection, attempt_id, last, now, "flagged", slot=save.slot, data=save.response, client_seq=save.client_seq,
                key=save.key,
            )  # fmt: skip
    return acknowledgement(same, attempt.deadline_at, now)


def move_on(attempt_id: int, member_id: int, save: Save, now: datetime) -> tuple[dict[str, Any], bool]:
    """Go on to the next question for good, where a quiz goes forward only; (acknowledgement, whether that question is the present one)."""
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        last, same = tail(connection, attempt_id, save.key)
        position = attempt.position
        if same is None:
            sitting = sitting_of(attempt, last)
            check_write(sitting, None, save.holder, now)
            check_move(sitting, save.slot)
            last = write_notes(connection, attempt_id, last, save.notes, now)
            same = append(
                connection, attempt_id, last, now, "shown", slot=save.slot, data=MOVED, client_seq=save.client_seq, key=save.key
            )
            connection.execute(_MOVE, {"attempt": attempt_id, "slot": save.slot})
            position = save.slot
    return acknowledgement(same, attempt.deadline_at, now), position == save.slot


def check_answer(attempt_id: int, member_id: int, save: Save, now: datetime) -> dict[str, Any]:
    """Let the taker see, while the paper is being sat, what the quiz shows then of one question; it cannot be changed afterwards.

    Raises DomainError nothing_to_see where the quiz shows nothing then.
    """
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        last, same = tail(connection, attempt_id, save.key)
        if same is None:
            check_write(sitting_of(attempt, last), save.slot, save.holder, now)
            if save.slot == PREDICTION_SLOT or not visible(attempt.review, attempt.review_grid, "during"):
                raise DomainError("nothing_to_see", "Bài này không cho xem kết quả trong khi làm.")
            same = append(
                connection, attempt_id, last, now, "shown", slot=save.slot, data=CHECKED, client_seq=save.client_seq, key=save.key
            )
    return acknowledgement(same, attempt.deadline_at, now)


def take_notes(attempt_id: int, member_id: int, notes: tuple[Note, ...], key: str, now: datetime) -> None:
    """Write down what a page tells that had no answer to travel with; once for each key, and nothing after the end."""
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        last, same = tail(connection, attempt_id, key)
        if same is None and attempt.state == "open" and not is_over(attempt.deadline_at, attempt.grace_seconds, now):
            check_write(sitting_of(attempt, last), None, "", now)
            write_notes(connection, attempt_id, last, notes, now, key)


def take_hold(attempt_id: int, member_id: int, holder: str, now: datetime) -> int:
    """Let the page `holder` do the saving from now on; return the seconds that remain. Other pages become read-only."""
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        if attempt.holder != holder:
            last, _ = tail(connection, attempt_id, None)
            check_write(sitting_of(attempt, last), None, "", now)
            connection.execute(_TAKE, {"attempt": attempt_id, "page": holder})
            append(connection, attempt_id, last, now, "held", data=holder)
    return remaining_seconds(attempt.deadline_at, now)


def checked_slots(connection: Connection, attempt: Row[Any]) -> frozenset[int]:
    """Questions whose result the taker has looked at; asked only where a quiz shows results while it is sat."""
    if not visible(attempt.review, attempt.review_grid, "during"):
        return frozenset()
    query = select(AttemptEvent.slot).where(
        AttemptEvent.attempt_id == attempt.id, AttemptEvent.kind == "shown", AttemptEvent.data == CHECKED
    )
    return frozenset(slot for slot in connection.scalars(query) if slot is not None)


def check_response(connection: Connection, attempt: Row[Any], save: Save) -> Any:
    """The data of an answer, its response in the one form of its type; raises InvalidInput for what cannot be."""
    if save.slot == PREDICTION_SLOT:
        return None if save.response in (None, "") else parse_scaled(str(save.response), attempt.prediction_decimals)
    asked = attempt.paper[save.slot - 1]
    shown = render_versions([asked["version"]], connection)[0]
    kind = TYPES[shown.type]
    if not kind.needs_marker and len(canonical(save.response)) > LONGEST_SHORT:
        raise InvalidInput("bad_response", "Câu trả lời không hợp lệ. Hãy chọn lại.", field="response")
    response = kind.read(shown.body, asked["order"], save.response)
    if kind.needs_marker and response and response.get("files"):
        check_files(connection, attempt.id, save.slot, response["files"])
    waited = save.waited_seconds if save.waited_seconds is not None and save.waited_seconds >= TOLD_FROM else None
    return wrap(Answer(response, save.certainty if attempt.certainty and response is not None else None, waited))


def check_files(connection: Connection, attempt_id: int, slot: int, names: list[str]) -> None:
    """Raise InvalidInput where a response names a file that was not handed in."""
    query = select(AttemptFile.name).where(AttemptFile.attempt_id == attempt_id, AttemptFile.slot == slot)
    if not set(names) <= set(connection.scalars(query)):
        raise InvalidInput("no_file", "Tệp này chưa được tải lên. Hãy tải lên lại.", field="response")


def keep_late(connection: Connection, attempt: Row[Any], sitting: Sitting, save: Save, data: Any, now: datetime) -> bool:
    """Keep an answer that came too late beside the log, once for each key; whether it is kept (now or since before)."""
    if not is_worth_keeping(attempt.state == "submitted", attempt.submitted_at, attempt.deadline_at, save.waited_seconds, now):
        return False
    check_late(sitting, save.slot)
    known = connection.execute(select(LateResponse.key).where(LateResponse.attempt_id == attempt.id)).scalars().all()
    if save.key in known:
        return True
    if len(known) >= LATE_LIMIT:
        return False
    connection.execute(
        insert(LateResponse).values(
            attempt_id=attempt.id, slot=save.slot, response=without_wait(data), client_seq=save.client_seq, key=save.key,
            waited_seconds=save.waited_seconds, received_at=now, decision="waiting",
        )
    )  # fmt: skip
    return True


def without_wait(data: Any) -> Any:
    """The data of an answer without how long it was held back: that stands in a column of its own."""
    return wrap(replace(unwrap(data), waited_seconds=None))


def kept_late(code: str) -> DomainError:
    """The refusal of an answer that came too late and was kept."""
    if code == "already_submitted":
        return DomainError(code, "Bài này đã nộp. Câu trả lời đến muộn đã được giữ lại, chờ người phụ trách quyết định.")
    return DomainError(code, "Đã hết giờ. Câu trả lời đến muộn đã được giữ lại, chờ người phụ trách quyết định.")


def remaining_seconds(deadline_at: datetime, now: datetime) -> int:
    """Whole seconds to the deadline, 0 after it."""
    return max(0, int((deadline_at - now).total_seconds()))


def acknowledgement(written: Written, deadline_at: datetime, now: datetime) -> dict[str, Any]:
    """What the page is told of a save that is on disk."""
    return {
        "saved_at": as_json(written.at),
        "seq": written.seq,
        "receipt": receipt(written.digest),
        "remaining_seconds": remaining_seconds(deadline_at, now),
    }
