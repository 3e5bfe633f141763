"""Documents and what replaced them; their files and words, volumes that hold them, who has read a bulletin, what they are attached to."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model
from elearn.core.types import UtcDateTime
from elearn.members.models import Member
from elearn.units.models import Unit


class Volume(Model):
    """A book of several documents in order, such as a history of the Party organisation."""

    __tablename__ = "document_volumes"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(400))
    summary: Mapped[str] = mapped_column(String(1000), default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True, comment="owner; read there and below")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    unit: Mapped[Unit] = relationship()


class Document(Model):
    """A resolution, regulation, book, page or bulletin that is cited or read."""

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint("shelf IN ('paper', 'bulletin', 'chapter')", name="shelf"),
        CheckConstraint("superseded_by_id IS NULL OR superseded_by_id <> id", name="other"),
        Index("ix_documents_unit_id_shelf", "unit_id", "shelf"),
        Index("ix_documents_volume_id_place", "volume_id", "place"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True, comment="how content files name it")
    number: Mapped[str] = mapped_column(String(60), default="", comment="number as printed, e.g. 05-CT/TW")
    kind: Mapped[str] = mapped_column(String(40), comment="Chỉ thị, Nghị quyết, Sách …")
    title: Mapped[str] = mapped_column(String(400))
    issuer: Mapped[str] = mapped_column(String(200), default="")
    issued_on: Mapped[date | None] = mapped_column()
    url: Mapped[str] = mapped_column(String(500), default="", comment="where it was read")
    valid_to: Mapped[date | None] = mapped_column(comment="day from which it no longer applies; empty while it does")
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), comment="the document that replaces it")
    checked_on: Mapped[date | None] = mapped_column(comment="day on which the facts were last compared")
    shelf: Mapped[str] = mapped_column(String(10), default="paper", comment="paper, bulletin or chapter (of a volume)")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), comment="owner; empty: from content files, for everybody")
    text: Mapped[str] = mapped_column(Text, default="", comment="typed text as Markdown; that of files is in document_parts")
    published_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="since when learners see it; content files need none"
    )
    read_by: Mapped[date | None] = mapped_column(comment="bulletins: last day on which members should have read it")
    volume_id: Mapped[int | None] = mapped_column(ForeignKey("document_volumes.id"))
    place: Mapped[int] = mapped_column(default=0, comment="order within the volume")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    superseded_by: Mapped[Document | None] = relationship(remote_side=[id])
    unit: Mapped[Unit | None] = relationship()
    volume: Mapped[Volume | None] = relationship()

    @property
    def name(self) -> str:
        """Kind and number, or the title where there is no number."""
        return f"{self.kind} {self.number}" if self.number else self.title


class DocumentFile(Model):
    """An original that was uploaded; its bytes lie among the blobs."""

    __tablename__ = "document_files"
    __table_args__ = (
        CheckConstraint("kind IN ('docx', 'pdf')", name="kind"),
        CheckConstraint("read_state IN ('waiting', 'read', 'empty', 'failed')", name="read_state"),
        UniqueConstraint("document_id", "digest"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    name: Mapped[str] = mapped_column(String(200), comment="as it was called where it came from")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 under which the bytes are kept")
    kind: Mapped[str] = mapped_column(String(4), comment="docx or pdf, by its content")
    size: Mapped[int] = mapped_column(comment="bytes")
    read_state: Mapped[str] = mapped_column(
        String(8), default="waiting", comment="waiting for a worker; read; empty: pictures of words only; failed"
    )
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class DocumentPart(Model):
    """A page or section as it is read and searched. Part 0 of each document holds no text, only what the head says."""

    __tablename__ = "document_parts"
    __table_args__ = (
        UniqueConstraint("document_id", "place"),
        CheckConstraint("form IN ('head', 'markdown', 'plain')", name="form"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("document_files.id"), index=True, comment="empty: typed text")
    place: Mapped[int] = mapped_column(comment="order in the document, from 1; 0 is the head")
    label: Mapped[str] = mapped_column(String(200), default="", comment="heading, or page of the file")
    form: Mapped[str] = mapped_column(String(8), comment="head, markdown or plain (a line a paragraph)")
    text: Mapped[str] = mapped_column(Text)
    search_key: Mapped[str] = mapped_column(Text, comment="folded words of the head and of this part")


class DocumentReceipt(Model):
    """A member said that they have read a bulletin; pressed by themselves, nothing is watched."""

    __tablename__ = "document_receipts"
    __table_args__ = (UniqueConstraint("document_id", "member_id"), Index("ix_document_receipts_member_id", "member_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="unit then")
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    member: Mapped[Member] = relationship()


class DocumentLink(Model):
    """A document attached to something of a feature above: a lesson, a question, a campaign."""

    __tablename__ = "document_links"
    __table_args__ = (UniqueConstraint("origin", "origin_id", "document_id"), Index("ix_document_links_document_id", "document_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    origin: Mapped[str] = mapped_column(String(20), comment="what kind of thing, e.g. campaign")
    origin_id: Mapped[int] = mapped_column(comment="which one; no key, it stands above the library")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    document: Mapped[Document] = relationship()
