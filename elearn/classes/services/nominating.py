"""Nominating people for a class and deciding about it: each act asks the state machine, under a lock of the whole class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.classes.models import Cohort, CohortQuota, Nomination, NominationStep
from elearn.classes.queries.conditions import list_reasons
from elearn.classes.rules import nomination
from elearn.classes.rules.cohorts import check_open
from elearn.classes.rules.eligibility import Reason
from elearn.classes.rules.nomination import Act, State
from elearn.classes.services.moving import SYSTEM, Board, Outcome, Refused, apply_plan, lock_board
from elearn.core.db import transaction
from elearn.lib.errors import InvalidInput, NotFound
from elearn.members.models import Member
from elearn.units.models import Unit

ActorName = tuple[int | None, str]
_CHUNK = 500
_CHECKED = (Act.SUBMIT, Act.APPROVE, Act.ACCEPT)


@dataclass(frozen=True)
class Added:
    """How many people came onto a draft list, and how many were on a list of this class already or are not of the unit."""

    new: int
    known: int
    foreign: int


def add_nominees(actor: ActorName, cohort_id: int, unit_id: int, member_ids: Sequence[int], now: datetime) -> Added:
    """Put people of a unit onto its draft list, with name and unit as of now. Whom the actor may see is decided before.

    Somebody refused, withdrawn or lapsed comes onto the list again; a person is on one list of a class only. Raises NotFound.
    """
    wanted = list(dict.fromkeys(member_ids))
    with transaction() as session:
        board = lock_board(session, cohort_id)
        check_open(board.cohort.closed_at)
        quota = session.get(CohortQuota, (cohort_id, unit_id))
        if quota is None:
            raise NotFound()
        people = _people_of(session, unit_id, wanted)
        known = {row.member_id: row for row in board.rows.values()}
        again = [known[one].id for one in people if one in known and known[one].state in nomination.ENDED]
        fresh = [one for one in people if one not in known]
        if again:
            for number in again:
                board.rows[number].unit_id, board.rows[number].unit_name = unit_id, quota.unit_name
            session.flush()
            plan = nomination.carry_out(Act.AGAIN, again, board.nominees, board.places, now)
            apply_plan(session, board, plan, actor, now, "nominate")
        rows = [
            {
                "cohort_id": cohort_id, "member_id": one, "unit_id": unit_id, "unit_name": quota.unit_name, "display_name": people[one][0],
                "home_unit_name": people[one][1], "state": State.DRAFT.value, "is_late": False, "created_at": now,
                "created_by_id": actor[0], "changed_at": now,
            }
            for one in fresh
        ]  # fmt: skip
        if rows:
            session.execute(insert(Nomination), rows)
            _begin_history(session, cohort_id, fresh, actor, now)
            after = {"unit": quota.unit_name, "people": len(rows)}
            record(session, now, actor, "nominate", ("cohort", cohort_id, board.cohort.title), after=after, concerns=fresh)
        new = len(rows) + len(again)
        return Added(new, len(people) - new, len(wanted) - len(people))


def _people_of(session: Session, unit_id: int, member_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """(name, own unit's name) by id of those members who can sign in and belong to the unit or below it, in the order given."""
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id)) or "-"
    query = select(Member.id, Member.display_name, Unit.name).join(Unit, Unit.id == Member.unit_id)
    query = query.where(Member.status == "active", Unit.path.startswith(path, autoescape=True))
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(member_ids), _CHUNK):
        for number, name, unit_name in session.execute(query.where(Member.id.in_(member_ids[start : start + _CHUNK]))):
            found[number] = (name, unit_name)
    return {one: found[one] for one in member_ids if one in found}


def _begin_history(session: Session, cohort_id: int, member_ids: Sequence[int], actor: ActorName, now: datetime) -> None:
    for start in range(0, len(member_ids), _CHUNK):
        ids = session.scalars(
            select(Nomination.id).where(
                Nomination.cohort_id == cohort_id, Nomination.member_id.in_(member_ids[start : start + _CHUNK])
            )
        )
        session.execute(
            insert(NominationStep),
            [
                {
                    "nomination_id": number,
                    "at": now,
                    "by_id": actor[0],
                    "by_name": actor[1],
                    "before": "",
                    "after": "draft",
                    "reason": "",
                }
                for number in ids
            ],
        )


