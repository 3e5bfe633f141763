"""The second factor: codes from an application on the phone, and recovery codes on paper for when it is lost."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import db, transaction
from elearn.core.security import keyed_hash
from elearn.lib.errors import DomainError, InvalidInput
from elearn.members.models import Member, RecoveryCode, Totp
from elearn.members.rules.first_codes import make_code, plain_code
from elearn.members.services.passwords import verify_password
from elearn.members.services.sign_in import Limits, SignInRefused, check_throttle, count_failure, end_sessions

RECOVERY_CODES = 8
STEP_SECONDS = 30
_WRONG = "Mã không đúng hoặc đã dùng rồi. Hãy chờ mã tiếp theo rồi thử lại."


def _recovery_hash(key: str, code: str) -> str:
    # random like first codes: a keyed hash is enough
    return keyed_hash(key, "recovery_code", plain_code(code))


def begin_set_up(member_id: int) -> str:
    """Make a secret that waits for its first code, and return it; one that was begun before is forgotten."""
    secret = pyotp.random_base32()
    with transaction() as session:
        if session.scalar(select(Totp.confirmed_at).where(Totp.member_id == member_id)) is not None:
            raise DomainError("second_factor_on", "Xác thực hai bước đang bật. Muốn đổi điện thoại, hãy tắt rồi bật lại.")
        session.execute(delete(Totp).where(Totp.member_id == member_id))
        session.execute(insert(Totp).values(member_id=member_id, secret=secret, last_step=0))
    return secret


def find_waiting_secret(member_id: int) -> str:
    """The secret that waits for its first code; empty where there is none."""
    return db.session.scalar(select(Totp.secret).where(Totp.member_id == member_id, Totp.confirmed_at.is_(None))) or ""


def address_of(secret: str, login: str, site_name: str) -> str:
    """What the QR code of the set-up page holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=site_name)


def confirm_set_up(actor: tuple[int, str], typed: str, now: datetime, key: str) -> Sequence[str]:
    """Turn the second factor on by its first code; return recovery codes, which cannot be read again. Raises InvalidInput."""
    codes = [make_code(secrets.choice) for _ in range(RECOVERY_CODES)]
    with transaction() as session:
        if not _take_step(session, actor[0], typed, now, is_on=False):
            raise InvalidInput("second_factor_code", _WRONG, field="code")
        session.execute(update(Totp).where(Totp.member_id == actor[0]).values(confirmed_at=now))
        session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == actor[0]))
        rows = [{"member_id": actor[0], "code_hash": _recovery_hash(key, code), "used_at": None} for code in codes]
        session.execute(insert(RecoveryCode), rows)
        record(session, now, actor, "turn_on_second_factor", ("member", *actor))
    return codes


def _take_step(session: Session, member_id: int, typed: str, now: datetime, is_on: bool = True) -> bool:
    state = Totp.confirmed_at.is_not(None) if is_on else Totp.confirmed_at.is_(None)
    secret = session.scalar(select(Totp.secret).where(Totp.member_id == member_id, state))
    code, present = plain_code(typed), int(now.timestamp()) // STEP_SECONDS
    if secret is None or len(code) != 6 or not code.isascii():
        return False
    totp = pyotp.TOTP(secret)
    fitting = [step for step in (present - 1, present, present + 1) if hmac.compare_digest(totp.generate_otp(step), code)]
    if not fitting:
        return False
    # of two requests with one code only the first finds an earlier step
    taken = update(Totp).where(Totp.member_id == member_id, Totp.secret == secret, Totp.last_step < fitting[-1])
    return bool(session.execute(taken.values(last_step=fitting[-1])).rowcount)  # type: ignore[attr-defined]


def _take_recovery(session: Session, member_id: int, typed: str, now: datetime, key: str) -> bool:
    query = update(RecoveryCode).where(
        RecoveryCode.member_id == member_id, RecoveryCode.code_hash == _recovery_hash(key, typed), RecoveryCode.used_at.is_(None)
    )
    return bool(session.execute(query.values(used_at=now)).rowcount)  # type: ignore[attr-defined]


def check_code(member_id: int, typed: str, hashes: tuple[str, str], limits: Limits, now: datetime, key: str) -> None:
    """Take a code of the second factor or a recovery code, once. Raises SignInRefused or TooManyFailures; failures count as at sign-in."""
    check_throttle(db.session(), *hashes, limits, now)
    db.session.rollback()
    with transaction() as session:
        person = session.execute(select(Member.display_name, Member.status).where(Member.id == member_id)).one_or_none()
        is_active = person is not None and person.status == "active"
        is_right = is_active and _take_step(session, member_id, typed, now)
        if not is_right and is_active and _take_recovery(session, member_id, typed, now, key):
            name = person.display_name if person else ""
            record(session, now, (member_id, name), "use_recovery_code", ("member", member_id, name))
            is_right = True
        if not is_right:
            count_failure(session, *hashes, now)
    if not is_right:
        raise SignInRefused("second_factor_code", _WRONG)


def has_second_factor(member_id: int) -> bool:
    """True where it is on."""
    return db.session.scalar(select(Totp.confirmed_at).where(Totp.member_id == member_id)) is not None


def count_recovery_codes(member_id: int) -> int:
    """How many recovery codes are still good."""
    query = select(RecoveryCode.id).where(RecoveryCode.member_id == member_id, RecoveryCode.used_at.is_(None))
    return len(db.session.scalars(query).all())


def turn_off(member: Member, password: str, typed: str, hashes: tuple[str, str], limits: Limits, now: datetime, key: str) -> None:
    """Turn the second factor off by password and code. Raises SignInRefused or TooManyFailures."""
    encoded, actor = member.password_hash, (member.id, member.display_name)
    check_throttle(db.session(), *hashes, limits, now)
    db.session.rollback()
    if not verify_password(encoded, password):
        with transaction() as session:
            count_failure(session, *hashes, now)
        raise SignInRefused("password_wrong", "Mật khẩu hoặc mã không đúng.")
    check_code(actor[0], typed, hashes, limits, now, key)
    with transaction() as session:
        _forget(session, actor[0])
        record(session, now, actor, "turn_off_second_factor", ("member", *actor))


def reset_second_factor(actor: tuple[int, str], member_id: int, reason: str, now: datetime) -> None:
    """Take the second factor off somebody who lost phone and codes; every sign-in of theirs ends."""
    with transaction() as session:
        name = session.get_one(Member, member_id).display_name
        _forget(session, member_id)
        end_sessions(session, member_id, now)
        record(session, now, actor, "reset_second_factor", ("member", member_id, name), reason=reason)


def _forget(session: Session, member_id: int) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member_id))
    session.execute(delete(Totp).where(Totp.member_id == member_id))
