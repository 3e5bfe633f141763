"""Makes contests with their rounds and the quizzes behind them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.contests.models import Contest, Round
from elearn.contests.queries.contests import RANKINGS
from elearn.contests.rules.prediction import METRICS
from elearn.contests.rules.settings import MOST_ATTEMPTS, ContestSettings, RoundSettings, check_contest, check_round
from elearn.contests.services.sealing import seal_contest
from elearn.lib.errors import InvalidInput
from elearn.members.services.passwords import hash_password
from elearn.quizzes.services import QuizSpec, create_quiz


@dataclass(frozen=True)
class RoundSpec:
    """A round; `blueprint` as in quizzes: {"bank": id, "level": key or None, "count": n} for each part of the paper.

    `is_fixed`: everybody gets the same questions. A stage or a total has no blueprint.
    """

    title: str
    opens_at: datetime
    closes_at: datetime
    blueprint: Sequence[dict[str, Any]] = ()
    time_limit_seconds: int = 600
    title_en: str = ""
    kind: str = "quiz"
    is_fixed: bool = False
    shuffle_options: bool = True
    pass_percent: int | None = None
    settings: RoundSettings = field(default_factory=RoundSettings)


@dataclass(frozen=True)
class ContestSpec:
    """A contest with its rules and rounds."""

    code: str
    title: str
    unit_id: int
    organiser_name: str
    rounds: Sequence[RoundSpec]
    settings: ContestSettings = field(default_factory=ContestSettings)
    title_en: str = ""
    lead: str = ""
    is_published: bool = True
    join_code: str = ""
    decision_number: str = ""
    decision_on: date | None = None
    rules_extra: str = ""
    consent_text: str = ""
    password: str = ""


def create_contest(session: Session, spec: ContestSpec, now: datetime, made_by_id: int | None = None) -> Contest:
    """A new contest, flushed, with rounds 1, 2, 3 … and a quiz for each that has one. Raises InvalidInput naming what is wrong."""
    if not spec.rounds:
        raise InvalidInput("no_rounds", "Cuộc thi cần ít nhất một vòng.", field="rounds")
    check_contest(spec.settings, RANKINGS)
    for one in spec.rounds:
        check_spec(one)
    first = min(one.opens_at for one in spec.rounds)
    contest = Contest(
        code=spec.code, join_code=spec.join_code or free_join_code(session), title=spec.title, title_en=spec.title_en, lead=spec.lead,
        unit_id=spec.unit_id, organiser_name=spec.organiser_name, settings=spec.settings.store(),
        decision_number=spec.decision_number, decision_on=spec.decision_on, rules_extra=spec.rules_extra, consent_text=spec.consent_text,
        password_hash=hash_password(spec.password) if spec.password else "",
        rules_frozen_at=first if first <= now else None, is_published=spec.is_published, made_by_id=made_by_id, made_at=now,
    )  # fmt: skip
    session.add(contest)
    session.flush()
    for number, one in enumerate(spec.rounds, start=1):
        add_round(session, contest, number, one)
    session.flush()
    if spec.is_published:
        seal_contest(session, contest, now)
    return contest


def add_round(session: Session, contest: Contest, number: int, spec: RoundSpec) -> Round:
    """A round of the contest with its paper; flushed."""
    quiz_id = None
    if spec.kind in ("quiz", "written"):
        metric = METRICS.get(spec.settings.metric)
        quiz_id = create_quiz(
            session,
            QuizSpec(
                code=f"round:{contest.code}:{number}", title=spec.title, title_en=spec.title_en, place=contest.title,
                unit_id=contest.unit_id, blueprint=spec.blueprint, time_limit_seconds=spec.time_limit_seconds,
                attempt_limit=spec.settings.attempt_limit or MOST_ATTEMPTS, opens_at=spec.opens_at, closes_at=spec.closes_at,
                review="marks_only", prediction_prompt=metric.prompt if metric else "", prediction_unit=metric.unit if metric else "",
                prediction_decimals=metric.decimals if metric else 0, shuffle_options=spec.shuffle_options,
                pass_percent=spec.pass_percent,
                paper_seed=secrets.token_hex(32) if spec.is_fixed else "",
            ),
        ).id  # fmt: skip
    made = Round(
        contest_id=contest.id, number=number, kind=spec.kind, title=spec.title, title_en=spec.title_en, quiz_id=quiz_id,
        opens_at=spec.opens_at, closes_at=spec.closes_at, settings=spec.settings.store(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def check_spec(spec: RoundSpec) -> None:
    """Raise InvalidInput naming what is wrong with a round."""
    if spec.closes_at <= spec.opens_at:
        raise InvalidInput("bad_window", "Vòng “%(title)s” đóng trước khi mở.", field="rounds", title=spec.title)
    check_round(spec.settings, RANKINGS)


def free_join_code(session: Session) -> str:
    """Six digits that no contest has yet; never with a leading zero, which is easily lost."""
    while True:
        code = str(100_000 + secrets.randbelow(900_000))
        if session.scalar(select(Contest.id).where(Contest.join_code == code)) is None:
            return code
