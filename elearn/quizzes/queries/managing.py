"""Quizzes as their officers see them: lists in scope, what a blueprint may draw, the check list, attempts and late answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.lib.periods import local_day
from elearn.lib.vietnamese import fold
from elearn.library.models import Document
from elearn.members.models import Member, RoleGrant
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Role, Subject, demand, may, role_paths
from elearn.questions.models import Bank, Category, Question, QuestionTag, QuestionVersion
from elearn.questions.queries import TYPES, list_usable_banks
from elearn.questions.rules.drawing import is_enough
from elearn.questions.rules.levels import LEVELS
from elearn.questions.rules.texts import in_a_list, rich
from elearn.quizzes.models import Attempt, LateResponse, Quiz
from elearn.quizzes.queries.drawing import plan_of, pool_select, pools_of
from elearn.quizzes.rules.blueprints import Finding, Offer, PartFacts, QuizFacts, check_list, read_tags
from elearn.quizzes.rules.papers import Part, Source, read_plan
from elearn.quizzes.rules.wording import shows_only_after_close
from elearn.units.models import Unit

BY_HAND = tuple(kind.key for kind in TYPES if kind.needs_marker)
UNMARKED = tuple(kind.key for kind in TYPES if not kind.is_marked)
LIST_STATES = ("current", "draft", "over", "archived", "elsewhere", "all")


def visible_quizzes(actor: Actor, permission: str = "quiz.view") -> Select[Quiz]:
    """Exactly the quizzes for which `may(actor, permission, …)` holds."""
    return select(Quiz).join(Unit, Unit.id == Quiz.unit_id).where(below(Unit.path, role_paths(actor, permission)))


def access_by_code(actor: Actor, code: str, permission: str = "quiz.view") -> Quiz:
    """The quiz. NotFound where the actor may not know of it, Forbidden where they may see it but not do this."""
    quiz = db.session.scalar(select(Quiz).where(Quiz.code == code).options(joinedload(Quiz.unit)))
    if quiz is None or not may(actor, "quiz.view", Subject(quiz.unit.path)):
        raise NotFound()
    demand(actor, permission, Subject(quiz.unit.path))
    return quiz


def may_do(actor: Actor, quiz: Quiz, permission: str) -> bool:
    """Whether to offer what needs the permission."""
    return may(actor, permission, Subject(quiz.unit.path))


def access_owner(actor: Actor, unit_id: int) -> Unit:
    """The unit that is to own a quiz; NotFound where the actor may not manage quizzes for it."""
    unit = db.session.get(Unit, unit_id)
    if unit is None or unit.valid_to is not None or not may(actor, "quiz.manage", Subject(unit.path)):
        raise NotFound()
    return unit


@dataclass(frozen=True)
class Tally:
    """People with a submitted attempt (người), submitted attempts (lượt), attempts under way and those whose time is over without having been
    submitted, late answers that wait, submitted attempts that wait for an examiner."""

    people: int = 0
    attempts: int = 0
    running: int = 0
    overdue: int = 0
    late: int = 0
    pending: int = 0

    @property
    def begun(self) -> int:
        return self.attempts + self.running + self.overdue


def tallies_of(quiz_ids: Sequence[int], now: datetime) -> dict[int, Tally]:
    """The figures of each quiz; noughts where nobody has sat it."""
    is_done, is_over = Attempt.state == "submitted", Attempt.deadline_at < now
    query = (
        select(
            Attempt.quiz_id,
            func.count(func.distinct(case((is_done, Attempt.member_id)))),
            func.count(case((is_done, 1))),
            func.count(case((and_(Attempt.state == "open", ~is_over), 1))),
            func.count(case((and_(Attempt.state == "open", is_over), 1))),
            func.count(case((and_(is_done, Attempt.is_pending), 1))),
        )
        .where(Attempt.quiz_id.in_(quiz_ids))
        .group_by(Attempt.quiz_id)
    )
    late = late_counts(quiz_ids)
    found = dict.fromkeys(quiz_ids, Tally())
    for quiz_id, people, attempts, running, overdue, pending in db.session.execute(query):
        found[quiz_id] = Tally(people, attempts, running, overdue, late.get(quiz_id, 0), pending)
    return found


def late_counts(quiz_ids: Sequence[int]) -> dict[int, int]:
    """Late answers that wait for a decision, by quiz; quizzes without any are missing."""
    query = select(Attempt.quiz_id, func.count()).join(LateResponse, LateResponse.attempt_id == Attempt.id)
    query = query.where(Attempt.quiz_id.in_(quiz_ids), LateResponse.decision == "waiting").group_by(Attempt.quiz_id)
    return dict(db.session.execute(query).all())


def page_of_quizzes(actor: Actor, words: str, state: str, now: datetime, number: int) -> Page[Quiz]:
    """Visible quizzes in one state: those closing soonest first, then those without a close, the newest first."""
    query = visible_quizzes(actor).options(joinedload(Quiz.unit)).where(*_in_state(state, now))
    if words.strip():
        query = query.where(Quiz.id.in_(_named(query, words)))
    is_ended = and_(Quiz.closes_at.is_not(None), Quiz.closes_at <= now)
    order = (is_ended, case((is_ended, None), else_=Quiz.closes_at).is_(None), case((is_ended, None), else_=Quiz.closes_at))
    return page_of(db.session(), query.order_by(*order, Quiz.id.desc()), number)


def _in_state(state: str, now: datetime) -> list[Any]:
    own, is_over = Quiz.made_by_id.is_not(None), and_(Quiz.closes_at.is_not(None), Quiz.closes_at <= now)
    conditions: dict[str, list[Any]] = {
        "current": [own, Quiz.state == "published", or_(Quiz.closes_at.is_(None), Quiz.closes_at > now)],
        "draft": [own, Quiz.state == "draft"],
        "over": [own, Quiz.state == "published", is_over],
        "archived": [own, Quiz.state == "archived"],
        "elsewhere": [Quiz.made_by_id.is_(None)],
    }
    return conditions.get(state, [])


def _named(query: Select[Quiz], words: str) -> list[int]:
    """Ids among a query's quizzes in whose title, place, code or unit every word occurs, accents aside; quizzes are few enough."""
    texts = query.with_only_columns(Quiz.id, Quiz.title, Quiz.place, Quiz.code, Unit.name).options()
    wanted = fold(words).split()[:8]
    return [number for number, *parts in db.session.execute(texts) if all(word in fold(" ".join(parts)) for word in wanted)]


