"""Makes contests with their rounds and the quizzes behind them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.contests.models import Contest, Round
from elearn.contests.queries.contests import DEFAULT_CHAIN, RANKINGS
from elearn.lib.errors import InvalidInput
from elearn.quizzes.services import QuizSpec, create_quiz

PREDICTION_PROMPT = "Có bao nhiêu người trả lời đúng tất cả các câu hỏi trong vòng này?"
PREDICTION_UNIT = "người"


@dataclass(frozen=True)
class RoundSpec:
    """A round; `blueprint` as in quizzes: {"bank": id, "level": key or None, "count": n} for each part of the paper."""

    title: str
    opens_at: datetime
    closes_at: datetime
    blueprint: Sequence[dict[str, Any]]
    time_limit_seconds: int = 600
    attempt_limit: int = 7
    title_en: str = ""


@dataclass(frozen=True)
class ContestSpec:
    """A contest; `prizes` holds {"title": "Nhất", "title_en": …, "count": 1} for each kind, of each round."""

    code: str
    title: str
    unit_id: int
    organiser_name: str
    rounds: Sequence[RoundSpec]
    prizes: Sequence[Mapping[str, Any]] = ()
    criteria: Sequence[str] = DEFAULT_CHAIN
    title_en: str = ""
    lead: str = ""
    minimum_age: int | None = None
    excluded_roles: Sequence[str] = ()
    is_published: bool = True
    join_code: str = ""
    has_prediction: bool = True


def create_contest(session: Session, spec: ContestSpec, now: datetime) -> Contest:
    """A new contest, flushed, with rounds 1, 2, 3 … and a quiz for each. Raises InvalidInput naming what is wrong."""
    _check(spec)
    first = min(one.opens_at for one in spec.rounds)
    contest = Contest(
        code=spec.code, join_code=spec.join_code or _free_join_code(session), title=spec.title, title_en=spec.title_en, lead=spec.lead,
        unit_id=spec.unit_id, organiser_name=spec.organiser_name, minimum_age=spec.minimum_age,
        excluded_roles=list(spec.excluded_roles), criteria=list(spec.criteria), prizes=[dict(prize) for prize in spec.prizes],
        rules_frozen_at=first if first <= now else None, is_published=spec.is_published,
    )  # fmt: skip
    session.add(contest)
    session.flush()
    for number, one in enumerate(spec.rounds, start=1):
        quiz = create_quiz(
            session,
            QuizSpec(
                code=f"round:{spec.code}:{number}", title=one.title, title_en=one.title_en, place=spec.title, unit_id=spec.unit_id,
                blueprint=one.blueprint, time_limit_seconds=one.time_limit_seconds, attempt_limit=one.attempt_limit,
                opens_at=one.opens_at, closes_at=one.closes_at, review="marks_only",
                prediction_prompt=PREDICTION_PROMPT if spec.has_prediction else "",
                prediction_unit=PREDICTION_UNIT if spec.has_prediction else "",
            ),
        )  # fmt: skip
        session.add(
            Round(
                contest_id=contest.id, number=number, title=one.title, title_en=one.title_en, quiz_id=quiz.id,
                opens_at=one.opens_at, closes_at=one.closes_at,
            )
        )  # fmt: skip
    session.flush()
    return contest


def _check(spec: ContestSpec) -> None:
    if not spec.rounds:
        raise InvalidInput("no_rounds", "Cuộc thi cần ít nhất một vòng.", field="rounds")
    for one in spec.rounds:
        if one.closes_at <= one.opens_at:
            raise InvalidInput("bad_window", "Vòng “%(title)s” đóng trước khi mở.", field="rounds", title=one.title)
    for key in spec.criteria:
        if key not in RANKINGS:
            raise InvalidInput("no_criterion", "Không có tiêu chí xếp hạng “%(key)s”.", field="criteria", key=key)
    if not spec.criteria or len(set(spec.criteria)) != len(spec.criteria):
        raise InvalidInput("bad_criteria", "Các tiêu chí xếp hạng phải có và không lặp lại.", field="criteria")
    for prize in spec.prizes:
        if not str(prize.get("title", "")).strip() or not isinstance(prize.get("count"), int) or prize["count"] < 1:
            raise InvalidInput("bad_prize", "Mỗi loại giải cần tên và số lượng từ 1 trở lên.", field="prizes")


def _free_join_code(session: Session) -> str:
    """Six digits that no contest has yet; never with a leading zero, which is easily lost."""
    while True:
        code = str(100_000 + secrets.randbelow(900_000))
        if session.scalar(select(Contest.id).where(Contest.join_code == code)) is None:
            return code
