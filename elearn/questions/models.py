"""Banks and questions. A version never changes once it is written; an edit adds the next one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import Json, UtcDateTime
from elearn.library.models import Document
from elearn.units.models import Unit


class Bank(Model):
    """A collection of questions on one subject, owned by a unit and usable below it."""

    __tablename__ = "banks"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="owner")
    as_of: Mapped[date | None] = mapped_column(comment="day on which the facts held")
    reviewed_on: Mapped[date | None] = mapped_column(comment="day of the second reading")
    unit: Mapped[Unit] = relationship()


class Question(Model):
    """A question through all its versions."""

    __tablename__ = "questions"
    __table_args__ = (
        CheckConstraint("status IN ('in_use', 'retired')", name="status"),
        CheckConstraint("level IN ('nhan_biet', 'thong_hieu', 'van_dung')", name="level"),
        Index("ix_questions_bank_id_status_level", "bank_id", "status", "level"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"))
    code: Mapped[str] = mapped_column(String(80), unique=True)
    topic: Mapped[str] = mapped_column(String(200), default="")
    level: Mapped[str] = mapped_column(String(20), comment="nhan_biet, thong_hieu or van_dung")
    status: Mapped[str] = mapped_column(String(10), default="in_use", comment="only questions in use are drawn")
    version_number: Mapped[int] = mapped_column(comment="number of the version in force")
    search_key: Mapped[str] = mapped_column(Text, default="", comment="folded text and options")
    bank: Mapped[Bank] = relationship()


class QuestionVersion(Model):
    """The words and the key of a question at one time; papers name a version, never a question."""

    __tablename__ = "question_versions"
    __table_args__ = (UniqueConstraint("question_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    number: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of type, text, body, explanation and source")
    type: Mapped[str] = mapped_column(String(30), comment="key of a question type")
    text: Mapped[str] = mapped_column(Text, comment="stem, Markdown")
    body: Mapped[Any] = mapped_column(Json, comment="options and key, as the question type defines them")
    explanation: Mapped[str] = mapped_column(Text, default="", comment="shown with the result, Markdown")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), comment="source")
    clause: Mapped[str] = mapped_column(String(120), default="", comment="place in the source, e.g. Điều 3")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    document: Mapped[Document | None] = relationship()
    question: Mapped[Question] = relationship()