def offer_for(actor: Actor, quiz: Quiz | None) -> tuple[Sequence[Bank], list[tuple[int, int, str]], Offer]:
    """What the editor offers: banks, categories as (id, bank id, path), and all that a blueprint may name.

    What the quiz names already stays on offer, though another officer chose it from a bank that this one may not draw from.
    """
    banks = list(list_usable_banks(actor))
    blueprint = quiz.blueprint if quiz else []
    missing = {part["bank"] for part in blueprint if "bank" in part} - {bank.id for bank in banks}
    if missing:
        banks += db.session.scalars(select(Bank).where(Bank.id.in_(missing)).order_by(Bank.title)).all()
    shelves = select(Category.id, Category.bank_id, Category.path).where(Category.bank_id.in_([bank.id for bank in banks]))
    categories = [(number, bank_id, path) for number, bank_id, path in db.session.execute(shelves.order_by(Category.path))]
    chosen = frozenset(part["question"] for part in blueprint if "question" in part)
    offer = Offer(
        frozenset(bank.id for bank in banks), {number: bank_id for number, bank_id, _ in categories}, chosen, frozenset(LEVELS)
    )
    return banks, categories, offer


def usable_questions(actor: Actor, question_ids: Iterable[int]) -> frozenset[int]:
    """Those of the questions that are in use and stand in banks from which the actor may draw."""
    banks = [bank.id for bank in list_usable_banks(actor)]
    query = select(Question.id).where(Question.id.in_(set(question_ids)), Question.bank_id.in_(banks), Question.status == "in_use")
    return frozenset(db.session.scalars(query))


