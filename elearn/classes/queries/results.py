"""What is known of the learners of a class for their results: attendance, marks of each part, what the rules propose, what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload

from elearn.classes.models import Cohort, Enrolment, LearnerMark, MarkChange, Programme, Result, ResultAppeal, ResultChange
from elearn.classes.queries.conditions import terms_of
from elearn.classes.rules.programmes import Terms
from elearn.classes.rules.progress import ten_point
from elearn.classes.rules.results import Figures, Proposal, participation_of, propose
from elearn.classes.rules.sheet import Key
from elearn.core.db import db
from elearn.courses.models import CourseEdition
from elearn.lib.errors import NotFound
from elearn.members.models import Member
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, role_paths
from elearn.quizzes.models import Attempt, Quiz
from elearn.quizzes.queries.managing import visible_quizzes
from elearn.submissions.models import Assignment, AssignmentTarget
from elearn.units.models import Unit

MOST_QUIZZES = 200
ESSAY = "cohort"
"""Origin of the assignments (bài thu hoạch) of classes."""


@dataclass(frozen=True)
class Sheet:
    """A row of the mark sheet: what was entered, what other features give, and what follows."""

    enrolment_id: int
    member_id: int
    name: str
    code: str
    unit_name: str
    entered: Mapping[str, Decimal] = field(default_factory=dict)
    automatic: Mapping[str, Decimal] = field(default_factory=dict)
    figures: Figures = field(default_factory=Figures)
    proposal: Proposal = field(default_factory=lambda: Proposal(None, "", False, ""))
    result: Result | None = None


def columns_of(terms: Terms) -> list[str]:
    """Columns of the sheet: attendance where no roll call counts it, then the parts of the mark."""
    return ["attended", *(part.kind for part in terms.parts)]


def list_sheet(cohort: Cohort) -> list[Sheet]:
    """Everybody enrolled, in the order of given names, in a fixed number of statements."""
    terms = terms_of(cohort)
    query = (
        select(Enrolment.id, Enrolment.member_id, Enrolment.display_name, Member.code, Enrolment.unit_name)
        .join(Member, Member.id == Enrolment.member_id)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.withdrawn_at.is_(None))
        .order_by(Member.name_key, Member.id)
    )
    people = db.session.execute(query).all()
    entered: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for (enrolment_id, part), mark in current_marks(cohort.id).items():
        entered[enrolment_id][part] = mark
    tests, exempt = _test_marks(cohort), _exempt(cohort.id)
    results = {one.enrolment_id: one for one in list_results(cohort.id)}
    rows = []
    for row in people:
        automatic = {"test": tests[row.member_id]} if row.member_id in tests else {}
        figures = _figures(cohort, entered[row.id], automatic, row.member_id in exempt)
        rows.append(
            Sheet(
                row.id, row.member_id, row.display_name, row.code, row.unit_name, entered[row.id], automatic, figures,
                propose(terms, figures), results.get(row.id),
            )
        )  # fmt: skip
    return rows


def _figures(cohort: Cohort, entered: Mapping[str, Decimal], automatic: dict[str, Decimal], is_exempt: bool) -> Figures:
    """What was entered stands before what was worked out; `automatic` gets the mark for taking part."""
    attended, total = entered.get("attended"), Decimal(cohort.sessions_total) if cohort.sessions_total else None
    if attended is not None and not total:
        attended = None
    if attended is not None and total:
        automatic["participation"] = participation_of(min(attended, total), total)
    marks = automatic | {part: mark for part, mark in entered.items() if part != "attended"}
    return Figures(attended, total, marks, frozenset({"essay"}) if is_exempt else frozenset())


def current_marks(cohort_id: int) -> dict[Key, Decimal]:
    """What was entered, by cell."""
    query = select(LearnerMark.enrolment_id, LearnerMark.part, LearnerMark.mark)
    query = query.join(Enrolment, Enrolment.id == LearnerMark.enrolment_id).where(Enrolment.cohort_id == cohort_id)
    return {(enrolment_id, part): mark for enrolment_id, part, mark in db.session.execute(query)}


def quiz_of(cohort: Cohort) -> int | None:
    """The quiz whose attempts are the test: the one chosen, or that of the course edition."""
    if cohort.quiz_id is not None or cohort.edition_id is None:
        return cohort.quiz_id
    return db.session.scalar(select(CourseEdition.quiz_id).where(CourseEdition.id == cohort.edition_id))


def list_quizzes(actor: Actor, chosen: int | None) -> list[tuple[int, str]]:
    """(id, title) of quizzes that may be the test of a class: those that the actor may see, the newest first, and the one chosen already."""
    rows = db.session.execute(
        visible_quizzes(actor).with_only_columns(Quiz.id, Quiz.title).order_by(Quiz.id.desc()).limit(MOST_QUIZZES)
    )
    found = dict(rows.all())
    if chosen is not None and chosen not in found:
        found[chosen] = db.session.scalar(select(Quiz.title).where(Quiz.id == chosen)) or ""
    return list(found.items())


def _test_marks(cohort: Cohort) -> dict[int, Decimal]:
    """By member: the mark of 10 of their best or last attempt since the class began, wholly marked ones only."""
    quiz_id = quiz_of(cohort)
    if quiz_id is None:
        return {}
    query = (
        select(Attempt.member_id, Attempt.mark, Attempt.max_mark)
        .join(Enrolment, Enrolment.member_id == Attempt.member_id)
        .where(
            Enrolment.cohort_id == cohort.id, Enrolment.withdrawn_at.is_(None), Attempt.quiz_id == quiz_id,
            Attempt.state == "submitted", Attempt.is_pending.is_(False), Attempt.is_discarded.is_(False),
            Attempt.submitted_at >= cohort.starts_at,
        )
        .order_by(Attempt.submitted_at, Attempt.id)
    )  # fmt: skip
    found: dict[int, Decimal] = {}
    for member_id, mark, max_mark in db.session.execute(query):
        ten = ten_point(mark, max_mark)
        if ten is not None and (cohort.test_choice == "last" or ten > found.get(member_id, Decimal(-1))):
            found[member_id] = ten
    return found


def _exempt(cohort_id: int) -> set[int]:
    """Members who need not write the essay."""
    query = (
        select(AssignmentTarget.member_id)
        .join(Assignment, Assignment.id == AssignmentTarget.assignment_id)
        .where(Assignment.origin == ESSAY, Assignment.origin_id == cohort_id, AssignmentTarget.exempted_at.is_not(None))
    )
    return {one for one in db.session.scalars(query) if one is not None}


def find_essay(cohort_id: int) -> Assignment | None:
    """The assignment of a class, or None where none was set."""
    query = select(Assignment).where(Assignment.origin == ESSAY, Assignment.origin_id == cohort_id).order_by(Assignment.id.desc())
    return db.session.scalar(query.limit(1))


def list_results(cohort_id: int) -> Sequence[Result]:
    """What was decided, of everybody still enrolled."""
    query = select(Result).join(Enrolment, Enrolment.id == Result.enrolment_id)
    return db.session.scalars(query.where(Enrolment.cohort_id == cohort_id, Enrolment.withdrawn_at.is_(None))).all()


def list_mark_changes(cohort_id: int, most: int = 200) -> Sequence[Row[MarkChange, str]]:
    """Changes of the mark sheet with the learner's name, the latest first."""
    query = select(MarkChange, Enrolment.display_name).join(Enrolment, Enrolment.id == MarkChange.enrolment_id)
    return db.session.execute(query.where(Enrolment.cohort_id == cohort_id).order_by(MarkChange.id.desc()).limit(most)).all()


