"""Who may see, write and review what; each list agrees with the predicate beside it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.lib.errors import NotFound
from elearn.lib.tree import is_within
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, demand, may, role_paths
from elearn.submissions.models import Assignment, AssignmentTarget, UnitWriter
from elearn.units.models import Unit


def writers_of(unit_id: int) -> frozenset[int]:
    """Members named to write for a unit."""
    return frozenset(db.session.scalars(select(UnitWriter.member_id).where(UnitWriter.unit_id == unit_id)))


def written_by(target: AssignmentTarget) -> Subject:
    """The target as `submission.write` sees it: a person's is theirs alone, a unit's is that of its officers and named writers."""
    if target.member_id is not None:
        return Subject(owner_id=target.member_id)
    return Subject(target.unit.path, named_ids=writers_of(target.unit_id))


def reviewed_by(target: AssignmentTarget) -> Subject:
    """The target as `submission.review` sees it: a unit's is reviewed from above, so that no officer accepts their own."""
    path = target.unit.path
    if target.member_id is None and target.unit_id != target.assignment.unit_id:
        path = path[: path.rstrip("/").rfind("/") + 1]
    return Subject(path)


def seen_by(target: AssignmentTarget) -> Subject:
    """The target as `submission.list` and `submission.read` see it."""
    return Subject(target.unit.path, target.member_id)


def _target(target_id: int) -> AssignmentTarget | None:
    loading = [joinedload(AssignmentTarget.assignment).joinedload(Assignment.unit), joinedload(AssignmentTarget.unit)]
    return db.session.get(AssignmentTarget, target_id, options=loading)


def access_own(actor: Actor, target_id: int) -> AssignmentTarget:
    """The target for whoever writes it; NotFound for everybody else."""
    target = _target(target_id)
    if target is None or not may(actor, "submission.write", written_by(target)):
        raise NotFound()
    return target


def access_target(actor: Actor, target_id: int, permission: str = "submission.read") -> AssignmentTarget:
    """The target for officers. NotFound where it lies outside their scope, Forbidden where they may not do this."""
    target = _target(target_id)
    if target is None or not may(actor, "submission.list", seen_by(target)):
        raise NotFound()
    demand(actor, permission, reviewed_by(target) if permission == "submission.review" else seen_by(target))
    return target


def access_assignment(actor: Actor, assignment_id: int) -> Assignment:
    """The assignment for officers whose scope holds the unit that asks, or any target; NotFound otherwise."""
    found = db.session.get(Assignment, assignment_id, options=[joinedload(Assignment.unit)])
    paths = role_paths(actor, "submission.list")
    if found is None or not paths:
        raise NotFound()
    if not any(is_within(found.unit.path, path) for path in paths):
        inside = select(AssignmentTarget.id).where(AssignmentTarget.assignment_id == found.id, in_scope(paths))
        if db.session.scalar(inside.limit(1)) is None:
            raise NotFound()
    return found


def in_scope(paths: Sequence[str]) -> ColumnElement[bool]:
    """SQL for "the target lies in one of these subtrees"."""
    return AssignmentTarget.unit_id.in_(select(Unit.id).where(below(Unit.path, paths)))


def reviewable(paths: Sequence[str], assignment: Assignment) -> ColumnElement[bool]:
    """SQL for the targets of an assignment that officers of these subtrees may review: see `reviewed_by`."""
    if assignment.asked_of == "member":
        return in_scope(paths)
    strictly = or_(*(and_(Unit.path.startswith(path, autoescape=True), func.length(Unit.path) > len(path)) for path in paths))
    own = and_(Unit.id == assignment.unit_id, below(Unit.path, paths))
    return AssignmentTarget.unit_id.in_(select(Unit.id).where(or_(strictly, own) if paths else literal(False)))


def may_review(actor: Actor, target: AssignmentTarget) -> bool:
    """Whether to offer return, acceptance and exemption."""
    return may(actor, "submission.review", reviewed_by(target))
