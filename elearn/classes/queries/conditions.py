"""What the conditions of a class ask about people, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.classes.models import Cohort, Enrolment, Nomination, Result
from elearn.classes.rules.eligibility import Busy, Person, Reason, check
from elearn.classes.rules.nomination import State
from elearn.classes.rules.programmes import Terms, from_json, valid_until
from elearn.core.db import db
from elearn.lib.periods import local_day
from elearn.members.models import Member

_CHUNK = 500
_HELD = (State.APPROVED, State.OFFERED)


def _chunks(values: Sequence[int]) -> Iterator[Sequence[int]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


def terms_of(cohort: Cohort) -> Terms:
    """The terms that the class keeps; those of a class on a course alone ask nothing."""
    return from_json(cohort.terms) if cohort.terms else Terms(cohort.title, refuse_overlap=False)


def list_reasons(cohort: Cohort, member_ids: Sequence[int]) -> dict[int, tuple[Reason, ...]]:
    """By member: everything against their attending the class; those without any reason are missing."""
    terms = terms_of(cohort)
    first, last = local_day(cohort.starts_at), local_day(cohort.due_at)
    found = {one.member_id: check(one, terms, first, last) for one in list_persons(cohort, terms, member_ids)}
    return {member_id: reasons for member_id, reasons in found.items() if reasons}


def list_persons(cohort: Cohort, terms: Terms, member_ids: Sequence[int]) -> list[Person]:
    """The people, with certificates in force and the classes that overlap this one."""
    wanted = list(dict.fromkeys(member_ids))
    session = db.session()
    busy = _busy(session, cohort, wanted) if terms.refuse_overlap else {}
    earned = _earned(session, terms.not_holding, wanted) if terms.not_holding else {}
    query = select(Member.id, Member.kind, Member.birth_date, Member.birth_precision, Member.status)
    return [
        Person(
            row.id, row.kind, row.birth_date, row.birth_precision, tuple(earned.get(row.id, ())), tuple(busy.get(row.id, ())), row.status == "active",
        )
        for chunk in _chunks(wanted)
        for row in session.execute(query.where(Member.id.in_(chunk)))
    ]  # fmt: skip


def _earned(session: Session, kind: str, member_ids: Sequence[int]) -> dict[int, list[tuple[str, date | None]]]:
    """Certificates of a kind that people earned in classes whose results are recognised, each with the day from which it no longer holds."""
    query = select(Cohort.id, Cohort.terms, Cohort.recognised_on).where(
        Cohort.terms.is_not(None), Cohort.recognised_on.is_not(None)
    )
    until: dict[int, date | None] = {}
    for number, raw, day in session.execute(query):
        terms = from_json(raw)
        if terms.certificate_kind == kind and day is not None:
            until[number] = valid_until(day, terms.validity_months)
    found: dict[int, list[tuple[str, date | None]]] = defaultdict(list)
    passed = select(Enrolment.member_id, Enrolment.cohort_id).join(Result, Result.enrolment_id == Enrolment.id)
    passed = passed.where(Enrolment.cohort_id.in_(until), Enrolment.withdrawn_at.is_(None), Result.is_passed)
    for chunk in _chunks(member_ids) if until else ():
        for member_id, cohort_id in session.execute(passed.where(Enrolment.member_id.in_(chunk))):
            found[member_id].append((kind, until[cohort_id]))
    return found


def _busy(session: Session, cohort: Cohort, member_ids: Sequence[int]) -> dict[int, list[Busy]]:
    """Other classes of programmes that meet this one's days: people study in one of them at a time."""
    other = (
        Cohort.id != cohort.id, Cohort.terms.is_not(None), Cohort.closed_at.is_(None), Cohort.starts_at <= cohort.due_at,
        Cohort.due_at >= cohort.starts_at,
    )  # fmt: skip
    attending = select(Enrolment.member_id, Cohort.title, Cohort.starts_at, Cohort.due_at)
    attending = attending.join(Cohort, Cohort.id == Enrolment.cohort_id).where(*other, Enrolment.withdrawn_at.is_(None))
    placed = select(Nomination.member_id, Cohort.title, Cohort.starts_at, Cohort.due_at)
    placed = placed.join(Cohort, Cohort.id == Nomination.cohort_id).where(*other, Nomination.state.in_(_HELD))
    found: dict[int, list[Busy]] = defaultdict(list)
    for chunk in _chunks(member_ids):
        for query in (attending.where(Enrolment.member_id.in_(chunk)), placed.where(Nomination.member_id.in_(chunk))):
            for member_id, title, starts_at, due_at in session.execute(query):
                found[member_id].append(Busy(title, local_day(starts_at), local_day(due_at)))
    return found
