"""Officers enter documents: head, text and files, validity and successor, publication. What is marked secret is refused and not kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core import blobs
from elearn.core.db import db, transaction
from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.uploads import word_or_pdf
from elearn.library import hooks
from elearn.library.models import Document, DocumentFile, DocumentLink, DocumentPart, DocumentReceipt, Volume
from elearn.library.rules.parts import Part
from elearn.library.rules.secrecy import find_mark, is_secret_number
from elearn.library.rules.shelves import make_key
from elearn.library.services.texts import head_lines, is_long, read_parts, write_file, write_head, write_typed

Person = tuple[int, str]


@dataclass(frozen=True)
class Entry:
    """What an officer says of a document."""

    unit_id: int
    shelf: str
    number: str
    kind: str
    title: str
    issuer: str
    issued_on: date | None
    url: str = ""
    valid_to: date | None = None
    superseded_by_id: int | None = None
    read_by: date | None = None
    volume_id: int | None = None
    place: int = 0
    text: str = ""


@dataclass(frozen=True)
class Upload:
    """A file as it came; `kind`, `parts` (None: a worker reads it) are found by looking into it."""

    name: str
    data: bytes
    kind: str
    parts: list[Part] | None


def save_document(
    actor: Person, document_id: int | None, entry: Entry, files: Sequence[tuple[str, bytes]], now: datetime
) -> tuple[int, list[int]]:
    """Enter a document, or change one; returns its id, and ids of files that a worker is to read.

    Raises InvalidInput naming the field. Nothing of it is kept where anything in it is marked secret: only that it was refused is recorded.
    """
    try:
        _refuse_secret(entry)
        uploads = [look_into(name, data) for name, data in files]
    except InvalidInput as refusal:
        if refusal.code == "secret":
            with transaction() as session:
                record(session, now, actor, "refuse_secret", ("document", document_id or 0, ""), reason="Tài liệu có dấu hiệu mật")
        raise
    _check(entry, document_id)
    with transaction() as session:
        if document_id is None:
            taken = set(session.scalars(select(Document.key)))
            name = f"{entry.kind} {entry.number}" if entry.number else entry.title
            document = Document(key=make_key(name, entry.issued_on, taken), created_by_id=actor[0])
            before: dict[str, Any] | None = None
        else:
            document = session.get_one(Document, document_id)
            before = _plain(document)
        for field, value in asdict(entry).items():
            setattr(document, field, value)
        session.add(document)
        session.flush()
        write_head(session, document)
        write_typed(session, document)
        waiting = [file_id for upload in uploads if (file_id := _keep(session, document, upload, actor, now)) is not None]
        after = {**_plain(document), "files": [upload.name for upload in uploads]}
        subject = ("document", document.id, document.name)
        record(session, now, actor, "enter_document" if before is None else "change_document", subject, before=before, after=after)
        return document.id, waiting


def look_into(name: str, data: bytes) -> Upload:
    """What a file is and says. Raises InvalidInput where it is not what its name says, cannot be read, or is marked secret."""
    kind = word_or_pdf(name, data, "files")
    try:
        mark = find_mark(head_lines(kind, data))
        if not mark:
            return Upload(name, data, kind, None if is_long(kind, data) else read_parts(kind, data))
    except InvalidInput as refusal:
        raise InvalidInput(refusal.code, refusal.message, "files", **refusal.values) from refusal
    raise InvalidInput(
        "secret",
        "Tệp %(name)s mang dấu mật ở trang đầu: “%(mark)s”. Hệ thống này không nhận tài liệu mật; tệp không được lưu lại.",
        "files", name=name[:100], mark=mark,
    )  # fmt: skip


def _refuse_secret(entry: Entry) -> None:
    if is_secret_number(entry.number):
        raise InvalidInput(
            "secret", "Số %(number)s là số của văn bản mật. Hệ thống này không nhận tài liệu mật; không có gì được lưu lại.", "number", number=entry.number,
        )  # fmt: skip
    for field, lines in (("title", [entry.title]), ("text", entry.text.splitlines())):
        if mark := find_mark(lines):
            raise InvalidInput(
                "secret",
                "Nội dung mang dấu mật: “%(mark)s”. Hệ thống này không nhận tài liệu mật; không có gì được lưu lại.",
                field,
                mark=mark,
            )


def _check(entry: Entry, document_id: int | None) -> None:
    if entry.valid_to and entry.issued_on and entry.valid_to < entry.issued_on:
        raise InvalidInput("validity", "Ngày hết hiệu lực phải sau ngày ban hành.", "valid_to")
    if entry.shelf == "chapter" and entry.volume_id is None:
        raise InvalidInput("no_volume", "Hãy chọn tập sách mà tài liệu này thuộc về.", "volume_id")
    if entry.superseded_by_id is not None:
        seen = {document_id}
        current: int | None = entry.superseded_by_id
        while current is not None:
            if current in seen:
                raise InvalidInput(
                    "circle", "Văn bản thay thế không được là chính nó, hay văn bản mà nó đã thay thế.", "superseded_by_id"
                )
            seen.add(current)
            current = db.session.scalar(select(Document.superseded_by_id).where(Document.id == current))


def _plain(document: Document) -> dict[str, Any]:
    names = (
        "shelf",
        "number",
        "kind",
        "title",
        "issuer",
        "issued_on",
        "valid_to",
        "superseded_by_id",
        "read_by",
        "volume_id",
        "place",
        "unit_id",
    )
    return {name: value.isoformat() if isinstance(value := getattr(document, name), date) else value for name in names}


def _keep(session: Session, document: Document, upload: Upload, actor: Person, now: datetime) -> int | None:
    """Keep a file, once; its id where a worker is to read it."""
    digest = blobs.keep(upload.data)
    same = (DocumentFile.document_id == document.id, DocumentFile.digest == digest)
    if session.scalar(select(DocumentFile.id).where(*same)) is not None:
        return None
    state = "waiting" if upload.parts is None else "read" if upload.parts else "empty"
    file = DocumentFile(
        document_id=document.id, name=upload.name[:200], digest=digest, kind=upload.kind, size=len(upload.data), read_state=state, added_at=now,
        added_by_id=actor[0],
    )  # fmt: skip
    session.add(file)
    session.flush()
    if upload.parts is None:
        return file.id
    write_file(session, document, file.id, upload.parts)
    return None


def drop_file(actor: Person, file_id: int, now: datetime) -> None:
    """Take a file and its words off a document; the bytes are no longer offered."""
    with transaction() as session:
        file = session.get_one(DocumentFile, file_id)
        document = session.get_one(Document, file.document_id)
        session.execute(delete(DocumentPart).where(DocumentPart.file_id == file_id))
        session.delete(file)
        record(session, now, actor, "drop_file", ("document", document.id, document.name), before={"file": file.name})


def publish(actor: Person, document_id: int, now: datetime) -> None:
    """Let learners see a document. Raises DomainError where there is nothing to read."""
    with transaction() as session:
        document = session.get_one(Document, document_id)
        if document.published_at is not None:
            return
        readable = select(func.count()).where(DocumentPart.document_id == document_id, DocumentPart.place > 0)
        files = select(func.count()).where(DocumentFile.document_id == document_id)
        if not session.scalar(readable) and not session.scalar(files) and not document.url:
            raise DomainError("nothing_to_read", "Tài liệu chưa có nội dung. Hãy nhập nội dung hoặc tải tệp lên trước khi công bố.")
        document.published_at = now
        record(session, now, actor, "publish_document", ("document", document_id, document.name))


def withdraw(actor: Person, document_id: int, now: datetime) -> None:
    """Hide a document from learners; who has read it stays written down."""
    with transaction() as session:
        document = session.get_one(Document, document_id)
        if document.published_at is not None:
            document.published_at = None
            record(session, now, actor, "withdraw_document", ("document", document_id, document.name))


def remove(actor: Person, document_id: int, now: datetime) -> None:
    """Delete a draft that nobody has read and nothing is attached to. Raises DomainError otherwise."""
    with transaction() as session:
        document = session.get_one(Document, document_id)
        used = (
            select(DocumentReceipt.id).where(DocumentReceipt.document_id == document_id),
            select(DocumentLink.id).where(DocumentLink.document_id == document_id),
            select(Document.id).where(Document.superseded_by_id == document_id),
        )
        if (
            document.published_at is not None
            or hooks.uses_of(document)
            or any(session.scalar(query.limit(1)) is not None for query in used)
        ):
            raise DomainError(
                "in_use", "Tài liệu đã công bố hoặc đã được dùng thì không xoá được. Hãy thôi công bố, hoặc ghi ngày hết hiệu lực."
            )
        session.execute(delete(DocumentPart).where(DocumentPart.document_id == document_id))
        session.execute(delete(DocumentFile).where(DocumentFile.document_id == document_id))
        record(session, now, actor, "remove_document", ("document", document_id, document.name), before=_plain(document))
        session.delete(document)


def save_volume(actor: Person, volume_id: int | None, unit_id: int, title: str, summary: str, now: datetime) -> int:
    """Make a volume, or change what it says of itself; returns its id."""
    with transaction() as session:
        if volume_id is None:
            volume = Volume(unit_id=unit_id, title=title, summary=summary, created_at=now, created_by_id=actor[0])
            session.add(volume)
        else:
            volume = session.get_one(Volume, volume_id)
            volume.unit_id, volume.title, volume.summary = unit_id, title, summary
        session.flush()
        record(session, now, actor, "save_volume", ("volume", volume.id, title), after={"unit_id": unit_id})
        return volume.id
