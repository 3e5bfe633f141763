"""Signing in and out: server-side sessions, throttling in the database."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError
from elearn.members.models import Member, SignInFailure, SignInSession, Totp
from elearn.members.rules.logins import login_key
from elearn.members.services.first_codes import use_code
from elearn.members.services.passwords import hash_password, needs_rehash, verify_password

LOGIN_WINDOW = timedelta(minutes=15)
ADDRESS_WINDOW = timedelta(hours=1)


class SignInRefused(DomainError):
    """Login or password is wrong, or the account is disabled: the answer is the same."""

    status = 401


class TooManyFailures(DomainError):
    """Too many failed sign-ins lately."""

    status = 429


@dataclass(frozen=True)
class Limits:
    """How many failures are allowed, and how long a sign-in lasts."""

    per_login: int
    per_address: int
    session_hours: int


def token_hash(token: str) -> str:
    """What is stored of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def check_throttle(session: Session, login_hash: str, address_hash: str, limits: Limits, now: datetime) -> None:
    """Raise TooManyFailures where the login or the address has failed too often."""
    count = select(func.count()).select_from(SignInFailure)
    by_login = session.scalar(count.where(SignInFailure.login_hash == login_hash, SignInFailure.at > now - LOGIN_WINDOW)) or 0
    by_address = (
        session.scalar(count.where(SignInFailure.address_hash == address_hash, SignInFailure.at > now - ADDRESS_WINDOW)) or 0
    )
    if by_login >= limits.per_login or by_address >= limits.per_address:
        raise TooManyFailures(
            "too_many_failures",
            "Đã thử sai nhiều lần. Hãy chờ %(minutes)s phút rồi thử lại, hoặc nhờ cán bộ đơn vị cấp lại mật khẩu.",
            minutes=15,
        )


@dataclass(frozen=True)
class Passed:
    """Somebody whose password or first code was right; a second factor may still be asked for."""

    member_id: int
    needs_code: bool


def check_password(login: str, password: str, hashes: tuple[str, str, str], limits: Limits, now: datetime) -> Passed:
    """Check login and password, or the code of a slip in its place, and say who it is.

    `hashes` are the keyed hashes of the login, of the address and of the password taken as a code. Raises SignInRefused,
    TooManyFailures or Busy.
    """
    login_hash, address_hash, hashed_code = hashes
    check_throttle(db.session(), login_hash, address_hash, limits, now)
    found = db.session.execute(
        select(Member.id, Member.password_hash, Member.status, Totp.confirmed_at)
        .outerjoin(Totp, Totp.member_id == Member.id)
        .where(Member.login_key == login_key(login))
    ).one_or_none()
    db.session.rollback()  # no read transaction is kept open while the password is hashed
    is_right = verify_password(found.password_hash if found else None, password)
    if not is_right or found is None or found.status != "active":
        with transaction() as session:
            # asked for unknown and disabled people too, under a number that nobody has: the same work, the same time
            if not use_code(session, found.id if found and found.status == "active" else 0, hashed_code, now):
                count_failure(session, login_hash, address_hash, now)
                found = None
        if found is not None:
            return Passed(found.id, found.confirmed_at is not None)
        raise SignInRefused("sign_in_refused", "Tên đăng nhập hoặc mật khẩu không đúng.")
    if needs_rehash(found.password_hash):
        upgraded = hash_password(password)
        with transaction() as session:
            session.execute(update(Member).where(Member.id == found.id).values(password_hash=upgraded))
    return Passed(found.id, found.confirmed_at is not None)


def count_failure(session: Session, login_hash: str, address_hash: str, now: datetime) -> None:
    """Write down a failed try, inside the caller's transaction."""
    session.execute(insert(SignInFailure).values(login_hash=login_hash, address_hash=address_hash, at=now))
    session.execute(delete(SignInFailure).where(SignInFailure.at < now - ADDRESS_WINDOW))


def open_session(member_id: int, login_hash: str, agent: str, limits: Limits, now: datetime) -> str:
    """Sign somebody in who has passed every step: the token of a new session; earlier failures no longer count."""
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        session.execute(delete(SignInFailure).where(SignInFailure.login_hash == login_hash))
        session.execute(
            insert(SignInSession).values(
                token_hash=token_hash(token),
                member_id=member_id,
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(hours=limits.session_hours),
                agent=agent[:200],
            )
        )
    return token


def end_session(stored_hash: str, member_id: int, now: datetime) -> None:
    """Sign out one device of a member; ending an ended one changes nothing."""
    with transaction() as session:
        session.execute(
            update(SignInSession)
            .where(SignInSession.token_hash == stored_hash, SignInSession.member_id == member_id, SignInSession.ended_at.is_(None))
            .values(ended_at=now)
        )


def end_sessions(session: Session, member_id: int, now: datetime, but: str = "") -> None:
    """End every sign-in of a member, inside the caller's transaction; `but` is the hash of one that stays."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.member_id == member_id, SignInSession.ended_at.is_(None), SignInSession.token_hash != but)
        .values(ended_at=now)
    )


def refresh_session(stored_hash: str, session_hours: int, now: datetime) -> None:
    """Note that a session is in use and move its end on."""
    with transaction() as session:
        session.execute(
            update(SignInSession)
            .where(SignInSession.token_hash == stored_hash, SignInSession.ended_at.is_(None))
            .values(last_seen_at=now, expires_at=now + timedelta(hours=session_hours))
        )
