"""The essay (bài thu hoạch) of a class: asked through written work, marked blind by examiners, its mark entered into the sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.classes.models import Enrolment
from elearn.classes.queries.results import ESSAY, find_essay
from elearn.classes.rules.sheet import Key
from elearn.classes.services.results import lock_cohort, write_marks
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput
from elearn.marking.hooks import Marked
from elearn.marking.models import Script
from elearn.marking.services import ScriptSpec, hand_in_again
from elearn.submissions.models import Assignment, AssignmentTarget, SubmissionVersion
from elearn.submissions.rules.assignments import ONE_TEXT, AssignmentSpec, Kind
from elearn.submissions.rules.states import HANDED_IN
from elearn.submissions.services import make_assignment, take_targets

ActorName = tuple[int | None, str]
ORIGIN = "cohort_essay"
"""Origin of the scripts: the id there is that of the target of the assignment."""
TOP = Decimal(10)
DEFAULT_RUBRIC = "Nắm vững nội dung | 6\nLiên hệ bản thân, đơn vị | 3\nTrình bày | 1"
_TYPES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


def ask_essay(actor: ActorName, cohort_id: int, title: str, prompt: str, due_at: datetime, takes_file: bool, now: datetime) -> int:
    """Ask everybody in the class for an essay; return the assignment's id. Raises DomainError where one has been asked already."""
    with transaction() as session:
        cohort = lock_cohort(session, cohort_id)
        if find_essay(cohort_id) is not None:
            raise DomainError("essay_asked", "Lớp này đã giao bài thu hoạch.")
        spec = AssignmentSpec(
            ESSAY,
            cohort_id,
            Kind.ESSAY,
            "member",
            title,
            cohort.unit_id,
            due_at,
            prompt=prompt,
            fields=ONE_TEXT,
            takes_file=takes_file,
        )
        assignment_id = make_assignment(session, actor, spec, now)
        _take(session, actor, assignment_id, cohort_id, now)
        return assignment_id


def _take(session: Session, actor: ActorName, assignment_id: int, cohort_id: int, now: datetime) -> None:
    whom = select(Enrolment.member_id).where(Enrolment.cohort_id == cohort_id, Enrolment.withdrawn_at.is_(None))
    take_targets(session, actor, assignment_id, whom, now)


def refresh_essay(session: Session, actor: ActorName, cohort_id: int, now: datetime) -> None:
    """Bring the list of those who must write to that of the class, where an essay was asked: people come late and withdraw."""
    found = session.scalar(select(Assignment.id).where(Assignment.origin == ESSAY, Assignment.origin_id == cohort_id))
    if found is not None:
        _take(session, actor, found, cohort_id, now)


def read_rubric(text: str) -> list[dict[str, Any]]:
    """Criteria from lines "name | points" that make 10 together; none: one mark. Raises InvalidInput."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, _, points = line.rpartition("|")
        try:
            value = Decimal(points.strip().replace(",", "."))
        except InvalidOperation:
            value = Decimal(0)
        if not name.strip() or not 0 < value <= TOP:
            raise InvalidInput(
                "rubric_line", "Dòng %(number)s: hãy ghi tiêu chí, dấu | rồi số điểm.", field="rubric", number=number
            )
        found.append({"name": name.strip()[:120], "points": str(value)})
    if found and sum(Decimal(one["points"]) for one in found) != TOP:
        raise InvalidInput("rubric_total", "Điểm các tiêu chí phải cộng lại đúng 10.", field="rubric")
    return found


def give_to_examiners(actor: ActorName, cohort_id: int, rubric: str, examiners: int, now: datetime) -> int:
    """Put everything handed in on one pile under blind numbers; what was handed in again takes its old place. Returns how many are new or renewed."""
    criteria = read_rubric(rubric)
    with transaction() as session:
        cohort = lock_cohort(session, cohort_id)
        assignment = find_essay(cohort_id)
        if assignment is None:
            raise DomainError("no_essay", "Lớp này chưa giao bài thu hoạch.")
        handed_in = _handed_in(session, assignment.id)
        connection = session.connection()
        prompt = "".join(f"<p>{escape(line)}</p>" for line in (assignment.prompt or assignment.title).splitlines() if line.strip())
        known = dict(
            session.execute(
                select(Script.origin_id, Script.handed_in_at).where(Script.origin == ORIGIN, Script.pile == f"cohort:{cohort_id}")
            ).all()
        )
        fresh = {one: version for one, version in handed_in.items() if one not in known or version.submitted_at > known[one]}
        for target_id, version in fresh.items():
            spec = ScriptSpec(
                ORIGIN, target_id, 0, f"cohort:{cohort_id}", f"{assignment.title}, {cohort.title}", cohort.unit_id, prompt,
                "\n\n".join(str(value) for value in (version.answers or {}).values()), TOP, files=_files(version), rubric=criteria,
                examiners=examiners,
            )  # fmt: skip
            hand_in_again(connection, spec, now)
        after = {"scripts": len(fresh)}
        record(session, now, actor, "give_to_examiners", ("cohort", cohort_id, cohort.title), after=after)
        return len(fresh)


def _handed_in(session: Session, assignment_id: int) -> Mapping[int, SubmissionVersion]:
    """By target: what they handed in last."""
    query = (
        select(SubmissionVersion)
        .join(AssignmentTarget, AssignmentTarget.id == SubmissionVersion.target_id)
        .where(
            AssignmentTarget.assignment_id == assignment_id, AssignmentTarget.removed_at.is_(None),
            AssignmentTarget.state.in_(HANDED_IN),
        )
        .order_by(SubmissionVersion.number)
    )  # fmt: skip
    return {one.target_id: one for one in session.scalars(query)}


def _files(version: SubmissionVersion) -> Sequence[Mapping[str, Any]]:
    if not version.file_digest:
        return ()
    ending = version.file_name.rpartition(".")[2].lower()
    # The name given by the writer may name the writer.
    return (
        {
            "name": f"bai-thu-hoach.{ending}", "digest": version.file_digest,
            "mimetype": _TYPES.get(ending, "application/octet-stream"), "size": version.file_size,
        },
    )  # fmt: skip


def take_mark(session: Session, marked: Marked) -> None:
    """The examiners' mark goes into the sheet."""
    target = session.get_one(AssignmentTarget, marked.origin_id)
    assignment = session.get_one(Assignment, target.assignment_id)
    enrolment_id = session.scalar(
        select(Enrolment.id).where(Enrolment.cohort_id == assignment.origin_id, Enrolment.member_id == target.member_id)
    )
    if enrolment_id is not None:
        writes: dict[Key, Decimal | None] = {(enrolment_id, "essay"): marked.mark}
        write_marks(session, writes, marked.by, marked.at)