def list_result_changes(cohort_id: int) -> Sequence[Row[ResultChange, str]]:
    """Corrections of results with the learner's name, the latest first."""
    query = select(ResultChange, Enrolment.display_name).join(Enrolment, Enrolment.id == ResultChange.enrolment_id)
    return db.session.execute(query.where(Enrolment.cohort_id == cohort_id).order_by(ResultChange.id.desc())).all()


def find_own_result(enrolment: Enrolment | None, cohort: Cohort) -> Result | None:
    """A learner's own result, once it is recognised."""
    if enrolment is None or cohort.recognised_on is None or enrolment.withdrawn_at is not None:
        return None
    return db.session.get(Result, enrolment.id)


def list_appeals(cohort_id: int) -> Sequence[ResultAppeal]:
    """Requests to look again, those not answered first."""
    query = (
        select(ResultAppeal).join(Enrolment, Enrolment.id == ResultAppeal.enrolment_id).options(joinedload(ResultAppeal.enrolment))
    )
    query = query.where(Enrolment.cohort_id == cohort_id)
    return db.session.scalars(query.order_by(ResultAppeal.answered_at.is_not(None), ResultAppeal.id)).all()


def list_own_appeals(enrolment_id: int) -> Sequence[ResultAppeal]:
    """A learner's requests, the latest first."""
    query = select(ResultAppeal).where(ResultAppeal.enrolment_id == enrolment_id)
    return db.session.scalars(query.order_by(ResultAppeal.id.desc())).all()


