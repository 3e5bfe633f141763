"""Decisions on people are previewed, carried out and taken back; memberships close and open with their dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.audit.services import Deed, record_many
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.periods import local_day
from elearn.members.models import DecisionMember, Member, Membership, PersonnelDecision
from elearn.members.rules.decisions import KINDS, MOST_PEOPLE, NEEDS_UNIT, STATUS_AFTER, Standing, problem_of
from elearn.members.services.sign_in import end_sessions
from elearn.units.models import Unit


@dataclass(frozen=True)
class Decision:
    """What was decided."""

    kind: str
    effective_on: date
    unit_id: int | None = None
    number: str = ""
    decided_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Fate:
    """One person in a preview; `problem` is a source message, empty where nothing stands against it."""

    member_id: int
    name: str
    code: str
    unit_name: str
    problem: str


def check_decision(session: Session, one: Decision, today: date) -> None:
    """Raise InvalidInput at the field that is wrong."""
    if one.kind not in KINDS:
        raise InvalidInput("kind_unknown", "Hãy chọn loại quyết định.", "kind")
    if one.effective_on > today:
        raise InvalidInput("future", "Ngày hiệu lực ở tương lai. Hãy ghi quyết định này khi đến ngày hiệu lực.", "effective_on")
    if one.decided_on is not None and one.decided_on > today:
        raise InvalidInput("future", "Ngày quyết định ở tương lai.", "decided_on")
    if len(one.number) > 60 or len(one.note) > 300:
        raise InvalidInput("too_long", "Số quyết định tối đa 60 ký tự, ghi chú tối đa 300 ký tự.", "number")
    if one.kind in NEEDS_UNIT:
        unit = session.get(Unit, one.unit_id) if one.unit_id else None
        if unit is None or unit.valid_to is not None or (unit.valid_from is not None and unit.valid_from > one.effective_on):
            raise InvalidInput("no_unit", "Hãy chọn một đơn vị đang hoạt động vào ngày hiệu lực.", "unit")


def preview(one: Decision, member_ids: Sequence[int], today: date) -> list[Fate]:
    """What would become of each person, in the order of names. Raises InvalidInput."""
    check_decision(db.session(), one, today)
    if not 1 <= len(member_ids) <= MOST_PEOPLE:
        raise InvalidInput("no_people", "Hãy chọn từ 1 đến %(most)s người.", "people", most=MOST_PEOPLE)
    return _fates(db.session(), one, member_ids)


def _fates(session: Session, one: Decision, member_ids: Sequence[int]) -> list[Fate]:
    query = select(Member, Unit.name).join(Unit, Unit.id == Member.unit_id).where(Member.id.in_(member_ids))
    rows = session.execute(query.order_by(Member.name_key, Member.id)).all()
    spans = {
        row[0]: row
        for row in session.execute(
            select(Membership.member_id, func.max(Membership.valid_to))
            .where(Membership.member_id.in_(member_ids))
            .group_by(Membership.member_id)
        )
    }
    opened: dict[int, date] = {}
    for member_id, since in session.execute(
        select(Membership.member_id, Membership.valid_from).where(
            Membership.member_id.in_(member_ids), Membership.valid_to.is_(None)
        )
    ):
        opened[member_id] = max(since, opened.get(member_id, since))
    found = []
    for member, unit_name in rows:
        until = spans[member.id][1] if member.id in spans else None
        standing = Standing(member.status, member.unit_id, opened.get(member.id), until)
        problem = problem_of(one.kind, standing, one.unit_id, one.effective_on)
        found.append(Fate(member.id, member.display_name, member.code, unit_name, problem))
    return found


def carry_out(actor: tuple[int, str], one: Decision, member_ids: Sequence[int], now: datetime) -> int:
    """Do it for everybody without a problem; returns the decision's id. Raises InvalidInput where nobody is left."""
    with transaction() as session:
        check_decision(session, one, local_day(now))
        fates = _fates(session, one, member_ids)
        able = [fate for fate in fates if not fate.problem]
        if not able:
            raise InvalidInput("no_people", "Không có ai để thực hiện quyết định này.", "people")
        row = PersonnelDecision(
            kind=one.kind, number=one.number, decided_on=one.decided_on, effective_on=one.effective_on,
            unit_id=one.unit_id if one.kind in NEEDS_UNIT else None, note=one.note, made_at=now, made_by_id=actor[0],
        )  # fmt: skip
        session.add(row)
        session.flush()
        deeds = []
        for fate in able:
            member = session.get_one(Member, fate.member_id)
            before = {"status": member.status, "unit_id": member.unit_id}
            kept = _apply(session, row, member)
            session.add(DecisionMember(decision_id=row.id, member_id=member.id, before={**before, **kept}))
            if member.status in ("left", "deceased"):
                end_sessions(session, member.id, now)
            after = {"status": member.status, "unit_id": member.unit_id}
            subject = ("member", member.id, member.display_name)
            deeds.append(Deed("decide_member", subject, before, after, f"{KINDS[one.kind]} {one.number} {one.note}".strip()))
        names = ", ".join(fate.name for fate in able[:5])
        summary = {"kind": one.kind, "people": len(able), "effective_on": one.effective_on.isoformat(), "unit_id": row.unit_id}
        deeds.append(
            Deed(
                "make_decision",
                ("decision", row.id, one.number or names),
                None,
                summary,
                one.note,
                tuple(f.member_id for f in able),
            )
        )
        record_many(session, now, actor, deeds)
        return row.id


