"""Codes for the first sign-in: random, good once, known in plain only to the page or paper on which they are given out."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.core.security import keyed_hash
from elearn.members.models import InitialCode, Member, SignInSession
from elearn.members.rules.first_codes import make_code, plain_code

CHUNK = 500


def code_hash(key: str, code: str) -> str:
    """What is stored of a code."""
    # A code has 59 random bits: nobody finds it by trying, so that a keyed hash is enough. Argon2 would take 22 s for 1,000 people.
    return keyed_hash(key, "initial_code", plain_code(code))


def issue_codes(actor: tuple[int, str], member_ids: Iterable[int], now: datetime, days: int, key: str) -> dict[int, str]:
    """Make a code for each of these people who has never set a password of their own; earlier codes stop working.

    Returns the codes by member; they cannot be read again. Those with a password of their own, and those not active, are left out.
    """
    wanted = sorted(set(member_ids))
    with transaction() as session:
        codes: dict[int, str] = {}
        for start in range(0, len(wanted), CHUNK):
            codes |= _issue(session, actor[0], wanted[start : start + CHUNK], now, days, key)
        if codes:
            record(
                session, now, actor, "issue_first_codes", ("members", "", ""), after={"people": len(codes), "days": days}, concerns=codes
            )  # fmt: skip
    return codes


def _issue(session: Session, actor_id: int, chunk: Sequence[int], now: datetime, days: int, key: str) -> dict[int, str]:
    new = or_(Member.must_change_password.is_(True), Member.password_hash == "")
    query = select(Member.id).where(Member.id.in_(chunk), Member.status == "active", new)
    codes = {number: make_code(secrets.choice) for number in session.scalars(query.order_by(Member.id))}
    give_codes(session, actor_id, codes, now, days, key)
    return codes


def give_codes(session: Session, actor_id: int, codes: dict[int, str], now: datetime, days: int, key: str) -> None:
    """Store codes inside the caller's transaction: what these people had before, passwords and sign-ins alike, ends."""
    if not codes:
        return
    session.execute(delete(InitialCode).where(InitialCode.member_id.in_(codes)))
    session.execute(update(Member).where(Member.id.in_(codes)).values(password_hash="", must_change_password=True))
    session.execute(
        update(SignInSession).where(SignInSession.member_id.in_(codes), SignInSession.ended_at.is_(None)).values(ended_at=now)
    )
    made = {"made_at": now, "made_by_id": actor_id, "expires_at": now + timedelta(days=days), "used_at": None}
    session.execute(
        insert(InitialCode), [{"member_id": number, "code_hash": code_hash(key, code), **made} for number, code in codes.items()]
    )


def use_code(session: Session, member_id: int, hashed: str, now: datetime) -> bool:
    """Take a code once, inside the caller's transaction; False where it is wrong, used or too old."""
    taken = session.execute(
        update(InitialCode)
        .where(
            InitialCode.member_id == member_id,
            InitialCode.code_hash == hashed,
            InitialCode.used_at.is_(None),
            InitialCode.expires_at > now,
        )
        .values(used_at=now)
    ).rowcount  # type: ignore[attr-defined]
    if taken:
        session.execute(update(Member).where(Member.id == member_id).values(must_change_password=True))
    return bool(taken)


def is_used_code(session: Session, member_id: int, hashed: str) -> bool:
    """True where this is the code with which the person signed in: it stands for the present password until the first own one."""
    query = select(InitialCode.code_hash).where(InitialCode.member_id == member_id, InitialCode.used_at.is_not(None))
    return session.scalar(query) == hashed


def drop_code(session: Session, member_id: int) -> None:
    """Forget the code of somebody who now has a password."""
    session.execute(delete(InitialCode).where(InitialCode.member_id == member_id))
