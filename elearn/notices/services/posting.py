"""E-mail goes out: taken from the box in parts, tried again where it failed, given up in the end.

A part is taken with a lease before it is handed over, so that two workers never send the same; a worker that dies leaves it to the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from elearn.core import mail
from elearn.core.db import db, transaction
from elearn.jobs.hooks import Tell
from elearn.jobs.models import Job
from elearn.jobs.queries import lacks_worker
from elearn.jobs.services import start_job
from elearn.members.models import Member
from elearn.notices.models import Notice, NoticeCopy
from elearn.notices.rules.mailing import next_try

LEASE = timedelta(minutes=10)
KIND = "mail"
_PART = 100
Write = Callable[[Notice, Member, str], mail.Letter]
"""Makes the letter of a message to a person at an address."""


def is_due(now: datetime) -> bool:
    """Whether some e-mail is to go out."""
    due = select(NoticeCopy.id).where(NoticeCopy.mail_state == "waiting", NoticeCopy.mail_next_at <= now).limit(1)
    return db.session.scalar(due) is not None


def queue_mail(now: datetime) -> bool:
    """Queue the sending of what is due, once; True where a worker is to be started for it."""
    if not is_due(now):
        return False
    working = db.session.scalar(select(Job).where(Job.kind == KIND, Job.state.in_(("queued", "running"))).limit(1))
    if working is not None:
        return lacks_worker(working, now)
    start_job(KIND, "Gửi thư điện tử", {}, None, now)
    return True


def send_mail(write: Write, now: Callable[[], datetime], tell: Tell) -> dict[str, int]:
    """Send what is due, part after part; returns {"sent", "failed"}."""
    sent = failed = 0
    while part := _take(now()):
        tell("Đang gửi thư", sent, 0)
        letters = _write_letters(part, write)
        answers = mail.deliver([letter for _, letter in letters])
        faults = [(copy_id, fault) for (copy_id, _), fault in zip(letters, answers, strict=True)]
        _settle(faults, now())
        sent += sum(fault is None for _, fault in faults)
        failed += sum(fault is not None for _, fault in faults)
    return {"sent": sent, "failed": failed}


def _take(now: datetime) -> list[int]:
    with transaction() as session:
        due = select(NoticeCopy.id).where(NoticeCopy.mail_state == "waiting", NoticeCopy.mail_next_at <= now)
        ids = list(
            session.scalars(due.order_by(NoticeCopy.mail_next_at, NoticeCopy.id).limit(_PART).with_for_update(skip_locked=True))
        )
        taken = {"mail_next_at": now + LEASE, "mail_tries": NoticeCopy.mail_tries + 1}
        session.execute(update(NoticeCopy).where(NoticeCopy.id.in_(ids)).values(taken))
    return ids


def _write_letters(ids: list[int], write: Write) -> list[tuple[int, mail.Letter]]:
    """The address is the person's present one; who has none any more, or has left, gets nothing."""
    query = (
        select(NoticeCopy.id, Notice, Member)
        .join(Notice, Notice.id == NoticeCopy.notice_id)
        .join(Member, Member.id == NoticeCopy.member_id)
        .where(NoticeCopy.id.in_(ids), NoticeCopy.mail_state == "waiting")
    )
    found: list[tuple[int, mail.Letter]] = []
    nobody: list[int] = []
    for copy_id, notice, member in db.session.execute(query).all():
        if member.email and member.status == "active":
            found.append((copy_id, write(notice, member, member.email)))
        else:
            nobody.append(copy_id)
    if nobody:
        with transaction() as session:
            session.execute(update(NoticeCopy).where(NoticeCopy.id.in_(nobody)).values(mail_state="", mail_next_at=None))
    return found


def _settle(faults: list[tuple[int, mail.Fault | None]], now: datetime) -> None:
    with transaction() as session:
        gone = [copy_id for copy_id, fault in faults if fault is None]
        done: dict[str, Any] = {"mail_state": "sent", "mail_next_at": None, "mail_error": ""}
        session.execute(update(NoticeCopy).where(NoticeCopy.id.in_(gone)).values(done))
        for copy_id, fault in faults:
            if fault is None:
                continue
            tries = session.scalar(select(NoticeCopy.mail_tries).where(NoticeCopy.id == copy_id)) or 1
            again = next_try(tries, now) if fault.may_pass else None
            after = {"mail_state": "waiting" if again else "failed", "mail_next_at": again, "mail_error": fault.words[:200]}
            session.execute(update(NoticeCopy).where(NoticeCopy.id == copy_id).values(after))
