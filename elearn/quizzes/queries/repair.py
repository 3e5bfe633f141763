"""Corrections and cases as officers see them, and what takers are told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.members.models import Member
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, may, role_paths
from elearn.questions.models import Question, QuestionVersion
from elearn.quizzes.models import Attempt, Correction, CorrectionChange, QuestionReport, Quiz, ReportCase
from elearn.quizzes.rules.repair import Result
from elearn.units.models import Unit

PERMISSION = "quiz.repair"


def access_quiz_to_repair(actor: Actor, code: str) -> Quiz:
    """The quiz of that code; NotFound where the actor may not correct it."""
    quiz = db.session.scalar(select(Quiz).where(Quiz.code == code).options(joinedload(Quiz.unit)))
    if quiz is None or not may(actor, PERMISSION, Subject(quiz.unit.path)):
        raise NotFound()
    return quiz


def access_version_of(quiz: Quiz, version_id: int) -> QuestionVersion:
    """A version that some paper of the quiz holds; NotFound for any other."""
    version = db.session.get(QuestionVersion, version_id, options=[joinedload(QuestionVersion.question)])
    if version is None or version_id not in {one for one, _ in list_versions_sat(quiz.id)}:
        raise NotFound()
    return version


def list_versions_sat(quiz_id: int) -> list[tuple[int, int]]:
    """Versions that submitted papers of the quiz hold, with the number of attempts (lượt), the most used first."""
    counts: dict[int, int] = {}
    query = select(Attempt.paper).where(Attempt.quiz_id == quiz_id, Attempt.state == "submitted")
    for paper in db.session.scalars(query.execution_options(yield_per=1000)):
        for asked in paper:
            counts[asked["version"]] = counts.get(asked["version"], 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def versions_by_id(numbers: Sequence[int]) -> dict[int, QuestionVersion]:
    """Versions with their questions."""
    query = select(QuestionVersion).where(QuestionVersion.id.in_(numbers)).options(joinedload(QuestionVersion.question))
    return {version.id: version for version in db.session.scalars(query)}


def list_later_versions(version: QuestionVersion) -> Sequence[QuestionVersion]:
    """Versions of the same question after this one, the newest first."""
    query = select(QuestionVersion).where(
        QuestionVersion.question_id == version.question_id, QuestionVersion.number > version.number
    )
    return db.session.scalars(query.order_by(QuestionVersion.number.desc())).all()


def list_corrections(quiz_id: int) -> Sequence[Correction]:
    """Corrections of a quiz, the newest first."""
    query = (
        select(Correction)
        .where(Correction.quiz_id == quiz_id)
        .options(joinedload(Correction.version).joinedload(QuestionVersion.question))
    )
    return db.session.scalars(query.order_by(Correction.id.desc())).all()


def access_correction(actor: Actor, correction_id: int) -> Correction:
    """The correction with its quiz and question; NotFound where the actor may not know of it."""
    options = [
        joinedload(Correction.quiz).joinedload(Quiz.unit),
        joinedload(Correction.version).joinedload(QuestionVersion.question),
    ]
    found = db.session.get(Correction, correction_id, options=options)
    if found is None or not may(actor, PERMISSION, Subject(found.quiz.unit.path)):
        raise NotFound()
    return found


def is_last_applied(correction: Correction) -> bool:
    """True where no later correction of the quiz stands on this one, so that it can be reverted."""
    query = select(Correction.id).where(Correction.quiz_id == correction.quiz_id, Correction.state == "applied")
    return db.session.scalar(query.order_by(Correction.applied_at.desc(), Correction.id.desc()).limit(1)) == correction.id


@dataclass(frozen=True)
class Moved:
    """An attempt that a correction moves, with whose it is."""

    attempt_id: int
    name: str
    unit_name: str
    number: int
    before: Result
    after: Result


def page_of_moved(correction_id: int, number: int, size: int = 50) -> Page[Moved]:
    """Attempts that a correction moves, by given name."""
    query = (
        select(Attempt.id, Member.display_name, Unit.name, Attempt.number, CorrectionChange.before, CorrectionChange.after)
        .select_from(CorrectionChange)
        .join(Attempt, Attempt.id == CorrectionChange.attempt_id)
        .join(Member, Member.id == Attempt.member_id)
        .join(Unit, Unit.id == Attempt.unit_id)
        .where(CorrectionChange.correction_id == correction_id)
        .order_by(Member.name_key, Attempt.number)
    )
    page = page_of(db.session(), query, number, size, scalars=False)
    rows = [
        Moved(attempt_id, name, unit, nth, Result.from_json(before), Result.from_json(after))
        for attempt_id, name, unit, nth, before, after in page.items
    ]
    return Page(rows, page.number, page.total, page.size)


def page_of_cases(actor: Actor, state: str, number: int) -> Page[tuple[ReportCase, int]]:
    """Cases of quizzes that the actor may correct, each with the number of people who reported, most reported first."""
    people = (
        select(QuestionReport.case_id, func.count(func.distinct(QuestionReport.member_id)).label("people"))
        .group_by(QuestionReport.case_id)
        .subquery()
    )
    query: Any = (
        select(ReportCase, people.c.people)
        .join(people, people.c.case_id == ReportCase.id)
        .join(Quiz, Quiz.id == ReportCase.quiz_id)
        .join(Unit, Unit.id == Quiz.unit_id)
        .where(below(Unit.path, role_paths(actor, PERMISSION)))
        .options(joinedload(ReportCase.quiz), joinedload(ReportCase.version).joinedload(QuestionVersion.question))
    )
    if state in ("open", "decided"):
        query = query.where(ReportCase.state == state)
    return page_of(db.session(), query.order_by(people.c.people.desc(), ReportCase.id), number, scalars=False)


def count_open_cases(actor: Actor) -> int:
    """Cases that wait for a decision by the actor."""
    query = (
        select(func.count(ReportCase.id))
        .join(Quiz, Quiz.id == ReportCase.quiz_id)
        .join(Unit, Unit.id == Quiz.unit_id)
        .where(below(Unit.path, role_paths(actor, PERMISSION)), ReportCase.state == "open")
    )
    return db.session.scalar(query) or 0


def list_waiting_corrections(actor: Actor) -> Sequence[Correction]:
    """Proposals that wait for a second person, who may be the actor."""
    query = (
        select(Correction)
        .join(Quiz, Quiz.id == Correction.quiz_id)
        .join(Unit, Unit.id == Quiz.unit_id)
        .where(
            below(Unit.path, role_paths(actor, PERMISSION)),
            Correction.state == "previewed",
            Correction.made_by_id != actor.member_id,
        )
        .options(joinedload(Correction.quiz))
    )
    return db.session.scalars(query.order_by(Correction.id)).all()


def access_case(actor: Actor, case_id: int) -> ReportCase:
    """The case with its reports; NotFound where the actor may not know of it."""
    options = [
        joinedload(ReportCase.quiz).joinedload(Quiz.unit),
        joinedload(ReportCase.version).joinedload(QuestionVersion.question),
        selectinload(ReportCase.reports),
    ]
    case = db.session.get(ReportCase, case_id, options=options)
    if case is None or not may(actor, PERMISSION, Subject(case.quiz.unit.path)):
        raise NotFound()
    return case


def corrections_for_case(case: ReportCase) -> Sequence[Correction]:
    """Corrections of the case's question in its quiz, applied ones first."""
    query = select(Correction).where(
        Correction.quiz_id == case.quiz_id, Correction.version_id == case.version_id, Correction.state.in_(("previewed", "applied"))
    )
    return db.session.scalars(query.order_by(Correction.state, Correction.id.desc())).all()


def question_code(version: QuestionVersion) -> str:
    """Code of the version's question."""
    return db.session.scalar(select(Question.code).where(Question.id == version.question_id)) or ""
