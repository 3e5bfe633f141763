"""Targets of assignments: pages, counts by unit, what a person has to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, cast, func, or_, select
from sqlalchemy.orm import Session, joinedload

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.vietnamese import fold
from elearn.members.models import Member
from elearn.members.rules.permissions import PERMISSIONS, Actor, Holds
from elearn.submissions.hooks import is_asking
from elearn.submissions.models import (
    Assignment,
    AssignmentTarget,
    Submission,
    SubmissionStep,
    SubmissionVersion,
    UnitDeadline,
    UnitWriter,
)
from elearn.submissions.queries.access import in_scope, reviewable
from elearn.submissions.rules.states import BEING_WRITTEN, HANDED_IN, Counts, Deadlines
from elearn.units.models import Unit

T = AssignmentTarget
ON_LIST = T.removed_at.is_(None)
ASKED = and_(ON_LIST, T.exempted_at.is_(None))
_FILTERS: dict[str, ColumnElement[bool]] = {
    "not_done": and_(ASKED, T.state.in_(BEING_WRITTEN)),
    "submitted": and_(ASKED, T.state == "submitted"),
    "returned": and_(ASKED, T.state == "returned"),
    "accepted": and_(ASKED, T.state == "accepted"),
    "late": and_(ASKED, T.state.in_(HANDED_IN), T.late_days > 0),
    "exempt": and_(ON_LIST, T.exempted_at.is_not(None)),
    "removed": T.removed_at.is_not(None),
}
FILTERS = tuple(_FILTERS)


def filtered(assignment_id: int, state: str, words: str, paths: Sequence[str]) -> Select[Any]:
    """Targets within subtrees, in the order of their names; `state` is one of FILTERS, anything else is the whole list."""
    query = select(T).where(T.assignment_id == assignment_id, in_scope(paths), _FILTERS.get(state, ON_LIST))
    for word in fold(words).split()[:6]:
        query = query.where(T.search_key.contains(word, autoescape=True))
    return query.order_by(T.name_key, T.id)


def page_of_targets(assignment_id: int, state: str, words: str, paths: Sequence[str], number: int) -> Page[AssignmentTarget]:
    """One page of `filtered`."""
    return page_of(db.session(), filtered(assignment_id, state, words, paths).options(joinedload(T.unit)), number)


def list_targets(assignment_id: int, state: str, paths: Sequence[str], most: int | None = None) -> Sequence[AssignmentTarget]:
    """The first `most` of `filtered`, or all."""
    return db.session.scalars(filtered(assignment_id, state, "", paths).limit(most)).all()


def list_reviewable_ids(assignment: Assignment, ids: Sequence[int], paths: Sequence[str]) -> list[int]:
    """Those of the targets that officers of these subtrees may review: a form can name any."""
    query = select(T.id).where(T.assignment_id == assignment.id, T.id.in_(ids), reviewable(paths, assignment))
    return list(db.session.scalars(query.order_by(T.name_key, T.id)))


def neighbours(target: AssignmentTarget, state: str, paths: Sequence[str]) -> tuple[int | None, int | None]:
    """Ids of the targets before and after one in the order of names, among those of a state."""
    found = filtered(target.assignment_id, state, "", paths).with_only_columns(T.id).order_by(None)
    here = (T.name_key, T.id)
    after = or_(here[0] > target.name_key, and_(here[0] == target.name_key, here[1] > target.id))
    before = or_(here[0] < target.name_key, and_(here[0] == target.name_key, here[1] < target.id))
    return (
        db.session.scalar(found.where(before).order_by(T.name_key.desc(), T.id.desc()).limit(1)),
        db.session.scalar(found.where(after).order_by(T.name_key, T.id).limit(1)),
    )


def count_by_unit(assignment_id: int, paths: Sequence[str] | None = None) -> dict[int, Counts]:
    """Targets by the unit where they stood when put on the list, without those below it, all or within subtrees: one statement over an index."""
    is_late = and_(T.exempted_at.is_(None), T.late_days > 0)
    query = (
        select(T.unit_id, T.state, func.count(), func.count(T.exempted_at), func.sum(cast(is_late, Integer)))
        .where(T.assignment_id == assignment_id, ON_LIST)
        .group_by(T.unit_id, T.state)
    )
    if paths is not None:
        query = query.where(in_scope(paths))
    found: dict[int, Counts] = {}
    for unit_id, state, count, exempt, late in db.session.execute(query):
        part = Counts(**{state: count - exempt}, exempt=exempt, late=int(late) if state in HANDED_IN else 0)
        found[unit_id] = found[unit_id] + part if unit_id in found else part
    return found


def count_of(assignment_id: int, paths: Sequence[str]) -> Counts:
    """Targets within subtrees, added up."""
    return sum(count_by_unit(assignment_id, paths).values(), Counts())


def done_by_unit(assignment_id: int, as_of: datetime) -> dict[int, tuple[int, int]]:
    """(done, total) by unit as things stood at a moment, worked out from the steps: for reports about days gone by."""
    then, is_done = _as_of(assignment_id, as_of)
    query = then.with_only_columns(T.unit_id, func.sum(cast(is_done, Integer)), func.count()).group_by(T.unit_id)
    return {unit_id: (int(done), total) for unit_id, done, total in db.session.execute(query)}


def not_done_at(assignment_id: int, as_of: datetime, paths: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """(name, name of the unit, member) of targets within subtrees that were missing at a moment, in the order of names."""
    then, is_done = _as_of(assignment_id, as_of)
    return then.where(~is_done, in_scope(paths)).with_only_columns(T.name, T.unit_name, T.member_id).order_by(T.name_key, T.id)


def _as_of(assignment_id: int, as_of: datetime) -> tuple[Select[AssignmentTarget], ColumnElement[bool]]:
    """The targets that were on the list at a moment, and SQL for "done by then"."""
    latest = func.max(SubmissionStep.id)
    work = ("submitted", "withdrawn", "returned", "accepted")

    def last_of(steps: tuple[str, ...]) -> Any:
        newest = (
            select(SubmissionStep.target_id, latest.label("id"))
            .join(T, T.id == SubmissionStep.target_id)
            .where(T.assignment_id == assignment_id, SubmissionStep.at <= as_of, SubmissionStep.step.in_(steps))
            .group_by(SubmissionStep.target_id)
            .subquery()
        )
        return select(SubmissionStep.target_id, SubmissionStep.step).join(newest, newest.c.id == SubmissionStep.id).subquery()

    worked, exempted = last_of(work), last_of(("exempted", "unexempted"))
    is_done = or_(func.coalesce(worked.c.step, "").in_(("submitted", "accepted")), func.coalesce(exempted.c.step, "") == "exempted")
    then = (
        select(T)
        .outerjoin(worked, worked.c.target_id == T.id)
        .outerjoin(exempted, exempted.c.target_id == T.id)
        .where(T.assignment_id == assignment_id, T.added_at <= as_of, or_(T.removed_at.is_(None), T.removed_at > as_of))
    )
    return then, is_done


def find_submission(target_id: int) -> Submission | None:
    """What is being written, or None before the first save."""
    return db.session.get(Submission, target_id)


def list_versions(target_id: int) -> Sequence[SubmissionVersion]:
    """All that was handed in, the latest first."""
    query = select(SubmissionVersion).where(SubmissionVersion.target_id == target_id)
    return db.session.scalars(query.order_by(SubmissionVersion.number.desc())).all()


def list_steps(target_id: int) -> Sequence[SubmissionStep]:
    """What happened, the latest first."""
    query = select(SubmissionStep).where(SubmissionStep.target_id == target_id)
    return db.session.scalars(query.order_by(SubmissionStep.id.desc())).all()


def list_assignments(origin: str, origin_id: int) -> Sequence[Assignment]:
    """What one thing asks in writing, in the order in which it was asked."""
    query = select(Assignment).where(Assignment.origin == origin, Assignment.origin_id == origin_id)
    return db.session.scalars(query.order_by(Assignment.id)).all()


def deadlines_of(assignment: Assignment) -> Deadlines:
    """All deadlines of one assignment."""
    return deadlines_of_many([assignment])[assignment.id]


def deadlines_of_many(assignments: Sequence[Assignment], session: Session | None = None) -> dict[int, Deadlines]:
    """Deadlines of several assignments in one statement."""
    query = select(UnitDeadline.assignment_id, Unit.path, UnitDeadline.due_at).join(Unit, Unit.id == UnitDeadline.unit_id)
    found: dict[int, list[tuple[str, datetime]]] = {one.id: [] for one in assignments}
    for assignment_id, path, due_at in (session or db.session()).execute(query.where(UnitDeadline.assignment_id.in_(found))):
        found[assignment_id].append((path, due_at))
    return {one.id: Deadlines(one.due_at, tuple(found[one.id])) for one in assignments}


@dataclass(frozen=True)
class Work:
    """Something that a person has to write, for themselves or for a unit."""

    target: AssignmentTarget
    due_at: datetime


def list_works(actor: Actor, now: datetime) -> list[Work]:
    """What is asked of the person at a moment: their own, and that of units which they were named for or whose officer they are, the nearest deadline first.

    An officer of a unit may also write for those below it; that is offered on the officers' lists, not here.
    """
    paths = sorted(
        {
            one.unit_path
            for p in PERMISSIONS["submission.write"]
            if isinstance(p, Holds)
            for one in actor.grants
            if one.role in p.roles
        }
    )
    named = select(UnitWriter.unit_id).where(UnitWriter.member_id == actor.member_id)
    of_unit = and_(T.member_id.is_(None), or_(T.unit_id.in_(named), T.unit_id.in_(select(Unit.id).where(Unit.path.in_(paths)))))
    query = select(T).options(joinedload(T.assignment).joinedload(Assignment.unit), joinedload(T.unit))
    targets = db.session.scalars(query.where(ON_LIST, or_(T.member_id == actor.member_id, of_unit))).all()
    assignments = {one.assignment_id: one.assignment for one in targets}
    asked = {number for number, one in assignments.items() if is_asking(one.origin, one.origin_id, now)}
    targets = [one for one in targets if one.assignment_id in asked]
    deadlines = deadlines_of_many([assignments[number] for number in asked])
    works = [Work(one, deadlines[one.assignment_id].of(one.unit.path)) for one in targets]
    return sorted(works, key=lambda one: (one.due_at, one.target.id))


def list_writers(unit_id: int) -> Sequence[Row[UnitWriter, Member]]:
    """Members named to write for a unit, in the order of names."""
    query = select(UnitWriter, Member).join(Member, Member.id == UnitWriter.member_id).where(UnitWriter.unit_id == unit_id)
    return db.session.execute(query.order_by(Member.name_key, Member.id)).all()
