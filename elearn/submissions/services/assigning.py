"""Asking for written work: what, of whom, by when, and who writes for a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, exists, insert, literal, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.core.types import UtcDateTime
from elearn.lib.errors import DomainError
from elearn.members.models import Member
from elearn.submissions.models import Assignment, AssignmentTarget, UnitDeadline, UnitWriter
from elearn.submissions.queries.targets import deadlines_of_many
from elearn.submissions.rules.assignments import AssignmentSpec, as_data, check_assignment, check_tighter
from elearn.units.models import Unit

ActorName = tuple[int | None, str]
T = AssignmentTarget


def make_assignment(session: Session, actor: ActorName, spec: AssignmentSpec, now: datetime) -> int:
    """Ask for written work inside the caller's transaction; return the assignment's id. Nobody is asked yet: see `take_targets`."""
    check_assignment(spec)
    made = Assignment(
        origin=spec.origin, origin_id=spec.origin_id, kind=spec.kind, asked_of=spec.asked_of, title=spec.title.strip(),
        prompt=spec.prompt.strip(), unit_id=spec.unit_id, fields=as_data(spec.fields), takes_file=spec.takes_file, due_at=spec.due_at,
        closes_at=spec.closes_at, created_at=now, created_by_id=actor[0],
    )  # fmt: skip
    session.add(made)
    session.flush()
    after = {"origin": spec.origin, "origin_id": spec.origin_id, "asked_of": spec.asked_of, "due_at": spec.due_at.isoformat()}
    record(session, now, actor, "make_assignment", ("assignment", made.id, made.title), after=after)
    return made.id


@dataclass(frozen=True)
class Taken:
    """What a taking of the list changed: new on it, back on it, off it."""

    added: int
    back: int
    removed: int


def take_targets(
    session: Session, actor: ActorName, assignment_id: int, ids: Select[Any], now: datetime, span: tuple[int, int] | None = None
) -> Taken:
    """Bring the stored list to those whom `ids` selects (ids of units or of members, as the assignment asks), with the names of now.

    Whoever is no longer selected is taken off; what they wrote stays. Whoever is selected again is back. People who changed units count
    in their new one. A very long list is taken in spans of ids, first included, last excluded, each in a transaction of its own.
    """
    assignment = session.get_one(Assignment, assignment_id)
    is_of_unit = assignment.asked_of == "unit"
    key: Any = T.unit_id if is_of_unit else T.member_id
    own: Any = Unit.id if is_of_unit else Member.id
    here = (T.assignment_id == assignment_id, *([key >= span[0], key < span[1]] if span else []))
    already = exists().where(T.assignment_id == assignment_id, key == own)
    fresh = (own.in_(ids), ~already, *([own >= span[0], own < span[1]] if span else []))
    nobody = literal(None, T.member_id.type)
    whom: Any = (
        select(literal(assignment_id), Unit.id, nobody, Unit.name, Unit.name, Unit.sort_key, Unit.search_key).where(*fresh)
        if is_of_unit
        else select(literal(assignment_id), Unit.id, Member.id, Member.display_name, Unit.name, Member.name_key, Member.search_key)
        .join(Unit, Unit.id == Member.unit_id)
        .where(*fresh)
    )
    rest: dict[str, Any] = {
        "added_at": literal(now, UtcDateTime),
        "exempt_reason": literal(""),
        "state": literal("missing"),
        "late_days": literal(0),
    }
    columns = ["assignment_id", "unit_id", "member_id", "name", "unit_name", "name_key", "search_key", *rest]
    if not is_of_unit:  # who has gone to another unit since counts there from now on
        gone = exists().where(Member.id == T.member_id, Member.unit_id != T.unit_id)
        now_at = select(Member.unit_id).where(Member.id == T.member_id).scalar_subquery()
        called = select(Unit.name).join(Member, Member.unit_id == Unit.id).where(Member.id == T.member_id).scalar_subquery()
        session.execute(update(T).where(*here, T.removed_at.is_(None), gone).values(unit_id=now_at, unit_name=called))
    removed = session.execute(update(T).where(*here, T.removed_at.is_(None), key.not_in(ids)).values(removed_at=now))
    back = session.execute(update(T).where(*here, T.removed_at.is_not(None), key.in_(ids)).values(removed_at=None))
    # Asked for: PostgreSQL's driver counts no rows of an INSERT … SELECT otherwise.
    counting = {"preserve_rowcount": True}
    added = session.execute(insert(T).from_select(columns, whom.add_columns(*rest.values())), execution_options=counting)
    taken = Taken(*(one.rowcount for one in (added, back, removed)))  # type: ignore[attr-defined]
    if taken != Taken(0, 0, 0):
        record(session, now, actor, "take_targets", ("assignment", assignment_id, assignment.title), after=taken.__dict__)
    return taken


def tighten(actor: ActorName, assignment_id: int, unit_id: int, due_at: datetime, now: datetime) -> None:
    """Set an earlier deadline for a unit and all below it; raises InvalidInput for one that loosens what units above have set."""
    with transaction() as session:
        assignment = session.get_one(Assignment, assignment_id)
        unit = session.get_one(Unit, unit_id)
        deadlines = deadlines_of_many([assignment], session)[assignment_id]
        above = type(deadlines)(deadlines.due_at, tuple(one for one in deadlines.tightened if one[0] != unit.path)).of(unit.path)
        check_tighter(due_at, above, now)
        kept = session.get(UnitDeadline, (assignment_id, unit_id))
        before = kept.due_at.isoformat() if kept else None
        if kept is None:
            session.add(UnitDeadline(assignment_id=assignment_id, unit_id=unit_id, due_at=due_at, set_at=now, set_by_id=actor[0]))
        else:
            kept.due_at, kept.set_at, kept.set_by_id = due_at, now, actor[0]
        after = {"unit": unit.name, "due_at": due_at.isoformat()}
        record(
            session, now, actor, "tighten_deadline", ("assignment", assignment_id, assignment.title),
            before=before, after=after,
        )  # fmt: skip


def name_writer(actor: ActorName, unit_id: int, code: str, now: datetime) -> None:
    """Entrust the writing for a unit to a member by their code; raises DomainError where there is no such active member of the unit's subtree."""
    with transaction() as session:
        unit = session.get_one(Unit, unit_id)
        query = select(Member).join(Unit, Unit.id == Member.unit_id)
        member = session.scalar(
            query.where(Member.code == code.strip().upper(), Member.status == "active", Unit.path.startswith(unit.path))
        )
        if member is None:
            raise DomainError(
                "no_such_member", "Không có thành viên nào của đơn vị mang mã này. Hãy xem lại mã trong danh sách thành viên."
            )
        if session.get(UnitWriter, (unit_id, member.id)) is not None:
            return
        session.add(UnitWriter(unit_id=unit_id, member_id=member.id, named_at=now, named_by_id=actor[0]))
        record(
            session, now, actor, "name_writer", ("unit", unit_id, unit.name), after={"member_id": member.id}, concerns=[member.id]
        )


def unname_writer(actor: ActorName, unit_id: int, member_id: int, now: datetime) -> None:
    """Take the writing for a unit back from a member; what they wrote stays."""
    with transaction() as session:
        unit = session.get_one(Unit, unit_id)
        gone = session.execute(delete(UnitWriter).where(UnitWriter.unit_id == unit_id, UnitWriter.member_id == member_id))
        if gone.rowcount:  # type: ignore[attr-defined]
            record(
                session,
                now,
                actor,
                "unname_writer",
                ("unit", unit_id, unit.name),
                before={"member_id": member_id},
                concerns=[member_id],
            )
