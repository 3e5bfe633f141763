"""Which files may be handed in: Word and PDF that are what their names say, judged by what is inside."""

from __future__ import annotations

import io
import zipfile

from elearn.lib.errors import InvalidInput
from elearn.lib.vietnamese import normalise

LARGEST_FILE = 10 * 1024 * 1024
LONGEST_NAME = 100
MIMES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_MOST_PARTS = 2000


def check_file(name: str, data: bytes) -> str:
    """The name as it is kept; raises InvalidInput for what is empty, too large, of another kind, or not what its name says."""
    name = clean_name(name)
    ending = ending_of(name)
    if ending not in MIMES or name.startswith("."):
        raise InvalidInput("file_kind", "Chỉ nhận tệp Word (.docx) hoặc PDF.", field="file")
    if not data:
        raise InvalidInput("file_empty", "Tệp này rỗng. Hãy kiểm tra rồi chọn lại.", field="file")
    if len(data) > LARGEST_FILE:
        raise InvalidInput("file_large", "Tệp lớn quá. Mỗi tệp nhiều nhất 10 MB.", field="file")
    if not (_is_pdf(data) if ending == "pdf" else _is_docx(data)):
        raise InvalidInput(
            "file_content",
            "Nội dung không phải tệp %(ending)s như tên của nó. Hãy mở tệp, lưu lại đúng loại rồi tải lên.",
            field="file", ending=ending.upper(),
        )  # fmt: skip
    return name


def ending_of(name: str) -> str:
    """The ending of a file name, in small letters."""
    return name.rpartition(".")[2].lower()


def clean_name(name: str) -> str:
    """The last part of a path in normal form, without signs that cannot be printed, shortened before its ending."""
    last = normalise("".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable()))
    stem, _, ending = last.rpartition(".")
    return last if len(last) <= LONGEST_NAME else f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip()}.{ending}"


def _is_pdf(data: bytes) -> bool:
    return data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]


def _is_docx(data: bytes) -> bool:
    """A zip archive with the parts that make it a Word document, and no macros; nothing is unpacked."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {one.filename for one in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
        return False
    has_macros = any(name.endswith("vbaProject.bin") for name in names)
    return len(names) <= _MOST_PARTS and {"[Content_Types].xml", "word/document.xml"} <= names and not has_macros