def tag_names(blueprint: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """How the tags of a blueprint are written, by their keys."""
    keys = {tag for part in blueprint for tag in part.get("tags") or ()}
    query = (
        select(QuestionTag.tag_key, func.min(QuestionTag.tag)).where(QuestionTag.tag_key.in_(keys)).group_by(QuestionTag.tag_key)
    )
    return dict(db.session.execute(query).all())


def banks_of(blueprint: Iterable[Mapping[str, Any]]) -> Sequence[Bank]:
    """The banks that a blueprint names."""
    return db.session.scalars(select(Bank).where(Bank.id.in_({part["bank"] for part in blueprint if "bank" in part}))).all()


def category_paths(blueprint: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """Paths of the categories that a blueprint names, by id."""
    wanted = {part["category"] for part in blueprint if part.get("category") is not None}
    return dict(db.session.execute(select(Category.id, Category.path).where(Category.id.in_(wanted))).all())


def available(source: Source, day: date) -> int:
    """Questions that a source offers on the day."""
    pool = pool_select(db.session.connection(), source, day).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(pool)) or 0


@dataclass(frozen=True)
class Chosen:
    """A chosen question as lists show it."""

    id: int
    code: str
    summary: str
    bank_title: str
    status: str
    default_mark: Decimal
    type: str


def chosen_questions(question_ids: Iterable[int]) -> dict[int, Chosen]:
    """Chosen questions by id, as they stand in the version in force."""
    query = (
        select(Question.id, Question.code, QuestionVersion.text, QuestionVersion.text_format, Bank.title, Question.status,
               QuestionVersion.default_mark, QuestionVersion.type)
        .join(QuestionVersion, (Question.id == QuestionVersion.question_id) & (Question.version_number == QuestionVersion.number))
        .join(Bank, Bank.id == Question.bank_id)
        .where(Question.id.in_(set(question_ids)))
    )  # fmt: skip
    return {
        row[0]: Chosen(row[0], row[1], in_a_list(rich(row[2], row[3])), row[4], row[5], row[6], row[7])
        for row in db.session.execute(query)
    }


def parts_of(quiz: Any, day: date) -> tuple[PartFacts, ...]:
    """What each part of a quiz's blueprint can draw on the day."""
    plan, known = plan_of(quiz), {}
    for part in plan.parts:
        if part.source not in known:
            known[part.source] = _facts_of(part, day)
    chosen = chosen_questions(part.source.question_id for part in plan.parts if part.source.question_id)
    return tuple(_filled(part, known[part.source], chosen) for part in plan.parts)


def _facts_of(part: Part, day: date) -> Any:
    pool = pool_select(db.session.connection(), part.source, day).order_by(None).subquery()
    is_out = or_(Document.superseded_by_id.is_not(None), Document.valid_to <= day, QuestionVersion.valid_to <= day)
    has_no_source = and_(QuestionVersion.document_id.is_(None), QuestionVersion.source == "", QuestionVersion.type.not_in(UNMARKED))
    query = (
        select(
            func.count(),
            func.count(case((QuestionVersion.type.in_(BY_HAND), 1))),
            func.count(case((QuestionVersion.type.in_(UNMARKED), 1))),
            func.count(case((has_no_source, 1))),
            func.count(case((is_out, 1))),
        )
        .select_from(QuestionVersion)
        .outerjoin(Document, Document.id == QuestionVersion.document_id)
        .where(QuestionVersion.id.in_(select(pool)))
    )
    return db.session.execute(query).one()


def _filled(part: Part, facts: Any, chosen: Mapping[int, Chosen]) -> PartFacts:
    question = chosen.get(part.source.question_id or 0)
    mark = part.mark if part.mark is not None else question.default_mark if question else Decimal(1)
    is_retired = question is not None and question.status == "retired"
    available, by_hand, unmarked, without_source, out_of_date = facts
    is_chosen = part.source.question_id is not None
    return PartFacts(
        part.count, available, mark, by_hand, unmarked, without_source, out_of_date, is_chosen=is_chosen, is_retired=is_retired
    )


def facts_of(quiz: Quiz, now: datetime) -> QuizFacts:
    """All that the check list of a quiz looks at."""
    day, plan = local_day(now), plan_of(quiz)
    parts = parts_of(quiz, day)
    is_filled = all(part.available >= part.wanted for part in parts)
    counts = [part.count for part in plan.parts]
    return QuizFacts(
        parts,
        is_filled and is_enough(pools_of(db.session.connection(), plan, day), counts),
        quiz.time_limit_seconds,
        quiz.attempt_limit,
        quiz.opens_at,
        quiz.closes_at,
        quiz.review,
        shows_only_after_close(quiz.review, quiz.review_grid),
        quiz.pass_percent,
        _count_examiners(quiz.unit, now),
        1 if quiz.is_for_all else _has_takers(quiz.unit),
        quiz.join_code is not None,
    )


def check_list_of(quiz: Quiz, now: datetime) -> list[Finding]:
    """What stands against publishing the quiz, what should be looked at again, and what is in order."""
    return check_list(facts_of(quiz, now), now)


def _count_examiners(unit: Unit, now: datetime) -> int:
    above = [int(part) for part in unit.path.strip("/").split("/")]
    in_force = and_(RoleGrant.valid_from <= now, or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now))
    query = select(func.count(func.distinct(RoleGrant.member_id))).where(
        RoleGrant.role == Role.EXAMINER, RoleGrant.unit_id.in_(above)
    )
    return db.session.scalar(query.where(in_force)) or 0


def _has_takers(unit: Unit) -> int:
    query = select(Member.id).join(Unit, Unit.id == Member.unit_id).where(below(Unit.path, [unit.path]), Member.status == "active")
    return int(db.session.scalar(query.limit(1)) is not None)


def source_asked(asked: Mapping[str, str]) -> Source | None:
    """The source that a row of the editor names in an address; None where it names none."""
    numbers = {name: int(asked[name]) for name in ("bank", "category") if asked.get(name, "").isdecimal() and len(asked[name]) < 10}
    if "bank" not in numbers:
        return None
    level = asked.get("level", "")
    return Source(numbers["bank"], level if level in LEVELS else None, numbers.get("category"), read_tags(asked.get("tags", "")))


def source_of(part: Mapping[str, Any]) -> Source:
    """The source that a part of a blueprint names."""
    return read_plan([part]).parts[0].source
