"""The facts behind the check list of a contest."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import and_, func, or_, select

from elearn.audit.queries import last_time_of
from elearn.contests.models import Contest, Round
from elearn.contests.rules.entry import Entrant, EntryTerms, reason_against
from elearn.contests.rules.readiness import Facts, RoundFacts
from elearn.core.db import db
from elearn.lib.periods import local_day
from elearn.library.models import Document
from elearn.members.models import Member, RoleGrant
from elearn.members.queries import below
from elearn.questions.models import Question, QuestionVersion
from elearn.quizzes.models import Quiz
from elearn.quizzes.queries.drawing import plan_of, pool_select
from elearn.quizzes.queries.managing import facts_of as quiz_facts
from elearn.units.models import Unit

PUBLISHERS = ("contest_officer", "system_administrator")
MOST_BARRED = 500


def facts_of(contest: Contest, data_path: Path, now: datetime) -> Facts:
    """All that the check list looks at. Nothing is known of backups: no command of this application makes them."""
    rules, rounds = contest.rules, contest.rounds
    disk = shutil.disk_usage(data_path)
    first = local_day(min(one.opens_at for one in rounds)) if rounds else None
    return Facts(
        rules,
        contest.is_published,
        tuple(_round(one, now) for one in rounds),
        first,
        bool(contest.consent_text.strip()),
        _holders(contest.unit, PUBLISHERS, now),
        _holders(contest.unit, ("examiner",), now),
        tuple(list_barred(contest, first or local_day(now), now)),
        _count_expected(contest, now) if rules.audience == "members" else None,
        disk.free,
        disk.total,
        last_time_of(db.session(), "backup"),
    )


def _round(one: Round, now: datetime) -> RoundFacts:
    base: dict[str, Any] = {
        "number": one.number, "title": one.title, "kind": one.kind, "opens_at": one.opens_at, "closes_at": one.closes_at,
        "has_metric": bool(one.own_rules.metric), "criteria": one.rules.criteria,
    }  # fmt: skip
    quiz = one.paper
    if quiz is None:
        return RoundFacts(**base)
    told = quiz_facts(quiz, now)
    unreviewed, expired = _doubts(quiz, local_day(one.opens_at))
    return RoundFacts(
        **base, wanted=quiz.question_count, short=sum(part.available < part.wanted for part in told.parts), is_enough=told.is_enough,
        unreviewed=unreviewed, expired=expired, time_limit_seconds=quiz.time_limit_seconds,
    )  # fmt: skip


def _doubts(quiz: Quiz, day: date) -> tuple[int, int]:
    """Questions that may be drawn on the day: those without a second reader, those whose document is no longer in force."""
    unreviewed, expired = set[int](), set[int]()
    for source in {part.source for part in plan_of(quiz).parts}:
        pool = pool_select(db.session.connection(), source, day).order_by(None).subquery()
        rows = (
            select(QuestionVersion.id, Question.reviewed_by_id, Document.superseded_by_id, Document.valid_to)
            .join(Question, Question.id == QuestionVersion.question_id)
            .outerjoin(Document, Document.id == QuestionVersion.document_id)
            .where(QuestionVersion.id.in_(select(pool)))
        )
        for number, reviewer, successor, valid_to in db.session.execute(rows):
            if reviewer is None:
                unreviewed.add(number)
            if successor is not None or (valid_to is not None and valid_to <= day):
                expired.add(number)
    return len(unreviewed), len(expired)


def _holders(unit: Unit, roles: Sequence[str], now: datetime) -> int:
    """People who hold one of the roles for the unit."""
    above = [int(part) for part in unit.path.strip("/").split("/")]
    in_force = and_(RoleGrant.valid_from <= now, or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now))
    query = select(func.count(func.distinct(RoleGrant.member_id))).join(Member, Member.id == RoleGrant.member_id)
    return (
        db.session.scalar(query.where(RoleGrant.role.in_(roles), RoleGrant.unit_id.in_(above), Member.status == "active", in_force))
        or 0
    )


def _count_expected(contest: Contest, now: datetime) -> int:
    """Active members of the units that are invited, of the kinds that are; ages are not looked at."""
    rules = contest.rules
    query = select(func.count()).select_from(Member).join(Unit, Unit.id == Member.unit_id).where(Member.status == "active")
    if rules.unit_ids:
        query = query.where(below(Unit.path, list(db.session.scalars(select(Unit.path).where(Unit.id.in_(rules.unit_ids))))))
    if rules.member_kinds:
        query = query.where(Member.kind.in_(rules.member_kinds))
    return db.session.scalar(query) or 0


def list_barred(contest: Contest, first_day: date, now: datetime) -> list[str]:
    """Names of those whom the exclusion keeps out and who would qualify without it, at most MOST_BARRED."""
    rules = contest.rules
    in_force = and_(RoleGrant.valid_from <= now, or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now))
    holders = select(RoleGrant.member_id).where(RoleGrant.role.in_(rules.excluded_roles), in_force)
    wanted: Any = Member.id.in_(holders)
    if rules.excludes_writers:
        wanted = or_(wanted, Member.id.in_(_writers(contest)))
    query = (
        select(Member.display_name, Member.birth_date, Member.kind, Unit.path)
        .join(Unit, Unit.id == Member.unit_id)
        .where(Member.status == "active", wanted)
        .order_by(Member.name_key, Member.id)
        .limit(MOST_BARRED)
    )
    terms = EntryTerms(0, contest.id, None, now, now.replace(year=now.year + 1), 1, first_day, rules)
    return [
        name
        for name, born, kind, path in db.session.execute(query)
        if reason_against(
            Entrant(born, frozenset(), kind=kind, unit_ids=frozenset(int(part) for part in path.strip("/").split("/"))), terms, now
        )
        is None
    ]


def _writers(contest: Contest) -> Any:
    """Ids of authors and reviewers of questions in the banks from which the rounds draw."""
    banks = {part["bank"] for one in contest.rounds if one.paper for part in one.paper.blueprint if "bank" in part}
    chosen = {part["question"] for one in contest.rounds if one.paper for part in one.paper.blueprint if "question" in part}
    of_these = or_(Question.bank_id.in_(banks), Question.id.in_(chosen))
    written = select(Question.author_id).where(of_these, Question.author_id.is_not(None))
    return written.union(select(Question.reviewed_by_id).where(of_these, Question.reviewed_by_id.is_not(None)))
