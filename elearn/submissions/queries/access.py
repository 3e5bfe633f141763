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
from elearn.submissions.models import Assignment, AssignmentTarget, UnitDeadline, UnitWriter
from elearn.units.models import Unit
from elearn.units.queries import list_choices


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


def find_scope_unit(paths: Sequence[str], raw: str) -> Unit | None:
    """The unit named in an address where it lies in one of the subtrees; None for anything else."""
    unit = db.session.get(Unit, int(raw)) if raw.isdecimal() and len(raw) < 10 else None
    return unit if unit is not None and any(is_within(unit.path, path) for path in paths) else None


def list_tightenable(assignment: Assignment, paths: Sequence[str]) -> list[tuple[int, str]]:
    """(id, name) of the units for which officers of these subtrees may set an earlier deadline: below the unit that asks, the upper levels first."""
    scope = and_(below(Unit.path, paths), Unit.path.startswith(assignment.unit.path), Unit.id != assignment.unit_id)
    return list_choices(scope, None)


def list_deadlines(assignment_id: int, paths: Sequence[str]) -> Sequence[UnitDeadline]:
    """Earlier deadlines that units within subtrees have set, in the order of names."""
    query = select(UnitDeadline).options(joinedload(UnitDeadline.unit)).join(Unit, Unit.id == UnitDeadline.unit_id)
    query = query.where(UnitDeadline.assignment_id == assignment_id, below(Unit.path, paths))
    return db.session.scalars(query.order_by(Unit.depth, Unit.sort_key)).all()
