"""Sending one message to many, but to nobody oftener than told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, exists, false, func, insert, literal, null, or_, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core import mail
from elearn.core.db import transaction
from elearn.core.types import UtcDateTime
from elearn.jobs.hooks import Tell
from elearn.jobs.services import start_job
from elearn.members.models import Member
from elearn.notices.models import Notice, NoticeCopy, NoticeRefusal
from elearn.notices.rules.texts import check_notice

ActorName = tuple[int | None, str]
MOST_AT_ONCE = 2000
"""Above so many people the message goes out as a job: see `begin_bulk`."""
_CHUNK = 500
MAIL_WAITS = "mail_waits"
"""Mark in `session.info` that e-mail was put into the box: who holds the request wakes a worker when the transaction has ended."""


@dataclass(frozen=True)
class Sent:
    """How many people got the message, and how many had one about the same thing too recently. Who cannot sign in is in neither."""

    sent: int
    held_back: int


def notify(
    session: Session,
    actor: ActorName,
    origin: str,
    origin_id: int,
    members: Sequence[int],
    title: str,
    body: str,
    url: str,
    now: datetime,
    at_most_every: timedelta,
) -> Sent:
    """Send a message about one thing (`origin`, `origin_id`) inside the caller's transaction.

    Whoever got one about the same thing less than `at_most_every` ago is left out. `url` is a path of this site. Raises InvalidInput.
    """
    check_notice(title, body, url)
    _take_turn(session, origin, origin_id)
    notice = _write_notice(session, actor, origin, origin_id, title, body, url, now)
    wanted = list(dict.fromkeys(members))
    sent = held = 0
    for start in range(0, len(wanted), _CHUNK):
        some = _copy_to(session, notice, wanted[start : start + _CHUNK], now, at_most_every)
        sent, held = sent + some.sent, held + some.held_back
    if not sent:
        session.delete(notice)
        session.flush()
        return Sent(0, held)
    session.info[MAIL_WAITS] = mail.is_configured()
    after = {"origin": origin, "origin_id": origin_id, "people": sent, "held_back": held}
    record(session, now, actor, "send_notice", ("notice", notice.id, title), after=after)
    return Sent(sent, held)


def begin_bulk(
    actor: ActorName,
    origin: str,
    origin_id: int,
    members: Sequence[int],
    title: str,
    body: str,
    url: str,
    now: datetime,
    at_most_every: timedelta,
) -> str:
    """Queue a message to very many people and return the job's id; a view starts a worker with `jobs.views.start_worker`.

    The message itself is written at once, so that a job that is run again goes on where it was. Raises InvalidInput.
    """
    check_notice(title, body, url)
    with transaction() as session:
        notice = _write_notice(session, actor, origin, origin_id, title, body, url, now)
        after = {"origin": origin, "origin_id": origin_id, "asked": len(members)}
        record(session, now, actor, "send_notice", ("notice", notice.id, title), after=after)
        notice_id = notice.id
    arguments = {"notice": notice_id, "members": list(dict.fromkeys(members)), "seconds": int(at_most_every.total_seconds())}
    return start_job("notify", title, arguments, actor[0], now)


def send_bulk(arguments: dict[str, Any], tell: Tell) -> dict[str, int]:
    """Send what `begin_bulk` queued, a part a transaction; run again, nobody gets it twice. Returns {"sent", "held_back"}."""
    members, every = arguments["members"], timedelta(seconds=arguments["seconds"])
    held = 0
    for start in range(0, len(members), _CHUNK):
        tell("Đang gửi thông báo", start, len(members))
        with transaction() as session:
            notice = session.get_one(Notice, arguments["notice"])
            _take_turn(session, notice.origin, notice.origin_id)
            held += _copy_to(session, notice, members[start : start + _CHUNK], notice.sent_at, every).held_back
    with transaction() as session:
        notice = session.get_one(Notice, arguments["notice"])
        sent = session.scalar(select(func.count()).where(NoticeCopy.notice_id == notice.id)) or 0
    tell("Đã gửi thông báo", len(members), len(members))
    return {"sent": sent, "held_back": held}


def _take_turn(session: Session, origin: str, origin_id: int) -> None:
    """Two who send about the same thing at once go one after the other; on SQLite all writers do."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{origin}:{origin_id}"))))


def _write_notice(
    session: Session, actor: ActorName, origin: str, origin_id: int, title: str, body: str, url: str, now: datetime
) -> Notice:
    notice = Notice(
        origin=origin, origin_id=origin_id, title=title.strip(), body=body.strip(), url=url, sent_at=now, sent_by_id=actor[0],
        sent_by_name=actor[1][:120],
    )  # fmt: skip
    session.add(notice)
    session.flush()
    return notice


def _copy_to(session: Session, notice: Notice, members: Sequence[int], now: datetime, at_most_every: timedelta) -> Sent:
    """Write the copies of some people with one INSERT … SELECT."""
    had = _had_lately(notice, now - at_most_every)
    active = (Member.id.in_(members), Member.status == "active")
    others = ~exists().where(NoticeCopy.notice_id == notice.id, NoticeCopy.member_id == Member.id)
    held = session.scalar(select(func.count()).select_from(Member).where(*active, had, others)) or 0
    refuses = exists().where(NoticeRefusal.member_id == Member.id, NoticeRefusal.channel == "mail")
    goes = ~or_(Member.email == "", refuses) if mail.is_configured() else false()
    fresh = select(
        literal(notice.id), Member.id, case((goes, "waiting"), else_=""), literal(0),
        case((goes, literal(now, UtcDateTime)), else_=null()), literal(""),
    ).where(*active, ~had, others)  # fmt: skip
    columns = ["notice_id", "member_id", "mail_state", "mail_tries", "mail_next_at", "mail_error"]
    # Asked for: PostgreSQL's driver counts no rows of an INSERT … SELECT otherwise.
    counting = {"preserve_rowcount": True}
    done = session.execute(insert(NoticeCopy).from_select(columns, fresh.order_by(Member.id)), execution_options=counting)
    return Sent(done.rowcount, held)  # type: ignore[attr-defined]


def _had_lately(notice: Notice, since: datetime) -> ColumnElement[bool]:
    """SQL for "the person got another message about the same thing after `since`"."""
    same = (Notice.origin == notice.origin, Notice.origin_id == notice.origin_id, Notice.sent_at > since, Notice.id != notice.id)
    lately = select(Notice.id).where(*same)
    return exists().where(NoticeCopy.member_id == Member.id, NoticeCopy.notice_id.in_(lately))