def find_appeal(appeal_id: int) -> ResultAppeal:
    """A request with its class. Raises NotFound; who may see it is decided by the class."""
    found = db.session.get(ResultAppeal, appeal_id, options=[joinedload(ResultAppeal.enrolment)])
    if found is None:
        raise NotFound()
    return found


def list_waiting_appeals(actor: Actor, most: int = 20) -> Sequence[Row[int, str, int]]:
    """(class id, title, people) of classes of the actor where requests to look again wait for an answer."""
    query = (
        select(Cohort.id, Cohort.title, func.count())
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .join(ResultAppeal, ResultAppeal.enrolment_id == Enrolment.id)
        .join(Unit, Unit.id == Cohort.unit_id)
        .where(below(Unit.path, role_paths(actor, "cohort.manage")), ResultAppeal.answered_at.is_(None))
    )
    return db.session.execute(query.group_by(Cohort.id, Cohort.title).order_by(Cohort.id).limit(most)).all()


@dataclass(frozen=True)
class Passed:
    """Somebody who may get the certificate of a class, with names as at enrolment."""

    enrolment_id: int
    member_id: int
    name: str
    unit_name: str
    grade: str
    mark: Decimal | None


def list_passed(cohort_id: int) -> list[Passed]:
    """Those who passed, in the order of given names; nobody before the results are recognised, nor where the class gives no certificate.

    Somebody who failed is never among them, whatever is asked for: certificates are made from this list alone.
    """
    cohort = db.session.get(Cohort, cohort_id)
    if cohort is None or cohort.recognised_on is None or cohort.terms is None or not terms_of(cohort).certificate_kind:
        return []
    query = (
        select(Enrolment.id, Enrolment.member_id, Enrolment.display_name, Enrolment.unit_name, Result.grade, Result.mark)
        .join(Result, Result.enrolment_id == Enrolment.id)
        .join(Member, Member.id == Enrolment.member_id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.withdrawn_at.is_(None), Result.is_passed)
    )
    return [Passed(*row) for row in db.session.execute(query.order_by(Member.name_key, Member.id))]


@dataclass(frozen=True)
class ClassFigures:
    """Classes of one programme in a period: how many, learners (người), and learners by grade. Grades keep their order."""

    programme: str
    cohorts: int
    learners: int
    passed: int
    by_grade: Mapping[str, int]


def list_class_figures(paths: Sequence[str], start: datetime, end: datetime) -> list[ClassFigures]:
    """Classes of programmes that began in a half-open period, organised within subtrees, by programme: four statements, however many learners."""
    period = (Cohort.terms.is_not(None), Cohort.starts_at >= start, Cohort.starts_at < end, below(Unit.path, paths))

    def of(query: Any) -> Any:
        return query.join(Unit, Unit.id == Cohort.unit_id).where(*period)

    names = dict(db.session.execute(select(Programme.id, Programme.name)).all())
    counts = dict(db.session.execute(of(select(Cohort.programme_id, func.count())).group_by(Cohort.programme_id)).all())
    enrolled = select(Cohort.programme_id, func.count()).join(Enrolment, Enrolment.cohort_id == Cohort.id)
    learners = dict(db.session.execute(of(enrolled).where(Enrolment.withdrawn_at.is_(None)).group_by(Cohort.programme_id)).all())
    graded = (
        select(Cohort.programme_id, Result.grade, Result.is_passed, func.count())
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .join(Result, Result.enrolment_id == Enrolment.id)
    )
    by_grade: dict[int, dict[str, int]] = defaultdict(dict)
    passed: dict[int, int] = defaultdict(int)
    grouped = of(graded).where(Enrolment.withdrawn_at.is_(None), Cohort.recognised_on.is_not(None))
    for programme_id, grade, is_passed, count in db.session.execute(
        grouped.group_by(Cohort.programme_id, Result.grade, Result.is_passed).order_by(func.max(Result.mark).desc(), Result.grade)
    ):
        by_grade[programme_id][grade] = by_grade[programme_id].get(grade, 0) + count
        passed[programme_id] += count if is_passed else 0
    return [
        ClassFigures(names[number], counts[number], learners.get(number, 0), passed[number], by_grade[number])
        for number in sorted(counts, key=lambda one: names[one])
    ]
