"""Roles are given, asked for, approved by a second person and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput, NotFound
from elearn.lib.periods import from_local, local_day
from elearn.members.models import GrantRequest, Member, RoleGrant
from elearn.members.queries import roles as queries
from elearn.members.rules.delegation import HIGHEST, WantedGrant, check_grant
from elearn.members.rules.permissions import Actor, Role, forbidden
from elearn.units.models import Unit
from elearn.units.queries.history import list_served_paths


@dataclass(frozen=True)
class Wish:
    """A grant as somebody wants to give it; the last day is included."""

    member_id: int
    role: Role
    unit_id: int
    first_day: date
    last_day: date | None
    with_catchment: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Outcome:
    """The grant, or the request that now waits for a second person."""

    grant_id: int | None = None
    request_id: int | None = None


def _period(wish: Wish, now: datetime) -> tuple[datetime, datetime | None]:
    if wish.first_day < local_day(now):
        raise InvalidInput("grant_past", "Ngày bắt đầu không được ở trong quá khứ.", field="first_day")
    if wish.last_day is not None and (wish.last_day < wish.first_day or wish.last_day.year > 2200):
        raise InvalidInput("grant_period", "Ngày kết thúc phải sau ngày bắt đầu và chưa qua.", field="last_day")
    if wish.first_day.year > 2200:
        raise InvalidInput("grant_far", "Ngày bắt đầu xa quá.", field="first_day")
    start = max(now, from_local(datetime.combine(wish.first_day, time())))
    if wish.last_day is None:
        return start, None
    return start, from_local(datetime.combine(wish.last_day + timedelta(days=1), time()))


def _paths(unit: Unit, with_catchment: bool, now: datetime) -> tuple[str, ...]:
    served = list_served_paths({unit.id}, local_day(now)).get(unit.id, []) if with_catchment else []
    return unit.path, *served


def check_wish(actor_id: int, wish: Wish, now: datetime) -> bool:
    """True where a second person must approve. Raises InvalidInput naming the field, DomainError where nobody could approve."""
    unit, member = db.session.get(Unit, wish.unit_id), db.session.get(Member, wish.member_id)
    if member is None:
        raise NotFound()
    if unit is None:
        raise InvalidInput("grant_unit_wider", "Đơn vị này nằm ngoài phạm vi quyền của bạn.", field="unit")
    if unit.valid_to is not None:
        raise InvalidInput("grant_unit_ended", "Đơn vị này đã kết thúc, không giao quyền ở đó được.", field="unit")
    if member.status != "active":
        raise InvalidInput("grant_disabled", "Tài khoản của người này đang bị khoá.", field="member")
    if not wish.reason.strip():
        raise InvalidInput("grant_reason", "Hãy ghi lý do hoặc số quyết định.", field="reason")
    start, end = _period(wish, now)
    held = queries.list_held(actor_id, now)
    wanted = WantedGrant(wish.role, _paths(unit, wish.with_catchment, now), start, end)
    check_grant(held, wanted, actor_id, wish.member_id, now)
    same = select(RoleGrant.id).where(
        RoleGrant.member_id == wish.member_id, RoleGrant.role == wish.role.value, RoleGrant.unit_id == wish.unit_id,
        queries.not_over(start), RoleGrant.with_catchment == wish.with_catchment,
    )  # fmt: skip
    if end is not None:
        same = same.where(RoleGrant.valid_from < end)
    if db.session.scalar(same.limit(1)):
        raise InvalidInput("grant_twice", "Người này đã giữ quyền này ở đơn vị này trong thời gian đó.", field="role")
    if wish.role not in HIGHEST:
        return False
    asked = select(GrantRequest.id).where(
        GrantRequest.member_id == wish.member_id, GrantRequest.role == wish.role.value,
        GrantRequest.unit_id == wish.unit_id, GrantRequest.state == "open",
    )  # fmt: skip
    if db.session.scalar(asked.limit(1)):
        raise DomainError("grant_asked", "Đã có đề nghị giao quyền này cho người này, đang chờ duyệt.")
    if not queries.list_administrators(unit.path, now, (actor_id, wish.member_id)):
        raise DomainError(
            "no_second_administrator",
            "Quyền này cần một quản trị hệ thống thứ hai đồng ý, mà đơn vị này chưa có ai khác. "
            "Hãy nhờ người vận hành máy chủ giao quyền cho quản trị thứ hai bằng lệnh “flask members grant-role”.",
        )
    return True


def _told(one: RoleGrant | GrantRequest) -> dict[str, Any]:
    return {
        "member": one.member_id, "role": one.role, "unit": one.unit_id, "with_catchment": one.with_catchment,
        "from": one.valid_from.isoformat(), "to": one.valid_to.isoformat() if one.valid_to else None,
    }  # fmt: skip


def grant_role(actor: tuple[int, str], wish: Wish, now: datetime) -> Outcome:
    """Give a role, or ask for it where a second person must approve. Raises what `check_wish` raises."""
    with transaction() as session:
        needs_second = check_wish(actor[0], wish, now)
        start, end = _period(wish, now)
        member = session.get_one(Member, wish.member_id)
        values: dict[str, Any] = {
            "member_id": wish.member_id, "role": wish.role.value, "unit_id": wish.unit_id, "valid_from": start, "valid_to": end,
            "with_catchment": wish.with_catchment, "reason": wish.reason.strip()[:200],
        }  # fmt: skip
        one: RoleGrant | GrantRequest
        if needs_second:
            one = GrantRequest(**values, asked_by_id=actor[0], asked_at=now, state="open")
        else:
            one = RoleGrant(**values, granted_by_id=actor[0])
        session.add(one)
        session.flush()
        action = "ask_role" if needs_second else "grant_role"
        subject = ("member", member.id, member.display_name)
        record(session, now, actor, action, subject, after=_told(one), reason=wish.reason)
        return Outcome(request_id=one.id) if needs_second else Outcome(grant_id=one.id)


def grant_by_system(actor: tuple[int | None, str], login_key: str, role: Role, unit_code: str, reason: str, now: datetime) -> int:
    """Give a role from the server's console, where nobody could approve it. Raises InvalidInput for who or what is not there."""
    with transaction() as session:
        member = session.scalar(select(Member).where(Member.login_key == login_key, Member.status == "active"))
        unit = session.scalar(select(Unit).where(Unit.code == unit_code, Unit.valid_to.is_(None)))
        if member is None or unit is None:
            raise InvalidInput("no_such_receiver", "Không có người dùng hoặc đơn vị này.", field="member")
        one = RoleGrant(member_id=member.id, role=role.value, unit_id=unit.id, valid_from=now, reason=reason[:200])
        session.add(one)
        session.flush()
        subject = ("member", member.id, member.display_name)
        record(session, now, actor, "grant_role", subject, after=_told(one), reason=reason)
        return one.id


