"""Passwords and the state of accounts."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import update

from elearn.audit.services import record
from elearn.core.db import db, transaction
from elearn.lib.errors import InvalidInput
from elearn.members.models import Member
from elearn.members.rules.first_codes import make_code
from elearn.members.rules.passwords import check_new_password
from elearn.members.services.first_codes import code_hash, drop_code, give_codes, is_used_code
from elearn.members.services.passwords import hash_password, verify_password
from elearn.members.services.sign_in import end_sessions


def change_password(member: Member, current: str, new: str, keep_session: str, now: datetime, key: str) -> None:
    """Set a member's own password; every other sign-in ends. Raises InvalidInput naming the field.

    Until the first own password the code that was used at sign-in counts as the present one.
    """
    encoded, used = member.password_hash, code_hash(key, current)
    if not verify_password(encoded, current) and not is_used_code(db.session(), member.id, used):
        raise InvalidInput("password_wrong", "Mật khẩu hiện tại không đúng.", field="current")
    if current == new:
        raise InvalidInput("password_same", "Mật khẩu mới phải khác mật khẩu hiện tại.", field="password")
    check_new_password(new, (member.login, member.display_name))
    fresh = hash_password(new)
    member_id, name = member.id, member.display_name
    with transaction() as session:
        session.execute(update(Member).where(Member.id == member_id).values(password_hash=fresh, must_change_password=False))
        drop_code(session, member_id)
        end_sessions(session, member_id, now, but=keep_session)
        record(session, now, (member_id, name), "change_password", ("member", member_id, name))


def set_status(actor: tuple[int, str], member_id: int, status: str, reason: str, now: datetime) -> None:
    """Disable or enable an account; disabling ends every sign-in at once."""
    with transaction() as session:
        member = session.get_one(Member, member_id)
        before = member.status
        if before == status:
            return
        member.status = status
        if status == "disabled":
            end_sessions(session, member_id, now)
        record(
            session, now, actor, "set_member_status", ("member", member_id, member.display_name),
            before={"status": before}, after={"status": status}, reason=reason,
        )  # fmt: skip


def reset_password(actor: tuple[int, str], member_id: int, now: datetime, days: int, key: str) -> str:
    """Give a member a code for the next sign-in, to be shown once; the old password and every sign-in end."""
    initial = make_code(secrets.choice)
    with transaction() as session:
        member = session.get_one(Member, member_id)
        name = member.display_name
        give_codes(session, actor[0], {member_id: initial}, now, days, key)
        record(session, now, actor, "reset_password", ("member", member_id, name))
    return initial


def find_own_account(member_id: int) -> Member:
    """The member's own row."""
    return db.session.get_one(Member, member_id)
