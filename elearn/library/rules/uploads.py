"""What an uploaded file is, by its content, whatever its name says."""

from __future__ import annotations

from pathlib import PurePath

from elearn.lib.errors import InvalidInput

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(name: str, data: bytes) -> str:
    """docx or pdf. Raises InvalidInput for anything else, and where name and content contradict each other."""
    ending = PurePath(name).suffix.lower()
    if not data:
        raise _refusal("empty_file", "Tệp %(name)s không có nội dung.", name)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        kind = "pdf"
    elif data[:4] == b"PK\x03\x04" and b"word/document" in data:
        kind = "docx"
    elif data[:8] == _OLE:
        raise _refusal(
            "old_word", "Tệp %(name)s là Word kiểu cũ hoặc có mật khẩu. Hãy mở bằng Word, lưu thành .docx rồi tải lên lại.", name
        )
    else:
        raise _refusal("other_kind", "Tệp %(name)s không phải Word (.docx) hay PDF. Hãy chọn tệp khác.", name)
    if ending != f".{kind}":
        raise _refusal(
            "contradiction",
            "Tên tệp %(name)s không đúng với nội dung: bên trong là %(kind)s. Hãy đặt lại đúng tên tệp gốc.",
            name,
            kind,
        )
    if kind == "docx" and b"word/vbaProject.bin" in data:
        raise _refusal("macros", "Tệp %(name)s có macro nên không được nhận. Hãy lưu thành .docx rồi tải lên lại.", name)
    return kind


def _refusal(code: str, message: str, name: str, kind: str = "") -> InvalidInput:
    return InvalidInput(code, message, "files", name=name[:100], **({"kind": kind.upper()} if kind else {}))
