"""Who judges a round, and what a judge may open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import joinedload

from elearn.contests.models import Contest, Round, RoundJudge, StageCriterion, StagePart, StageScore
from elearn.core.db import db
from elearn.lib.errors import NotFound
from elearn.marking.models import Opinion, Script
from elearn.members.models import Member
from elearn.members.rules.permissions import Actor, Subject, demand, may
from elearn.quizzes.models import Attempt
from elearn.quizzes.services.scripts import ORIGIN


def list_judges(round_id: int) -> Sequence[RoundJudge]:
    """The judges of a round, those in the chair first, then by name."""
    query = select(RoundJudge).join(Member, Member.id == RoundJudge.member_id).where(RoundJudge.round_id == round_id)
    return db.session.scalars(
        query.options(joinedload(RoundJudge.member).joinedload(Member.unit)).order_by(
            RoundJudge.is_chair.desc(), Member.name_key, RoundJudge.id
        )
    ).all()


def judges_round(round_id: Any, member_id: Any) -> ColumnElement[bool]:
    """SQL for "this member judges this round"; both may be columns."""
    return exists().where(RoundJudge.round_id == round_id, RoundJudge.member_id == member_id)


def access_judged(actor: Actor, round_id: int, permission: str = "round.score") -> Round:
    """A round with the eyes of a judge: NotFound for whoever neither judges nor oversees it, Forbidden where they may not do this."""
    query = select(Round).where(Round.id == round_id).options(joinedload(Round.contest).joinedload(Contest.unit))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound()
    judges = list_judges(round_id)
    path = found.contest.unit.path
    if not may(actor, "round.chair", Subject(path, named_ids=frozenset(one.member_id for one in judges))):
        raise NotFound()
    names = (one.member_id for one in judges if one.is_chair or permission == "round.score")
    demand(actor, permission, Subject(path, named_ids=frozenset(names)))
    return found


def is_chair(round_id: int, member_id: int) -> bool:
    """Whether the member chairs the judges of a round."""
    query = exists().where(RoundJudge.round_id == round_id, RoundJudge.member_id == member_id, RoundJudge.is_chair)
    return bool(db.session.scalar(select(query)))


def list_judged(member_id: int) -> Sequence[Round]:
    """Rounds that a member judges, the next to open first."""
    query = select(Round).join(RoundJudge, RoundJudge.round_id == Round.id).where(RoundJudge.member_id == member_id)
    return db.session.scalars(query.options(joinedload(Round.contest)).order_by(Round.opens_at, Round.id)).all()


def named_piles() -> Select[Any]:
    """(pile, member id): the written rounds for which judges are named, as the feature that keeps the scripts asks for them."""
    query: Any = (
        select(Script.pile, RoundJudge.member_id)
        .select_from(RoundJudge)
        .join(Round, Round.id == RoundJudge.round_id)
        .join(Attempt, Attempt.quiz_id == Round.quiz_id)
        .join(Script, and_(Script.origin == ORIGIN, Script.origin_id == Attempt.id))
        .where(Round.kind == "written")
        .distinct()
    )
    return query


def list_piles_of(found: Round) -> list[str]:
    """Keys of the piles of a written round."""
    query = select(Script.pile).join(Attempt, and_(Script.origin == ORIGIN, Script.origin_id == Attempt.id))
    return list(db.session.scalars(query.where(Attempt.quiz_id == found.quiz_id).distinct().order_by(Script.pile)))


def count_given(found: Round) -> dict[int, int]:
    """By judge: points given on the stage, or works marked; who has given none is missing."""
    if found.kind == "stage":
        query = (
            select(StageScore.judge_id, func.count())
            .join(StageCriterion, StageCriterion.id == StageScore.criterion_id)
            .join(StagePart, StagePart.id == StageCriterion.part_id)
            .where(StagePart.round_id == found.id)
            .group_by(StageScore.judge_id)
        )
    else:
        query = (
            select(Opinion.examiner_id, func.count())
            .join(Script, Script.id == Opinion.script_id)
            .join(Attempt, and_(Script.origin == ORIGIN, Script.origin_id == Attempt.id))
            .where(Attempt.quiz_id == found.quiz_id)
            .group_by(Opinion.examiner_id)
        )
    return dict(db.session.execute(query).all())
