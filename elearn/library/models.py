"""Documents and what replaced them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.core.db import Model


class Document(Model):
    """A resolution, regulation, book or page that is cited."""

    __tablename__ = "documents"
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
    superseded_by: Mapped[Document | None] = relationship(remote_side=[id])

    @property
    def name(self) -> str:
        """Kind and number, or the title where there is no number."""
        return f"{self.kind} {self.number}" if self.number else self.title
