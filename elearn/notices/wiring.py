"""What messages offer to others: the count beside the bell, sending in the background, what becomes of a person's rows."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from flask_login import current_user
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from elearn.core import clock, mail
from elearn.core.db import db
from elearn.jobs import hooks as job_hooks
from elearn.jobs.views import start_worker
from elearn.members import hooks as member_hooks
from elearn.members.models import Member
from elearn.notices import queries, services
from elearn.notices.models import Notice, NoticeCopy, NoticeRefusal
from elearn.notices.services import posting, sending

COPIES = member_hooks.Carried(NoticeCopy, "member_id", "Thông báo đã nhận", ("notice_id",))
REFUSALS = member_hooks.Carried(NoticeRefusal, "member_id", "Cách nhận thông báo", ("channel",))
HOT = ("contests", "quizzes")
"""Features whose pages thousands ask for in the same minute: there the bell shows no count, and asks for none."""


def wire(app: Flask) -> None:
    """Fill the hooks of jobs and members, give templates the count, wake a worker where e-mail waits."""
    job_hooks.works.update({"notify": send_bulk, posting.KIND: send_mail})
    member_hooks.add(job_hooks.timers, look_for_mail)
    member_hooks.add(member_hooks.results, COPIES, REFUSALS)
    member_hooks.add(member_hooks.erasers, erase_person)
    member_hooks.add(member_hooks.own_data, own_data)

    @app.context_processor
    def bell() -> dict[str, Any]:
        return {"count_unread": count_unread, "notices_url": url_for("notices.mine")}

    @app.after_request
    def wake(answer: Response) -> Response:
        if db.session.registry.has() and db.session().info.pop(sending.MAIL_WAITS, False) and posting.queue_mail(clock.now()):
            start_worker()
        return answer


def count_unread() -> int:
    """What stands beside the bell; 0, and no question to the database, on pages of sittings."""
    if not current_user.is_authenticated or current_user.is_guest or request.blueprint in HOT:
        return 0
    return queries.count_unread(current_user.member_id)


def look_for_mail(now: datetime) -> None:
    """E-mail that is to be tried again finds a worker."""
    if mail.is_configured() and posting.queue_mail(now):
        start_worker()


def send_bulk(arguments: Any, tell: job_hooks.Tell) -> Any:
    """Send to many in the background; the e-mail is the next job of the same worker."""
    done = services.send_bulk(arguments, tell)
    posting.queue_mail(clock.now())
    return done


def send_mail(_arguments: Any, tell: job_hooks.Tell) -> Any:
    """Send in the background."""
    config = current_app.config["ELEARN"]
    return posting.send_mail(partial(write_letter, config.site_name, config.base_url), clock.now, tell)


def write_letter(site: str, base_url: str, notice: Notice, member: Member, to: str) -> mail.Letter:
    """A message as a letter, in Vietnamese: who it is for, what it says, where to go, how to be left alone."""
    base = base_url.rstrip("/")
    refuse_url = base + "/notices#mail"
    parts = [
        f"Kính gửi: {member.display_name}",
        notice.body or notice.title,
        f"Mở trang: {base}{notice.url}" if notice.url else "",
        f"--\n{site}\nThư gửi tự động. Không muốn nhận thư nữa: {refuse_url}",
    ]
    return mail.Letter(to, notice.title, "\n\n".join(part for part in parts if part) + "\n", refuse_url)


def own_data(member_id: int) -> dict[str, Any]:
    """Messages of a person, for the export of their own data."""
    query = select(Notice, NoticeCopy).join(NoticeCopy, NoticeCopy.notice_id == Notice.id).where(NoticeCopy.member_id == member_id)
    return {
        "notices": [
            {
                "title": notice.title, "body": notice.body, "sent_at": notice.sent_at.isoformat(), "sent_by": notice.sent_by_name,
                "read_at": copy.read_at.isoformat() if copy.read_at else None, "mail": copy.mail_state,
            }
            for notice, copy in db.session.execute(query.order_by(NoticeCopy.id))
        ]
    }  # fmt: skip


def erase_person(session: Session, member_id: int, name: str) -> None:
    """No e-mail goes out any more; what was written to this person alone is blanked, and their name as sender replaced."""
    own = NoticeCopy.member_id == member_id
    session.execute(update(NoticeCopy).where(own, NoticeCopy.mail_state == "waiting").values(mail_state="", mail_next_at=None))
    alone = select(NoticeCopy.notice_id).group_by(NoticeCopy.notice_id).having(func.count() == 1)
    theirs = select(NoticeCopy.notice_id).where(own, NoticeCopy.notice_id.in_(alone))
    session.execute(update(Notice).where(Notice.id.in_(theirs)).values(title=name, body=""))
    session.execute(update(Notice).where(Notice.sent_by_id == member_id).values(sent_by_name=name))
