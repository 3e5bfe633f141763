"""Bytes of a file become questions and doubts, or a refusal in words."""

from __future__ import annotations

import io
import zipfile

from elearn.lib.collector import without_collector
from elearn.lib.errors import InvalidInput
from elearn.questions.rules.exchange import Format, Reading
from elearn.questions.rules.files import FORMATS, UnreadableFile, check_size, finished, recognise
from elearn.questions.rules.staging import Doubt, doubt_of

LARGE_PLAIN, LARGE_UNPACKED, LARGE_PACKED = 150_000, 3_000_000, 5_000_000
"""Bytes of about 300 questions as text, as XML in a zip file with the styles of its program, and of a zip file with pictures: longer files are read in the background."""


def is_large(data: bytes) -> bool:
    """Whether reading may take longer than somebody waits for a page."""
    if not data.startswith(b"PK"):
        return len(data) > LARGE_PLAIN
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            words = sum(entry.file_size for entry in packed.infolist() if entry.filename.endswith(".xml"))
    except zipfile.BadZipFile:
        return False
    return words > LARGE_UNPACKED or len(data) > LARGE_PACKED


def format_of_file(data: bytes, name: str, key: str = "") -> Format:
    """The format of that key, or the one that the file is in. Raises InvalidInput where there is none, or the file is empty or too large."""
    check_size(data)
    if not data.strip():
        raise InvalidInput("empty_file", "Tệp không có nội dung. Hãy chọn lại tệp.", "file", line=1)
    if key:
        if key not in FORMATS:
            raise InvalidInput("unknown_format", "Chưa có định dạng “%(key)s”.", "format", key=key[:40])
        return FORMATS[key]
    form = recognise(FORMATS, name, data)
    if form is None:
        raise InvalidInput("unrecognised", "Không nhận ra định dạng của tệp này. Hãy chọn định dạng rồi đọc lại.", "format", line=1)
    return form


@without_collector()
def read_questions(data: bytes, name: str, key: str = "") -> tuple[Format, Reading]:
    """The format and the questions. Raises InvalidInput, with the reason and where possible the line, where not one can be read."""
    form = format_of_file(data, name, key)
    return form, finished(form.read(data))


def doubts_of_refusal(refusal: InvalidInput) -> list[Doubt]:
    """Everything that speaks against a file which was refused, with lines."""
    if isinstance(refusal, UnreadableFile):
        return [doubt_of(problem) for problem in refusal.problems]
    line = refusal.values.get("line", 0)
    values = {name: value if isinstance(value, int) else str(value) for name, value in refusal.values.items()}
    return [Doubt(line if isinstance(line, int) else 0, "error", refusal.message, values)]
