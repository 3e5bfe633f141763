"""Files handed in with an answer. They count only where an answer names them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from elearn.core import blobs
from elearn.core.db import write_connection
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.questions.queries import TYPES, render_versions
from elearn.quizzes.models import AttemptFile
from elearn.quizzes.rules.attempts import PREDICTION_SLOT
from elearn.quizzes.rules.handing_in import check_file
from elearn.quizzes.rules.saving import check_late, check_write
from elearn.quizzes.rules.timing import is_worth_keeping
from elearn.quizzes.services.log import lock_attempt, sitting_of, tail


def hand_in_file(attempt_id: int, member_id: int, slot: int, name: str, data: bytes, holder: str, now: datetime) -> dict[str, Any]:
    """Keep a file for an answer; its name and size. The bytes are on disk before the database knows of them.

    Raises NotFound, InvalidInput bad_file, no_files, too_many_files, name_taken; DomainError as `rules.saving`. A file that comes after
    the time is kept too, for a late answer that names it.
    """
    name, mimetype = check_file(name, data)
    digest = blobs.keep(data)
    refused: DomainError | None = None
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        last, _ = tail(connection, attempt_id, None)
        try:
            check_write(sitting_of(attempt, last), slot, holder, now)
        except DomainError as refusal:
            is_submitted = attempt.state == "submitted"
            is_late = refusal.code in ("deadline_passed", "already_submitted")
            if not is_late or not is_worth_keeping(is_submitted, attempt.submitted_at, attempt.deadline_at, None, now):
                raise
            check_late(sitting_of(attempt, last), slot)
            refused = refusal
        most = 0
        if slot != PREDICTION_SLOT:
            shown = render_versions([attempt.paper[slot - 1]["version"]], connection)[0]
            most = int(shown.body.get("attachments", 0)) if TYPES[shown.type].needs_marker else 0
        if not most:
            raise InvalidInput("no_files", "Câu này không nhận tệp.", field="file")
        mine = (AttemptFile.attempt_id == attempt_id, AttemptFile.slot == slot)
        if connection.scalar(select(AttemptFile.id).where(*mine, AttemptFile.name == name)) is not None:
            raise InvalidInput("name_taken", "Đã có tệp tên này. Hãy gỡ tệp cũ trước khi tải tệp mới.", field="file")
        if (connection.scalar(select(func.count()).select_from(AttemptFile).where(*mine)) or 0) >= most:
            raise InvalidInput("too_many_files", "Câu này nhận nhiều nhất %(most)s tệp.", field="file", most=most)
        values = {"name": name, "digest": digest, "mimetype": mimetype, "size": len(data), "uploaded_at": now}
        connection.execute(insert(AttemptFile).values(attempt_id=attempt_id, slot=slot, **values))
    if refused is not None:
        raise refused
    return {"name": name, "size": len(data)}


def remove_file(attempt_id: int, member_id: int, slot: int, name: str, holder: str, now: datetime) -> None:
    """Take a file back; NotFound where there is none of that name, DomainError as `rules.saving`."""
    with write_connection() as connection:
        attempt = lock_attempt(connection, attempt_id, member_id)
        last, _ = tail(connection, attempt_id, None)
        check_write(sitting_of(attempt, last), slot, holder, now)
        gone = connection.execute(
            delete(AttemptFile).where(AttemptFile.attempt_id == attempt_id, AttemptFile.slot == slot, AttemptFile.name == name)
        )
        if not gone.rowcount:
            raise NotFound("no_file", "Không có tệp này.")
