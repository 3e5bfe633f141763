"""Plain text in the style in which officers type questions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from elearn.lib.legacy_encodings import decode
from elearn.questions.rules.exchange import Draft, Reading
from elearn.questions.rules.typed import WRITES, read_source, refuse_unknown, typed_file

_QUESTION = re.compile(r"^\s*(?:câu(?:\s+hỏi)?|question|bài)\s*\d+\s*[.:)]", re.IGNORECASE | re.MULTILINE)
_NUMBERED = re.compile(r"^\s*\d{1,4}\s*[.)]\s*\S.*(?:\n.*){0,4}\n\s*[(*]*[Aa]\s*[.)/]", re.MULTILINE)
_KEY = re.compile(r"(?:đáp án|đ/a|đa)\s*:", re.IGNORECASE)
_LOOKED_AT = 40_000


class TypedText:
    key = "text"
    name = "Văn bản"
    suffixes = (".txt",)
    mimetype = "text/plain; charset=utf-8"
    writes = WRITES
    examples = (
        "Câu 1: Đại hội I của Đảng họp ở đâu?\nA. Hương Cảng\nB. Ma Cao\nC. Hà Nội\nĐáp án: B\nGiải thích: Họp từ 27 đến 31/3/1935.\nNguồn: Lịch sử Đảng\n".encode(),
        "1. Đảng ra đời năm 1930.\nĐáp án: Đúng\n\n2. Những nghị quyết nào được ban hành năm 2025?\na) 57\tb) 59\tc) 66\td) 68\n\n3. Ai chủ trì hội nghị hợp nhất?\nĐáp án: Nguyễn Ái Quốc\n\nBẢNG ĐÁP ÁN\n1. Đúng\n2. B, C, D\n".encode(),
    )

    def looks_like(self, name: str, data: bytes) -> int:
        """80 where lines begin with "Câu 1:", less for bare numbers with options, little for any other text."""
        if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") or data[:5] in (b"%PDF-", b"{\\rtf") or data.lstrip()[:1] == b"<":
            return 0
        head = decode(data[:_LOOKED_AT] if len(data) > _LOOKED_AT else data).text
        if "\0" in head:
            return 0
        if _QUESTION.search(head):
            return 90 if _KEY.search(head) else 80
        if _NUMBERED.search(head):
            return 60
        return 10 if name.lower().endswith(self.suffixes) else 0

    def read(self, data: bytes) -> Reading:
        """The questions. Raises InvalidInput for what is no text."""
        return read_source(data)

    def write(self, drafts: Sequence[Draft]) -> bytes:
        """The questions in the same style, in UTF-8. Raises InvalidInput for types that the style does not know."""
        refuse_unknown(drafts)
        return ("\n\n".join("\n".join(line.text for line in lines) for lines in typed_file(drafts)) + "\n").encode()


FORMAT = TypedText()
