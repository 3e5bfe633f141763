"""Text that was pasted or written by ourselves, as a document: one line is one paragraph."""

from __future__ import annotations

from contextlib import suppress

from elearn.lib.errors import InvalidInput
from elearn.lib.legacy_encodings import TCVN3, VNI, decode
from elearn.lib.repair import cleaned
from elearn.lib.styled import Document, Line, Note
from elearn.questions.rules.exchange import Reading
from elearn.questions.rules.typed import tables
from elearn.questions.rules.typed.reading import read_typed

MAX_BYTES = 30 * 1024 * 1024
MAX_LINES = 300_000
_TOLD = (TCVN3, VNI, "windows-1258")


def document_of(text: str, encoding: str = "") -> Document:
    """The lines of a text; `encoding` is what it was converted from, where that is worth telling. Raises InvalidInput for too many."""
    document = Document(is_source=True)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MAX_LINES:
        raise InvalidInput(
            "too_many_lines",
            "Văn bản có hơn %(limit)s dòng nên không được đọc. Hãy chia thành nhiều tệp.",
            "file",
            limit=MAX_LINES,
            line=MAX_LINES,
        )
    rows: list[tuple[int, str]] = []
    width = 0
    for number, line in enumerate(lines, start=1):
        words = cleaned(line)
        if encoding and not words.isascii():
            document.notes.append(Note(number, encoding))
        cells = words.split("\t")
        if rows and len(cells) == width:
            rows.append((number, words))
            continue
        if rows:
            document.blocks.append(tables.table_of_text(rows))
            rows = []
        if len(cells) > 2 and tables.is_heading_of_rows([cell.strip() for cell in cells]):
            rows, width = [(number, words)], len(cells)
            continue
        for part in words.split("\n"):
            document.blocks.append(Line.plain(part, number))
    if rows:
        document.blocks.append(tables.table_of_text(rows))
    return document


def read_text(text: str) -> Reading:
    """The questions of a typed text."""
    return read_typed(document_of(text))


def read_source(data: bytes) -> Reading:
    """The questions of a text file in whatever encoding. Raises InvalidInput for what is no text."""
    if len(data) > MAX_BYTES:
        raise InvalidInput(
            "file_too_large", "Tệp văn bản lớn hơn 30 MB nên không được đọc. Hãy chia thành nhiều tệp.", "file", line=1
        )
    if not data.strip():
        raise InvalidInput("empty_file", "Tệp không có nội dung. Hãy chọn lại tệp.", "file", line=1)
    decoded = decode(data)
    if "\0" in decoded.text:
        raise InvalidInput(
            "not_text", "Tệp này không phải tệp văn bản thuần. Nếu là tệp Word, hãy chọn định dạng Word (.docx).", "file", line=1
        )
    if decoded.encoding in (TCVN3, VNI):
        # Letters of an old font in a file that is Unicode otherwise: converted line by line, so that the rest stays as it is.
        with suppress(UnicodeDecodeError):
            return read_typed(document_of(data.decode("utf-8-sig")))
    return read_typed(document_of(decoded.text, decoded.encoding if decoded.encoding in _TOLD else ""))
