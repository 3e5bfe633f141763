"""Prepares a stage: parts and criteria, who appears on it, and the draw of the order."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.contests.models import Entry, Round, StageContestant, StageCriterion, StageDraw, StagePart
from elearn.contests.queries.advance import list_advancing
from elearn.contests.queries.judges import list_judges
from elearn.contests.queries.stages import has_scores, list_contestants
from elearn.contests.rules.stage import order_of_appearance
from elearn.contests.rules.standings import draw_lot
from elearn.contests.rules.units import competing_unit
from elearn.contests.services.entering import search_key
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.members.models import Member
from elearn.units.models import Unit

ActorName = tuple[int | None, str]
MOST_POINTS = Decimal(1000)
MOST_WEIGHT = 1000


@dataclass(frozen=True)
class Contestant:
    """Somebody to appear: a member, or a team or guest known by name alone, for a unit."""

    name: str
    unit_id: int
    member_id: int | None = None
    group: str = ""


def add_part(round_id: int, title: str, weight: int, by: ActorName, now: datetime) -> int:
    """The number of a new part at the end of the programme. Raises InvalidInput, not_a_stage."""
    _check(title, weight)
    with transaction() as session:
        found = _stage(session, round_id)
        last = session.scalar(select(func.max(StagePart.number)).where(StagePart.round_id == round_id)) or 0
        session.add(StagePart(round_id=round_id, number=last + 1, title=title.strip()[:120], weight=weight))
        session.flush()
        record(session, now, by, "add_stage_part", _subject(found), after={"part": title, "weight": weight})
        return last + 1


def remove_part(part_id: int, by: ActorName, now: datetime) -> None:
    """Take a part off with its criteria; raises has_scores once points have been given in it."""
    with transaction() as session:
        part, found = _part(session, part_id)
        session.execute(delete(StageCriterion).where(StageCriterion.part_id == part_id))
        session.expire(part, ["criteria"])
        session.delete(part)
        session.flush()
        record(session, now, by, "remove_stage_part", _subject(found), before={"part": part.title})


def add_criterion(part_id: int, title: str, points: Decimal, weight: int, by: ActorName, now: datetime) -> None:
    """Add what judges give points for; raises InvalidInput, and has_scores once points have been given in the part."""
    _check(title, weight)
    if not points.is_finite() or not 0 < points <= MOST_POINTS or points != points.quantize(Decimal("0.01")):
        raise InvalidInput("bad_points", "Điểm tối đa phải lớn hơn 0, nhiều nhất hai chữ số sau dấu phẩy.", field="points")
    with transaction() as session:
        part, found = _part(session, part_id)
        last = max((one.number for one in part.criteria), default=0)
        session.add(StageCriterion(part_id=part_id, number=last + 1, title=title.strip()[:200], points=points, weight=weight))
        session.flush()
        after = {"part": part.title, "criterion": title, "points": str(points), "weight": weight}
        record(session, now, by, "add_stage_criterion", _subject(found), after=after)


def remove_criterion(criterion_id: int, by: ActorName, now: datetime) -> None:
    """Take a criterion off; raises has_scores once points have been given in its part, NotFound for no such criterion."""
    with transaction() as session:
        criterion = session.get(StageCriterion, criterion_id)
        if criterion is None:
            raise NotFound()
        part, found = _part(session, criterion.part_id)
        session.delete(criterion)
        session.flush()
        before = {"part": part.title, "criterion": criterion.title, "points": str(criterion.points)}
        record(session, now, by, "remove_stage_criterion", _subject(found), before=before)


def add_contestants(round_id: int, several: Iterable[Contestant], by: ActorName, now: datetime) -> int:
    """Put people and teams on the stage, those that are there stay; how many came.

    Raises judge_takes_part for a judge of the round, part_locked once a part is locked, InvalidInput for a nameless one.
    """
    with transaction() as session:
        found = _stage(session, round_id)
        came = _add(session, found, several, now)
        if came:
            record(session, now, by, "add_contestants", _subject(found), after={"count": len(came), "names": came[:20]})
        return len(came)


def add_advancing(round_id: int, by: ActorName, now: datetime) -> int:
    """Put everybody on the stage who goes on from the earlier round; how many came. Raises nobody_advances before its publication."""
    with transaction() as session:
        found = _stage(session, round_id)
        going = [one for one in list_advancing(found) if one.goes_on]
        if not going:
            raise DomainError(
                "nobody_advances", "Chưa có ai được vào tiếp: vòng trước chưa công bố kết quả, hoặc không có ai trong bảng."
            )
        groups = dict(
            session.execute(
                select(StageContestant.entry_id, StageContestant.group_title).where(
                    StageContestant.entry_id.in_([one.entry.id for one in going])
                )
            ).all()
        )
        several = [
            Contestant(one.entry.display_name, one.entry.unit_id, one.entry.member_id, groups.get(one.entry.id, ""))
            for one in going
        ]
        came = _add(session, found, several, now)
        record(session, now, by, "add_contestants", _subject(found), after={"count": len(came), "names": came[:20]})
        return len(came)


def remove_contestant(round_id: int, entry_id: int, by: ActorName, now: datetime) -> None:
    """Take somebody off the stage; raises has_scores once they have points, NotFound for nobody of this stage."""
    with transaction() as session:
        found = _stage(session, round_id)
        contestant = _contestant(session, round_id, entry_id)
        if has_scores(round_id, entry_id=entry_id):
            raise DomainError("has_scores", "Thí sinh này đã có điểm. Nếu vi phạm thể lệ, hãy huỷ kết quả ở trang chốt vòng.")
        name = contestant.entry.display_name
        entry = contestant.entry
        session.delete(contestant)
        session.flush()
        session.delete(entry)
        session.flush()
        record(session, now, by, "remove_contestant", _subject(found), before={"name": name})


def set_group(round_id: int, entry_id: int, group: str, by: ActorName, now: datetime) -> None:
    """Put a contestant into a group by its name; "" for none."""
    with transaction() as session:
        found = _stage(session, round_id)
        contestant = _contestant(session, round_id, entry_id)
        before, contestant.group_title = contestant.group_title, group.strip()[:80]
        session.flush()
        name = contestant.entry.display_name
        record(
            session, now, by, "set_group", _subject(found), before={"name": name, "group": before},
            after={"group": contestant.group_title},
        )  # fmt: skip


def draw_order(round_id: int, seed: str, by: ActorName, now: datetime) -> str:
    """Draw the order of appearance and return the seed: the one given, such as a number called out in the hall, or a random one.

    Lots follow from the seed and the entries' pseudonyms alone, so that anybody can draw again. Raises has_scores once points have been given.
    """
    with transaction() as session:
        found = _stage(session, round_id)
        if has_scores(round_id):
            raise DomainError("has_scores", "Đã có điểm nên không bốc thăm lại được.")
        contestants = list_contestants(round_id)
        if not contestants:
            raise DomainError("no_contestants", "Chưa có thí sinh nào để bốc thăm.")
        seed = seed.strip()[:64] or secrets.token_hex(16)
        lots = {one.entry_id: draw_lot(seed, one.entry.pseudonym) for one in contestants}
        order = order_of_appearance(lots, {one.entry_id: one.group_title for one in contestants})
        for place, entry_id in enumerate(order, start=1):
            session.execute(update(StageContestant).where(StageContestant.entry_id == entry_id).values(appears=place))
        session.add(StageDraw(round_id=round_id, seed=seed, drawn_at=now, drawn_by_id=by[0]))
        session.flush()
        record(session, now, by, "draw_order", _subject(found), after={"seed": seed, "count": len(order)})
        return seed


def _add(session: Session, found: Round, several: Iterable[Contestant], now: datetime) -> list[str]:
    locked = select(StagePart.id).where(StagePart.round_id == found.id, StagePart.locked_at.is_not(None))
    if session.scalar(locked.limit(1)) is not None:
        raise DomainError("part_locked", "Có phần thi đã khoá điểm nên không thêm thí sinh được. Hãy mở lại phần ấy trước.")
    present = list_contestants(found.id)
    known = {one.entry.member_id or (one.entry.display_name, one.entry.unit_id) for one in present}
    judges = {one.member_id for one in list_judges(found.id)}
    last = max((one.appears or 0 for one in present), default=0)
    came: list[str] = []
    for one in several:
        if not one.name.strip():
            raise InvalidInput("no_name", "Hãy ghi tên thí sinh hoặc tên đội.", field="name")
        if one.member_id in judges:
            raise DomainError("judge_takes_part", "%(name)s là giám khảo của vòng này nên không dự được.", name=one.name)
        if (one.member_id or (one.name.strip()[:120], one.unit_id)) in known:
            continue
        entry = Entry(**_entry(session, found, one, now))
        session.add(entry)
        session.flush()
        # Whoever comes after the draw appears at the end.
        place = last + len(came) + 1 if last else None
        session.add(StageContestant(entry_id=entry.id, group_title=one.group.strip()[:80], appears=place))
        came.append(entry.display_name)
    session.flush()
    return came


def _entry(session: Session, found: Round, one: Contestant, now: datetime) -> dict[str, object]:
    unit = session.get_one(Unit, one.unit_id)
    stands_for = session.get_one(Unit, competing_unit(found.contest.unit.path, unit.path))
    name = session.get_one(Member, one.member_id).display_name if one.member_id else one.name.strip()[:120]
    return {
        "round_id": found.id, "member_id": one.member_id, "display_name": name, "unit_id": unit.id, "unit_name": unit.name,
        "competing_unit_id": stands_for.id, "competing_unit_name": stands_for.name,
        "search_key": search_key(name, unit.name, stands_for.name), "entered_at": now, "is_counted": True,
        "pseudonym": secrets.token_hex(8),
    }  # fmt: skip


def _check(title: str, weight: int) -> None:
    if not title.strip():
        raise InvalidInput("no_title", "Hãy ghi tên.", field="title")
    if not 1 <= weight <= MOST_WEIGHT:
        raise InvalidInput("bad_weight", "Hệ số phải từ 1 đến 1000 phần trăm.", field="weight")


def _stage(session: Session, round_id: int) -> Round:
    found = session.get_one(Round, round_id)
    if found.kind != "stage":
        raise DomainError("not_a_stage", "Vòng này không phải là vòng thi sân khấu.")
    return found


def _part(session: Session, part_id: int) -> tuple[StagePart, Round]:
    part = session.get(StagePart, part_id)
    if part is None:
        raise NotFound()
    if has_scores(part.round_id, part_id):
        raise DomainError("has_scores", "Phần thi đã có điểm nên không đổi được tiêu chí.")
    return part, _stage(session, part.round_id)


def _contestant(session: Session, round_id: int, entry_id: int) -> StageContestant:
    query = select(StageContestant).join(Entry, Entry.id == StageContestant.entry_id)
    found = session.scalar(query.where(Entry.round_id == round_id, Entry.id == entry_id))
    if found is None:
        raise NotFound()
    return found


def _subject(found: Round) -> tuple[str, int, str]:
    return ("round", found.id, f"{found.contest.title}, {found.title}")
