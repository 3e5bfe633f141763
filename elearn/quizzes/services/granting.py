"""Grants more time and attempts, and what a person needs at every quiz; before a quiz runs or while it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.periods import local_day
from elearn.members.models import Member
from elearn.members.queries import below
from elearn.quizzes.models import Accommodation, Allowance, Attempt, Quiz
from elearn.quizzes.queries.granting import needs_of
from elearn.quizzes.rules.timing import USUAL, more_by_need
from elearn.quizzes.services.log import append_to_each
from elearn.units.models import Unit

By = tuple[int, str]
"""Id and name of the person who does it."""
MOST_SECONDS = 7 * 24 * 3600
MOST_ATTEMPTS = 100
MOST_PERMILLE = 5000
BATCH = 500
_ATTEMPT = cast(Table, Attempt.__table__)
_EXTEND = (
    update(_ATTEMPT)
    .where(_ATTEMPT.c.id == bindparam("attempt"))
    .values(deadline_at=bindparam("until"), extra_seconds=bindparam("extra"))
)


@dataclass(frozen=True)
class Who:
    """For whom: a person, a unit and all below it, or (neither named) everybody."""

    member_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class NeedSpec:
    """What a person needs at every quiz and contest from a day on, until (but without) another."""

    time_permille: int = USUAL
    is_large_print: bool = False
    is_screen_reader: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


def grant_allowance(quiz_id: int, who: Who, seconds: int, attempts: int, reason: str, by: By, now: datetime) -> tuple[int, int]:
    """Grant more time or attempts at a quiz; (id of the grant, attempts under way that it reached).

    Attempts under way get the seconds at once, real ones, not multiplied by anybody's accommodation; their pages learn of it when they ask
    for the clock. Raises NotFound for no such quiz, person or unit; InvalidInput for amounts out of bounds and a missing reason.
    """
    if not (0 <= seconds <= MOST_SECONDS and 0 <= attempts <= MOST_ATTEMPTS) or not (seconds or attempts):
        raise InvalidInput("bad_allowance", "Hãy ghi số phút hoặc số lượt được thêm.", field="seconds")
    _check_reason(reason)
    if who.member_id is not None and who.unit_id is not None:
        raise InvalidInput("bad_who", "Chỉ chọn một người hoặc một đơn vị.", field="unit")
    with transaction() as session:
        quiz = session.get(Quiz, quiz_id)
        if quiz is None:
            raise NotFound()
        name, path = _named(session, who)
        grant = Allowance(
            quiz_id=quiz_id, member_id=who.member_id, unit_id=who.unit_id, extra_seconds=seconds, extra_attempts=attempts,
            reason=reason.strip()[:400], granted_by_id=by[0], granted_by_name=by[1], granted_at=now,
        )  # fmt: skip
        session.add(grant)
        session.flush()
        reached: list[int] = []
        if seconds:
            query = select(Attempt.id, Attempt.deadline_at, Attempt.extra_seconds).where(
                Attempt.quiz_id == quiz_id, Attempt.state == "open"
            )
            if who.member_id is not None:
                query = query.where(Attempt.member_id == who.member_id)
            if path is not None:
                query = query.join(Unit, Unit.id == Attempt.unit_id).where(below(Unit.path, [path]))
            reached = extend(session.connection(), session.execute(query.order_by(Attempt.id)).all(), seconds, now)
        after = {"seconds": seconds, "attempts": attempts, "for": name, "under_way": len(reached)}
        concerns = [who.member_id] if who.member_id is not None else []
        record(session, now, by, "grant_allowance", ("quiz", quiz_id, quiz.title), after=after, reason=reason, concerns=concerns)
        return grant.id, len(reached)


def _named(session: Session, who: Who) -> tuple[str, str | None]:
    """(name of the person or unit, "" for everybody; path of the unit)."""
    if who.member_id is not None:
        member = session.get(Member, who.member_id)
        if member is None:
            raise NotFound()
        return member.display_name, None
    if who.unit_id is not None:
        unit = session.get(Unit, who.unit_id)
        if unit is None:
            raise NotFound()
        return unit.name, unit.path
    return "", None


def extend(connection: Connection, attempts: Sequence[Any], seconds: int, now: datetime, why: str = "") -> list[int]:
    """Move the deadlines of attempts under way, rows of (id, deadline_at, extra_seconds), and write it into their logs; their ids."""
    for first in range(0, len(attempts), BATCH):
        batch = attempts[first : first + BATCH]
        until = [one.deadline_at + timedelta(seconds=seconds) for one in batch]
        connection.execute(
            _EXTEND,
            [
                {"attempt": one.id, "until": end, "extra": one.extra_seconds + seconds}
                for one, end in zip(batch, until, strict=True)
            ],
        )
        told = [{"seconds": seconds, "deadline": end.isoformat(), **({"why": why} if why else {})} for end in until]
        append_to_each(connection, [one.id for one in batch], now, "extended", told)
    return [one.id for one in attempts]


def revoke_allowance(allowance_id: int, reason: str, by: By, now: datetime) -> None:
    """Take a grant back for all who have not begun; attempts that had begun keep it. Raises NotFound, InvalidInput reason_needed,
    DomainError already_revoked."""
    _check_reason(reason)
    with transaction() as session:
        grant = session.get(Allowance, allowance_id)
        if grant is None:
            raise NotFound()
        if grant.revoked_at is not None:
            raise DomainError("already_revoked", "Phần thêm này đã được rút lại.")
        grant.revoked_at = now
        quiz = session.get_one(Quiz, grant.quiz_id)
        before = {"seconds": grant.extra_seconds, "attempts": grant.extra_attempts}
        concerns = [grant.member_id] if grant.member_id is not None else []
        record(session, now, by, "revoke_allowance", ("quiz", quiz.id, quiz.title), before=before, reason=reason, concerns=concerns)


def grant_accommodation(member_id: int, spec: NeedSpec, reason: str, by: By, now: datetime) -> int:
    """Grant what a person needs at every quiz; its id. Attempts of theirs under way get the additional time at once.

    Raises NotFound, InvalidInput for what is out of bounds, says nothing, or has no reason.
    """
    _check_reason(reason)
    if not USUAL <= spec.time_permille <= MOST_PERMILLE:
        raise InvalidInput("bad_factor", "Thời gian phải từ 1 đến 5 lần thời gian thường.", field="time_permille")
    if spec.time_permille == USUAL and not (spec.is_large_print or spec.is_screen_reader):
        raise InvalidInput("nothing_granted", "Hãy chọn ít nhất một điều kiện hỗ trợ.", field="time_permille")
    today = local_day(now)
    valid_from = spec.valid_from or today
    if spec.valid_to is not None and spec.valid_to <= valid_from:
        raise InvalidInput("bad_days", "Ngày hết hỗ trợ phải sau ngày bắt đầu.", field="valid_to")
    with transaction() as session:
        member = session.get(Member, member_id)
        if member is None:
            raise NotFound()
        before = needs_of(session.connection(), member_id, today).time_permille
        grant = Accommodation(
            member_id=member_id, time_permille=spec.time_permille, is_large_print=spec.is_large_print,
            is_screen_reader=spec.is_screen_reader, reason=reason.strip()[:400], valid_from=valid_from, valid_to=spec.valid_to,
            granted_by_id=by[0], granted_by_name=by[1], granted_at=now,
        )  # fmt: skip
        session.add(grant)
        session.flush()
        _extend_own(session, member_id, before, needs_of(session.connection(), member_id, today).time_permille, now)
        after = {"time_permille": spec.time_permille, "large_print": spec.is_large_print, "screen_reader": spec.is_screen_reader}
        subject = ("member", member_id, member.display_name)
        record(session, now, by, "grant_accommodation", subject, after=after, reason=reason, concerns=[member_id])
        return grant.id


def _extend_own(session: Session, member_id: int, before: int, after: int, now: datetime) -> None:
    """Give a person's attempts under way what a greater factor adds."""
    query = (
        select(Attempt.id, Attempt.deadline_at, Attempt.extra_seconds, Quiz.time_limit_seconds)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.member_id == member_id, Attempt.state == "open")
    )
    for one in session.execute(query).all():
        more = more_by_need(one.time_limit_seconds, after) - more_by_need(one.time_limit_seconds, before)
        if more > 0:
            extend(session.connection(), [one], more, now)


def end_accommodation(accommodation_id: int, day: date, reason: str, by: By, now: datetime) -> None:
    """End an accommodation: `day` is the first without it. Attempts that had begun keep it.

    Raises NotFound, InvalidInput reason_needed, DomainError already_ended.
    """
    _check_reason(reason)
    with transaction() as session:
        grant = session.get(Accommodation, accommodation_id)
        if grant is None:
            raise NotFound()
        if grant.valid_to is not None and grant.valid_to <= day:
            raise DomainError("already_ended", "Điều kiện hỗ trợ này đã kết thúc.")
        before, grant.valid_to = grant.valid_to, day
        member = session.get_one(Member, grant.member_id)
        subject = ("member", member.id, member.display_name)
        told = {"valid_to": before.isoformat() if before else None}
        record(
            session, now, by, "end_accommodation", subject, before=told, after={"valid_to": day.isoformat()}, reason=reason,
            concerns=[member.id],
        )  # fmt: skip


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("reason_needed", "Hãy ghi lý do.", field="reason")
