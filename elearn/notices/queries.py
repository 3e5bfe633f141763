"""Messages of one person."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from elearn.core.db import db
from elearn.core.pages import Page, page_of
from elearn.lib.errors import NotFound
from elearn.notices.models import Notice, NoticeCopy, NoticeRefusal


def page_of_copies(member_id: int, number: int) -> Page[NoticeCopy]:
    """A person's messages, the latest first."""
    query = select(NoticeCopy).join(Notice).options(contains_eager(NoticeCopy.notice)).where(NoticeCopy.member_id == member_id)
    return page_of(db.session(), query.order_by(NoticeCopy.id.desc()), number)


def access_copy(member_id: int, copy_id: int) -> NoticeCopy:
    """The message, or NotFound where it is somebody else's."""
    copy = db.session.get(NoticeCopy, copy_id)
    if copy is None or copy.member_id != member_id:
        raise NotFound()
    return copy


def count_unread(member_id: int) -> int:
    """Messages that the person has not opened."""
    query = select(func.count()).where(NoticeCopy.member_id == member_id, NoticeCopy.read_at.is_(None))
    return db.session.scalar(query) or 0


def wants_mail(member_id: int) -> bool:
    """Whether the person has not switched e-mail off."""
    refused = select(NoticeRefusal.id).where(NoticeRefusal.member_id == member_id, NoticeRefusal.channel == "mail")
    return db.session.scalar(refused) is None
