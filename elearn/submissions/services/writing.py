"""Writing and handing in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core import blobs
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.submissions.hooks import is_asking
from elearn.submissions.models import AssignmentTarget, Submission, SubmissionStep, SubmissionVersion
from elearn.submissions.queries.targets import deadlines_of_many
from elearn.submissions.rules.assignments import kept_answers
from elearn.submissions.rules.files import check_file
from elearn.submissions.rules.states import check_complete, check_withdrawable, check_writable, late_days

ActorName = tuple[int | None, str]


def locked(session: Session, target_id: int) -> AssignmentTarget:
    """The target for a change, held against others; raises NotFound."""
    target = session.scalar(select(AssignmentTarget).where(AssignmentTarget.id == target_id).with_for_update())
    if target is None:
        raise NotFound()
    return target


def note_step(session: Session, actor: ActorName, target: AssignmentTarget, step: str, now: datetime, reason: str = "") -> None:
    """Write down what happened, for both sides and for the audit log."""
    session.add(SubmissionStep(target_id=target.id, at=now, step=step, reason=reason, by_id=actor[0], by_name=actor[1][:120]))
    record(
        session, now, actor, f"submission_{step}", ("assignment_target", target.id, f"{target.assignment.title}: {target.name}"[:200]),
        reason=reason, concerns=[target.member_id] if target.member_id else (),
    )  # fmt: skip


def _check(target: AssignmentTarget, now: datetime) -> None:
    asked = target.assignment
    is_asked = is_asking(asked.origin, asked.origin_id, now)
    check_writable(target.state, target.exempted_at is not None, target.removed_at is not None, asked.closes_at, now, is_asked)


def _open_draft(
    session: Session, actor: ActorName, target_id: int, revision: int | None, now: datetime
) -> tuple[AssignmentTarget, Submission]:
    """The draft for a change, made where there is none; raises DomainError where it may not be written, or another one was quicker."""
    target = locked(session, target_id)
    _check(target, now)
    draft = session.get(Submission, target_id)
    if draft is None:
        draft = Submission(target_id=target_id, answers={}, revision=0)
        session.add(draft)
    elif revision is not None and revision != draft.revision:
        raise DomainError(
            "written_meanwhile",
            "%(name)s vừa lưu bản nháp này ở nơi khác. Chữ bạn gõ vẫn còn trên trang: hãy xem lại rồi lưu lần nữa để ghi đè.",
            name=draft.saved_by_name,
        )
    draft.revision += 1
    draft.saved_at, draft.saved_by_id, draft.saved_by_name = now, actor[0], actor[1][:120]
    if target.state == "missing":
        target.state = "draft"
    return target, draft


def save_draft(actor: ActorName, target_id: int, answers: Mapping[str, str], revision: int, now: datetime) -> int:
    """Keep what was typed; return the new revision.

    `revision` is the one that the writer last saw. Raises DomainError written_meanwhile where another one has saved since, and as `check_writable`.
    """
    with transaction() as session:
        target, draft = _open_draft(session, actor, target_id, revision, now)
        draft.answers = kept_answers([one["key"] for one in target.assignment.fields], answers)
        return draft.revision


def attach(actor: ActorName, target_id: int, name: str, data: bytes, now: datetime) -> str:
    """Put a file to the draft in place of the one before; return its name as kept. Raises InvalidInput for a file that is not what it says."""
    name = check_file(name, data)
    digest = blobs.keep(data)
    with transaction() as session:
        target, draft = _open_draft(session, actor, target_id, None, now)
        if not target.assignment.takes_file:
            raise InvalidInput("no_files", "Bài này viết trực tiếp, không nhận tệp.", field="file")
        draft.file_name, draft.file_digest, draft.file_size = name, digest, len(data)
    return name


def detach(actor: ActorName, target_id: int, now: datetime) -> None:
    """Take the file off the draft."""
    with transaction() as session:
        _, draft = _open_draft(session, actor, target_id, None, now)
        draft.file_name, draft.file_digest, draft.file_size = "", "", 0


def hand_in(actor: ActorName, target_id: int, now: datetime) -> int:
    """Hand in the draft as it stands; return the number of the version. Raises InvalidInput for an empty box, DomainError as `check_writable`."""
    with transaction() as session:
        target = locked(session, target_id)
        assignment = target.assignment
        _check(target, now)
        draft = session.get(Submission, target_id)
        check_complete(assignment.fields, draft.answers if draft else {}, bool(draft and draft.file_digest))
        assert draft is not None
        number = 1 + (
            session.scalar(select(func.max(SubmissionVersion.number)).where(SubmissionVersion.target_id == target_id)) or 0
        )
        session.add(
            SubmissionVersion(
                target_id=target_id, number=number, answers=draft.answers, file_name=draft.file_name, file_digest=draft.file_digest,
                file_size=draft.file_size, submitted_at=now, submitted_by_id=actor[0], submitted_by_name=actor[1][:120],
            )
        )  # fmt: skip
        if target.state != "returned":  # what was returned came in time, or late, when it first came
            target.late_days = late_days(now, assignment.due_at)
        target.state, target.submitted_at = "submitted", now
        note_step(session, actor, target, "submitted", now)
        return number


def withdraw(actor: ActorName, target_id: int, now: datetime) -> None:
    """Take back what was handed in, to write on; only before the deadline. The version stays in the history."""
    with transaction() as session:
        target = locked(session, target_id)
        due_at = deadlines_of_many([target.assignment], session)[target.assignment_id].of(target.unit.path)
        check_withdrawable(target.state, due_at, now)
        target.state, target.submitted_at, target.late_days = "draft", None, 0
        note_step(session, actor, target, "withdrawn", now)
