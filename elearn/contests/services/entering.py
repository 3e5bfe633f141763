"""Enters a person into a round and starts an attempt."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from elearn.audit.models import AuditEntry
from elearn.audit.services import record
from elearn.contests.models import AttemptPermit, Contest, Entry, Round
from elearn.contests.queries.entrants import is_later_claim
from elearn.contests.queries.entries import entrant_at, terms_at
from elearn.contests.rules.entry import reason_against, scopes_of
from elearn.contests.rules.units import competing_unit
from elearn.contests.services.sealing import papers_of
from elearn.core.db import read_connection, transaction, write_connection
from elearn.lib.errors import DomainError, NotFound
from elearn.lib.periods import from_local, local_day
from elearn.lib.vietnamese import fold
from elearn.quizzes.services import start_attempt
from elearn.units.models import Unit

_PSEUDONYM = select(Entry.pseudonym).where(Entry.round_id == bindparam("round"), Entry.member_id == bindparam("member"))


@dataclass(frozen=True)
class Person:
    """Somebody who enters, as they are now; `roles` are those they hold anywhere."""

    member_id: int
    display_name: str
    unit_id: int
    unit_name: str
    roles: frozenset[str] = frozenset()


def enter_round(round_id: int, person: Person, now: datetime) -> int:
    """The id of the person's attempt: the one under way, or a new one. Name and unit are kept as on the first entry.

    Raises the DomainError that says why not; NotFound for no such round. Limits of a day and of the contest are constraints of the
    database, like the limit of the round.
    """
    with read_connection() as connection:
        terms = terms_at(connection, round_id)
        if terms is None or terms.quiz_id is None:
            raise NotFound()
        entrant = entrant_at(connection, terms, person.member_id, person.roles, now)
        pseudonym = connection.scalar(_PSEUDONYM, {"round": round_id, "member": person.member_id})
    reason = reason_against(entrant, terms, now)
    if reason is not None:
        if reason.code == "role_excluded":
            _note_refusal(terms.contest_id, person, now)
        raise reason
    if pseudonym is None:
        pseudonym = _enter(round_id, person, now)
    sealed = papers_of(round_id, now)
    limits = scopes_of(terms, now)

    def claim(connection: Connection, attempt_id: int) -> None:
        claim_permits(connection, limits, person.member_id, attempt_id)

    drawing = sealed.drawing(pseudonym) if sealed else None
    return start_attempt(terms.quiz_id, person.member_id, person.unit_id, now, drawing, also=claim if limits else None)


def _note_refusal(contest_id: int, person: Person, now: datetime) -> None:
    """Write down that somebody excluded has tried to enter, once a day."""
    today = from_local(datetime.combine(local_day(now), time()))
    tried = select(AuditEntry.seq).where(
        AuditEntry.actor_id == person.member_id, AuditEntry.action == "refuse_entry", AuditEntry.subject_id == str(contest_id),
        AuditEntry.at >= today,
    )  # fmt: skip
    with transaction() as session:
        if session.scalar(tried.limit(1)) is None:
            title = session.get_one(Contest, contest_id).title
            after = {"roles": sorted(person.roles)}
            record(
                session, now, (person.member_id, person.display_name), "refuse_entry", ("contest", contest_id, title), after=after
            )


def claim_permits(connection: Connection, limits: Mapping[str, int], member_id: int, attempt_id: int) -> None:
    """Count an attempt against each limit (by scope); raises DomainError permits_used_up where one is reached."""
    for scope, limit in limits.items():
        used = connection.scalar(
            select(func.coalesce(func.max(AttemptPermit.number), 0)).where(
                AttemptPermit.scope == scope, AttemptPermit.member_id == member_id
            )
        )
        number = (used or 0) + 1
        if number > limit:
            raise permit_refusal(scope, limit)
        connection.execute(
            insert(AttemptPermit).values(
                scope=scope, member_id=member_id, number=number, attempt_limit=limit, attempt_id=attempt_id
            )
        )


def permit_refusal(scope: str, limit: int) -> DomainError:
    """Why no further attempt may be started in a scope."""
    if scope.startswith("day:"):
        return DomainError("permits_used_up", "Hôm nay bạn đã dùng hết %(limit)s lượt. Mai lại có lượt mới.", limit=limit)
    return DomainError("permits_used_up", "Bạn đã dùng hết %(limit)s lượt của cả cuộc thi.", limit=limit)


def _enter(round_id: int, person: Person, now: datetime) -> str:
    """Write name and unit of now, once, and return the pseudonym; the rules of the contest are fixed from the opening of its first round on."""
    try:
        with write_connection() as connection:
            contest_id = connection.execute(select(Round.contest_id).where(Round.id == round_id)).scalar_one()
            row = entry_of(connection, contest_id, round_id, person, now)
            connection.execute(insert(Entry).values(**row))
            frozen = connection.scalar(select(Contest.rules_frozen_at).where(Contest.id == contest_id))
            if frozen is None:
                first = connection.scalar(select(func.min(Round.opens_at)).where(Round.contest_id == contest_id))
                connection.execute(update(Contest).where(Contest.id == contest_id).values(rules_frozen_at=first))
            return str(row["pseudonym"])
    except IntegrityError:  # another page of the same person was first
        with read_connection() as connection:
            return str(connection.execute(_PSEUDONYM, {"round": round_id, "member": person.member_id}).scalar_one())


def entry_of(connection: Connection, contest_id: int, round_id: int, person: Person, now: datetime) -> dict[str, object]:
    """The row of a new entry: who it is as they are now, the unit for which they stand, and a pseudonym that says nothing of them."""
    organiser = select(Unit.path).join(Contest, Contest.unit_id == Unit.id).where(Contest.id == contest_id)
    own_path = connection.execute(select(Unit.path).where(Unit.id == person.unit_id)).scalar_one()
    stands_for = competing_unit(connection.execute(organiser).scalar_one(), own_path)
    name = connection.execute(select(Unit.name).where(Unit.id == stands_for)).scalar_one()
    return {
        "round_id": round_id, "member_id": person.member_id, "display_name": person.display_name, "unit_id": person.unit_id,
        "unit_name": person.unit_name, "competing_unit_id": stands_for, "competing_unit_name": name,
        "search_key": search_key(person.display_name, person.unit_name, name), "entered_at": now, "is_counted": not is_later_claim(connection, person.member_id),
        "pseudonym": secrets.token_hex(8),
    }  # fmt: skip


def search_key(name: str, *units: str) -> str:
    """By which an entry is found: its name and units without accents."""
    return fold(" ".join((name, *dict.fromkeys(units))))[:600]
