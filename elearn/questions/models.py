"""Banks and questions. A version never changes once it is written; an edit adds the next one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import Json, Mark, UtcDateTime
from elearn.library.models import Document
from elearn.members.models import Member
from elearn.questions.rules.texts import Rich, rich
from elearn.units.models import Unit


class Bank(Model):
    """A collection of questions on one subject, owned by a unit; where it is lent, units below may draw from it."""

    __tablename__ = "banks"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="owner")
    is_lent: Mapped[bool] = mapped_column(default=True, comment="officers of units below the owner may draw papers from it")
    is_from_files: Mapped[bool] = mapped_column(default=False, comment="kept by content files, not edited on pages")
    as_of: Mapped[date | None] = mapped_column(comment="day on which the facts held")
    reviewed_on: Mapped[date | None] = mapped_column(comment="day of the second reading")
    unit: Mapped[Unit] = relationship()


class Category(Model):
    """A shelf of a bank; shelves stand in each other."""

    __tablename__ = "question_categories"
    __table_args__ = (UniqueConstraint("bank_id", "path"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"))
    path: Mapped[str] = mapped_column(String(400), comment='names from the outermost in, joined by " / "')
    note: Mapped[str] = mapped_column(Text, default="")
    bank: Mapped[Bank] = relationship()

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit(" / ", 1)[-1]


class Question(Model):
    """A question through all its versions."""

    __tablename__ = "questions"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'reviewed', 'in_use', 'retired')", name="status"),
        CheckConstraint("level IN ('', 'nhan_biet', 'thong_hieu', 'van_dung')", name="level"),
        CheckConstraint("reviewed_by_id IS NULL OR author_id IS NULL OR reviewed_by_id <> author_id", name="second_person"),
        Index("ix_questions_bank_id_status_level", "bank_id", "status", "level"),
        # The officers' list walks the first in the order of codes and finds its filters in it.
        Index("ix_questions_listed", "bank_id", "code", "status", "level", "type", "category_id", "author_id"),
        Index("ix_questions_bank_id_topic_code", "bank_id", "topic", "code"),
        Index("ix_questions_category_id", "category_id"),
        Index("ix_questions_import_id", "import_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"))
    code: Mapped[str] = mapped_column(String(80), unique=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("question_categories.id"))
    topic: Mapped[str] = mapped_column(String(200), default="")
    level: Mapped[str] = mapped_column(String(20), default="", comment="nhan_biet, thong_hieu or van_dung; empty: not said")
    status: Mapped[str] = mapped_column(
        String(10), default="in_use", comment="draft → reviewed → in_use → retired; only those in use are drawn"
    )
    version_number: Mapped[int] = mapped_column(comment="number of the version in force")
    type: Mapped[str] = mapped_column(String(30), default="", comment="key of the question type of the version in force")
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("members.id"), comment="who wrote the version in force; empty: from files"
    )
    reviewed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("members.id"), comment="second reader of the version in force, never its author"
    )
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status_note: Mapped[str] = mapped_column(String(400), default="", comment="why it was sent back or retired")
    import_id: Mapped[str | None] = mapped_column(ForeignKey("question_imports.id"), comment="file by which it came")
    search_key: Mapped[str] = mapped_column(
        Text, default="", comment="folded words of code, stem, options and tags, a space between two"
    )
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bank: Mapped[Bank] = relationship()
    category: Mapped[Category | None] = relationship()
    author: Mapped[Member | None] = relationship(foreign_keys=[author_id])
    reviewer: Mapped[Member | None] = relationship(foreign_keys=[reviewed_by_id])
    tags: Mapped[list[QuestionTag]] = relationship(cascade="all, delete-orphan", order_by="QuestionTag.tag")


class QuestionTag(Model):
    """A word by which a question is found and drawn."""

    __tablename__ = "question_tags"
    __table_args__ = (Index("ix_question_tags_tag_key", "tag_key"),)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    tag_key: Mapped[str] = mapped_column(String(80), primary_key=True, comment="folded")
    tag: Mapped[str] = mapped_column(String(80))


class QuestionSketch(Model):
    """Hashes of a few of a question's word triples; questions that share one are compared as possible doubles."""

    __tablename__ = "question_sketches"
    __table_args__ = (Index("ix_question_sketches_question_id", "question_id"),)
    hash: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)


class QuestionFinding(Model):
    """What a linter rule has against the version in force; rules that depend on the day or on other questions are worked out when asked."""

    __tablename__ = "question_findings"
    __table_args__ = (Index("ix_question_findings_rule", "rule"),)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(40), primary_key=True, comment="key of a linter rule")
    details: Mapped[Any] = mapped_column(Json, comment="what fills the places of its words")


