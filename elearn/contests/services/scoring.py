"""Takes the points of judges on a stage, once each however often they are sent, and locks, reopens and releases parts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.contests.models import Entry, Round, RoundJudge, StageContestant, StagePart, StageScore, StageScoreVersion
from elearn.contests.queries.stages import missing_in
from elearn.contests.rules.stage import read_points
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.members.rules.permissions import forbidden

ActorName = tuple[int | None, str]
LONGEST_KEY = 40


def give_scores(
    part_id: int, entry_id: int, judge_id: int, typed: Mapping[int, str], key: str, now: datetime, reason: str = ""
) -> int:
    """Keep what a judge types for one contestant in one part, by criterion; how many points are new or changed.

    An empty box says nothing. The same `key` sent again changes nothing. Raises Forbidden for whoever does not judge the round, NotFound
    for no such contestant or criterion, part_locked, round_not_open, InvalidInput at a criterion, reason_needed where a part has been
    opened again and points change.
    """
    key = key[:LONGEST_KEY]
    if not key:
        raise InvalidInput("no_key", "Trang đã mở quá lâu. Hãy tải lại trang rồi cho điểm lại.")
    with transaction() as session:
        part = session.scalar(select(StagePart).where(StagePart.id == part_id).with_for_update())
        if part is None:
            raise NotFound()
        _check(session, part, entry_id, judge_id, now)
        criteria = {one.id: one for one in part.criteria}
        if not set(typed) <= set(criteria):
            raise NotFound()
        given: dict[int, Decimal] = {}
        for number, text in typed.items():
            try:
                points = read_points(text, criteria[number].points)
            except InvalidInput as fault:
                raise InvalidInput(fault.code, fault.message, field=str(number), **fault.values) from None
            if points is not None:
                given[number] = points
        return sum(_keep(session, part, entry_id, judge_id, number, points, key, reason, now) for number, points in given.items())


def _check(session: Session, part: StagePart, entry_id: int, judge_id: int, now: datetime) -> None:
    found = session.get_one(Round, part.round_id)
    judge = select(RoundJudge.id).where(RoundJudge.round_id == found.id, RoundJudge.member_id == judge_id)
    if session.scalar(judge) is None:
        raise forbidden("round.score")
    contestant = select(StageContestant.entry_id).join(Entry, Entry.id == StageContestant.entry_id)
    if session.scalar(contestant.where(Entry.id == entry_id, Entry.round_id == found.id, Entry.is_counted)) is None:
        raise NotFound()
    if now < found.opens_at:
        raise DomainError("round_not_open", "Chưa đến giờ thi nên chưa cho điểm được.")


def _keep(
    session: Session, part: StagePart, entry_id: int, judge_id: int, criterion_id: int, points: Decimal, key: str, reason: str,
    now: datetime,
) -> int:  # fmt: skip
    where = (StageScore.entry_id == entry_id, StageScore.criterion_id == criterion_id, StageScore.judge_id == judge_id)
    score = session.scalar(select(StageScore).where(*where))
    if score is not None and (score.points == points or _was_sent(session, score, key)):
        return 0
    if part.locked_at is not None:
        raise DomainError("part_locked", "Phần thi đã khoá điểm. Nếu cần sửa, hãy nhờ trưởng ban giám khảo mở lại.")
    if score is None:
        score = StageScore(entry_id=entry_id, criterion_id=criterion_id, judge_id=judge_id, points=points, version=1, given_at=now)
        session.add(score)
        session.flush()
    else:
        if part.reopened and not reason.strip():
            raise InvalidInput("reason_needed", "Phần thi đã được mở lại. Hãy ghi lý do sửa điểm.", field="reason")
        score.points, score.version, score.given_at = points, score.version + 1, now
    session.add(
        StageScoreVersion(
            score_id=score.id, version=score.version, points=points, reason=reason.strip()[:400], request_key=key, given_at=now
        )
    )
    session.flush()
    return 1


def _was_sent(session: Session, score: StageScore, key: str) -> bool:
    query = select(StageScoreVersion.version).where(StageScoreVersion.score_id == score.id, StageScoreVersion.request_key == key)
    return session.scalar(query) is not None


def lock_part(part_id: int, by: ActorName, now: datetime) -> None:
    """Let nobody change the points of a part any more. Raises scores_missing while a judge owes points, and where there is nothing to lock."""
    with transaction() as session:
        part, found = _part(session, part_id)
        if part.locked_at is not None:
            return
        missing = missing_in(part)
        if missing.total:
            names = ", ".join(f"{name} ({count})" for name, count in list(missing.by_judge.items())[:10])
            raise DomainError("scores_missing", "Còn thiếu %(n)s điểm: %(names)s.", n=missing.total, names=names)
        if not _has_scores(session, part):
            raise DomainError("nothing_to_lock", "Phần thi chưa có điểm nào: hãy cử giám khảo, ghi tiêu chí và thí sinh trước.")
        part.locked_at, part.locked_by_id = now, by[0]
        session.flush()
        record(session, now, by, "lock_stage_part", _subject(found), after={"part": part.title})


def reopen_part(part_id: int, reason: str, by: ActorName, now: datetime) -> None:
    """Let judges correct the points of a locked part, each with a reason; what the hall saw of it is hidden again."""
    if not reason.strip():
        raise InvalidInput("reason_needed", "Hãy ghi lý do mở lại phần thi.", field="reason")
    with transaction() as session:
        part, found = _part(session, part_id)
        if part.locked_at is None:
            raise DomainError("not_locked", "Phần thi này chưa khoá điểm.")
        part.locked_at = part.locked_by_id = part.released_at = None
        part.reopened += 1
        session.flush()
        record(session, now, by, "reopen_stage_part", _subject(found), after={"part": part.title}, reason=reason.strip())


def release_part(part_id: int, is_released: bool, by: ActorName, now: datetime) -> None:
    """Let the marks of a locked part count in the running total on the wall, or hide them again. Raises not_locked."""
    with transaction() as session:
        part, found = _part(session, part_id)
        if part.locked_at is None:
            raise DomainError("not_locked", "Hãy khoá điểm phần thi trước khi công bố lên màn chiếu.")
        part.released_at = now if is_released else None
        session.flush()
        record(
            session,
            now,
            by,
            "release_stage_part" if is_released else "hide_stage_part",
            _subject(found),
            after={"part": part.title},
        )


def _part(session: Session, part_id: int) -> tuple[StagePart, Round]:
    part = session.scalar(select(StagePart).where(StagePart.id == part_id).with_for_update())
    if part is None:
        raise NotFound()
    return part, session.get_one(Round, part.round_id)


def _has_scores(session: Session, part: StagePart) -> bool:
    query = select(StageScore.id).where(StageScore.criterion_id.in_([one.id for one in part.criteria]))
    return session.scalar(query.limit(1)) is not None


def _subject(found: Round) -> tuple[str, int, str]:
    return ("round", found.id, f"{found.contest.title}, {found.title}")
