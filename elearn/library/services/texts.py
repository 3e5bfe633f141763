"""The words of documents: read out of files and typed text, kept in parts for reading and search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from elearn.core import blobs
from elearn.core.db import db, transaction
from elearn.core.files.portable import count_pages, pages_of_pdf
from elearn.core.files.word import read_document
from elearn.core.files.word.package import Package
from elearn.jobs.hooks import Tell
from elearn.lib.errors import InvalidInput
from elearn.lib.styled import Document as Read
from elearn.lib.styled import Formula, Table
from elearn.lib.vietnamese import fold
from elearn.library.models import Document, DocumentFile, DocumentPart
from elearn.library.rules.parts import Part, cut_lines, cut_markdown, cut_pages

MOST_PAGES = 2_000
PAGES_AT_ONCE = 20
"""A PDF with more pages is read by a worker."""
LETTERHEAD_ROWS = 3
"""A letterhead is a table without lines: in so small a one each line of a cell stands for itself."""


def head_lines(kind: str, data: bytes) -> list[str]:
    """What stands on the first page of a file, with heads and feet of pages: where marks of secrecy are looked for.

    Raises InvalidInput for a file that cannot be read.
    """
    if kind == "pdf":
        first = pages_of_pdf(data, 1)
        return first[0].splitlines() if first else []
    read = read_document(data)
    lines = [text for text, _ in _lines(read)]
    return [*_margins(data), *lines]


def is_long(kind: str, data: bytes) -> bool:
    """Whether reading takes so long that a worker does it."""
    return kind == "pdf" and count_pages(data) > PAGES_AT_ONCE


def read_parts(kind: str, data: bytes) -> list[Part]:
    """The words of a file in parts; empty for pictures of words. Raises InvalidInput."""
    if kind == "pdf":
        return cut_pages(pages_of_pdf(data, MOST_PAGES))
    return cut_lines(_lines(read_document(data)))


def _margins(data: bytes) -> list[str]:
    """Heads and feet of the pages of a Word file: stamps stand there too."""
    package = Package(data)
    lines = []
    for kind, target in package.relations.values():
        tree = package.tree(target) if kind in ("header", "footer") else None
        if tree is not None:
            lines += ["".join(str(one) for one in paragraph.itertext()) for paragraph in tree.iter("{*}p")]
    return lines


def _lines(read: Read) -> Iterator[tuple[str, bool]]:
    for block in read.blocks:
        if isinstance(block, Table) and len(block.rows) <= LETTERHEAD_ROWS:
            yield from ((_plain(read, line.text), False) for row in block.rows for cell in row.cells for line in cell.lines)
        elif isinstance(block, Table):
            for row in block.rows:
                yield " · ".join(filter(None, (_plain(read, cell.words()) for cell in row.cells if not cell.is_continued))), False
        else:
            yield _plain(read, block.text), 0 < block.heading < 4


def _plain(read: Read, text: str) -> str:
    """The text with formulas written out and pictures left out."""
    if not any(letter >= "\U000f0000" for letter in text):
        return text
    out = []
    for letter in text:
        thing = read.object_at(letter)
        if thing is None:
            out.append(letter)
        elif isinstance(thing, Formula):
            out.append(thing.latex)
        elif isinstance(thing, Table):
            out.append(" · ".join(cell.words() for row in thing.rows for cell in row.cells))
    return "".join(out)


def _head_key(document: Document) -> str:
    return fold(f"{document.number} {document.kind} {document.title} {document.issuer}")


def write_head(session: Session, document: Document) -> None:
    """Keep what the head says for search, before any text; where it changed, the keys of all parts change with it."""
    key = _head_key(document)
    parts = session.scalars(select(DocumentPart).where(DocumentPart.document_id == document.id)).all()
    if not any(part.place == 0 for part in parts):
        session.add(DocumentPart(document_id=document.id, place=0, form="head", text="", search_key=key))
    for part in parts:
        fresh = f"{key} {fold(part.label)} {fold(part.text)}".strip()
        if part.search_key != fresh:
            part.search_key = fresh
    session.flush()


def write_typed(session: Session, document: Document) -> None:
    """Put the typed text in parts before those of files, in the place of the earlier one."""
    _replace(session, document, None, "markdown", cut_markdown(document.text))


def write_file(session: Session, document: Document, file_id: int, parts: Sequence[Part]) -> None:
    """Put the words of a file behind all others, in the place of the earlier ones."""
    _replace(session, document, file_id, "plain", parts)


def _replace(session: Session, document: Document, file_id: int | None, form: str, parts: Sequence[Part]) -> None:
    """Exchange the parts of one source, and number all anew: typed text first, then files in the order in which they came."""
    of_document = (DocumentPart.document_id == document.id, DocumentPart.form != "head")
    source = DocumentPart.file_id.is_(None) if file_id is None else DocumentPart.file_id == file_id
    session.execute(delete(DocumentPart).where(*of_document, source))
    others = session.execute(select(DocumentPart.id, DocumentPart.file_id).where(*of_document).order_by(DocumentPart.place)).all()
    before = [part_id for part_id, other in others if file_id is not None and (other or 0) < file_id]
    after = [part_id for part_id, other in others if file_id is None or (other or 0) > file_id]
    # No two parts may have one place, not even in between.
    session.execute(update(DocumentPart).where(*of_document).values(place=-DocumentPart.id))
    for place, part_id in enumerate(before, start=1):
        session.execute(update(DocumentPart).where(DocumentPart.id == part_id).values(place=place))
    for place, part_id in enumerate(after, start=len(before) + len(parts) + 1):
        session.execute(update(DocumentPart).where(DocumentPart.id == part_id).values(place=place))
    key = _head_key(document)
    rows = [
        {
            "document_id": document.id, "file_id": file_id, "place": place, "label": part.label[:200], "form": form, "text": part.text,
            "search_key": f"{key} {fold(part.label)} {fold(part.text)}",
        }
        for place, part in enumerate(parts, start=len(before) + 1)
    ]  # fmt: skip
    if rows:
        session.execute(insert(DocumentPart), rows)


def read_kept(file_id: int, tell: Tell) -> dict[str, int]:
    """A worker reads a file that was kept; safe to run again. Returns {"parts"}."""
    tell("Đang đọc chữ trong tệp")
    one = db.session.get(DocumentFile, file_id)
    if one is None:
        return {"parts": 0}
    kind, digest = one.kind, one.digest
    db.session.rollback()
    try:
        parts = read_parts(kind, blobs.fetch(digest))
        state = "read" if parts else "empty"
    except InvalidInput:
        parts, state = [], "failed"
    with transaction() as session:
        kept = session.get(DocumentFile, file_id)
        if kept is None:
            return {"parts": 0}
        write_file(session, session.get_one(Document, kept.document_id), file_id, parts)
        kept.read_state = state
    return {"parts": len(parts)}
