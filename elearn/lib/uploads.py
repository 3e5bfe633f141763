"""What an uploaded file is, by what is inside, whatever its name says; and the name under which it is kept."""

from __future__ import annotations

import io
import zipfile

from elearn.lib.errors import InvalidInput
from elearn.lib.vietnamese import normalise

LONGEST_NAME = 100
MIMES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_PARTS = 2000


def clean_name(name: str) -> str:
    """The last part of a path in normal form, without signs that cannot be printed, at most 100 characters with its ending kept."""
    last = normalise("".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable()))
    stem, dot, ending = last.rpartition(".")
    return last if len(last) <= LONGEST_NAME else stem[: LONGEST_NAME - len(ending) - 1].rstrip() + dot + ending


def ending_of(name: str) -> str:
    """The ending of a file name, in small letters."""
    return name.rpartition(".")[2].lower()


def word_or_pdf(name: str, data: bytes, field: str) -> str:
    """docx or pdf. Raises InvalidInput, naming the field, for anything else, for macros, and where name and content contradict each other."""

    def refusal(code: str, message: str, **values: object) -> InvalidInput:
        return InvalidInput(code, message, field, name=name[:LONGEST_NAME], **values)

    if not data:
        raise refusal("empty_file", "Tệp %(name)s không có nội dung.")
    parts = _parts(data)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        kind = "pdf"
    elif {"[Content_Types].xml", "word/document.xml"} <= parts:
        kind = "docx"
    elif data.startswith(_OLE):
        raise refusal(
            "old_word", "Tệp %(name)s là Word kiểu cũ hoặc có mật khẩu. Hãy mở bằng Word, lưu thành .docx rồi tải lên lại."
        )
    else:
        raise refusal("other_kind", "Tệp %(name)s không phải Word (.docx) hay PDF. Hãy chọn tệp khác.")
    if ending_of(name) != kind:
        raise refusal(
            "contradiction",
            "Tên tệp %(name)s không đúng với nội dung: bên trong là %(kind)s. Hãy đặt lại đúng tên tệp gốc.",
            kind=kind.upper(),
        )
    if any(part.endswith("vbaProject.bin") for part in parts):
        raise refusal("macros", "Tệp %(name)s có macro nên không được nhận. Hãy lưu thành .docx rồi tải lên lại.")
    return kind


def _parts(data: bytes) -> set[str]:
    """Names inside a zip archive; nothing is unpacked. None for what is no archive, or has more parts than a document."""
    if not data.startswith(b"PK\x03\x04"):
        return set()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {one.filename for one in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
        return set()
    return names if len(names) <= _MOST_PARTS else set()
