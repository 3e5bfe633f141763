"""A person reads their messages, and says whether they want them by e-mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.notices.models import NoticeCopy, NoticeRefusal


def mark_read(member_id: int, copy_id: int, now: datetime) -> None:
    """The person has opened one message; the first time counts."""
    with transaction() as session:
        one = (NoticeCopy.id == copy_id, NoticeCopy.member_id == member_id, NoticeCopy.read_at.is_(None))
        session.execute(update(NoticeCopy).where(*one).values(read_at=now))


def mark_all_read(member_id: int, now: datetime) -> None:
    """The person wants no message to count as unread."""
    with transaction() as session:
        unread = (NoticeCopy.member_id == member_id, NoticeCopy.read_at.is_(None))
        session.execute(update(NoticeCopy).where(*unread).values(read_at=now))


def choose_mail(person: tuple[int, str], wants: bool, now: datetime) -> None:
    """Switch e-mail on or off for oneself; off, what still waits is not sent either."""
    with transaction() as session:
        own = (NoticeRefusal.member_id == person[0], NoticeRefusal.channel == "mail")
        refuses = session.scalar(select(NoticeRefusal.id).where(*own)) is not None
        if wants != refuses:
            return
        if wants:
            session.execute(delete(NoticeRefusal).where(*own))
        else:
            session.add(NoticeRefusal(member_id=person[0], channel="mail", since=now))
            waiting = (NoticeCopy.member_id == person[0], NoticeCopy.mail_state == "waiting")
            session.execute(update(NoticeCopy).where(*waiting).values(mail_state="", mail_next_at=None))
        record(session, now, person, "choose_mail", ("member", *person), after={"mail": wants})
