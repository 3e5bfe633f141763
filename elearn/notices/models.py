"""What was said, to whom, whether it was read and how far its e-mail got."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import BigKey, UtcDateTime
from elearn.members.models import Member

_WAITS = text("mail_state = 'waiting'")
_UNREAD = text("read_at IS NULL")


class Notice(Model):
    """One message, to one person or to many."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_origin_origin_id_sent_at", "origin", "origin_id", "sent_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(String(40), comment="what kind of thing it is about, such as campaign")
    origin_id: Mapped[int] = mapped_column(comment="which one; no key, what sends notices stands above them")
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(String(4000), comment="plain text; an empty line parts paragraphs")
    url: Mapped[str] = mapped_column(String(300), default="", comment="path on this site where one acts; may be empty")
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), comment="empty: sent by the application itself")
    sent_by_name: Mapped[str] = mapped_column(String(120), comment="name then")


class NoticeCopy(Model):
    """A message to one person: whether they read it, and its e-mail, which waits here until it has gone out."""

    __tablename__ = "notice_copies"
    __table_args__ = (
        UniqueConstraint("notice_id", "member_id"),
        CheckConstraint("mail_state IN ('', 'waiting', 'sent', 'failed')", name="mail_state"),
        Index("ix_notice_copies_member_id_id", "member_id", "id"),
        Index("ix_notice_copies_unread", "member_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index("ix_notice_copies_waiting", "mail_next_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when the person first opened it")
    mail_state: Mapped[str] = mapped_column(String(8), default="", comment="empty: none is sent; waiting → sent or failed")
    mail_tries: Mapped[int] = mapped_column(default=0, comment="how often it was handed to the mail server")
    mail_next_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="not to be tried before; while it is being tried, end of the lease"
    )
    mail_error: Mapped[str] = mapped_column(String(200), default="", comment="what the mail server said last")
    notice: Mapped[Notice] = relationship()
    member: Mapped[Member] = relationship()


class NoticeRefusal(Model):
    """A person who does not want one way of being told; without a row, they do."""

    __tablename__ = "notice_refusals"
    __table_args__ = (UniqueConstraint("member_id", "channel"), CheckConstraint("channel IN ('mail')", name="channel"))
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    channel: Mapped[str] = mapped_column(String(10), comment="mail")
    since: Mapped[datetime] = mapped_column(UtcDateTime)