def _apply(session: Session, row: PersonnelDecision, member: Member) -> dict[str, Any]:
    """Change status, unit and memberships of one person; returns the ids of memberships closed and opened."""
    closed = []
    query = select(Membership).where(Membership.member_id == member.id, Membership.valid_to.is_(None))
    if row.kind == "transfer":
        query = query.where(Membership.unit_id == member.unit_id)
    for one in session.scalars(query):
        one.valid_to = row.effective_on
        closed.append(one.id)
    opened = None
    if row.unit_id is not None:
        words = " ".join(filter(None, (row.number, row.decided_on.strftime("%d/%m/%Y") if row.decided_on else "")))
        fresh = Membership(
            member_id=member.id, unit_id=row.unit_id, valid_from=row.effective_on, decision=words[:120], origin=f"decision:{row.id}"
        )
        is_there = select(Membership).where(
            Membership.member_id == member.id, Membership.unit_id == row.unit_id, Membership.valid_to.is_(None)
        )
        if session.scalar(is_there) is None:
            session.add(fresh)
            session.flush()
            opened = fresh.id
        member.unit_id = row.unit_id
    member.status = STATUS_AFTER.get(row.kind, member.status)
    return {"closed": closed, "opened": opened}


def refusals(decision_id: int) -> list[tuple[str, str]]:
    """(name, why) of the people for whom the decision cannot be taken back."""
    session = db.session()
    row = session.get_one(PersonnelDecision, decision_id)
    told = ((member, _refusal(session, row, link, member)) for link, member in _people(session, decision_id))
    return [(member.display_name, why) for member, why in told if why]


def _people(session: Session, decision_id: int) -> Sequence[Any]:
    query = select(DecisionMember, Member).join(Member, Member.id == DecisionMember.member_id)
    return session.execute(query.where(DecisionMember.decision_id == decision_id).order_by(Member.name_key, Member.id)).all()


def _refusal(session: Session, row: PersonnelDecision, link: DecisionMember, member: Member) -> str:
    later = (
        select(PersonnelDecision.id)
        .join(DecisionMember, DecisionMember.decision_id == PersonnelDecision.id)
        .where(DecisionMember.member_id == member.id, PersonnelDecision.id > row.id, PersonnelDecision.undone_at.is_(None))
    )
    if session.scalar(later.limit(1)) is not None:
        return "Đã có quyết định khác sau đó."
    if member.status in ("merged", "erased"):
        return "Hồ sơ này đã gộp hoặc đã xoá."
    if member.status != STATUS_AFTER.get(row.kind, link.before["status"]) or (row.unit_id and member.unit_id != row.unit_id):
        return "Tình trạng hoặc đơn vị đã được đổi sau đó."
    opened = session.get(Membership, link.before["opened"]) if link.before["opened"] else None
    if link.before["opened"] and (opened is None or opened.valid_to is not None):
        return "Đơn vị đã được đổi sau đó."
    unit = session.get_one(Unit, link.before["unit_id"])
    if unit.valid_to is not None and row.unit_id is not None:
        return "Đơn vị cũ đã kết thúc hoạt động."
    return ""


def undo(actor: tuple[int, str], decision_id: int, reason: str, now: datetime) -> tuple[int, list[tuple[str, str]]]:
    """Take a decision back for everybody to whom nothing happened later; returns how many, and (name, why) of the others.

    Raises DomainError where it is undone already, or could be for nobody.
    """
    with transaction() as session:
        row = session.get_one(PersonnelDecision, decision_id)
        if row.undone_at is not None:
            raise DomainError("undone", "Quyết định này đã được hoàn tác.")
        refused, deeds = [], []
        for link, member in _people(session, decision_id):
            why = _refusal(session, row, link, member)
            if why:
                refused.append((member.display_name, why))
                continue
            was = {"status": member.status, "unit_id": member.unit_id}
            _take_back(session, link, member)
            back = {"status": member.status, "unit_id": member.unit_id}
            deeds.append(Deed("undo_decision", ("member", member.id, member.display_name), was, back, reason))
        if not deeds:
            raise DomainError("nobody", "Không hoàn tác được cho ai: với mọi người đều đã có thay đổi sau đó.")
        if not refused:
            row.undone_at = now
        record_many(session, now, actor, deeds)
        return len(deeds), refused


def _take_back(session: Session, link: DecisionMember, member: Member) -> None:
    if link.before["opened"]:
        session.delete(session.get_one(Membership, link.before["opened"]))
        session.flush()
    for number in link.before["closed"]:
        one = session.get(Membership, number)
        if one is not None:
            one.valid_to = None
    member.status, member.unit_id = link.before["status"], link.before["unit_id"]
    session.delete(link)
