"""Saves answers and flags: each an event in one short transaction, acknowledged only when it is on disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, update

from elearn.core.db import write_connection
from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.numbers import parse_whole
from elearn.questions.queries import TYPES, render_versions
from elearn.quizzes.models import Attempt
from elearn.quizzes.rules.attempts import PREDICTION_SLOT, receipt
from elearn.quizzes.services.log import Written, append, lock_attempt, tail

_TAKE = update(Attempt).where(Attempt.id == bindparam("attempt")).values(holder=bindparam("page"))


@dataclass(frozen=True)
class Save:
    """What a page asks to be saved. `key` names the request, `client_seq` orders the saves of a page, `holder` names the page."""

    slot: int
    response: Any
    client_seq: int
    key: str
    holder: str = ""


def save_response(attempt_id: int, member_id: int, save: Save, now: datetime) -> dict[str, Any]:
    """Save an answer; return saved_at, seq, receipt and remaining_seconds.

    Repeating a key gives the first answer again and changes nothing. Raises NotFound, InvalidInput, or DomainError with the codes
    deadline_passed, already_submitted and taken_over.
    """
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        last, same = tail(connection, attempt_id, save.key)
        if same is None:
            check_open(attempt, save.holder, now)
            data = check_response(connection, attempt, save.slot, save.response)
            same = append(
                connection, attempt_id, last, now, "answered", slot=save.slot, data=data, client_seq=save.client_seq, key=save.key
            )
    return acknowledgement(same, attempt.deadline_at, now)


def set_flag(attempt_id: int, member_id: int, save: Save, now: datetime) -> dict[str, Any]:
    """Mark a question to look at again, or take the mark off; like `save_response`."""
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        last, same = tail(connection, attempt_id, save.key)
        if same is None:
            check_open(attempt, save.holder, now)
            if not 1 <= save.slot <= len(attempt.paper) or not isinstance(save.response, bool):
                raise InvalidInput("bad_slot", "Đề này không có câu đó.", field="slot")
            same = append(
                connection, attempt_id, last, now, "flagged", slot=save.slot, data=save.response, client_seq=save.client_seq,
                key=save.key,
            )  # fmt: skip
    return acknowledgement(same, attempt.deadline_at, now)


def take_hold(attempt_id: int, member_id: int, holder: str, now: datetime) -> int:
    """Let the page `holder` do the saving from now on; return the seconds that remain. Other pages become read-only."""
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        if attempt.holder != holder:
            check_open(attempt, "", now)
            last, _ = tail(connection, attempt_id, None)
            connection.execute(_TAKE, {"attempt": attempt_id, "page": holder})
            append(connection, attempt_id, last, now, "held", data=holder)
    return remaining_seconds(attempt.deadline_at, now)


def check_open(attempt: Row[Any], holder: str, now: datetime) -> None:
    """Raise DomainError where nothing may be saved any more, or not by this page."""
    if attempt.state != "open":
        raise DomainError("already_submitted", "Bài này đã nộp, không sửa được nữa.")
    if now > attempt.deadline_at + timedelta(seconds=attempt.grace_seconds):
        raise DomainError("deadline_passed", "Đã hết giờ. Các câu đã lưu trước đó vẫn được tính.")
    if holder and attempt.holder and holder != attempt.holder:
        raise DomainError("taken_over", "Bài đang mở ở thẻ hoặc máy khác. Câu trả lời đã lưu.")


def check_response(connection: Connection, attempt: Row[Any], slot: int, response: Any) -> Any:
    """What is stored for a response; raises InvalidInput for a slot or response that cannot be."""
    if slot == PREDICTION_SLOT and attempt.prediction_prompt:
        return None if response in (None, "") else parse_whole(str(response))
    if not 1 <= slot <= len(attempt.paper):
        raise InvalidInput("bad_slot", "Đề này không có câu đó.", field="slot")
    asked = attempt.paper[slot - 1]
    shown = render_versions([asked["version"]], connection)[0]
    return TYPES[shown.type].read(shown.body, asked["order"], response)


def remaining_seconds(deadline_at: datetime, now: datetime) -> int:
    """Whole seconds to the deadline, 0 after it."""
    return max(0, int((deadline_at - now).total_seconds()))


def acknowledgement(written: Written, deadline_at: datetime, now: datetime) -> dict[str, Any]:
    """What the page is told of a save that is on disk."""
    return {
        "saved_at": written.at.isoformat(),
        "seq": written.seq,
        "receipt": receipt(written.digest),
        "remaining_seconds": remaining_seconds(deadline_at, now),
    }
