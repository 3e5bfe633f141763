"""What documents of a class tell: its facts, and people as lists print them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import and_, func, or_, select

from elearn.classes.models import Cohort, CohortStaff, Enrolment, Nomination, Result
from elearn.classes.queries.conditions import terms_of
from elearn.classes.rules.cohorts import Helper
from elearn.classes.rules.nomination import State
from elearn.classes.rules.papers import Attendant, ClassFacts
from elearn.classes.rules.result_papers import Graded, Results
from elearn.classes.rules.results import Figures, attendance_short
from elearn.core.db import db
from elearn.lib.periods import local_day
from elearn.members.models import Member, MemberSensitive, Position
from elearn.members.rules.people import KINDS, show_birth


def facts_of(cohort: Cohort, with_sensitive: bool, today: date, only: int | None = None) -> ClassFacts:
    """The class with everybody enrolled, or approved while the decision is not out; `only`: one member.

    Columns of ethnicity and religion are read only where the asker may see them, which is decided and recorded above.
    """
    terms = terms_of(cohort)
    staff = db.session.execute(
        select(CohortStaff.role, CohortStaff.display_name, CohortStaff.duty)
        .where(CohortStaff.cohort_id == cohort.id)
        .order_by(CohortStaff.position)
    ).all()
    return ClassFacts(
        title=cohort.title, programme=cohort.subject, organiser=cohort.unit.name, place=cohort.place,
        first=local_day(cohort.starts_at), last=local_day(cohort.due_at),
        people=list_attendants(cohort.id, with_sensitive, today, only), lessons=terms.lessons,
        lecturers=tuple(Helper(name, duty) for role, name, duty in staff if role == "lecturer"),
        committee=tuple(Helper(name, duty) for role, name, duty in staff if role == "committee"),
        decision_number=cohort.decision_number, decided_on=cohort.decided_on, with_sensitive=with_sensitive,
    )  # fmt: skip


def list_attendants(
    cohort_id: int,
    with_sensitive: bool,
    today: date,
    only: int | None = None,
    states: Collection[str] = (State.APPROVED, State.ENROLLED),
) -> tuple[Attendant, ...]:
    """People of a class in the order of given names, with names and units as they were when they were sent or enrolled."""
    post = (
        select(func.min(Position.title))
        .where(Position.member_id == Member.id, or_(Position.valid_to.is_(None), Position.valid_to > today))
        .correlate(Member)
        .scalar_subquery()
    )
    sensitive = (MemberSensitive.ethnicity, MemberSensitive.religion) if with_sensitive else ()
    query = (
        select(
            func.coalesce(Enrolment.display_name, Nomination.display_name),
            func.coalesce(Enrolment.unit_name, Nomination.home_unit_name),
            func.coalesce(Nomination.unit_name, ""),
            Member.sex, Member.birth_date, Member.birth_precision, Member.kind, Member.phone, post, Nomination.is_late, *sensitive,
        )
        .select_from(Member)
        .outerjoin(Nomination, and_(Nomination.member_id == Member.id, Nomination.cohort_id == cohort_id))
        .outerjoin(
            Enrolment, and_(Enrolment.member_id == Member.id, Enrolment.cohort_id == cohort_id, Enrolment.withdrawn_at.is_(None))
        )
        .where(or_(Enrolment.id.is_not(None), Nomination.state.in_(states)))
    )  # fmt: skip
    if with_sensitive:
        query = query.outerjoin(MemberSensitive, MemberSensitive.member_id == Member.id)
    if only is not None:
        query = query.where(Member.id == only)
    return tuple(
        Attendant(
            name=row[0], unit_name=row[1], sender=row[2], sex=row[3], born=show_birth(row[4], row[5]), kind=KINDS.get(row[6], row[6]),
            phone=row[7], position=row[8] or "", note="Bổ sung" if row[9] else "",
            ethnicity=(row[10] or "") if with_sensitive else "", religion=(row[11] or "") if with_sensitive else "",
        )
        for row in db.session.execute(query.order_by(Member.name_key, Member.id))
    )  # fmt: skip


def results_of(cohort: Cohort, today: date) -> Results:
    """What was decided of everybody enrolled, in the order of given names; nobody where nothing is decided yet."""
    terms = terms_of(cohort)
    query = (
        select(Enrolment.display_name, Enrolment.unit_name, Member.birth_date, Member.birth_precision, Result)
        .join(Result, Result.enrolment_id == Enrolment.id)
        .join(Member, Member.id == Enrolment.member_id)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.withdrawn_at.is_(None))
        .order_by(Member.name_key, Member.id)
    )
    people = tuple(
        Graded(
            name, show_birth(born, precision), unit_name, one.mark, one.grade, one.is_passed,
            attendance_short(Figures(one.attended, one.total)),
            one.reason if one.grade != one.proposed_grade else "",
        )
        for name, unit_name, born, precision, one in db.session.execute(query).all()
    )  # fmt: skip
    return Results(
        replace(facts_of(cohort, False, today), people=()), people, tuple(band.name for band in terms.bands), cohort.minutes_number,
        cohort.minutes_on, cohort.recognition_number, cohort.recognised_on,
    )  # fmt: skip