class QuestionVersion(Model):
    """The words and the key of a question at one time; papers name a version, never a question."""

    __tablename__ = "question_versions"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        Index("ix_question_versions_document_id", "document_id"),
        Index("ix_question_versions_valid_to", "valid_to"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    number: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of all that makes the version")
    type: Mapped[str] = mapped_column(String(30), comment="key of a question type")
    name: Mapped[str] = mapped_column(String(255), default="", comment="short name for lists; empty: the stem")
    text: Mapped[str] = mapped_column(Text, comment="stem")
    text_format: Mapped[str] = mapped_column(String(10), default="markdown", comment="markdown, html, plain or moodle")
    body: Mapped[Any] = mapped_column(Json, comment="options and key, as the question type defines them")
    explanation: Mapped[str] = mapped_column(Text, default="", comment="shown with the result")
    explanation_format: Mapped[str] = mapped_column(String(10), default="markdown", comment="as text_format")
    default_mark: Mapped[Decimal] = mapped_column(Mark, default=Decimal(1), comment="mark where a paper does not say another")
    files: Mapped[Any] = mapped_column(Json, nullable=True, comment='pictures: {"name in texts": digest of the medium}')
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), comment="source")
    clause: Mapped[str] = mapped_column(String(120), default="", comment="place in the source, e.g. Điều 3")
    source: Mapped[str] = mapped_column(String(400), default="", comment="source in words where it is no document of the library")
    as_of: Mapped[date | None] = mapped_column(comment="day on which its fact held")
    valid_to: Mapped[date | None] = mapped_column(comment="day from which its fact does not hold any more")
    extra: Mapped[Any] = mapped_column(Json, nullable=True, comment="what a file format keeps for its own round trip")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), comment="who wrote it; empty: from files")
    change_note: Mapped[str] = mapped_column(String(400), default="", comment="what was changed and why")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    document: Mapped[Document | None] = relationship()
    question: Mapped[Question] = relationship()
    author: Mapped[Member | None] = relationship()

    @property
    def stem(self) -> Rich:
        """The stem with its format."""
        return rich(self.text, self.text_format)

    @property
    def reason(self) -> Rich:
        """The explanation with its format."""
        return rich(self.explanation, self.explanation_format)


class Medium(Model):
    """A picture of questions; its bytes lie in the data folder under its digest."""

    __tablename__ = "media"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True, comment="SHA-256 of the bytes as kept")
    mimetype: Mapped[str] = mapped_column(String(60))
    size: Mapped[int] = mapped_column(comment="bytes")
    width: Mapped[int] = mapped_column(comment="pixels; 0 where it is no picture")
    height: Mapped[int] = mapped_column(comment="pixels; 0 where it is no picture")
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuestionImport(Model):
    """A file of questions on its way into a bank: read, looked at, mended, applied, perhaps undone."""

    __tablename__ = "question_imports"
    __table_args__ = (
        CheckConstraint(
            "state IN ('reading', 'failed', 'preview', 'applying', 'applied', 'undoing', 'undone', 'dropped')", name="state"
        ),
        Index("ix_question_imports_bank_id", "bank_id"),
    )
    id: Mapped[str] = mapped_column(String(22), primary_key=True, comment="random, as it stands in addresses")
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), comment="who brought it; empty: the command line")
    file_name: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(20), comment="key of a file format")
    state: Mapped[str] = mapped_column(
        String(10), default="preview", comment="(reading → failed or) preview → applying → applied → undoing → undone, or dropped"
    )
    problems: Mapped[Any] = mapped_column(Json, comment="doubts about the file as a whole")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bank: Mapped[Bank] = relationship()


class QuestionImportRow(Model):
    """A question of such a file: as read or mended, its doubts, and what becomes of it."""

    __tablename__ = "question_import_rows"
    __table_args__ = (
        UniqueConstraint("import_id", "place"),
        CheckConstraint("choice IN ('take', 'skip')", name="choice"),
        Index("ix_question_import_rows_double_of_id", "double_of_id"),
        Index("ix_question_import_rows_question_id", "question_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[str] = mapped_column(ForeignKey("question_imports.id"))
    place: Mapped[int] = mapped_column(comment="1, 2, 3 … in the file")
    line: Mapped[int] = mapped_column(comment="where it begins in the file; 0: not known")
    draft: Mapped[Any] = mapped_column(Json, comment="the question as it would be taken")
    problems: Mapped[Any] = mapped_column(Json, comment="its doubts")
    worst: Mapped[str] = mapped_column(String(10), default="", comment="gravest doubt: error, warning, info or empty")
    choice: Mapped[str] = mapped_column(String(5), default="take", comment="take or skip")
    is_mended: Mapped[bool] = mapped_column(default=False, comment="changed in the preview")
    double_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("questions.id"), comment="question of the bank that it resembles most"
    )
    similarity: Mapped[int] = mapped_column(default=0, comment="how much, in thousandths")
    search_key: Mapped[str] = mapped_column(Text, default="", comment="folded words of stem and options")
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), comment="what it became")
