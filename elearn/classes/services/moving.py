"""Writes down what the state machine decided: rows, history, enrolments, messages, audit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.classes.models import Cohort, CohortQuota, Enrolment, Nomination, NominationStep
from elearn.classes.rules.eligibility import Reason
from elearn.classes.rules.nomination import FREED, Nominee, Places, Plan, State
from elearn.classes.services.essays import refresh_essay
from elearn.core.display import show_datetime
from elearn.lib.errors import NotFound
from elearn.members.models import Member
from elearn.notices.services import notify
from elearn.units.models import Unit

ActorName = tuple[int | None, str]
SYSTEM: ActorName = (None, "Hệ thống")
_CHUNK = 500
_TOLD: Mapping[State, tuple[str, str]] = {
    State.OFFERED: (
        "Có chỗ cho bạn ở lớp %(title)s",
        "Bạn được gọi từ danh sách chờ. Hãy nhận chỗ trước %(until)s; quá hạn thì chỗ được trao cho người kế tiếp.",
    ),
    State.APPROVED: ("Bạn được duyệt đi học lớp %(title)s", "Đơn vị mở lớp đã duyệt. Lịch học và giấy triệu tập có ở trang lớp."),
    State.ENROLLED: ("Bạn đã vào lớp %(title)s", "Lớp học từ %(first)s. Lịch học có ở trang lớp."),
    State.WAITING: ("Bạn ở danh sách chờ của lớp %(title)s", "Lớp đã đủ chỗ. Khi có chỗ trống, bạn được báo theo thứ tự."),
    State.REFUSED: ("Đề cử đi học lớp %(title)s không được duyệt", "Lý do: %(reason)s"),
}
"""What the person concerned is told, by the state reached."""


@dataclass(frozen=True)
class Refused:
    """Somebody whom an act left as they were."""

    nomination_id: int
    name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Outcome:
    """How many nominations an act moved, by state reached, and whom it left."""

    moved: Mapping[State, int]
    refused: tuple[Refused, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.moved.values())


@dataclass
class Board:
    """All nominations of a class, locked against everybody else until the transaction ends."""

    cohort: Cohort
    rows: dict[int, Nomination]
    places: Places

    @property
    def nominees(self) -> list[Nominee]:
        return [
            Nominee(row.id, row.unit_id, State(row.state), row.queued_at, row.offered_until)
            for row in sorted(self.rows.values(), key=lambda row: row.id)
        ]


def lock_board(session: Session, cohort_id: int) -> Board:
    """The class with its nominations; whoever else wants to change them waits here. Raises NotFound."""
    cohort = session.scalar(
        select(Cohort).where(Cohort.id == cohort_id).with_for_update().execution_options(populate_existing=True)
    )
    if cohort is None:
        raise NotFound()
    query = select(Nomination).where(Nomination.cohort_id == cohort_id).execution_options(populate_existing=True)
    rows = {row.id: row for row in session.scalars(query)}
    quotas = dict(session.execute(select(CohortQuota.unit_id, CohortQuota.quota).where(CohortQuota.cohort_id == cohort_id)).all())
    places = Places(cohort.capacity, quotas, timedelta(hours=cohort.confirm_hours), cohort.decided_on is not None)
    return Board(cohort, rows, places)


def apply_plan(
    session: Session, board: Board, plan: Plan, actor: ActorName, now: datetime, action: str, reason: str = "", tells: bool = True
) -> Outcome:
    """Write the moves of a plan. What followed by itself is put down to the system."""
    steps, touched = [], {}
    for move in plan.moves:
        row = board.rows[move.before.id]
        by = SYSTEM if move.because and move.because.key in ("promoted", "lapsed") else actor
        why = "; ".join(one for one in (move.because.words if move.because else "", "" if by is SYSTEM else reason) if one)
        if move.after.state is State.OFFERED and move.after.offered_until:
            why = FREED % {"until": show_datetime(move.after.offered_until)}
        steps.append(
            {
                "nomination_id": row.id, "at": now, "by_id": by[0], "by_name": by[1], "before": move.before.state.value,
                "after": move.after.state.value, "reason": why[:400],
            }
        )  # fmt: skip
        touched[row.id] = (move.after, why)
    if steps:
        session.execute(insert(NominationStep), steps)
        _write_states(session, board, touched, now)
        _follow(session, board, plan, actor, now, {number: why for number, (_, why) in touched.items()}, tells)
        counts: dict[State, int] = defaultdict(int)
        for after, _ in touched.values():
            counts[after.state] += 1
        record(
            session, now, actor, action, ("cohort", board.cohort.id, board.cohort.title),
            after={state.value: count for state, count in counts.items()}, reason=reason,
            concerns=[board.rows[number].member_id for number in touched],
        )  # fmt: skip
    else:
        counts = {}
    refused = tuple(Refused(one.nominee_id, board.rows[one.nominee_id].display_name, one.reasons) for one in plan.refusals)
    return Outcome(dict(counts), refused)


def _write_states(session: Session, board: Board, touched: Mapping[int, tuple[Nominee, str]], now: datetime) -> None:
    table = Nomination.__table__
    statement = (
        update(table)  # type: ignore[arg-type]
        .where(table.c.id == bindparam("row_id"))
        .values(state=bindparam("to"), queued_at=bindparam("queued"), offered_until=bindparam("until"), changed_at=bindparam("at"))
    )
    session.connection().execute(
        statement,
        [
            {"row_id": number, "to": one.state.value, "queued": one.queued_at, "until": one.offered_until, "at": now}
            for number, (one, _) in touched.items()
        ],
    )
    for number in touched:
        session.expire(board.rows[number], ["state", "queued_at", "offered_until", "changed_at"])


def _follow(
    session: Session, board: Board, plan: Plan, actor: ActorName, now: datetime, why: Mapping[int, str], tells: bool
) -> None:
    """Enrol and withdraw, and tell the people concerned."""
    entering = [board.rows[move.before.id].member_id for move in plan.moves if move.after.state is State.ENROLLED]
    leaving = [move.before.id for move in plan.moves if move.before.state is State.ENROLLED]
    enrol_rows(session, board.cohort.id, entering, actor, now)
    for number in leaving:
        session.execute(
            update(Enrolment)
            .where(Enrolment.cohort_id == board.cohort.id, Enrolment.member_id == board.rows[number].member_id)
            .values(withdrawn_at=now, withdrawn_reason=why.get(number, "")[:200])
        )
    if entering or leaving:
        refresh_essay(session, actor, board.cohort.id, now)
    if not tells:
        return
    groups: dict[tuple[State, str], list[int]] = defaultdict(list)
    for move in plan.moves:
        if move.after.state in _TOLD:
            until = show_datetime(move.after.offered_until) if move.after.offered_until else ""
            detail = until or (why.get(move.before.id, "") if move.after.state is State.REFUSED else "")
            groups[move.after.state, detail].append(board.rows[move.before.id].member_id)
    for (state, detail), members in groups.items():
        title, body = _TOLD[state]
        values = {
            "title": board.cohort.title, "until": detail, "reason": detail,
            "first": f"{show_datetime(board.cohort.starts_at)}",
        }  # fmt: skip
        notify(
            session, actor, "nomination", board.cohort.id, members, (title % values)[:150], body % values,
            f"/my-classes/{board.cohort.id}", now, timedelta(0),
        )  # fmt: skip


def enrol_rows(session: Session, cohort_id: int, member_ids: Iterable[int], actor: ActorName, now: datetime) -> int:
    """Put members into a class with name and unit as of now; those withdrawn come back. Returns how many are new or back."""
    wanted, changed = list(dict.fromkeys(member_ids)), 0
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        known = select(Enrolment.member_id, Enrolment.id, Enrolment.withdrawn_at).where(
            Enrolment.cohort_id == cohort_id, Enrolment.member_id.in_(chunk)
        )
        rows = {member_id: (number, withdrawn_at) for member_id, number, withdrawn_at in session.execute(known)}
        back = [number for number, withdrawn_at in rows.values() if withdrawn_at]
        if back:
            session.execute(update(Enrolment).where(Enrolment.id.in_(back)).values(withdrawn_at=None, withdrawn_reason=""))
        people: Sequence[int] = [one for one in chunk if one not in rows]
        query = select(Member.id, Member.display_name, Unit.id, Unit.name).join(Unit, Unit.id == Member.unit_id)
        fresh = [
            {
                "cohort_id": cohort_id, "member_id": member_id, "display_name": name, "unit_id": unit_id, "unit_name": unit_name,
                "enrolled_at": now, "enrolled_by_id": actor[0], "withdrawn_reason": "",
            }
            for member_id, name, unit_id, unit_name in session.execute(query.where(Member.id.in_(people)))
        ]  # fmt: skip
        if fresh:
            session.execute(insert(Enrolment), fresh)
        changed += len(fresh) + len(back)
    return changed
