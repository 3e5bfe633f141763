"""Which files may be handed in: Word and PDF that are what their names say and came in whole."""

from __future__ import annotations

from elearn.lib.errors import InvalidInput
from elearn.lib.uploads import clean_name, word_or_pdf

LARGEST_FILE = 10 * 1024 * 1024


def check_file(name: str, data: bytes) -> str:
    """The name as it is kept; raises InvalidInput for what is empty, too large, of another kind, cut off, or not what its name says."""
    name = clean_name(name)
    if name.startswith("."):
        raise InvalidInput("file_kind", "Chỉ nhận tệp Word (.docx) hoặc PDF.", field="file")
    if len(data) > LARGEST_FILE:
        raise InvalidInput("file_large", "Tệp lớn quá. Mỗi tệp nhiều nhất 10 MB.", field="file")
    if word_or_pdf(name, data, "file") == "pdf" and b"%%EOF" not in data[-2048:]:
        raise InvalidInput("cut_off", "Tệp %(name)s bị cắt mất phần cuối. Hãy lưu lại rồi tải lên.", field="file", name=name)
    return name
