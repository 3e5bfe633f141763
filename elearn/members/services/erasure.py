"""A person's data is taken away at their wish: two administrators, an anonymous record, results and log that still fit."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import blank_person, record
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError
from elearn.members import hooks
from elearn.members.models import (
    ImportRow,
    InitialCode,
    Member,
    MemberCard,
    MemberMerge,
    MemberSensitive,
    Position,
    RecoveryCode,
    RightsRequest,
    RoleGrant,
    SignInSession,
    Totp,
)
from elearn.members.queries.records import identity_of
from elearn.members.rules.logins import login_key
from elearn.members.rules.people import person_keys

ANONYMOUS = "Người đã xoá dữ liệu"
DAYS_TO_ANSWER, DAYS_TO_DO = 2, 20


def find_asked(member_id: int) -> RightsRequest | None:
    """The erasure that one administrator has asked for and nobody has confirmed yet; None where there is none."""
    return _asked(db.session(), member_id)


def _asked(session: Session, member_id: int) -> RightsRequest | None:
    query = select(RightsRequest).where(
        RightsRequest.member_id == member_id, RightsRequest.kind == "erase", RightsRequest.state == "answered"
    )
    return session.scalar(query.order_by(RightsRequest.id).limit(1))


def ask_erasure(actor: tuple[int, str], member_id: int, reason: str, now: datetime) -> int:
    """First step: one administrator asks; the person's own open request is taken up where there is one. Returns the request's id."""
    with transaction() as session:
        member = session.get_one(Member, member_id)
        _refuse_gone(member)
        if _asked(session, member_id) is not None:
            raise DomainError("asked", "Đã có người đề nghị xoá. Chờ một quản trị hệ thống khác xác nhận.")
        query = select(RightsRequest).where(
            RightsRequest.member_id == member_id, RightsRequest.kind == "erase", RightsRequest.state == "open"
        )
        one = session.scalar(query.order_by(RightsRequest.id).limit(1))
        if one is None:
            one = RightsRequest(
                member_id=member_id, kind="erase", body="", asked_at=now, answer_due_at=now + timedelta(days=DAYS_TO_ANSWER),
                done_due_at=now + timedelta(days=DAYS_TO_DO),
            )  # fmt: skip
            session.add(one)
        one.state, one.answered_at, one.answered_by_id = "answered", now, actor[0]
        session.flush()
        record(session, now, actor, "ask_erasure", ("member", member_id, member.display_name), reason=reason)
        return one.id


def withdraw_erasure(actor: tuple[int, str], member_id: int, now: datetime) -> None:
    """Take back what was asked and not yet confirmed."""
    with transaction() as session:
        one = _asked(session, member_id)
        if one is not None:
            one.state = "withdrawn"
            name = session.get_one(Member, member_id).display_name
            record(session, now, actor, "withdraw_erasure", ("member", member_id, name))


def _refuse_gone(member: Member) -> None:
    if member.status == "erased":
        raise DomainError("erased", "Dữ liệu của người này đã được xoá.")
    if member.status == "merged":
        raise DomainError("merged", "Hồ sơ này đã gộp vào hồ sơ khác; hãy xoá ở hồ sơ còn lại.")


def erase_member(actor: tuple[int, str], member_id: int, now: datetime) -> None:
    """Second step, by another administrator: nothing personal is left, in this record nor in those merged into it.

    Raises DomainError where nobody has asked, or the same person has.
    """
    with transaction() as session:
        member = session.get_one(Member, member_id)
        _refuse_gone(member)
        one = _asked(session, member_id)
        if one is None:
            raise DomainError("not_asked", "Chưa ai đề nghị xoá dữ liệu của người này.")
        if actor[0] in (one.answered_by_id, member_id):
            raise DomainError("four_eyes", "Người xác nhận phải khác người đề nghị và khác người có dữ liệu.")
        for number in identity_of(member_id):
            erase_record(session, number, now)
        one.state, one.done_at, one.done_by_id, one.body, one.answer = "done", now, actor[0], "", ""
        record(session, now, actor, "erase_member", ("member", member_id, ANONYMOUS))


def erase_record(session: Session, member_id: int, now: datetime) -> None:
    """Take everything personal out of one record and of what features hold of it, inside the caller's transaction."""
    member = session.get_one(Member, member_id)
    token = secrets.token_hex(10)
    member.display_name, member.login, member.login_key, member.code = ANONYMOUS, f"x{token}", login_key(f"x{token}"), f"X{token}"
    member.name_key, member.search_key = person_keys(ANONYMOUS, "", "")
    member.birth_date, member.birth_precision, member.sex, member.phone, member.email = None, "", "", "", ""
    member.password_hash, member.must_change_password, member.status = "", False, "erased"
    session.flush()
    for model in (MemberSensitive, MemberCard, Position, InitialCode, Totp, RecoveryCode, SignInSession):
        session.execute(delete(model).where(model.member_id == member_id))  # type: ignore[attr-defined]
    open_grants = (RoleGrant.member_id == member_id, RoleGrant.valid_to.is_(None), RoleGrant.valid_from < now)
    session.execute(update(RoleGrant).where(*open_grants).values(valid_to=now))
    session.execute(
        update(ImportRow)
        .where(ImportRow.member_id == member_id)
        .values(name="", values={}, raw={}, changes=None, before=None, candidates=None, problems=[])
    )
    requests = update(RightsRequest).where(RightsRequest.member_id == member_id)
    session.execute(requests.values(body="", answer="", extension_reason=""))
    session.execute(requests.where(RightsRequest.state.in_(("open", "answered"))).values(state="withdrawn"))
    for one in session.scalars(select(MemberMerge).where((MemberMerge.kept_id == member_id) | (MemberMerge.gone_id == member_id))):
        one.before, one.reason = {**one.before, "filled": {}}, ""
    for eraser in hooks.erasers:
        eraser(session, member_id, ANONYMOUS)
    blank_person(session, member_id)