def _open_request(session: Session, request_id: int) -> GrantRequest:
    one = session.get(GrantRequest, request_id, with_for_update=True)
    if one is None:
        raise NotFound()
    if one.state != "open":
        raise DomainError("request_decided", "Đề nghị này đã được xử lý.")
    return one


def _check_second(actor: tuple[int, str], one: GrantRequest, now: datetime) -> None:
    if actor[0] == one.asked_by_id:
        raise DomainError("four_eyes_asker", "Người đề nghị không tự duyệt được. Cần một quản trị hệ thống khác.")
    if actor[0] == one.member_id:
        raise DomainError("four_eyes_receiver", "Người nhận quyền không tự duyệt cho mình được. Cần một quản trị hệ thống khác.")
    held = queries.list_held(actor[0], now)
    if not any(grant.role is Role.SYSTEM_ADMINISTRATOR and one.unit.path.startswith(grant.unit_path) for grant in held):
        raise forbidden("role.approve")


def approve_request(actor: tuple[int, str], request_id: int, reason: str, now: datetime) -> int:
    """Put a requested grant in force and return its id; what the asker may give is looked at again."""
    with transaction() as session:
        one = _open_request(session, request_id)
        _check_second(actor, one, now)
        start = max(one.valid_from, now)
        wanted = WantedGrant(Role(one.role), _paths(one.unit, one.with_catchment, now), start, one.valid_to)
        check_grant(queries.list_held(one.asked_by_id, now), wanted, one.asked_by_id, one.member_id, now)
        check_grant(queries.list_held(actor[0], now), wanted, actor[0], one.member_id, now)
        if one.member.status != "active" or one.unit.valid_to is not None:
            raise DomainError("request_stale", "Người nhận hoặc đơn vị không còn hoạt động. Hãy từ chối đề nghị này.")
        grant = RoleGrant(
            member_id=one.member_id, role=one.role, unit_id=one.unit_id, valid_from=start, valid_to=one.valid_to,
            with_catchment=one.with_catchment, granted_by_id=one.asked_by_id, reason=one.reason,
        )  # fmt: skip
        session.add(grant)
        one.state, one.decided_by_id, one.decided_at, one.decision_reason = "approved", actor[0], now, reason[:200]
        session.flush()
        subject = ("member", one.member_id, one.member.display_name)
        after = {**_told(grant), "asked_by": one.asked_by_id, "approved_by": actor[0]}
        record(session, now, actor, "approve_role", subject, before={"state": "open"}, after=after, reason=reason or one.reason)
        return grant.id


