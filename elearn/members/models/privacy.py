"""Tables of consent, of requests about one's own data, and of how long data is kept."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import UtcDateTime
from elearn.members.models.people import Member


class ConsentText(Model):
    """One version of what people are asked to agree to for one purpose; never changed once somebody has answered it."""

    __tablename__ = "consent_texts"
    __table_args__ = (UniqueConstraint("purpose", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40), comment="code of the purpose, e.g. publish_results")
    version: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, comment="what data, what for, by whom, how long, which rights")
    body_en: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="no longer asked")


class Consent(Model):
    """One answer of one person to one text; answers are added, never changed: the last one counts."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_member_id_text_id", "member_id", "text_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    text_id: Mapped[int] = mapped_column(ForeignKey("consent_texts.id"))
    is_given: Mapped[bool] = mapped_column(comment="agreed or refused/withdrawn")
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text_digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the text as it was shown")
    language: Mapped[str] = mapped_column(String(2), comment="language in which it was shown")
    text: Mapped[ConsentText] = relationship()


class RightsRequest(Model):
    """What somebody asks about their own data, with the clocks of the law."""

    __tablename__ = "rights_requests"
    __table_args__ = (
        CheckConstraint("kind IN ('see', 'correct', 'erase', 'restrict', 'object', 'withdraw', 'complain')", name="kind"),
        CheckConstraint("state IN ('open', 'answered', 'done', 'refused', 'withdrawn')", name="state"),
        Index("ix_rights_requests_state", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), comment="see, correct, erase, restrict, object, withdraw or complain")
    body: Mapped[str] = mapped_column(Text, default="", comment="in the person's words")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_due_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="working days from the question, as configured then")
    done_due_at: Mapped[datetime] = mapped_column(
        UtcDateTime, comment="days from the question, as configured then; moved once by an extension"
    )
    state: Mapped[str] = mapped_column(String(10), default="open", comment="open, answered, done, refused or withdrawn")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    extended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="one extension, with its reason")
    extension_reason: Mapped[str] = mapped_column(String(300), default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("members.id"), comment="for an erasure somebody else than who answered"
    )
    member: Mapped[Member] = relationship(foreign_keys=[member_id])


class RetentionPeriod(Model):
    """How long one kind of data is kept, where it differs from the default."""

    __tablename__ = "retention_periods"
    __table_args__ = (CheckConstraint("days IS NULL OR days > 0", name="days"),)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True, comment="key of a kind of data")
    days: Mapped[int | None] = mapped_column(comment="days; NULL keeps it for ever")
    reason: Mapped[str] = mapped_column(String(300), default="")
    set_on: Mapped[date]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
