"""Which files may be handed in with an answer, judged by name and first bytes."""

from __future__ import annotations

from elearn.lib.errors import InvalidInput
from elearn.lib.uploads import clean_name

LARGEST_FILE = 10 * 1024 * 1024
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", (b"PK\x03\x04",)),
    "odt": ("application/vnd.oasis.opendocument.text", (b"PK\x03\x04",)),
    "doc": ("application/msword", (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "txt": ("text/plain; charset=utf-8", ()),
}


def check_file(name: str, data: bytes) -> tuple[str, str]:
    """(the name as it is kept, media type); raises InvalidInput bad_file for what is too large, empty, or not of the kind its name says."""
    name = clean_name(name)
    ending = name.rpartition(".")[2].lower()
    if ending not in KINDS or name.startswith("."):
        raise InvalidInput("bad_file", "Chỉ nhận tệp PDF, Word, Excel, PowerPoint, ODT, ảnh JPG hoặc PNG và tệp TXT.", field="file")
    if len(data) > LARGEST_FILE:
        raise InvalidInput("bad_file", "Tệp lớn quá. Mỗi tệp nhiều nhất 10 MB.", field="file")
    mimetype, beginnings = KINDS[ending]
    fits = data.startswith(beginnings) if beginnings else _is_text(data)
    if not data or not fits:
        raise InvalidInput("bad_file", "Nội dung tệp không đúng với tên tệp. Hãy lưu lại tệp rồi tải lên.", field="file")
    return name, mimetype


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False
