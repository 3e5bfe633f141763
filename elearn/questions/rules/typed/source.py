"""Text that was pasted or written by ourselves, as a document: one line is one paragraph."""

from __future__ import annotations

from elearn.lib.errors import InvalidInput
from elearn.lib.legacy_encodings import decode
from elearn.lib.repair import repair
from elearn.lib.styled import Document, Line, Note
from elearn.questions.rules.exchange import Reading
from elearn.questions.rules.typed import tables
from elearn.questions.rules.typed.reading import read_typed
from elearn.questions.rules.typed.texts import with_verbatim

MAX_BYTES = 30 * 1024 * 1024
_TOLD = ("tcvn3", "vni", "windows-1258")


def document_of(text: str, encoding: str = "") -> Document:
    """The lines of a text; `encoding` is what it was converted from, where that is worth telling."""
    document = Document(is_source=True)
    rows: list[tuple[int, str]] = []
    width = 0
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        words, kinds = repair(line)
        for kind in kinds:
            document.notes.append(Note(number, kind))
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
            document.blocks.append(Line.plain(with_verbatim(document, part), number))
    if rows:
        document.blocks.append(tables.table_of_text(rows))
    return document


def read_text(text: str) -> Reading:
    """The questions of a typed text."""
    return read_typed(document_of(text))


def read_source(data: bytes) -> Reading:
    """The questions of a text file in whatever encoding. Raises InvalidInput for what is no text."""
    if len(data) > MAX_BYTES:
        raise InvalidInput("file_too_large", "Tệp văn bản lớn hơn 30 MB nên không được đọc. Hãy chia thành nhiều tệp.", "file", line=0)
    if not data.strip():
        raise InvalidInput("empty_file", "Tệp không có nội dung. Hãy chọn lại tệp.", "file", line=0)
    decoded = decode(data)
    if "\0" in decoded.text:
        raise InvalidInput("not_text", "Tệp này không phải tệp văn bản thuần. Nếu là tệp Word, hãy chọn định dạng Word (.docx).", "file", line=0)
    return read_typed(document_of(decoded.text, decoded.encoding if decoded.encoding in _TOLD else ""))