def refuse_request(actor: tuple[int, str], request_id: int, reason: str, now: datetime) -> None:
    """Refuse a requested grant, with a reason."""
    if not reason.strip():
        raise InvalidInput("refusal_reason", "Hãy ghi lý do từ chối.", field="reason")
    with transaction() as session:
        one = _open_request(session, request_id)
        _check_second(actor, one, now)
        one.state, one.decided_by_id, one.decided_at, one.decision_reason = "refused", actor[0], now, reason[:200]
        subject = ("member", one.member_id, one.member.display_name)
        record(session, now, actor, "refuse_role", subject, before=_told(one), after={"state": "refused"}, reason=reason)


def withdraw_request(actor: tuple[int, str], request_id: int, now: datetime) -> None:
    """Take one's own request back."""
    with transaction() as session:
        one = _open_request(session, request_id)
        if one.asked_by_id != actor[0]:
            raise DomainError("not_asker", "Chỉ người đề nghị mới rút lại được.")
        one.state, one.decided_at = "withdrawn", now
        subject = ("member", one.member_id, one.member.display_name)
        record(session, now, actor, "withdraw_role", subject, before=_told(one), after={"state": "withdrawn"})


def revoke_role(actor: Actor, named: tuple[int, str], grant_id: int, reason: str, with_handed_on: bool, now: datetime) -> int:
    """End a grant at once, with all that was handed on by it where wanted; returns how many ended."""
    if not reason.strip():
        raise InvalidInput("revoke_reason", "Hãy ghi lý do thu quyền.", field="reason")
    with transaction() as session:
        first = queries.access_grant(actor, grant_id)
        if first.valid_to is not None and first.valid_to <= now:
            raise DomainError("grant_over", "Quyền này đã hết hiệu lực.")
        ending = [first, *(queries.list_handed_on(first, now) if with_handed_on else [])]
        for unit in {one.unit for one in ending if one.role == Role.SYSTEM_ADMINISTRATOR and one.unit.parent_id is None}:
            kept = {one.id for one in queries.list_administrators(unit.path, now, most=1000)} - {one.id for one in ending}
            if not kept and any(one.unit_id == unit.id and one.valid_from <= now for one in ending):
                raise DomainError(
                    "last_administrator",
                    "Đây là quản trị hệ thống cuối cùng của đơn vị cao nhất. Hãy giao quyền này cho người khác trước.",
                )
        for one in ending:
            before = _told(one)
            # a grant must last some time: one that has not begun ends as if it had begun just before
            one.valid_from = min(one.valid_from, now - timedelta(seconds=1))
            one.valid_to = one.revoked_at = now
            one.revoked_by_id, one.revoked_reason = named[0], reason.strip()[:200]
            subject = ("member", one.member_id, one.member.display_name)
            record(session, now, named, "revoke_role", subject, before=before, after={"to": now.isoformat()}, reason=reason)
        return len(ending)
