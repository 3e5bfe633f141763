"""What written work offers to the first pages, and what becomes of a person's rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, url_for
from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from elearn.core.contributions import Contributions, Task
from elearn.core.db import db
from elearn.core.display import show_date
from elearn.core.i18n import gettext
from elearn.members import hooks as member_hooks
from elearn.members.rules.permissions import Actor
from elearn.submissions.models import Assignment, AssignmentTarget, Submission, SubmissionStep, SubmissionVersion, UnitWriter
from elearn.submissions.queries.targets import list_works
from elearn.submissions.rules.states import BEING_WRITTEN, State

TARGETS = member_hooks.Carried(AssignmentTarget, "member_id", "Bài phải nộp", ("assignment_id",))


def wire(app: Flask) -> None:
    """Fill the hooks of members; what is still to be written is a task."""
    member_hooks.add(member_hooks.results, TARGETS)
    member_hooks.add(member_hooks.after_merge, follow_writers)
    member_hooks.add(member_hooks.erasers, erase_person)
    member_hooks.add(member_hooks.own_data, own_data)
    offered: Contributions = app.extensions["contributions"]
    offered.tasks.append(tasks_of_writer)


ACTIONS = {State.MISSING: "Viết bài", State.DRAFT: "Viết tiếp", State.RETURNED: "Bổ sung và nộp lại"}


def tasks_of_writer(actor: Actor, now: datetime) -> list[Task]:
    """What the person has still to write, for themselves or for a unit."""
    found = []
    for work in list_works(actor, now):
        target, assignment = work.target, work.target.assignment
        is_over = assignment.closes_at is not None and assignment.closes_at < now
        if target.exempted_at is not None or target.state not in BEING_WRITTEN or is_over:
            continue
        title = gettext("Nộp bài: %(title)s", title=assignment.title)
        detail = gettext("Bài của tập thể %(unit)s", unit=target.unit_name) if target.member_id is None else ""
        note = gettext("Bài được trả lại để bổ sung") if target.state == State.RETURNED else ""
        if work.due_at < assignment.due_at:
            detail = " ".join(filter(None, [detail, gettext("Cấp trên giao hạn %(date)s.", date=show_date(assignment.due_at))]))
        action = gettext(ACTIONS[State(target.state)])
        found.append(Task(title, detail, action, url_for("submissions.write", target_id=target.id), work.due_at, note=note))
    return found


def follow_writers(session: Session, from_id: int, to_id: int) -> None:
    """The record that goes on writes for the units that the other one wrote for; an officer may take that back."""
    own = select(UnitWriter.unit_id).where(UnitWriter.member_id == to_id)
    for one in session.scalars(select(UnitWriter).where(UnitWriter.member_id == from_id, UnitWriter.unit_id.not_in(own))).all():
        session.add(UnitWriter(unit_id=one.unit_id, member_id=to_id, named_at=one.named_at, named_by_id=one.named_by_id))


def own_data(member_id: int) -> dict[str, Any]:
    """What a person handed in, for the export of their own data."""
    query = (
        select(Assignment.title, AssignmentTarget, Submission, SubmissionVersion)
        .join(AssignmentTarget, AssignmentTarget.assignment_id == Assignment.id)
        .outerjoin(Submission, Submission.target_id == AssignmentTarget.id)
        .outerjoin(SubmissionVersion, SubmissionVersion.target_id == AssignmentTarget.id)
        .where(AssignmentTarget.member_id == member_id)
    )
    return {
        "submissions": [
            {
                "title": title, "state": target.state, "exempt": target.exempt_reason, "draft": draft.answers if draft else None,
                "handed_in": version.answers if version else None, "file": version.file_name if version else "",
                "at": version.submitted_at.isoformat() if version else None,
            }
            for title, target, draft, version in db.session.execute(query.order_by(AssignmentTarget.id, SubmissionVersion.number))
        ]
    }  # fmt: skip


def erase_person(session: Session, member_id: int, name: str) -> None:
    """What the person wrote for themselves goes; their name is replaced wherever it stands; counts stay."""
    own = select(AssignmentTarget.id).where(AssignmentTarget.member_id == member_id)
    nothing = {"answers": {}, "file_name": "", "file_digest": "", "file_size": 0}
    for model in (Submission, SubmissionVersion):
        session.execute(update(model).where(model.target_id.in_(own)).values(nothing))
    kept_reason = case((AssignmentTarget.exempted_at.is_not(None), "–"), else_="")
    renamed = {"name": name, "name_key": "~", "search_key": "", "exempt_reason": kept_reason}
    session.execute(update(AssignmentTarget).where(AssignmentTarget.member_id == member_id).values(renamed))
    session.execute(update(SubmissionStep).where(SubmissionStep.target_id.in_(own)).values(reason=""))
    session.execute(update(SubmissionStep).where(SubmissionStep.by_id == member_id).values(by_name=name))
    session.execute(update(Submission).where(Submission.saved_by_id == member_id).values(saved_by_name=name))
    session.execute(update(SubmissionVersion).where(SubmissionVersion.submitted_by_id == member_id).values(submitted_by_name=name))
