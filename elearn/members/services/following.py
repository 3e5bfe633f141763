"""People follow their unit: those of one that ends go to the unit that carries on, and come back where that is undone.

A membership that reaches beyond the end is closed on the day, and a new one opened that says `unit_change:7` as its origin.
What cannot be told from these rows alone is kept with the change: memberships that began after the day (entered before the
change was) are rewritten, and main units without a membership of their own are only repointed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, String, and_, cast, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from elearn.members.models import Member, Membership, RoleGrant
from elearn.units.models import UnitChange
from elearn.units.rules.operations import Succession

FEATURE = "members"


def origin_of(change_id: int) -> str:
    """How a membership says that a change of the tree opened it."""
    return f"unit_change:{change_id}"


def _reaches(day: date) -> ColumnElement[bool]:
    return or_(Membership.valid_to.is_(None), Membership.valid_to > day)


def follow_change(session: Session, change: UnitChange, moves: Sequence[Succession]) -> None:
    """Move the people of every unit that ended to the one that carries on; those whose unit has none stay and are reported."""
    kept: dict[str, list[list[Any]]] = {"rewritten": [], "repointed": []}
    for move in moves:
        if move.successor_id is not None:
            _follow(session, change, move, move.successor_id, kept)
    change.kept = {**change.kept, FEATURE: kept}


def _follow(session: Session, change: UnitChange, move: Succession, heir: int, kept: dict[str, list[list[Any]]]) -> None:
    day, ended, origin = move.effective_on, move.unit_id, origin_of(change.id)
    there = aliased(Membership)
    has_open = exists().where(Membership.member_id == Member.id, Membership.unit_id == ended, Membership.valid_to.is_(None))
    has_heir = exists().where(there.member_id == Member.id, there.unit_id == heir, there.valid_to.is_(None))
    odd = select(Member.id).where(Member.unit_id == ended, or_(~has_open, has_heir))
    kept["repointed"] += [[ended, heir, number] for number in session.scalars(odd)]
    _rewrite_later(session, move, heir, origin, kept)
    doubled = exists().where(there.member_id == Membership.member_id, there.unit_id == heir, there.valid_from == day)
    reaching = and_(Membership.unit_id == ended, Membership.valid_from < day, _reaches(day))
    rows = select(
        Membership.member_id, _value(heir), _value(day), Membership.valid_to, _value(change.decision), _value(origin)
    ).where(reaching, ~doubled)
    columns = ["member_id", "unit_id", "valid_from", "valid_to", "decision", "origin"]
    session.execute(insert(Membership.__table__).from_select(columns, rows))  # type: ignore[arg-type]
    session.execute(update(Membership).where(reaching).values(valid_to=day), execution_options={"synchronize_session": False})
    session.execute(
        update(Member).where(Member.unit_id == ended).values(unit_id=heir), execution_options={"synchronize_session": False}
    )


def _value(value: object) -> Any:
    """A constant in a SELECT; PostgreSQL must be told its type."""
    kind = Date() if isinstance(value, date) else Integer() if isinstance(value, int) else String()
    # SQLite casts a text to DATE as a number, and needs no telling.
    return literal(value, kind) if isinstance(value, date) else cast(literal(value, kind), kind)


def _rewrite_later(session: Session, move: Succession, heir: int, origin: str, kept: dict[str, list[list[Any]]]) -> None:
    later = session.execute(
        select(Membership.id, Membership.member_id, Membership.valid_from, Membership.decision, Membership.origin).where(
            Membership.unit_id == move.unit_id, Membership.valid_from >= move.effective_on
        )
    ).all()
    for number, member_id, since, decision, before in later:
        is_there = session.scalar(
            select(func.count()).where(
                Membership.member_id == member_id, Membership.unit_id == heir, Membership.valid_from == since
            )
        )
        if not is_there:
            kept["rewritten"].append([number, move.unit_id, heir, decision, before])
            session.execute(update(Membership).where(Membership.id == number).values(unit_id=heir, origin=origin))


def follow_undo(session: Session, change: UnitChange, moves: Sequence[Succession]) -> dict[str, int]:
    """Bring the people back; those who have moved on since stay where they are. Returns {"back": …, "stayed": …}."""
    kept: dict[str, list[list[Any]]] = change.kept.get(FEATURE, {"rewritten": [], "repointed": []})
    origin = origin_of(change.id)
    opened = select(func.count(Membership.member_id.distinct())).where(Membership.origin == origin)
    back = session.scalar(opened.where(Membership.valid_to.is_(None))) or 0
    people = session.scalar(opened) or 0
    repointed: dict[tuple[int, int], list[int]] = {}
    for ended, heir, member_id in kept["repointed"]:
        repointed.setdefault((ended, heir), []).append(member_id)
    for move in reversed(moves):
        if move.successor_id is not None:
            mine = repointed.get((move.unit_id, move.successor_id), [])
            _follow_back(session, move, move.successor_id, origin, mine, kept["rewritten"])
    session.execute(delete(Membership).where(Membership.origin == origin))
    return {"back": back, "stayed": people - back}


def _follow_back(
    session: Session, move: Succession, heir: int, origin: str, repointed: Collection[int], rewritten: Sequence[Sequence[Any]]
) -> None:
    ended, day = move.unit_id, move.effective_on
    quietly = {"synchronize_session": False}
    for start in range(0, len(repointed), 500):
        some = list(repointed)[start : start + 500]
        session.execute(
            update(Member).where(Member.id.in_(some), Member.unit_id == heir).values(unit_id=ended), execution_options=quietly
        )
    opened = aliased(Membership)
    of_move = and_(opened.origin == origin, opened.unit_id == heir, opened.valid_from == day)
    closed = and_(Membership.unit_id == ended, Membership.valid_to == day, Membership.valid_from < day)
    has_been = exists().where(Membership.member_id == Member.id, closed)
    is_still = exists().where(opened.member_id == Member.id, of_move, opened.valid_to.is_(None))
    session.execute(
        update(Member).where(Member.unit_id == heir, has_been, is_still).values(unit_id=ended), execution_options=quietly
    )
    for number, before_id, after_id, decision, before in rewritten:
        if (before_id, after_id) == (ended, heir):
            is_main = select(Membership.member_id).where(Membership.id == number, Membership.valid_to.is_(None))
            session.execute(
                update(Member).where(Member.id.in_(is_main), Member.unit_id == heir).values(unit_id=ended),
                execution_options=quietly,
            )
            session.execute(
                update(Membership).where(Membership.id == number).values(unit_id=ended, decision=decision, origin=before),
                execution_options=quietly,
            )
    until = select(opened.valid_to).where(opened.member_id == Membership.member_id, of_move).scalar_subquery()
    session.execute(
        update(Membership).where(closed, exists().where(opened.member_id == Membership.member_id, of_move)).values(valid_to=until),
        execution_options=quietly,
    )


def outlook_of(session: Session, moves: Sequence[Succession]) -> dict[str, int]:
    """Counts for a preview: people who will follow, people whose unit ends without a successor, grants left on ended units."""
    going = [move.unit_id for move in moves if move.successor_id is not None]
    lost = [move.unit_id for move in moves if move.successor_id is None]

    def people(units: Sequence[int]) -> int:
        return session.scalar(select(func.count()).select_from(Member).where(Member.unit_id.in_(units))) or 0

    grants = select(func.count()).select_from(RoleGrant).where(RoleGrant.unit_id.in_(going + lost), RoleGrant.valid_to.is_(None))
    return {"people": people(going), "people_without_unit": people(lost), "grants": session.scalar(grants) or 0}