def act(actor: ActorName, cohort_id: int, chosen: Sequence[int], what: Act, reason: str, now: datetime) -> Outcome:
    """Do one thing with some nominations of a class. Conditions are checked again at submitting, approving and accepting.

    What cannot be done is left as it is and told with its reasons. Raises InvalidInput where a reason is missing.
    """
    nomination.check_reason(what, reason)
    with transaction() as session:
        board = lock_board(session, cohort_id)
        check_open(board.cohort.closed_at)
        _lapse(session, board, now)
        against = _against(board, chosen) if what in _CHECKED else None
        plan = nomination.carry_out(what, chosen, board.nominees, board.places, now, against)
        outcome = apply_plan(session, board, plan, actor, now, f"nomination_{what.value}", reason.strip())
        if what is Act.SUBMIT and _is_late(board.cohort, now):
            for move in plan.moves:
                board.rows[move.before.id].is_late = True
        return outcome


def enrol_late(actor: ActorName, cohort_id: int, unit_id: int, member_ids: Sequence[int], reason: str, now: datetime) -> Outcome:
    """The organiser adds people to a class that is under way: nominated, confirmed and approved at one stroke, within quota and capacity."""
    nomination.check_reason(Act.REFUSE, reason)
    add_nominees(actor, cohort_id, unit_id, member_ids, now)
    with transaction() as session:
        board = lock_board(session, cohort_id)
        check_open(board.cohort.closed_at)
        chosen = [row.id for row in board.rows.values() if row.member_id in set(member_ids) and row.state == State.DRAFT]
        against = _against(board, chosen)
        refused: list[nomination.Refusal] = []
        done: Outcome | None = None
        for what in (Act.SUBMIT, Act.CONFIRM, Act.APPROVE):
            plan = nomination.carry_out(what, chosen, board.nominees, board.places, now, against)
            refused += plan.refusals
            done = apply_plan(
                session, board, plan, actor, now, f"nomination_{what.value}", reason.strip(), tells=what is Act.APPROVE
            )
            chosen = [move.after.id for move in plan.moves if move.after.id in set(chosen)]
            for number in chosen:
                board.rows[number].is_late = True

        names = {row.id: row.display_name for row in board.rows.values()}
        told = tuple(Refused(one.nominee_id, names[one.nominee_id], one.reasons) for one in refused)
        return Outcome(done.moved if done else {}, told)


def _is_late(cohort: Cohort, now: datetime) -> bool:
    return cohort.decided_on is not None or (cohort.nominate_until is not None and now > cohort.nominate_until)


def _against(board: Board, chosen: Sequence[int]) -> Mapping[int, tuple[Reason, ...]]:
    members = {board.rows[number].member_id: number for number in chosen if number in board.rows}
    return {members[one]: reasons for one, reasons in list_reasons(board.cohort, list(members)).items()}


def _lapse(session: Session, board: Board, now: datetime) -> None:
    apply_plan(session, board, nomination.let_lapse(board.nominees, board.places, now), SYSTEM, now, "nomination_lapse")


def lapse_due(now: datetime) -> int:
    """Take back offered places whose time has run out and offer them to the next; returns in how many classes there were any."""
    with transaction() as session:
        query = select(Nomination.cohort_id).where(Nomination.state == State.OFFERED, Nomination.offered_until <= now).distinct()
        due = list(session.scalars(query.order_by(Nomination.cohort_id)))
        for cohort_id in due:
            _lapse(session, lock_board(session, cohort_id), now)
        return len(due)


def open_class(actor: ActorName, cohort_id: int, number: str, decided_on: date, now: datetime) -> Outcome:
    """Enter the decision that opens the class: whoever is approved is enrolled. Entered again, only number and day are put right."""
    if not number.strip():
        raise InvalidInput("number", "Hãy ghi số quyết định mở lớp.", field="number")
    with transaction() as session:
        board = lock_board(session, cohort_id)
        cohort = board.cohort
        check_open(cohort.closed_at)
        before = {"number": cohort.decision_number, "day": cohort.decided_on.isoformat() if cohort.decided_on else None}
        cohort.decision_number, cohort.decided_on = number.strip()[:60], decided_on
        after = {"number": cohort.decision_number, "day": decided_on.isoformat()}
        record(session, now, actor, "decide_cohort", ("cohort", cohort_id, cohort.title), before=before, after=after)
        session.flush()
        return apply_plan(session, board, nomination.open_class(board.nominees, board.places, now), actor, now, "enrol_nominees")
